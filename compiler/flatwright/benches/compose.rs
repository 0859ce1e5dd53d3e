//! Composes in process: one pool and fifty that share a Butane file. The figure that counts is the ratio: fifty pools cost as much as one.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use flatwright::{Options, SpecFile, Style, World, compile, compose};
use flatwright_diagnostic::Report;
use flatwright_plan::Plan;

/// A world of one file.
struct OneFile(String);

impl World for OneFile {
    fn read_file(&self, _: &str, _: &str) -> Result<Vec<u8>, String> {
        Ok(self.0.clone().into_bytes())
    }

    fn variable(&self, _: &str) -> Option<String> {
        None
    }
}

/// A config of two hundred files and units, as the largest ones are.
fn butane() -> String {
    let files: String = (0..200)
        .map(|index| format!("  - {{path: /etc/a/{index}, mode: 0644, contents: {{inline: \"content {index}\"}}}}\n"))
        .collect();
    let units: String = (0..200)
        .map(|index| {
            format!("  - name: a{index}.service\n    contents: |\n      [Service]\n      ExecStart=/bin/true {index}\n")
        })
        .collect();
    format!("variant: flatcar\nversion: 1.1.0\nstorage:\n  files:\n{files}systemd:\n  units:\n{units}")
}

fn plan(pools: usize) -> Plan {
    let pools: String = (0..pools)
        .map(|pool| {
            format!("  - name: pool-{pool}\n    replicas: 1\n    vmSize: Standard_D4s_v5\n    butane: node.bu\n")
        })
        .collect();
    let text = format!(
        "apiVersion: flatwright.dev/v1alpha1\nkind: FlatcarCluster\nmetadata: {{name: demo}}\nspec:\n  flavor: flatcar-sysext\n  \
         kubernetes: {{version: v1.34.2}}\n  flatcar: {{version: 4593.2.5}}\n  azure:\n    \
         subscriptionID: 00000000-0000-0000-0000-000000000001\n    location: westeurope\n    identity: {{name: cluster-identity}}\n  \
         controlPlane: {{replicas: 3, vmSize: Standard_D4s_v5}}\n  pools:\n{pools}"
    );
    let files = [SpecFile { name: "cluster.yaml".to_owned(), bytes: text.into_bytes() }];
    let mut compilation = compile(&files, &OneFile(butane()), &Options::default());
    assert!(!compilation.report.has_errors(), "the spec is good: {:?}", compilation.report.diagnostics());
    compilation.clusters.remove(0).plan
}

fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("compose");
    for pools in [1, 50] {
        let plan = plan(pools);
        group.bench_with_input(BenchmarkId::new("pools-of-one-file", pools), &plan, |bencher, plan| {
            bencher
                .iter(|| compose(plan, Style::default(), &|_| None, &mut Report::new()).map(|composed| composed.len()));
        });
    }
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
