//! Plugins without running them: what a component is made of, and a description of one in its JSON form.

use flatwright_diagnostic::{Anchor, Path, Report, SourceId};
use flatwright_plugin_host::fault::Fault;
use flatwright_plugin_host::model::meta::Description;
use flatwright_plugin_host::{description, escape_line, inspect};
use flatwright_yaml::Tree;
use serde_json::Value;

use super::document::Reader;
use flatwright_plugin_law::settings::{pointer, validator};

/// Whether it is a component, its hooks, its version of the interface, its imports, the description that `plugin build` embedded.
pub(super) fn component(name: &str, bytes: &[u8], source: SourceId, report: &mut Report) {
    match inspect(name, bytes) {
        Ok(inspection) => {
            let description = inspection.shape.description.unwrap_or_default();
            settings_schema(&description, Anchor::whole(source), report);
        }
        Err(finding) => {
            let mut finding = *finding;
            finding.at(Anchor::whole(source));
            report.push(finding);
        }
    }
}

/// Reports a settings schema that is none. It must be one that can be applied in bounded time.
fn settings_schema(description: &Description, place: Anchor, report: &mut Report) {
    let settings = description.settings_schema.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok());
    if let Some(Err(reason)) = settings.map(|settings| validator(&settings)) {
        report.refuse(place, &invalid("`settings-schema` is not a JSON Schema".to_owned())).note(escape_line(&reason));
    }
}

/// A description: its form by the schema, then what a schema cannot say.
pub(super) fn described(tree: &Tree, source: SourceId, report: &mut Report) {
    let Some(root) = tree.roots().first().copied() else { return };
    let value = Reader { tree, filled: None, source, report }.read(root);
    let at = |path: Path| Anchor::path(source, path);
    let form = jsonschema::validator_for(&description::schema()).expect("invariant: our own schema is one");
    let mut is_formed = true;
    for error in form.iter_errors(&value) {
        is_formed = false;
        let path = pointer(error.instance_path().as_str());
        report.refuse(at(path), &invalid(escape_line(&error.to_string())));
    }
    if !is_formed {
        return;
    }
    let Ok(description) = serde_json::from_value::<Description>(value) else { return };
    let flaws = description::flaws(&description);
    let is_bounded = flaws.iter().all(|flaw| flaw.field != "settings-schema");
    for flaw in flaws {
        report.refuse(at(Path::root().key(flaw.field)), &invalid(flaw.fact));
    }
    if is_bounded {
        settings_schema(&description, at(Path::root().key("settings-schema")), report);
    }
}

fn invalid(fact: String) -> Fault {
    Fault::InvalidDescription { plugin: None, fact }
}
