//! Ignition 2.3 → CLC text that people can read: text stays text, and contents are compressed only as far as a limit needs it.

use std::collections::{BTreeMap, BTreeSet};

use flatwright_go::gzip::Gzip;

use super::contents::{self, Saving};
use super::write::{Form, WriteError, written};
use crate::data_url::in_base64;
use crate::ignition2;

/// What decides in which form contents are written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Room<'a> {
    /// The most code points that the text may have.
    pub limit: usize,
    /// How many bytes the bootstrap data has too many if nothing is compressed.
    pub excess: usize,
    /// Paths of files whose compression the user chose: they stay as they are.
    pub chosen: Option<&'a BTreeSet<String>>,
}

/// Writes a config as CLC that people can read, ending in a newline. The largest contents are compressed, and say so in a comment, as long as the text is longer
/// than there is room for.
///
/// # Errors
/// Every construct that CLC cannot say, or what the validator would say to the result.
pub fn write_readable(config: &ignition2::Config, room: &Room<'_>) -> Result<String, Vec<WriteError>> {
    let chosen = |path: &str| room.chosen.is_some_and(|chosen| chosen.contains(path));
    let form = |compressed: &BTreeSet<usize>, index: usize, path: &str| match () {
        () if chosen(path) => Form::Stored,
        () if compressed.contains(&index) => Form::Smallest,
        () => Form::Readable,
    };
    let mut compressed = BTreeSet::new();
    let text = written(config, &|index, path| form(&compressed, index, path))?;
    let mut length = text.chars().count();
    if length <= room.limit && room.excess == 0 {
        return Ok(text);
    }
    let mut excess = room.excess;
    let mut candidates = candidates(config, &chosen);
    while (length > room.limit || excess > 0)
        && let Some((index, saving, _)) = candidates.pop()
    {
        compressed.insert(index);
        length = length.saturating_sub(saving.text);
        excess = excess.saturating_sub(saving.data);
    }
    let text = written(config, &|index, path| form(&compressed, index, path))?;
    Ok(with_notes(&text, config, &compressed))
}

/// What can be compressed, with what that saves; the most at the end.
fn candidates(
    config: &ignition2::Config,
    chosen: &dyn Fn(&str) -> bool,
) -> Vec<(usize, Saving, std::cmp::Reverse<usize>)> {
    let mut gzip = Gzip::default();
    let files = config.storage.files.iter().enumerate().filter(|(_, file)| !chosen(&file.path));
    let mut candidates: Vec<_> = files
        .filter(|(_, file)| file.contents.verification.hash.is_none())
        .filter_map(|(index, file)| {
            let saving = contents::saving(&contents::plain_bytes(&file.contents)?, &mut gzip)?;
            Some((index, saving, std::cmp::Reverse(index)))
        })
        .collect();
    candidates.sort_by_key(|(_, saving, order)| (saving.text, *order));
    candidates
}

/// The text with a comment above all contents that were compressed.
fn with_notes(text: &str, config: &ignition2::Config, compressed: &BTreeSet<usize>) -> String {
    let mut gzip = Gzip::default();
    let mut notes: BTreeMap<String, String> = BTreeMap::new();
    for index in compressed {
        let Some(bytes) = contents::plain_bytes(&config.storage.files[*index].contents) else { continue };
        if let Some(packed) = gzip.pack(&bytes, bytes.len()) {
            notes.insert(format!("url: {}", in_base64(packed)), contents::note(&bytes));
        }
    }
    let mut out = String::with_capacity(text.len() + notes.len() * 100);
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        if let Some(note) = notes.get(bare) {
            let indent = line.len() - line.trim_start().len();
            out.push_str(&line[..indent]);
            out.push_str(note);
            out.push('\n');
        }
        out.push_str(line);
    }
    out
}
