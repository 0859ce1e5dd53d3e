//! Why a machine would not boot, as a rule: the broken rule is the translation's own, or one of the config that it reads or makes.

use std::fmt;

use flatwright_diagnostic::{Code, Datum, Rule};
use flatwright_ignition::Entry;
use flatwright_ignition::translate::Refusal;

/// What findings of the translation answer to.
const TRANSLATION: &str = "ignition-translation";

/// A machine that stops in the initramfs, as Flatcar's Ignition translates its config.
#[derive(Clone, Copy, Debug)]
pub struct Unbootable<'r>(pub &'r Refusal);

impl Unbootable<'_> {
    fn culprit(&self) -> Option<&Entry> {
        self.0.entries().first()
    }
}

impl Rule for Unbootable<'_> {
    fn code(&self) -> Code {
        let code = match self.0 {
            Refusal::Own(problem) => problem.code(),
            Refusal::InvalidInput(entries) | Refusal::InvalidOutput(entries) => {
                entries.first().expect("invariant: a report that refuses has an entry").problem.code()
            }
        };
        code.found_in(TRANSLATION)
    }

    fn data(&self) -> Vec<Datum> {
        match self.0 {
            Refusal::Own(problem) => problem.data(),
            Refusal::InvalidInput(entries) | Refusal::InvalidOutput(entries) => {
                entries.iter().flat_map(|entry| entry.problem.data()).collect()
            }
        }
    }

    // The rules themselves are listed by the crate that has them.
    fn codes() -> Vec<Code> {
        Vec::new()
    }
}

impl fmt::Display for Unbootable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the machine would not boot: ")?;
        match (self.culprit(), self.0) {
            (Some(entry), _) => entry.problem.fmt(f),
            (None, refusal) => refusal.fmt(f),
        }
    }
}
