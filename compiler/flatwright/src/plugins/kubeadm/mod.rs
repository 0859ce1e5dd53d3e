//! The `kubeadm` hook: once for the cluster with what the plugin's node groups share, then once per group.
//!
//! Owns: the order of the calls. [`question`] makes the records, [`answer`] takes a group's and the control plane's back, [`shared`] finds what groups have in common,
//! [`spread`] brings the answer about that to the groups.

mod answer;
mod commands;
mod question;
mod shared;
mod spread;

use flatwright_diagnostic::Report;
use flatwright_plan::Plan;
use flatwright_plugin_host::Session;
use flatwright_plugin_host::model::kubeadm as model;

use super::{CallSite, Ready, Run, Stop, context, covered};

pub(super) use question::taint;

pub(super) fn customize(
    run: &mut Run<'_>,
    ready: &Ready,
    session: &Session<'_>,
    plan: &mut Plan,
    report: &mut Report,
) -> Result<(), Stop> {
    let covered = covered(ready, plan);
    let mut told = context::of_cluster(plan, run.contract, ready);
    let before = model::KubeadmSettings {
        control_plane: Some(question::control_plane(plan)),
        node: shared::settings(covered.iter().map(|index| question::node(&plan.groups[*index].kubeadm))),
    };
    let outcome = session.customize_kubeadm(&told, &before);
    let site = CallSite { ready, hook: "kubeadm", target: "cluster", group: None };
    if let Some(settings) = run.book(site, &before, outcome, plan, report)? {
        let mut pen = run.pen("cluster");
        if let Some(settings) = settings.control_plane {
            answer::control_plane(plan, settings, &mut pen);
        }
        let kept = spread::settings(plan, &covered, &before.node, settings.node, &mut pen);
        kept.report(ready.entry(plan), run.calls, plan, report);
        for index in &covered {
            told.groups[*index] = context::group(plan, *index);
        }
    }
    for index in covered {
        let before = model::KubeadmSettings { control_plane: None, node: question::node(&plan.groups[index].kubeadm) };
        told.target = context::group_target(index);
        let outcome = session.customize_kubeadm(&told, &before);
        let target = plan.groups[index].name.value.clone();
        let site = CallSite { ready, hook: "kubeadm", target: &target, group: Some(index) };
        if let Some(settings) = run.book(site, &before, outcome, plan, report)? {
            answer::node(&mut plan.groups[index].kubeadm, settings.node, &mut run.pen(&target));
            // The calls about other groups are told of its labels, which the answer may have changed.
            told.groups[index] = context::group(plan, index);
        }
    }
    Ok(())
}
