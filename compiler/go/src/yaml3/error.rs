//! A syntax error with both of the scanner's marks; which of them is printed depends on the Go library's version.

use std::borrow::Cow;
use std::fmt;

/// Why bytes are not YAML. Lines are 0-based marks as the scanner keeps them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong, in the library's words.
    pub problem: Cow<'static, str>,
    /// Where the problem is.
    pub problem_line: u32,
    /// Where the construct began that it is in.
    pub context_line: u32,
    /// Whether the scanner found it: its lines are printed one higher.
    pub is_scanner: bool,
}

impl SyntaxError {
    /// An error without a place.
    pub(crate) fn bare(problem: impl Into<Cow<'static, str>>) -> Self {
        Self { problem: problem.into(), problem_line: 0, context_line: 0, is_scanner: false }
    }

    /// The text that `yaml.v2` prints: it prefers the place of the problem.
    pub fn v2_text(&self) -> String {
        let line = if self.problem_line != 0 { self.printed(self.problem_line) } else { self.context_line };
        self.text(line)
    }

    /// The line that `yaml.v3` prints, counted from 1; `None` where it names none.
    pub fn line(&self) -> Option<u32> {
        match (self.context_line, self.problem_line) {
            (0, 0) => None,
            (0, line) | (line, _) => Some(self.printed(line)).filter(|line| *line > 0),
        }
    }

    fn printed(&self, line: u32) -> u32 {
        line + u32::from(self.is_scanner)
    }

    fn text(&self, line: u32) -> String {
        if line == 0 { format!("yaml: {}", self.problem) } else { format!("yaml: line {line}: {}", self.problem) }
    }
}

/// The text that `yaml.v3` prints: it prefers the place of the context.
impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(self.line().unwrap_or_default()))
    }
}
