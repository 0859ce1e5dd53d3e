//! Every public machine config, every example and every spec of the suite, applied by the real Ignition where it is installed: the tree, users and groups are ours.
//!
//! Remote contents are replaced by nothing, disks are left out (that stage needs them), versions that Ignition 2.14 does not know become 3.3.0, and 2.x goes through our
//! translation, which is held to recorded answers elsewhere. What was changed is counted and printed.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read cases and run the real program")]

#[path = "../../compiler/node/tests/support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use flatwright::{Options, SpecFile, Stage, compile};
use flatwright_bootstrap::CapiVersion;
use flatwright_ignition::ignition3::{self, Version};
use flatwright_ignition::{ignition2, translate};
use flatwright_tests::{Case, Memory, conformance, examples};
use serde_json::{Map, Value};
use support::judge::Judge;
use support::{difference, of_model};

/// The newest version that Ignition 2.14 knows.
const NEWEST: u8 = 3;

/// What stands for contents that somebody else has.
const NOTHING: &str = "data:,";

#[test]
fn configs_of_the_public_and_of_our_own_specs_come_to_what_the_real_ignition_makes_of_them() {
    if Judge::find().is_none() {
        return;
    }
    let mut configs = Configs::default();
    configs.recorded();
    let specs = specs();
    for part in on_all_cores(specs.len(), |next| {
        let mut part = Configs::default();
        next.for_each(|index| part.spec(&specs[index]));
        part
    }) {
        configs.all.extend(part.all);
        part.counts.into_iter().for_each(|(what, count)| *configs.counts.entry(what).or_default() += count);
    }
    let Configs { all, counts } = configs;
    let all: Vec<(String, String)> = all.into_iter().collect();
    println!("{} distinct configs; {counts:?}", all.len());
    assert!(all.len() > 100, "examples and suite alone are more");

    let judged = on_all_cores(all.len(), |next| {
        let judge = Judge::find().unwrap();
        let verdict = |index: usize| {
            let (text, name) = &all[index];
            let config: Value = serde_json::from_str(text).unwrap();
            let real = judge.verdict(&config);
            let difference = difference(&real, &of_model(&config));
            (real.first, difference.map(|difference| format!("{name}: {difference}\n    {text}")))
        };
        next.map(verdict).collect::<Vec<_>>()
    });
    let mut verdicts = BTreeMap::<String, usize>::new();
    let mut differences = Vec::new();
    for (verdict, difference) in judged.into_iter().flatten() {
        *verdicts.entry(verdict).or_default() += 1;
        differences.extend(difference);
    }
    println!("{verdicts:?}");
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), differences.join("\n"));
}

/// What the threads make of the numbers up to `count`, of which each takes the next one that is free.
fn on_all_cores<R: Send>(count: usize, work: impl Fn(&mut dyn Iterator<Item = usize>) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let free = || Some(next.fetch_add(1, Ordering::Relaxed)).filter(|index| *index < count);
    std::thread::scope(|scope| {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(|| work(&mut std::iter::from_fn(free)))).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    })
}

/// A spec with its name and what is around it.
type Spec = (String, Vec<u8>, Memory, Options);

/// Every example, and every spec of the suite that can be compiled here.
fn specs() -> Vec<Spec> {
    let cases = Case::directories().into_iter().filter_map(|directory| {
        let name = directory.file_name()?.to_string_lossy().into_owned();
        Case::read(&directory).map(|case| (name, case.spec, case.world, case.options))
    });
    let of_example = |(name, text): (String, String)| (name, text.into_bytes(), Memory::default(), Options::default());
    cases.chain(examples().into_iter().map(of_example)).collect()
}

/// Configs as the judge takes them, each once, with the name of one that it came from.
#[derive(Default)]
struct Configs {
    all: BTreeMap<String, String>,
    counts: BTreeMap<&'static str, usize>,
}

impl Configs {
    /// What Butane and the transpiler of Container Linux Configs made of public files, and Ignition files themselves.
    fn recorded(&mut self) {
        for (part, field) in
            [("butane", "stdout"), ("clc", "stdout"), ("ignition-validate", "input"), ("ignition2-validate", "input")]
        {
            let Some(directory) = conformance(part) else { continue };
            for line in std::fs::read_to_string(directory.join("cases.jsonl")).unwrap().lines() {
                let case: Value = serde_json::from_str(line).unwrap();
                let text = case[field].as_str().unwrap_or_default();
                if text.starts_with('{') {
                    self.text(&format!("{part} {}", case["name"]), text);
                }
            }
        }
    }

