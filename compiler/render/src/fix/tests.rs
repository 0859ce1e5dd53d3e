//! Fixes, from finding to text.

use flatwright_diagnostic::{Anchor, Code, Edit, Inner, Part, Path, Report, Target};

use super::*;

const SOURCE: SourceId = SourceId(0);

fn tree(text: &str) -> Tree {
    parse(text, &Limits::default()).0
}

fn at(path: &str) -> Anchor {
    Anchor::path(SOURCE, Path::parse(path))
}

fn key(path: &str) -> Anchor {
    Anchor { part: Part::Key, ..at(path) }
}

fn fix(edits: Vec<Edit>) -> Fix {
    Fix { title: "change it".into(), edits, applicability: Applicability::Certain }
}

#[track_caller]
fn check(before: &str, edit: Edit, after: &str) {
    assert_eq!(apply_fixes(before, &tree(before), &[fix(vec![edit])]).as_deref(), Ok(after));
}

#[test]
fn replacing_keeps_quotes_and_comments() {
    let replace = |path: &str, text: &str| Edit::replace(at(path), text);
    check("a: 1 # one\n", replace("a", "2"), "a: 2 # one\n");
    check("a: 'x' # one\n", replace("a", "it's"), "a: 'it''s' # one\n");
    check("{\"a\": \"x\"}\n", replace("a", "y"), "{\"a\": \"y\"}\n");
    check("{\"a\": \"x\"}\n", replace("a", "3"), "{\"a\": 3}\n");
    check("a: x\n", replace("a", "yes"), "a: \"yes\"\n");
    check("a: 4230.2.3\n", replace("a", "4593.2.5"), "a: 4593.2.5\n");
    check("a: x\n", replace("a", "4593.2.5"), "a: \"4593.2.5\"\n");
    check("a: x\n", replace("a", "y: # z"), "a: \"y: # z\"\n");
    check("a: 30\n", replace("a", "\"30\""), "a: \"30\"\n");
    check("a: [x, y]\n", replace("a[0]", "p, q"), "a: [\"p, q\", y]\n");
    check("a:   # nothing yet\n", replace("a", "1"), "a: 1   # nothing yet\n");
    check("a: |\n  x\n  y\n\nb: 1\n", replace("a", "z"), "a: z\n\nb: 1\n");
    check("a: &x !!str b\n", replace("a", "c"), "a: &x !!str c\n");
    check("  repilcas: 3 # x\n", Edit::replace(key("repilcas"), "replicas"), "  replicas: 3 # x\n");
    check("{\"b\": 3}\n", Edit::replace(key("b"), "a"), "{\"a\": 3}\n");
}

#[test]
fn quoting_keeps_what_was_written() {
    let quote = |path: &str| Edit::Quote(flatwright_diagnostic::Target::At(at(path)));
    check("a: 1.10 # minor\n", quote("a"), "a: \"1.10\" # minor\n");
    check("a: [0x10, b]\n", quote("a[0]"), "a: [\"0x10\", b]\n");
    let text = "a: 'x'\n";
    assert_eq!(apply_fixes(text, &tree(text), &[fix(vec![quote("a")])]), Err(FixError::OtherText));
}

#[test]
fn a_part_of_a_block_is_replaced_where_it_stands() {
    let replace = |line, column, was: &str, with: &str| Edit::Replace {
        target: Target::At(Anchor { part: Part::Inside(Inner { line, column }), ..at("a") }),
        was: Some(was.to_owned()),
        with: with.to_owned(),
    };
    check("a: |\n    x: ä {{ uper }}\n", replace(1, 9, "uper", "upper"), "a: |\n    x: ä {{ upper }}\n");
    check("a: |-\n\n  x\n  b c\nd: 1\n", replace(3, 3, "c", "d"), "a: |-\n\n  x\n  b d\nd: 1\n");
    for edit in [replace(1, 1, "y", "z"), replace(9, 1, "x", "z"), replace(1, 1, "x", "z\n")] {
        let text = "a: |\n  x\n";
        assert!(apply_fixes(text, &tree(text), &[fix(vec![edit])]).is_err());
    }
    let text = "a: \"x\\ny\"\n";
    assert!(apply_fixes(text, &tree(text), &[fix(vec![replace(2, 1, "y", "z")])]).is_err());
}

