//! The schemas of plugins' settings in the schema of the spec, for editors.
//!
//! Reads the descriptions that `plugin build` embeds and runs nothing, so that opening a spec in an editor runs nobody's code.

use flatwright_diagnostic::{Anchor, Report};
use flatwright_plugin_host::inspect;
use flatwright_render::Sources;
use flatwright_spec::{Decode, Decoder, types::FlatcarCluster};
use serde_json::{Value, json};

use super::rules::File;
use crate::world::{SpecFile, Variables, World};

/// Adds to the spec's JSON Schema what the plugins of a spec take as settings, by the plugins' names. What cannot be read is left out and told.
pub fn add_plugin_settings(schema: &mut Value, file: &SpecFile, world: &dyn World) -> (Report, Sources) {
    let (mut report, mut sources) = (Report::new(), Sources::new());
    let text = flatwright_yaml::decode(&file.bytes).map(|text| text.into_owned()).unwrap_or_default();
    let source = sources.add(file.name.as_str(), text, None);
    let (tree, documents) = flatwright_spec::read_documents(&file.bytes, source, &mut report);
    let Some(tree) = tree.map(std::sync::Arc::new) else { return (report, sources) };
    sources.set_tree(source, std::sync::Arc::clone(&tree));
    let mut rules = Vec::new();
    for document in documents {
        let environment = Variables(world);
        let mut decoder = Decoder { tree: &tree, source, environment: &environment, report: &mut report };
        let Some(spec) = FlatcarCluster::decode(&mut decoder, document.root) else { continue };
        for plugin in &spec.spec.plugins {
            let name = plugin.name.as_str();
            let described = world
                .open_plugin(&file.name, plugin.source.as_str())
                .and_then(|mut reader| {
                    let mut component = Vec::new();
                    std::io::Read::read_to_end(&mut reader, &mut component).map_err(|error| error.to_string())?;
                    Ok(component)
                })
                .and_then(|component| inspect(name, &component).map_err(|diagnostic| diagnostic.message));
            let description = match described {
                Ok(inspection) => inspection.shape.description,
                Err(reason) => {
                    let place = plugin.source.origin.anchor().unwrap_or(Anchor::whole(source));
                    let source = plugin.source.as_str().to_owned();
                    let rule = File::Unread { name: name.to_owned(), source, reason };
                    report.warn(place, &rule).hint("its settings are not in the schema");
                    None
                }
            };
            let settings = description.and_then(|description| serde_json::from_str(&description.settings_schema?).ok());
            rules.extend(settings.map(|settings| rule(name, settings)));
        }
    }
    if let Some(plugin) = schema.pointer_mut("/$defs/Plugin").and_then(Value::as_object_mut) {
        plugin.insert("allOf".to_owned(), rules.into());
    }
    (report, sources)
}

/// The settings are a schema of their own (`$id`), so that references in it stay inside.
fn rule(name: &str, mut settings: Value) -> Value {
    if let Some(settings) = settings.as_object_mut() {
        settings.insert("$id".to_owned(), format!("https://flatwright.dev/plugins/{name}/settings.json").into());
    }
    json!({ "if": { "properties": { "name": { "const": name } } }, "then": { "properties": { "settings": settings } } })
}
