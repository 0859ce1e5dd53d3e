//! The reports of one small run in every format: as `docs/reports.md` shows them, and with what their readers require.

use std::sync::Arc;

use flatwright_diagnostic::{Anchor, Applicability, Code, Diagnostic, Edit, Fix, Part, Path, Report, Severity};
use flatwright_render::{
    Allow, Findings, KnownCodes, Policy, SarifOptions, Sources, TextOptions, render_github, render_json, render_junit,
    render_sarif, render_text,
};
use flatwright_yaml::{Limits, parse};
use serde_json::Value;

const SPEC: &str = "\
apiVersion: flatwright.dev/v1alpha1
kind: FlatcarCluster
spec:
  controlPlane:
    repilcas: 3
  pools:
  - name: md-0
  - name: md-0
";
const DOCS: &str = include_str!("../../../docs/reports.md");

fn run() -> (Report, Sources) {
    let mut sources = Sources::new();
    let spec = sources.add("demo.yaml", SPEC, Some(Arc::new(parse(SPEC, &Limits::default()).0)));
    let at = |path: &str| Anchor::path(spec, Path::parse(path));
    let misspelt = Anchor { part: Part::Key, ..at("spec.controlPlane.repilcas") };
    let mut report = Report::new();
    report
        .error(Code::new("unknown-field"), misspelt.clone(), "unknown field `repilcas`")
        .hint("did you mean `replicas`?")
        .fix(Fix {
            title: "rename `repilcas` to `replicas`".into(),
            edits: vec![Edit::replace(misspelt, "replicas")],
            applicability: Applicability::Certain,
        });
    report
        .warning(Code::new("duplicate-name"), at("spec.pools[1].name"), "two pools are named `md-0`")
        .within(Path::parse("metadata.name"))
        .label(at("spec.pools[0].name"), "the first is here");
    (report, sources)
}

fn page(code: Code) -> Option<&'static str> {
    (code.name() == "unknown-field").then_some("# unknown-field\n\nA key that the format does not have.\n\n## More\n")
}

#[track_caller]
fn assert_documented(shown: &str) {
    for line in shown.lines() {
        assert!(DOCS.contains(line), "docs/reports.md does not show this line:\n{line}\nof\n{shown}");
    }
}

#[test]
fn every_format_is_as_documented() {
    let (report, sources) = run();
    let findings = Findings::new(&report, &sources);
    assert_documented(&render_text(&findings, &TextOptions::default()));
    assert_documented(&render_github(&findings));
    assert_documented(&render_junit(&findings));
    let first: Value =
        render_json(&findings).lines().next().map(|line| serde_json::from_str(line).expect("JSON")).expect("a line");
    assert_documented(&format!("{first:#}"));
}

