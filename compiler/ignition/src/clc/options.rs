//! etcd and flannel: sections whose keys depend on the version they ask for.
//!
//! Owns: which options each version has, and how they become arguments. Must not: write units.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use crate::ignition2::model::{Model, NodeRef, Source};
use crate::ignition2::walk::{Finding, Place, Walker};
use crate::ignition2::{Version, quote_go};

/// The type of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Flag,
}

/// Key, type, and the first and last minor version of major version 3 that has it.
type Etcd3Option = (&'static str, Kind, i64, i64);
type Table = Vec<(&'static str, Kind)>;

use Kind::{Flag, Number, Text};

const LAST: i64 = i64::MAX;

/// The options of etcd 3 in the order in which they become arguments.
const ETCD_3: &[Etcd3Option] = &[
    ("name", Text, 0, LAST),
    ("data_dir", Text, 0, LAST),
    ("wal_dir", Text, 0, LAST),
    ("snapshot_count", Number, 0, LAST),
    ("heartbeat_interval", Number, 0, LAST),
    ("election_timeout", Number, 0, LAST),
    ("enable_pprof", Flag, 0, LAST),
    ("enable_v2", Flag, 2, LAST),
    ("listen_peer_urls", Text, 0, LAST),
    ("listen_client_urls", Text, 0, LAST),
    ("max_snapshots", Number, 0, LAST),
    ("max_wals", Number, 0, LAST),
    ("cors", Text, 0, LAST),
    ("quota_backend_bytes", Number, 3, LAST),
    ("max_txn_ops", Number, 3, LAST),
    ("max_request_bytes", Number, 3, LAST),
    ("grpc_keepalive_min_time", Text, 3, LAST),
    ("grpc_keepalive_interval", Text, 3, LAST),
    ("grpc_keepalive_timeout", Text, 3, LAST),
    ("initial_advertise_peer_urls", Text, 0, LAST),
    ("initial_cluster", Text, 0, LAST),
    ("initial_cluster_state", Text, 0, LAST),
    ("initial_cluster_token", Text, 0, LAST),
    ("advertise_client_urls", Text, 0, LAST),
    ("discovery", Text, 0, LAST),
    ("discovery_srv", Text, 0, LAST),
    ("discovery_fallback", Text, 0, LAST),
    ("discovery_proxy", Text, 0, LAST),
    ("strict_reconfig_check", Flag, 0, LAST),
    ("auto_compaction_retention", Number, 0, 2),
    ("auto_compaction_retention", Text, 3, LAST),
    ("auto_compaction_mode", Text, 3, LAST),
    ("proxy", Text, 0, LAST),
    ("proxy_failure_wait", Number, 0, LAST),
    ("proxy_refresh_interval", Number, 0, LAST),
    ("proxy_dial_timeout", Number, 0, LAST),
    ("proxy_write_timeout", Number, 0, LAST),
    ("proxy_read_timeout", Number, 0, LAST),
    ("ca_file", Text, 0, LAST),
    ("cert_file", Text, 0, LAST),
    ("key_file", Text, 0, LAST),
    ("client_cert_auth", Flag, 0, LAST),
    ("client_crl_file", Text, 3, LAST),
    ("trusted_ca_file", Text, 0, LAST),
    ("auto_tls", Flag, 0, LAST),
    ("peer_ca_file", Text, 0, LAST),
    ("peer_cert_file", Text, 0, LAST),
    ("peer_key_file", Text, 0, LAST),
    ("peer_client_cert_auth", Flag, 0, LAST),
    ("peer_crl_file", Text, 3, LAST),
    ("peer_trusted_ca_file", Text, 0, LAST),
    ("peer_auto_tls", Flag, 0, LAST),
    ("peer_cert_allowed_cn", Text, 3, LAST),
    ("auth_token", Text, 2, LAST),
    ("debug", Flag, 0, LAST),
    ("log_package_levels", Text, 0, LAST),
    ("force_new_cluster", Flag, 0, LAST),
    ("metrics", Text, 1, LAST),
    ("log_output", Text, 1, LAST),
    ("listen_metrics_urls", Text, 3, LAST),
    ("experimental_initial_corrupt_check", Flag, 3, LAST),
    ("experimental_corrupt_check_time", Text, 3, LAST),
    ("experimental_enable_v2v3", Text, 3, LAST),
];

const ETCD_2: &[(&str, Kind)] = &[
    ("advertise_client_urls", Text),
    ("ca_file", Text),
    ("cert_file", Text),
    ("client_cert_auth", Flag),
    ("cors", Text),
    ("data_dir", Text),
    ("debug", Flag),
    ("discovery", Text),
    ("discovery_fallback", Text),
    ("discovery_srv", Text),
    ("discovery_proxy", Text),
    ("election_timeout", Number),
    ("enable_pprof", Flag),
    ("force_new_cluster", Flag),
    ("heartbeat_interval", Number),
    ("initial_advertise_peer_urls", Text),
    ("initial_cluster", Text),
    ("initial_cluster_state", Text),
    ("initial_cluster_token", Text),
    ("key_file", Text),
    ("listen_client_urls", Text),
    ("listen_peer_urls", Text),
    ("log_package_levels", Text),
    ("max_snapshots", Number),
    ("max_wals", Number),
    ("name", Text),
    ("peer_ca_file", Text),
    ("peer_cert_file", Text),
    ("peer_key_file", Text),
    ("peer_client_cert_auth", Flag),
    ("peer_trusted_ca_file", Text),
    ("proxy", Text),
    ("proxy_dial_timeout", Number),
    ("proxy_failure_wait", Number),
    ("proxy_read_timeout", Number),
    ("proxy_refresh_interval", Number),
    ("proxy_write_timeout", Number),
    ("snapshot_count", Number),
    ("strict_reconfig_check", Flag),
    ("trusted_ca_file", Text),
    ("wal_dir", Text),
];

/// The options of flannel 0.7; 0.6 lacks the last one, 0.5 the first two as well.
const FLANNEL: &[(&str, Kind)] = &[
    ("etcd_username", Text),
    ("etcd_password", Text),
    ("etcd_endpoints", Text),
    ("etcd_cafile", Text),
    ("etcd_certfile", Text),
    ("etcd_keyfile", Text),
    ("etcd_prefix", Text),
    ("ip_masq", Text),
    ("subnet_file", Text),
    ("interface", Text),
    ("public_ip", Text),
    ("kube_subnet_mgr", Flag),
];

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
        Err(message) => {
            source.fail(message);
            None
        }
    }
}

