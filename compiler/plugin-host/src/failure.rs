//! What is told when a plugin, or the world around it, fails.
//!
//! Owns: the diagnostics for every limit and every way to crash. Each names the plugin, what it was doing, the limit, and the spec key that raises it.

use std::sync::Arc;

use flatwright_diagnostic::{Diagnostic, Severity};
use wasmtime::{Trap, WasmBacktrace};

use crate::fault::{Bulk, Doing, Fault};
use crate::limits::{Limit, Limits};
use crate::model::log::Level;
use crate::store::{LogLine, State};
use crate::text::{grouped, line, word};
use crate::unavailable;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The plugin is to blame: exit code 1. The caller anchors the diagnostic at the plugin's entry in the spec.
    #[error("{}", .0.message)]
    Plugin(Box<Diagnostic>),
    /// The machine is to blame: exit code 2.
    #[error("failed to {doing}: {reason}")]
    Environment {
        /// What could not be done: `run plugin x`.
        doing: String,
        /// What the system said.
        reason: String,
    },
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Plugin(Box::new(diagnostic))
    }
}

impl From<Box<Diagnostic>> for Failure {
    fn from(diagnostic: Box<Diagnostic>) -> Self {
        Self::Plugin(diagnostic)
    }
}

/// A value, or the one diagnostic that says why the plugin cannot be used.
pub(crate) type Checked<T> = Result<T, Box<Diagnostic>>;

/// Which plugin, doing what.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub(crate) plugin: Arc<str>,
    pub(crate) doing: Doing,
}

impl Site {
    pub(crate) fn new(plugin: &Arc<str>, doing: Doing) -> Self {
        Self { plugin: Arc::clone(plugin), doing }
    }

    /// The plugin's name, for a rule that says what it did.
    pub(crate) fn plugin(&self) -> String {
        self.plugin.to_string()
    }
}

/// The error that says a fault.
pub(crate) fn error(fault: &Fault) -> Diagnostic {
    Diagnostic::of(fault, Severity::Error)
}

/// A limit was hit. `wanted` says what was asked for, where that is known.
pub(crate) fn limit_hit(site: &Site, limits: &Limits, limit: Limit, wanted: Option<String>) -> Diagnostic {
    let most = limits.value(limit);
    let mut diagnostic = error(&passed(limit, site, grouped(most)));
    if let Some(wanted) = wanted {
        diagnostic.note(wanted);
    }
    let is_describing = site.doing == Doing::Describing;
    if most < if is_describing { limit.ceiling_for_describe() } else { limit.ceiling() } {
        let key = limit.key();
        diagnostic.hint(format!("if that is what the plugin needs, raise `spec.plugins[].limits.{key}`, now {most}"));
    } else if is_describing {
        diagnostic.hint("this limit is fixed: a description has nothing to compute");
    }
    diagnostic
}

/// Compiling got hardly any processor time.
pub(crate) fn stalled(site: &Site, limits: &Limits, cpu_seconds: Option<u64>) -> Diagnostic {
    let most = grouped(limits.wall_compile_seconds());
    let mut diagnostic = error(&Fault::CompileStalled { plugin: site.plugin(), most });
    let allowed = limits.compile_seconds;
    if let Some(got) = cpu_seconds {
        diagnostic.note(format!(
            "it got {} s of processor time, of {} s that it may take",
            grouped(got),
            grouped(allowed)
        ));
    }
    diagnostic.hint(format!(
        "give the machine or the container more processor time, or raise `spec.plugins[].limits.compileSeconds`, now {allowed}: ten times that is the limit"
    ));
    diagnostic
}

/// The control group's memory does not suffice; the kernel has killed the process, or would have.
pub(crate) fn no_room(site: &Site, need_mib: u64, limit_mib: u64, was_killed: bool) -> Diagnostic {
    let mut diagnostic =
        error(&Fault::CompileRoom { plugin: site.plugin(), need: grouped(need_mib), limit: grouped(limit_mib) });
    diagnostic.note(if was_killed {
        "the kernel killed the process that compiled it, as the control group counts"
    } else {
        "the process that compiled it was ended before the kernel would have killed one of the control group"
    });
    // A quarter for this program and for what else runs there.
    let enough = grouped((need_mib + need_mib / 4).max(limit_mib + limit_mib / 4));
    diagnostic.hint(format!(
        "give the container {enough} MiB or more, or bring the plugin compiled, in a cache that `flatwright cache warm` fills"
    ));
    diagnostic
}

