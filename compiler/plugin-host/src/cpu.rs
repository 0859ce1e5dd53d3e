//! Which processors code is made for.
//!
//! Owns: the names of baselines and the features that each adds. The names and what they stand for are those of the x86-64 psABI and of Arm's architecture versions; here
//! stand the features that the code generator uses. Must not: look at this machine's processor; the code generator does for code that stays here.

use std::env::consts::ARCH;

/// What processor code is made for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cpu(Option<usize>);

/// A baseline: its architecture, name, and what it has over the one before.
struct Level(&'static str, &'static str, &'static [&'static str]);

const LEVELS: [Level; 6] = [
    Level("x86_64", "x86-64", &[]),
    Level("x86_64", "x86-64-v2", &["has_sse3", "has_ssse3", "has_sse41", "has_sse42", "has_popcnt", "has_cmpxchg16b"]),
    Level("x86_64", "x86-64-v3", &["has_avx", "has_avx2", "has_bmi1", "has_bmi2", "has_fma", "has_lzcnt"]),
    Level("x86_64", "x86-64-v4", &["has_avx512f", "has_avx512dq", "has_avx512vl"]),
    Level("aarch64", "armv8-a", &[]),
    Level("aarch64", "armv8.1-a", &["has_lse"]),
];

impl Cpu {
    /// The processor of this machine, with all that it has.
    pub const NATIVE: Self = Self(None);

    /// The baseline of a name, of this architecture.
    pub fn named(name: &str) -> Option<Self> {
        LEVELS.iter().position(|level| level.0 == ARCH && level.1 == name).map(|index| Self(Some(index)))
    }

    /// The baselines of this architecture, the lowest first. An architecture without names has none.
    pub fn names() -> Vec<&'static str> {
        LEVELS.iter().filter(|level| level.0 == ARCH).map(|level| level.1).collect()
    }

    /// Its name; `native` for this machine's processor.
    pub fn name(self) -> &'static str {
        self.0.map_or("native", |index| LEVELS[index].1)
    }

    /// What the code generator may use; `None` for whatever this machine has.
    #[cfg(feature = "compile")]
    pub(crate) fn features(self) -> Option<Vec<&'static str>> {
        let levels = &LEVELS[..=self.0?];
        Some(levels.iter().filter(|level| level.0 == ARCH).flat_map(|level| level.2).copied().collect())
    }
}
