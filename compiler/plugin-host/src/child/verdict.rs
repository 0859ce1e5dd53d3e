//! What a child's end means.
//!
//! Owns: telling the plugin's limits, kills from outside and crashes of the code generator apart. Must not: guess: a kill is told as what is known of it.

use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;

use super::served::{COMPILED, INVALID, UNAVAILABLE};
use crate::compile::{CompileFailure, Shortage};

const SIGHUP: i32 = 1;
const SIGINT: i32 = 2;
const SIGQUIT: i32 = 3;
const SIGABRT: i32 = 6;
const SIGKILL: i32 = 9;
const SIGTERM: i32 = 15;
const SIGXCPU: i32 = 24;

/// Signals that somebody sends, and that no error in a program raises.
const SENT: [(i32, &str); 5] =
    [(SIGHUP, "SIGHUP"), (SIGINT, "SIGINT"), (SIGQUIT, "SIGQUIT"), (SIGKILL, "SIGKILL"), (SIGTERM, "SIGTERM")];

/// Judges an end. `kills` is asked after a kill: what the control group lacked, or whether the machine has killed a process for want of memory.
pub(super) fn of(
    status: ExitStatus,
    output: Vec<u8>,
    last_words: &[u8],
    seconds: u64,
    kills: impl FnOnce() -> Result<bool, Shortage>,
) -> Result<Vec<u8>, CompileFailure> {
    const OUT_OF_MEMORY: [&str; 4] =
        ["memory allocation of", "Cannot allocate memory", "out of memory", "Resource temporarily unavailable"];
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let out_of_memory = |text: &str| OUT_OF_MEMORY.iter().any(|mark| text.contains(mark));
    match status.code().and_then(|code| u8::try_from(code).ok()) {
        Some(COMPILED) => return Ok(output),
        Some(INVALID) => return Err(CompileFailure::Invalid(text(&output))),
        // A limit below what the program itself takes leaves nothing to read the component into.
        Some(UNAVAILABLE) if out_of_memory(&text(&output)) => return Err(CompileFailure::Memory),
        Some(UNAVAILABLE) => return Err(CompileFailure::Unavailable(text(&output))),
        _ => {}
    }
    let last_words = text(last_words);
    let sent = SENT.iter().find(|(number, _)| status.signal() == Some(*number));
    match status.signal() {
        _ if out_of_memory(&last_words) => Err(CompileFailure::Memory),
        Some(SIGABRT) if last_words.is_empty() => Err(CompileFailure::Memory),
        Some(SIGXCPU) => Err(CompileFailure::Time { seconds }),
        Some(signal) if sent.is_some() => {
            let name = sent.map_or("", |(_, name)| name);
            match kills() {
                Err(shortage) if signal == SIGKILL => Err(CompileFailure::NoRoom(shortage)),
                machine => {
                    let lacks_memory = signal == SIGKILL && machine == Ok(true);
                    Err(CompileFailure::Killed { signal, name, lacks_memory })
                }
            }
        }
        _ => {
            let last = last_words.lines().last().unwrap_or_default();
            Err(CompileFailure::Crashed(format!("{status}: {last}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn killed(signal: i32, kills: Result<bool, Shortage>) -> CompileFailure {
        of(ExitStatus::from_raw(signal), Vec::new(), b"", 7, || kills).expect_err("it was killed")
    }

    #[test]
    fn a_kill_is_told_as_what_is_known_of_it() {
        let shortage = Shortage { need_mib: 400, limit_mib: 256, was_killed: true };
        assert_eq!(killed(SIGKILL, Err(shortage)), CompileFailure::NoRoom(shortage));
        for (signal, name) in SENT {
            let lacks_memory = signal == SIGKILL;
            assert_eq!(killed(signal, Ok(true)), CompileFailure::Killed { signal, name, lacks_memory });
            assert_eq!(killed(signal, Ok(false)), CompileFailure::Killed { signal, name, lacks_memory: false });
        }
        assert_eq!(killed(SIGXCPU, Ok(true)), CompileFailure::Time { seconds: 7 });
        assert!(matches!(killed(11, Ok(true)), CompileFailure::Crashed(_)), "a fault of the program");
    }
}