#[test]
fn sarif_has_what_code_scanning_reads() {
    let (report, sources) = run();
    let options = SarifOptions { version: "0.1.0", page: &page };
    let log: Value = serde_json::from_str(&render_sarif(&Findings::new(&report, &sources), &options)).expect("JSON");
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    assert_eq!(rules.iter().map(|rule| &rule["id"]).collect::<Vec<_>>(), ["duplicate-name", "unknown-field"]);
    assert_eq!(rules[1]["shortDescription"]["text"], "A key that the format does not have.");
    let results = run["results"].as_array().expect("results");
    for result in results {
        let rule = usize::try_from(result["ruleIndex"].as_u64().expect("index")).expect("small");
        assert_eq!(rules[rule]["id"], result["ruleId"]);
        assert!(result["message"]["text"].is_string() && result["partialFingerprints"]["flatwright/v1"].is_string());
    }
    let location = &results[0]["locations"][0];
    assert_eq!(location["physicalLocation"]["artifactLocation"]["uri"], "demo.yaml");
    assert_eq!(location["physicalLocation"]["region"]["startLine"], 5);
    assert_eq!(location["logicalLocations"][0]["fullyQualifiedName"], "spec.controlPlane.repilcas");
    let replacement = &results[0]["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(replacement["insertedContent"]["text"], "replicas");
    assert_eq!(results[1]["relatedLocations"][0]["message"]["text"], "the first is here");
}

#[test]
fn fingerprints_stay_when_lines_move() {
    let (report, sources) = run();
    let moved = format!("# one\n# two\n{SPEC}");
    let mut others = Sources::new();
    others.add("demo.yaml", moved.as_str(), Some(Arc::new(parse(&moved, &Limits::default()).0)));
    for diagnostic in report.diagnostics() {
        let before = flatwright_render::fingerprint(&sources, diagnostic);
        assert_eq!(before, flatwright_render::fingerprint(&others, diagnostic));
    }
}

#[test]
fn hostile_texts_stay_inside_their_format() {
    let mut sources = Sources::new();
    let id = sources.add("a,b:c\n\"<x>&.yaml", "k: v\n", None);
    let mut report = Report::new();
    report.error(Code::new("a-code"), Anchor::offset(id, 3), "<b>\"&\u{0}\u{ffff}]]>\n::error::x %0A");
    report.push(Diagnostic::new(Code::new("b-code"), Severity::Note, "no place"));
    let findings = Findings::new(&report, &sources);
    assert_eq!(
        render_github(&findings),
        "::notice title=b-code::no place\n\
         ::error file=a%2Cb%3Ac%0A\"<x>&.yaml,line=1,endLine=1,col=4,endColumn=4,title=a-code::<b>\"&\\u{0}\u{ffff}]]>%0A::error::x %250A\n"
    );
    let xml = render_junit(&findings);
    assert!(xml.contains("&lt;b&gt;&quot;&amp;\\u{0}\u{fffd}]]&gt;&#10;::error::x"), "{xml}");
    for line in render_json(&findings).lines() {
        serde_json::from_str::<Value>(line).expect("JSON");
    }
}

#[test]
fn ten_thousand_findings_are_fast() {
    let text: String = (0..10_000).map(|i| format!("- name: n{i}\n  size: {i}\n")).collect();
    let mut sources = Sources::new();
    let id = sources.add("big.yaml", text.as_str(), Some(Arc::new(parse(&text, &Limits::default()).0)));
    let mut report = Report::new();
    for i in 0..10_000 {
        let mut finding = Diagnostic::new(Code::new("a-code"), Severity::Warning, "odd size");
        finding.at(Anchor::path(id, Path::root().index(i).key("size")));
        finding.label(Anchor::path(id, Path::root().index(i).key("name")), "of this one");
        report.diagnostics_mut().push(finding);
    }
    #[expect(clippy::disallowed_methods, reason = "the test measures")]
    let start = std::time::Instant::now();
    let findings = Findings::new(&report, &sources);
    let options = SarifOptions { version: "0", page: &page };
    let written = render_text(&findings, &TextOptions::default()).len()
        + render_json(&findings).len()
        + render_sarif(&findings, &options).len()
        + render_junit(&findings).len()
        + render_github(&findings).len();
    println!("{written} bytes in {:?}", start.elapsed());
    assert!(start.elapsed().as_secs() < 20, "debug build on a busy machine");
}

/// 1,000 are shown, errors first; all are counted, in every format.
#[test]
fn what_is_not_shown_is_counted() {
    let mut sources = Sources::new();
    let id = sources.add("a.yaml", "a: 1\n", None);
    let mut report = Report::new();
    let mut put = |severity, count: usize, code: &'static str| {
        for index in 0..count {
            let mut diagnostic = Diagnostic::new(Code::new(code), severity, format!("{code} {index}"));
            diagnostic.at(Anchor::offset(id, 0));
            report.push(diagnostic);
        }
    };
    put(Severity::Warning, 1_100, "a-warning");
    put(Severity::Error, 1_004, "an-error");
    let findings = Findings::new(&report, &sources);
    assert!(findings.list.iter().all(|finding| finding.diagnostic.severity == Severity::Error));
    assert_eq!(findings.list.len(), 1_000);
    let words = "not shown: 4 errors `an-error`, 1100 warnings `a-warning`";
    let text = render_text(&findings, &TextOptions::default());
    assert!(text.ends_with(&format!("1004 errors, 1100 warnings\n{words}\n")), "{}", &text[text.len() - 200..]);
    let json = render_json(&findings);
    let last: Value = serde_json::from_str(json.lines().last().expect("a line")).expect("JSON");
    assert_eq!(last["leftOut"][0], serde_json::json!({"severity": "error", "code": "an-error", "count": 4}));
    let junit = render_junit(&findings);
    assert!(junit.contains("tests=\"1001\" failures=\"1001\"") && junit.contains("4 errors"), "{}", &junit[..300]);
    assert!(render_github(&findings).ends_with(&format!("{words}\n")));
    let sarif = render_sarif(&findings, &SarifOptions { version: "0.1.0", page: &page });
    let log: Value = serde_json::from_str(&sarif).expect("JSON");
    assert_eq!(log["runs"][0]["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"], words);
}

/// A plugin's own code is a name of its own wherever names count.
#[test]
fn a_code_of_a_plugin_is_a_rule_of_its_own() {
    let mut sources = Sources::new();
    let text = "a: 1\n# flatwright: allow(plugin-finding/guard/open-port) known\nb: 2\n";
    let id = sources.add("a.yaml", text, None);
    let known = KnownCodes::new(|| vec![Code::new("plugin-finding")]);
    let found = |own: &str, offset| {
        let mut diagnostic = Diagnostic::new(known[0], Severity::Warning, "w");
        diagnostic.at(Anchor::offset(id, offset)).qualifier = Some(format!("guard/{own}"));
        diagnostic.url = Some("https://example.com/rules".to_owned());
        diagnostic
    };
    let report = || {
        let mut report = Report::new();
        report.push(found("open-port", text.len() - 5));
        report.push(found("open-port", 0));
        report.push(found("no-owner", 0));
        report
    };
    let names = |report: &Report| report.diagnostics().iter().map(|d| d.name().into_owned()).collect::<Vec<_>>();
    let mut commented = report();
    Policy::default().apply(&mut commented, &sources, &known);
    assert_eq!(names(&commented), ["plugin-finding/guard/open-port", "plugin-finding/guard/no-owner"]);
    for (allowed, left) in [
        ("plugin-finding/guard/no-owner", 1),
        ("plugin-finding/guard", 0),
        ("plugin-finding", 0),
        ("plugin-finding/other", 2),
        ("plugin-finding/guard/no", 2),
    ] {
        let mut report = report();
        let allow = vec![Allow::parse(allowed, &known).expect("known")];
        Policy { allow, ..Policy::default() }.apply(&mut report, &sources, &known);
        assert_eq!(report.diagnostics().iter().filter(|d| d.code == known[0]).count(), left, "{allowed}");
    }
    let log: Value = serde_json::from_str(&render_sarif(
        &Findings::new(&commented, &sources),
        &SarifOptions { version: "0.1.0", page: &page },
    ))
    .expect("JSON");
    let rules = &log["runs"][0]["tool"]["driver"]["rules"];
    assert_eq!(rules[0]["id"], "plugin-finding/guard/no-owner");
    assert_eq!(rules[0]["helpUri"], "https://example.com/rules");
}
