//! The journal of a run that replaces files: what it was about to do, for the run after a kill. Read as if a stranger had written it.

use std::fmt;

use super::hash::Hash;
use super::path;

const HEAD: &str = "# flatwright journal 1\n";
const END: &str = "# end";
const WHOLE: &str = "whole";

/// What stood at a path when it was decided to write or to remove there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Was {
    /// Nothing.
    Absent,
    /// A file with these bytes.
    File(Hash),
    /// No regular file.
    Other,
}

/// One step of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Remove what stands where a directory is needed.
    Clear(String),
    /// Leave a file as it is; a directory that is exchanged has it twice.
    Keep {
        /// Its path below the output directory.
        path: String,
        /// Its hash.
        hash: Hash,
    },
    /// Put a file in its place.
    Write {
        /// Its path below the output directory.
        path: String,
        /// What it replaces.
        was: Was,
        /// Its hash.
        hash: Hash,
    },
    /// Remove a file.
    Remove {
        /// Its path below the output directory.
        path: String,
        /// What is removed.
        was: Was,
    },
}

/// What a run does, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Journal {
    /// The output directory is exchanged as a whole: nothing is left to do after a kill but to clean up.
    pub is_whole: bool,
    /// The steps.
    pub steps: Vec<Step>,
}

impl fmt::Display for Was {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("-"),
            Self::File(hash) => write!(f, "{hash}"),
            Self::Other => f.write_str("other"),
        }
    }
}

impl Was {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "-" => Some(Self::Absent),
            "other" => Some(Self::Other),
            hash => Hash::parse(hash).map(Self::File),
        }
    }
}

impl Journal {
    /// The journal as it is written.
    pub fn text(&self) -> String {
        let mut text = HEAD.to_owned();
        if self.is_whole {
            text.push_str(&format!("{WHOLE}\n"));
        }
        for step in &self.steps {
            match step {
                Step::Clear(path) => text.push_str(&format!("clear {path}\n")),
                Step::Keep { path, hash } => text.push_str(&format!("keep {hash} {path}\n")),
                Step::Write { path, was, hash } => text.push_str(&format!("write {was} {hash} {path}\n")),
                Step::Remove { path, was } => text.push_str(&format!("remove {was} {path}\n")),
            }
        }
        text + END + "\n"
    }

    /// Reads a journal.
    ///
    /// # Errors
    /// The 1-based number of the first line that cannot be one of a journal.
    pub fn parse(bytes: &[u8]) -> Result<Self, usize> {
        let text = std::str::from_utf8(bytes).map_err(|_| 1_usize)?;
        let body = text.strip_prefix(HEAD).ok_or(1_usize)?;
        let mut journal = Self::default();
        let mut lines = body.lines().zip(2..);
        for (line, number) in lines.by_ref() {
            match line {
                END => {
                    return if body.ends_with("# end\n") && lines.next().is_none() { Ok(journal) } else { Err(number) };
                }
                WHOLE => journal.is_whole = true,
                line => journal.steps.push(step(line).ok_or(number)?),
            }
        }
        Err(body.lines().count() + 1)
    }
}

fn step(line: &str) -> Option<Step> {
    let (word, rest) = line.split_once(' ')?;
    let file = |path: &str| path::is_file(path).then(|| path.to_owned());
    match word {
        "clear" => path::is_directory(rest).then(|| Step::Clear(rest.to_owned())),
        "keep" => {
            let (hash, path) = rest.split_once(' ')?;
            Some(Step::Keep { path: file(path)?, hash: Hash::parse(hash)? })
        }
        "write" => {
            let (was, rest) = rest.split_once(' ')?;
            let (hash, path) = rest.split_once(' ')?;
            Some(Step::Write { path: file(path)?, was: Was::parse(was)?, hash: Hash::parse(hash)? })
        }
        "remove" => {
            let (was, path) = rest.split_once(' ')?;
            Some(Step::Remove { path: file(path)?, was: Was::parse(was)? })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        let hash = Hash::of(b"a");
        let journal = Journal {
            is_whole: true,
            steps: vec![
                Step::Clear("manifests".to_owned()),
                Step::Keep { path: "ignition/md-0.ign".to_owned(), hash },
                Step::Write { path: "manifests/a.yaml".to_owned(), was: Was::Absent, hash },
                Step::Write { path: "kustomization.yaml".to_owned(), was: Was::Other, hash },
                Step::Remove { path: "default.a/ignition/a.ign".to_owned(), was: Was::File(hash) },
            ],
        };
        let text = journal.text();
        assert_eq!(Journal::parse(text.as_bytes()), Ok(journal));
        assert!((0..text.len()).all(|end| Journal::parse(&text.as_bytes()[..end]).is_err()), "no part of one is one");
        for (from, to) in [
            ("manifests/a.yaml", "../a.yaml"),
            ("clear manifests", "clear ../x"),
            ("clear manifests", "clear src"),
            ("kustomization.yaml", "/etc/passwd"),
            ("default.a/ignition/a.ign", ".git/config"),
            ("remove ", "destroy "),
        ] {
            assert!(Journal::parse(text.replacen(from, to, 1).as_bytes()).is_err(), "{from} -> {to}");
        }
    }
}
