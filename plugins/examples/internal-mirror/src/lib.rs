//! Moves system extensions, transfers and container images to an internal mirror, pins the hashes of extensions, and refuses charts from elsewhere, for clusters without a way
//! to the Internet.

use std::collections::BTreeMap;

use flatwright_plugin_sdk::prelude::*;

/// `spec.plugins[].settings`, as `settings.schema.json` has it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Settings {
    rewrite: BTreeMap<String, String>,
    #[serde(default)]
    hashes: BTreeMap<String, String>,
    #[serde(default)]
    strict: bool,
}

impl Settings {
    /// The address at the mirror, if a prefix matches.
    fn mirrored(&self, address: &str) -> Option<String> {
        let matching = self.rewrite.iter().filter_map(|(from, to)| Some((from, to, rest(address, from)?)));
        let (_, to, rest) = matching.max_by_key(|(from, ..)| from.len())?;
        Some(format!("{}{rest}", to.trim_end_matches('/')))
    }

    /// Whether the address is at the mirror already: a plugin may see what another one left.
    fn is_mirrored(&self, address: &str) -> bool {
        self.rewrite.values().any(|to| rest(address, to).is_some())
    }

    fn report_foreign(&self, report: &mut Report, what: &str, address: &str, path: String) {
        let message = format!("{what} comes from `{address}`, which is not mirrored");
        let finding = if self.strict { report.error(message) } else { report.warning(message) };
        finding.code("not-mirrored").at_value(path).hint("add a prefix of it to `rewrite` in the plugin's settings");
    }
}

/// What follows a prefix that ends at a `/`: `quay.io/a` is no prefix of `quay.io/ab`.
fn rest<'a>(address: &'a str, prefix: &str) -> Option<&'a str> {
    let rest = address.strip_prefix(prefix.trim_end_matches('/'))?;
    (rest.is_empty() || rest.starts_with('/')).then_some(rest)
}

/// The plugin.
pub struct InternalMirror;

impl Plugin for InternalMirror {
    type Settings = Settings;

    fn describe() -> Description {
        description!("moves system extensions, transfers and container images to an internal mirror, and pins hashes")
            .settings_schema(include_str!("../settings.schema.json"))
    }
}

impl Images for InternalMirror {
    fn container(context: &Context<Settings>, image: &mut ContainerImage, report: &mut Report) {
        let settings = &context.settings;
        match settings.mirrored(&image.repository) {
            Some(mirrored) => image.repository = mirrored,
            None if settings.is_mirrored(&image.repository) => {}
            None => settings.report_foreign(report, "an image", &image.repository, "container.repository".to_owned()),
        }
    }
}

impl Sysupdate for InternalMirror {
    fn customize(context: &Context<Settings>, group: &NodeGroup, config: &mut SysupdateConfig, report: &mut Report) {
        let settings = &context.settings;
        let architecture = match &group.architecture {
            Architecture::Amd64 => "x86-64",
            Architecture::Arm64 => "arm64",
            Architecture::Other(other) => other,
        };
        if let Some(extension) = &mut config.kubernetes {
            move_extension(settings, extension, architecture, "kubernetes", report);
        }
        for extension in &mut config.extensions {
            let path = format!("extensions[{:?}]", extension.name);
            move_extension(settings, extension, architecture, &path, report);
        }
        for transfer in &mut config.transfers {
            move_transfer(settings, transfer, report);
        }
    }
}

impl Policy for InternalMirror {
    fn select(context: &Context<Settings>) -> Interests {
        // Charts are no images: nothing moves them, so all that is left is to say where they come from.
        if context.settings.strict { Interests::kinds(["HelmChartProxy"]) } else { Interests::kinds::<&str>([]) }
    }

    fn review(context: &Context<Settings>, bundle: &Bundle, report: &mut Report) {
        for object in &bundle.objects {
            let spec = &object.value()["spec"];
            let address = spec["repoURL"].as_str().unwrap_or_default();
            if !context.settings.is_mirrored(address) {
                let chart = spec["chartName"].as_str().unwrap_or_default();
                report
                    .error(format!("chart `{chart}` comes from `{address}`, which is not the mirror"))
                    .code("foreign-chart")
                    .at_object(object, "spec.repoURL")
                    .hint("set `repoURL` of the add-on to an address that `rewrite` leads to");
            }
        }
    }
}

fn move_extension(settings: &Settings, extension: &mut Extension, architecture: &str, path: &str, report: &mut Report) {
    match settings.mirrored(&extension.source) {
        Some(mirrored) => extension.source = mirrored,
        None if settings.is_mirrored(&extension.source) => {}
        None => {
            let what = format!("extension `{}`", extension.name);
            settings.report_foreign(report, &what, &extension.source, format!("{path}.source"));
        }
    }
    let key = format!("{}-{}-{architecture}", extension.name, extension.version);
    if let Some(hash) = settings.hashes.get(&key) {
        extension.hash = Some(hash.clone());
    } else if settings.strict && extension.hash.is_none() {
        report
            .error(format!("extension `{key}` has no hash"))
            .code("no-hash")
            .at_settings("hashes")
            .hint(format!("add `{key}: sha512-<hex>`"));
    }
}

