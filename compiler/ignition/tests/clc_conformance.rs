//! What ct answers, compared with what we answer. Needs the shared conformance data; skipped with a line where it is absent.

use std::path::{Path, PathBuf};

use flatwright_ignition::clc::{self, FilesDir, Options, Stage};
use flatwright_ignition::problem::LocalFile;
use serde_json::Value;

/// Out of a hundred; a drop below is a regression.
const FLOOR: f64 = 99.0;

fn data() -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "tests find the shared data through the environment")]
    let named = std::env::var("FLATWRIGHT_CONFORMANCE").ok().map(PathBuf::from);
    let dir = named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance"));
    dir.is_dir().then_some(dir)
}

fn cases(dir: &Path, suite: &str) -> Vec<Value> {
    #[expect(clippy::disallowed_methods, reason = "tests read the shared data")]
    let text = std::fs::read_to_string(dir.join(suite).join("cases.jsonl")).expect("cases are readable");
    text.lines().map(|line| serde_json::from_str(line).expect("a case is JSON")).collect()
}

struct Dir {
    root: PathBuf,
    shown: String,
}

impl FilesDir for Dir {
    fn read(&self, path: &str) -> Result<Vec<u8>, LocalFile> {
        let full = self.root.join(&self.shown).join(path);
        let shown = Path::new(&self.shown).join(path);
        let shown = shown.display();
        if full.is_dir() {
            return Err(format!("read {shown}: is a directory").into());
        }
        #[expect(clippy::disallowed_methods, reason = "tests read the shared data")]
        std::fs::read(full).map_err(|_| format!("open {shown}: no such file or directory").into())
    }
}

/// ct prints its report as a printf format, so a `%` in it comes out garbled. Good enough for the verbs that occur.
fn garble(text: &str) -> String {
    let mut out = String::new();
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        match characters.next() {
            Some('%') => out.push('%'),
            Some(verb) => out.push_str(&format!("%!{verb}(MISSING)")),
            None => out.push_str("%!(NOVERB)"),
        }
    }
    out
}

/// What ct would have printed on stderr.
fn stderr(translation: &clc::Translation) -> String {
    let (parsed, converted) = translation.entries.split_at(translation.parse_entries);
    let mut out = String::new();
    for part in [parsed, converted] {
        if !part.is_empty() {
            out.push_str(garble(&clc::report(part)).trim_end_matches('\n'));
            out.push('\n');
        }
    }
    if translation.failed == Some(Stage::Parse) {
        out.push_str("Failed to parse config\n");
    }
    out
}

fn entries(text: &str) -> Vec<String> {
    let mut entries: Vec<String> = Vec::new();
    for line in text.lines() {
        let starts = ["error", "warning", "info"].iter().any(|kind| {
            line.strip_prefix(kind).is_some_and(|rest| rest.starts_with(" at line ") || rest.starts_with(": "))
        });
        match entries.last_mut() {
            Some(last) if !starts && line != "Failed to parse config" => {
                last.push('\n');
                last.push_str(line);
            }
            _ => entries.push(line.to_owned()),
        }
    }
    entries.sort();
    entries
}

#[test]
fn clc_becomes_what_ct_makes_of_it() {
    let Some(dir) = data() else {
        println!("skipped: no shared conformance data");
        return;
    };
    let (mut total, mut good) = (0, 0);
    for case in cases(&dir, "clc") {
        let text = |key: &str| case[key].as_str().unwrap_or_default().to_owned();
        let args: Vec<String> = serde_json::from_value(case["args"].clone()).expect("args are strings");
        let flag = |name: &str| args.iter().position(|arg| arg.trim_start_matches('-') == name);
        let value = |name: &str| flag(name).and_then(|at| args.get(at + 1)).cloned();
        if text("name").starts_with("own-flag-") && flag("strict").is_none() && text("name") != "own-flag-nostrict-warn"
        {
            continue;
        }
        let input = match case["input_b64"].as_str() {
            Some(encoded) => {
                flatwright_ignition::ignition2::decode_data_url(&format!("data:;base64,{encoded}")).expect("base64")
            }
            None => text("input").into_bytes(),
        };
        let files = value("files-dir").map(|shown| Dir { root: dir.join("clc"), shown });
        let platform = value("platform").unwrap_or_default();
        let options = Options {
            strict: flag("strict").is_some(),
            files: files.as_ref().map(|dir| dir as &dyn FilesDir),
            platform: &platform,
        };
        let translation = clc::translate(&input, &options);
        let exit = i64::from(translation.failed.is_some());
        let json = translation.json().unwrap_or_default();
        total += 1;
        let is_same = exit == case["exit"].as_i64().unwrap_or(-1)
            && json.trim() == text("stdout").trim()
            && entries(&stderr(&translation)) == entries(&text("stderr"));
        if is_same {
            good += 1;
        } else {
            println!(
                "--- {}\nwant {} {}\n{}\ngot {exit} {json}\n{}",
                text("name"),
                case["exit"],
                text("stdout"),
                text("stderr"),
                stderr(&translation)
            );
        }
    }
    let share = 100.0 * f64::from(good) / f64::from(total);
    println!("clc: {good} of {total} cases equal in exit code, JSON and entries ({share:.2} %)");
    assert!(share >= FLOOR, "below the recorded floor of {FLOOR} %");
}

/// The provider's base CLC is translated strictly, the additional one as asked; what either says is part of the answer.
#[test]
fn the_bootstrap_providers_configs_become_what_it_makes_of_them() {
    let Some(dir) = data() else {
        println!("skipped: no shared conformance data");
        return;
    };
    let prefix = |what: &str, translation: &clc::Translation| {
        let step = match translation.failed? {
            Stage::Parse => "error parsing Container Linux Config",
            Stage::Convert => "error converting to Ignition",
        };
        Some(format!("building Ignition config: converting {what} CLC to Ignition: {step}: {}", translation.report()))
    };
    let (mut total, mut good) = (0, 0);
    for case in cases(&dir, "cabpk") {
        let Some(base) = case["clc"].as_str() else { continue };
        let strict = Options { strict: true, ..Options::default() };
        let base = clc::translate(base.as_bytes(), &strict);
        let additional = case["input"]["additionalConfig"].as_str().filter(|text| !text.is_empty()).map(|text| {
            let strict = case["input"]["strict"].as_bool().unwrap_or_default();
            clc::translate(text.as_bytes(), &Options { strict, ..Options::default() })
        });
        let warnings = additional.as_ref().map(|translation| clc::report(&translation.entries)).unwrap_or_default();
        let failure = prefix("generated", &base).or_else(|| prefix("additional", additional.as_ref()?));
        let stderr = case["stderr"].as_str().unwrap_or_default().trim_end();
        let exit = i64::from(failure.is_some());
        let is_json = additional.is_some()
            || base.json().unwrap_or_default() == case["stdout"].as_str().unwrap_or_default().trim_end();
        total += 1;
        if exit == case["exit"].as_i64().unwrap_or(-1)
            && failure.as_deref().unwrap_or(&warnings).trim_end() == stderr
            && is_json
        {
            good += 1;
        } else {
            println!("--- {}\nwant {} {stderr}\ngot {exit} {failure:?} {warnings}", case["name"], case["exit"]);
        }
    }
    let share = 100.0 * f64::from(good) / f64::from(total);
    println!("cabpk: {good} of {total} CLC pairs equal in verdict, messages and base JSON ({share:.2} %)");
    assert!(share >= FLOOR, "below the recorded floor of {FLOOR} %");
}
