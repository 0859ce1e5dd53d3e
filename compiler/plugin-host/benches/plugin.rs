//! What plugins cost: one hook call in a fresh instance, loading from the cache, compiling. Run with `cargo bench -p flatwright-plugin-host`.
//!
//! The plugin is the frozen one of the tests, which echoes; the values are large enough to be real ones.

#[path = "../tests/support/mod.rs"]
mod support;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use flatwright_plugin_host::{Host, HostOptions, Limits, MemoryStore, Plugin, Source};
use support::values;

fn host() -> Host {
    Host::new(HostOptions { artifacts: Box::new(MemoryStore::default()), ..HostOptions::default() })
}

fn load(host: &Host, component: &[u8]) -> Plugin {
    let limits = Limits { total_fuel: u64::MAX, ..Limits::default() };
    host.load(Source::new("echo", component, &limits)).expect("an honest plugin")
}

fn plugins(criterion: &mut Criterion) {
    let component = support::component(&support::wit(""), "all-hooks", &support::echo_core());
    let host = host();
    let plugin = load(&host, &component);
    let session = plugin.session();
    let (context, image, kubeadm) = (values::context(), values::images().remove(0), values::kubeadm());
    criterion.bench_function("hook call, images", |b| b.iter(|| black_box(session.customize_image(&context, &image))));
    criterion.bench_function("hook call, kubeadm", |b| {
        b.iter(|| black_box(session.customize_kubeadm(&context, &kubeadm)));
    });
    criterion.bench_function("load, warm", |b| b.iter(|| black_box(load(&host, &component))));
    criterion.bench_function("load, warm, first of a process", |b| {
        b.iter_batched(
            self::host_like(&component),
            |host| black_box(load(&host, &component)),
            criterion::BatchSize::PerIteration,
        );
    });
    criterion.bench_function("load, cold", |b| b.iter(|| black_box(load(&self::host(), &component))));
}

/// Makes hosts without an engine whose cache has the component.
fn host_like(component: &[u8]) -> impl FnMut() -> Host + use<> {
    let store = std::sync::Arc::new(MemoryStore::default());
    let host =
        move || Host::new(HostOptions { artifacts: Box::new(std::sync::Arc::clone(&store)), ..HostOptions::default() });
    load(&host(), component);
    host
}

criterion_group!(benches, plugins);
criterion_main!(benches);