#[test]
fn removing_leaves_the_rest_as_it_is() {
    let remove = |path: &str| Edit::remove(at(path));
    check("a: 1\n# of b\nb: 2 # two\nc: 3\n", remove("b"), "a: 1\n# of b\nc: 3\n");
    check("a:\n- b: 1 # x\n  c: 2\n- d\n", remove("a[0].b"), "a:\n- c: 2\n- d\n");
    check("a:\n- b: 1\n  c: 2\n- d\n", remove("a[0]"), "a:\n- d\n");
    check("a:\n  - |\n    x\n  - d\n", remove("a[0]"), "a:\n  - d\n");
    check("a: # why\n- b\nc: 1\n", remove("a[0]"), "a: [] # why\nc: 1\n");
    check("a:\n  b: 1\n", remove("a.b"), "a: {}\n");
    check("- a: 1\n", remove("[0].a"), "- {}\n");
    check("a: |\n  x\n  y\nb: 1\n", remove("a"), "b: 1\n");
    check("a: {b: 1, c: 2}\n", remove("a.b"), "a: {c: 2}\n");
    check("a: {b: 1, c: 2}\n", remove("a.c"), "a: {b: 1}\n");
    check("a: [1, 2, 3]\n", remove("a[1]"), "a: [1, 3]\n");
    check("a: [1]\n", remove("a[0]"), "a: []\n");
    check("{\n  \"a\": 1,\n  \"b\": 2\n}\n", remove("b"), "{\n  \"a\": 1\n}\n");
    check("a: 1\nb:\nc: 2\n", remove("b"), "a: 1\nc: 2\n");
}

#[test]
fn only_the_empty_entry_that_is_meant_is_removed() {
    let text = "a: ''\nb: []\nc: {}\nd: 1\n";
    let apply = |path: &str, key: &str| {
        let remove = Edit::RemoveEmpty(Target::At(at(path)), key.to_owned());
        apply_fixes(text, &tree(text), &[fix(vec![remove])])
    };
    assert_eq!(apply("a", "a").as_deref(), Ok("b: []\nc: {}\nd: 1\n"));
    assert_eq!(apply("b", "b").as_deref(), Ok("a: ''\nc: {}\nd: 1\n"));
    assert_eq!(apply("c", "c").as_deref(), Ok("a: ''\nb: []\nd: 1\n"));
    assert_eq!(apply("d", "d"), Err(FixError::OtherText));
    assert_eq!(apply("a", "b"), Err(FixError::OtherText));
}

#[test]
fn inserting_follows_the_style_of_the_mapping() {
    let insert = |path: &str, key: &str, value: &str| Edit::insert(at(path), key, value);
    check("a:\n  b: 1 # x\n# end\nc: 2\n", insert("a", "d", "3"), "a:\n  b: 1 # x\n  d: 3\n# end\nc: 2\n");
    check("- a: 1\n- b: 2\n", insert("[0]", "c", "yes"), "- a: 1\n  c: \"yes\"\n- b: 2\n");
    check("a: {b: 1}\n", insert("a", "c", "x y"), "a: {b: 1, c: x y}\n");
    check("a: {}\n", insert("a", "c", "1"), "a: {c: 1}\n");
    check("a: # why\nb: 1\n", insert("a", "c", "1"), "a: # why\n  c: 1\nb: 1\n");
    check("{\n  \"a\": 1\n}\n", insert("", "b", "x"), "{\n  \"a\": 1,\n  \"b\": \"x\"\n}\n");
    check("a: 1\r\n", insert("", "b", "2"), "a: 1\r\nb: 2\r\n");
    check("a: 1", insert("", "b", "2"), "a: 1\nb: 2");
    check("a: |+\n  x\n\n\n", insert("", "b", "2"), "b: 2\na: |+\n  x\n\n\n");
    check("a: |\n  x\n\nc:\n", insert("", "b", "2"), "a: |\n  x\n\nc:\nb: 2\n");
}

