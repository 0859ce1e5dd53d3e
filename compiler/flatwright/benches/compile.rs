//! Compiles in process: the starter, and fleets of pools. The figure that counts is the ratio: ten times the pools, ten times the time.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use flatwright::{Format, NoWorld, Options, SpecFile};
use flatwright_spec::types::Flavor;

fn compile(text: &str) -> usize {
    let files = [SpecFile { name: "cluster.yaml".to_owned(), bytes: text.as_bytes().to_vec() }];
    let compilation = flatwright::compile(&files, &NoWorld, &Options::default());
    assert!(!compilation.report.has_errors(), "the spec is good");
    flatwright::stream(&compilation.clusters, Format::Yaml).len()
}

fn fleet(pools: usize) -> String {
    let mut text = String::from(
        "apiVersion: flatwright.dev/v1alpha1\nkind: FlatcarCluster\nmetadata: {name: fleet}\nspec:\n  flavor: flatcar-sysext\n  \
         kubernetes: {version: v1.34.2}\n  flatcar: {version: 4593.2.5}\n  azure:\n    \
         subscriptionID: 00000000-0000-0000-0000-000000000001\n    location: westeurope\n    identity: {name: cluster-identity}\n  \
         controlPlane: {replicas: 3, vmSize: Standard_D4s_v5}\n  pools:\n",
    );
    for pool in 0..pools {
        text.push_str(&format!(
            "  - name: pool-{pool}\n    replicas: 3\n    vmSize: Standard_D4s_v5\n    nodeLabels: {{pool: p{pool}}}\n    \
             files: [{{path: /etc/pool, content: \"{pool}\\n\"}}]\n"
        ));
    }
    text
}

fn benches(criterion: &mut Criterion) {
    let starter = flatwright_spec::starter(Flavor::Sysext, "demo");
    criterion.bench_function("starter", |bencher| bencher.iter(|| compile(&starter)));
    let mut group = criterion.benchmark_group("pools");
    group.sample_size(10);
    for pools in [20, 200, 2_000] {
        let text = fleet(pools);
        group.throughput(Throughput::Elements(pools as u64));
        group.bench_with_input(BenchmarkId::from_parameter(pools), &text, |bencher, text| {
            bencher.iter(|| compile(text));
        });
    }
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
