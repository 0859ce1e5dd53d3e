//! No text makes the template engine panic, hang or point outside of it; limits hold, and what is unknown decides nothing.

use flatwright_go::sprig::TextFunctions;
use flatwright_go::template::{self, Functions, Heap, Outcome, Position, Value, parse};
use proptest::prelude::*;

const PIECES: &[&str] = &[
    "{{",
    "}}",
    "{{-",
    "-}}",
    "{{ ",
    " }}",
    "if ",
    "else ",
    "end",
    "range ",
    "with ",
    "define \"a\"",
    "template \"a\"",
    "block \"a\" .",
    "break",
    "continue",
    "$x := ",
    "$x = ",
    "$x",
    "$",
    ".",
    ".a",
    ".b.c",
    "|",
    "(",
    ")",
    "\"",
    "`",
    "'",
    "\\",
    "1",
    "-1.5e3",
    "0x",
    "nil",
    "true",
    "printf \"%v\" ",
    "list ",
    "dict ",
    "set $x \"a\" $x ",
    "repeat 100000 ",
    "until 100000",
    "index ",
    "toJson ",
    "merge ",
    "\n",
    "ä",
    "/*",
    "*/",
    " ",
    ",",
    "=",
    ":",
];

fn known(name: &str) -> bool {
    TextFunctions.table().get(name).is_some()
}

fn run(source: &str, data: impl FnOnce(&mut Heap) -> Value) -> Outcome {
    let template = parse("t", source, &known).unwrap_or_else(|error| panic!("{source}: {}", error.problem));
    let mut heap = Heap::new(100_000);
    let data = data(&mut heap);
    template::execute(&template, &TextFunctions, heap, &data)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_text_panics(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..60)) {
        let source = pieces.concat();
        let lines = source.matches('\n').count() + 1;
        let holds = |position: Position| (1..=lines).contains(&position.line);
        match parse("t", &source, &known) {
            Err(error) => prop_assert!(holds(error.position)),
            Ok(template) => {
                let outcome = template::execute(&template, &TextFunctions, Heap::new(20_000), &Value::unknown());
                prop_assert!(outcome.error.is_none_or(|error| holds(error.position)));
            }
        }
    }
}

#[test]
fn deep_texts_do_not_use_up_the_stack() {
    for source in [
        "{{(1)".to_owned(),
        format!("{{{{{}1{}}}}}", "(".repeat(5_000), ")".repeat(5_000)),
        format!("{}{}", "{{if 1}}".repeat(5_000), "{{end}}".repeat(5_000)),
        format!("{{{{if 1}}}}{}{{{{end}}}}", "{{else if 1}}".repeat(5_000)),
        format!("{}x{}", "{{if 1}}".repeat(90), "{{end}}".repeat(90)),
        format!("{{{{{}1{}}}}}", "(".repeat(90), ")".repeat(90)),
        "{{define \"a\"}}{{template \"a\"}}{{end}}{{template \"a\"}}".to_owned(),
        "{{define \"a\"}}{{with (list (list (list 1)))}}{{template \"a\" .}}{{end}}{{end}}{{template \"a\"}}"
            .to_owned(),
        "{{$l := list}}{{range until 5000}}{{$l = list $l}}{{end}}{{$l}}{{toJson $l}}".to_owned(),
        "{{$d := dict}}{{$_ := set $d \"self\" $d}}{{$d}}".to_owned(),
        "{{$d := dict}}{{$_ := set $d \"self\" $d}}{{toJson $d}}{{deepCopy $d}}{{deepEqual $d $d}}".to_owned(),
    ] {
        if let Ok(template) = parse("t", &source, &known) {
            template::execute(&template, &TextFunctions, Heap::new(200_000), &Value::Missing);
        }
    }
}

#[test]
fn work_is_bounded() {
    for source in [
        "{{range until 100000000}}x{{end}}",
        "{{range 100000000}}x{{end}}",
        "{{repeat 100000000 \"x\"}}",
        "{{indent 100000000 \"x\"}}",
        "{{$x := \"x\"}}{{range until 1000}}{{$x = print $x $x}}{{end}}",
        "{{$x := \"xxxxxxxxxxxxxxxx\"}}{{range until 1000}}{{$x = replace \"x\" $x $x}}{{end}}",
        "{{$l := list 1}}{{range until 1000}}{{$l = concat $l $l}}{{end}}",
        "{{untilStep 0 9223372036854775807 1}}",
        "{{seq 0 100000000}}",
    ] {
        let outcome = run(source, |_| Value::Missing);
        assert!(outcome.text.is_none() && outcome.error.is_none(), "{source}");
    }
}

#[test]
fn what_is_unknown_decides_nothing() {
    let unknown = |heap: &mut Heap| heap.map(false, [("u".into(), Value::unknown())].into(), None).unwrap();
    for source in [
        "{{.u}}",
        "{{.u.a.b | upper}}",
        "{{if .u}}{{fail \"a\"}}{{else}}{{fail \"b\"}}{{end}}",
        "{{range .u}}{{fail \"a\"}}{{else}}{{fail \"b\"}}{{end}}",
        "{{with .u}}{{.x.y}}{{end}}",
        "{{and .u (fail \"a\")}}",
        "{{or .u (fail \"a\")}}",
        "{{now}}{{env \"HOME\"}}{{randAlphaNum 8}}{{genCA \"a\" 1}}{{uuidv4}}",
        "{{now | date \"2006\" | atoi | until | first}}",
        "{{$x := 1}}{{if .u}}{{$x = 0}}{{end}}{{div 1 $x}}",
        "{{$x := 1}}{{range .u}}{{$x = 0}}{{end}}{{div 1 $x}}",
        "{{$d := dict}}{{if .u}}{{$_ := set $d \"a\" 1}}{{end}}{{if not (hasKey $d \"a\")}}{{fail \"a\"}}{{end}}",
        "{{range list 1 2}}{{if $.u}}{{break}}{{end}}{{fail \"a\"}}{{end}}",
        "{{list .u 1 | join \",\"}}",
        "{{eq .u 1}}{{ternary 1 2 .u}}{{default 1 .u}}{{index (list 1) .u}}{{len .u}}",
        "{{keys (dict \"a\" 1 \"b\" 2) | first}}",
    ] {
        let outcome = run(source, unknown);
        assert!(outcome.text.is_none(), "{source}: {:?}", outcome.text);
        assert!(outcome.error.is_none(), "{source}: {:?}", outcome.error);
    }
    for (source, text) in [
        ("{{first (list 1 .u)}}", "1"),
        ("{{hasKey (dict \"a\" .u) \"a\"}}", "true"),
        ("{{len (list .u .u)}}", "2"),
        ("{{or 1 .u}}{{and 0 .u}}", "10"),
        ("{{$x := .u}}a", "a"),
    ] {
        assert_eq!(run(source, unknown).text.as_deref(), Some(text), "{source}");
    }
    // What fails before and after is certain all the same.
    for source in ["{{.u}}{{fail \"a\"}}", "{{if .u}}x{{end}}{{index (list) 0}}", "{{upper 1.5}}{{.u}}"] {
        assert!(run(source, unknown).error.is_some(), "{source}");
    }
}
