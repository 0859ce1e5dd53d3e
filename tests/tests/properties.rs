//! What holds for every spec: the order of keys, the run and the directory change nothing; readers of YAML 1.1 and 1.2 agree on the output.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read the repository")]

use std::sync::LazyLock;

use flatwright::{Contract, Options, TemplateNames};
use flatwright_tests::{Memory, Rules, compile_with, documents, documents_as, examples, files_below, repository, run};
use proptest::prelude::*;
use serde_json::{Map, Value};

/// Good specs of the suite that need nothing beside them, and the examples.
static SPECS: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let cases = files_below(&repository().join("tests/suite")).into_iter().filter(|path| path.ends_with("spec.yaml"));
    let cases = cases.filter_map(|path| {
        let text = String::from_utf8(std::fs::read(&path).unwrap()).ok()?;
        let is_alone = !path.with_file_name("files").exists() && !path.with_file_name("args").exists();
        let name = path.strip_prefix(repository()).unwrap().display().to_string();
        (is_alone && compile(&text, Contract::V1Beta2).is_some()).then_some((name, text))
    });
    // Plugins stand beside the spec that names them.
    let examples = examples().into_iter().filter(|(_, text)| !text.contains("\n  plugins:"));
    examples.chain(cases).collect()
});

/// Those whose keys may be moved: an inline config keeps the order of its own language, and aliases stand after their anchors.
static MOVABLE: LazyLock<Vec<(String, Value)>> = LazyLock::new(|| {
    let movable = SPECS.iter().filter(|(name, text)| !name.contains("configs/") && !text.contains('&'));
    movable
        .filter_map(|(name, text)| match documents(text).as_slice() {
            [spec] => Some((name.clone(), spec.clone())),
            _ => None,
        })
        .collect()
});

fn compile(text: &str, contract: Contract) -> Option<String> {
    let options = Options { contract, ..Options::default() };
    compile_with(text.as_bytes(), &Memory::default(), &options).stream
}

/// The keys of every mapping in another order; `numbers` decides which. Lists keep theirs.
fn shuffled(value: &Value, numbers: &mut impl FnMut() -> usize) -> Value {
    match value {
        Value::Object(map) => {
            let mut left: Vec<(&String, &Value)> = map.iter().collect();
            let mut out = Map::new();
            while !left.is_empty() {
                let (key, value) = left.remove(numbers() % left.len());
                out.insert(key.clone(), shuffled(value, numbers));
            }
            Value::Object(out)
        }
        Value::Array(items) => items.iter().map(|item| shuffled(item, numbers)).collect(),
        other => other.clone(),
    }
}

#[test]
fn a_second_run_gives_the_same_bytes() {
    for (name, text) in SPECS.iter() {
        for contract in [Contract::V1Beta2, Contract::V1Beta1] {
            assert_eq!(compile(text, contract), compile(text, contract), "{name}");
        }
    }
}

#[test]
fn reversed_keys_give_the_same_bytes() {
    for (name, spec) in MOVABLE.iter() {
        for contract in [Contract::V1Beta2, Contract::V1Beta1] {
            let reversed = shuffled(spec, &mut || usize::MAX).to_string();
            assert_eq!(compile(&spec.to_string(), contract), compile(&reversed, contract), "{name}");
        }
    }
}

#[test]
fn another_directory_gives_the_same_bytes() {
    let spec = repository().join("examples/capz-flatcar-sysext.yaml");
    let elsewhere = tempfile::tempdir().unwrap();
    std::fs::copy(&spec, elsewhere.path().join("other.yaml")).unwrap();
    let here = run(repository(), &["compile", "examples/capz-flatcar-sysext.yaml"], b"");
    let there = run(elsewhere.path(), &["compile", spec.to_str().unwrap()], b"");
    let copy = run(elsewhere.path(), &["compile", "./other.yaml"], b"");
    let piped = run(elsewhere.path(), &["compile", "-"], &std::fs::read(&spec).unwrap());
    for other in [there, copy, piped] {
        assert_eq!(other.code, Some(0), "{}", other.stderr);
        assert!(other.stdout == here.stdout);
    }
}

#[test]
fn readers_of_yaml_1_1_and_1_2_and_json_agree_on_the_output() {
    for (name, text) in SPECS.iter() {
        let compiled = compile_with(text.as_bytes(), &Memory::default(), &Options::default());
        let stream = compiled.stream.clone().unwrap();
        let newer = documents(&stream);
        assert_eq!(newer, documents_as(&stream, Rules::Yaml11), "{name}");
        assert_eq!(newer, compiled.objects(), "{name}: the YAML says something else than the objects");
        let list = flatwright::stream(&compiled.compilation.clusters, flatwright::Format::Json);
        assert_eq!(serde_json::from_str::<Value>(&list).unwrap()["items"], Value::from(newer), "{name}");
    }
}

/// Names of templates carry a hash of their content: if this golden changes, an upgrade of the compiler rolls people's machines.
#[test]
fn template_names_do_not_change() {
    let mut names = String::new();
    let stable = |name: &str| !name.contains('/') || name.contains("/base/") || name.contains("/machines/");
    for (name, text) in SPECS.iter().filter(|(name, _)| stable(name)) {
        for contract in [Contract::V1Beta2, Contract::V1Beta1] {
            let options = Options { contract, template_names: TemplateNames::Hashed, ..Options::default() };
            for object in compile_with(text.as_bytes(), &Memory::default(), &options).objects() {
                let kind = object["kind"].as_str().unwrap();
                if kind.ends_with("Template") {
                    let label = if contract == Contract::V1Beta2 { "v1beta2" } else { "v1beta1" };
                    names
                        .push_str(&format!("{name} {label} {kind} {}\n", object["metadata"]["name"].as_str().unwrap()));
                }
            }
        }
    }
    flatwright_tests::golden(&repository().join("tests/suite/template-names.txt"), Some(&names)).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_keys_changes_no_byte(which in any::<prop::sample::Index>(), numbers in proptest::collection::vec(any::<usize>(), 64)) {
        let (name, spec) = &MOVABLE[which.index(MOVABLE.len())];
        let mut next = 0;
        let mut numbers = || { next += 1; numbers[next % numbers.len()] };
        let reordered = shuffled(spec, &mut numbers).to_string();
        let original = spec.to_string();
        prop_assert_eq!(compile(&original, Contract::V1Beta2), compile(&reordered, Contract::V1Beta2), "{}", name);
    }
}
