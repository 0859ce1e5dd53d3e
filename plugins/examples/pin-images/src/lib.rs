//! Pins machine images per channel, and container images, from a table in the settings, so that every cluster of a fleet boots the same bits until the table changes.

use std::collections::BTreeMap;

use flatwright_plugin_sdk::prelude::*;

/// `spec.plugins[].settings`, as `settings.schema.json` has it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Settings {
    #[serde(default)]
    channels: BTreeMap<String, String>,
    #[serde(default)]
    containers: BTreeMap<String, Pin>,
    #[serde(default)]
    strict: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pin {
    tag: Option<String>,
    digest: Option<String>,
}

/// The plugin.
pub struct PinImages;

impl Plugin for PinImages {
    type Settings = Settings;

    fn describe() -> Description {
        description!("pins machine images per channel and container images")
            .settings_schema(include_str!("../settings.schema.json"))
    }
}

impl Images for PinImages {
    fn machine(context: &Context<Settings>, group: &NodeGroup, image: &mut MachineImage, report: &mut Report) {
        let channel = &group.flatcar.channel;
        let version = match image {
            MachineImage::Marketplace(image) => &mut image.version,
            MachineImage::CommunityGallery(image) => &mut image.version,
            MachineImage::ComputeGallery(image) => &mut image.version,
            // A resource id names one image already.
            MachineImage::Id(_) | MachineImage::Other(_) => return,
        };
        match context.settings.channels.get(channel) {
            Some(pinned) => pinned.clone_into(version),
            None => {
                let message = format!("node group `{}` is on channel `{channel}`, which is not pinned", group.name);
                let finding = if context.settings.strict { report.error(message) } else { report.warning(message) };
                finding
                    .code("channel-without-pin")
                    .at_settings("channels")
                    .hint(format!("add `{channel}: {version}` to keep the version of today"));
            }
        }
    }

    fn container(context: &Context<Settings>, image: &mut ContainerImage, _: &mut Report) {
        if let Some(Pin { tag, digest }) = context.settings.containers.get(&image.repository) {
            // A digest of another tag would contradict the tag, so both are replaced.
            image.tag = tag.clone().or(image.tag.take());
            image.digest.clone_from(digest);
        }
    }
}

export!(PinImages: images);

#[cfg(test)]
mod tests {
    use flatwright_plugin_sdk::image_types::Image;
    use flatwright_plugin_sdk::testing;

    use super::*;

    #[test]
    fn the_channel_decides() {
        let context = testing::group(1, r#"{"channels": {"stable": "4593.2.6"}}"#);
        let answer = testing::images::<PinImages>(&context, testing::machine_image()).unwrap();
        let Image::Machine(MachineImage::Marketplace(image)) = answer.image else { panic!("another image") };
        assert_eq!((image.version.as_str(), answer.findings.len()), ("4593.2.6", 0));
    }

    #[test]
    fn an_unpinned_channel_is_told() {
        let lenient = testing::group(1, "{}");
        let answer = testing::images::<PinImages>(&lenient, testing::machine_image()).unwrap();
        assert_eq!(answer.image, testing::machine_image());
        assert_eq!(answer.findings[0].hints, ["add `stable: 4593.2.5` to keep the version of today"]);
        let strict = testing::group(1, r#"{"strict": true}"#);
        assert!(testing::images::<PinImages>(&strict, testing::machine_image()).is_err());
    }

    #[test]
    fn a_container_image_gets_its_digest() {
        let digest = format!("sha256:{}", "0".repeat(64));
        let settings =
            format!(r#"{{"containers": {{"quay.io/calico/node": {{"tag": "v3.30.0", "digest": "{digest}"}}}}}}"#);
        let image = testing::container_image(ImageComponent::Addon("calico/node".into()), "quay.io/calico/node");
        let answer = testing::images::<PinImages>(&testing::cluster(&settings), image).unwrap();
        let Image::Container(image) = answer.image else { panic!("another image") };
        assert_eq!((image.tag.as_deref(), image.digest), (Some("v3.30.0"), Some(digest)));
    }

    #[test]
    fn wrong_settings_are_refused_at_the_settings() {
        let context = testing::group(1, r#"{"chanels": {}}"#);
        let findings = testing::images::<PinImages>(&context, testing::machine_image()).unwrap_err();
        assert!(findings[0].message.contains("unknown field `chanels`"), "{findings:?}");
        assert_eq!(findings[0].place, Place::Settings(String::new()));
    }
}
