//! The name grammars of Kubernetes (`k8s.io/apimachinery/pkg/util/validation`): DNS labels and subdomains, qualified names, label values.

use std::fmt;

/// The longest DNS label, name of a qualified name, and label value.
pub const LONGEST_LABEL: usize = 63;
/// The longest DNS subdomain.
pub const LONGEST_SUBDOMAIN: usize = 253;

/// Why a text is refused. Its words continue a sentence about the text: "… is longer than 63 characters".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// Nothing is there.
    Empty,
    /// More bytes than the grammar has room for.
    TooLong {
        /// The most.
        longest: usize,
    },
    /// A character that the grammar does not have.
    Character {
        /// The first of them.
        found: char,
        /// What may stand there.
        grammar: Grammar,
    },
    /// An end that is not a letter or digit.
    End {
        /// What may stand there.
        grammar: Grammar,
    },
    /// Two dots in a row, or one at an end.
    EmptyPart,
    /// A qualified name with more than one `/`.
    Slashes,
    /// A qualified name that begins with `/`.
    EmptyPrefix,
    /// What stands before the `/` of a qualified name is not a subdomain.
    Prefix {
        /// What stands there.
        prefix: String,
        /// Why it is refused.
        flaw: Box<Self>,
    },
    /// What stands behind the `/` of a qualified name is refused.
    Name {
        /// What stands there.
        name: String,
        /// Why it is refused.
        flaw: Box<Self>,
    },
}

/// Which characters a name has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grammar {
    /// RFC 1123: lower-case letters, digits and `-`.
    Label,
    /// RFC 1035: the same, with a letter in front.
    Label1035,
    /// Letters of both cases, digits, `-`, `_` and `.`.
    Qualified,
}

impl Grammar {
    fn allows(self, c: char) -> bool {
        match self {
            Self::Label | Self::Label1035 => c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-',
            Self::Qualified => c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'),
        }
    }

    fn begins(self, c: char) -> bool {
        if self == Self::Label1035 { c.is_ascii_lowercase() } else { c.is_ascii_alphanumeric() }
    }

    /// Checks a text without dots' special meaning and of any length.
    fn check(self, text: &str) -> Result<(), Flaw> {
        if text.is_empty() {
            return Err(Flaw::Empty);
        }
        if let Some(found) = text.chars().find(|c| !self.allows(*c)) {
            return Err(Flaw::Character { found, grammar: self });
        }
        let sound = text.starts_with(|c| self.begins(c)) && text.ends_with(|c: char| c.is_ascii_alphanumeric());
        if sound { Ok(()) } else { Err(Flaw::End { grammar: self }) }
    }

    fn check_short(self, text: &str) -> Result<(), Flaw> {
        bounded(text, LONGEST_LABEL)?;
        self.check(text)
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("is empty"),
            Self::TooLong { longest } => write!(f, "is longer than {longest} characters"),
            Self::Character { found, grammar } => {
                let allowed = match grammar {
                    Grammar::Label | Grammar::Label1035 => "lower-case letters, digits and `-`",
                    Grammar::Qualified => "letters, digits, `-`, `_` and `.`",
                };
                write!(f, "has `{}`, where only {allowed} are allowed", found.escape_debug())
            }
            Self::End { grammar: Grammar::Label1035 } => {
                f.write_str("does not begin with a letter and end with a letter or digit")
            }
            Self::End { .. } => f.write_str("does not begin and end with a letter or digit"),
            Self::EmptyPart => f.write_str("has an empty part"),
            Self::Slashes => f.write_str("has more than one `/`"),
            Self::EmptyPrefix => f.write_str("has an empty prefix before `/`"),
            Self::Prefix { prefix, flaw } => write!(f, "has the prefix `{prefix}`, which {flaw}"),
            Self::Name { name, flaw } if name.is_empty() => write!(f, "has a name that {flaw}"),
            Self::Name { name, flaw } => write!(f, "has the name `{name}`, which {flaw}"),
        }
    }
}

impl std::error::Error for Flaw {}

fn bounded(text: &str, longest: usize) -> Result<(), Flaw> {
    if text.len() > longest { Err(Flaw::TooLong { longest }) } else { Ok(()) }
}

/// Whether a name can be one step of a path, which is all that some kinds ask of theirs (`path.ValidatePathSegmentName`).
pub fn is_path_segment(text: &str) -> bool {
    !text.is_empty() && !matches!(text, "." | "..") && !text.contains(['/', '%'])
}

/// A lower-case RFC 1123 label: a namespace, or a name that becomes part of a host name.
///
/// # Errors
/// The first flaw.
pub fn dns_label(text: &str) -> Result<(), Flaw> {
    Grammar::Label.check_short(text)
}

