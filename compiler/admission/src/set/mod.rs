//! What the objects of a cluster say about each other: nobody asks that at admission, and it fails later. Must not repeat what one object alone tells.

mod arguments;
mod cloud_config;
mod duplicates;
mod etcd_disk;
mod groups;
mod identity;
mod images;
mod kubernetes_release;
pub(crate) mod manifests;
mod networks;
mod outbound;
mod pools;
mod reboots;
mod references;
mod selectors;
mod skew;
mod subscription;
mod zones;

use flatwright_diagnostic::{Code, Diagnostic, Rule};
use serde_json::Value;

use crate::check::KEPT_FINDINGS;
use crate::options::Options;
use crate::values_template::{self, Runs};
use groups::Group;
pub use kubernetes_release::KubernetesRelease;
use manifests::{Findings, Set};
pub use references::UnresolvedReference;

/// So many groups or runs of templates are one share of work.
const SHARE: usize = 64;

/// Judges the objects of one cluster together. Each finding comes with the index of the object that it stands in; run [`crate::check_create`] on each object
/// as well.
pub fn check_set<'a>(objects: impl IntoIterator<Item = &'a Value>, options: &Options) -> Vec<(usize, Diagnostic)> {
    let set = ObjectSet::new(objects);
    in_order((0..ObjectSet::shares(set.set.len())).map(|share| set.check(share, options)))
}

/// The findings of all shares, in their order, as [`check_set`] has them.
pub fn in_order(shares: impl IntoIterator<Item = Vec<(usize, Diagnostic)>>) -> Vec<(usize, Diagnostic)> {
    let mut findings: Vec<_> = shares.into_iter().flatten().collect();
    findings.sort_by_key(|(index, _)| *index);
    let (mut last, mut count) = (None, 0);
    findings.retain(|(index, _)| {
        count = if last == Some(*index) { count + 1 } else { 1 };
        last = Some(*index);
        count <= KEPT_FINDINGS
    });
    findings
}

/// The objects of one cluster, ready to be judged in shares: each thread makes one of its own and takes shares of it.
pub struct ObjectSet<'a> {
    set: Set<'a>,
    groups: Vec<Group<'a>>,
    runs: Vec<Runs<'a>>,
}

impl<'a> ObjectSet<'a> {
    /// Looks up what belongs together.
    pub fn new(objects: impl IntoIterator<Item = &'a Value>) -> Self {
        let set = Set::new(objects);
        let groups = groups::groups(&set);
        let runs = values_template::runs(&set);
        Self { set, groups, runs }
    }

    /// How many shares so many objects have; some may be empty.
    pub const fn shares(objects: usize) -> usize {
        WHOLE.len() + 2 * objects.div_ceil(SHARE)
    }

    /// The findings of one share: what is asked of all objects, then what is asked of templates, then of groups.
    pub fn check(&self, share: usize, options: &Options) -> Vec<(usize, Diagnostic)> {
        let Self { set, groups, runs } = self;
        let mut findings = Findings::new(options);
        let half = set.len().div_ceil(SHARE);
        match share.checked_sub(WHOLE.len()) {
            None => WHOLE[share](set, groups, &mut findings),
            Some(share) if share < half => {
                let runs = runs.chunks(SHARE).nth(share).unwrap_or_default();
                values_template::execute(set, runs, &mut findings);
            }
            Some(share) => {
                let groups = groups.chunks(SHARE).nth(share - half).unwrap_or_default();
                groups.iter().for_each(|group| one(set, group, &mut findings));
            }
        }
        findings.finish()
    }
}

/// What is asked of all objects at once.
type OfAll = fn(&Set<'_>, &[Group<'_>], &mut Findings<'_>);

/// Each is a share of its own.
const WHOLE: [OfAll; 13] = [
    |set, _, findings| duplicates::check(set, findings),
    |set, _, findings| references::check(set, findings),
    |set, _, findings| identity::check(set, findings),
    |set, _, findings| networks::check(set, findings),
    |set, groups, findings| selectors::check(set, groups, findings),
    |set, _, findings| pools::check(set, findings),
    |_, groups, findings| skew::check(groups, findings),
    |set, _, findings| zones::check(set, findings),
    |set, groups, findings| subscription::check(set, groups, findings),
    |set, groups, findings| kubernetes_release::check(set, groups, findings),
    |set, groups, findings| reboots::check(set, groups, findings),
    |set, _, findings| images::machines(set, findings),
    |set, groups, findings| arguments::check_alone(set, groups, findings),
];

fn one(set: &Set<'_>, group: &Group<'_>, findings: &mut Findings<'_>) {
    images::check(set, group, findings);
    arguments::check(group, findings);
    cloud_config::check(group, findings);
    etcd_disk::check(group, findings);
    outbound::check(set, group, findings);
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
        images::ImageFormat::codes(),
        kubernetes_release::KubernetesRelease::codes(),
        networks::Overlap::codes(),
        outbound::OutboundAccess::codes(),
        pools::PoolOrder::codes(),
        reboots::RebootManagers::codes(),
        references::UnresolvedReference::codes(),
        selectors::SelectorMatch::codes(),
        skew::VersionSkew::codes(),
        subscription::InSubscription::codes(),
        zones::Zone::codes(),
    ]
    .concat()
}