fn move_transfer(settings: &Settings, transfer: &mut Transfer, report: &mut Report) {
    // A local directory is no address.
    if !transfer.contents.values("Source", "Type").iter().any(|kind| kind.starts_with("url-")) {
        return;
    }
    let moved = transfer.contents.edit("Source", "Path", |address| settings.mirrored(address));
    let foreign = transfer.contents.values("Source", "Path").into_iter().find(|now| !settings.is_mirrored(now));
    if let Some(address) = foreign {
        let name = transfer.component.as_ref().map_or(String::new(), |component| format!("{component}/"));
        let path = format!("transfers[{:?}].contents", name + &transfer.file_name);
        settings.report_foreign(report, &format!("transfer `{}`", transfer.file_name), &address, path);
    }
    debug!("`{}`: {moved} sources moved", transfer.file_name);
}

export!(InternalMirror: images, sysupdate, policy);

#[cfg(test)]
mod tests {
    use flatwright_plugin_sdk::image_types::Image;
    use flatwright_plugin_sdk::testing;

    use super::*;

    const SETTINGS: &str = r#"{"rewrite": {
        "https://extensions.flatcar.org/extensions": "https://mirror.example.com/sysext/",
        "quay.io": "mirror.example.com/quay",
        "quay.io/calico": "mirror.example.com/calico"
    }}"#;

    #[test]
    fn extensions_and_transfers_move() {
        let answer =
            testing::sysupdate::<InternalMirror>(&testing::group(1, SETTINGS), testing::sysupdate_config()).unwrap();
        let kubernetes = answer.config.kubernetes.unwrap();
        assert_eq!(kubernetes.source, "https://mirror.example.com/sysext/kubernetes-v1.34.2-x86-64.raw");
        let paths = answer.config.transfers[0].contents.values("Source", "Path");
        assert_eq!(paths, ["https://mirror.example.com/sysext/"]);
        assert!(answer.findings.is_empty(), "{:?}", answer.findings);
    }

    #[test]
    fn the_longest_prefix_wins_and_ends_at_a_slash() {
        let settings: Settings = serde_json::from_str(SETTINGS).unwrap();
        assert_eq!(settings.mirrored("quay.io/calico/node").as_deref(), Some("mirror.example.com/calico/node"));
        assert_eq!(settings.mirrored("quay.io/calicos").as_deref(), Some("mirror.example.com/quay/calicos"));
        assert_eq!(settings.mirrored("quay.iox/a"), None);
    }

    #[test]
    fn what_is_there_already_stays() {
        let image = testing::container_image(ImageComponent::Etcd, "mirror.example.com/quay/etcd");
        let answer = testing::images::<InternalMirror>(&testing::cluster(SETTINGS), image.clone()).unwrap();
        assert_eq!((answer.image, answer.findings.len()), (image, 0));
    }

    #[test]
    fn charts_from_elsewhere_are_refused() {
        let strict = SETTINGS.replacen('{', "{\"strict\": true, ", 1);
        let chart = |url: &str| {
            testing::object(&format!(
                r#"{{"apiVersion": "addons.cluster.x-k8s.io/v1alpha1", "kind": "HelmChartProxy", "metadata": {{"name": "a"}},
                    "spec": {{"chartName": "kured", "repoURL": "{url}"}}}}"#
            ))
        };
        let charts = [chart("https://kubereboot.github.io/charts"), chart("https://mirror.example.com/sysext/charts")];
        let context = testing::cluster(&strict);
        let findings = testing::review::<InternalMirror>(&context, &charts);
        let messages: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
        let refused = "chart `kured` comes from `https://kubereboot.github.io/charts`, which is not the mirror";
        assert_eq!(messages, [refused]);
        assert!(matches!(testing::select::<InternalMirror>(&context).objects, ObjectInterest::Kinds(_)));
    }

    #[test]
    fn an_addons_image_moves_by_its_whole_name() {
        let image =
            testing::container_image(ImageComponent::Addon("calico/tigera-operator".into()), "quay.io/tigera/operator");
        let answer = testing::images::<InternalMirror>(&testing::cluster(SETTINGS), image).unwrap();
        let Image::Container(image) = answer.image else { panic!("another image") };
        assert_eq!(image.repository, "mirror.example.com/quay/tigera/operator");
    }

    #[test]
    fn what_is_not_mirrored_is_told() {
        let image = testing::container_image(ImageComponent::Kubernetes, "registry.k8s.io");
        let answer = testing::images::<InternalMirror>(&testing::cluster(SETTINGS), image).unwrap();
        assert!(matches!(answer.image, Image::Container(image) if image.repository == "registry.k8s.io"));
        assert_eq!(answer.findings[0].place, Place::Value("container.repository".into()));
    }
}
