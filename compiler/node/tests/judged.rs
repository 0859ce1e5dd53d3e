//! Random configs against the real Ignition, where it is installed: a bounded number with a fixed seed. `cargo run -p flatwright-node --example judge` runs more.

mod support;

use support::judge::Judge;
use support::random::{Random, smallest};
use support::{difference, of_model};

/// So many configs, which take some seconds.
const CONFIGS: usize = 150;

#[test]
fn random_configs_come_to_what_the_real_ignition_makes_of_them() {
    let Some(judge) = Judge::find() else { return };
    let mut random = Random::new(21);
    let differs = |config: &_| difference(&judge.verdict(config), &of_model(config));
    for _ in 0..CONFIGS {
        let config = random.config();
        if differs(&config).is_some() {
            let class = |config: &_| (judge.verdict(config).first, of_model(config).first);
            let whole = class(&config);
            let config = smallest(&config, &mut |config| class(config) == whole && differs(config).is_some());
            panic!("{}\n{config}", differs(&config).unwrap_or_default());
        }
    }
}
