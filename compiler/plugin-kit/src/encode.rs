//! From a core module to a component that carries its description.

use flatwright_plugin_host::model::meta::Description;
use flatwright_plugin_host::{Host, Limits, Source, escape_line, with_description};
use wit_component::ComponentEncoder;

use crate::error::Error;

/// Encodes a core module, whose types the bindings left in custom sections, as a component. What already is a component stays as it is.
///
/// # Errors
/// [`Error::Project`] if the module has no such sections or lacks an exported function.
pub fn encode(module: &[u8]) -> Result<Vec<u8>, Error> {
    const COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";
    if module.starts_with(COMPONENT) {
        return Ok(module.to_vec());
    }
    let encoded = ComponentEncoder::default().validate(true).module(module).and_then(|mut encoder| encoder.encode());
    encoded.map_err(|error| {
        let reason = format!("{error:#}");
        Error::Project(format!("the module cannot be made a component: {reason}\nhint: does the crate use `export!`?"))
    })
}

/// Asks a component to describe itself, and embeds the answer where it can be read without running anything.
///
/// # Errors
/// [`Error::Plugin`] if it cannot be loaded, [`Error::Project`] if its settings schema is invalid.
pub fn describe(host: &Host, name: &str, component: &[u8]) -> Result<(Vec<u8>, Description), Error> {
    let limits = Limits::default();
    let plugin = host.load(Source::new(name, component, &limits))?;
    let description = plugin.description().clone();
    if let Some(problem) = schema_problem(&description) {
        return Err(Error::Project(problem));
    }
    Ok((with_description(component, &description), description))
}

/// What keeps a settings schema from being one. Otherwise users would be the first to see it, in a compile.
pub(crate) fn schema_problem(description: &Description) -> Option<String> {
    let schema = serde_json::from_str(description.settings_schema.as_deref()?).ok()?;
    let error = jsonschema::validator_for(&schema).err()?;
    let (place, reason) = (error.instance_path(), escape_line(&error.to_string()));
    Some(format!("the settings schema is invalid, at `{}`: {reason}", escape_line(place.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_settings_schema_that_is_none_is_told_with_its_place() {
        let with = |schema: &str| Description { settings_schema: Some(schema.to_owned()), ..Description::default() };
        assert_eq!(schema_problem(&Description::default()), None);
        assert_eq!(schema_problem(&with(r#"{"type": "object"}"#)), None);
        let problem = schema_problem(&with(r#"{"properties": {"a": {"type": "text"}}}"#)).unwrap();
        assert!(problem.starts_with("the settings schema is invalid, at `/properties/a/type`: "), "{problem}");
    }

    #[test]
    fn what_is_no_module_is_refused_and_a_component_stays() {
        assert!(encode(b"text").is_err_and(|error| error.to_string().contains("cannot be made a component")));
        let component = b"\0asm\x0d\0\x01\0";
        assert_eq!(encode(component).unwrap(), component);
    }
}
