//! Numbers with bounds.

use crate::decode::{Int, Second};

/// Seconds, at most a year.
pub type Seconds = Int<0, 31_536_000, Second>;
/// A count of machines.
pub type Count = Int<0, 1_000>;
/// A disk size in GiB.
pub type DiskSize = Int<1, 32_767>;
