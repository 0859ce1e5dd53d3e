//! Ends of the process that compiles which are not the plugin's fault, and how they are told. The compiler is a shell that does what a machine may do to it.
#![cfg(all(feature = "shell", unix))]

mod support;

use flatwright_diagnostic::Diagnostic;
use flatwright_plugin_host::child::ChildCompiler;
use flatwright_plugin_host::fault::Fault;
use flatwright_plugin_host::{Cpu, Failure, Host, HostOptions, Limits, Source};

/// What is said of a plugin whose compiler is this script.
fn told(script: &str, limits: &Limits) -> Diagnostic {
    let compiler =
        ChildCompiler { program: "/bin/sh".into(), arguments: vec!["-c".into(), script.into()], cpu: Cpu::NATIVE };
    let host = Host::new(HostOptions { compiler: Box::new(compiler), ..HostOptions::default() });
    let component = support::images_plugin("unreachable", "");
    match host.load(Source::new("p", &component, limits)) {
        Err(Failure::Plugin(diagnostic)) => *diagnostic,
        Err(failure) => panic!("{failure}"),
        Ok(_) => panic!("a shell compiles nothing"),
    }
}

fn text(diagnostic: &Diagnostic) -> String {
    let lines = std::iter::once(&diagnostic.message).chain(&diagnostic.notes).chain(&diagnostic.hints);
    lines.map(String::as_str).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_kill_is_told_with_its_signal_and_no_limit_of_the_plugin() {
    for (signal, name) in [("KILL", "9 (SIGKILL)"), ("TERM", "15 (SIGTERM)")] {
        let diagnostic = told(&format!("kill -{signal} $$"), &Limits::default());
        assert_eq!(diagnostic.code, Fault::COMPILE_KILLED, "{diagnostic:?}");
        let text = text(&diagnostic);
        assert!(text.contains("plugin `p`") && text.contains(name), "{text}");
        assert!(!text.contains("1,536") && !text.contains("compileMemoryMiB"), "{text}");
    }
}

#[test]
fn a_fault_of_the_code_generator_is_no_kill() {
    assert_eq!(told("kill -SEGV $$", &Limits::default()).code, Fault::TOO_LARGE);
}

#[test]
fn processor_time_counts_and_not_the_wall_clock() {
    let limits = Limits { compile_seconds: 1, ..Limits::default() };
    // Three times the limit by the clock, hardly any processor time; then it says why it cannot compile.
    let compiler = ChildCompiler {
        program: "/bin/sh".into(),
        arguments: vec!["-c".into(), "sleep 3; printf 'no code today'; exit 3".into()],
        cpu: Cpu::NATIVE,
    };
    let host = Host::new(HostOptions { compiler: Box::new(compiler), ..HostOptions::default() });
    let component = support::images_plugin("unreachable", "");
    let Err(Failure::Plugin(diagnostic)) = host.load(Source::new("p", &component, &limits)) else { panic!("no code") };
    assert_eq!(diagnostic.code, Fault::NOT_A_COMPONENT, "it was not ended: {diagnostic:?}");
    assert!(text(&diagnostic).contains("no code today"));
}

#[test]
fn a_machine_that_stands_still_is_told_after_ten_times_the_limit() {
    let limits = Limits { compile_seconds: 1, ..Limits::default() };
    let diagnostic = told("exec sleep 60", &limits);
    assert_eq!(diagnostic.code, Fault::COMPILE_STALLED, "{diagnostic:?}");
    let text = text(&diagnostic);
    assert!(text.contains("within 10 s by the clock") && text.contains("limits.compileSeconds`, now 1"), "{text}");
    assert!(!cfg!(target_os = "linux") || text.contains("it got 0 s of processor time, of 1 s"), "{text}");
}