    /// What the machines of every group of a spec boot with.
    fn spec(&mut self, (name, bytes, world, options): &Spec) {
        let file = SpecFile { name: "spec.yaml".to_owned(), bytes: bytes.clone() };
        for cluster in &compile(&[file], world, options).clusters {
            for group in 0..cluster.composed.len() {
                for stage in [Stage::Init, Stage::Join] {
                    if let Ok(boot) = flatwright::boot(cluster, group, stage, CapiVersion::default()) {
                        self.ignition2(&format!("{name} {group}"), &boot.config);
                    }
                }
            }
        }
    }

    fn text(&mut self, name: &str, text: &str) {
        let version = serde_json::from_str::<Value>(text)
            .ok()
            .and_then(|config| Some(config.get("ignition")?.get("version")?.as_str()?.to_owned()));
        match version.as_deref() {
            Some(version) if version.starts_with("2.") => {
                if let Some(config) = ignition2::validate(text.as_bytes()).config {
                    self.ignition2(name, &config);
                }
            }
            Some(_) => self.json(name, serde_json::from_str(text).unwrap()),
            None => {}
        }
    }

    fn ignition2(&mut self, name: &str, config: &ignition2::Config) {
        match translate::to_3_1(config) {
            Ok(config) => self.json(name, serde_json::from_str(&ignition3::to_json(&config)).unwrap()),
            Err(_) => self.count("2.x that is not translated"),
        }
    }

    fn json(&mut self, name: &str, mut config: Value) {
        let version = config["ignition"]["version"].as_str().and_then(Version::parse);
        if version.is_some_and(|version| version.minor() > NEWEST) {
            config["ignition"]["version"] = "3.3.0".into();
            self.count("newer version");
        }
        self.without_others(&mut config);
        if let Some(storage) = config.get_mut("storage").and_then(Value::as_object_mut) {
            for key in ["disks", "raid", "filesystems", "luks"] {
                if storage.remove(key).is_some() {
                    self.count("disks, arrays, file systems, encryption");
                }
            }
        }
        for unit in config.pointer_mut("/systemd/units").and_then(Value::as_array_mut).into_iter().flatten() {
            // Both ask a service manager.
            let is_instance = unit["name"].as_str().is_some_and(|name| name.contains('@'));
            let is_disabled = unit["enabled"] == Value::Bool(false);
            if (is_disabled || is_instance && unit["enabled"] == Value::Bool(true))
                && let Some(unit) = unit.as_object_mut()
            {
                unit.remove("enabled");
                self.count("disabled units and enabled instances");
            }
        }
        self.all.entry(config.to_string()).or_insert_with(|| name.to_owned());
    }

    /// Replaces what is fetched, wherever it stands.
    fn without_others(&mut self, value: &mut Value) {
        match value {
            Value::Object(fields) => {
                if is_remote(fields) {
                    fields.insert("source".to_owned(), NOTHING.into());
                    for key in ["compression", "verification", "httpHeaders"] {
                        fields.remove(key);
                    }
                    self.count("remote contents");
                }
                if let Some(ignition) = fields.get_mut("ignition").and_then(Value::as_object_mut) {
                    let removed: BTreeSet<_> = ["config", "security"]
                        .into_iter()
                        .filter_map(|key| ignition.remove(key))
                        .map(|v| v.to_string())
                        .collect();
                    if removed.iter().any(|text| text.contains("source")) {
                        self.count("configs and certificates from elsewhere");
                    }
                }
                fields.values_mut().for_each(|value| self.without_others(value));
            }
            Value::Array(items) => items.iter_mut().for_each(|value| self.without_others(value)),
            _ => {}
        }
    }

    fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }
}

fn is_remote(fields: &Map<String, Value>) -> bool {
    fields
        .get("source")
        .and_then(Value::as_str)
        .is_some_and(|source| !source.is_empty() && !source.starts_with("data:"))
}
