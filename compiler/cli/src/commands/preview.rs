//! `flatwright preview`: what a machine boots with, from a spec or from the bootstrap provider's own input.

use std::path::Path;

use anyhow::{Result, bail};
use flatwright::{Cluster, Compilation, Options, Shown};
use flatwright_bootstrap::preview;
use flatwright_bootstrap::rules::Input as Flaw;
use flatwright_diagnostic::{Anchor, Diagnostic, Report};
use flatwright_ignition::{ignition3, translate};
use flatwright_plan::Role;
use flatwright_render::Sources;

use crate::args::{Color, Form, Preview, Stage};
use crate::disk::read_spec;
use crate::exit::Code;
use crate::world::Disk;
use crate::{output, report};

pub(crate) fn run(command: &Preview, color: Color) -> Result<Code> {
    match (&command.bootstrap_data, &command.spec) {
        (Some(path), _) => from_bootstrap_data(command, path, color),
        (None, Some(path)) => from_spec(command, path, color),
        (None, None) => bail!("name a SPEC, or `--bootstrap-data FILE`"),
    }
}

fn from_bootstrap_data(command: &Preview, path: &Path, color: Color) -> Result<Code> {
    let form = match command.form {
        None | Some(Form::Ignition2) => preview::Form::Ignition2,
        Some(Form::Ignition3) => preview::Form::Ignition3,
        Some(Form::KubeadmYml) => preview::Form::KubeadmYml,
        Some(Form::Tree | Form::Json) => bail!("bootstrap data has no tree: use `--as 2.3`, `3.1` or `kubeadm.yml`"),
    };
    let file = read_spec(path)?;
    let mut sources = Sources::new();
    let source = sources.add(file.name.as_str(), String::from_utf8_lossy(&file.bytes).into_owned(), None);
    let answer = serde_json::from_slice(&file.bytes)
        .map_err(|error| preview::unreadable(Flaw::Words(error.to_string())))
        .and_then(|input| preview::preview(&input, command.capi_version, form));
    match answer {
        Ok(text) => {
            output::print(&text)?;
            Ok(Code::Success)
        }
        Err(finding) => Ok(refused(*finding, Anchor::whole(source), &sources, color)),
    }
}

fn from_spec(command: &Preview, path: &Path, color: Color) -> Result<Code> {
    let options = Options { allows_experimental: command.experimental, ..Options::default() };
    let compilation = flatwright::compile(&[read_spec(path)?], &Disk::new(&command.variables), &options);
    report::print(&compilation.report, &compilation.sources, color);
    if compilation.report.has_errors() {
        return Ok(Code::Findings);
    }
    let cluster = cluster(command, &compilation)?;
    let groups = &cluster.plan.groups;
    let Some(index) = groups.iter().position(|group| group.name.value == command.group) else {
        let names: Vec<&str> = groups.iter().map(|group| group.name.value.as_str()).collect();
        bail!("there is no node group `{}`; there are {}", command.group, names.join(", "));
    };
    let stage = match (command.stage, groups[index].role) {
        (Some(Stage::Init), Role::Worker) => bail!("machines of a pool join: `--stage init` is for the control plane"),
        (Some(Stage::Join), _) | (None, Role::Worker) => flatwright::Stage::Join,
        (Some(Stage::Init) | None, Role::ControlPlane) => flatwright::Stage::Init,
    };
    let anchor = groups[index].origin.anchor().or_else(|| cluster.plan.name.origin.anchor());
    let refuse = |finding: Diagnostic| {
        let anchor = anchor.clone().or_else(|| compilation.sources.ids().next().map(Anchor::whole));
        anchor.map_or(Code::Findings, |anchor| refused(finding, anchor, &compilation.sources, color))
    };
    let boot = match flatwright::boot(cluster, index, stage, command.capi_version) {
        Ok(boot) => boot,
        Err(failure) => return Ok(refuse(*preview::refused(&failure))),
    };
    if let Some(path) = &command.file {
        return match flatwright::contents(&compilation, cluster, index, stage, &boot, path) {
            Ok(Ok(bytes)) => output::print_bytes(&bytes).map(|()| Code::Success),
            Ok(Err(reason)) => bail!("{reason}"),
            Err(refusal) => Ok(refuse(preview::unbootable(&refusal))),
        };
    }
    let text = match command.form {
        None | Some(Form::Tree | Form::Json) => {
            let shown = match (command.boot_order, command.form == Some(Form::Json)) {
                (false, false) => Shown::Text,
                (false, true) => Shown::Json,
                (true, false) => Shown::Order,
                (true, true) => Shown::OrderJson,
            };
            match flatwright::tree(&compilation, cluster, index, stage, &boot, shown) {
                Ok(text) => text,
                Err(refusal) => return Ok(refuse(preview::unbootable(&refusal))),
            }
        }
        Some(_) if command.boot_order => bail!("`--boot-order` is printed as text or JSON: use `--as tree` or `json`"),
        Some(Form::Ignition2) => boot.config.to_json_pretty() + "\n",
        Some(Form::Ignition3) => match translate::to_3_1(&boot.config) {
            Ok(config) => ignition3::to_json_pretty(&config) + "\n",
            Err(refusal) => return Ok(refuse(preview::unbootable(&refusal))),
        },
        Some(Form::KubeadmYml) => boot.input.kubeadm_config,
    };
    output::print(&text)?;
    Ok(Code::Success)
}

fn cluster<'c>(command: &Preview, compilation: &'c Compilation) -> Result<&'c Cluster> {
    let names = || compilation.clusters.iter().map(|cluster| cluster.plan.name.value.as_str());
    let listed = || names().collect::<Vec<_>>().join(", ");
    match (&command.cluster, compilation.clusters.as_slice()) {
        (None, [cluster]) => Ok(cluster),
        (None, []) => bail!("there is no cluster in the spec"),
        (None, _) => bail!("the spec has several clusters ({}): choose one with `--cluster NAME`", listed()),
        (Some(name), clusters) => match clusters.iter().find(|cluster| cluster.plan.name.value == *name) {
            Some(cluster) => Ok(cluster),
            None => bail!("there is no cluster `{name}`; there are {}", listed()),
        },
    }
}

fn refused(mut finding: Diagnostic, anchor: Anchor, sources: &Sources, color: Color) -> Code {
    finding.anchor.get_or_insert(anchor);
    let mut found = Report::new();
    found.push(finding);
    report::print(&found, sources, color);
    Code::Findings
}
