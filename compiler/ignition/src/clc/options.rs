//! etcd and flannel: sections whose keys depend on the version they ask for.
//!
//! Owns: which options each version has, and how they become arguments. Must not: write units.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use crate::clc::option_tables::{ETCD_2, ETCD_3, ETCD_3_4, Etcd3Option, FLANNEL, Kind, Kind::*};
use crate::ignition2::model::{Model, Source};
use crate::ignition2::walk::{Finding, NodeRef, Place, Walker};
use crate::ignition2::{Version, quote_go};
use crate::problem::{Service, Yaml};

type Table = Vec<(&'static str, Kind)>;

/// A value of an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OptionValue {
    Text(String),
    Number(i64),
    Flag(bool),
}

/// The options that are set, in the order of their table, and all keys of the table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    keys: Vec<&'static str>,
    values: Vec<(&'static str, OptionValue)>,
}

impl Options {
    fn decode(source: &mut dyn Source, node: NodeRef, go: &str, table: &Table) -> Option<Self> {
        let keys: Vec<&'static str> = table.iter().map(|(key, _)| *key).collect();
        let before = source.error_count();
        let mut values: Vec<Option<OptionValue>> = vec![None; table.len()];
        for (key, value) in source.fields(node, go, &keys)? {
            let Some(index) = keys.iter().position(|known| *known == key) else { continue };
            if source.is_null(value) {
                continue;
            }
            values[index] = match table[index].1 {
                Text => source.string(value, "string").map(OptionValue::Text),
                Number => source.int(value).map(OptionValue::Number),
                Flag => source.bool(value).map(OptionValue::Flag),
            };
        }
        let values = keys.iter().zip(values).filter_map(|(key, value)| Some((*key, value?))).collect();
        (source.error_count() == before).then_some(Self { keys, values })
    }

    /// The text of an option.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.values.iter().find_map(|(name, value)| match value {
            OptionValue::Text(text) if *name == key => Some(&**text),
            _ => None,
        })
    }

    /// `--key=value` for each option that is set.
    pub(crate) fn arguments(&self) -> Vec<String> {
        let argument = |(key, value): &(&str, OptionValue)| {
            let name = if *key == "interface" { Cow::from("iface") } else { key.replace('_', "-").into() };
            match value {
                OptionValue::Text(text) => format!("--{name}={}", quote_go(text)),
                OptionValue::Number(number) => format!("--{name}={number}"),
                OptionValue::Flag(flag) => format!("--{name}={flag}"),
            }
        };
        self.values.iter().map(argument).collect()
    }

    fn serialize_into(&self, map: &mut Map<String, Value>) {
        for (key, value) in &self.values {
            let value = match value {
                OptionValue::Text(text) => json!(text),
                OptionValue::Number(number) => json!(number),
                OptionValue::Flag(flag) => json!(flag),
            };
            map.insert((*key).to_owned(), value);
        }
    }
}

/// The etcd section.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Etcd {
    pub(crate) version: Option<Version>,
    pub(crate) options: Options,
}

/// The flannel section.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Flannel {
    pub(crate) version: Option<Version>,
    pub(crate) network_config: String,
    pub(crate) options: Options,
}

fn version(source: &mut dyn Source, node: NodeRef) -> Option<Version> {
    if source.is_null(node) {
        return None;
    }
    let text = source.string(node, "string")?;
    match Version::parse(&text) {
        Ok(version) => Some(version),
        Err(words) => {
            source.fail(Yaml::Version { words });
            None
        }
    }
}

fn etcd_table(version: &Version) -> Option<(&'static str, Table)> {
    let of = |options: &[Etcd3Option], minor: i64| {
        let has = |(_, _, first, last): &&Etcd3Option| (*first..=*last).contains(&minor);
        options.iter().filter(has).map(|(key, kind, ..)| (*key, *kind)).collect()
    };
    match (version.major, version.minor) {
        (2, 3..) => Some(("types.Etcd2", ETCD_2.to_vec())),
        (3, 0) => Some(("types.Etcd3_0", of(ETCD_3, 0))),
        (3, 1) => Some(("types.Etcd3_1", of(ETCD_3, 1))),
        (3, 2) => Some(("types.Etcd3_2", of(ETCD_3, 2))),
        (3, 3) => Some(("types.Etcd3_3", of(ETCD_3, 3))),
        (3, 4) => Some(("types.Etcd3_4", of(ETCD_3_4, 4))),
        (3, 5..) => Some(("types.Etcd3_5", of(ETCD_3_4, 5))),
        _ => None,
    }
}

fn flannel_table(version: &Version) -> Option<(&'static str, Table)> {
    match (version.major, version.minor) {
        (0, 5) => Some(("types.Flannel0_5", FLANNEL[2..FLANNEL.len() - 1].to_vec())),
        (0, 6) => Some(("types.Flannel0_6", FLANNEL[..FLANNEL.len() - 1].to_vec())),
        (0, 7..) => Some(("types.Flannel0_7", FLANNEL.to_vec())),
        _ => None,
    }
}

