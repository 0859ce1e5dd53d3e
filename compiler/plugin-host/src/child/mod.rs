//! Compiling in a child process that may die.
//!
//! Owns: the parent's side of a small protocol: the component goes to the child's standard input, the code or the reason comes from its standard output. The child limits
//! its own address space and processor time before it reads a byte; the parent ends it where the machine stands still or its control group runs out of memory.
//! Whatever a component makes of the code generator, the parent gets a [`CompileFailure`].
//! Must not: be used below the shell. It is here because it belongs to the compiler it contains; a command line adds a hidden subcommand that calls [`serve`].

mod group;
mod room;
mod served;
mod verdict;

use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use rustix::process::{Resource, getrlimit};

use self::group::{Group, Level};
use self::room::{ROOM, Turn};
pub use self::served::serve;
use crate::compile::{CompileFailure, Compiler, Shortage};
use crate::cpu::Cpu;
use crate::limits::Limits;

/// Threads of the code generator, where there are so many processors. More would need more address space each, whatever the machine.
const MOST_THREADS: usize = 4;
/// The last words of a child that are kept.
const MOST_LAST_WORDS: u64 = 16 << 10;
/// How often it is looked at a control group that has a memory limit.
const LOOK: Duration = Duration::from_millis(25);
/// What must be left in a control group: less is gone before the next look.
const MARGIN: u64 = 8 << 20;

/// Compiles by running a program, which must call [`serve`] with what it gets after `arguments`.
#[derive(Clone, Debug)]
pub struct ChildCompiler {
    /// The program: usually the running one.
    pub program: PathBuf,
    /// Its hidden subcommand.
    pub arguments: Vec<OsString>,
    /// What the code is for.
    pub cpu: Cpu,
}

impl Compiler for ChildCompiler {
    fn compile(&self, component: &[u8], limits: &Limits) -> Result<Vec<u8>, CompileFailure> {
        let need = need(component.len() as u64, threads());
        let turn = ROOM.enter(need);
        let was_alone = turn.is_alone();
        match self.attempt(component, limits, need, &turn) {
            // Others of this process took the memory: once more, with all of it.
            Err(CompileFailure::NoRoom(_)) if !(was_alone && turn.is_alone()) => {
                drop(turn);
                let turn = ROOM.enter_alone(need);
                self.attempt(component, limits, need, &turn)
            }
            done => done,
        }
    }

    fn at_once(&self) -> usize {
        processors()
    }
}

/// How a child's life went, seen from outside.
enum Watched {
    /// It said so much, and is ending.
    Said(Vec<u8>),
    /// It ran for too long by the clock on the wall.
    Overdue,
    /// Its control group has no memory left.
    Pressed(Level),
}

impl ChildCompiler {
    fn attempt(
        &self,
        component: &[u8],
        limits: &Limits,
        need: u64,
        turn: &Turn<'_>,
    ) -> Result<Vec<u8>, CompileFailure> {
        let group = Group::own();
        let kills = group::Kills::count(group.as_ref());
        let seconds = processor_seconds(limits);
        let mut child = self.spawn(limits, seconds).map_err(|error| {
            CompileFailure::Unavailable(format!("failed to run `{}`: {error}", self.program.display()))
        })?;
        std::thread::scope(|scope| {
            let mut input = child.stdin.take().expect("invariant: piped");
            // A child that dies early closes the pipe; why it died is told by its exit.
            scope.spawn(move || drop(input.write_all(component)));
            let output = gather(child.stdout.take().expect("invariant: piped"), u64::MAX);
            let last_words = gather(child.stderr.take().expect("invariant: piped"), MOST_LAST_WORDS);
            let wall = Duration::from_secs(limits.wall_compile_seconds());
            let output = match watch(&output, wall, group.as_ref(), turn) {
                Watched::Said(output) => output,
                Watched::Overdue => {
                    end(&mut child);
                    let cpu_seconds = served::processor_seconds_of(child.id());
                    // Fails only if the child is gone already.
                    let _ = child.wait();
                    return Err(CompileFailure::Stalled { cpu_seconds });
                }
                Watched::Pressed(level) => {
                    end(&mut child);
                    let _ = child.wait();
                    return Err(CompileFailure::NoRoom(shortage(need, &level, false)));
                }
            };
            let status = child.wait().map_err(|error| CompileFailure::Unavailable(error.to_string()))?;
            let last_words = last_words.recv().unwrap_or_default();
            verdict::of(status, output, &last_words, seconds, || {
                let now = group::Kills::count(group.as_ref());
                let level = group.as_ref().and_then(Group::tightest).filter(|_| now.of_group > kills.of_group);
                match level {
                    Some(level) => Err(shortage(need, &level, true)),
                    None => Ok(now.of_machine > kills.of_machine),
                }
            })
        })
    }

