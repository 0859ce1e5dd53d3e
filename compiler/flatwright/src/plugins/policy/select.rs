//! What a policy asks for, held against what there can be.

use flatwright_capi::KINDS;
use flatwright_diagnostic::{Report, Rule, nearest};
use flatwright_plan::Plugin;
use flatwright_plugin_host::escape_line;
use flatwright_plugin_host::model::policy::{Interests, ObjectInterest};

use crate::places::of_entry;

/// A policy that asks for what is never made.
#[derive(Debug, Rule)]
#[rule(group = "plugin-select")]
pub(in super::super) enum Select {
    /// One of the kinds.
    #[rule("plugin-selects-unknown-kind", "plugin `{plugin}` asks for objects of kind `{kind}`, which are never made")]
    UnknownKind { plugin: String, kind: String },
    /// All of them: the policy would see nothing, for ever.
    #[rule("plugin-selects-nothing", "plugin `{plugin}` asks only for kinds of objects that are never made: {kinds}")]
    Nothing { plugin: String, kinds: String },
}

/// Reports kinds that this program never emits; one that the spec happens not to need is nothing. Gives whether the policy can be asked.
pub(super) fn check(interests: &Interests, entry: &Plugin, report: &mut Report) -> bool {
    let ObjectInterest::Kinds(kinds) = &interests.objects else { return true };
    let unknown: Vec<&String> = kinds.iter().filter(|kind| !KINDS.contains(&kind.as_str())).collect();
    let plugin = || entry.name.value.clone();
    let suggested = |kind: &str| nearest(kind, KINDS).map(|known| format!("did the author mean `{known}`?"));
    if !kinds.is_empty() && unknown.len() == kinds.len() {
        let named: Vec<String> = unknown.iter().map(|kind| format!("`{}`", escape_line(kind))).collect();
        let rule = Select::Nothing { plugin: plugin(), kinds: named.join(", ") };
        let finding = report.refuse(of_entry(entry), &rule);
        finding.hints.extend(unknown.iter().filter_map(|kind| suggested(kind)));
        return false;
    }
    for kind in unknown {
        let rule = Select::UnknownKind { plugin: plugin(), kind: escape_line(kind) };
        let finding = report.warn(of_entry(entry), &rule);
        finding.hints.extend(suggested(kind));
    }
    true
}
