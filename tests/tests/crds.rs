//! Every object of every example and of every good case of the suite validates against the real CRDs, in both contracts.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read the repository")]

use flatwright::{Contract, Options, Profile};
use flatwright_schema::Crds;
use flatwright_tests::{Case, Memory, compile_with, conformance, documents, examples, files_below, repository};

fn crds() -> Option<Crds> {
    let files = files_below(&conformance("crds")?);
    let values = files.iter().flat_map(|path| documents(&std::fs::read_to_string(path).unwrap()));
    let (crds, problems) = Crds::from_values(values);
    assert!(problems.is_empty(), "{problems:?}");
    Some(crds)
}

/// The specs to judge, with the files beside them.
fn specs() -> Vec<(String, Vec<u8>, Memory)> {
    let mut specs: Vec<_> =
        examples().into_iter().map(|(name, text)| (name, text.into_bytes(), Memory::default())).collect();
    for directory in Case::directories() {
        let name = directory.strip_prefix(repository()).unwrap().display().to_string();
        specs.extend(Case::read(&directory).map(|case| (name, case.spec, case.world)));
    }
    specs
}

#[test]
fn every_emitted_object_is_valid_under_the_real_crds() {
    let Some(crds) = crds() else { return };
    let (mut count, mut problems) = (0, Vec::new());
    for (name, bytes, world) in specs() {
        // A patch is written for one contract.
        let has_patches = String::from_utf8_lossy(&bytes).contains("patches:");
        for contract in [Contract::V1Beta2, Contract::V1Beta1] {
            if has_patches && contract == Contract::V1Beta1 {
                continue;
            }
            for profile in [Profile::Flatwright, Profile::Capz] {
                let compiled = compile_with(&bytes, &world, &Options { contract, profile, ..Options::default() });
                for object in compiled.objects() {
                    let (version, kind) = (object["apiVersion"].as_str().unwrap(), object["kind"].as_str().unwrap());
                    let Some(schema) = crds.find(version, kind) else {
                        problems.push(format!("{name}: no CRD has {version} {kind}"));
                        continue;
                    };
                    count += 1;
                    problems.extend(schema.validate(&object, None).iter().map(|finding| {
                        let path = finding.object_path.as_ref().map(ToString::to_string).unwrap_or_default();
                        format!("{name} {contract:?} {profile:?}: {kind} {path}: {}", finding.message)
                    }));
                }
            }
        }
    }
    println!("{count} objects validated, {} findings", problems.len());
    problems.dedup();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(count > 500, "only {count} objects");
}