fn etcd_table(version: &Version) -> Option<(&'static str, Table)> {
    let minor = version.minor;
    match version.major {
        2 if minor >= 3 => Some(("types.Etcd2", ETCD_2.to_vec())),
        3 if minor >= 0 => {
            let has = |(_, _, first, last): &&Etcd3Option| (*first..=*last).contains(&minor);
            let table = ETCD_3.iter().filter(has).map(|(key, kind, ..)| (*key, *kind)).collect();
            Some((["types.Etcd3_0", "types.Etcd3_1", "types.Etcd3_2", "types.Etcd3_3"][minor.min(3) as usize], table))
        }
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
        let keys: Vec<&str> = ["version"].into_iter().chain(self.options.keys.iter().copied()).collect();
        walker.unused(&members, &keys);
    }

    fn schema() -> Value {
        let options = ETCD_3.iter().map(|(key, kind, ..)| (*key, *kind)).chain(ETCD_2.iter().copied());
        options_schema(
            &[("version", json!({"type": "string", "description": "The version of etcd; 3.0.0 if unset."}))],
            options,
        )
    }
}

fn etcd_version(version: &Version) -> Option<Finding> {
    if version.is_less_than(&Version::release(2, 3, 0)) {
        return Some(Finding::error("Etcd version specified is not valid (too old)"));
    }
    match (version.major, version.minor) {
        (2, 4..) | (3, 6..) => Some(Finding::warning(
            "Etcd minor version specified is too new, only options available in the previous minor version will be accepted",
        )),
        (4.., _) => Some(Finding::error("Etcd version is not valid (too new)")),
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
                found.push(Finding::error("flannel network config cannot be provided if kube_subnet_mgr is set"));
            }
        });
        if is_fatal {
            return;
        }
        let members = walker.members(place);
        walker.run(members.get("version", place), |found| {
            let Some(version) = &self.version else { return };
            if version.is_less_than(&Version::release(0, 5, 0)) {
                found.push(Finding::error("invalid flannel version (too old)"));
            } else if version.major == 0 && version.minor > 7 {
                let message = "flannel minor version too new. Only options available in the previous minor version will be supported";
                found.push(Finding::warning(message));
            }
        });
        walker.run(members.get("network_config", place), |found| {
            let is_json = serde_json::from_str::<Option<Map<String, Value>>>(&self.network_config).is_ok();
            if !self.network_config.is_empty() && !is_json {
                found.push(Finding::error("flannel network config doesn't appear to be valid JSON"));
            }
        });
        let keys: Vec<&str> =
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
