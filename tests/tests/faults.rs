//! Faults made from the schema: for every field of a spec that has them all, what a user can get wrong there gives its code at its line, and nothing is
//! compiled. The values come from the suite, so a field that no case sets fails here too.
#![expect(clippy::disallowed_methods, clippy::print_stdout, clippy::unwrap_used, reason = "tests read the repository")]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use flatwright_tests::{
    Compiled, all_fields, compile_text, documents, fields, files_below, full, repository, resolved, sample,
};
use serde_json::{Map, Value, json};

static SCHEMA: LazyLock<Value> = LazyLock::new(flatwright_spec::schema);

/// Field → a value that some good case gives it.
static SAMPLES: LazyLock<BTreeMap<String, Value>> = LazyLock::new(|| {
    let mut samples = BTreeMap::new();
    for path in files_below(&repository().join("tests/suite")).into_iter().filter(|path| path.ends_with("spec.yaml")) {
        let bytes = std::fs::read(&path).unwrap();
        let Ok(text) = String::from_utf8(bytes) else { continue };
        // The hash of a plugin is known when it is built; here any hash will do.
        let text = text.replace("${env:PUPPET_SHA256}", &"a".repeat(64));
        let findings = std::fs::read_to_string(path.with_file_name("findings.txt")).unwrap_or_default();
        let is_good = !findings.contains("error[") && !text.contains("<<:");
        for document in is_good.then(|| documents(&text)).into_iter().flatten() {
            fields(&SCHEMA, &document, &mut samples);
        }
    }
    samples
});

static FULL: LazyLock<Value> = LazyLock::new(|| full(&SCHEMA, &SAMPLES));

type Path = Vec<String>;

/// A place in the full spec: its path, what the schema says of it, and whether its record needs it.
struct Place {
    path: Path,
    schema: &'static Value,
    is_required: bool,
    is_item: bool,
}

fn places() -> Vec<Place> {
    let mut found = Vec::new();
    collect(&SCHEMA, &FULL, &mut Vec::new(), &mut found);
    found
}

fn collect(schema: &'static Value, value: &Value, path: &mut Path, found: &mut Vec<Place>) {
    let (_, schema) = resolved(&SCHEMA, schema);
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let is_named = schema["properties"].get(key).is_none();
                let inner = schema["properties"].get(key).unwrap_or(&schema["additionalProperties"]);
                if inner.is_null() {
                    continue;
                }
                path.push(key.clone());
                let is_required = schema["required"].as_array().is_some_and(|keys| keys.iter().any(|one| one == key));
                found.push(Place {
                    path: path.clone(),
                    schema: resolved(&SCHEMA, inner).1,
                    is_required,
                    is_item: is_named,
                });
                collect(inner, value, path, found);
                path.pop();
            }
        }
        Value::Array(items) => {
            for (position, item) in items.iter().enumerate() {
                path.push(position.to_string());
                let inner = &schema["items"];
                found.push(Place {
                    path: path.clone(),
                    schema: resolved(&SCHEMA, inner).1,
                    is_required: false,
                    is_item: true,
                });
                collect(inner, item, path, found);
                path.pop();
            }
        }
        _ => {}
    }
}

/// The spec as YAML in block style, and the line of every path.
fn written(value: &Value) -> (String, BTreeMap<Path, usize>) {
    let mut writer = Writer { lines: Vec::new(), places: BTreeMap::new(), path: Vec::new() };
    writer.places.insert(Vec::new(), 1);
    writer.collection(value, 0);
    (writer.lines.join("\n") + "\n", writer.places)
}

struct Writer {
    lines: Vec<String>,
    places: BTreeMap<Path, usize>,
    path: Path,
}

