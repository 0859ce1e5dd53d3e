//! Service endpoints and private endpoints of subnets (CAPZ `internal/webhooks/azurecluster_validation.go`).

use std::collections::BTreeSet;

use flatwright_diagnostic::Rule;

use crate::check::Check;
use crate::field::Field;
use crate::rules::azure_network::{Subnet, bad};
use crate::syntax::is_word;
use flatwright_kubernetes::is_placeholder;

/// What CAPZ refuses of endpoints.
#[derive(Debug, Rule)]
#[rule(group = "admission-network-settings")]
pub(crate) enum Endpoint {
    /// A service that Azure does not have.
    #[rule("endpoint-service-name", "`{service}` is not the name of an endpoint service")]
    Service { service: String },
    /// One service twice.
    #[rule("duplicate-service-endpoint", "the service endpoint `{service}` stands twice")]
    DuplicateService { service: String },
    /// A service nowhere.
    #[rule("service-endpoint-without-locations", "a service endpoint has no `locations`")]
    WithoutLocations,
    /// One location twice.
    #[rule("duplicate-endpoint-location", "the location `{location}` stands twice")]
    DuplicateLocation { location: String },
    /// A location that is not one.
    #[rule("endpoint-location-name", "`{location}` is not the name of a location")]
    Location { location: String },
    /// A private endpoint without a name.
    #[rule("unnamed-private-endpoint", "a private endpoint has no `name`")]
    Unnamed,
    /// A name that Azure does not take.
    #[rule("private-endpoint-name", "`{name}` is not the name of a private endpoint")]
    Name { name: String },
    /// A private endpoint that leads nowhere.
    #[rule("private-endpoint-without-connection", "a private endpoint has no `privateLinkServiceConnections`")]
    WithoutConnection,
    /// A name that Azure does not take.
    #[rule("private-link-connection-name", "`{name}` is not the name of a connection")]
    ConnectionName { name: String },
    /// An id that names no service.
    #[rule("private-link-service-id", "`{id}` is not the id of a private link service")]
    ServiceId { id: String },
    /// An address that the subnet does not have.
    #[rule("private-endpoint-address-outside-subnet", "the address `{address}` is not in the subnet")]
    AddressOutside { address: String },
}

/// The endpoints of one subnet.
pub(crate) fn check(check: &mut Check<'_>, subnet: &Subnet<'_>) {
    service_endpoints(check, &subnet.field.get("serviceEndpoints"));
    private_endpoints(check, subnet);
}

fn service_endpoints(check: &mut Check<'_>, endpoints: &Field<'_>) {
    let mut seen = BTreeSet::new();
    for endpoint in endpoints.items() {
        let (service, locations) = (endpoint.get("service"), endpoint.get("locations"));
        if bad(&service, is_service) || service.is_blank() {
            check
                .refuse(&service, &Endpoint::Service { service: service.shown() })
                .hint("write a name such as `Microsoft.Storage`");
        } else if !seen.insert(service.text_or_empty()) {
            check.refuse(&endpoint, &Endpoint::DuplicateService { service: service.shown() }).hint("keep one of them");
        }
        if locations.len() == 0 {
            check.refuse(&locations, &Endpoint::WithoutLocations).hint("write `locations: [\"*\"]`");
        }
        let mut listed = BTreeSet::new();
        for location in locations.items() {
            if let Some(text) = location.text()
                && !listed.insert(text)
            {
                check
                    .refuse(&location, &Endpoint::DuplicateLocation { location: location.shown() })
                    .hint("keep one of them");
            } else if location.holds("") || bad(&location, is_location) {
                check
                    .refuse(&location, &Endpoint::Location { location: location.shown() })
                    .hint("write it in lower case without blanks, such as `westeurope`, or `\"*\"`");
            }
        }
    }
}

fn is_service(text: &str) -> bool {
    text.strip_prefix("Microsoft.").is_some_and(|name| {
        let digits_at = name.find(|c: char| c.is_ascii_digit()).unwrap_or(name.len());
        (1..=85).contains(&name.len())
            && (1..=84).contains(&digits_at)
            && name.bytes().all(|b| b.is_ascii_alphanumeric())
    })
}

fn is_location(text: &str) -> bool {
    let letters = text.trim_end_matches(|c: char| c.is_ascii_digit());
    text == "*"
        || ((1..=42).contains(&letters.len())
            && letters.bytes().all(|b| b.is_ascii_lowercase())
            && text.len() - letters.len() <= 5)
}

fn private_endpoints(check: &mut Check<'_>, subnet: &Subnet<'_>) {
    for endpoint in subnet.field.get("privateEndpoints").items() {
        let name = endpoint.get("name");
        check.needs_text(&name, |_| Endpoint::Unnamed);
        named(check, &name, |name| Endpoint::Name { name });
        let connections = endpoint.get("privateLinkServiceConnections");
        if connections.len() == 0 {
            check
                .refuse(&connections, &Endpoint::WithoutConnection)
                .hint("add `{privateLinkServiceID: /subscriptions/…}`");
        }
        for connection in connections.items() {
            let id = connection.get("privateLinkServiceID");
            if id.is_blank() || bad(&id, is_linked_service) {
                check
                    .refuse(&id, &Endpoint::ServiceId { id: id.shown() })
                    .hint("write `/subscriptions/…/resourceGroups/…/providers/…`");
            }
            named(check, &connection.get("name"), |name| Endpoint::ConnectionName { name });
        }
        for address in endpoint.get("privateIPAddresses").items() {
            if address.text().is_some_and(is_placeholder) {
                continue;
            }
            let parsed = address.text().and_then(flatwright_kubernetes::network::address);
            if !parsed.is_some_and(|parsed| subnet.networks().any(|network| network.contains(parsed))) {
                check
                    .refuse(&address, &Endpoint::AddressOutside { address: address.shown() })
                    .hint("choose an address inside the subnet's `cidrBlocks`");
            }
        }
    }
}

fn named(check: &mut Check<'_>, name: &Field<'_>, rule: impl FnOnce(String) -> Endpoint) {
    if bad(name, |text| is_word(text, "-.")) {
        check.refuse(name, &rule(name.shown())).hint("use letters, digits, `-`, `_` and `.`");
    }
}

/// `subscriptions/…/resourceGroups/…/providers/…/…/…`, in any case.
fn is_linked_service(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let after = |text: &str, key: &str| text.split_once(key).map(|(_, rest)| rest.to_owned());
    after(&text, "subscriptions/")
        .and_then(|rest| after(&rest, "/resourcegroups/"))
        .and_then(|rest| after(&rest, "/providers/"))
        .is_some_and(|rest| rest.split('/').filter(|part| !part.is_empty()).count() >= 3)
}
