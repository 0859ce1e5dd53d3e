//! Route tables of an Azure cluster's subnets: the nodes go one way, for example through a firewall, and the control plane goes another.
//!
//! The source is CAPZ's `internal/api/v1beta1/azurecluster_default.go`, since its commit df591f890 (#6358, June 2026): a control plane's subnet that names no table gets that of
//! the first subnet of nodes, in which the cloud controller manager writes the routes to pods.

use flatwright_diagnostic::{Edit, Fix, Part, Rule, Target};
use flatwright_kubernetes::is_placeholder;

use super::azure_cluster::is_elsewhere;
use crate::check::Check;
use crate::field::Field;
use crate::rules::azure_network::{added_roles, has_control_plane, subnets};

/// A route table that not all machines of a cluster have.
#[derive(Debug, Rule)]
pub(crate) enum RouteTable {
    /// The nodes have it, the control plane does not.
    #[rule(
        "manifest-control-plane-route-table",
        "the control plane's subnet `{subnet}` does not have the route table `{table}` of the nodes"
    )]
    OfNodes { subnet: String, table: String },
}

pub(crate) fn check(check: &mut Check<'_>, object: &Field<'_>) {
    let spec = object.get("spec");
    if !has_control_plane(&spec) {
        return;
    }
    let network = spec.get("networkSpec");
    let is_own = is_elsewhere(object, &network);
    // A network that is there already gets no subnet; that one is not named is a finding of its own.
    let added = if is_own { &[] } else { added_roles(true) };
    let subnets = subnets(&network, added);
    let made = format!("{}-node-routetable", object.get("metadata.name").text_or_empty());
    let tables: Vec<&str> = subnets
        .iter()
        .filter(|subnet| subnet.role == "node")
        .map(|subnet| table(&subnet.field))
        // The webhook names this one where nobody names any.
        .filter(|table| !table.is_empty() && !table.eq_ignore_ascii_case(&made))
        .collect();
    let Some(first) = tables.first().copied().filter(|_| !tables.iter().any(|table| is_placeholder(table))) else {
        return;
    };
    for subnet in subnets.iter().filter(|subnet| subnet.role == "control-plane") {
        let own = table(&subnet.field);
        // Azure compares names without their case.
        if is_placeholder(own) || tables.iter().any(|table| table.eq_ignore_ascii_case(own)) {
            continue;
        }
        let name = match subnet.field.get("name").text_or_empty() {
            "" => "control-plane",
            name => name,
        };
        // One that the webhook adds has no place but the list.
        let is_listed = subnet.field.get("role").is_set();
        let place = if is_listed { subnet.field.get("routeTable.name") } else { subnet.field.clone() };
        let rule = RouteTable::OfNodes { subnet: name.to_owned(), table: first.to_owned() };
        let finding = check.warn(&place, &rule);
        finding.note("its machines go another way than the nodes, around a firewall for example, and the API server has no routes to pods that stand in that table");
        finding.note(match (is_own, own.is_empty()) {
            (true, _) => "CAPZ changes no subnet of a virtual network that exists already: the table must be the subnet's in Azure too",
            (false, true) => "CAPZ gives the subnet that table by itself since June 2026 (cluster-api-provider-azure#6358), and none before",
            (false, false) => "CAPZ leaves a table that is named as it is",
        });
        finding.hint(if is_listed {
            format!("set the subnet's `routeTable` to `{first}`")
        } else {
            format!("list a subnet of role `control-plane` with the `routeTable` `{first}`")
        });
        // Which of two tables is meant is for a person to say.
        let is_one = tables.iter().all(|table| table.eq_ignore_ascii_case(first));
        if is_one && place.holds(own) && !own.is_empty() {
            let replace =
                Edit::Replace { target: Target::Here(Part::Value), was: Some(own.to_owned()), with: first.to_owned() };
            finding.fix(Fix::suggested(format!("write `{first}`"), replace));
        }
    }
}

/// The name of a subnet's table; of one that was read from Azure, the end of its id.
fn table<'a>(subnet: &Field<'a>) -> &'a str {
    let table = subnet.get("routeTable");
    match table.get("name").text_or_empty() {
        "" => table.get("id").text_or_empty().rsplit('/').next().unwrap_or_default(),
        name => name,
    }
}
