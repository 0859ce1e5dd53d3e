//! A case: one call of one hook as JSON.
//!
//! Owns: the form of `case.json`, and the cluster that a case starts from. Must not: read files, or know the spec: `plugin run --spec` makes a case of a spec
//! elsewhere, in this very form.

use flatwright_plugin_host::Hook;
use flatwright_plugin_host::model::cluster::{Context, NodeGroup};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::call::Question;

/// One call of one hook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The hook's name: `images`, `sysupdate`, `kubeadm` or `policy`.
    pub hook: String,
    /// The plugin's settings.
    #[serde(default = "empty", skip_serializing_if = "is_empty")]
    pub settings: Value,
    /// What differs from the cluster that cases start from (RFC 7396: objects are merged, lists replaced, `null` removes), by the names of the WIT package. Of the
    /// `groups`, too, only what differs: each is merged over the group of its name or else of its place, and further ones over the last worker.
    #[serde(default = "empty", skip_serializing_if = "is_empty")]
    pub context: Value,
    /// The value of the hook, by the names of the WIT package. Empty lists may be left out. Without it, a plain one is asked about.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub value: Value,
}

/// Why a case makes no sense.
#[derive(Debug, thiserror::Error)]
pub enum InvalidCase {
    /// The text is not JSON, or has another form.
    #[error("the case is not of the form of a case: {0}")]
    Form(String),
    /// No such hook.
    #[error("`{0}` is not a hook; there are images, sysupdate, kubeadm and policy")]
    Hook(String),
    /// Context or value are not what the WIT package says.
    #[error("{part} is not what hook `{hook}` takes: {reason}")]
    Part {
        /// `context`, one of its groups, or `value`, in words.
        part: String,
        /// The hook.
        hook: Hook,
        /// What serde says.
        reason: String,
    },
}

fn empty() -> Value {
    Value::Object(Map::new())
}

fn is_empty(value: &Value) -> bool {
    value.as_object().is_some_and(Map::is_empty)
}

impl Case {
    /// Reads `case.json`.
    ///
    /// # Errors
    /// [`InvalidCase::Form`].
    pub fn parse(text: &str) -> Result<Self, InvalidCase> {
        serde_json::from_str(text).map_err(|error| InvalidCase::Form(error.to_string()))
    }

    /// The plain cases of a hook: `kubeadm` is asked about the whole cluster, and then about each node group.
    pub fn plain(hook: Hook) -> Vec<Self> {
        let case = |context, value| Self { hook: hook.name().to_owned(), settings: empty(), context, value };
        let mut cases = vec![case(empty(), Value::Null)];
        if hook == Hook::Kubeadm {
            let mut value = plain_value(hook);
            merge(&mut value, &json!({"control-plane": null}));
            cases.push(case(json!({"target": {"group": 1}}), value));
        }
        cases
    }

    /// The hook.
    ///
    /// # Errors
    /// [`InvalidCase::Hook`].
    pub fn hook(&self) -> Result<Hook, InvalidCase> {
        let found = Hook::ALL.into_iter().find(|hook| hook.name() == self.hook);
        found.ok_or_else(|| InvalidCase::Hook(self.hook.clone()))
    }

    /// What the hook is asked.
    ///
    /// # Errors
    /// [`InvalidCase`]: the first thing that does not fit.
    pub fn question(&self) -> Result<(Context, Question), InvalidCase> {
        let hook = self.hook()?;
        let target = match hook {
            Hook::Images | Hook::Sysupdate => json!({"group": 1}),
            Hook::Kubeadm | Hook::Policy => json!("cluster"),
        };
        let mut context = cluster();
        merge(&mut context, &json!({"target": target}));
        let plain = context["groups"].take();
        merge(&mut context, &self.context);
        context["groups"] = groups(hook, &plain, &context["groups"])?;
        merge(&mut context, &json!({"settings": self.settings.to_string()}));
        let context = decode(hook, "`context`", context)?;
        let value = if self.value.is_null() { plain_value(hook) } else { self.value.clone() };
        let question = match hook {
            Hook::Images => Question::Images(decode(hook, "`value`", value)?),
            Hook::Sysupdate => Question::Sysupdate(decode(hook, "`value`", value)?),
            Hook::Kubeadm => Question::Kubeadm(decode(hook, "`value`", value)?),
            Hook::Policy => Question::Policy(decode(hook, "`value`", value)?),
        };
        Ok((context, question))
    }
}

