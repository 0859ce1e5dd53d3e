//! The bootstrap data of one machine, and what is shown of it.

use flatwright_bootstrap::budget::Usage;
use flatwright_bootstrap::{CapiVersion, Failure, Input, Renderer};
use flatwright_capi::Object;
use flatwright_ignition::translate::Refusal;
use flatwright_ignition::{ignition2, ignition3};
use flatwright_plan::{NodeGroup, Plan, Role};

use super::first_boot::System;
use super::objects::ClusterObjects;
use super::size;
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
    /// The first boot, step by step.
    Order,
    /// The same as JSON.
    OrderJson,
}

/// What a machine has after its first boot – files, users and groups with what was there before, units, disks, each with its place in the spec, and the sizes of every group –, or
/// the boot itself.
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
    let machine = machine(compilation, cluster, group, stage, boot)?;
    Ok(match shown {
        Shown::Text => machine.text(&sizes(cluster, group, boot)),
        Shown::Json => machine.json(&sizes(cluster, group, boot)),
        Shown::Order | Shown::OrderJson => {
            let first = self::boot(cluster, 0, Stage::Init, CapiVersion::default());
            let settings = first.map_or_else(|_| String::new(), |first| first.input.kubeadm_config);
            let order = machine.order(&settings);
            if shown == Shown::Order { order.text() } else { order.json() }
        }
    })
}

/// The bytes of one file of a machine after its first boot.
///
/// # Errors
/// Why the machine would refuse the config; inside, why there are no bytes.
pub fn contents(
    compilation: &Compilation,
    cluster: &Cluster,
    group: usize,
    stage: Stage,
    boot: &Boot,
    path: &str,
) -> Result<Result<Vec<u8>, String>, Refusal> {
    Ok(machine(compilation, cluster, group, stage, boot)?.contents(path))
}

fn machine<'a>(
    compilation: &'a Compilation,
    cluster: &'a Cluster,
    group: usize,
    stage: Stage,
    boot: &'a Boot,
) -> Result<Machine<'a>, Refusal> {
    let node = cluster.plan.groups.get(group).expect("invariant: what boots is of a group of the cluster");
    let composed = cluster.composed.get(group).map(|composed| parts(&composed.config)).unwrap_or_default();
    let sourced = Sourced { sources: &compilation.sources, group: node, composed, calls: &cluster.calls };
    Machine::new(sourced, System::of(node, release(node, &cluster.plan)), stage, boot)
}

/// The limits that each group meets, the one that is shown first. A group that the provider refuses has none.
fn sizes(cluster: &Cluster, group: usize, boot: &Boot) -> Vec<(String, Vec<Usage>)> {
    let of = |(index, node): (usize, &NodeGroup)| {
        let stage = if node.role == Role::ControlPlane { Stage::Init } else { Stage::Join };
        let other = self::boot(cluster, index, stage, CapiVersion::default()).ok()?;
        Some((node.name.value.clone(), size::usages(&other)))
    };
    let groups = cluster.plan.groups.iter().enumerate();
    let own = cluster.plan.groups.get(group).map(|node| (node.name.value.clone(), size::usages(boot)));
    own.into_iter().chain(groups.filter(|(index, _)| *index != group).filter_map(of)).collect()
}

/// Renders an input; the renderer remembers what alike ones share.
pub(super) fn render(renderer: &mut Renderer, input: Input, capi: CapiVersion) -> Result<Boot, Failure> {
    let config = renderer.render(&input, capi).ignition?;
    Ok(Boot { input, config })
}
