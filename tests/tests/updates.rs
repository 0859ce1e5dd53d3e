//! Changes of specs against the answers of a real API server with the real webhooks: `diff` and `validate --old` refuse what it refuses, and the plan names the groups whose
//! machines Cluster API would replace, which are computed here from the objects alone. Skipped where the data is absent.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a test that prints its figures")]

use std::collections::{BTreeMap, BTreeSet};

use flatwright::diff::{Action, Compared, Input, diff};
use flatwright::{Contract, Format, NoWorld, Options, Profile, SpecFile, SpecStyle, TemplateNames, ValidateOptions};
use flatwright_diagnostic::{Diagnostic, Severity};
use flatwright_tests::conformance;
use serde_json::Value;

/// Verdicts that agree with the server's, in percent.
const FLOOR: f64 = 99.0;

struct Case {
    name: String,
    old: SpecFile,
    new: SpecFile,
    old_options: Options,
    new_options: Options,
    is_refused: bool,
    /// The names of the objects that were refused.
    refused: Vec<String>,
    messages: String,
}

fn cases() -> Option<Vec<Case>> {
    let file = conformance("updates")?.join("cases.jsonl");
    #[expect(clippy::disallowed_methods, reason = "conformance data lives outside of the workspace")]
    let text = std::fs::read_to_string(file).unwrap();
    Some(text.lines().map(|line| case(&serde_json::from_str(line).unwrap())).collect())
}

fn case(value: &Value) -> Case {
    let spec =
        |key: &str| SpecFile { name: format!("{key}.json"), bytes: value[key].as_str().unwrap().as_bytes().to_vec() };
    Case {
        name: value["name"].as_str().unwrap().to_owned(),
        old: spec("old"),
        new: spec("new"),
        old_options: options(&value["old_options"]),
        new_options: options(&value["new_options"]),
        is_refused: value["server_refuses"].as_bool().unwrap(),
        refused: value["messages"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|message| message[1].as_str().map(str::to_owned))
            .collect(),
        messages: value["messages"].to_string().chars().take(300).collect(),
    }
}

fn options(arguments: &Value) -> Options {
    let arguments: Vec<&str> = arguments.as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
    let mut options = Options { allows_unresolved: true, ..Options::default() };
    for pair in arguments.chunks(2) {
        match pair {
            ["--contract", "v1beta1"] => options.contract = Contract::V1Beta1,
            ["--contract", "v1beta2"] => options.contract = Contract::V1Beta2,
            ["--template-names", "plain"] => options.template_names = TemplateNames::Plain,
            ["--template-names", "hashed"] => options.template_names = TemplateNames::Hashed,
            ["--compat", "capz"] => options.profile = Profile::Capz,
            other => panic!("an option of another kind: {other:?}"),
        }
    }
    options
}

fn compare(case: &Case) -> Compared {
    let side = |spec, options| Input::Specs { files: std::slice::from_ref(spec), world: &NoWorld, options };
    diff(&side(&case.old, &case.old_options), &side(&case.new, &case.new_options))
}

/// What the server could refuse: it knows nothing of releases, of components' arguments, or of machine configs.
fn errors(found: &[Diagnostic]) -> Vec<String> {
    let is_servers = |family: &str| family.starts_with("admission-") || family.starts_with("schema-");
    let errors =
        found.iter().filter(|finding| finding.severity == Severity::Error && is_servers(finding.code.family()));
    errors.map(|finding| format!("{}: {}", finding.code.name(), finding.message)).collect()
}

/// Says how many verdicts agree, and lists those that do not.
fn judge(what: &str, verdict: impl Fn(&Case) -> Vec<String>) {
    let Some(cases) = cases() else { return };
    let (mut agreeing, mut compared, mut misses) = (0_u32, 0_u32, Vec::new());
    for case in &cases {
        let errors = verdict(case);
        if errors.is_empty() && case.is_refused && is_about_others(case) {
            println!("  {} is about objects that are not made any more", case.name);
            continue;
        }
        compared += 1;
        if errors.is_empty() == case.is_refused {
            misses.push(format!("{} refused={} {errors:?} {}", case.name, case.is_refused, case.messages));
        } else {
            agreeing += 1;
        }
    }
    let percent = 100.0 * f64::from(agreeing) / f64::from(compared);
    println!("{what} agrees on {agreeing} of {compared} ({percent:.1} %)");
    assert!(compared as usize + 3 >= cases.len(), "{what} compares {compared} of {} cases only", cases.len());
    misses.iter().for_each(|miss| println!("  {miss}"));
    assert!(percent >= FLOOR, "{what} agrees on {percent:.1} % only");
}

