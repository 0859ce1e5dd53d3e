//! Plugins that attack the host. Each must end in exactly one clear diagnostic, within its time, with bounded memory, and leave the host fit for the next.
//!
//! The binary is also the child process that compiles: it runs itself with `compile` as the first argument, as the command line does with its hidden subcommand.

#[path = "../support/mod.rs"]
mod support;

mod bombs;
mod calls;
mod files;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use flatwright_diagnostic::{Code, Diagnostic};
use flatwright_plugin_host::child::{ChildCompiler, serve};
use flatwright_plugin_host::{Cpu, Failure, Host, HostOptions, Limits, Source};
use libtest_mimic::{Arguments, Failed, Trial};

/// No test may push the process beyond this, whatever the plugins ask for.
const MOST_RESIDENT_MIB: u64 = 700;

#[expect(clippy::print_stdout, reason = "the figure is worth seeing")]
fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    if arguments.get(1).is_some_and(|first| first == "compile") {
        return ExitCode::from(serve(&arguments[2..]));
    }
    let trials = files::attacks().into_iter().chain(bombs::attacks()).chain(calls::attacks()).map(Attack::into_trial);
    let conclusion = libtest_mimic::run(&Arguments::from_args(), trials.collect());
    let resident = peak_resident_mib();
    println!("peak resident memory of the host: {resident} MiB, at most {MOST_RESIDENT_MIB}");
    if resident > MOST_RESIDENT_MIB { ExitCode::from(101) } else { conclusion.exit_code() }
}

/// What is tried, and how it must end.
pub(crate) struct Attack {
    name: &'static str,
    component: Box<dyn Fn() -> Vec<u8> + Send>,
    limits: Limits,
    seconds: u64,
    ends: Ends,
}

/// How an attack must end.
pub(crate) enum Ends {
    /// With a diagnostic of one of these codes, whose text contains all of these.
    With(&'static [Code], &'static [&'static str]),
    /// Harmless: the plugin works, and this holds of the text of two calls' outcomes.
    Harmless(fn(&str, &str) -> bool),
}

impl Attack {
    pub(crate) fn new(name: &'static str, ends: Ends, component: impl Fn() -> Vec<u8> + Send + 'static) -> Self {
        Self { name, component: Box::new(component), limits: Limits::default(), seconds: 10, ends }
    }

    pub(crate) fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    pub(crate) fn seconds(mut self, seconds: u64) -> Self {
        self.seconds = seconds;
        self
    }

    fn into_trial(self) -> Trial {
        Trial::test(self.name, move || self.run())
    }

    #[expect(clippy::disallowed_methods, reason = "the time bound is what is tested")]
    fn run(&self) -> Result<(), Failed> {
        let component = (self.component)();
        let begun = Instant::now();
        let outcome = self.call(&component);
        let took = begun.elapsed();
        if took > Duration::from_secs(self.seconds) {
            return Err(format!("took {took:?}, at most {} s", self.seconds).into());
        }
        match (&self.ends, outcome) {
            (Ends::Harmless(holds), Ok((first, second))) if holds(&first, &second) => Ok(()),
            (Ends::Harmless(_), outcome) => Err(format!("not harmless: {outcome:#?}").into()),
            (Ends::With(codes, texts), Err(failure)) => judge(codes, texts, &failure),
            (Ends::With(..), Ok(_)) => Err("the plugin got through".into()),
        }
    }

    /// Loads the plugin and calls it twice.
    fn call(&self, component: &[u8]) -> Result<(String, String), Failure> {
        let program = std::env::current_exe().expect("this binary");
        let compiler = Box::new(ChildCompiler { program, arguments: vec!["compile".into()], cpu: Cpu::NATIVE });
        let host = Host::new(HostOptions { compiler, ..HostOptions::default() });
        let plugin = host.load(Source::new("evil", component, &self.limits))?;
        let session = plugin.session();
        let image = &support::values::images()[0];
        let outcome = || session.customize_image(&support::values::context(), image);
        let first = outcome()?;
        // A broken answer is a finding, not a failure; the attack ends with it all the same.
        if let Some(finding) = first.findings.iter().find(|_| first.value.is_none()) {
            return Err(finding.diagnostic.clone().into());
        }
        Ok((format!("{first:?}"), format!("{:?}", outcome()?)))
    }
}

fn judge(codes: &[Code], texts: &[&str], failure: &Failure) -> Result<(), Failed> {
    let Failure::Plugin(diagnostic) = failure else { return Err(format!("not the plugin's fault: {failure}").into()) };
    if !codes.contains(&diagnostic.code) {
        return Err(format!("expected {codes:?}: {diagnostic:#?}").into());
    }
    let shown = shown(diagnostic);
    for text in ["plugin `evil`"].iter().chain(texts) {
        if !shown.contains(text) {
            return Err(format!("`{text}` is missing:\n{shown}").into());
        }
    }
    if shown.lines().any(|line| line.chars().any(char::is_control)) {
        return Err(format!("control characters got through: {shown:?}").into());
    }
    Ok(())
}

fn shown(diagnostic: &Diagnostic) -> String {
    let lines = [&diagnostic.message].into_iter().chain(&diagnostic.notes).chain(&diagnostic.hints);
    lines.map(String::as_str).collect::<Vec<_>>().join("\n")
}

/// What the kernel counted, or nothing where it does not say.
#[expect(clippy::disallowed_methods, reason = "the memory bound is what is tested")]
fn peak_resident_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse::<u64>().ok()).unwrap_or(0) >> 10
}