impl Writer {
    fn collection(&mut self, value: &Value, indent: usize) {
        match value {
            Value::Object(map) => {
                map.iter().for_each(|(key, value)| self.entry(&format!("{key}:"), key, value, indent));
            }
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(at, item)| self.entry("-", &at.to_string(), item, indent));
            }
            _ => unreachable!("only collections have lines of their own"),
        }
    }

    fn entry(&mut self, head: &str, step: &str, value: &Value, indent: usize) {
        self.path.push(step.to_owned());
        let blank = " ".repeat(indent);
        let is_block = match value {
            Value::Object(map) => !map.is_empty(),
            Value::Array(items) => !items.is_empty(),
            _ => false,
        };
        if is_block && head == "-" && value.is_object() {
            let first = self.lines.len();
            self.places.insert(self.path.clone(), first + 1);
            self.collection(value, indent + 2);
            self.lines[first].replace_range(indent..=indent, "-");
        } else {
            let scalar = if is_block { String::new() } else { format!(" {value}") };
            self.lines.push(format!("{blank}{head}{scalar}"));
            self.places.insert(self.path.clone(), self.lines.len());
            if is_block {
                self.collection(value, indent + 2);
            }
        }
        self.path.pop();
    }
}

fn at<'v>(value: &'v mut Value, path: &[String]) -> &'v mut Value {
    path.iter().fold(value, |value, step| match value {
        Value::Object(map) => map.get_mut(step).unwrap(),
        Value::Array(items) => &mut items[step.parse::<usize>().unwrap()],
        _ => unreachable!("paths lead through collections"),
    })
}