    fn spawn(&self, limits: &Limits, seconds: u64) -> std::io::Result<Child> {
        let threads = threads();
        Command::new(&self.program)
            .args(&self.arguments)
            .arg(limits.compile_memory_mib.to_string())
            .arg(seconds.to_string())
            .arg(self.cpu.name())
            .env_clear()
            .env("RAYON_NUM_THREADS", threads.to_string())
            // Places that glibc allocates from, one for each thread and the first: threads that share one wait for each other half of their time. It reserves
            // 64 MiB of address space for each, which counts, so there are not as many as it would make by itself.
            .env("MALLOC_ARENA_MAX", (threads + 1).to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
    }
}

/// Waits until the child has said everything, or must be ended.
#[expect(clippy::disallowed_methods, reason = "a shell module: the time bound is on the machine")]
fn watch(output: &Receiver<Vec<u8>>, wall: Duration, group: Option<&Group>, turn: &Turn<'_>) -> Watched {
    let begun = Instant::now();
    let is_limited = group.is_some_and(|group| group.tightest().is_some()) && !group::has_swap();
    loop {
        let left = wall.saturating_sub(begun.elapsed());
        match output.recv_timeout(if is_limited { left.min(LOOK) } else { left }) {
            Ok(output) => return Watched::Said(output),
            Err(RecvTimeoutError::Disconnected) => return Watched::Said(Vec::new()),
            Err(RecvTimeoutError::Timeout) if begun.elapsed() >= wall => return Watched::Overdue,
            Err(RecvTimeoutError::Timeout) => {
                let tightest = group.and_then(Group::tightest).filter(|level| level.left() < MARGIN);
                // The oldest child stays: what the others give up is its.
                if let Some(level) = tightest.filter(|_| turn.must_yield()) {
                    return Watched::Pressed(level);
                }
            }
        }
    }
}

fn end(child: &mut Child) {
    // Fails only if the child is gone already.
    let _ = child.kill();
}

fn shortage(need: u64, level: &Level, was_killed: bool) -> Shortage {
    Shortage { need_mib: need.div_ceil(1 << 20), limit_mib: level.limit >> 20, was_killed }
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

/// Processors that this process may use: by its affinity and by the quotas of its control groups, of either version. At least one.
fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn threads() -> usize {
    processors().min(MOST_THREADS)
}

/// Processor time that the child gets: what the plugin may take, or the lower limit that processes have here. A second is left to say so.
fn processor_seconds(limits: &Limits) -> u64 {
    let here = getrlimit(Resource::Cpu).maximum.map_or(u64::MAX, |most| most.saturating_sub(1).max(1));
    limits.compile_seconds.min(here)
}

/// Memory that compiling takes, about, in bytes. Measured with plugins of 0.1 to 19 MB (docs/plugins/guide.md, "In containers"): fifteen times the component, and some for each thread.
fn need(component: u64, threads: usize) -> u64 {
    component * 15 + (32 << 20) + (threads as u64) * (16 << 20)
}
