//! Which paths a hook's value can have.
//!
//! Owns: the walk along a path through the records, whose lists are known by name or position. Must not: know a value; it is about what can be, not about what is.

use flatwright_diagnostic::{Path, Segment};
use serde_json::Value;

use crate::sample::Sample;

/// How many steps of a path there can be in the values of a hook; all of them if it can exist.
pub fn steps_that_can_be<T: Sample>(path: &Path) -> usize {
    let samples = T::samples();
    let json = samples.iter().map(|sample| serde_json::to_value(sample).expect("invariant: records are JSON"));
    json.map(|sample| steps(&sample, path.segments())).max().unwrap_or(0)
}

/// A path without the steps that cannot be.
pub fn shortened<T: Sample>(path: &Path) -> Path {
    path.segments().iter().take(steps_that_can_be::<T>(path)).cloned().collect()
}

fn steps(mut value: &Value, path: &[Segment]) -> usize {
    for (taken, segment) in path.iter().enumerate() {
        let next = match (value, segment) {
            // A pair is known by its first half; there is nothing below it.
            (Value::Array(items), _) if is_pair(items) => None,
            // Every name and every position can be in a list, and the list of one character is a text.
            (Value::Array(items), _) => items.first(),
            (Value::Object(fields), Segment::Key(key)) => fields.get(&**key),
            _ => None,
        };
        match next {
            Some(next) => value = next,
            None => return taken,
        }
    }
    path.len()
}

fn is_pair(items: &[Value]) -> bool {
    matches!(items, [Value::String(_), Value::String(_)])
}

#[cfg(test)]
mod tests {
    use flatwright_plugin_host::model::images::Image;
    use flatwright_plugin_host::model::kubeadm::KubeadmSettings;
    use flatwright_plugin_host::model::sysupdate::SysupdateConfig;

    use super::*;

    #[test]
    fn paths_that_can_be_are_told_from_those_that_cannot() {
        fn kept<T: Sample>(path: &str) -> String {
            shortened::<T>(&Path::parse(path)).to_string()
        }
        for path in [
            "node.kubelet-arguments.max-pods.value",
            "node.files[\"/etc/motd\"].content.secret.key",
            "node.registration.labels.env",
            "node.registration.taints[0].effect",
            "control-plane.etcd.arguments[2].value",
        ] {
            assert_eq!(kept::<KubeadmSettings>(path), Path::parse(path).to_string());
        }
        assert_eq!(kept::<KubeadmSettings>("node.kubelet_arguments.max-pods"), "node");
        assert_eq!(kept::<KubeadmSettings>("node.registration.labels.env.value"), "node.registration.labels.env");
        assert_eq!(kept::<SysupdateConfig>("units[\"a.service\"].contents.text"), "units[\"a.service\"].contents.text");
        assert_eq!(kept::<SysupdateConfig>("timers"), "");
        assert_eq!(kept::<Image>("machine.compute-gallery.plan.sku"), "machine.compute-gallery.plan.sku");
        assert_eq!(kept::<Image>("machine.marketplace.gallery"), "machine.marketplace");
    }
}
