//! Files of a group that do not fit its release or its version of Kubernetes: containerd's configuration, and the switch to version 1 of control groups.
//!
//! Owns: where such files are among what the group is made of. Must not: know what containerd reads (`contents` does).

use std::borrow::Cow;

use flatwright_diagnostic::{Diagnostic, Severity};
use flatwright_flatcar::node_path::CGROUP_V1;
use flatwright_go::gzip::read_members;
use flatwright_ignition::ignition3::{Config, Resource, decode_data_url};
use flatwright_kubernetes::version::Release as Kubernetes;
use flatwright_plan::{KubeadmFileContent, NodeGroup, Plan};

use super::rules::Version;
use crate::calls::Call;
use crate::contents::containerd::{self, Containerd};
use crate::contents::release;
use crate::places;

/// From this minor of Kubernetes on, a kubelet does not start on version 1 of control groups unless it is told to.
const FIRST_WITHOUT_V1: (u64, u64) = (1, 35);
/// How a kubelet is told to.
const TOLD: &str = "failCgroupV1: false";
/// Longer files are not looked at: nobody writes such a configuration.
const LONGEST: usize = 1 << 20;

/// What is to be said of a group's files.
pub(super) fn check(group: &NodeGroup, plan: &Plan, calls: &[Call], config: Option<&Config>) -> Vec<Diagnostic> {
    let files = files(group, config);
    let mut found = Vec::new();
    for (path, text) in files.iter().filter(|(path, _)| containerd::is_config(path)) {
        let reads = release(group, plan).and_then(|release| release.containerd());
        let findings = text().map(|text| containerd::check(&text, reads)).unwrap_or_default();
        for (_, finding) in findings.into_iter().filter(|(_, finding)| finding.code == Containerd::VERSION) {
            found.push(placed(finding, path, group, plan, calls));
        }
    }
    let refuses_v1 = Kubernetes::parse(&plan.kubernetes_version.value)
        .is_some_and(|version| (version.major, version.minor) >= FIRST_WITHOUT_V1);
    let is_told = || files.iter().any(|(_, text)| text().is_some_and(|text| text.contains(TOLD)));
    if refuses_v1 && files.iter().any(|(path, _)| *path == CGROUP_V1) && !is_told() {
        let rule = Version::Cgroup { group: group.name.value.clone(), version: plan.kubernetes_version.value.clone() };
        let mut finding = Diagnostic::of(&rule, Severity::Error);
        finding
            .note("the kubelet stops with `kubelet is configured to not run on a host using cgroup v1`, and the node never joins")
            .hint(format!("remove the file, or patch the kubelet's configuration with `{TOLD}` for `init` and `join`"));
        found.push(placed(finding, CGROUP_V1, group, plan, calls));
    }
    found
}

fn placed(mut finding: Diagnostic, path: &str, group: &NodeGroup, plan: &Plan, calls: &[Call]) -> Diagnostic {
    if let Some(place) = places::part(group, plan, calls, "path", path) {
        place.put(&mut finding);
    }
    finding
}

/// The text of a file, if it is known and asked for.
type Text<'a> = Box<dyn Fn() -> Option<Cow<'a, str>> + 'a>;

/// The files of a group by their paths: those of its machine configs, then kubeadm's.
fn files<'a>(group: &'a NodeGroup, config: Option<&'a Config>) -> Vec<(&'a str, Text<'a>)> {
    let composed = config.into_iter().flat_map(|config| &config.storage.files);
    let composed = composed.map(|file| {
        let text: Text<'a> = Box::new(|| text_of(&file.contents).map(Cow::Owned));
        (file.path.as_str(), text)
    });
    let own = group.kubeadm.files.iter().map(|file| {
        let text: Text<'a> = Box::new(|| match &file.content {
            KubeadmFileContent::Bytes(bytes) => std::str::from_utf8(&bytes.value).ok().map(Cow::Borrowed),
            _ => None,
        });
        (file.path.value.as_str(), text)
    });
    composed.chain(own).collect()
}

fn text_of(contents: &Resource) -> Option<String> {
    let data = decode_data_url(contents.source.as_deref()?).ok()?;
    if contents.compression.as_deref() != Some("gzip") {
        return String::from_utf8(data).ok();
    }
    let mut text = Vec::new();
    read_members(&data, LONGEST, &mut |part: &[u8]| text.extend_from_slice(part)).ok()?;
    String::from_utf8(text).ok()
}
