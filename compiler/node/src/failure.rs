//! A step that fails, and how it is told.
//!
//! Owns: notes and hints. Must not: know a place in a spec; whoever calls knows how a config's path leads there.

use flatwright_diagnostic::{Diagnostic, Part, Path, Severity};

use crate::item::Item;
use crate::rule::FirstBoot;

/// A step that fails on the node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Why.
    pub rule: FirstBoot,
    /// The part of the config that it is about.
    pub item: Item,
    /// What the item is called: its path on the node, or its name.
    pub subject: String,
    /// Where links lead the item to, if that is another path than it says.
    pub place: Option<String>,
    /// The path in the config of the value to change.
    pub path: Path,
    /// The path of that value in the item.
    pub field: Path,
    /// Whether it need not come to this, as it rests on what the image has or on a number that is chosen there.
    pub is_likely: bool,
    /// What to type.
    pub hints: Vec<String>,
    /// The value that stands there, and the names that it could be.
    pub(crate) names: Option<(String, Vec<String>)>,
}

impl Failure {
    /// What the node does when it comes to this.
    pub fn step(&self) -> String {
        let subject = &self.subject;
        match self.item {
            Item::Disk(_) | Item::Partition(..) => format!("partitioning `{subject}`"),
            Item::Raid(_) => format!("making array `{subject}`"),
            Item::Luks(_) => format!("opening volume `{subject}`"),
            Item::Filesystem(_) => format!("making or mounting the file system of `{subject}`"),
            Item::Group(_) => format!("making group `{subject}`"),
            Item::User(_) => format!("making user `{subject}`"),
            Item::Directory(_) | Item::File(_) | Item::Link(_) => format!("writing `{subject}`"),
            Item::Unit(_) | Item::Dropin(..) => format!("writing unit `{subject}`"),
        }
    }

    /// The finding: an error, or a warning where it need not come to this.
    pub fn diagnostic(&self) -> Diagnostic {
        let severity = if self.is_likely { Severity::Warning } else { Severity::Error };
        let mut finding = Diagnostic::of(&self.rule, severity);
        finding.within(self.path.clone());
        match &self.rule {
            FirstBoot::PlainPassword { .. } => {
                finding.note("it stands in the machine's user data as well, and nobody can log in with it: the node compares hashes");
            }
            FirstBoot::WorldReadable { .. } => {}
            rule if rule.stops() => {
                finding.note(format!("Ignition stops in the initramfs when {}: the machine never boots", self.step()));
            }
            _ => {
                finding.note("Ignition does it, but the node will not have what was meant");
            }
        }
        if let Some(place) = &self.place {
            finding.note(format!("links of the node lead from `{}` to `{place}`", self.subject));
        }
        if let Some((written, names)) = &self.names {
            finding.did_you_mean(written, Part::Value, names.iter().map(String::as_str));
        }
        self.hints.iter().for_each(|hint| {
            finding.hint(hint.clone());
        });
        finding
    }
}
