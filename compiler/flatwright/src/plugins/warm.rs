//! Compiling the plugins of specs ahead of the runs that need them, for images and shared machines.
//!
//! Owns: finding the entries; nothing else of a spec is judged, and no settings are asked. Must not: know where compiled plugins go; the host does.

use flatwright_diagnostic::Report;
use flatwright_plan::Plugin as Entry;
use flatwright_plugin_host::Host;
use flatwright_render::Sources;
use flatwright_spec::{Decode, Decoder, Environment, lower_plugins, types::FlatcarCluster};

use super::Stop;
use super::load::{Memory, plugins, tell};
use crate::world::{SpecFile, Variables, World};

/// What came of compiling ahead.
#[derive(Debug)]
pub struct Warmed {
    /// The texts, for the report.
    pub sources: Sources,
    /// What cannot be used.
    pub report: Report,
    /// Names of the plugins that can, in the order of the specs.
    pub names: Vec<String>,
    /// Why the environment failed.
    pub failure: Option<String>,
}

/// Loads every plugin of every document, and of the policies from outside, with this host.
pub fn warm(files: &[SpecFile], policies: &[SpecFile], world: &dyn World, host: &Host) -> Warmed {
    let mut warmed = Warmed { sources: Sources::new(), report: Report::new(), names: Vec::new(), failure: None };
    let Warmed { sources, report, names, failure } = &mut warmed;
    let memory = Memory::default();
    let mut load = |base: &str, entries: &[Entry], report: &mut Report| {
        let open = |entry: &Entry| world.open_plugin(entry.outside.as_deref().unwrap_or(base), &entry.source.value);
        for (entry, plugin) in entries.iter().zip(plugins(entries, host, &memory, &open)) {
            match plugin.map_err(|unusable| tell(unusable, entry, report)) {
                Ok(plugin) => names.push(plugin.name().to_owned()),
                Err(Stop::Environment(reason)) => drop(failure.get_or_insert(reason)),
                Err(Stop::Reported) => {}
            }
        }
    };
    let environment = Anything(Variables(world));
    for file in files {
        let text = flatwright_yaml::decode(&file.bytes).map(|text| text.into_owned()).unwrap_or_default();
        let source = sources.add(file.name.as_str(), text, None);
        let (tree, documents) = flatwright_spec::read_documents(&file.bytes, source, report);
        let Some(tree) = tree.map(std::sync::Arc::new) else { continue };
        sources.set_tree(source, std::sync::Arc::clone(&tree));
        for document in documents {
            let mut decoder = Decoder { tree: &tree, source, environment: &environment, report: &mut *report };
            if let Some(spec) = FlatcarCluster::decode(&mut decoder, document.root) {
                load(&file.name, &lower_plugins(&spec.spec), report);
            }
        }
    }
    let outside = super::read(policies, &environment, sources, report);
    load("", &outside, report);
    warmed
}

/// An image is built where the variables of a later run are not there. Settings are not asked, so any value does.
struct Anything<'w>(Variables<'w>);

impl Environment for Anything<'_> {
    fn variable(&self, name: &str) -> Option<String> {
        self.0.variable(name).or_else(|| Some("1".to_owned()))
    }

    fn is_withheld(&self, name: &str) -> bool {
        self.0.is_withheld(name)
    }
}
