//! The child's side: limits itself, compiles, answers.
//!
//! Owns: the exit codes, and the limits of the process. Must not: decide what an end means; `verdict` does.

use std::ffi::OsString;
use std::io::{Read, Write};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::compile::{CompileFailure, compile_artifact_for};
use crate::cpu::Cpu;

/// The child's exit codes. Anything else, and any signal, is a crash.
pub(super) const COMPILED: u8 = 0;
pub(super) const INVALID: u8 = 3;
pub(super) const UNAVAILABLE: u8 = 4;

/// Compiles standard input to standard output within limits that it sets itself, and gives the exit code.
///
/// `arguments` are what the parent gave: MiB of address space, seconds of processor time, the processor that the code is for.
pub fn serve(arguments: &[OsString]) -> u8 {
    let Some((memory_mib, seconds, cpu)) = read(arguments) else {
        return say(UNAVAILABLE, b"this subcommand is run by the compiler itself, with two numbers and a processor");
    };
    if let Err(error) = limit(memory_mib, seconds) {
        return say(UNAVAILABLE, format!("failed to limit the compiler process: {error}").as_bytes());
    }
    let mut component = Vec::new();
    if let Err(error) = std::io::stdin().lock().read_to_end(&mut component) {
        return say(UNAVAILABLE, format!("failed to read the component: {error}").as_bytes());
    }
    match compile_artifact_for(&component, cpu) {
        Ok(code) => say(COMPILED, &code),
        Err(CompileFailure::Invalid(reason)) => say(INVALID, reason.as_bytes()),
        Err(failure) => say(UNAVAILABLE, format!("{failure:?}").as_bytes()),
    }
}

fn read(arguments: &[OsString]) -> Option<(u64, u64, Cpu)> {
    let [memory_mib, seconds, cpu] = arguments else { return None };
    let number = |argument: &OsString| argument.to_str()?.parse().ok();
    let cpu = if *cpu == *Cpu::NATIVE.name() { Cpu::NATIVE } else { Cpu::named(cpu.to_str()?)? };
    Some((number(memory_mib)?, number(seconds)?, cpu))
}

fn limit(memory_mib: u64, seconds: u64) -> std::io::Result<()> {
    // A limit that is lower already stays: nobody but root may raise it.
    let lower = |resource, current: u64, most: u64| {
        let most = getrlimit(resource).maximum.map_or(most, |given| given.min(most));
        setrlimit(resource, Rlimit { current: Some(current.min(most)), maximum: Some(most) })
    };
    lower(Resource::As, memory_mib << 20, memory_mib << 20)?;
    lower(Resource::Core, 0, 0)?;
    // All threads together. Where both are the same, the kernel kills without saying why.
    lower(Resource::Cpu, seconds, seconds.saturating_add(1))?;
    Ok(())
}

fn say(code: u8, bytes: &[u8]) -> u8 {
    let mut output = std::io::stdout().lock();
    match output.write_all(bytes).and_then(|()| output.flush()) {
        Ok(()) => code,
        // The parent is gone; nobody will read the code.
        Err(_) => UNAVAILABLE,
    }
}

/// Processor time that a child has taken, where the system tells. It may have ended, if nobody has waited for it yet.
#[expect(clippy::disallowed_methods, reason = "a shell module: this is about a process")]
pub(super) fn processor_seconds_of(child: u32) -> Option<u64> {
    /// `USER_HZ` of Linux on every architecture that there is code for.
    const TICKS: u64 = 100;
    let stat = std::fs::read_to_string(format!("/proc/{child}/stat")).ok()?;
    // The second field is a name in parentheses, which may have blanks in it.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: u64 = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
    Some(ticks / TICKS)
}