/// Whether the server's answer is about templates alone that both sides make alike today, under another name. When it was recorded, two styles made templates of different contents
/// and of one name; today they make one template.
fn is_about_others(case: &Case) -> bool {
    let objects = |spec, options: &Options| -> BTreeMap<String, Value> {
        let list: Value = serde_json::from_slice(&manifests(spec, options).bytes).unwrap();
        let name = |object: &Value| object["metadata"]["name"].as_str().unwrap_or_default().to_owned();
        list["items"].as_array().unwrap().iter().map(|object| (name(object), object.clone())).collect()
    };
    let (old, new) = (objects(&case.old, &case.old_options), objects(&case.new, &case.new_options));
    case.refused.iter().all(|name| {
        let stem = |name: &str| name.rsplit_once('-').map(|(stem, _)| stem.to_owned());
        let today = new.iter().find(|(other, _)| stem(other) == stem(name));
        !new.contains_key(name) && today.is_some_and(|(name, object)| old.get(name) == Some(object))
    })
}

#[test]
fn diff_refuses_what_the_server_refuses() {
    judge("diff", |case| errors(compare(case).report.diagnostics()));
}

#[test]
fn validate_refuses_what_the_server_refuses() {
    judge("validate --old", |case| {
        // One style for both sides: whoever changes it compares with what was written before.
        let old = if case.old_options.contract == case.new_options.contract
            && case.old_options.template_names == case.new_options.template_names
            && case.old_options.profile == case.new_options.profile
        {
            case.old.clone()
        } else {
            manifests(&case.old, &case.old_options)
        };
        let specs = SpecStyle {
            contract: case.new_options.contract,
            template_names: case.new_options.template_names,
            profile: case.new_options.profile,
        };
        let options = ValidateOptions { old: std::slice::from_ref(&old), specs, ..ValidateOptions::default() };
        let validation = flatwright::validate(std::slice::from_ref(&case.new), &NoWorld, &options);
        errors(validation.report.diagnostics())
    });
}

fn manifests(spec: &SpecFile, options: &Options) -> SpecFile {
    let options = Options { is_tolerant: true, ..options.clone() };
    let compilation = flatwright::compile(std::slice::from_ref(spec), &NoWorld, &options);
    let text = flatwright::stream(&compilation.clusters, Format::Json);
    SpecFile { name: "old.json".to_owned(), bytes: text.into_bytes() }
}

/// What decides whether machines of a group are replaced, by the group's object.
fn deciding(spec: &SpecFile, options: &Options) -> BTreeMap<String, Value> {
    let text = String::from_utf8(manifests(spec, options).bytes).unwrap();
    let list: Value = serde_json::from_str(&text).unwrap();
    let mut groups = BTreeMap::new();
    for object in list["items"].as_array().unwrap() {
        let name = format!("{}/{}", object["kind"].as_str().unwrap(), object["metadata"]["name"].as_str().unwrap());
        let spec = &object["spec"];
        let is_old = object["apiVersion"].as_str().unwrap().ends_with("v1beta1");
        match object["kind"].as_str().unwrap() {
            "KubeadmControlPlane" => {
                let machine = &spec["machineTemplate"];
                let machine = if is_old { machine } else { &machine["spec"] };
                let name_of_template = machine["infrastructureRef"]["name"].clone();
                let value = serde_json::json!([name_of_template, spec["kubeadmConfigSpec"], spec["version"]]);
                groups.insert(name, value);
            }
            "MachineDeployment" => {
                let machine = &spec["template"]["spec"];
                groups.insert(
                    name,
                    serde_json::json!([
                        machine["infrastructureRef"]["name"],
                        machine["bootstrap"]["configRef"]["name"],
                        machine["version"],
                        machine["failureDomain"],
                    ]),
                );
            }
            _ => {}
        }
    }
    groups
}

#[test]
fn the_plan_names_the_groups_whose_machines_are_replaced() {
    let Some(cases) = cases() else { return };
    let (mut checked, mut problems) = (0, Vec::new());
    for case in cases.iter().filter(|case| !case.is_refused) {
        let Some(plan) = compare(case).plan else {
            problems.push(format!("{}: no plan", case.name));
            continue;
        };
        let mut before = deciding(&case.old, &case.old_options);
        let after = deciding(&case.new, &case.new_options);
        if case.old_options.contract != case.new_options.contract {
            // What kubeadm gets is compared in one contract; names are those that were applied.
            let alike = Options { contract: case.new_options.contract, ..case.old_options.clone() };
            for (name, value) in deciding(&case.old, &alike) {
                if name.starts_with("KubeadmControlPlane/") {
                    before.insert(name, value);
                }
            }
        }
        let expected: BTreeSet<&str> = after
            .iter()
            .filter(|(name, value)| before.get(*name).is_some_and(|before| before != *value))
            .map(|(name, _)| name.as_str())
            .collect();
        let groups = plan.clusters.iter().flat_map(|cluster| &cluster.groups);
        let named: BTreeSet<&str> =
            groups.filter(|group| group.action == Action::Rolled).map(|group| group.object.as_str()).collect();
        if expected != named {
            problems.push(format!("{}: expected {expected:?}, planned {named:?}", case.name));
        }
        checked += 1;
    }
    println!("{checked} plans");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
