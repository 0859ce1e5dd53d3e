//! What is wrong with a lock, with a list of versions, or with what a spec leaves open.

use flatwright_diagnostic::Rule;

use crate::ask::Ask;

/// A file that is no lock, or none that this program may touch.
#[derive(Debug, Rule)]
#[rule(group = "lock-file")]
pub enum LockFile {
    /// A text that is no lock.
    #[rule("damaged-lock", "this is no lock file: {problem}")]
    Damaged {
        /// What is wrong.
        problem: String,
    },
    /// A lock that a newer program wrote.
    #[rule("newer-lock", "a newer flatwright wrote this lock: {problem}")]
    Newer {
        /// Which version it has.
        problem: String,
    },
}

/// What a spec leaves open, and the lock does not say.
#[derive(Debug, Rule)]
#[rule(group = "lock-entry")]
pub enum Pinning {
    /// A range or `latest`, without an entry.
    #[rule("version-not-locked", "{ask} is not in {lock}")]
    Missing {
        /// What is asked for.
        ask: Ask,
        /// The lock's name.
        lock: String,
    },
    /// A lock that would change, where it must not.
    #[rule("lock-out-of-date", "{lock} has no entry for {ask}")]
    OutOfDate {
        /// What is asked for.
        ask: Ask,
        /// The lock's name.
        lock: String,
    },
    /// A chart without a version.
    #[rule("chart-without-version", "the {} of {} {} no version", if *many { "charts" } else { "chart" }, addons, if *many { "have" } else { "has" })]
    Chart {
        /// The add-ons, in backticks.
        addons: String,
        /// Whether there are several.
        #[rule(skip)]
        many: bool,
    },
}

/// Lists that do not have what is asked for, or cannot be believed.
#[derive(Debug, Rule)]
#[rule(group = "version-list")]
pub enum Listing {
    /// A file of none of the known kinds.
    #[rule("unknown-version-list", "this is no list of versions that is known: {problem}")]
    Unknown {
        /// What it was taken for, and what is wrong with it.
        problem: String,
    },
    /// Nothing that fits.
    #[rule("no-such-version", "no version of {ask} is in {lists}")]
    NoVersion {
        /// What is asked for.
        ask: Ask,
        /// What was read.
        lists: String,
    },
    /// Nothing was read that could say.
    #[rule("nothing-lists-it", "nothing that was read lists {ask}")]
    Unlisted {
        /// What is asked for.
        ask: Ask,
    },
    /// Two lists that say different things.
    #[rule("contradicting-checksums", "`{file}` has one SHA-256 in {one} and another one in {other}")]
    Contradiction {
        /// The file.
        file: String,
        /// Where it is one.
        one: String,
        /// Where it is another.
        other: String,
    },
    /// A list whose day has passed.
    #[rule("stale-checksums", "this list of checksums was good until {day}")]
    Stale {
        /// The day.
        day: String,
    },
    /// What is locked has other bytes now.
    #[rule("rebuilt-extension", "{ask} has another SHA-256 in {list} than in the lock")]
    Rebuilt {
        /// What is asked for.
        ask: Ask,
        /// The list.
        list: String,
    },
}
