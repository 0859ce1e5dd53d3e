//! `SHA256SUMS` of extensions: all of a bakery's, those of an extension, or those of one release.
//!
//! Owns: its lines. A file that is not in one list may be in another: they are made one after the other. Must not: fetch what they name.

use std::collections::BTreeMap;

use flatwright_flatcar::bakery::{self, parse_checksum_line, parse_image_file};
use flatwright_flatcar::sysext::Sysext;
use flatwright_kubernetes::table::is_day;

use super::Malformed;

/// A hash, and where it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// SHA-256 in lower case.
    pub sha256: String,
    /// SHA-512 in lower case, of bytes that have that SHA-256.
    pub sha512: Option<String>,
    /// Where it was read.
    pub read: String,
}

/// Two lists that differ about a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// The file.
    pub file: String,
    /// The list that was read first.
    pub one: String,
    /// The other one.
    pub other: String,
}

/// All lists together.
#[derive(Clone, Debug, Default)]
pub(super) struct Checksums {
    pub(super) files: BTreeMap<String, Sum>,
    pub(super) contradictions: Vec<Contradiction>,
    pub(super) best_before: Vec<(String, String)>,
}

/// What systemd lists as an empty file to say until when a list is good.
const BEST_BEFORE: &str = "BEST-BEFORE-";

/// Whether a text begins like such a list.
pub(super) fn is_list(text: &str) -> bool {
    text.lines().next().is_some_and(|line| parse_checksum_line(line).is_some())
}

pub(super) fn read(text: &str, name: &str, out: &mut Checksums) -> Result<(), Malformed> {
    let mut best_before: Option<String> = None;
    let mut found: BTreeMap<&str, String> = BTreeMap::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let Some((sum, file)) = parse_checksum_line(line) else {
            return Err(Malformed::line(index, "this line is no SHA-256 and file name"));
        };
        // The name becomes a path, here and on the machine.
        if file.contains(['/', '\\']) || file.starts_with('.') || file.chars().any(char::is_control) {
            return Err(Malformed {
                column: 67,
                ..Malformed::line(index, "the name of a file has no `/` and does not begin with `.`")
            });
        }
        if let Some(day) = file.strip_prefix(BEST_BEFORE) {
            if !is_day(day) {
                return Err(Malformed { column: 67, ..Malformed::line(index, "`BEST-BEFORE-` is followed by a day") });
            }
            // The earliest day counts.
            best_before = Some(best_before.map_or_else(|| day.to_owned(), |known| known.min(day.to_owned())));
            continue;
        }
        // Within a list the newest stands first.
        found.entry(file).or_insert_with(|| sum.to_ascii_lowercase());
    }
    out.best_before.extend(best_before.map(|day| (name.to_owned(), day)));
    for (file, sha256) in found {
        match out.files.get(file) {
            Some(known) if known.sha256 != sha256 => out.contradictions.push(Contradiction {
                file: file.to_owned(),
                one: known.read.clone(),
                other: name.to_owned(),
            }),
            Some(_) => {}
            None => drop(out.files.insert(file.to_owned(), Sum { sha256, sha512: None, read: name.to_owned() })),
        }
    }
    Ok(())
}

impl Checksums {
    /// Adds what a file itself says. It is believed where no list says otherwise.
    pub(super) fn add_file(&mut self, file: &str, sha256: String, sha512: String, read: &str) {
        match self.files.get_mut(file) {
            Some(known) if known.sha256 == sha256 => known.sha512 = Some(sha512),
            Some(known) => {
                let one = known.read.clone();
                self.contradictions.push(Contradiction { file: file.to_owned(), one, other: read.to_owned() });
            }
            None => {
                let sum = Sum { sha256, sha512: Some(sha512), read: read.to_owned() };
                self.files.insert(file.to_owned(), sum);
            }
        }
    }

    /// The images of an extension.
    pub(super) fn images(&self, extension: &str) -> impl Iterator<Item = Sysext> {
        let from = format!("{extension}-");
        let named = self.files.range(from.clone()..).take_while(move |(file, _)| file.starts_with(&from));
        let extension = extension.to_owned();
        named.filter_map(|(file, _)| bakery::parse_image_file(file)).filter(move |sysext| sysext.name == extension)
    }
}

/// Whether a name is that of an image, for whoever asks by URL.
pub(super) fn is_image(file: &str) -> bool {
    parse_image_file(file).is_some()
}
