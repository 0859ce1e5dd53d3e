//! One module per hook: its trait, and the adapter between the trait and the exported function.

pub(crate) mod images;
pub(crate) mod kubeadm;
pub(crate) mod policy;
pub(crate) mod sysupdate;

use std::marker::PhantomData;

use crate::bindings::base::exports::flatwright::plugin::meta;
use crate::cluster::{self, Target};
use crate::context::Context;
use crate::findings::Diagnostic;
use crate::plugin::Plugin;
use crate::report::Report;

/// The exported functions of a plugin.
#[derive(Debug)]
pub struct Adapter<P>(PhantomData<P>);

impl<P: Plugin> meta::Guest for Adapter<P> {
    fn describe() -> meta::Description {
        P::describe().into()
    }
}

/// Runs a hook: reads the settings, calls, and decides between the new value and a refusal.
fn customize<P: Plugin, T>(
    context: cluster::Context,
    mut value: T,
    call: impl FnOnce(&Context<P::Settings>, &Target, &mut T, &mut Report),
) -> Result<(T, Vec<Diagnostic>), Vec<Diagnostic>> {
    crate::log::log_panics();
    let (context, target) = Context::<P::Settings>::read(context).map_err(|finding| vec![*finding])?;
    let mut report = Report::default();
    call(&context, &target, &mut value, &mut report);
    match report.has_errors() {
        true => Err(report.into_findings()),
        false => Ok((value, report.into_findings())),
    }
}

/// The node group that a call is about.
fn group<'a, S>(context: &'a Context<S>, target: &Target) -> Option<&'a cluster::NodeGroup> {
    match target {
        Target::Group(index) => context.group(*index),
        Target::Cluster | Target::Other(_) => None,
    }
}
