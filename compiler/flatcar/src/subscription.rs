//! What a subscription can have: the answers of Azure's SKU and usage APIs, as its command line prints them (`az vm list-skus -o json`, `az vm list-usage -o json`).
//!
//! Owns: reading both. Must not: judge a machine. A list may be of one region or of all; what is not in it is not known.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// The answers that were given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subscription {
    sizes: BTreeMap<String, Sku>,
    disks: BTreeMap<String, BTreeSet<String>>,
    quotas: BTreeMap<String, Quota>,
}

/// A size as the SKU API describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sku {
    name: String,
    family: String,
    regions: BTreeMap<String, Offered>,
    capabilities: BTreeMap<String, String>,
}

/// How a size is offered in a region.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offered {
    /// The availability zones that have it.
    pub zones: BTreeSet<String>,
    /// Why the subscription cannot use it there.
    pub refused: Option<String>,
    /// The zones in which the subscription cannot use it.
    pub refused_zones: BTreeSet<String>,
}

/// How much of something a subscription may have in a region.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quota {
    /// What Azure calls it.
    pub title: String,
    /// How much there is.
    pub used: u64,
    /// How much there may be.
    pub limit: u64,
}

/// A text that is not what the command prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// From 1.
    pub line: usize,
    /// From 1.
    pub column: usize,
    /// What is wrong, in the reader's words.
    pub problem: String,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem)
    }
}

impl std::error::Error for Malformed {}

