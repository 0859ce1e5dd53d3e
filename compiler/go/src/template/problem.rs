//! Why a text is not a template.

use std::fmt;

/// Where something stands: 1-based, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl Position {
    pub(super) fn of(text: &str, at: usize) -> Self {
        let before = &text[..at];
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self { line: before.matches('\n').count() + 1, column: before[start..].chars().count() + 1 }
    }
}

/// What stops the parser, with its place. Go stops at the first, too.
#[derive(Clone, Debug, PartialEq)]
pub struct ParseError {
    /// On the line that Go names.
    pub position: Position,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a template. `Display` is the fact in words.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    /// `{{/*` without `*/`.
    UnclosedComment,
    /// `*/` without `}}` right behind it.
    CommentNotAtEnd,
    /// `{{` without `}}`.
    UnclosedAction,
    /// `(` without `)`.
    UnclosedParen,
    /// `)` without `(`.
    UnexpectedParen,
    /// `"` without its end on the line.
    UnclosedString,
    /// A backquote without its end.
    UnclosedRawString,
    /// `'` without its end on the line.
    UnclosedChar,
    /// `:` without `=`.
    LoneColon,
    /// A character that cannot stand there.
    BadCharacter(char),
    /// What begins like a number and is none.
    BadNumber(String),
    /// A whole number of more than 64 bits, or a decimal with a leading zero.
    IntegerOverflow(String),
    /// `'…'` with other than one character.
    BadChar(String),
    /// An escape that Go's strings do not have.
    BadEscape(String),
    /// A token where another belongs.
    Unexpected {
        /// The token's text.
        token: String,
        /// In what it stands.
        context: &'static str,
    },
    /// A block without `{{ end }}`.
    UnclosedBlock,
    /// `{{ break }}` or `{{ continue }}` outside of a range.
    OutsideRange(&'static str),
    /// `if`, `range`, a pipe, a pair of parentheses … without a value.
    MissingValue(&'static str),
    /// A constant behind a pipe.
    NotExecutable(String),
    /// More variables than the statement takes.
    TooManyVariables(&'static str),
    /// A function that is not there.
    UnknownFunction(String),
    /// A variable that was not declared.
    UnknownVariable(String),
    /// A field of a constant.
    FieldOfConstant(String),
    /// Two definitions of one template that both say something.
    DefinedTwice(String),
    /// Deeper than this parser goes. Go takes it.
    TooDeep,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnclosedComment => f.write_str("a comment has no `*/`"),
            Self::CommentNotAtEnd => f.write_str("a comment does not end with `*/}}`"),
            Self::UnclosedAction => f.write_str("a `{{` has no `}}`"),
            Self::UnclosedParen => f.write_str("a `(` has no `)`"),
            Self::UnexpectedParen => f.write_str("a `)` has no `(`"),
            Self::UnclosedString => f.write_str("a text in `\"` does not end on its line"),
            Self::UnclosedRawString => f.write_str("a text in backquotes does not end"),
            Self::UnclosedChar => f.write_str("a character in `'` does not end on its line"),
            Self::LoneColon => f.write_str("a `:` without `=`"),
            Self::BadCharacter(c) if c.is_control() => write!(f, "U+{:04X} cannot stand here", u32::from(*c)),
            Self::BadCharacter(c) => write!(f, "`{c}` cannot stand here"),
            Self::BadNumber(text) => write!(f, "`{text}` is not a number"),
            Self::IntegerOverflow(text) => write!(f, "`{text}` is not a whole number of 64 bits"),
            Self::BadChar(text) => write!(f, "`{text}` is not one character"),
            Self::BadEscape(text) => write!(f, "`{text}` has an invalid escape"),
            Self::Unexpected { token, context } => write!(f, "`{token}` cannot stand in {context}"),
            Self::UnclosedBlock => f.write_str("a block has no `{{ end }}`"),
            Self::OutsideRange(word) => write!(f, "`{word}` outside of a `range`"),
            Self::MissingValue(context) => write!(f, "{context} has no value"),
            Self::NotExecutable(text) => write!(f, "`{text}` behind a `|` is not a function"),
            Self::TooManyVariables(context) => write!(f, "{context} declares too many variables"),
            Self::UnknownFunction(name) => write!(f, "the function `{name}` does not exist"),
            Self::UnknownVariable(name) => write!(f, "the variable `{name}` is not declared"),
            Self::FieldOfConstant(text) => write!(f, "`{text}` has no fields"),
            Self::DefinedTwice(name) => write!(f, "the template `{name}` is defined twice"),
            Self::TooDeep => f.write_str("it is nested too deep to be checked"),
        }
    }
}
