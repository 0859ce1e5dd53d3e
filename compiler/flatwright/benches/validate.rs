//! The cost of validating 1,000 manifests with CRDs that were loaded once, and of compiling a starter spec, verification included.

use criterion::{Criterion, criterion_group, criterion_main};
use flatwright::{NoWorld, Options, Schemas, SpecFile, ValidateOptions, compile, stream, validate};

fn starter(name: &str) -> SpecFile {
    let text = flatwright_spec::starter(flatwright_spec::types::Flavor::Sysext, name);
    SpecFile { name: format!("{name}.yaml"), bytes: text.into_bytes() }
}

/// CRDs of a management cluster, where `FLATWRIGHT_CONFORMANCE` names a directory with some.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads its data")]
fn crds() -> Vec<SpecFile> {
    let Ok(directory) = std::env::var("FLATWRIGHT_CONFORMANCE") else { return Vec::new() };
    let entries = std::fs::read_dir(format!("{directory}/crds")).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|ext| ext == "yaml"));
    let file = |path: std::path::PathBuf| {
        Some(SpecFile { name: path.display().to_string(), bytes: std::fs::read(&path).ok()? })
    };
    paths.filter_map(file).collect()
}

fn benchmarks(c: &mut Criterion) {
    let spec = [starter("demo")];
    c.bench_function("compile the starter spec", |b| {
        b.iter(|| compile(&spec, &NoWorld, &Options::default()).clusters.len());
    });
    let mut manifests = String::new();
    let mut count = 0;
    for number in 0.. {
        let clusters = compile(&[starter(&format!("demo-{number}"))], &NoWorld, &Options::default()).clusters;
        count += clusters.iter().map(|cluster| cluster.objects.len()).sum::<usize>();
        manifests.push_str("---\n");
        manifests.push_str(&stream(&clusters, flatwright::Format::Yaml));
        if count >= 1_000 {
            break;
        }
    }
    let files = [SpecFile { name: "manifests.yaml".to_owned(), bytes: manifests.into_bytes() }];
    let schemas = Schemas::read(&crds());
    let options = ValidateOptions { schemas: Some(&schemas), ..ValidateOptions::default() };
    c.bench_function("validate 1,000 manifests", |b| {
        b.iter(|| validate(&files, &NoWorld, &options).report.diagnostics().len());
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = benchmarks
}
criterion_main!(benches);