impl From<serde_json::Error> for Malformed {
    fn from(error: serde_json::Error) -> Self {
        let (line, column) = (error.line().max(1), error.column().max(1));
        let text = error.to_string();
        // The place is told by itself.
        let problem = text.rsplit_once(" at line ").map_or(text.as_str(), |(problem, _)| problem).to_owned();
        Self { line, column, problem }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawSku {
    resource_type: String,
    name: String,
    #[serde(default, deserialize_with = "or_default")]
    family: String,
    #[serde(default, deserialize_with = "or_default")]
    locations: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    location_info: Vec<RawLocation>,
    #[serde(default, deserialize_with = "or_default")]
    capabilities: Vec<RawCapability>,
    #[serde(default, deserialize_with = "or_default")]
    restrictions: Vec<RawRestriction>,
}

#[derive(Deserialize)]
struct RawLocation {
    location: String,
    #[serde(default, deserialize_with = "or_default")]
    zones: Vec<String>,
}

#[derive(Deserialize)]
struct RawCapability {
    name: String,
    #[serde(default, deserialize_with = "or_default")]
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawRestriction {
    #[serde(default, deserialize_with = "or_default")]
    reason_code: String,
    #[serde(rename = "type", default, deserialize_with = "or_default")]
    kind: String,
    #[serde(default, deserialize_with = "or_default")]
    restriction_info: RawRestrictionInfo,
    #[serde(default, deserialize_with = "or_default")]
    values: Vec<String>,
}

#[derive(Default, Deserialize)]
struct RawRestrictionInfo {
    #[serde(default, deserialize_with = "or_default")]
    locations: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    zones: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawUsage {
    name: RawName,
    #[serde(deserialize_with = "number")]
    current_value: u64,
    #[serde(deserialize_with = "number")]
    limit: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawName {
    value: String,
    #[serde(default, deserialize_with = "or_default")]
    localized_value: String,
}

/// Azure writes `null` where it has nothing.
fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A number, which older command lines print as a text. Without a limit the API says -1.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Number(number) => Ok(number.as_u64().unwrap_or(u64::MAX)),
        Value::String(text) => text.parse().map_err(|_| D::Error::custom(format!("`{text}` is not a number"))),
        _ => Err(D::Error::custom("not a number")),
    }
}

impl Subscription {
    /// Adds what `az vm list-skus -o json` prints. Nothing of other kinds of resources than machines and disks is kept.
    ///
    /// # Errors
    /// Where the text is not that.
    pub fn add_skus(&mut self, json: &[u8]) -> Result<(), Malformed> {
        for raw in serde_json::from_slice::<Vec<RawSku>>(json)? {
            match raw.resource_type.as_str() {
                "virtualMachines" => self.add_size(raw),
                "disks" => {
                    let regions = raw.locations.iter().map(|region| region.to_ascii_lowercase());
                    self.disks.entry(raw.name).or_default().extend(regions);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn add_size(&mut self, raw: RawSku) {
        let sku = self.sizes.entry(raw.name.clone()).or_default();
        sku.name = raw.name;
        sku.family = raw.family;
        for region in raw.locations {
            sku.regions.entry(region.to_ascii_lowercase()).or_default();
        }
        for info in raw.location_info {
            sku.regions.entry(info.location.to_ascii_lowercase()).or_default().zones.extend(info.zones);
        }
        sku.capabilities.extend(raw.capabilities.into_iter().map(|capability| (capability.name, capability.value)));
        for restriction in raw.restrictions {
            let info = restriction.restriction_info;
            let named = if info.locations.is_empty() { restriction.values } else { info.locations };
            let is_of_zone = restriction.kind == "Zone";
            for region in named {
                let offered = sku.regions.entry(region.to_ascii_lowercase()).or_default();
                if is_of_zone {
                    offered.refused_zones.extend(info.zones.iter().cloned());
                } else {
                    offered.refused = Some(restriction.reason_code.clone());
                }
            }
        }
    }

    /// Adds what `az vm list-usage -o json` prints of a region.
    ///
    /// # Errors
    /// Where the text is not that.
    pub fn add_usage(&mut self, json: &[u8]) -> Result<(), Malformed> {
        for raw in serde_json::from_slice::<Vec<RawUsage>>(json)? {
            let quota = Quota { title: raw.name.localized_value, used: raw.current_value, limit: raw.limit };
            self.quotas.insert(raw.name.value.to_ascii_lowercase(), quota);
        }
        Ok(())
    }

    /// Whether there is a list of sizes, which then is all that is asked.
    pub fn has_sizes(&self) -> bool {
        !self.sizes.is_empty()
    }

    /// Whether the list has anything of a region.
    pub fn covers(&self, region: &str) -> bool {
        self.sizes.values().any(|sku| sku.regions.contains_key(region))
    }

    /// The size of this name.
    pub fn sku(&self, name: &str) -> Option<&Sku> {
        self.sizes.get(name)
    }

    /// The names of all sizes.
    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.sizes.keys().map(String::as_str)
    }

    /// Whether disks of a type can be made in a region; `None` where the list has no disks of that region.
    pub fn has_disk(&self, kind: &str, region: &str) -> Option<bool> {
        let is_known = self.disks.values().any(|regions| regions.contains(region));
        is_known.then(|| self.disks.get(kind).is_some_and(|regions| regions.contains(region)))
    }

    /// The quota of a family, or of all processors (`cores`).
    pub fn quota(&self, family: &str) -> Option<&Quota> {
        self.quotas.get(&family.to_ascii_lowercase())
    }
}

impl Sku {
    /// Its name as Azure writes it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The family that a quota is for.
    pub fn family(&self) -> &str {
        &self.family
    }

    /// How it is offered in a region.
    pub fn offered(&self, region: &str) -> Option<&Offered> {
        self.regions.get(region)
    }

    /// The number of processors.
    pub fn vcpus(&self) -> Option<u64> {
        self.number("vCPUs")
    }

    pub(crate) fn capability(&self, name: &str) -> Option<&str> {
        self.capabilities.get(name).map(String::as_str)
    }

    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.capability(name)?.trim().parse().ok()
    }

    pub(crate) fn truth(&self, name: &str) -> Option<bool> {
        self.capability(name).map(|value| value.eq_ignore_ascii_case("true"))
    }

    pub(crate) fn lists(&self, name: &str, word: &str) -> Option<bool> {
        self.capability(name).map(|list| list.split(',').any(|one| one.trim().eq_ignore_ascii_case(word)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SKUS: &str = r#"[
      {"resourceType": "virtualMachines", "name": "Standard_D4s_v5", "family": "standardDSv5Family", "locations": ["WestEurope"],
       "locationInfo": [{"location": "WestEurope", "zones": ["1", "2"], "zoneDetails": []}],
       "capabilities": [{"name": "vCPUs", "value": "4"}, {"name": "PremiumIO", "value": "True"}, {"name": "HyperVGenerations", "value": "V1, V2"}],
       "restrictions": [{"type": "Zone", "reasonCode": "NotAvailableForSubscription", "restrictionInfo": {"locations": ["westeurope"], "zones": ["2"]}, "values": ["westeurope"]}]},
      {"resourceType": "virtualMachines", "name": "Standard_D4s_v5", "family": null, "locations": ["eastus"], "restrictions":
       [{"type": "Location", "reasonCode": "QuotaId", "restrictionInfo": {"locations": ["eastus"], "zones": null}}]},
      {"resourceType": "disks", "name": "Premium_LRS", "locations": ["westeurope"]},
      {"resourceType": "snapshots", "name": "x"}]"#;

    #[test]
    fn sizes_are_read_with_regions_and_restrictions() {
        let mut subscription = Subscription::default();
        subscription.add_skus(SKUS.as_bytes()).unwrap();
        let sku = subscription.sku("Standard_D4s_v5").unwrap();
        let europe = sku.offered("westeurope").unwrap();
        assert_eq!(europe.zones.iter().collect::<Vec<_>>(), ["1", "2"]);
        assert!(europe.refused_zones.contains("2") && europe.refused.is_none());
        assert_eq!(sku.offered("eastus").unwrap().refused.as_deref(), Some("QuotaId"));
        assert_eq!(
            (sku.vcpus(), sku.truth("PremiumIO"), sku.lists("HyperVGenerations", "v2")),
            (Some(4), Some(true), Some(true))
        );
        assert_eq!(subscription.has_disk("UltraSSD_LRS", "westeurope"), Some(false));
        assert_eq!(subscription.has_disk("UltraSSD_LRS", "eastus"), None);
        assert!(subscription.covers("eastus") && !subscription.covers("westus"));
    }

    #[test]
    fn quotas_are_numbers_or_texts() {
        let mut subscription = Subscription::default();
        let text = r#"[{"currentValue": "8", "limit": 10, "localName": "x", "name": {"value": "standardDSv5Family", "localizedValue": "DSv5"}}, {"currentValue": 0, "limit": -1, "name": {"value": "cores"}}]"#;
        subscription.add_usage(text.as_bytes()).unwrap();
        let quota = subscription.quota("StandardDsv5Family").unwrap();
        assert_eq!((quota.used, quota.limit, &*quota.title), (8, 10, "DSv5"));
        assert_eq!(subscription.quota("cores").unwrap().limit, u64::MAX);
    }

    #[test]
    fn other_texts_say_where_they_are_wrong() {
        let mut subscription = Subscription::default();
        for (text, line) in [("", 1), ("{}", 1), ("[\n{\"name\": 1}]", 2), ("[{\"resourceType\": \"disks\"}]", 1)] {
            assert_eq!(subscription.add_skus(text.as_bytes()).unwrap_err().line, line, "{text}");
        }
        let deep = "[".repeat(10_000);
        assert!(subscription.add_skus(deep.as_bytes()).is_err());
        assert!(
            subscription.add_usage(b"[{\"name\": {\"value\": \"a\"}, \"currentValue\": \"x\", \"limit\": 1}]").is_err()
        );
    }
}
