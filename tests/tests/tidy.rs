//! House rules that a compiler does not check: short files with a header, no `unwrap`, no machine's paths.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read the repository")]

use std::path::{Path, PathBuf};

use flatwright_tests::{files_below, repository};

/// Directories of the file system hierarchy that texts name and that a clone may lie in.
const EVERYWHERE: &[&str] = &[
    "/",
    "/etc",
    "/home",
    "/media",
    "/mnt",
    "/opt",
    "/opt/bin",
    "/root",
    "/run",
    "/srv",
    "/tmp",
    "/usr",
    "/usr/local",
    "/usr/src",
    "/var",
    "/var/lib",
    "/var/tmp",
    "/workspace",
];

/// A file of more lines is two.
const LONGEST: usize = 800;

fn sources() -> Vec<(PathBuf, String)> {
    ["compiler", "tests", "plugins"]
        .iter()
        .flat_map(|directory| files_below(&repository().join(directory)))
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            (path.strip_prefix(repository()).unwrap().to_owned(), text)
        })
        .collect()
}

/// The part of a source that is no test: up to the first `#[cfg(test)]` module, and nothing of a test file.
fn outside_of_tests<'t>(path: &std::path::Path, text: &'t str) -> &'t str {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if parts[0] == "tests"
        || parts.iter().any(|part| ["tests", "tests.rs", "testing.rs", "benches", "examples"].contains(&part.as_str()))
    {
        return "";
    }
    let start = ["\n#[cfg(test)]\n", "\n#[cfg(all(test, "].iter().filter_map(|attribute| text.find(attribute)).min();
    &text[..start.unwrap_or(text.len())]
}

fn complain(problems: &[String]) {
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn files_are_short() {
    let lengths = sources().into_iter().map(|(path, text)| (path, text.lines().count()));
    let long: Vec<_> = lengths.filter(|(_, lines)| *lines > LONGEST).collect();
    complain(
        &long.iter().map(|(path, lines)| format!("{}: {lines} lines; split it", path.display())).collect::<Vec<_>>(),
    );
}

#[test]
fn modules_say_what_they_own() {
    let headless = sources().into_iter().filter(|(_, text)| !text.starts_with("//!"));
    complain(&headless.map(|(path, _)| format!("{}: begins without `//!`", path.display())).collect::<Vec<_>>());
}

#[test]
fn code_neither_unwraps_nor_is_unfinished() {
    let mut problems = Vec::new();
    for (path, text) in sources() {
        for (number, line) in outside_of_tests(&path, &text).lines().enumerate() {
            let code = line.trim_start();
            if code.starts_with("//") {
                continue;
            }
            for bad in [".unwrap()", "todo!(", "unimplemented!(", "dbg!("] {
                if code.contains(bad) {
                    problems.push(format!("{}:{}: `{bad}`", path.display(), number + 1));
                }
            }
        }
    }
    complain(&problems);
}

#[test]
fn expectations_state_an_invariant() {
    let mut problems = Vec::new();
    for (path, text) in sources() {
        for (number, line) in outside_of_tests(&path, &text).lines().enumerate() {
            if let Some((_, message)) = line.split_once(".expect(\"")
                && !line.trim_start().starts_with("//")
                && !message.starts_with("invariant: ")
            {
                problems.push(format!("{}:{}: say `invariant: …`", path.display(), number + 1));
            }
        }
    }
    complain(&problems);
}

#[test]
fn no_text_names_the_machine_it_was_written_on() {
    let mut problems = Vec::new();
    let here = repository().canonicalize().unwrap();
    // Texts may well name a directory that every machine has, such as `/tmp`, in which a clone may lie.
    let is_everywhere = |path: &Path| EVERYWHERE.contains(&path.to_string_lossy().as_ref());
    let own: Vec<String> = [Some(here.as_path()), here.parent()]
        .into_iter()
        .flatten()
        .filter(|path| !is_everywhere(path))
        .map(|path| format!("{}/", path.display()))
        .collect();
    for path in files_below(repository()) {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        if own.iter().any(|own| text.contains(own)) {
            problems.push(format!("{}: names a directory of this machine", path.display()));
        }
    }
    complain(&problems);
}

/// Ways to ask a text what it says.
const ASKING: &[&str] = &[
    ".contains(",
    ".starts_with(",
    ".ends_with(",
    ".find(",
    ".rfind(",
    ".matches(",
    ".strip_prefix(",
    ".strip_suffix(",
    ".split(",
    ".split_once(",
    ".rsplit(",
    ".rsplit_once(",
    "==",
    "!=",
];

#[test]
fn nothing_is_decided_by_the_words_of_a_finding() {
    let mut problems = Vec::new();
    for (path, text) in sources() {
        // rustfmt breaks a chain where it is long, so the text is read without white space.
        let code = outside_of_tests(&path, &text).lines().map(|line| line.split("//").next().unwrap_or_default());
        let code: String = code.flat_map(str::chars).filter(|c| !c.is_whitespace()).collect();
        for words in ["message", "hint", "title"] {
            for asking in ASKING {
                for asked in [format!(".{words}{asking}"), format!(".{words}.as_str(){asking}")] {
                    if let Some(at) = code.find(&asked) {
                        let start = code[..at].rfind([';', '{', '}', '(', ',']).map_or(0, |end| end + 1);
                        let shown = format!("{}{asked}", &code[start..at]);
                        problems
                            .push(format!("{}: `{shown}` asks the words of a finding: ask its rule", path.display()));
                    }
                }
            }
        }
    }
    complain(&problems);
}