#[test]
fn what_cannot_be_changed_safely_is_refused() {
    let text = "a: &x {b: 1}\nc: *x\n";
    let apply = |edit: Edit| apply_fixes(text, &tree(text), &[fix(vec![edit])]);
    assert_eq!(apply(Edit::replace(at("c"), "1")), Err(FixError::Unsupported));
    assert_eq!(apply(Edit::replace(key("c"), "a")), Err(FixError::KeyExists("a".into())));
    assert_eq!(apply(Edit::remove(at("nothing"))), Err(FixError::NoPlace));
    assert_eq!(apply(Edit::insert(at("a"), "b", "2")), Err(FixError::KeyExists("b".into())));
    assert!(matches!(apply(Edit::replace(at("a"), "1")), Err(FixError::Breaks(..)) | Ok(_)));
}

#[test]
fn a_word_in_a_text_of_lines_is_replaced_where_it_stands() {
    let text = "[Serivce]\nEnviroment=A=b\nEnviromentFile=x\n";
    let mut sources = Sources::new();
    sources.add("a.service", text, None);
    let mut report = Report::new();
    let place = |line| Anchor::line_column(SOURCE, line, 1);
    report.warning(Code::new("a-code"), place(1), "wrong").did_you_mean("Serivce", Part::Key, ["Service"]);
    report.warning(Code::new("a-code"), place(2), "wrong").did_you_mean("Enviroment", Part::Key, ["Environment"]);
    report.warning(Code::new("a-code"), place(3), "wrong").did_you_mean("Enviroment", Part::Key, ["Environment"]);
    let fixed = fix_findings(&Findings::new(&report, &sources), false);
    assert_eq!(fixed.sources[0].text, "[Service]\nEnvironment=A=b\nEnviromentFile=x\n");
}

#[test]
fn two_fixes_of_one_place_are_not_both_applied() {
    let text = "a: 1\nb: 2\n";
    let [one, two] = ["3", "4"].map(|value| fix(vec![Edit::replace(at("a"), value)]));
    let both = apply_fixes(text, &tree(text), &[one.clone(), two.clone()]);
    assert_eq!(both, Err(FixError::Overlap("change it".into(), "change it".into())));

    let mut sources = Sources::new();
    sources.add("x.yaml", text, Some(tree(text).into()));
    let mut report = Report::new();
    let other = fix(vec![Edit::remove(at("b"))]);
    report.warning(Code::new("a-code"), at("a"), "wrong").fix(one.clone()).fix(two).fix(one).fix(other);
    let fixed = fix_findings(&Findings::new(&report, &sources), false);
    assert_eq!(fixed.sources[0].text, "a: 3\n");
    assert_eq!((fixed.sources[0].applied.len(), fixed.skipped.len()), (2, 1));
}

proptest::proptest! {
    #[test]
    fn any_edit_of_any_text_parses_afterwards_or_is_refused(
        text in "([a-c]|: |- |\n|  |\\{|\\}|\\[|\\]|, |#|'|\"|\\||>|&x |\\*x|\\? |\r\n){0,30}",
        node in 0_u32..12,
        kind in 0_u8..4,
        wanted in "[a-z0-9:#,'\" \\[{\n|-]{0,8}",
    ) {
        let tree = tree(&text);
        let node = flatwright_diagnostic::NodeId(node);
        let edit = match kind {
            0 => Edit::replace(Anchor::node(SOURCE, node), wanted),
            1 => Edit::replace(Anchor::key(SOURCE, node), wanted),
            2 => Edit::remove(Anchor::node(SOURCE, node)),
            _ => Edit::insert(Anchor::node(SOURCE, node), "key", wanted),
        };
        if let Ok(after) = apply_fixes(&text, &tree, &[fix(vec![edit])]) {
            proptest::prop_assert_eq!(parse(&after, &Limits::default()).1, None);
        }
    }
}
