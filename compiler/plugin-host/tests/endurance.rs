//! What shows only after many calls or much time: memory stays flat, and the wall clock is noticed. One process of its own, so that nothing else counts.

mod support;

use std::sync::mpsc::channel;
use std::time::Duration;

use flatwright_plugin_host::fault::Fault;
use flatwright_plugin_host::{Host, HostOptions, Limits, Plugin, Source};
use support::values;

fn load(options: HostOptions, component: &[u8], limits: &Limits) -> Plugin {
    let loaded = Host::new(options).load(Source::new("p", component, limits));
    loaded.unwrap_or_else(|failure| panic!("{failure:#?}"))
}

#[test]
fn memory_is_flat_and_the_wall_clock_is_noticed() {
    ten_thousand_calls();
    a_call_that_lasts_too_long();
}

#[expect(clippy::print_stdout, reason = "the figure is worth seeing")]
fn ten_thousand_calls() {
    const MOST_GROWTH_KIB: u64 = 4 << 10;
    let component = support::component(&support::wit(""), "all-hooks", &support::echo_core());
    let limits = Limits { total_fuel: u64::MAX, ..Limits::default() };
    let plugin = load(HostOptions::default(), &component, &limits);
    let (context, settings) = (values::context(), values::kubeadm());
    let session = plugin.session();
    let calls = |count: usize| {
        for _ in 0..count {
            let outcome = session.customize_kubeadm(&context, &settings).expect("an honest plugin");
            assert!(outcome.value.is_some());
        }
    };
    calls(1_000);
    let before = resident_kib();
    calls(10_000);
    let growth = resident_kib().saturating_sub(before);
    println!("10,000 calls: {growth} KiB more resident memory");
    assert!(growth < MOST_GROWTH_KIB, "{growth} KiB");
}

fn a_call_that_lasts_too_long() {
    let (sender, receiver) = channel();
    let on_overdue = Box::new(move |diagnostic| sender.send(diagnostic).expect("the test waits"));
    let spin = support::images_plugin("(loop (br 0)) unreachable", "");
    // Enough for some seconds: the callback only notices, and here nobody ends the process.
    let limits = Limits { fuel: 60_000_000_000, seconds: 1, ..Limits::default() };
    let plugin = load(HostOptions { on_overdue: Some(on_overdue), ..HostOptions::default() }, &spin, &limits);
    // Left behind when the test ends: waiting for its fuel to run out would take its time.
    std::thread::spawn(move || plugin.session().customize_image(&values::context(), &values::images()[0]).is_err());
    let overdue = receiver.recv_timeout(Duration::from_secs(30)).expect("the watchdog speaks");
    assert_eq!(overdue.code, Fault::TIME_LIMIT);
    assert_eq!(overdue.message, "plugin `p` ran for more than 1 s in hook `images`");
}

/// What the kernel says, or nothing where it does not.
#[expect(clippy::disallowed_methods, reason = "the memory bound is what is tested")]
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse().ok()).unwrap_or(0)
}
