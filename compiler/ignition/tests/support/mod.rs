//! What the conformance tests share: finding the data, reading cases, keeping score.

#![allow(dead_code, clippy::print_stdout, clippy::print_stderr, reason = "each test uses a part and shows its figures")]

pub(crate) mod disk;

use std::path::PathBuf;

use serde_json::Value;

/// One answer of an original program.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) args: Vec<String>,
    pub(crate) input: Vec<u8>,
    pub(crate) exit: i64,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// The report, one entry per line, for each run that was seen.
    pub(crate) raw: Vec<String>,
    pub(crate) data: Value,
}

/// Where the shared data lies.
#[expect(clippy::disallowed_methods, reason = "tests find the data by a variable")]
pub(crate) fn root() -> PathBuf {
    std::env::var("FLATWRIGHT_CONFORMANCE").map_or_else(
        |_| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance")),
        PathBuf::from,
    )
}

/// The cases of one program; `None`, with a line on standard error, where there are none.
#[expect(clippy::disallowed_methods, reason = "tests read the data")]
pub(crate) fn read_cases(program: &str) -> Option<Vec<Case>> {
    let path = root().join(program).join("cases.jsonl");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: no {}", path.display());
        return None;
    };
    Some(text.lines().map(|line| case(serde_json::from_str(line).expect("a case is JSON"))).collect())
}

fn case(data: Value) -> Case {
    let text = |key: &str| data[key].as_str().unwrap_or_default().to_owned();
    let input = match data["input_b64"].as_str() {
        Some(encoded) => base64(encoded),
        None => text("input").into_bytes(),
    };
    let mut raw = vec![text("stderr_raw")];
    raw.extend(
        data["stderr_raw_variants"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|text| text.as_str().map(str::to_owned)),
    );
    Case {
        name: text("name"),
        args: data["args"].as_array().into_iter().flatten().filter_map(|arg| arg.as_str().map(str::to_owned)).collect(),
        input,
        exit: data["exit"].as_i64().unwrap_or_default(),
        stdout: text("stdout"),
        stderr: text("stderr"),
        raw,
        data,
    }
}

/// Decodes base64 as the data has it.
pub(crate) fn base64(text: &str) -> Vec<u8> {
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b'=').map(value).collect();
    digits
        .chunks(4)
        .flat_map(|chunk| {
            let bits =
                chunk.iter().enumerate().fold(0_u32, |bits, (i, digit)| bits | u32::from(*digit) << (18 - 6 * i));
            bits.to_be_bytes()[1..chunk.len()].to_vec()
        })
        .collect()
}

/// The entries of a report, each without its line break; lines that start none belong to the one before.
pub(crate) fn entries(report: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in report.lines() {
        if ["error", "warning", "info"]
            .iter()
            .any(|kind| line.strip_prefix(kind).is_some_and(|rest| rest.starts_with([' ', ':'])))
        {
            found.push(line.to_owned());
        }
    }
    found
}

/// How many cases agree.
pub(crate) struct Score {
    title: &'static str,
    good: usize,
    bad: Vec<String>,
}

impl Score {
    pub(crate) fn new(title: &'static str) -> Self {
        Self { title, good: 0, bad: Vec::new() }
    }

    pub(crate) fn add(&mut self, name: &str, is_good: bool, detail: impl FnOnce() -> String) {
        if is_good {
            self.good += 1;
        } else {
            self.bad.push(format!("{name}: {}", detail()));
        }
    }

    fn share(&self) -> f64 {
        self.good as f64 / (self.good + self.bad.len()).max(1) as f64
    }

    /// Prints the figure and what failed.
    pub(crate) fn print(&self, floor: f64) {
        let all = self.good + self.bad.len();
        println!("{}: {}/{all} = {:.2} % (floor {})", self.title, self.good, self.share() * 100.0, floor * 100.0);
        for line in &self.bad {
            println!("  {line}");
        }
    }

    /// # Panics
    /// If the share is below the floor.
    pub(crate) fn check(self, floor: f64) {
        assert!(self.share() >= floor, "{} fell below {floor}", self.title);
    }

    /// Both.
    ///
    /// # Panics
    /// As [`Self::check`].
    pub(crate) fn finish(self, floor: f64) {
        self.print(floor);
        self.check(floor);
    }
}
