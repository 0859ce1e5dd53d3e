//! Butane against the answers of the original. Skipped with a printed line where the data is absent.

mod support;

use flatwright_ignition::butane::{FilesDir, Options, Translation, report, translate};
use serde_json::Value;
use support::disk::Disk;
use support::{Case, Score, entries, read_cases, root};

/// Cases of the command line, of other variants, and of files that are not part of the data.
fn is_outside(case: &Case) -> bool {
    let is_flag = case.name.starts_with("flag-");
    is_flag || case.name == "hdr-r4e" || case.data["input"].is_null() && case.data["input_b64"].is_null()
}

fn run(case: &Case) -> Translation {
    let files = case
        .args
        .iter()
        .position(|arg| arg == "--files-dir")
        .map(|at| Disk { name: case.args[at + 1].clone(), cwd: root().join("butane") });
    let has = |flags: [&str; 2]| case.args.iter().any(|arg| flags.contains(&arg.as_str()));
    translate(
        &case.input,
        &Options {
            files: files.as_ref().map(|files| files as &dyn FilesDir),
            is_strict: has(["--strict", "-s"]),
            is_pretty: has(["--pretty", "-p"]),
        },
    )
}

fn parsed(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_default()
}

#[test]
fn answers_are_those_of_butane() {
    let Some(cases) = read_cases("butane") else { return };
    let mut results = Score::new("butane results (exit code and JSON)");
    let mut bytes = Score::new("butane JSON byte for byte");
    let mut reports = Score::new("butane report entries (cases)");
    let mut prettys = Score::new("butane pretty reports");
    let mut lines = Score::new("butane last lines");
    for case in cases.iter().filter(|case| !is_outside(case)) {
        let got = run(case);
        let is_same =
            (case.exit != 0) == got.failure.is_some() && (case.exit != 0 || parsed(&case.stdout) == parsed(&got.json));
        results.add(&case.name, is_same, || {
            format!("{:?}\nours   {}\ntheirs {} {:?}", got.failure, got.json, case.stdout, case.raw)
        });
        if case.exit == 0 {
            bytes.add(&case.name, case.stdout.trim_end_matches('\n') == got.json, || {
                format!("ours   {}\ntheirs {}", got.json, case.stdout)
            });
        }
        let ours: Vec<String> = got.entries.iter().map(ToString::to_string).collect();
        let is_same = case.raw.iter().any(|raw| {
            let mut theirs = entries(raw);
            let mut ours = ours.clone();
            if case.raw.len() > 1 {
                theirs.sort();
                ours.sort();
            }
            ours == theirs
        });
        reports.add(&case.name, is_same, || {
            format!("ours {ours:#?}\ntheirs {:#?} {:?}", entries(&case.raw[0]), got.failure)
        });
        let full = match &got.failure {
            Some(failure) => format!("{}{failure}\n", report::raw(&got.entries)),
            None => report::raw(&got.entries),
        };
        if case.raw.len() == 1 {
            lines.add(&case.name, full == case.raw[0], || format!("ours   {full}\ntheirs {}", case.raw[0]));
            let style = report::Style { name: "<stdin>", has_color: false };
            let mut shown = report::pretty(&got.entries, &case.input, &style);
            if let Some(failure) = &got.failure {
                shown.push_str(&format!("{failure}\n"));
            }
            prettys.add(&case.name, shown == case.stderr, || format!("ours\n{shown}\ntheirs\n{}", case.stderr));
        }
    }
    for (score, floor) in [(&results, 0.999), (&bytes, 0.999), (&reports, 0.999), (&lines, 0.999), (&prettys, 0.999)] {
        score.print(floor);
    }
    for (score, floor) in [(results, 0.999), (bytes, 0.999), (reports, 0.999), (lines, 0.999), (prettys, 0.999)] {
        score.check(floor);
    }
}
