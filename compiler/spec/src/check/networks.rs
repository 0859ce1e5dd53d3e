//! Networks: ranges that contain and exclude each other. The API server checks none of it beyond the first address.

use flatwright_diagnostic::{Fix, Origin, Part, Report, Traced};
use flatwright_kubernetes::network::Cidr;

use super::{place, refuse};
use crate::lower::{DEFAULT_PODS, DEFAULT_SUBNETS};
use crate::rules::{NetworkRange, OutOfRange};
use crate::types::{AddressBlock, Spec, SubnetRole};

/// CAPZ's address space for a virtual network without `cidrBlocks`.
const DEFAULT_VNET: &str = "10.0.0.0/8";

/// CAPZ's addresses for the subnets of that network.
const DEFAULT_SUBNET_RANGES: [&str; 2] = ["10.0.0.0/16", "10.1.0.0/16"];

/// kubeadm's addresses for services if the spec does not say any.
const DEFAULT_SERVICES: &str = "10.96.0.0/12";

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
        let rule = OutOfRange::Blocks { network: first.what, most: MOST_BLOCKS };
        refuse(report, first.origin, &rule).hint("write fewer, larger blocks");
        return;
    }
    for range in pods.iter().chain(&services).chain(&vnet).chain(&subnets) {
        host_bits(range, report);
    }
    ipv4(spec, &pods, &services, &vnet, report);
    families(&pods, report);
    families(&services, report);
    sizes(&pods, &services, report);
    // What else of the virtual network pods or services have is a warning about the objects: it works until machines get such addresses.
    let machines = match azure.and_then(|azure| azure.vnet.as_ref()) {
        None if subnets.is_empty() => default(&DEFAULT_SUBNET_RANGES, "CAPZ's default subnet"),
        _ => subnets.clone(),
    };
    let pods = if pods.is_empty() { default(&[DEFAULT_PODS], "the default pod network") } else { pods };
    let services =
        if services.is_empty() { default(&[DEFAULT_SERVICES], "the default service network") } else { services };
    disjoint(&pods, &services, report);
    disjoint(&pods, &machines, report);
    disjoint(&services, &machines, report);
    for (position, subnet) in subnets.iter().enumerate() {
        disjoint(std::slice::from_ref(subnet), subnets.get(position + 1..).unwrap_or_default(), report);
    }
    contained(&subnets, &vnet, report);
    subnet_roles(spec, report);
    subnet_names(spec, report);
}

/// The spec has no words for what a cluster of IPv6 addresses needs: addresses to bind to and to advertise, node addresses, a load balancer.
fn ipv4(spec: &Spec, pods: &[Range], services: &[Range], vnet: &[Range], report: &mut Report) {
    const NODES: &str = "machines and the API server's load balancer get IPv4 addresses";
    const SERVICES: &str =
        "the API server has an IPv4 address, and stops at services whose first addresses are of another family";
    let mut refuse = |ranges: &[Range], is_first: bool, reason: &str| {
        if let Some(range) = ranges.first() {
            super::refuse(report, range.origin, &NetworkRange::Ipv6Only { network: range.what, is_first })
                .note(format!("{reason}; clusters without IPv4 cannot be written yet"))
                .hint("write an IPv4 range first, and the IPv6 range behind it");
        }
    };
    let is_v6_only = |ranges: &[Range]| !ranges.is_empty() && ranges.iter().all(|range| range.block.is_v6());
    if services.first().is_some_and(|range| range.block.is_v6()) {
        refuse(services, !is_v6_only(services), SERVICES);
    }
    let subnets = spec.azure.network.iter().flat_map(|network| &network.subnets);
    let subnets: Vec<_> = subnets.map(|subnet| ranges(&subnet.cidr_blocks, "this subnet")).collect();
    for ranges in [pods, vnet].into_iter().chain(subnets.iter().map(Vec::as_slice)).filter(|ranges| is_v6_only(ranges))
    {
        refuse(ranges, false, NODES);
    }
}

#[derive(Clone)]
struct Range {
    text: String,
    what: &'static str,
    origin: Origin,
    block: Cidr,
}

fn ranges(blocks: &[Traced<AddressBlock>], what: &'static str) -> Vec<Range> {
    blocks.iter().filter_map(|block| range(block.as_str(), what, block.origin)).collect()
}

fn range(text: &str, what: &'static str, origin: Origin) -> Option<Range> {
    Some(Range { text: text.to_owned(), what, origin, block: Cidr::parse(text)? })
}

fn default(blocks: &[&str], what: &'static str) -> Vec<Range> {
    blocks.iter().filter_map(|block| range(block, what, Origin::Unknown)).collect()
}

/// kubeadm stops at what it cannot make a single-stack or dual-stack cluster of.
fn families(ranges: &[Range], report: &mut Report) {
    for (position, range) in ranges.iter().enumerate() {
        let before = ranges.iter().take(position).find(|before| before.block.is_v6() == range.block.is_v6());
        if let Some(before) = before {
            let family = if range.block.is_v6() { "IPv6" } else { "IPv4" };
            refuse(report, range.origin, &NetworkRange::BlocksOfOneFamily { network: range.what, family })
                .label(place(before.origin), "the other is here")
                .hint("keep one of them, or choose a larger block that has both");
        }
    }
}

