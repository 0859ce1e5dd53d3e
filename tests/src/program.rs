//! The built program.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The outcome of a run.
#[derive(Clone, Debug)]
pub struct Run {
    /// The exit code; `None` after a signal.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error, as text.
    pub stderr: String,
}

/// The path of the program, built once per test process in the profile of the tests: another package's binary is not built for us.
///
/// # Panics
/// If it does not build.
pub fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let tests = std::env::current_exe().unwrap();
        // target/<profile>/deps/<this test>
        let profile = tests.parent().and_then(Path::parent).unwrap();
        let program = profile.join(format!("flatwright{}", std::env::consts::EXE_SUFFIX));
        // Built beside a test of its own, as a run of the whole workspace builds it: alone it would have other features of its dependencies, which would all be compiled
        // again.
        if is_current(&program) {
            return program;
        }
        let mut command = Command::new(env!("CARGO"));
        command.args(["test", "--quiet", "--no-run", "--workspace", "--test", "transpile"]);
        if profile.ends_with("release") {
            command.arg("--release");
        }
        assert!(command.current_dir(crate::repository()).status().unwrap().success(), "the program does not build");
        program
    })
}

/// Whether a program is at least as new as every source file of it, as Cargo listed them beside it.
fn is_current(program: &Path) -> bool {
    let modified = |path: &Path| path.metadata().and_then(|metadata| metadata.modified());
    let Ok(built) = modified(program) else { return false };
    let Ok(rule) = std::fs::read_to_string(program.with_extension("d")) else { return false };
    let sources = rule.split_once(": ").map_or("", |(_, sources)| sources);
    // Blanks in paths are escaped by `\`.
    let sources = sources.trim().replace("\\ ", "\0");
    sources.split(' ').all(|path| modified(Path::new(&path.replace('\0', " "))).is_ok_and(|changed| changed <= built))
}

/// Runs the program with standard input, in a directory.
pub fn run(directory: &Path, arguments: &[&str], input: &[u8]) -> Run {
    let mut child = Command::new(program())
        .args(arguments)
        .current_dir(directory)
        .env_remove("NO_COLOR")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // The program may leave without reading its input; that is its right.
    let feeder = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap();
    Run {
        code: output.status.code(),
        stdout: output.stdout,
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The commands that `--help` lists, so that a new one is tested from its first day.
pub fn commands() -> Vec<String> {
    let help = String::from_utf8(run(crate::repository(), &["--help"], b"").stdout).unwrap();
    let (_, listed) = help.split_once("Commands:\n").unwrap();
    let names = listed
        .lines()
        .take_while(|line| !line.is_empty())
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}
