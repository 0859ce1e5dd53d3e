//! Scripts that bring the machines that there are to the next version of Kubernetes, without replacing them.
//!
//! Owns: what the scripts are filled with; what they do stands in `in_place/*.sh`. Must not: edit the spec: what Cluster API has of it would replace the machines.

use std::collections::BTreeMap;

use flatwright_diagnostic::Report;
use flatwright_flatcar::arch::Architecture;
use flatwright_flatcar::{node_units, sysext};
use flatwright_kubernetes::version::Version;
use flatwright_plan::{Contents, Flavor, NodeGroup, Plan, Profile};
use flatwright_plugin_host::escape_line;
use flatwright_render::Sources;

use super::apply::{Upgraded, upgrade};
use super::asked::Asked;
use super::rules::Upgrade;
use crate::compile::{Options, compile};
use crate::layout::OutputFile;
use crate::world::{SpecFile, World};

const NODE: &str = include_str!("in_place/node.sh");
const CLUSTER: &str = include_str!("in_place/cluster.sh");
const BUNDLE: &str = include_str!("in_place/bundle.yaml");

/// What every file says of itself: only such files are replaced.
pub const MARK: &str = "by flatwright upgrade --in-place";

/// The extension.
const KUBERNETES: &str = "kubernetes";

/// What an upgrade in place gives.
pub struct InPlace {
    /// The texts that findings point into.
    pub sources: Sources,
    /// Every finding. With an error among them there are no files.
    pub report: Report,
    /// Why the environment failed, if it did.
    pub failure: Option<String>,
    /// The scripts and the bundle.
    pub files: Vec<OutputFile>,
    /// What the spec must say afterwards.
    pub afterwards: String,
}

/// The scripts that bring the machines of a cluster to a version of Kubernetes. `image` is what the bundle's containers run in.
pub fn in_place(files: &[SpecFile], world: &dyn World, options: &Options, asked: &Asked, image: &str) -> InPlace {
    // Upstream's style fetches the transfers, whose text is needed here.
    let options = Options { profile: Profile::Flatwright, ..options.clone() };
    let Upgraded { sources, report, failure, edits, files: changed, .. } = upgrade(files, world, &options, asked);
    let mut result = InPlace { sources, report, failure, files: Vec::new(), afterwards: String::new() };
    if result.failure.is_some() || result.report.has_errors() {
        return result;
    }
    let (Some((before, after)), Some(edit)) = (changed.into_iter().next(), edits.into_iter().next()) else {
        result.failure =
            Some("the spec has this version already: there is nothing to bring the machines to".to_owned());
        return result;
    };
    let is_meant = |plan: &Plan| asked.cluster.as_ref().is_none_or(|name| *name == plan.name.value);
    let compiled = |bytes: &[u8]| {
        let file = SpecFile { name: before.name.clone(), bytes: bytes.to_vec() };
        compile(&[file], world, &Options { allows_unresolved: true, ..options.clone() })
    };
    let after = compiled(after.as_bytes());
    let mut clusters = after.clusters.iter().filter(|cluster| is_meant(&cluster.plan));
    let (Some(cluster), None) = (clusters.next(), clusters.next()) else {
        result.failure = Some("the spec has several clusters: choose one with `--cluster NAME`".to_owned());
        return result;
    };
    let plan = &cluster.plan;
    let old = edit.old.unwrap_or_default();
    if plan.flavor.value == Flavor::ImageBuilder {
        let anchor = plan.flavor.origin.anchor();
        if let Some(anchor) = anchor {
            let hint = "raise it without `--in-place`, which replaces the machines";
            result.report.refuse(anchor, &Upgrade::Baked { version: old }).hint(hint);
            result.sources = after.sources;
        }
        return result;
    }
    let place = format!("{}:{}", edit.place.file, edit.place.line);
    match written(plan, &old, image, &place) {
        Ok((files, afterwards)) => InPlace { files, afterwards, ..result },
        Err(reason) => InPlace { failure: Some(reason), ..result },
    }
}

