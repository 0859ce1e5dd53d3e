//! Checks names and tags of the emitted objects. Changes nothing: what breaks a rule is an error at the user's line.

use std::collections::BTreeMap;

use flatwright_plugin_sdk::prelude::*;

/// `spec.plugins[].settings`, as `settings.schema.json` has it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[derive(Default)]
pub struct Settings {
    cluster_prefixes: Vec<String>,
    max_name_length: Option<usize>,
    required_tags: BTreeMap<String, Vec<String>>,
}

/// The plugin.
pub struct NamingPolicy;

impl Plugin for NamingPolicy {
    type Settings = Settings;

    fn describe() -> Description {
        description!("checks names and tags of the emitted objects")
            .settings_schema(include_str!("../settings.schema.json"))
    }
}

impl Policy for NamingPolicy {
    fn select(context: &Context<Settings>) -> Interests {
        match context.settings.max_name_length {
            Some(_) => Interests { objects: ObjectInterest::Everything, machine_configs: Vec::new() },
            None => Interests::kinds(["Cluster", "AzureCluster"]),
        }
    }

    fn review(context: &Context<Settings>, bundle: &Bundle, report: &mut Report) {
        let settings = &context.settings;
        for object in &bundle.objects {
            let name = &object.reference.name;
            if let Some(most) = settings.max_name_length.filter(|most| name.chars().count() > *most) {
                report
                    .error(format!(
                        "{} `{name}` has {} characters, at most {most}",
                        object.reference.kind,
                        name.chars().count()
                    ))
                    .code("long-name")
                    .at_object(object, "metadata.name");
            }
            match object.reference.kind.as_str() {
                "Cluster" => check_prefix(settings, object, report),
                "AzureCluster" => check_tags(settings, object, report),
                _ => {}
            }
        }
    }
}

fn check_prefix(settings: &Settings, object: &Object, report: &mut Report) {
    let name = &object.reference.name;
    let prefixes = &settings.cluster_prefixes;
    if !prefixes.is_empty() && !prefixes.iter().any(|prefix| name.starts_with(prefix)) {
        report
            .error(format!("the cluster's name `{name}` begins with none of `{}`", prefixes.join("`, `")))
            .code("cluster-prefix")
            .at_object(object, "metadata.name")
            .hint(format!("name it `{}{name}`", prefixes[0]));
    }
}

fn check_tags(settings: &Settings, object: &Object, report: &mut Report) {
    let value = object.value();
    let tags = &value["spec"]["additionalTags"];
    for (tag, allowed) in &settings.required_tags {
        match tags[tag.as_str()].as_str() {
            None => {
                report
                    .error(format!("the tag `{tag}` is missing"))
                    .code("missing-tag")
                    .at_object(object, "spec.additionalTags")
                    .hint(format!("add `{tag}` to `spec.azure.additionalTags`"));
            }
            Some(value) if !allowed.is_empty() && !allowed.iter().any(|other| other == value) => {
                report
                    .error(format!("the tag `{tag}` is `{value}`, not one of `{}`", allowed.join("`, `")))
                    .code("tag-value")
                    .at_object(object, format!("spec.additionalTags[{tag:?}]"));
            }
            Some(_) => {}
        }
    }
}

export!(NamingPolicy: policy);

#[cfg(test)]
mod tests {
    use flatwright_plugin_sdk::testing;

    use super::*;

    const CLUSTER: &str =
        r#"{"apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Cluster", "metadata": {"name": "demo"}}"#;
    const AZURE: &str =
        r#"{"kind": "AzureCluster", "metadata": {"name": "demo"}, "spec": {"additionalTags": {"team": "a"}}}"#;

    fn codes(settings: &str) -> Vec<String> {
        let objects = [testing::object(CLUSTER), testing::object(AZURE)];
        let findings = testing::review::<NamingPolicy>(&testing::cluster(settings), &objects);
        findings.into_iter().filter_map(|finding| finding.code).collect()
    }

    #[test]
    fn each_rule_finds_its_breach() {
        assert_eq!(codes(r#"{"clusterPrefixes": ["prod-"]}"#), ["cluster-prefix"]);
        assert_eq!(codes(r#"{"maxNameLength": 3}"#), ["long-name", "long-name"]);
        assert_eq!(codes(r#"{"requiredTags": {"team": ["b"], "cost": []}}"#), ["missing-tag", "tag-value"]);
        assert!(codes(r#"{"clusterPrefixes": ["de"], "requiredTags": {"team": ["a"]}}"#).is_empty());
    }

    #[test]
    fn only_what_is_needed_is_asked_for() {
        let interests = testing::select::<NamingPolicy>(&testing::cluster("{}"));
        assert_eq!(interests, Interests::kinds(["Cluster", "AzureCluster"]));
    }
}
