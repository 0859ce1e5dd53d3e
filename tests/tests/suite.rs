//! The data-driven suite: every directory with a `spec.yaml` below `tests/suite` is a case; `BLESS=1` rewrites what it expects.
//!
//! - `args`: flags and `NAME=value` variables, as on a command line. `files/`: what the spec may name as `files/…`; `files/puppet.wasm` is there without being there
//!   (`plugins/puppet`, a plugin that does what its settings say).
//! - `findings.txt`: the findings as text; absent if there are none.
//! - `changes.txt`: what the objects and machine configs say otherwise than those of the flavor's base spec (`tests/suite/base/<flavor>`) under the same
//!   flags, one value per line; absent after an error. Add-on texts and the like do not repeat in every case that way.
//! - Below `whole/`, `objects.yaml` and `ignition/<group>.ign` stand in full instead.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read the repository")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use flatwright::Options;
use flatwright_tests::{Case, Compiled, Memory, compile_with, golden, parsed, repository};
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

fn main() -> ExitCode {
    let suite = repository().join("tests/suite");
    let trials = Case::directories()
        .into_iter()
        .map(|directory| {
            let name = directory.strip_prefix(&suite).unwrap().display().to_string();
            Trial::test(name, move || check(&directory).map_err(Failed::from))
        })
        .collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn check(directory: &Path) -> Result<(), String> {
    let Some(Case { spec, world, options }) = Case::read(directory) else { return Ok(()) };
    let compiled = compile_with(&spec, &world, &options);
    let mut problems = Vec::new();
    let mut compare = |file: PathBuf, text: Option<&str>| problems.extend(golden(&directory.join(file), text).err());
    let findings = (!compiled.findings.is_empty()).then_some(compiled.findings.as_str());
    compare("findings.txt".into(), findings);
    if directory.parent().is_some_and(|area| area.ends_with("whole")) {
        compare("objects.yaml".into(), compiled.stream.as_deref());
        for file in flatwright::files(&compiled.compilation.clusters, flatwright::Format::Yaml) {
            if file.path.contains("ignition/") {
                compare(file.path.clone().into(), Some(&file.text));
            }
        }
    } else {
        let changes = compiled.stream.as_ref().map(|_| changes(&compiled, &world, &options));
        compare("changes.txt".into(), changes.as_deref());
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
}

/// One line per value that differs from the base: `-` for the base's, `+` for the case's.
fn changes(compiled: &Compiled, world: &Memory, options: &Options) -> String {
    let is_sysext = compiled.compilation.clusters[0].plan.flavor.value == flatwright_plan::Flavor::Sysext;
    let flavor = if is_sysext { "flatcar-sysext" } else { "flatcar" };
    let base = std::fs::read(repository().join("tests/suite/base").join(flavor).join("spec.yaml")).unwrap();
    let base = leaves(&compile_with(&base, world, options));
    let case = leaves(compiled);
    let mut lines = String::new();
    let keys: std::collections::BTreeSet<_> = base.keys().chain(case.keys()).collect();
    for key in keys {
        let (before, after) = (base.get(key), case.get(key));
        if before != after {
            for (sign, value) in [('-', before), ('+', after)] {
                if let Some(value) = value {
                    lines.push_str(&format!("{sign} {key} = {value}\n"));
                }
            }
        }
    }
    lines
}

/// Every scalar of every object and machine config by its path.
fn leaves(compiled: &Compiled) -> BTreeMap<String, Value> {
    let mut leaves = BTreeMap::new();
    let is_many = compiled.compilation.clusters.len() > 1;
    for cluster in &compiled.compilation.clusters {
        let prefix = if is_many { format!("{}: ", cluster.plan.name.value) } else { String::new() };
        for object in &cluster.objects {
            let value = flatwright_tests::to_json(&object.value);
            let name = value["metadata"]["name"].as_str().unwrap_or_default();
            collect(&value, &format!("{prefix}{}/{name}", object.kind()), &mut leaves);
        }
        for (group, composed) in cluster.plan.groups.iter().zip(&cluster.composed) {
            let ignition = serde_json::from_str(&composed.ignition()).unwrap();
            collect(&ignition, &format!("{prefix}ignition/{}.ign", group.name.value), &mut leaves);
        }
    }
    leaves
}

fn collect(value: &Value, path: &str, leaves: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, value) in map {
                match value.as_str() {
                    Some(text) if key == "additionalConfig" => collect(&parsed(text), &format!("{path} {key}"), leaves),
                    _ => collect(value, &format!("{path} {key}"), leaves),
                }
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (position, item) in items.iter().enumerate() {
                let by = ["name", "path", "nameSuffix", "key", "device"].iter().find_map(|key| item[key].as_str());
                collect(item, &format!("{path} [{}]", by.map_or(position.to_string(), str::to_owned)), leaves);
            }
        }
        _ => drop(leaves.insert(path.to_owned(), value.clone())),
    }
}
