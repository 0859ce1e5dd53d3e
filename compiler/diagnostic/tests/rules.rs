//! Rules as types: what `#[derive(Rule)]` makes of an enum.

use flatwright_diagnostic::{Anchor, Diagnostic, Report, Rule, Severity, SourceId};

#[derive(Debug, Rule)]
#[rule(group = "fruit")]
enum Fruit {
    /// Too few.
    #[rule("too-few-apples", "{count} apples are fewer than {}", minimum(*count))]
    TooFewApples { count: u32 },
    /// Not ripe.
    #[rule("unripe", "it is not ripe")]
    Unripe,
    #[rule(transparent)]
    Other(Stone),
}

#[derive(Debug, Rule)]
enum Stone {
    #[rule("a-stone", "`{0}` is a stone", _0)]
    Stone(String, #[rule(debug)] Option<u8>, #[rule(skip)] f64),
}

fn minimum(count: u32) -> u32 {
    count + 1
}

#[test]
fn a_rule_gives_code_data_and_words() {
    let rule = Fruit::TooFewApples { count: 2 };
    assert_eq!((rule.code(), rule.to_string()), (Fruit::TOO_FEW_APPLES, "2 apples are fewer than 3".to_owned()));
    assert_eq!(rule.data(), [("count", "2".to_owned())]);
    assert!(Fruit::UNRIPE.answers_to("fruit") && Fruit::UNRIPE.answers_to("unripe"));
    let inner = Fruit::Other(Stone::Stone("a".into(), None, 1.0));
    assert_eq!(inner.to_string(), "`a` is a stone");
    assert_eq!(inner.data(), [("0", "a".to_owned()), ("1", "None".to_owned())]);
    assert_eq!(Fruit::codes(), [Fruit::TOO_FEW_APPLES, Fruit::UNRIPE, Stone::STONE]);
}

#[test]
fn a_finding_carries_the_rule() {
    let mut report = Report::new();
    report.refuse(Anchor::whole(SourceId(0)), &Fruit::Unripe).hint("wait");
    let [found] = report.diagnostics() else { panic!("one finding") };
    assert_eq!(
        (found.code, found.severity, found.message.as_str()),
        (Fruit::UNRIPE, Severity::Error, "it is not ripe")
    );
    assert!(Diagnostic::of(&Fruit::TooFewApples { count: 2 }, Severity::Note) != *found);
}