/// kubeadm's bounds: 14 addresses of pods, 10 of services, and not more than 20 bits of services.
fn sizes(pods: &[Range], services: &[Range], report: &mut Report) {
    let too_small = |range: &Range| NetworkRange::TooSmall { block: range.text.clone(), network: range.what };
    for range in pods.iter().filter(|range| range.block.size() < 14) {
        refuse(report, range.origin, &too_small(range))
            .hint("kubeadm wants 14 addresses at least, and each node takes a block of its own");
    }
    for range in services {
        match range.block.size() {
            0..10 => {
                refuse(report, range.origin, &too_small(range))
                    .hint("kubeadm wants 10 addresses at least; a /16 is a sound value");
            }
            size if size > 1 << 20 => {
                let largest = if range.block.is_v6() { 108 } else { 12 };
                let rule = NetworkRange::TooLarge { block: range.text.clone(), network: range.what };
                refuse(report, range.origin, &rule).hint(format!("kubeadm takes /{largest} and smaller"));
            }
            _ => {}
        }
    }
}

fn host_bits(range: &Range, report: &mut Report) {
    if range.block.has_host_bits() {
        let block = range.block.masked().to_string();
        refuse(report, range.origin, &NetworkRange::HostBits { block: range.text.clone() })
            .hint(format!("write the block's first address, with zeros after the prefix: `{block}`"))
            .fix(Fix::rewrite(range.text.as_str(), block));
    }
}

fn disjoint(a: &[Range], b: &[Range], report: &mut Report) {
    for one in a {
        for other in b.iter().filter(|other| one.block.overlaps(other.block)) {
            let (one, other) = if other.origin == Origin::Unknown { (other, one) } else { (one, other) };
            if other.origin == Origin::Unknown {
                continue;
            }
            let rule = NetworkRange::Overlap {
                network: other.what,
                block: other.text.clone(),
                other: one.what,
                other_block: one.text.clone(),
            };
            let diagnostic = refuse(report, other.origin, &rule);
            match one.origin.anchor() {
                Some(place) => diagnostic
                    .label(place, "the other range is here")
                    .hint("choose ranges that have no address in common"),
                None => {
                    diagnostic.hint("set `kubernetes.network` to other `pods` and `services`, or choose another range")
                }
            };
        }
    }
}

fn contained(subnets: &[Range], vnet: &[Range], report: &mut Report) {
    let default: Vec<Range> = if vnet.is_empty() {
        range(DEFAULT_VNET, "CAPZ's default virtual network", Origin::Unknown).into_iter().collect()
    } else {
        vnet.to_vec()
    };
    for subnet in subnets.iter().filter(|subnet| !subnet.block.is_v6() || !vnet.is_empty()) {
        if !default.iter().any(|block| block.block.covers(subnet.block)) {
            let blocks: Vec<String> = default.iter().map(|block| format!("`{}`", block.text)).collect();
            let rule = NetworkRange::SubnetOutside { subnet: subnet.text.clone(), network: blocks.join(", ") };
            let diagnostic = refuse(report, subnet.origin, &rule);
            match vnet.first() {
                Some(block) => {
                    let others: Vec<Cidr> = subnets.iter().map(|other| other.block).collect();
                    let mut networks = vnet.iter();
                    if let Some(free) =
                        networks.find_map(|it| it.block.masked().free_part(subnet.block.prefix(), &others))
                    {
                        diagnostic.hint(format!("`{free}` would fit"));
                    }
                    diagnostic.label(place(block.origin), "the virtual network's addresses are here")
                }
                None => diagnostic.hint("set `azure.network.vnet.cidrBlocks` as well"),
            };
        }
    }
}

/// A machine in a subnet that is not listed: CAPZ makes only those, and its interface waits for the subnet. One that exists may be meant.
fn subnet_names(spec: &Spec, report: &mut Report) {
    let listed = spec.azure.network.as_ref().map(|network| network.subnets.as_slice()).unwrap_or_default();
    let names: Vec<&str> = match listed {
        [] => DEFAULT_SUBNETS.map(|(name, _)| name).into(),
        listed => listed.iter().map(|subnet| subnet.name.as_str()).collect(),
    };
    let shared = spec.machines.iter().map(|machines| &machines.profile);
    let pools = spec.pools.iter().map(|pool| &pool.profile);
    let profiles = shared.chain([&spec.control_plane.profile]).chain(pools);
    for wanted in profiles.filter_map(|profile| profile.subnet_name.as_ref()) {
        if names.contains(&wanted.as_str()) {
            continue;
        }
        let rule = NetworkRange::UnknownSubnet { subnet: wanted.as_str().to_owned() };
        report.warn(place(wanted.origin), &rule).did_you_mean(wanted.as_str(), Part::Value, names.iter().copied());
    }
}

/// Either one subnet for everything, or one for each role. CAPZ would add a missing one with addresses of its own.
fn subnet_roles(spec: &Spec, report: &mut Report) {
    let Some(network) = &spec.azure.network else { return };
    if network.subnets.is_empty() {
        if let Some(vnet) = network.vnet.as_ref().filter(|vnet| !vnet.cidr_blocks.is_empty()) {
            let is_default = vnet.cidr_blocks.iter().any(|block| {
                let pair = (Cidr::parse(block.as_str()), Cidr::parse("10.0.0.0/15"));
                matches!(pair, (Some(block), Some(defaults)) if block.covers(defaults))
            });
            if !is_default {
                refuse(report, vnet.origin, &NetworkRange::DefaultSubnetsOutside)
                    .hint("add `subnets` with `name`, `role` and `cidrBlocks`");
            }
        }
        return;
    }
    let has = |role| network.subnets.iter().any(|subnet| subnet.role.value == role);
    for role in [SubnetRole::ControlPlane, SubnetRole::Node] {
        if !has(role) && !has(SubnetRole::Cluster) {
            let role = role.word();
            refuse(report, network.origin, &NetworkRange::RoleMissing { role })
                .hint(format!("add one with `role: {role}`, or a single one with `role: cluster`"));
        }
    }
}