impl Model for Etcd {
    fn go() -> Cow<'static, str> {
        "types.Etcd".into()
    }

    fn decode(&mut self, source: &mut dyn Source, node: NodeRef) -> bool {
        if source.is_null(node) {
            return source.accepts_null();
        }
        let before = source.error_count();
        for (_, value) in source.fields(node, "types.etcdCommon", &["version"]).unwrap_or_default() {
            self.version = version(source, value);
        }
        if source.error_count() != before {
            return false;
        }
        let wanted = self.version.clone().unwrap_or_else(|| Version::release(3, 0, 0));
        let Some((go, table)) = etcd_table(&wanted) else { return true };
        Options::decode(source, node, go, &table).map(|options| self.options = options).is_some()
    }

    fn visit(&self, walker: &mut Walker<'_>, place: Place) {
        let members = walker.members(place);
        let problem = self.version.as_ref().and_then(etcd_version);
        walker.run(members.get("version", place), |found| found.extend(problem));
        let keys: Vec<&'static str> = ["version"].into_iter().chain(self.options.keys.iter().copied()).collect();
        walker.unused(&members, &keys);
    }

    fn schema() -> Value {
        let options = ETCD_3.iter().chain(ETCD_3_4).map(|(key, kind, ..)| (*key, *kind)).chain(ETCD_2.iter().copied());
        options_schema(
            &[("version", json!({"type": "string", "description": "The version of etcd; 3.0.0 if unset."}))],
            options,
        )
    }
}

fn etcd_version(version: &Version) -> Option<Finding> {
    if version.is_less_than(&Version::release(2, 3, 0)) {
        return Some(Finding::error(Service::OldEtcd));
    }
    match (version.major, version.minor) {
        (2, 4..) | (3, 6..) => Some(Finding::warning(Service::NewEtcdMinor)),
        (4.., _) => Some(Finding::error(Service::NewEtcd)),
        _ => None,
    }
}

impl Model for Flannel {
    fn go() -> Cow<'static, str> {
        "types.Flannel".into()
    }

    fn decode(&mut self, source: &mut dyn Source, node: NodeRef) -> bool {
        if source.is_null(node) {
            return source.accepts_null();
        }
        let before = source.error_count();
        let keys = &["version", "network_config"];
        for (key, value) in source.fields(node, "types.flannelCommon", keys).unwrap_or_default() {
            match key {
                "version" => self.version = version(source, value),
                _ if source.is_null(value) => {}
                _ => self.network_config = source.string(value, "types.NetworkConfig").unwrap_or_default(),
            }
        }
        if source.error_count() != before {
            return false;
        }
        let wanted = self.version.clone().unwrap_or_else(|| Version::release(0, 6, 0));
        let Some((go, table)) = flannel_table(&wanted) else { return true };
        Options::decode(source, node, go, &table).map(|options| self.options = options).is_some()
    }

    fn visit(&self, walker: &mut Walker<'_>, place: Place) {
        let is_by_kubernetes = self.options.values.contains(&("kube_subnet_mgr", OptionValue::Flag(true)));
        let is_fatal = walker.run(place, |found| {
            if is_by_kubernetes && !self.network_config.is_empty() {
                found.push(Finding::error(Service::UnusedNetwork));
            }
        });
        if is_fatal {
            return;
        }
        let members = walker.members(place);
        walker.run(members.get("version", place), |found| {
            let Some(version) = &self.version else { return };
            if version.is_less_than(&Version::release(0, 5, 0)) {
                found.push(Finding::error(Service::OldFlannel));
            } else if version.major == 0 && version.minor > 7 {
                found.push(Finding::warning(Service::NewFlannelMinor));
            }
        });
        walker.run(members.get("network_config", place), |found| {
            let is_json = serde_json::from_str::<Option<Map<String, Value>>>(&self.network_config).is_ok();
            if !self.network_config.is_empty() && !is_json {
                found.push(Finding::error(Service::Network));
            }
        });
        let keys: Vec<&'static str> =
            ["version", "network_config"].into_iter().chain(self.options.keys.iter().copied()).collect();
        walker.unused(&members, &keys);
    }

    fn schema() -> Value {
        let own = [
            ("version", json!({"type": "string", "description": "The version of flannel; 0.6.0 if unset."})),
            (
                "network_config",
                json!({"type": "string", "description": "The network config in JSON, written into etcd."}),
            ),
        ];
        options_schema(&own, FLANNEL.iter().copied())
    }
}

fn options_schema(own: &[(&str, Value)], options: impl Iterator<Item = (&'static str, Kind)>) -> Value {
    let mut properties: Map<String, Value> =
        own.iter().map(|(key, schema)| ((*key).to_owned(), schema.clone())).collect();
    for (key, kind) in options {
        let kind = match kind {
            Text => json!("string"),
            Number => json!("integer"),
            Flag => json!("boolean"),
        };
        match properties.get_mut(key) {
            Some(known) if known["type"] != kind => known["type"] = json!(["string", "integer"]),
            Some(_) => {}
            None => {
                properties.insert(key.to_owned(), json!({"type": kind}));
            }
        }
    }
    json!({"type": "object", "additionalProperties": false, "properties": properties})
}

impl serde::Serialize for Etcd {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = Map::new();
        if let Some(version) = &self.version {
            map.insert("version".into(), version.to_string().into());
        }
        self.options.serialize_into(&mut map);
        map.serialize(serializer)
    }
}

impl serde::Serialize for Flannel {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = Map::new();
        if let Some(version) = &self.version {
            map.insert("version".into(), version.to_string().into());
        }
        if !self.network_config.is_empty() {
            map.insert("network_config".into(), self.network_config.clone().into());
        }
        self.options.serialize_into(&mut map);
        map.serialize(serializer)
    }
}