fn decode<T: DeserializeOwned>(hook: Hook, part: impl Into<String>, value: Value) -> Result<T, InvalidCase> {
    serde_json::from_value(value).map_err(|error| InvalidCase::Part {
        part: part.into(),
        hook,
        reason: error.to_string(),
    })
}

/// The groups of a case, of which it says what differs.
fn groups(hook: Hook, plain: &Value, said: &Value) -> Result<Value, InvalidCase> {
    let (Some(plain), Value::Array(said)) = (plain.as_array(), said) else {
        return Ok(if said.is_null() { plain.clone() } else { said.clone() });
    };
    let worker = |index: usize| {
        let mut worker = plain[1].clone();
        merge(&mut worker, &json!({"index": index, "name": format!("md-{index}")}));
        worker
    };
    let group = |(index, said): (usize, &Value)| {
        let of_name = plain.iter().find(|group| group["name"] == said["name"]).cloned();
        let mut group = of_name.or_else(|| plain.get(index).cloned()).unwrap_or_else(|| worker(index));
        merge(&mut group, &json!({"index": index}));
        merge(&mut group, said);
        let name = group["name"].as_str().unwrap_or_default();
        let part = format!("group {index} (`{name}`) of `context`");
        decode::<NodeGroup>(hook, part, group.clone()).map(|_| group)
    };
    said.iter().enumerate().map(group).collect()
}

/// RFC 7396, but one case of a variant replaces another: `"cluster"` and `{"group": 1}` are never merged, since one of them is no object.
fn merge(value: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *value = patch.clone();
        return;
    };
    if !value.is_object() {
        *value = empty();
    }
    let fields = value.as_object_mut().expect("invariant: made an object above");
    for (key, patch) in patch {
        if patch.is_null() {
            fields.remove(key);
        } else {
            merge(fields.entry(key.as_str()).or_insert(Value::Null), patch);
        }
    }
}

/// The cluster that cases start from: a control plane and two pools, one of them arm64.
fn cluster() -> Value {
    let group = |index: u32, name: &str, role: &str, architecture: &str, size: &str| {
        json!({
            "index": index, "name": name, "role": role, "architecture": architecture, "replicas": 3, "vm-size": size,
            "kubernetes-version": "v1.34.2", "flatcar": {"channel": "stable", "version": "4593.2.5"},
        })
    };
    json!({
        "flavor": "flatcar-sysext",
        "contract": "v1beta2",
        "cluster": {
            "name": "demo", "namespace": "default", "kubernetes-version": "v1.34.2", "location": "westeurope",
            "resource-group": "demo", "pod-networks": ["192.168.0.0/16"], "service-networks": ["10.96.0.0/12"],
        },
        "groups": [
            group(0, "control-plane", "control-plane", "amd64", "Standard_D4s_v5"),
            group(1, "md-0", "worker", "amd64", "Standard_D4s_v5"),
            group(2, "arm", "worker", "arm64", "Standard_D4ps_v5"),
        ],
    })
}

