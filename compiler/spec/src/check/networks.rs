//! Networks: ranges that contain and exclude each other. The API server checks none of it beyond the first address.

use std::net::IpAddr;

use flatwright_diagnostic::{Origin, Report, Traced};

use super::{error, place};
use crate::code;
use crate::types::{Cidr, Spec, SubnetRole};

/// CAPZ's address space for a virtual network without `cidrBlocks`.
const DEFAULT_VNET: &str = "10.0.0.0/8";

/// Azure and Kubernetes take far fewer; more would only cost time to compare.
const MOST_BLOCKS: usize = 1000;

pub(super) fn check(spec: &Spec, report: &mut Report) {
    let network = spec.kubernetes.network.as_ref();
    let pods: Vec<Range> = network.map(|network| ranges(&network.pods, "the pod network")).unwrap_or_default();
    let services: Vec<Range> =
        network.map(|network| ranges(&network.services, "the service network")).unwrap_or_default();
    let azure = spec.azure.network.as_ref();
    let vnet: Vec<Range> = azure
        .and_then(|azure| azure.vnet.as_ref())
        .map(|vnet| ranges(&vnet.cidr_blocks, "the virtual network"))
        .unwrap_or_default();
    let subnets: Vec<Range> = azure
        .map(|azure| azure.subnets.iter().flat_map(|subnet| ranges(&subnet.cidr_blocks, "this subnet")).collect())
        .unwrap_or_default();
    let longest = [&pods, &services, &vnet, &subnets].into_iter().max_by_key(|ranges| ranges.len());
    if let Some(first) = longest.filter(|ranges| ranges.len() > MOST_BLOCKS).and_then(|ranges| ranges.first()) {
        let message = format!("{} has more than {MOST_BLOCKS} blocks", first.what);
        error(report, code::OUT_OF_RANGE, first.origin, message).hint("write fewer, larger blocks");
        return;
    }
    for range in pods.iter().chain(&services).chain(&vnet).chain(&subnets) {
        host_bits(range, report);
    }
    disjoint(&pods, &services, report);
    let addressed = if vnet.is_empty() { &subnets } else { &vnet };
    disjoint(&pods, addressed, report);
    disjoint(&services, addressed, report);
    for (position, subnet) in subnets.iter().enumerate() {
        disjoint(std::slice::from_ref(subnet), subnets.get(position + 1..).unwrap_or_default(), report);
    }
    contained(&subnets, &vnet, report);
    subnet_roles(spec, report);
}

#[derive(Clone)]
struct Range {
    text: String,
    what: &'static str,
    origin: Origin,
    first: u128,
    last: u128,
    is_v4: bool,
    has_host_bits: bool,
}

fn ranges(blocks: &[Traced<Cidr>], what: &'static str) -> Vec<Range> {
    blocks.iter().filter_map(|block| range(block.as_str(), what, block.origin)).collect()
}

fn range(text: &str, what: &'static str, origin: Origin) -> Option<Range> {
    let (address, length) = text.split_once('/')?;
    let length: u32 = length.parse().ok()?;
    let (bits, address, is_v4) = match address.parse().ok()? {
        IpAddr::V4(address) => (32, u128::from(u32::from(address)), true),
        IpAddr::V6(address) => (128, u128::from(address), false),
    };
    let hosts = u128::MAX.checked_shr(128 - (bits - length)).unwrap_or(0);
    Some(Range {
        text: text.to_owned(),
        what,
        origin,
        first: address & !hosts,
        last: address | hosts,
        is_v4,
        has_host_bits: address & hosts != 0,
    })
}

impl Range {
    fn overlaps(&self, other: &Self) -> bool {
        self.is_v4 == other.is_v4 && self.first <= other.last && other.first <= self.last
    }

    fn contains(&self, other: &Self) -> bool {
        self.is_v4 == other.is_v4 && self.first <= other.first && other.last <= self.last
    }
}

fn host_bits(range: &Range, report: &mut Report) {
    if range.has_host_bits {
        let message = format!("`{}` is an address inside a block, not the block itself", range.text);
        error(report, code::NETWORK_RANGE, range.origin, message)
            .hint("write the block's first address, with zeros after the prefix");
    }
}

fn disjoint(a: &[Range], b: &[Range], report: &mut Report) {
    for one in a {
        for other in b.iter().filter(|other| one.overlaps(other)) {
            error(
                report,
                code::NETWORK_RANGE,
                other.origin,
                format!("{} `{}` overlaps {} `{}`", other.what, other.text, one.what, one.text),
            )
            .label(place(one.origin), "the other range is here")
            .hint("choose ranges that have no address in common");
        }
    }
}

fn contained(subnets: &[Range], vnet: &[Range], report: &mut Report) {
    let default: Vec<Range> = if vnet.is_empty() {
        range(DEFAULT_VNET, "CAPZ's default virtual network", Origin::Unknown).into_iter().collect()
    } else {
        vnet.to_vec()
    };
    for subnet in subnets.iter().filter(|subnet| subnet.is_v4 || !vnet.is_empty()) {
        if !default.iter().any(|block| block.contains(subnet)) {
            let blocks: Vec<String> = default.iter().map(|block| format!("`{}`", block.text)).collect();
            let diagnostic = error(
                report,
                code::NETWORK_RANGE,
                subnet.origin,
                format!("subnet `{}` is not inside the virtual network {}", subnet.text, blocks.join(", ")),
            );
            match vnet.first() {
                Some(block) => diagnostic.label(place(block.origin), "the virtual network's addresses are here"),
                None => diagnostic.hint("set `azure.network.vnet.cidrBlocks` as well"),
            };
        }
    }
}

/// Either one subnet for everything, or one for each role. CAPZ would add a missing one with addresses of its own.
fn subnet_roles(spec: &Spec, report: &mut Report) {
    let Some(network) = &spec.azure.network else { return };
    if network.subnets.is_empty() {
        if let Some(vnet) = network.vnet.as_ref().filter(|vnet| !vnet.cidr_blocks.is_empty()) {
            let is_default = vnet.cidr_blocks.iter().any(|block| {
                range(block.as_str(), "", block.origin).is_some_and(|block| {
                    range("10.0.0.0/15", "", Origin::Unknown).is_some_and(|defaults| block.contains(&defaults))
                })
            });
            if !is_default {
                error(
                    report,
                    code::NETWORK_RANGE,
                    vnet.origin,
                    "CAPZ's default subnets `10.0.0.0/16` and `10.1.0.0/16` are not inside this virtual network",
                )
                .hint("add `subnets` with `name`, `role` and `cidrBlocks`");
            }
        }
        return;
    }
    let has = |role| network.subnets.iter().any(|subnet| subnet.role.value == role);
    for (role, name) in [(SubnetRole::ControlPlane, "control-plane"), (SubnetRole::Node, "node")] {
        if !has(role) && !has(SubnetRole::Cluster) {
            error(report, code::NETWORK_RANGE, network.origin, format!("no subnet has the role `{name}`"))
                .hint(format!("add one with `role: {name}`, or a single one with `role: cluster`"));
        }
    }
}
