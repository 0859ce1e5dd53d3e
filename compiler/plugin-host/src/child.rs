//! Compiling in a child process that may die.
//!
//! Owns: both sides of a small protocol: the component goes to the child's standard input, the code or the reason comes from its standard output. The child limits its own
//! address space and processor time before it reads a byte; the parent ends it after the wall-clock limit. Whatever a component makes of the code generator, the
//! parent gets a [`CompileFailure`].
//! Must not: be used below the shell. It is here because it belongs to the compiler it contains; a command line adds a hidden subcommand that calls [`serve`].

use std::ffi::OsString;
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::compile::{CompileFailure, Compiler, compile_artifact};
use crate::limits::Limits;

/// The child's exit codes. Anything else, and any signal, is a crash.
const COMPILED: u8 = 0;
const INVALID: u8 = 3;
const UNAVAILABLE: u8 = 4;

/// Threads of the code generator. More would need more address space each, whatever the machine.
const THREADS: &str = "4";
/// Places that glibc allocates from, one for each thread and the first: threads that share one wait for each other half of their time. It reserves 64 MiB of
/// address space for each, which counts, so there are not as many as it would make by itself.
const ARENAS: &str = "5";
/// The last words of a child that are kept.
const MOST_LAST_WORDS: u64 = 16 << 10;
const SIGKILL: i32 = 9;
const SIGABRT: i32 = 6;
const SIGXCPU: i32 = 24;

/// Compiles by running a program, which must call [`serve`] with the two numbers that it gets after `arguments`.
#[derive(Clone, Debug)]
pub struct ChildCompiler {
    /// The program: usually the running one.
    pub program: PathBuf,
    /// Its hidden subcommand.
    pub arguments: Vec<OsString>,
}

impl Compiler for ChildCompiler {
    fn compile(&self, component: &[u8], limits: &Limits) -> Result<Vec<u8>, CompileFailure> {
        let mut child = self.spawn(limits).map_err(|error| {
            CompileFailure::Unavailable(format!("failed to run `{}`: {error}", self.program.display()))
        })?;
        std::thread::scope(|scope| {
            let mut input = child.stdin.take().expect("invariant: piped");
            // A child that dies early closes the pipe; why it died is told by its exit.
            scope.spawn(move || drop(input.write_all(component)));
            let output = gather(child.stdout.take().expect("invariant: piped"), u64::MAX);
            let last_words = gather(child.stderr.take().expect("invariant: piped"), MOST_LAST_WORDS);
            let output = match output.recv_timeout(Duration::from_secs(limits.compile_seconds)) {
                Ok(output) => output,
                Err(RecvTimeoutError::Timeout) => {
                    // Both fail only if the child is gone already.
                    let _ = child.kill();
                    let _ = child.wait();
                    return Err(CompileFailure::Time);
                }
                Err(RecvTimeoutError::Disconnected) => Vec::new(),
            };
            let status = child.wait().map_err(|error| CompileFailure::Unavailable(error.to_string()))?;
            judge(status, output, &last_words.recv().unwrap_or_default())
        })
    }
}

impl ChildCompiler {
    fn spawn(&self, limits: &Limits) -> std::io::Result<Child> {
        Command::new(&self.program)
            .args(&self.arguments)
            .arg(limits.compile_memory_mib.to_string())
            .arg(limits.compile_seconds.to_string())
            .env_clear()
            .env("RAYON_NUM_THREADS", THREADS)
            .env("MALLOC_ARENA_MAX", ARENAS)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
    }
}

/// Reads a stream to its end on a thread of its own, keeping the first `most` bytes. The thread ends when the child does.
fn gather(mut stream: impl Read + Send + 'static, most: u64) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        // What could be read of a broken pipe is judged with the exit status.
        let _ = stream.by_ref().take(most).read_to_end(&mut kept);
        let _ = std::io::copy(&mut stream, &mut std::io::sink());
        let _ = sender.send(kept);
    });
    receiver
}

fn judge(status: ExitStatus, output: Vec<u8>, last_words: &[u8]) -> Result<Vec<u8>, CompileFailure> {
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
    match status.signal() {
        _ if out_of_memory(&last_words) => Err(CompileFailure::Memory),
        // The kernel's answer to a machine without memory. Our own kill comes only after the time limit, which is told apart before.
        Some(SIGKILL) => Err(CompileFailure::Memory),
        Some(SIGABRT) if last_words.is_empty() => Err(CompileFailure::Memory),
        Some(SIGXCPU) => Err(CompileFailure::Time),
        _ => {
            let last = last_words.lines().last().unwrap_or_default();
            Err(CompileFailure::Crashed(format!("{status}: {last}")))
        }
    }
}

/// The child's side: limits itself, compiles standard input to standard output, and gives the exit code.
///
/// `arguments` are the two numbers that the parent gave: MiB of address space, seconds.
pub fn serve(arguments: &[OsString]) -> u8 {
    let numbers: Vec<u64> = arguments.iter().filter_map(|argument| argument.to_str()?.parse().ok()).collect();
    let [memory_mib, seconds] = numbers[..] else {
        return say(UNAVAILABLE, b"this subcommand is run by the compiler itself, with two numbers");
    };
    if let Err(error) = limit(memory_mib, seconds) {
        return say(UNAVAILABLE, format!("failed to limit the compiler process: {error}").as_bytes());
    }
    let mut component = Vec::new();
    if let Err(error) = std::io::stdin().lock().read_to_end(&mut component) {
        return say(UNAVAILABLE, format!("failed to read the component: {error}").as_bytes());
    }
    match compile_artifact(&component) {
        Ok(code) => say(COMPILED, &code),
        Err(CompileFailure::Invalid(reason)) => say(INVALID, reason.as_bytes()),
        Err(failure) => say(UNAVAILABLE, format!("{failure:?}").as_bytes()),
    }
}

fn limit(memory_mib: u64, seconds: u64) -> std::io::Result<()> {
    // A limit that is lower already stays: nobody but root may raise it.
    let lower = |resource, most: u64| {
        let most = getrlimit(resource).maximum.map_or(most, |given| given.min(most));
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })
    };
    lower(Resource::As, memory_mib << 20)?;
    lower(Resource::Core, 0)?;
    // Should the parent die, the child must not go on for ever. The parent's limit is in wall-clock time of all threads, so it is hit first.
    lower(Resource::Cpu, seconds.saturating_mul(8))?;
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
