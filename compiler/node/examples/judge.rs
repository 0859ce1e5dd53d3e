//! Runs random configs against the real Ignition and prints the smallest part of each one that differs: `judge [COUNT [SEED]]`, with a fresh seed where none is given.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a tool for those who change the model"
)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::time::SystemTime;

use support::judge::Judge;
use support::random::{Random, smallest};
use support::{difference, of_model};

/// So many differences are shown.
const SHOWN: usize = 20;

fn main() {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u64>().unwrap());
    let count = arguments.next().unwrap_or(1_000);
    let fresh =
        || u64::try_from(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis()).unwrap();
    let seed = arguments.next().unwrap_or_else(fresh);
    let Some(judge) = Judge::find() else { return };
    let mut random = Random::new(seed);
    let differs = |config: &_| difference(&judge.verdict(config), &of_model(config));
    let (mut different, mut failed) = (0, 0);
    for _ in 0..count {
        let config = random.config();
        let real = judge.verdict(&config);
        failed += usize::from(real.first != "ok");
        if difference(&real, &of_model(&config)).is_none() {
            continue;
        }
        different += 1;
        if different <= SHOWN {
            let class = |config: &_| (judge.verdict(config).first, of_model(config).first);
            let whole = class(&config);
            let config = smallest(&config, &mut |config| class(config) == whole && differs(config).is_some());
            println!("{}\n    {config}", differs(&config).unwrap_or_default());
        }
    }
    println!("{count} configs of seed {seed}: {failed} fail, {different} differ");
    std::process::exit(i32::from(different > 0));
}
