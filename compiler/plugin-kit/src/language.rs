//! The languages that projects are made for.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

/// A language with a template and a way to build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// With the SDK crate; needs cargo alone.
    Rust,
    /// With componentize-py.
    Python,
    /// With jco and its QuickJS back end.
    JavaScript,
    /// With wit-bindgen and clang.
    C,
}

impl Language {
    /// Every language, the recommended one first.
    pub const ALL: [Self; 4] = [Self::Rust, Self::Python, Self::JavaScript, Self::C];

    /// The file by which a project of the language is known.
    pub(crate) const fn mark(self) -> &'static str {
        match self {
            Self::Rust => "Cargo.toml",
            Self::Python => "app.py",
            Self::JavaScript => "app.js",
            Self::C => "plugin.c",
        }
    }

    /// The language of the project in a directory.
    pub(crate) fn of(project: &Path) -> Option<Self> {
        Self::ALL.into_iter().find(|language| project.join(language.mark()).is_file())
    }

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::Python => "python",
            Self::JavaScript => "js",
            Self::C => "c",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Language {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|language| language.name() == name);
        found.ok_or_else(|| format!("`{name}` is not one of {}", Self::ALL.map(Self::name).join(", ")))
    }
}
