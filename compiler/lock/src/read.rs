//! The text of a lock → its entries.
//!
//! Owns: what a lock may hold, whoever wrote it: bounded, every key known, every value of its form. Must not: guess what a damaged file meant.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use flatwright_kubernetes::table::Day;
use toml_edit::{Document, Item, Table};

use crate::ask::{Ask, Field, Form, Kind};
use crate::lock::{Lock, Pin, Value};
use crate::{REVISION, VERSION};

/// The most bytes of a lock: some ten thousand entries.
pub const LONGEST: usize = 8 << 20;

/// The most bytes of a value.
const LONGEST_VALUE: usize = 4096;

/// Why a text is no lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where, in bytes.
    pub at: Range<usize>,
    /// What is wrong, in words.
    pub problem: String,
    /// Whether a newer program wrote it.
    pub is_newer: bool,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem)
    }
}

impl std::error::Error for Fault {}

fn fault(at: Option<Range<usize>>, problem: impl Into<String>) -> Fault {
    Fault { at: at.unwrap_or(0..0), problem: problem.into(), is_newer: false }
}

impl Lock {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn parse(bytes: &[u8]) -> Result<Self, Fault> {
        if bytes.len() > LONGEST {
            return Err(fault(None, format!("it has more than {} MiB", LONGEST >> 20)));
        }
        let text = std::str::from_utf8(bytes)
            .map_err(|error| fault(Some(error.valid_up_to()..error.valid_up_to()), "it is not UTF-8"))?;
        let document = Document::parse(text).map_err(|error| {
            // A version that this program does not know may be written in another language.
            fault(error.span(), error.message().to_owned())
        })?;
        let table = document.as_table();
        let revision = version(table)?;
        let mut lock = Self::default();
        for (key, item) in table.iter() {
            let at = item.span();
            match key {
                "version" | "revision" => {}
                "day" => {
                    let day = item.as_str().and_then(|text| text.parse::<Day>().ok());
                    lock.day = Some(day.ok_or_else(|| fault(at, "`day` is not a day such as \"2026-11-30\""))?);
                }
                _ => {
                    let kind = Kind::ALL.into_iter().find(|kind| kind.name() == key);
                    match kind {
                        Some(kind) => entries(kind, item, revision, &mut lock.entries)?,
                        None if revision > REVISION => {}
                        None => return Err(fault(at, format!("`{key}` is no key of a lock"))),
                    }
                }
            }
        }
        Ok(lock)
    }

    /// Whether a text says that a newer program wrote it, in a way that this one can read and must not overwrite.
    pub fn is_of_newer_revision(bytes: &[u8]) -> bool {
        let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() <= LONGEST);
        let document = text.and_then(|text| Document::parse(text).ok());
        document.is_some_and(|document| version(document.as_table()).is_ok_and(|revision| revision > REVISION))
    }
}

/// The revision, where the version is one that is read.
fn version(table: &Table) -> Result<i64, Fault> {
    let item = table.get("version").ok_or_else(|| fault(None, "it has no `version`"))?;
    let version = item.as_integer().ok_or_else(|| fault(item.span(), "`version` is not a whole number"))?;
    if version > VERSION {
        let problem = format!("it has version {version} of the format, and this program reads version {VERSION}");
        return Err(Fault { is_newer: true, ..fault(item.span(), problem) });
    }
    if version < 1 {
        return Err(fault(item.span(), format!("there is no version {version} of the format")));
    }
    match table.get("revision") {
        None => Ok(0),
        Some(item) => match item.as_integer() {
            Some(revision) if revision >= 0 => Ok(revision),
            _ => Err(fault(item.span(), "`revision` is not a whole number")),
        },
    }
}

fn entries(kind: Kind, item: &Item, revision: i64, out: &mut BTreeMap<Ask, Pin>) -> Result<(), Fault> {
    let name = kind.name();
    let tables =
        item.as_array_of_tables().ok_or_else(|| fault(item.span(), format!("`{name}` is written as `[[{name}]]`")))?;
    for table in tables {
        let mut keys = Vec::new();
        for field in kind.keys() {
            match value(kind, field, table)? {
                Some(Value::Text(text)) => keys.push(text),
                _ => return Err(fault(table.span(), format!("an entry of `{name}` has no `{}`", field.name))),
            }
        }
        let mut pin = Pin::default();
        for field in kind.values() {
            match value(kind, field, table)? {
                Some(value) => drop(pin.values.insert(field.name, value)),
                None if field.is_required => {
                    return Err(fault(table.span(), format!("an entry of `{name}` has no `{}`", field.name)));
                }
                None => {}
            }
        }
        let is_known = |key: &str| kind.keys().iter().chain(kind.values()).any(|field| field.name == key);
        if let Some((key, item)) = table.iter().find(|(key, _)| !is_known(key))
            && revision <= REVISION
        {
            return Err(fault(item.span(), format!("`{key}` is no key of a `{name}`")));
        }
        let ask = Ask { kind, keys };
        let twice = format!("{ask} stands here twice");
        if out.insert(ask, pin).is_some() {
            return Err(fault(table.span(), twice));
        }
    }
    Ok(())
}

fn value(kind: Kind, field: &Field, table: &Table) -> Result<Option<Value>, Fault> {
    let Some(item) = table.get(field.name) else { return Ok(None) };
    let wrong = |what: &str| fault(item.span(), format!("`{}` of a `{}` is {what}", field.name, kind.name()));
    if field.form == Form::Words {
        let words = item.as_array().ok_or_else(|| wrong("not a list"))?.iter();
        let words = words.map(|word| word.as_str().filter(|word| is_word(word)).map(str::to_owned));
        return words
            .collect::<Option<Vec<_>>>()
            .map(|words| Some(Value::List(words)))
            .ok_or_else(|| wrong("not a list of words"));
    }
    let text = item.as_str().ok_or_else(|| wrong("not a text"))?;
    let is_fit = match field.form {
        Form::Line | Form::Words => is_line(text),
        Form::Word => is_word(text),
        Form::Hex(digits) => {
            text.len() == digits && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        }
    };
    match field.form {
        _ if is_fit => Ok(Some(Value::Text(text.to_owned()))),
        Form::Hex(digits) => Err(wrong(&format!("not {digits} hexadecimal digits in lower case"))),
        _ => Err(wrong("not a text of one line")),
    }
}

fn is_line(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST_VALUE && !text.chars().any(char::is_control)
}

fn is_word(text: &str) -> bool {
    is_line(text) && !text.contains(char::is_whitespace)
}