/// A lower-case RFC 1035 label: it begins with a letter.
///
/// # Errors
/// The first flaw.
pub fn dns_label_1035(text: &str) -> Result<(), Flaw> {
    Grammar::Label1035.check_short(text)
}

/// A lower-case RFC 1123 subdomain, the grammar of most object names. Its labels may be of any length.
///
/// # Errors
/// The first flaw.
pub fn dns_subdomain(text: &str) -> Result<(), Flaw> {
    bounded(text, LONGEST_SUBDOMAIN)?;
    if text.is_empty() {
        return Err(Flaw::Empty);
    }
    text.split('.').try_for_each(|label| {
        Grammar::Label.check(label).map_err(|flaw| if flaw == Flaw::Empty { Flaw::EmptyPart } else { flaw })
    })
}

/// A qualified name such as `example.com/role`: the key of a label, the type of a condition, a finalizer.
///
/// # Errors
/// The first flaw.
pub fn qualified(text: &str) -> Result<(), Flaw> {
    let (prefix, name) = match text.split_once('/') {
        Some((_, rest)) if rest.contains('/') => return Err(Flaw::Slashes),
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, text),
    };
    match prefix {
        None => Grammar::Qualified.check_short(name),
        Some("") => Err(Flaw::EmptyPrefix),
        Some(prefix) => {
            dns_subdomain(prefix).map_err(|flaw| Flaw::Prefix { prefix: prefix.to_owned(), flaw: Box::new(flaw) })?;
            Grammar::Qualified
                .check_short(name)
                .map_err(|flaw| Flaw::Name { name: name.to_owned(), flaw: Box::new(flaw) })
        }
    }
}

/// The key of an annotation: a qualified name in any case.
///
/// # Errors
/// The first flaw.
pub fn annotation_key(text: &str) -> Result<(), Flaw> {
    qualified(&text.to_lowercase())
}

/// The value of a label: it may be empty.
///
/// # Errors
/// The first flaw.
pub fn label_value(text: &str) -> Result<(), Flaw> {
    if text.is_empty() { Ok(()) } else { Grammar::Qualified.check_short(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(grammar: fn(&str) -> Result<(), Flaw>, good: &[&str], bad: &[(&str, &str)]) {
        for text in good {
            assert_eq!(grammar(text), Ok(()), "{text:?}");
        }
        for (text, words) in bad {
            assert_eq!(grammar(text).unwrap_err().to_string(), *words, "{text:?}");
        }
    }

    #[test]
    fn names_follow_their_grammars() {
        let (long, longer) = ("a".repeat(63), "a".repeat(64));
        let ends = "does not begin and end with a letter or digit";
        check(
            dns_label,
            &["a1", "1a", "a-b", &long],
            &[
                ("", "is empty"),
                ("a.b", "has `.`, where only lower-case letters, digits and `-` are allowed"),
                ("é", "has `é`, where only lower-case letters, digits and `-` are allowed"),
                ("-a", ends),
                ("a-", ends),
                (&longer, "is longer than 63 characters"),
            ],
        );
        check(dns_label_1035, &["a1"], &[("1a", "does not begin with a letter and end with a letter or digit")]);
        check(
            dns_subdomain,
            &["a.b-c.d1", &longer],
            &[
                ("", "is empty"),
                ("a..b", "has an empty part"),
                ("A", "has `A`, where only lower-case letters, digits and `-` are allowed"),
                (&"a".repeat(254), "is longer than 253 characters"),
            ],
        );
    }

    #[test]
    fn the_prefix_of_a_qualified_name_is_a_subdomain_with_its_bound() {
        let prefix = "a".repeat(254);
        check(
            qualified,
            &["role", "example.com/Role_1", "1.2/x"],
            &[
                ("", "is empty"),
                ("/x", "has an empty prefix before `/`"),
                ("a/", "has a name that is empty"),
                ("a/b/c", "has more than one `/`"),
                ("A/b", "has the prefix `A`, which has `A`, where only lower-case letters, digits and `-` are allowed"),
                (
                    "a/b c",
                    "has the name `b c`, which has ` `, where only letters, digits, `-`, `_` and `.` are allowed",
                ),
                (&format!("{prefix}/x"), &format!("has the prefix `{prefix}`, which is longer than 253 characters")),
            ],
        );
    }

    #[test]
    fn annotations_take_any_case_and_label_values_may_be_empty() {
        check(annotation_key, &["Example.com/Role"], &[("", "is empty")]);
        let ends = "does not begin and end with a letter or digit";
        check(label_value, &["", "v1.34.2", "a_b"], &[("-x", ends), ("x_", ends)]);
    }
}
