//! What was applied before, as values: of manifests, and of specs as they compile.

use flatwright_diagnostic::{Anchor, Path, Report};
use flatwright_render::Sources;
use serde_json::Value as Json;

use super::file::text_of;
use super::manifests;
use crate::compile::{self, compile_into};
use crate::json::to_json;
use crate::world::{SpecFile, World};

/// The objects of manifests, each with its place. What is wrong with them is no longer of interest, as long as they can be read.
pub(crate) fn read_objects(files: &[SpecFile], sources: &mut Sources, report: &mut Report) -> Vec<(Json, Anchor)> {
    let mut objects = Vec::new();
    for file in files {
        let source = sources.next_id();
        let Some(text) = text_of(&file.bytes, source, report) else {
            sources.add_binary(file.name.as_str());
            continue;
        };
        let tree = manifests::parse(&text, source, report);
        let read = manifests::read(&tree, source, &mut Report::new());
        objects.extend(read.into_iter().map(|manifest| {
            let anchor = manifest.anchor(&Path::root());
            (manifest.value, anchor)
        }));
        sources.add(file.name.as_str(), tree.shared_text(), Some(tree));
    }
    objects
}

/// The objects that specs compile to, and why they cannot.
pub(super) fn compiled(
    files: &[SpecFile],
    world: &dyn World,
    options: &compile::Options,
    sources: &mut Sources,
    report: &mut Report,
) -> (Vec<Json>, Option<String>) {
    let compilation = compile_into(std::mem::take(sources), files, world, options);
    *sources = compilation.sources;
    // What an older release took is no longer of interest, as long as there are objects.
    if compilation.clusters.is_empty() {
        report.extend(compilation.report);
    }
    let objects = compilation.clusters.iter().flat_map(|cluster| &cluster.objects);
    (objects.map(|object| to_json(&object.value)).collect(), compilation.failure)
}
