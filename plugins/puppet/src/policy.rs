//! The policy hook: tells what it sees, so that tests can see it too.

use serde_json::{Value, json};

use crate::Puppet;
use crate::bindings::exports::flatwright::plugin::policy;
use crate::bindings::flatwright::plugin::cluster::Context;
use crate::bindings::flatwright::plugin::findings::{Diagnostic, ObjectPlace, Place};
use crate::bindings::flatwright::plugin::policy_types::{Bundle, Interests, MachineConfig, Object, ObjectInterest};
use crate::edit;
use crate::steps::{self, Show, finding};

impl policy::Guest for Puppet {
    fn select(context: Context) -> Interests {
        let asked = steps::of(&context, "policy").into_iter().find_map(|step| step.ask);
        asked.map_or(Interests { objects: ObjectInterest::Nothing, machine_configs: Vec::new() }, |asked| {
            serde_json::from_value(asked).unwrap_or_else(|error| panic!("`ask`: {error}"))
        })
    }

    fn review(context: Context, bundle: Bundle) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        for mut step in steps::of(&context, "policy") {
            if let Some(show) = step.show.take() {
                findings.extend(bundle.objects.iter().filter_map(|object| show.of_object(object)));
                findings.extend(bundle.machine_configs.iter().filter_map(|config| show.of_config(&context, config)));
            }
            findings.extend(step.act(&mut Value::Null));
        }
        findings
    }
}

impl Show {
    fn of_object(&self, object: &Object) -> Option<Diagnostic> {
        let name = format!("{}/{}", object.reference.kind, object.reference.name);
        let is_meant = self.object.as_ref().is_some_and(|wanted| *wanted == name || wanted == "*");
        let group = object.group.map_or(String::new(), |group| format!(", group {group}"));
        let value = serde_json::from_str(&object.json).expect("invariant: the host sends JSON");
        let told = self.told(value)?;
        let mut finding = finding(&json!({"message": format!("{} {name}{group}{told}", object.reference.api_version)}));
        let path = self.at.as_ref().map(|at| at.trim_start_matches('/').replace('/', ".")).unwrap_or_default();
        finding.place = Place::Object(ObjectPlace { object: object.reference.clone(), path });
        is_meant.then_some(finding)
    }

    fn of_config(&self, context: &Context, config: &MachineConfig) -> Option<Diagnostic> {
        let form = format!("{:?}", config.form).rsplit(':').next().unwrap_or_default().to_owned();
        let is_meant = self.form.as_ref().is_some_and(|wanted| form.contains(wanted.as_str()));
        let name = &context.groups[config.group as usize].name;
        let role = if config.initializes { "initializes" } else { "does not initialize" };
        // A source is YAML: told as the text that it is.
        let value = serde_json::from_str(&config.text).unwrap_or_else(|_| config.text.as_str().into());
        let told = self.told(value)?;
        is_meant.then(|| finding(&json!({"message": format!("{form} of {name}, {role}{told}")})))
    }

    /// ` path = value`; nothing if the path leads nowhere.
    fn told(&self, mut value: Value) -> Option<String> {
        let Some(at) = &self.at else { return Some(String::new()) };
        edit::get(&mut value, at).map(|value| format!(": {at} = {value}"))
    }
}