/// The three files, and what the spec must say afterwards.
fn written(plan: &Plan, old: &str, image: &str, place: &str) -> Result<(Vec<OutputFile>, String), String> {
    let new = plan.kubernetes_version.value.trim_start_matches('v');
    let old = old.trim_start_matches('v');
    let minor = |text: &str| Version::parse(text).map(|version| version.line().1).unwrap_or_default();
    let afterwards = format!(
        "afterwards the spec must say kubernetes.version v{new} ({place}), so that new machines get what the others have; the Machine objects of the machines that there are go on \
         saying v{old}, and applying the spec replaces those machines"
    );
    let title = format!("Cluster {}/{}, written {MARK}.", plan.namespace.value, plan.name.value);
    let mut values = vec![
        ("@TITLE@", escape_line(&title)),
        ("@OLD@", old.to_owned()),
        ("@NEW@", new.to_owned()),
        ("@OLD_MINOR@", minor(old).to_string()),
        ("@MINOR@", minor(new).to_string()),
        ("@SERVICE@", node_units::UPDATE_SERVICE.trim_end_matches(".service").to_owned()),
        ("@ARCHITECTURES@", architectures(plan)?),
        ("@IMAGE@", flatwright_yaml::emit_json(&flatwright_yaml::Value::str(image)).trim_end().to_owned()),
    ];
    let comment = escape_line(&afterwards);
    let fill = |text: &str, values: &[(&str, String)]| {
        values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
    };
    values.push(("@AFTERWARDS@", quoted(&comment)));
    let (node, cluster) = (fill(NODE, &values), fill(CLUSTER, &values));
    values.pop();
    values.push(("@AFTERWARDS@", comment));
    let bundle = fill(BUNDLE, &values);
    let bundle = bundle.replace("@NODE_SCRIPT@", &indented(&node)).replace("@CLUSTER_SCRIPT@", &indented(&cluster));
    let file = |path: &str, text| OutputFile { path: path.to_owned(), text };
    let files =
        vec![file("upgrade-node.sh", node), file("upgrade-cluster.sh", cluster), file("upgrade-bundle.yaml", bundle)];
    Ok((files, afterwards))
}

/// What a machine fetches.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Fetched {
    image: String,
    transfer: String,
    text: String,
    instance: String,
}

/// The branches of the machines' architectures.
fn architectures(plan: &Plan) -> Result<String, String> {
    let mut by_machine: BTreeMap<&str, (Fetched, &str)> = BTreeMap::new();
    for group in &plan.groups {
        let architecture = Architecture::ALL.into_iter().find(|known| known.name() == group.architecture.value);
        let architecture = architecture.ok_or_else(|| format!("`{}` has an unknown architecture", group.name.value))?;
        let fetched = fetched(group, architecture)?;
        let machine = if architecture.name() == "arm64" { "aarch64" } else { "x86_64" };
        match by_machine.get(machine) {
            Some((other, name)) if *other != fetched => {
                return Err(format!(
                    "`{name}` and `{}` fetch Kubernetes in two ways: one script cannot do both",
                    group.name.value
                ));
            }
            _ => by_machine.insert(machine, (fetched, &group.name.value)),
        };
    }
    let branch = |(machine, (fetched, _)): (&&str, &(Fetched, &str))| {
        let Fetched { image, transfer, text, instance } = fetched;
        format!(
            "{machine})\n  image={}\n  transfer={}\n  instance={}\n  write_transfer() {{\n    cat > \"$1\" <<'END_OF_TRANSFER'\n{}\nEND_OF_TRANSFER\n  }}\n  ;;",
            quoted(image),
            quoted(transfer),
            quoted(instance),
            text.trim_end_matches('\n'),
        )
    };
    Ok(by_machine.iter().map(branch).collect::<Vec<_>>().join("\n"))
}

/// What the machines of a group fetch.
fn fetched(group: &NodeGroup, architecture: Architecture) -> Result<Fetched, String> {
    let name = &group.name.value;
    let config = &group.machine_config;
    let directory = format!("{}/", sysext::image_directory(KUBERNETES));
    let image = config.files.iter().map(|file| &file.path.value).find(|path| path.starts_with(&directory));
    let image = image.ok_or_else(|| format!("`{name}` has no extension of Kubernetes"))?;
    let (path, text) = config
        .files
        .iter()
        .find_map(|file| match &file.contents {
            Contents::Text(text) if file.path.value.starts_with("/etc/sysupdate.kubernetes.d/") => {
                Some((&file.path.value, &text.value))
            }
            _ => None,
        })
        .ok_or_else(|| format!("`{name}` has no update config of Kubernetes"))?;
    let pattern = text.lines().find_map(|line| line.strip_prefix("MatchPattern=")).unwrap_or_default();
    let pattern = pattern.replace("%a", architecture.bakery_name());
    let instance = pattern
        .split_once("@v")
        .and_then(|(before, after)| image.rsplit('/').next()?.strip_prefix(before)?.strip_suffix(after));
    let instance = instance.ok_or_else(|| format!("the update config of `{name}` does not fetch `{image}`"))?;
    if text.lines().any(|line| line == "END_OF_TRANSFER") {
        return Err(format!("the update config of `{name}` cannot be carried by a script"));
    }
    Ok(Fetched {
        image: image.clone(),
        transfer: path.rsplit('/').next().unwrap_or_default().to_owned(),
        text: text.clone(),
        instance: instance.to_owned(),
    })
}

/// A word of a shell script.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// The lines of a block of YAML.
fn indented(text: &str) -> String {
    let lines = text.lines().map(|line| if line.is_empty() { String::new() } else { format!("    {line}") });
    lines.collect::<Vec<_>>().join("\n")
}
