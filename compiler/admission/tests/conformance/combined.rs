//! The verdict of the CRDs' schemas on the defaulted object together with the webhooks' rules: all that the server says.

use flatwright_admission::{Options, check_create, check_set, check_update, defaulted};
use flatwright_diagnostic::{Diagnostic, Severity};
use flatwright_schema::Crds;

use crate::common::manifests;
use crate::server::{Case, exact_field, load, root, same_field, server_fields};

/// Refused objects of which a finding names the same field, in percent.
const FOUND_FLOOR: f64 = 99.9;

#[test]
fn schemas_and_rules_together_say_what_the_server_says() {
    let (Some(cases), Some(crds)) = (load("cases"), crds()) else { return };
    let (mut refused, mut found, mut exact, mut false_errors) = (0_u32, 0_u32, 0_u32, Vec::new());
    for case in &cases {
        let errors = judge(case, &crds);
        let paths: Vec<String> = errors.iter().filter_map(|f| Some(f.object_path.as_ref()?.to_string())).collect();
        if case.admitted {
            false_errors
                .extend(errors.iter().map(|f| format!("{} | {}: {}", case.object["kind"], case.name, f.message)));
            continue;
        }
        refused += 1;
        let kind = case.object["kind"].as_str().unwrap_or_default();
        let contract = case.object["apiVersion"].as_str().unwrap_or_default();
        let fields = server_fields(&case.message);
        if paths.iter().any(|path| fields.iter().any(|field| same_field(field, path, kind, contract))) {
            found += 1;
            let is_exact = |path: &String| fields.iter().any(|field| exact_field(field, path, kind, contract));
            exact += u32::from(paths.iter().any(is_exact));
        } else {
            println!("missed: {kind} | {} | {paths:?} | {}", case.name, case.message);
        }
    }
    let percent = 100.0 * f64::from(found) / f64::from(refused);
    println!(
        "schemas and rules: {found} of {refused} refused found ({percent:.1} %), {exact} on the very field, {} false errors",
        false_errors.len()
    );
    assert!(percent >= FOUND_FLOOR, "found only {percent:.1} %");
    assert!(false_errors.is_empty(), "{false_errors:#?}");
}

/// What would be refused. The CRDs judge what the mutating webhooks leave, so limits need no second judge.
fn judge(case: &Case, crds: &Crds) -> Vec<Diagnostic> {
    let options = Options { schema_limits: false, ..Options::default() };
    let text = |key: &str| case.object[key].as_str().unwrap_or_default().to_owned();
    let mut findings = match &case.old {
        Some(old) => check_update(old, &case.object, &options),
        None => check_create(&case.object, &options),
    };
    let alone = Options { complete: true, ..options };
    findings.extend(check_set(std::slice::from_ref(&case.object), &alone).into_iter().map(|(_, finding)| finding));
    findings.retain(|finding| finding.code.family().starts_with("admission-"));
    let schema = crds.find(&text("apiVersion"), &text("kind")).expect("a schema");
    let old = case.old.as_ref().map(defaulted);
    findings.extend(schema.validate(&defaulted(&case.object), old.as_ref()));
    findings.retain(|finding| finding.severity == Severity::Error);
    findings
}

fn crds() -> Option<Crds> {
    let dir = root().join("crds");
    #[expect(clippy::disallowed_methods, reason = "conformance data lives outside of the workspace")]
    let read = |path: &std::path::Path| std::fs::read_to_string(path).expect("readable");
    #[expect(clippy::disallowed_methods, reason = "conformance data lives outside of the workspace")]
    let entries = std::fs::read_dir(&dir).ok()?;
    let mut values = Vec::new();
    for entry in entries {
        values.extend(manifests(&read(&entry.expect("an entry").path())));
    }
    let (crds, problems) = Crds::from_values(values);
    assert!(problems.is_empty(), "{problems:?}");
    Some(crds)
}
