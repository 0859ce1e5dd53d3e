//! Policies from outside of a spec (`--policies`): whoever writes the spec cannot remove, rename or change them.
//!
//! Owns: reading the file, and putting its entries into a plan. Must not: run them; that is done as for the spec's own.

use flatwright_diagnostic::{Report, Rule};
use flatwright_plan::{Plan, Plugin};
use flatwright_render::Sources;
use flatwright_spec::types::FlatcarPolicies;
use flatwright_spec::{Decode, Decoder, Environment, lower_policies};

use crate::places::of_entry;
use crate::world::SpecFile;

/// A policy from outside that cannot be used beside the spec's plugins.
#[derive(Debug, Rule)]
#[rule(group = "plugin-policies")]
pub(super) enum Outside {
    /// Two entries of one name.
    #[rule("policy-name-taken", "`{name}` is the name of a policy in `{file}`, and of this plugin")]
    NameTaken { name: String, file: String },
    /// A plugin that reviews nothing.
    #[rule("not-a-policy", "plugin `{name}` has no `policy` hook, and nothing else of it is asked")]
    NoPolicy { name: String },
}

/// The entries of files of policies. All problems are in the report.
pub(crate) fn read(
    files: &[SpecFile],
    environment: &dyn Environment,
    sources: &mut Sources,
    report: &mut Report,
) -> Vec<Plugin> {
    let mut entries = Vec::new();
    for file in files {
        let text = flatwright_yaml::decode(&file.bytes).map(|text| text.into_owned()).unwrap_or_default();
        let source = sources.add(file.name.as_str(), text, None);
        let (tree, documents) = flatwright_spec::read_policy_documents(&file.bytes, source, report);
        let Some(tree) = tree.map(std::sync::Arc::new) else { continue };
        for document in documents {
            let mut decoder = Decoder { tree: &tree, source, environment, report: &mut *report };
            if let Some(policies) = FlatcarPolicies::decode(&mut decoder, document.root) {
                entries.extend(lower_policies(&policies, &file.name));
            }
        }
        sources.set_tree(source, tree);
    }
    entries
}

/// Puts the entries behind those of the spec.
pub(crate) fn join(entries: &[Plugin], plan: &mut Plan, report: &mut Report) {
    for entry in entries {
        let name = &entry.name.value;
        if let Some(own) = plan.plugins.iter().find(|own| own.name.value == *name) {
            let file = entry.outside.clone().unwrap_or_default();
            let anchor = own.name.origin.anchor().unwrap_or_else(|| of_entry(own));
            report
                .refuse(anchor, &Outside::NameTaken { name: name.clone(), file })
                .label(of_entry(entry), "the policy stands here")
                .hint("give the plugin another name");
        }
        plan.plugins.push(entry.clone());
    }
}

/// Refuses an entry that has nothing to review.
pub(super) fn check(entry: &Plugin, is_policy: bool, report: &mut Report) {
    if entry.outside.is_some() && !is_policy {
        report
            .refuse(of_entry(entry), &Outside::NoPolicy { name: entry.name.value.clone() })
            .hint("name it in the spec, under `plugins`");
    }
}
