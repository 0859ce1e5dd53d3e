//! The codes of findings about texts in machine configs. The rules stand beside what they judge.

use flatwright_diagnostic::{Code, Rule as _};

use super::containerd::Containerd;

/// Every code of this room.
pub(crate) fn all() -> Vec<Code> {
    Containerd::codes().to_vec()
}
