//! What the objects of a cluster say about each other: nobody asks that at admission, and it fails later. Must not repeat what one object alone tells.

mod arguments;
mod cloud_config;
mod duplicates;
mod etcd_disk;
mod groups;
mod identity;
mod images;
pub(crate) mod manifests;
mod networks;
mod pools;
mod reboots;
mod references;
mod selectors;
mod skew;

use flatwright_diagnostic::{Code, Diagnostic, Rule};
use serde_json::Value;

use crate::options::Options;
use crate::values_template;
use manifests::{Findings, Set};
pub use references::UnresolvedReference;

/// Judges the objects of one cluster together. Each finding comes with the index of the object that it stands in; run [`crate::check_create`] on each object
/// as well.
pub fn check_set<'a>(objects: impl IntoIterator<Item = &'a Value>, options: &Options) -> Vec<(usize, Diagnostic)> {
    let set = Set::new(objects);
    let mut findings = Findings::new(set.len(), options);
    let groups = groups::groups(&set);
    duplicates::check(&set, &mut findings);
    references::check(&set, &mut findings);
    identity::check(&set, &mut findings);
    networks::check(&set, &mut findings);
    selectors::check(&set, &groups, &mut findings);
    pools::check(&set, &mut findings);
    skew::check(&groups, &mut findings);
    reboots::check(&set, &groups, &mut findings);
    images::machines(&set, &mut findings);
    values_template::check_runs(&set, &mut findings);
    arguments::check_alone(&set, &groups, &mut findings);
    for group in &groups {
        images::check(group, &mut findings);
        arguments::check(group, &mut findings);
        cloud_config::check(group, &mut findings);
        etcd_disk::check(group, &mut findings);
    }
    findings.finish()
}

/// The codes of the rules of this module.
pub(crate) fn codes() -> Vec<Code> {
    [
        arguments::codes(),
        cloud_config::CloudConfigSecret::codes(),
        duplicates::Duplicate::codes(),
        etcd_disk::EtcdDisk::codes(),
        identity::IdentityAccess::codes(),
        images::Fetched::codes(),
        networks::Overlap::codes(),
        pools::PoolOrder::codes(),
        reboots::RebootManagers::codes(),
        references::UnresolvedReference::codes(),
        selectors::SelectorMatch::codes(),
        skew::VersionSkew::codes(),
    ]
    .concat()
}
