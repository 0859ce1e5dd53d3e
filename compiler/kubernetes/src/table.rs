//! Tables of facts: names that others decide, by version, with their source and the day on which they were read.
//!
//! Owns: the format that the tables of `facts/` share: a head of comments, `covers WHAT FIRST LAST` and `day DAY`, then sections of rows. A row is a name with words
//! behind it, some of them `key=value`, and behind `|` a text for people. Nothing is read before it is asked for. Must not: know a table.

use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use memchr::memmem;

use crate::version::Release;

/// A table.
#[derive(Debug)]
pub struct Table {
    text: &'static str,
    /// Names and rows of its sections, which are looked for once: some tables have tens of thousands of bytes, and every compile asks them.
    sections: OnceLock<Vec<(&'static str, Section)>>,
}

/// How a section begins.
const SECTION: &[u8] = b"\n[";

/// The rows of one section.
#[derive(Clone, Copy, Debug)]
pub struct Section(&'static str);

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Its first word.
    pub name: &'static str,
    words: &'static str,
    /// What stands behind the `|`.
    pub hint: Option<&'static str>,
}

impl Table {
    /// The table with this text.
    pub const fn new(text: &'static str) -> Self {
        Self { text, sections: OnceLock::new() }
    }

    /// The day on which the newest of its facts was read.
    pub fn day(&self) -> &'static str {
        self.head("day ").next().unwrap_or_default()
    }

    /// The first and the last version of something that the table covers.
    pub fn covers(&self, what: &str) -> Option<(Release, Release)> {
        self.head("covers ").find_map(|line| {
            let (first, last) = line.strip_prefix(what)?.trim_start().split_once(' ')?;
            Some((number(first)?, number(last)?))
        })
    }

    /// Where the facts come from, one after the other.
    pub fn sources(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.head("# source ")
    }

    /// The rows of a section; none if there is no such section.
    pub fn section(&self, name: &str) -> Section {
        let sections = self.sections.get_or_init(|| sections(self.text));
        sections.iter().find(|(own, _)| *own == name).map_or(Section(""), |(_, section)| *section)
    }

    fn head(&self, word: &'static str) -> impl Iterator<Item = &'static str> + use<> {
        to_next_section(self.text).lines().filter_map(move |line| line.strip_prefix(word))
    }
}

fn sections(text: &'static str) -> Vec<(&'static str, Section)> {
    let starts = memmem::find_iter(text.as_bytes(), SECTION).map(|at| &text[at + SECTION.len()..]);
    starts
        .filter_map(|rest| rest.split_once("]\n"))
        .map(|(name, rest)| (name, Section(to_next_section(rest))))
        .collect()
}

fn to_next_section(text: &'static str) -> &'static str {
    memmem::find(text.as_bytes(), SECTION).map_or(text, |at| &text[..at])
}

impl Section {
    /// Its rows in order.
    pub fn rows(self) -> impl Iterator<Item = Row> + Clone {
        self.0.lines().filter_map(Row::read)
    }

    /// The row of a name.
    pub fn row(self, name: &str) -> Option<Row> {
        // Some tables have tens of thousands of bytes, and this is asked in every compile.
        let places = memmem::find_iter(self.0.as_bytes(), name.as_bytes());
        let starts = places.filter(|at| !name.is_empty() && (*at == 0 || self.0.as_bytes()[at - 1] == b'\n'));
        let mut lines = starts.filter_map(|at| self.0[at..].lines().next());
        lines.find(|line| line.split(' ').next() == Some(name)).and_then(Row::read)
    }
}

impl Row {
    fn read(line: &'static str) -> Option<Self> {
        let (facts, hint) = line.split_once(" | ").map_or((line, None), |(facts, hint)| (facts, Some(hint)));
        let (name, words) = facts.split_once(' ').unwrap_or((facts, ""));
        (!name.is_empty()).then_some(Self { name, words, hint })
    }

    /// The words behind the name.
    pub fn words(self) -> impl Iterator<Item = &'static str> + Clone {
        self.words.split(' ').filter(|word| !word.is_empty())
    }

    /// Whether the word stands there.
    pub fn has(self, word: &str) -> bool {
        self.words().any(|own| own == word)
    }

    /// What is set for the key.
    pub fn value(self, key: &str) -> Option<&'static str> {
        self.words().find_map(|word| word.strip_prefix(key)?.strip_prefix('='))
    }

    /// The versions that have it.
    pub fn span(self) -> Span {
        let version = |key| self.value(key).and_then(number);
        Span { since: version("since"), gone: version("gone") }
    }
}

