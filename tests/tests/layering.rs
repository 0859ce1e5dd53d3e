//! Dependencies point one way (ARCHITECTURE.md, "Code map"): every edge of the workspace is on the list below, which says all that a crate may see.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use flatwright_tests::{circle, module_edges, repository};
use serde_json::Value;

const LEAVES: &[&str] = &["diagnostic", "yaml"];
const DOMAIN: &[&str] = &["derive", "diagnostic", "yaml", "go", "kubernetes", "shape", "plan"];
const SPECIAL: &[&str] =
    &["derive", "diagnostic", "yaml", "go", "kubernetes", "shape", "plan", "capi", "ignition", "flatcar"];

/// What each crate may depend on. A crate that is not here fails the test: decide its place first.
fn allowed(name: &str) -> Option<BTreeSet<&'static str>> {
    let list: Vec<&str> = match name {
        // A fetcher knows nothing of what it fetches.
        "derive" | "fetch" | "go" | "kubernetes" => vec![],
        "diagnostic" => vec!["derive"],
        "yaml" | "shape" => vec!["diagnostic"],
        "render" | "plan" => LEAVES.to_vec(),
        "capi" | "ignition" | "flatcar" => DOMAIN.to_vec(),
        "spec" | "bootstrap" | "admission" | "schema" | "lock" => SPECIAL.to_vec(),
        // Machine configs alone: what a spec or an object is about, the facade says.
        "node" => vec!["diagnostic", "go", "ignition", "flatcar"],
        // Neither YAML nor spec, neither objects nor machine configs: the facade converts.
        "plugin-host" => vec!["diagnostic", "plan"],
        // The spec's rules, held against the host's records: for a compile and for plugin authors alike.
        "plugin-law" => vec!["diagnostic", "flatcar", "kubernetes", "plan", "plugin-host", "spec"],
        // For plugin authors: builds, runs and measures components with the rules of a compile.
        "plugin-kit" => vec!["diagnostic", "flatcar", "plugin-host", "plugin-law"],
        "flatwright" => [
            SPECIAL,
            &["spec", "node", "bootstrap", "admission", "schema", "lock", "plugin-host", "plugin-law", "render"],
        ]
        .concat(),
        "cli" => [
            SPECIAL,
            &[
                "fetch",
                "spec",
                "node",
                "bootstrap",
                "admission",
                "schema",
                "lock",
                "plugin-host",
                "plugin-kit",
                "plugin-law",
                "render",
                "flatwright",
            ],
        ]
        .concat(),
        _ => return None,
    };
    Some(list.into_iter().collect())
}

/// A library that one crate alone may name.
const PRIVATE: &[(&str, &str, &str)] = &[
    ("granit-parser", "yaml", "a YAML library is an implementation detail of `compiler/yaml`"),
    ("wasmtime", "plugin-host", "only the plugin host runs plugins"),
    ("annotate-snippets", "render", "only `render` draws excerpts"),
    ("ureq", "fetch", "only `fetch` reaches a network"),
    ("clap", "cli", "only the shell reads a command line"),
];

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(repository())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Crate → the crates it names outside of its tests, both without the prefix `flatwright-`.
fn edges() -> BTreeMap<String, Vec<String>> {
    let short = |name: &Value| name.as_str().unwrap().trim_start_matches("flatwright-").to_owned();
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages
        .map(|package| {
            let dependencies = package["dependencies"].as_array().unwrap().iter();
            let named = dependencies.filter(|dependency| dependency["kind"] != "dev").map(|one| short(&one["name"]));
            (short(&package["name"]), named.collect())
        })
        .filter(|(name, _)| name != "tests")
        .collect()
}

