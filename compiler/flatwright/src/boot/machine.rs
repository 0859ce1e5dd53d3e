//! The bootstrap data of one machine, and what is shown of it.

use flatwright_bootstrap::{CapiVersion, Failure, Input, Renderer};
use flatwright_capi::Object;
use flatwright_ignition::translate::Refusal;
use flatwright_ignition::{ignition2, ignition3};
use flatwright_plan::Plan;

use super::first_boot::System;
use super::objects::ClusterObjects;
use super::tree::Machine;
use super::view::Sourced;
use crate::compilation::{Cluster, Compilation};
use crate::compose::parts;
use crate::contents::release;

/// The stage of a machine's life that the bootstrap data is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The first control plane runs `kubeadm init`.
    Init,
    /// Every other machine runs `kubeadm join`.
    Join,
}

/// The bootstrap data of one machine.
#[derive(Clone, Debug)]
pub struct Boot {
    /// What the provider's template gets; `kubeadm_config` is the text of `/etc/kubeadm.yml`.
    pub input: Input,
    /// The Ignition 2.3 config in the bootstrap Secret.
    pub config: ignition2::Config,
}

/// Renders the bootstrap data of a machine of the group at this index.
///
/// # Errors
/// What the provider would say.
pub fn boot(cluster: &Cluster, group: usize, stage: Stage, capi: CapiVersion) -> Result<Boot, Failure> {
    let input = ClusterObjects::new(&cluster.objects).group(group).input(&cluster.plan, stage)?;
    render(&mut Renderer::default(), input, capi)
}

/// The bootstrap data of a group in both forms: Ignition 2.3 and what Flatcar's Ignition makes of it; `None` where the provider or the machine refuses, which
/// [`super::check`] reports.
pub(crate) fn forms(objects: &[Object], plan: &Plan, group: usize, stage: Stage) -> Option<(String, String)> {
    let input = ClusterObjects::new(objects).group(group).input(plan, stage).ok()?;
    let boot = render(&mut Renderer::default(), input, CapiVersion::default()).ok()?;
    let effective = flatwright_ignition::translate::to_3_1(&boot.config).ok()?;
    Some((boot.config.to_json(), ignition3::to_json(&effective)))
}

/// How a machine is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// For people.
    Text,
    /// JSON.
    Json,
}

/// What a machine has after its first boot: files, users and groups with what was there before, units, each with its place in the spec; for people also disks and sizes.
///
/// # Errors
/// Why the machine would refuse the config.
///
/// # Panics
/// If the cluster has no such group, so that the boot is of another cluster.
pub fn tree(
    compilation: &Compilation,
    cluster: &Cluster,
    group: usize,
    stage: Stage,
    boot: &Boot,
    shown: Shown,
) -> Result<String, Refusal> {
    let node = cluster.plan.groups.get(group).expect("invariant: what boots is of a group of the cluster");
    let composed = cluster.composed.get(group).map(|composed| parts(&composed.config)).unwrap_or_default();
    let sourced = Sourced { sources: &compilation.sources, group: node, composed, calls: &cluster.calls };
    let machine = Machine::new(sourced, &System::of(node, release(node, &cluster.plan)), stage, boot)?;
    Ok(match shown {
        Shown::Text => machine.text(),
        Shown::Json => machine.json(),
    })
}

/// Renders an input; the renderer remembers what alike ones share.
pub(super) fn render(renderer: &mut Renderer, input: Input, capi: CapiVersion) -> Result<Boot, Failure> {
    let config = renderer.render(&input, capi).ignition?;
    Ok(Boot { input, config })
}