/// Somebody killed the process that compiles.
pub(crate) fn killed(site: &Site, signal: i32, name: &'static str, lacks_memory: bool) -> Diagnostic {
    let mut diagnostic = error(&Fault::CompileKilled { plugin: site.plugin(), signal, name });
    if lacks_memory {
        diagnostic.note("meanwhile the machine killed a process because it had no memory left");
        diagnostic.hint("give the machine more memory, or compile when less runs on it");
    } else {
        diagnostic.note(
            "no limit of the plugin was reached, and nothing is known of a lack of memory: somebody else ended it",
        );
        diagnostic.hint("run it again; what was compiled is kept");
    }
    diagnostic
}

/// The rule that a limit is.
fn passed(limit: Limit, site: &Site, most: String) -> Fault {
    let (plugin, doing) = (site.plugin(), site.doing);
    match limit {
        Limit::Fuel => Fault::FuelLimit { plugin, doing, most },
        Limit::TotalFuel => Fault::TotalFuelLimit { plugin, doing, most },
        Limit::Memory => Fault::MemoryLimit { plugin, doing, most },
        Limit::TableElements => Fault::TableLimit { plugin, doing, most },
        Limit::Answer => Fault::AnswerLimit { plugin, doing, most },
        Limit::Findings => Fault::FindingsLimit { plugin, doing, most },
        Limit::LogLines => Fault::LogLimit { plugin, doing, most, unit: "lines" },
        Limit::LogBytes => Fault::LogLimit { plugin, doing, most, unit: "KiB" },
        Limit::Seconds => Fault::TimeLimit { plugin, doing, most },
        Limit::CompileMemory => Fault::CompileMemoryLimit { plugin, doing, most },
        Limit::CompileSeconds => Fault::CompileTimeLimit { plugin, doing, most },
    }
}

/// Explains why a call gave no answer. `fuel` is the limit that the call's fuel came from.
pub(crate) fn explain(error: &wasmtime::Error, state: &State, site: &Site, limits: &Limits, fuel: Limit) -> Failure {
    let trap = error.downcast_ref::<Trap>().copied();
    if let Some(limit) = state.log_overflow {
        return with_log(limit_hit(site, limits, limit, None), state).into();
    }
    // A refused growth does not end a call by itself; what the guest makes of it does.
    if let Some(wanted) = state.memory.refused {
        let wanted = format!("it asked for {} MiB", grouped(wanted.div_ceil(1 << 20)));
        return limit_hit(site, limits, Limit::Memory, Some(wanted)).into();
    }
    if let Some(wanted) = state.tables.refused {
        let wanted = format!("it asked for {}", grouped(wanted));
        return limit_hit(site, limits, Limit::TableElements, Some(wanted)).into();
    }
    match trap {
        Some(Trap::OutOfFuel) => with_log(limit_hit(site, limits, fuel, None), state).into(),
        Some(Trap::StackOverflow) => {
            let mut diagnostic = self::error(&Fault::StackLimit { plugin: site.plugin(), doing: site.doing });
            diagnostic.hint("this limit is fixed: make the plugin's recursion a loop");
            with_log(diagnostic, state).into()
        }
        Some(trap) => crashed(error, trap, state, site).into(),
        None => without_trap(error, state, site, limits),
    }
}

/// Errors that the host raised while it started the component or read an answer.
fn without_trap(error: &wasmtime::Error, state: &State, site: &Site, limits: &Limits) -> Failure {
    let reason = line(&format!("{:#}", error.root_cause()));
    // The runtime's own type for what the system says is not public.
    let is_of_the_system = error.chain().any(|cause| cause.is::<std::io::Error>()) || reason.contains("(os error ");
    if is_of_the_system || error.is::<wasmtime::PoolConcurrencyLimitError>() {
        return Failure::Environment { doing: format!("run plugin `{}`", site.plugin), reason };
    }
    // The runtime has no type for this one; the hostile suite notices when its text changes.
    if reason.starts_with("too much data is being copied") {
        return limit_hit(site, limits, Limit::Answer, None).into();
    }
    if site.doing == Doing::Starting {
        let mut diagnostic = self::error(&Fault::TooLarge { plugin: site.plugin(), what: Bulk::Needs(site.doing) });
        diagnostic.note(reason);
        return diagnostic.into();
    }
    let mut diagnostic = self::error(&Fault::BrokenBindings { plugin: site.plugin(), doing: site.doing });
    diagnostic.note(reason).note("its bindings are broken, or its memory is");
    with_log(diagnostic, state).into()
}

