//! The numbers that shadow chooses. Owns: that search. Must not: judge a number that is given.

use super::{Row, Table};
use crate::settings::Settings;

/// The range that is searched, and the lowest number that may be taken over from elsewhere.
struct Range {
    least: u32,
    most: u32,
    least_preferred: u32,
}

/// A free number for a new user (`UID`) or group (`GID`); a group prefers that of its user. `None` if there is no free one.
pub(super) fn free<T: Row>(
    table: &Table<T>,
    settings: &Settings,
    kind: &str,
    is_system: bool,
    preferred: Option<u32>,
) -> Option<u32> {
    let range = range(settings, kind, is_system);
    let is_free = |id: u32| table.numbered(id).is_none();
    if let Some(id) = preferred
        && (range.least_preferred..=range.most).contains(&id)
        && is_free(id)
    {
        return Some(id);
    }
    // Only `/etc` says where the search begins; the image's numbers are stepped over.
    let is_local = |id: &u32| table.numbered(*id).is_some_and(Row::is_local);
    let mut local = table.ids().filter(|id| (range.least..=range.most).contains(id)).filter(is_local);
    if is_system {
        let first = local.next().map_or(range.most, |lowest| lowest - 1);
        let first = if first < range.least { range.most } else { first };
        (range.least..=first).rev().chain((range.least..=range.most).rev()).find(|id| is_free(*id))
    } else {
        let first = local.next_back().map_or(range.least, |highest| highest + 1);
        let first = if first > range.most { range.least } else { first };
        (first..=range.most).chain(range.least..=range.most).find(|id| is_free(*id))
    }
}

fn range(settings: &Settings, kind: &str, is_system: bool) -> Range {
    let number = |name: String, default| settings.number(&name, default);
    let least = number(format!("{kind}_MIN"), 1000);
    if !is_system {
        return Range { least, most: number(format!("{kind}_MAX"), 60_000), least_preferred: least };
    }
    let most = number(format!("SYS_{kind}_MAX"), least.saturating_sub(1));
    Range { least: number(format!("SYS_{kind}_MIN"), 101).max(1), most, least_preferred: 1 }
}