fn plain_value(hook: Hook) -> Value {
    match hook {
        Hook::Images => json!({"machine": {"marketplace": {
            "publisher": "kinvolk", "offer": "flatcar-container-linux-corevm-amd64", "sku": "stable-gen2",
            "version": "4593.2.5", "third-party": true,
        }}}),
        Hook::Sysupdate => json!({
            "enabled": true,
            "schedule": {},
            "transfers": [{
                "component": "kubernetes", "file-name": "kubernetes-v1.34.conf",
                "contents": {"sections": [
                    {"name": "Transfer", "entries": [["Verify", "false"]]},
                    {"name": "Source", "entries": [
                        ["Type", "url-file"], ["Path", "https://extensions.flatcar.org/extensions/"],
                        ["MatchPattern", "kubernetes-@v-x86-64.raw"],
                    ]},
                    {"name": "Target", "entries": [
                        ["InstancesMax", "3"], ["Type", "regular-file"], ["Path", "/opt/extensions/kubernetes"],
                        ["CurrentSymlink", "/etc/extensions/kubernetes.raw"],
                    ]},
                ]},
            }],
            "kubernetes": {
                "name": "kubernetes", "version": "v1.34.2",
                "source": "https://extensions.flatcar.org/extensions/kubernetes-v1.34.2-x86-64.raw",
            },
        }),
        Hook::Kubeadm => json!({
            "control-plane": {"etcd": {}},
            "node": {"kubelet-arguments": [{"name": "cloud-provider", "value": "external"}]},
        }),
        Hook::Policy => json!({"objects": [{
            "reference": {
                "api-version": "cluster.x-k8s.io/v1beta2", "kind": "Cluster", "namespace": "default", "name": "demo",
            },
            "json": "{\"apiVersion\":\"cluster.x-k8s.io/v1beta2\",\"kind\":\"Cluster\",\"metadata\":{\"name\":\"demo\",\"namespace\":\"default\"}}",
        }]}),
    }
}

#[cfg(test)]
mod tests {
    use flatwright_plugin_host::model::cluster::Target;

    use super::*;

    #[test]
    fn every_hook_has_a_plain_case() {
        for hook in Hook::ALL {
            for case in Case::plain(hook) {
                case.question().unwrap_or_else(|error| panic!("{hook}: {error}"));
            }
        }
    }

    #[test]
    fn a_context_is_merged_over_the_plain_one() {
        let case = Case::parse(
            r#"{"hook": "kubeadm", "settings": {"a": 1}, "context": {"target": {"group": 2}, "cluster": {"name": "x"}}, "value": {"node": {}}}"#,
        )
        .unwrap();
        let (context, question) = case.question().unwrap();
        assert_eq!((context.target, context.cluster.name.as_str()), (Target::Group(2), "x"));
        assert_eq!((context.cluster.location.as_str(), context.settings.as_str()), ("westeurope", r#"{"a":1}"#));
        assert!(matches!(question, Question::Kubeadm(settings) if settings.control_plane.is_none()));
    }

    #[test]
    fn a_case_says_of_groups_what_differs() {
        let case = Case::parse(
            r#"{"hook": "kubeadm", "context": {"groups": [{}, {"name": "arm", "replicas": 9}, {"name": "gpu", "vm-size": "x"}, {}]}}"#,
        );
        let (context, _) = case.unwrap().question().unwrap();
        let groups: Vec<_> =
            context.groups.iter().map(|group| (group.index, group.name.as_str(), group.vm_size.as_str())).collect();
        let known = "Standard_D4s_v5";
        assert_eq!(
            groups,
            [(0, "control-plane", known), (1, "arm", "Standard_D4ps_v5"), (2, "gpu", "x"), (3, "md-3", known)]
        );
        let case = Case::parse(r#"{"hook": "kubeadm", "context": {"groups": [{}, {"name": "gpu", "sizes": 1}]}}"#);
        let error = case.unwrap().question().unwrap_err().to_string();
        assert!(
            error.starts_with("group 1 (`gpu`) of `context` is not") && error.contains("unknown field `sizes`"),
            "{error}"
        );
    }

    #[test]
    fn mistakes_are_named() {
        let error = |text: &str| {
            let case = Case::parse(text).map_err(|error| error.to_string());
            case.and_then(|case| case.question().map_err(|error| error.to_string())).unwrap_err()
        };
        assert!(error("{}").contains("missing field `hook`"));
        assert!(error(r#"{"hook": "image"}"#).contains("`image` is not a hook"));
        assert!(error(r#"{"hook": "kubeadm", "value": {"nodes": {}}}"#).contains("unknown field `nodes`"));
        assert!(error(r#"{"hook": "images", "context": {"flavour": 1}}"#).contains("`context`"));
    }
}
