//! Excerpts, as a terminal shows them.

use flatwright_diagnostic::{Anchor, Applicability, Code, Diagnostic, Edit, Fix, Part, Report};
use flatwright_yaml::{Limits, parse};

use super::*;

const SPEC: &str =
    "kind: FlatcarCluster\nspec:\n  controlPlane:\n    repilcas: 3\n  pools:\n  - name: a\n  - name: a\n";

fn sources() -> (Sources, flatwright_diagnostic::SourceId) {
    let mut sources = Sources::new();
    let id = sources.add("spec.yaml", SPEC, Some(parse(SPEC, &Limits::default()).0.into()));
    (sources, id)
}

fn text(report: &Report, sources: &Sources) -> String {
    render_text(&Findings::new(report, sources), &TextOptions::default())
}

#[test]
fn an_error_shows_its_key_object_and_hint() {
    let (sources, id) = sources();
    let mut report = Report::new();
    let anchor = Anchor { part: Part::Key, ..Anchor::path(id, Path::parse("spec.controlPlane.repilcas")) };
    report
        .error(Code::new("unknown-field"), anchor, "unknown field `repilcas`")
        .within(Path::parse("spec.controlPlane"))
        .hint("did you mean `replicas`?")
        .fix(Fix { title: "rename it".into(), edits: vec![], applicability: Applicability::Certain });
    assert_eq!(
        text(&report, &sources),
        "\
error[unknown-field]: unknown field `repilcas`
 --> spec.yaml:4:5
  |
4 |     repilcas: 3
  |     ^^^^^^^^
  |
  = note: at `spec.controlPlane`
  = help: did you mean `replicas`?
  = help: rename it

1 error
"
    );
}

#[test]
fn a_fix_is_not_told_twice() {
    let (sources, id) = sources();
    let said = |edits: Vec<Edit>| {
        let mut report = Report::new();
        let anchor = Anchor::path(id, Path::parse("spec.controlPlane.repilcas"));
        report
            .error(Code::new("unknown-field"), anchor, "unknown field `repilcas`")
            .hint("did you mean `replicas`?")
            .fix(Fix { title: "mend it".into(), edits, applicability: Applicability::Certain });
        text(&report, &sources).contains("mend it")
    };
    let rewritten = |with: &str| vec![Edit::replace(Anchor::path(id, Path::parse("spec.controlPlane.repilcas")), with)];
    assert!(!said(rewritten("replicas")));
    assert!(said(rewritten("replica")));
    assert!(said(Vec::new()));
}

#[test]
fn labels_show_the_other_places() {
    let (sources, id) = sources();
    let mut report = Report::new();
    report
        .warning(Code::new("double-name"), Anchor::path(id, Path::parse("spec.pools[1].name")), "two pools `a`")
        .label(Anchor::path(id, Path::parse("spec.pools[0].name")), "the first is here");
    assert_eq!(
        text(&report, &sources),
        "\
warning[double-name]: two pools `a`
 --> spec.yaml:7:11
  |
6 |   - name: a
  |           - the first is here
7 |   - name: a
  |           ^

1 warning
"
    );
}

#[test]
fn findings_without_a_place_read_well() {
    let (sources, id) = sources();
    let mut report = Report::new();
    report.push(Diagnostic::new(Code::new("a-code"), Severity::Note, "a default is at work")).note("since v1");
    report.error(Code::new("b-code"), Anchor::whole(id), "not a cluster");
    assert_eq!(
        text(&report, &sources),
        "\
note[a-code]: a default is at work
 |
 = note: since v1

error[b-code]: not a cluster
--> spec.yaml

1 error, 1 note
"
    );
}

#[test]
fn a_long_line_is_cut_around_the_mark_and_keeps_its_column() {
    let line = format!("{{a: {}, bad: 1, c: {}}}", "x".repeat(2_000_000), "y".repeat(2_000_000));
    let mut sources = Sources::new();
    let id = sources.add("long.json", line.as_str(), None);
    let mut report = Report::new();
    report.error(Code::new("a-code"), Anchor::offset(id, line.find("bad").expect("bad")), "bad");
    let shown = text(&report, &sources);
    assert!(shown.contains("--> long.json:1:2000007\n"), "{shown}");
    assert!(shown.contains(", bad: 1, c: yyy") && shown.len() < 600, "{shown}");
}

#[test]
fn a_mark_over_many_lines_is_shown_on_its_first() {
    let list = "- a: 1\n  b: 2\n";
    let mut sources = Sources::new();
    let id = sources.add("list.yaml", list, Some(parse(list, &Limits::default()).0.into()));
    let mut report = Report::new();
    report.error(Code::new("a-code"), Anchor::path(id, Path::parse("[0]")), "wrong");
    assert_eq!(
        text(&report, &sources),
        "\
error[a-code]: wrong
 --> list.yaml:1:3
  |
1 | - a: 1
  |   ^^^^

1 error
"
    );
}

#[test]
fn what_a_terminal_would_obey_is_escaped_everywhere() {
    let mut sources = Sources::new();
    let id = sources.add("a\u{1b}[31m.yaml", "k\u{1b}[2J\u{202e}: \u{e000}0\u{e000}\tv\n", None);
    let mut report = Report::new();
    report
        .error(Code::new("a-code"), Anchor::offset(id, 10), "m\u{1b}")
        .label(Anchor::whole(id), "l\u{7}")
        .note("n\u{9b}")
        .hint("h\u{0}");
    let shown = text(&report, &sources);
    assert!(!shown.contains(|c: char| c != '\n' && crate::escape::is_unprintable(c)), "{shown:?}");
}

proptest::proptest! {
    #[test]
    fn any_text_and_any_place_renders(
        text in "[ -~\\n\\r\\t\\u{1b}\\u{85}\\u{2028}é漢👩\\u{301}\\u{feff}:{}\\[\\]-]{0,300}",
        offsets in proptest::collection::vec((0_usize..400, 0_u32..40, 0_u32..40), 1..6),
        width in 0_usize..200,
    ) {
        let mut sources = Sources::new();
        let id = sources.add("a", text.as_str(), Some(parse(&text, &Limits::default()).0.into()));
        let mut report = Report::new();
        let place = |n: u32, offset: usize, line: u32| match n % 4 {
            0 => Anchor::offset(id, offset),
            1 => Anchor::line_column(id, line, n),
            2 => Anchor::node(id, flatwright_diagnostic::NodeId(line)),
            _ => Anchor::key(id, flatwright_diagnostic::NodeId(n)),
        };
        let finding = report.error(Code::new("a-code"), place(offsets[0].1, offsets[0].0, offsets[0].2), text.as_str());
        for (offset, n, line) in offsets {
            finding.label(place(n, offset, line), text.as_str());
        }
        let findings = Findings::new(&report, &sources);
        crate::render_json(&findings);
        crate::render_sarif(&findings, &crate::SarifOptions { version: "0", page: &|_| None });
        crate::render_junit(&findings);
        crate::render_github(&findings);
        let shown = render_text(&findings, &TextOptions { is_colored: false, width });
        proptest::prop_assert!(!shown.contains(|c: char| c != '\n' && crate::escape::is_unprintable(c)));
    }
}

#[test]
fn colors_come_only_when_told() {
    let (sources, id) = sources();
    let mut report = Report::new();
    report.error(Code::new("a-code"), Anchor::whole(id), "wrong");
    let findings = Findings::new(&report, &sources);
    assert!(!render_text(&findings, &TextOptions::default()).contains('\u{1b}'));
    assert!(render_text(&findings, &TextOptions { is_colored: true, width: 80 }).contains('\u{1b}'));
}
