//! Minor releases of Kubernetes: when each came and ends, its newest patch, and the etcd that kubeadm starts with it.
//!
//! Owns: reading `facts/kubernetes-releases.txt`. Must not: know today.

use std::sync::LazyLock;

use crate::table::{Row, Table, number};
use crate::version::Release;

/// The minors.
pub static RELEASES: Table = Table::new(include_str!("../../../facts/kubernetes-releases.txt"));

/// A minor release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Minor {
    /// The minor, with patch 0.
    pub release: Release,
    /// The day of its first release.
    pub released: &'static str,
    /// The day from which on it only gets fixes that are needed.
    pub maintenance: &'static str,
    /// The day on which its support ends.
    pub end: &'static str,
    /// The newest patch that was seen.
    pub newest: Release,
    /// Whether that is the last one.
    pub is_final: bool,
    /// The minor of etcd.
    pub etcd: Option<Release>,
}

/// Every group of machines asks for its own, and each object that is validated.
static MINORS: LazyLock<Vec<Minor>> = LazyLock::new(|| RELEASES.section("releases").rows().filter_map(read).collect());

/// All minors, oldest first.
pub fn minors() -> impl Iterator<Item = Minor> + Clone {
    MINORS.iter().copied()
}

/// The minor of a version.
pub fn minor(version: Release) -> Option<Minor> {
    minors().find(|minor| minor.release.line() == version.line())
}

fn read(row: Row) -> Option<Minor> {
    let mut words = row.words();
    let (released, maintenance, end) = (words.next()?, words.next()?, words.next()?);
    Some(Minor {
        release: number(row.name)?,
        released,
        maintenance,
        end,
        newest: number(words.next()?)?,
        is_final: row.has("final"),
        etcd: row.value("etcd").and_then(number),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::is_day;

    #[test]
    fn minors_are_whole_and_in_order() {
        let all: Vec<_> = minors().collect();
        assert_eq!(all.len(), RELEASES.section("releases").rows().count());
        assert!(all.is_sorted_by_key(|minor| minor.release));
        for minor in all {
            assert!([minor.released, minor.maintenance, minor.end].into_iter().all(is_day), "{}", minor.release);
            assert_eq!(minor.release.line(), minor.newest.line());
        }
        let known = minor(Release::parse("v1.34.2").unwrap()).unwrap();
        assert_eq!((known.end, known.etcd.map(Release::line)), ("2026-10-27", Some((3, 6))));
    }
}
