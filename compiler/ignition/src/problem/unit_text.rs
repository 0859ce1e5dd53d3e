//! What is wrong with the text of a unit, in the words of go-systemd's lexer.

use std::fmt;

/// Where reading a unit ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnitText {
    /// `[` without `]`.
    UnclosedSection,
    /// Something after a section's name, as the lexer's version shows it.
    Garbage(String),
    /// The end of the text in an option's name.
    End,
    /// The end of the line in an option's name.
    Newline,
    /// A line of so many bytes or more.
    LongLine(usize),
}

impl fmt::Display for UnitText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnclosedSection => f.write_str("unable to find end of section"),
            // The original prints the name from a field that it never sets.
            Self::Garbage(shown) => write!(f, "found garbage after section name : {shown}"),
            Self::End => f.write_str("EOF"),
            Self::Newline => f.write_str("unexpected newline encountered while parsing option name"),
            Self::LongLine(most) => write!(f, "line too long (max {most} bytes)"),
        }
    }
}
