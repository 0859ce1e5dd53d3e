//! What is told when a plugin, or the world around it, fails.
//!
//! Owns: the diagnostics for every limit and every way to crash. Each names the plugin, what it was doing, the limit, and the spec key that raises it.

use std::sync::Arc;

use flatwright_diagnostic::{Diagnostic, Severity};
use wasmtime::{Trap, WasmBacktrace};

use crate::code;
use crate::hook::Hook;
use crate::limits::{Limit, Limits};
use crate::store::State;
use crate::text::{grouped, line, word};

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

/// What a plugin was doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doing {
    Compiling,
    Starting,
    Describing,
    Running(Hook),
}

impl Site {
    pub(crate) fn new(plugin: &Arc<str>, doing: Doing) -> Self {
        Self { plugin: Arc::clone(plugin), doing }
    }

    fn doing(&self) -> String {
        match self.doing {
            Doing::Compiling => "while it was compiled".to_owned(),
            Doing::Starting => "while it started".to_owned(),
            Doing::Describing => "while it described itself".to_owned(),
            Doing::Running(hook) => format!("in hook `{hook}`"),
        }
    }

    /// An error that begins with the plugin and ends with what it was doing.
    pub(crate) fn error(&self, code: flatwright_diagnostic::Code, did: &str) -> Diagnostic {
        Diagnostic::new(code, Severity::Error, format!("plugin `{}` {did} {}", self.plugin, self.doing()))
    }
}

/// A limit was hit. `wanted` says what was asked for, where that is known.
pub(crate) fn limit_hit(site: &Site, limits: &Limits, limit: Limit, wanted: Option<String>) -> Diagnostic {
    let most = limits.value(limit);
    let shown = grouped(most);
    let did = match limit {
        Limit::Fuel => format!("used up its budget of {shown} instructions"),
        Limit::TotalFuel => format!("used up its budget of {shown} instructions for the whole compile"),
        Limit::Memory => format!("exceeded its memory limit of {shown} MiB"),
        Limit::TableElements => format!("exceeded its limit of {shown} table elements"),
        Limit::Answer => format!("gave more than {shown} MiB of data"),
        Limit::Findings => format!("gave more than {shown} findings"),
        Limit::LogLines => format!("logged more than {shown} lines"),
        Limit::LogBytes => format!("logged more than {shown} KiB"),
        Limit::Seconds => format!("ran for more than {shown} s"),
        Limit::CompileMemory => format!("needed more than {shown} MiB of memory"),
        Limit::CompileSeconds => format!("took more than {shown} s"),
    };
    let mut diagnostic = site.error(limit.code(), &did);
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
            let mut diagnostic = site.error(code::STACK_LIMIT, "recursed too deep");
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
        let mut diagnostic = site.error(code::TOO_LARGE, "needs more than the host gives");
        diagnostic.note(reason);
        return diagnostic.into();
    }
    let mut diagnostic = site.error(code::BROKEN_BINDINGS, "gave an answer that cannot be read");
    diagnostic.note(reason).note("its bindings are broken, or its memory is");
    with_log(diagnostic, state).into()
}

fn crashed(error: &wasmtime::Error, trap: Trap, state: &State, site: &Site) -> Diagnostic {
    const FRAMES: usize = 8;
    let mut diagnostic = site.error(code::CRASHED, "crashed");
    diagnostic.note(match trap {
        Trap::UnreachableCodeReached => "it panicked or gave up (`unreachable`)".to_owned(),
        Trap::MemoryOutOfBounds => "it reached outside its memory, perhaps by recursing too deep".to_owned(),
        trap => line(&trap.to_string()),
    });
    let backtrace = error.downcast_ref::<WasmBacktrace>().map_or(&[][..], WasmBacktrace::frames);
    for frame in backtrace.iter().take(FRAMES) {
        let function = frame.func_name().map_or_else(
            || format!("function {}", frame.func_index()),
            |name| word(&format!("{:#}", rustc_demangle::demangle(name))),
        );
        diagnostic.note(format!("in {function}"));
    }
    with_log(diagnostic, state)
}

/// The plugin refused without a finding that says why.
pub(crate) fn refused_silently(site: &Site, state: &State) -> Diagnostic {
    let mut diagnostic = site.error(code::CRASHED, "failed without saying why");
    diagnostic.note(
        "it answered with an error, but with no finding of severity error; an uncaught exception looks like that",
    );
    with_log(diagnostic, state)
}

fn with_log(mut diagnostic: Diagnostic, state: &State) -> Diagnostic {
    const LINES: usize = 5;
    for last in &state.logs[state.logs.len().saturating_sub(LINES)..] {
        diagnostic.note(format!("it logged: {}", last.message));
    }
    diagnostic
}