#[test]
fn every_edge_of_the_workspace_points_down() {
    let edges = edges();
    let mut problems = Vec::new();
    for (name, dependencies) in &edges {
        let Some(allowed) = allowed(name) else {
            problems.push(format!("`{name}` has no place in the layering: add it to tests/tests/layering.rs"));
            continue;
        };
        for dependency in dependencies.iter().filter(|dependency| edges.contains_key(*dependency)) {
            if !allowed.contains(dependency.as_str()) {
                let allowed: Vec<_> = allowed.iter().copied().collect();
                problems
                    .push(format!("`{name}` must not depend on `{dependency}`; it may see: {}", allowed.join(", ")));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn a_library_with_one_owner_is_named_by_no_other_crate() {
    let mut problems = Vec::new();
    for (name, dependencies) in edges() {
        for (library, owner, reason) in PRIVATE {
            if name != *owner && dependencies.iter().any(|dependency| dependency == library) {
                problems.push(format!("`{name}` must not depend on `{library}`: {reason}"));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn nothing_depends_on_the_tests_or_on_the_shell() {
    for (name, dependencies) in edges() {
        let bad = dependencies.iter().find(|dependency| *dependency == "tests" || *dependency == "cli");
        assert_eq!(bad, None, "`{name}` depends on it");
    }
}

/// The rooms of the facade, lowest first, with all that each may name.
const ROOMS: &[(&str, &[&str])] = &[
    ("world", &[]),
    ("subscription", &["world"]),
    ("json", &[]),
    ("kinds", &[]),
    ("parallel", &[]),
    ("pins", &["world"]),
    ("relock", &["world", "pins"]),
    ("contents", &[]),
    ("entry", &[]),
    ("secret", &[]),
    ("calls", &[]),
    ("places", &["contents", "calls"]),
    ("refusal", &["places"]),
    ("compose", &["contents", "entry", "places", "refusal"]),
    ("compilation", &["secret", "calls", "compose"]),
    ("updates", &["json", "kinds", "compilation"]),
    ("layout", &["compilation"]),
    ("directory", &["compilation", "layout"]),
    ("boot", &["json", "parallel", "contents", "calls", "places", "entry", "refusal", "compose", "compilation"]),
    ("plugins", &["secret", "world", "json", "calls", "places", "compose", "boot"]),
    ("used", &["pins", "compilation", "plugins"]),
    ("vendored", &["pins", "compilation"]),
    ("verify", &["json", "kinds", "calls", "places"]),
    ("explain", &["secret", "calls", "places", "compilation", "layout"]),
    (
        "compile",
        &["secret", "world", "parallel", "pins", "calls", "compose", "compilation", "boot", "plugins", "verify"],
    ),
    (
        "validate",
        &["world", "json", "kinds", "parallel", "contents", "entry", "places", "refusal", "updates", "compile"],
    ),
    ("diff", &["world", "json", "kinds", "places", "compilation", "updates", "compile", "validate"]),
    ("upgrade", &["world", "compilation", "layout", "compile", "diff"]),
    ("code", &["subscription", "contents", "compose", "directory", "boot", "plugins", "validate", "upgrade"]),
];

#[test]
fn rooms_of_the_facade_name_only_rooms_below() {
    let source = repository().join("compiler/flatwright/src");
    let mut problems = Vec::new();
    let edges = module_edges(&source);
    for (index, (room, below)) in ROOMS.iter().enumerate() {
        let is_below = |name: &str| ROOMS[..index].iter().any(|(known, _)| *known == name);
        problems.extend(
            below
                .iter()
                .filter(|name| !is_below(name))
                .map(|name| format!("`{room}` may name `{name}`, which is not below it")),
        );
        let named = edges.get(*room);
        if named.is_none() {
            problems.push(format!("there is no room `{room}`"));
        }
        for (name, file) in named.into_iter().flatten() {
            if !below.contains(&name.as_str()) {
                let file = file.strip_prefix(&source).unwrap().display();
                problems
                    .push(format!("`{room}` must not name `{name}` (src/{file}); it may name: {}", below.join(", ")));
            }
        }
        for name in below.iter().filter(|name| !named.is_some_and(|named| named.contains_key(**name))) {
            problems.push(format!("`{room}` does not name `{name}`: take it off the list"));
        }
    }
    let unplaced = edges.keys().filter(|room| ROOMS.iter().all(|(known, _)| known != room));
    problems.extend(unplaced.map(|room| format!("`{room}` has no place in the order of rooms")));
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Crates whose top-level modules still name each other in a circle, with the reason.
const CIRCULAR: &[(&str, &str)] = &[
    ("admission", "`code` lists the rules, which are written with `check`"),
    ("diagnostic", "a finding looks for the nearest name, which becomes a hint and a fix of the finding"),
    ("flatcar", "`broken` lists the rules, which are written with the check of transfers"),
    ("plan", "the parts of one model, which has no layers"),
    ("render", "a finding carries its fixes, and a fix is shown as a finding"),
    ("schema", "schemas hold compiled expressions, whose types come from schemas"),
    ("spec", "types are decoded by `decode`, whose macros name the types"),
];

#[test]
fn modules_of_a_crate_name_each_other_in_one_direction() {
    let mut problems = Vec::new();
    for name in edges().keys() {
        let circle = circle(&module_edges(&repository().join("compiler").join(name).join("src")));
        let reason = CIRCULAR.iter().find(|(known, _)| known == name);
        match (circle.is_empty(), reason) {
            (false, None) => problems.push(format!("`{name}` goes in a circle: {}", circle.join(" → "))),
            (true, Some(_)) => problems.push(format!("`{name}` has no circle any more: take it off the list")),
            _ => {}
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