/// The versions that have something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The first one; all that the table covers if there is none.
    pub since: Option<Release>,
    /// The first one without it again.
    pub gone: Option<Release>,
}

impl Span {
    /// Whether the version has it.
    pub fn has(self, version: Release) -> bool {
        self.since.is_none_or(|since| since <= version) && self.gone.is_none_or(|gone| version < gone)
    }
}

/// A version of two or three numbers, as tables write them.
pub fn number(text: &str) -> Option<Release> {
    let mut numbers = text.split('.').map(str::parse);
    let (major, minor) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    Some(Release { major, minor, patch: numbers.next().unwrap_or(Ok(0)).ok()? })
}

/// A day of the calendar, as a user names today: nothing here asks a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(u32, u32, u32);

/// The text is not a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotADay;

impl fmt::Display for NotADay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a day is written like `2026-11-29`")
    }
}

impl std::error::Error for NotADay {}

impl FromStr for Day {
    type Err = NotADay;

    fn from_str(text: &str) -> Result<Self, NotADay> {
        let mut parts = text.split('-').map(|part| part.parse().map_err(|_| NotADay));
        let mut next = || parts.next().unwrap_or(Err(NotADay));
        if is_day(text) { Ok(Self(next()?, next()?, next()?)) } else { Err(NotADay) }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0, self.1, self.2)
    }
}

impl Day {
    /// Whether the day of a table has passed.
    pub fn is_after(self, day: &str) -> bool {
        day.parse().is_ok_and(|day: Self| day < self)
    }
}

/// Whether the text is a day: `2026-11-29`. Days written so are in order of time.
pub fn is_day(text: &str) -> bool {
    let mut parts = text.split('-');
    let mut part = |length: usize| {
        let part = parts.next().filter(|part| part.len() == length && part.bytes().all(|b| b.is_ascii_digit()))?;
        part.parse::<u32>().ok()
    };
    let (year, month, day) = (part(4), part(2), part(2));
    let days = match (year, month) {
        (Some(year), Some(2)) => 28 + u32::from(year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)),
        (_, Some(4 | 6 | 9 | 11)) => 30,
        _ => 31,
    };
    parts.next().is_none()
        && year.is_some()
        && month.is_some_and(|month| (1..=12).contains(&month))
        && day.is_some_and(|day| (1..=days).contains(&day))
}

#[cfg(test)]
mod tests {
    use super::*;

    static TABLE: Table = Table::new(
        "# A table.\n# source here\ncovers it 1.2 1.10\nday 2026-11-29\n[one]\na x since=1.3 | say it\nab\n[two]\nb gone=1.4.1\n",
    );

    #[test]
    fn rows_are_found_in_their_section() {
        let row = TABLE.section("one").row("a").unwrap();
        assert_eq!((row.words().next(), row.hint, row.span().since), (Some("x"), Some("say it"), number("1.3")));
        assert!(TABLE.section("one").row("ab").is_some() && TABLE.section("two").row("a").is_none());
        assert_eq!(TABLE.section("two").rows().count(), 1);
        for absent in ["", "x", "a x", "a x since=1.3 | say it\nab", "b gone", "é"] {
            assert!(TABLE.section("one").row(absent).is_none(), "{absent:?}");
        }
        assert_eq!(TABLE.section("three").rows().count(), 0);
        assert_eq!((TABLE.day(), TABLE.covers("it")), ("2026-11-29", number("1.2").zip(number("1.10"))));
        assert_eq!(TABLE.sources().collect::<Vec<_>>(), ["here"]);
    }

    #[test]
    fn spans_end_before_the_version_without_it() {
        let span = TABLE.section("two").row("b").unwrap().span();
        assert!(span.has(number("1.4.0").unwrap()) && !span.has(number("1.4.1").unwrap()));
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        let today: Day = "2026-11-29".parse().unwrap();
        assert!(today.is_after("2026-10-27") && !today.is_after("2026-11-29") && !today.is_after("2027-02-28"));
        assert_eq!((today.to_string().as_str(), "today".parse::<Day>()), ("2026-11-29", Err(NotADay)));
        assert!(is_day("2026-11-29") && is_day("2028-02-29"));
        for text in ["", "2026-11", "2026-02-29", "2026-13-01", "2026-00-01", "26-11-29", "2026-11-29-1", "2026-11-31"]
        {
            assert!(!is_day(text), "{text}");
        }
    }
}
