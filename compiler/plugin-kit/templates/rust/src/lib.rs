//! Limits how many pods a node may run.

use flatwright_plugin_sdk::prelude::*;

/// `spec.plugins[].settings`, as `settings.schema.json` has it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Settings {
    // hook: kubeadm
    #[serde(default = "default_max_pods")]
    max_pods: u32,
    // end
}

// hook: kubeadm
fn default_max_pods() -> u32 {
    110
}

// end
struct ExamplePlugin;

impl Plugin for ExamplePlugin {
    type Settings = Settings;

    fn describe() -> Description {
        description!("limits how many pods a node may run")
            .settings_schema(include_str!("../settings.schema.json"))
    }
}

// hook: images
impl Images for ExamplePlugin {
    fn machine(_: &Context<Settings>, group: &NodeGroup, image: &mut MachineImage, report: &mut Report) {
        if let MachineImage::Marketplace(image) = image
            && image.version == "latest"
        {
            report
                .error(format!("node group `{}` boots whatever image is the latest", group.name))
                .at_value("machine.marketplace.version")
                .hint("set a version, so that all nodes are equal");
        }
    }
}

// end
// hook: sysupdate
impl Sysupdate for ExamplePlugin {
    fn customize(_: &Context<Settings>, _: &NodeGroup, config: &mut SysupdateConfig, _: &mut Report) {
        config.schedule.get_or_insert_default().on_calendar = vec!["Sun 03:00".to_owned()];
    }
}

// end
// hook: policy
const LONGEST_NAME: usize = 40;

impl Policy for ExamplePlugin {
    fn review(_: &Context<Settings>, bundle: &Bundle, report: &mut Report) {
        for object in &bundle.objects {
            let name = &object.reference.name;
            if name.len() > LONGEST_NAME {
                report
                    .error(format!("the name `{name}` is longer than {LONGEST_NAME} characters"))
                    .at_object(object, "metadata.name")
                    .hint("choose a shorter name");
            }
        }
    }
}

// end
// hook: kubeadm
impl Kubeadm for ExamplePlugin {
    fn group(context: &Context<Settings>, group: &NodeGroup, node: &mut NodeSettings, report: &mut Report) {
        let max_pods = context.settings.max_pods;
        if max_pods > 250 {
            report
                .error(format!("node group `{}` cannot run `{max_pods}` pods", group.name))
                .at_settings("maxPods")
                .hint("set `maxPods` to 250 or less");
        }
        node.kubelet_arguments.set("max-pods", max_pods.to_string());
    }
}

// end
export!(ExamplePlugin: kubeadm);
// hook: kubeadm

#[cfg(test)]
mod tests {
    use super::*;
    use flatwright_plugin_sdk::testing;

    #[test]
    fn the_kubelet_gets_the_limit() {
        let context = testing::group(1, r#"{"maxPods": 64}"#);
        let answer = testing::kubeadm::<ExamplePlugin>(&context, testing::kubeadm_settings()).unwrap();
        assert_eq!(answer.settings.node.kubelet_arguments.value("max-pods"), Some("64"));
    }

    #[test]
    fn too_many_pods_are_refused() {
        let context = testing::group(1, r#"{"maxPods": 1000}"#);
        let findings = testing::kubeadm::<ExamplePlugin>(&context, testing::kubeadm_settings()).unwrap_err();
        assert_eq!(findings[0].hints, ["set `maxPods` to 250 or less"]);
    }
}
// end
