//! One case per rule: a change of a good object, and the code that it must give at its field. The cases are data, in `rules.txt`.

#[path = "../common/mod.rs"]
mod common;

use flatwright_admission::{Options, check_create, check_update};
use flatwright_diagnostic::{Path, Segment, Severity};
use serde_json::{Value, json};

#[test]
fn the_unchanged_objects_are_good() {
    for base in bases() {
        let findings = check_create(&base, &Options::default());
        assert!(findings.is_empty(), "{}: {findings:#?}", base["kind"]);
    }
}

#[test]
fn each_rule_speaks_at_its_field() {
    let bases = bases();
    let mut failures = Vec::new();
    let (mut kind, mut home) = ("", "");
    for (number, line) in include_str!("rules.txt").lines().enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(header) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            (kind, home) = header.split_once(' ').expect("a kind and a path");
            continue;
        }
        let base = bases.iter().find(|base| base["kind"] == kind).unwrap_or_else(|| panic!("no base of kind {kind}"));
        if let Err(problem) = case(base, home, line) {
            failures.push(format!("rules.txt:{}: {line}\n    {problem}", number + 1));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn bases() -> Vec<Value> {
    common::manifests(include_str!("bases.yaml"))
}

fn case(base: &Value, home: &str, line: &str) -> Result<(), String> {
    let (changes, expected) = line.rsplit_once(" => ").ok_or("no `=>`")?;
    let (is_update, changes) = match changes.strip_prefix("update: ") {
        Some(changes) => (true, changes),
        None => (false, changes),
    };
    let (changes, before) = changes.split_once(" <- ").map_or((changes, None), |(new, old)| (new, Some(old)));
    let (mut object, mut old) = (base.clone(), base.clone());
    if let Some(before) = before {
        change(&mut old, home, before)?;
    }
    let first = change(&mut object, home, changes)?;
    let options = Options::default();
    let findings = if is_update { check_update(&old, &object, &options) } else { check_create(&object, &options) };
    if expected == "ok" {
        let errors: Vec<_> = findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
        return if errors.is_empty() { Ok(()) } else { Err(format!("{errors:?}")) };
    }
    if let Some(code) = expected.strip_prefix("no ") {
        let said: Vec<_> = findings.iter().filter(|finding| finding.code.name() == code).collect();
        return if said.is_empty() { Ok(()) } else { Err(format!("{said:?}")) };
    }
    let (code, place) = match expected.split_once(" @") {
        Some((code, path)) => (code, Path::parse(format!("{home}.{}", path.trim()).trim_end_matches('.'))),
        None => (expected, first),
    };
    let is_there = |path: &Path| path.segments().starts_with(place.segments());
    let found = findings.iter().any(|f| f.code.name() == code && f.object_path.as_ref().is_some_and(is_there));
    let seen =
        || findings.iter().map(|f| format!("{} at {:?}", f.code, f.object_path.as_ref().map(ToString::to_string)));
    if found { Ok(()) } else { Err(format!("found {:?}", seen().collect::<Vec<_>>())) }
}

/// Makes the assignments, and gives the first one's path.
fn change(object: &mut Value, home: &str, changes: &str) -> Result<Path, String> {
    let mut first = None;
    for change in changes.split(" ; ") {
        let (path, value) = change.split_once(" = ").ok_or("no `=`")?;
        let path = Path::parse(&format!("{home}.{path}"));
        let value = (value != "absent").then(|| common::manifests(value).remove(0));
        assign(object, path.segments(), value);
        first.get_or_insert(path);
    }
    first.ok_or_else(|| "no change".to_owned())
}

fn assign(object: &mut Value, path: &[Segment], value: Option<Value>) {
    let [Segment::Key(key), rest @ ..] = path else { panic!("paths of cases are keys") };
    let map = object.as_object_mut().expect("an object");
    match (rest, value) {
        ([], None) => drop(map.remove(&**key)),
        ([], Some(value)) => drop(map.insert(key.to_string(), value)),
        (rest, value) => assign(map.entry(key.to_string()).or_insert_with(|| json!({})), rest, value),
    }
}
