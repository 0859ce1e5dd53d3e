//! The codes of findings about locks.

use flatwright_diagnostic::{Code, Rule};

use crate::known::Unfit;
use crate::rules::{Listing, LockFile, Pinning};

/// Every code of this crate.
pub fn all() -> Vec<Code> {
    [LockFile::codes(), Listing::codes(), Pinning::codes(), Unfit::codes()].concat()
}