/// Runs one fault per place in a few threads; a fault that gives `None` does not fit the place.
fn every_place(fault: impl Fn(&Place) -> Option<Result<(), String>> + Sync) {
    let places = places();
    let outcomes: Vec<Result<(), String>> = std::thread::scope(|scope| {
        let size = places.len().div_ceil(4);
        let fault = &fault;
        let workers: Vec<_> = places
            .chunks(size)
            .map(|chunk| scope.spawn(move || chunk.iter().filter_map(fault).collect::<Vec<_>>()))
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    let problems: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err().cloned()).collect();
    println!("{} faults", outcomes.len());
    assert!(outcomes.len() > 10, "only {} faults were made", outcomes.len());
    let shown: Vec<_> = problems.iter().take(10).cloned().collect();
    assert!(problems.is_empty(), "{} of {}:\n{}", problems.len(), outcomes.len(), shown.join("\n"));
}

/// The compile has this code at this line as an error, and nothing else came out.
fn expect(path: &[String], compiled: &Compiled, codes: &[&str], line: usize) -> Result<(), String> {
    let shown = path.join(".");
    if compiled.stream.is_some() || !compiled.compilation.clusters.is_empty() {
        return Err(format!("{shown}: compiled"));
    }
    if codes.iter().any(|code| compiled.has(code, line)) {
        return Ok(());
    }
    Err(format!("{shown}: expected {codes:?} at line {line}, got\n{}", compiled.findings))
}

fn with(path: &[String], value: Value) -> (Compiled, BTreeMap<Path, usize>) {
    let mut spec = FULL.clone();
    *at(&mut spec, path) = value;
    let (text, places) = written(&spec);
    (compile_text(&text), places)
}

/// The scalar schema of a place, without the environment reference that stands beside it.
fn scalar(schema: &Value) -> Option<&Value> {
    // A machine config is a path or a mapping: both forms are right.
    if schema["anyOf"].get(1).is_some_and(|other| other["type"] == "object") {
        return None;
    }
    let schema = schema["anyOf"].get(0).unwrap_or(schema);
    let is_collection = schema["type"] == "object" || schema["type"] == "array";
    let is_anything = schema.as_object().is_some_and(|schema| schema.keys().all(|key| key == "description"));
    (!is_collection && !is_anything).then_some(schema)
}

/// The two keys that decide whether a document is read at all.
fn is_head(path: &[String]) -> bool {
    path == ["apiVersion"] || path == ["kind"]
}

#[test]
fn the_suite_sets_every_field() {
    let unset: Vec<_> = all_fields(&SCHEMA).into_iter().filter(|field| sample(&SAMPLES, field).is_none()).collect();
    assert!(unset.is_empty(), "no good case sets: {}", unset.join(", "));
}

#[test]
fn the_full_spec_decodes() {
    let compiled = compile_text(&written(&FULL).0);
    let decoding = ["unknown-field", "wrong-type", "malformed-value", "unknown-word", "duplicate-key", "yaml-syntax"];
    let problems: Vec<_> = compiled.list.iter().filter(|(code, ..)| decoding.contains(&code.as_str())).collect();
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn a_missing_required_key_is_told_at_the_enclosing_key() {
    every_place(|place| {
        if !place.is_required {
            return None;
        }
        let (key, parent) = place.path.split_last().unwrap();
        let mut spec = FULL.clone();
        at(&mut spec, parent).as_object_mut().unwrap().shift_remove(key);
        let (text, places) = written(&spec);
        Some(expect(&place.path, &compile_text(&text), &["missing-key"], places[parent]))
    });
}

#[test]
fn a_required_key_without_a_value_is_told_at_that_key() {
    every_place(|place| {
        if !place.is_required {
            return None;
        }
        let (compiled, places) = with(&place.path, Value::Null);
        Some(expect(&place.path, &compiled, &["missing-key"], places[&place.path]))
    });
}

#[test]
fn a_misspelt_key_is_told_with_the_right_one() {
    every_place(|place| {
        let (key, parent) = place.path.split_last().unwrap();
        if place.is_item {
            return None;
        }
        // Two letters swapped near the end, as fingers do; short keys get one more.
        let wrong = match key.len() {
            0..4 => format!("{key}x"),
            length => format!("{}{}{}", &key[..length - 2], &key[length - 1..], &key[length - 2..length - 1]),
        };
        let wrong = if wrong == *key { format!("{key}x") } else { wrong };
        let mut spec = FULL.clone();
        let map = at(&mut spec, parent).as_object_mut().unwrap();
        *map = std::mem::take(map)
            .into_iter()
            .map(|(name, value)| (if name == *key { wrong.clone() } else { name }, value))
            .collect::<Map<_, _>>();
        let (text, places) = written(&spec);
        let compiled = compile_text(&text);
        let path: Path = parent.iter().cloned().chain([wrong.clone()]).collect();
        let found = expect(&place.path, &compiled, &["unknown-field"], places[&path]);
        if found.is_ok() && key.len() > 3 && !compiled.findings.contains(&format!("`{key}`")) {
            return Some(Err(format!(
                "{}: `{wrong}` is told without `{key}`:\n{}",
                place.path.join("."),
                compiled.findings
            )));
        }
        Some(found)
    });
}

#[test]
fn another_type_is_told_at_the_value() {
    every_place(|place| {
        let is_collection = place.schema["type"] == "object" || place.schema["type"] == "array";
        let wrong = match (is_collection, scalar(place.schema)) {
            (true, _) => vec![json!("text"), json!(12)],
            (false, Some(schema)) => {
                let mut wrong = vec![json!({ "a": 1 }), json!(["a"])];
                if schema["type"] == "integer" || schema["type"] == "boolean" {
                    wrong.push(json!("many"));
                }
                if schema["type"] == "string" {
                    wrong.extend([json!(12), json!(true), json!(1.5)]);
                }
                wrong
            }
            (false, None) => return None,
        };
        let outcomes = wrong.into_iter().map(|wrong| {
            let (compiled, places) = with(&place.path, wrong.clone());
            let is_block = wrong.is_object() || wrong.is_array();
            let code = if is_head(&place.path) && !is_block { "foreign-document" } else { "wrong-type" };
            // A list in a list begins on the next line.
            let line = places[&place.path];
            let is_inner = place.path.last().is_some_and(|step| step.parse::<usize>().is_ok()) && wrong.is_array();
            expect(&place.path, &compiled, &[code], line + usize::from(is_inner))
        });
        Some(outcomes.collect())
    });
}

#[test]
fn a_number_out_of_range_is_told_with_the_range() {
    every_place(|place| {
        let schema = scalar(place.schema)?;
        let (least, most) = (schema["minimum"].as_i64()?, schema["maximum"].as_i64()?);
        let wrong = [json!(least - 1), json!(most + 1), json!(i64::MAX), json!(u64::MAX), json!(i64::MIN)];
        let outcomes = wrong.into_iter().map(|wrong| {
            let (compiled, places) = with(&place.path, wrong);
            expect(&place.path, &compiled, &["number-out-of-range"], places[&place.path])?;
            let range = format!("{least} to {most}");
            if compiled.findings.contains(&range) {
                Ok(())
            } else {
                Err(format!("{}: no `{range}`", place.path.join(".")))
            }
        });
        Some(outcomes.collect())
    });
}

#[test]
fn an_unknown_word_is_told_with_the_known_ones() {
    every_place(|place| {
        let words = scalar(place.schema)?["oneOf"].as_array()?;
        let word = words[0]["const"].as_str()?;
        let outcomes = [format!("{word}x"), "nonsense".to_owned(), word.to_uppercase() + "_", String::new()]
            .into_iter()
            .map(|wrong| {
                let (compiled, places) = with(&place.path, json!(wrong));
                let code = if is_head(&place.path) { "foreign-document" } else { "unknown-word" };
                expect(&place.path, &compiled, &[code], places[&place.path])?;
                let is_told = compiled.findings.contains(&format!("`{word}`")) || compiled.findings.contains(word);
                if is_told { Ok(()) } else { Err(format!("{}: `{word}` is not offered", place.path.join("."))) }
            });
        Some(outcomes.collect())
    });
}

#[test]
fn a_text_of_another_form_is_told() {
    every_place(|place| {
        let schema = scalar(place.schema)?;
        if schema["pattern"].is_null() && schema["minLength"].is_null() {
            return None;
        }
        // Local paths may have any character but a leading slash, reasons any text, label values may be empty, machine paths begin with a slash.
        let wrong = match schema["pattern"].as_str() {
            Some("^[^/]") => "/!",
            Some("\\S") => " ",
            Some(_) => "!",
            None => "",
        };
        let (compiled, places) = with(&place.path, json!(wrong));
        Some(expect(&place.path, &compiled, &["malformed-value"], places[&place.path]))
    });
}

#[test]
fn an_unset_variable_is_told_wherever_variables_are_read() {
    every_place(|place| {
        let schema = scalar(place.schema)?;
        let is_verbatim = schema["type"] == "string" && schema["pattern"].is_null() && schema["minLength"].is_null();
        if is_verbatim {
            return None;
        }
        let (compiled, places) = with(&place.path, json!("${env:NOT_SET}"));
        Some(expect(&place.path, &compiled, &["unset-variable"], places[&place.path]))
    });
}

#[test]
fn a_key_that_stands_twice_is_told_at_the_second() {
    let (text, places) = written(&FULL);
    let lines: Vec<&str> = text.lines().collect();
    every_place(|place| {
        if place.path.last().unwrap().parse::<usize>().is_ok() || scalar(place.schema).is_none() {
            return None;
        }
        let line = places[&place.path];
        let again = lines[line - 1].replacen("- ", "  ", 1);
        let again = if lines[line - 1].trim_start().starts_with("- ") { again } else { lines[line - 1].to_owned() };
        let mut text = lines.clone();
        text.insert(line, &again);
        Some(expect(&place.path, &compile_text(&(text.join("\n") + "\n")), &["duplicate-key"], line + 1))
    });
}

#[test]
fn two_problems_are_told_at_once_each_at_its_line() {
    let mut spec = FULL.clone();
    *at(&mut spec, &["spec", "azure", "location"].map(str::to_owned)) = json!("West Europe");
    *at(&mut spec, &["spec", "controlPlane", "replicas"].map(str::to_owned)) = json!("three");
    let (text, places) = written(&spec);
    let compiled = compile_text(&text);
    assert!(compiled.has("malformed-value", places[&["spec", "azure", "location"].map(str::to_owned).to_vec()]));
    assert!(compiled.has("wrong-type", places[&["spec", "controlPlane", "replicas"].map(str::to_owned).to_vec()]));
    assert_eq!(compiled.errors().len(), 2, "{}", compiled.findings);
}
