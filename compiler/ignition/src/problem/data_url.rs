//! What is wrong with a `data:` URL, in the words of both libraries that Ignition 2 and 3 carry.

use std::fmt;

/// Where reading a `data:` URL ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DataUrl {
    /// It does not begin with `data:`.
    Prefix,
    /// No comma before the data.
    MissingComma,
    /// Something else where a comma or semicolon is due.
    ExpectedComma,
    /// A character that cannot begin a media type.
    FirstCharacter,
    /// A media type without a slash.
    MissingSlash,
    /// A character that a media type cannot have.
    MediaTypeCharacter,
    /// A media type that is not known.
    MediaType,
    /// A media type that ends with its slash.
    IncompleteMediaType,
    /// A character that a subtype cannot have.
    SubtypeCharacter,
    /// A parameter that does not end.
    Parameter,
    /// A character that the name of a parameter cannot have.
    AttributeCharacter,
    /// A character that the value of a parameter cannot have.
    ValueCharacter,
    /// A word in the place of `base64`.
    Encoding(String),
    /// A quoted value that does not end.
    UnclosedQuote,
    /// A backslash before something outside of ASCII.
    EscapedCharacter,
    /// A character that data cannot have.
    DataCharacter,
    /// Data that are not base64, in the decoder's words.
    Base64(String),
    /// `%` at the end (2.x).
    EndInEscape,
    /// `%` before something that is not a digit (2.x).
    EscapeDigit,
    /// `%` at the end (3.x).
    EndOfInput,
    /// `%` before something that is not a digit (3.x).
    EscapeCharacter(char),
}

impl fmt::Display for DataUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Prefix => "missing data prefix",
            Self::MissingComma => "missing comma before data",
            Self::ExpectedComma => "expected semicolon or comma",
            Self::FirstCharacter => "invalid character after data prefix",
            Self::MissingSlash => "missing media type slash",
            Self::MediaTypeCharacter => "invalid character for media type",
            Self::MediaType => "invalid media type",
            Self::IncompleteMediaType => "incomplete media type",
            Self::SubtypeCharacter => "invalid character for media subtype",
            Self::Parameter => "unterminated parameter sequence",
            Self::AttributeCharacter => "invalid character for parameter attribute",
            Self::ValueCharacter => "invalid character for parameter value",
            Self::Encoding(name) => return write!(f, "expected base64, got {name}"),
            Self::UnclosedQuote => "unclosed quoted string",
            Self::EscapedCharacter => "invalid escaped character",
            Self::DataCharacter => "invalid data character",
            Self::Base64(words) => words,
            Self::EndInEscape => "rfc2396: unexpected end of unescape sequence",
            // The original names the percent sign, not the character that is wrong.
            Self::EscapeDigit => "rfc2396: invalid char 0x25 in unescape sequence",
            Self::EndOfInput => "unexpected end of input",
            Self::EscapeCharacter(character) => return write!(f, "invalid escape char {character:?}"),
        })
    }
}
