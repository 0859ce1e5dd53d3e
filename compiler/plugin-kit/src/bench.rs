//! How fast a plugin is.

#![expect(clippy::disallowed_methods, reason = "a shell crate: measuring needs a clock")]

use std::fmt;
use std::time::{Duration, Instant};

use flatwright_plugin_host::{Hook, Plugin};

use crate::call::ask;
use crate::case::Case;
use crate::error::Error;

/// Times of many calls of one case, each with a fresh instance.
#[derive(Clone, Debug)]
pub struct Bench {
    /// The hook.
    pub hook: Hook,
    /// How many calls.
    pub calls: usize,
    /// The fastest.
    pub least: Duration,
    /// Half were faster.
    pub median: Duration,
    /// One in a hundred was slower.
    pub p99: Duration,
    /// Instructions of a call: the same on every machine.
    pub fuel: u64,
}

/// Calls each case that many times. What is measured is the call alone; a compile compares question and answer besides.
///
/// # Errors
/// [`Error::Plugin`] if a call fails, [`Error::Case`] for an invalid case.
pub fn bench(plugin: &Plugin, cases: &[Case], calls: usize) -> Result<Vec<Bench>, Error> {
    let plain: Vec<Case> = plugin.hooks().iter().flat_map(|hook| Case::plain(*hook)).collect();
    let cases = if cases.is_empty() { &plain } else { cases };
    cases.iter().map(|case| bench_one(plugin, case, calls.max(1))).collect()
}

fn bench_one(plugin: &Plugin, case: &Case, calls: usize) -> Result<Bench, Error> {
    let (context, question) = case.question()?;
    // The first call maps the code.
    let fuel = ask(plugin, &context, &question)?;
    let mut times = Vec::with_capacity(calls);
    for _ in 0..calls {
        let start = Instant::now();
        ask(plugin, &context, &question)?;
        times.push(start.elapsed());
    }
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
    Ok(Bench { hook: question.hook(), calls, least: times[0], median: at(50), p99: at(99), fuel })
}

impl fmt::Display for Bench {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { hook, calls, least, median, p99, fuel } = self;
        write!(
            f,
            "hook `{hook}`: {calls} calls, median {median:.1?}, least {least:.1?}, 99 % {p99:.1?}, {fuel} instructions"
        )
    }
}