fn crashed(error: &wasmtime::Error, trap: Trap, state: &State, site: &Site) -> Diagnostic {
    const FRAMES: usize = 8;
    let mut diagnostic = self::error(&Fault::Crashed { plugin: site.plugin(), doing: site.doing, is_silent: false });
    let (logs, last) = last_words(state);
    if let Some(Words::Raised(raised)) = &last {
        // The interpreter's own functions say nothing to the author.
        raised.tell(&mut diagnostic);
        logged(&mut diagnostic, logs);
        return diagnostic;
    }
    let backtrace = error.downcast_ref::<WasmBacktrace>().map_or(&[][..], WasmBacktrace::frames);
    let named = || backtrace.iter().filter_map(|frame| frame.func_name());
    let wanted = unavailable::wanted(named());
    diagnostic.note(match (&last, wanted, trap) {
        (Some(Words::Panicked { words, place }), ..) => format!("it panicked: {words} ({place})"),
        (_, Some(wanted), _) => wanted.fact.to_owned(),
        (_, _, Trap::UnreachableCodeReached) => "it panicked or gave up (`unreachable`)".to_owned(),
        (_, _, Trap::MemoryOutOfBounds) => "it reached outside its memory, perhaps by recursing too deep".to_owned(),
        (_, _, trap) => line(&trap.to_string()),
    });
    logged(&mut diagnostic, logs);
    if let Some(wanted) = wanted.filter(|_| last.is_none()) {
        diagnostic.hint(wanted.hint);
    }
    let functions = named().map(|name| format!("{:#}", rustc_demangle::demangle(name)));
    for function in functions.filter(|name| !is_of_the_runtime(name)).take(FRAMES) {
        diagnostic.note(format!("in {}", word(&function)));
    }
    if last.is_none() && backtrace.iter().all(|frame| frame.func_name().is_none()) {
        diagnostic.note(
            "where is not known: the component has no names of functions; `flatwright plugin build --debug` keeps them",
        );
    }
    diagnostic
}

/// What the last line of a log tells, and the lines before it.
fn last_words(state: &State) -> (&[LogLine], Option<Words<'_>>) {
    match state.logs.split_last().and_then(|(last, logs)| Some((logs, Words::of(last)?))) {
        Some((logs, words)) => (logs, Some(words)),
        None => (&state.logs, None),
    }
}

/// The last line of a log that tells why the call ends.
enum Words<'l> {
    /// A panic, as the SDK writes it.
    Panicked {
        words: &'l str,
        /// File, line and column.
        place: &'l str,
    },
    /// An exception, as what `plugin build` puts around other languages writes it.
    Raised(Raised<'l>),
}

struct Raised<'l> {
    words: &'l str,
    /// File and line.
    place: &'l str,
    /// How the call came there, innermost first.
    way: Vec<&'l str>,
}

impl<'l> Words<'l> {
    fn of(last: &'l LogLine) -> Option<Self> {
        if last.level != Level::Error {
            return None;
        }
        // Line breaks are escaped in log lines.
        let line: &str = &last.message;
        if let Some((place, words)) = line.strip_prefix("panicked at ").and_then(|rest| rest.split_once(":\\n")) {
            return Some(Self::Panicked { words, place });
        }
        let (place, rest) = line.strip_prefix("raised at ")?.split_once(":\\n")?;
        let mut lines = rest.split("\\n");
        let words = lines.next().unwrap_or_default();
        Some(Self::Raised(Raised { words, place, way: lines.collect() }))
    }
}

impl Raised<'_> {
    fn tell(&self, diagnostic: &mut Diagnostic) {
        diagnostic.note(format!("it raised {} ({})", self.words, self.place));
        for step in &self.way {
            diagnostic.note(*step);
        }
    }
}

/// Functions of languages' libraries and of bindings: nothing that the author wrote.
fn is_of_the_runtime(function: &str) -> bool {
    const ROOMS: [&str; 9] = [
        "std::",
        "core::",
        "alloc::",
        "__rust",
        "rust_begin_unwind",
        "cabi_",
        "__wasm",
        "wit_bindgen",
        "flatwright_plugin::",
    ];
    let own = function.trim_start_matches(['<', '&']);
    ROOMS.iter().any(|room| own.starts_with(room))
}

/// The plugin refused without a finding that says why.
pub(crate) fn refused_silently(site: &Site, state: &State) -> Diagnostic {
    if let (logs, Some(Words::Raised(raised))) = last_words(state) {
        let mut diagnostic = error(&Fault::Crashed { plugin: site.plugin(), doing: site.doing, is_silent: false });
        raised.tell(&mut diagnostic);
        logged(&mut diagnostic, logs);
        return diagnostic;
    }
    let mut diagnostic = error(&Fault::Crashed { plugin: site.plugin(), doing: site.doing, is_silent: true });
    diagnostic.note(
        "it answered with an error, but with no finding of severity error; an uncaught exception looks like that",
    );
    with_log(diagnostic, state)
}

fn with_log(mut diagnostic: Diagnostic, state: &State) -> Diagnostic {
    logged(&mut diagnostic, &state.logs);
    diagnostic
}

fn logged(diagnostic: &mut Diagnostic, logs: &[LogLine]) {
    const LINES: usize = 5;
    for last in &logs[logs.len().saturating_sub(LINES)..] {
        diagnostic.note(format!("it logged: {}", last.message));
    }
}
