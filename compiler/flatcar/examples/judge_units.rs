//! Runs random units against the real systemd and prints the smallest part of each one that differs: `judge_units [COUNT [SEED]]`, with a fresh seed where none is given.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a tool for those who change the readers"
)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::time::SystemTime;

use support::difference;
use support::judge::Judge;
use support::random::{Random, smallest, text};

/// So many differences are shown.
const SHOWN: usize = 40;

fn main() {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u64>().unwrap());
    let count = arguments.next().unwrap_or(1_000);
    let fresh =
        || u64::try_from(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis()).unwrap();
    let seed = arguments.next().unwrap_or_else(fresh);
    let Some(judge) = Judge::find() else { return };
    let mut random = Random::new(seed);
    let (mut different, mut complained) = (0, 0);
    let mut shown = BTreeSet::new();
    for _ in 0..count {
        let (name, lines) = random.unit();
        let whole = text(&lines);
        let theirs = judge.lines(name, &whole);
        complained += theirs.len();
        if difference(name, &whole, &theirs).is_empty() {
            continue;
        }
        different += 1;
        if shown.len() < SHOWN {
            let mut differs = |lines: &[String]| {
                let text = text(lines);
                !difference(name, &text, &judge.lines(name, &text)).is_empty()
            };
            let text = text(&smallest(&lines, &mut differs));
            let words = difference(name, &text, &judge.lines(name, &text)).join("\n");
            if shown.insert(words.clone()) {
                println!("{name}: {words}");
            }
        }
    }
    println!("{count} units of seed {seed}: systemd complains of {complained} lines, {different} units differ");
    std::process::exit(i32::from(different > 0));
}
