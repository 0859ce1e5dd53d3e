//! What specs get beside themselves – environment variables, and a lock –: options of every command that compiles specs.

use std::path::PathBuf;

use clap::Args;

/// What says that no variable may be read.
const NONE: &str = "none";

/// The variables that `${env:NAME}` may name, and the lock.
#[derive(Debug, Default, Args)]
pub(crate) struct Variables {
    /// An environment variable that specs may read (`${env:NAME}`), and no others; `none` for none at all. Repeatable; without it, specs may read every one.
    #[arg(long = "env", value_name = "NAME", value_parser = name)]
    names: Vec<String>,
    /// The lock, instead of `flatwright.lock` beside each spec.
    #[arg(long, value_name = "FILE")]
    pub(crate) lock: Option<PathBuf>,
    /// The directory below which plugins may lie, instead of the nearest one above the spec that holds `.git`.
    #[arg(long, value_name = "DIR")]
    pub(crate) root: Option<PathBuf>,
}

impl Variables {
    /// Whether a spec may read a variable.
    pub(crate) fn allows(&self, name: &str) -> bool {
        self.names.is_empty() || name != NONE && self.names.iter().any(|allowed| allowed == name)
    }
}

fn name(text: &str) -> Result<String, String> {
    let is_name = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_name { Ok(text.to_owned()) } else { Err("a name has letters, digits and `_`".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_named_is_withheld_once_something_is() {
        let of = |names: &[&str]| Variables {
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            lock: None,
            root: None,
        };
        assert!(of(&[]).allows("A"));
        assert!(!of(&["none"]).allows("A") && !of(&["none"]).allows("none"));
        assert!(of(&["A", "B"]).allows("B") && !of(&["A", "B"]).allows("C"));
    }
}
