//! What is said of a scalar that does not do: the broken rule, what to type, and the change that a machine can make.

use std::fmt;

use flatwright_diagnostic::{Anchor, Applicability, Diagnostic, Fix, NodeId, Part, Report, Traced};

use super::scalars::{Flaw, FromScalar, Meant, Mismatch};
use super::{Decoder, describe, shortened};
use crate::rules::{Decoding, InvalidValue, OutOfRange, UnknownValue};

/// How a message quotes the text of a scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quoted<'t> {
    /// As it is.
    Itself(&'t str),
    /// With its references to variables, whose values are nobody's business.
    AsWritten(&'t str),
    /// Not at all.
    Secret,
}

impl Quoted<'_> {
    fn text(self) -> String {
        match self {
            Self::Itself(text) | Self::AsWritten(text) => shortened(text),
            Self::Secret => "…".to_owned(),
        }
    }

    /// Whether facts about single letters may be told, and what was meant.
    const fn is_open(self) -> bool {
        matches!(self, Self::Itself(_))
    }
}

/// A number or boolean where a string is expected. Perhaps the text is right and only the quotes are missing, as in `name: 1234`.
pub(super) fn string_expected<T: FromScalar>(
    decoder: &mut Decoder<'_>,
    node: NodeId,
    text: &str,
    quoted: Quoted<'_>,
) -> Option<Traced<T>> {
    if quoted == Quoted::Secret {
        let rule =
            Decoding::WrongType { expected: T::EXPECTED.to_owned(), found: "a value of another type".to_owned() };
        decoder.refuse(node, &rule).hint("quote it");
        return None;
    }
    let form = T::from_scalar(text, false);
    let is_null = decoder.is_null(node);
    let finding = decoder.wrong_type(node, T::EXPECTED);
    match form {
        Ok(_) if is_null => {}
        Ok(_) => {
            finding.hint(format!("quote it: `\"{}\"`", shortened(text))).fix(Fix::rewrite(text, format!("\"{text}\"")));
        }
        Err(Mismatch::Form(flaw)) => drop(finding.note(flaw.fact)),
        Err(_) => {}
    }
    None
}

/// Any other scalar that does not do. What comes from the environment is told, and left to whoever sets the variable.
pub(super) fn mismatched<T: FromScalar>(
    decoder: &mut Decoder<'_>,
    node: NodeId,
    text: &str,
    quoted: Quoted<'_>,
    mismatch: Mismatch,
) {
    let shown = quoted.text();
    let finding = match mismatch {
        Mismatch::Type => {
            let found = match quoted {
                Quoted::Itself(_) => describe(decoder.tree, node),
                Quoted::AsWritten(_) => format!("what `{shown}` stands for"),
                Quoted::Secret => "a value of another type".to_owned(),
            };
            let finding = decoder.refuse(node, &Decoding::WrongType { expected: T::EXPECTED.to_owned(), found });
            if quoted.is_open() {
                hint_for_variable(finding, text);
                suggest(finding, text, T::meant(text).filter(|meant| T::from_scalar(&meant.text, true).is_ok()));
            }
            finding
        }
        Mismatch::Form(flaw) => {
            let finding = decoder.refuse(node, &InvalidValue::Malformed { value: shown, expected: T::EXPECTED });
            // What is wrong with the letters of a variable's name helps nobody.
            if text.is_empty() {
                finding.note("it is empty");
            } else if !is_variable(text) && (quoted.is_open() || !flaw.fact.contains('`')) {
                finding.note(flaw.fact);
            }
            if quoted.is_open() {
                hint_for_variable(finding, text);
                suggest(finding, text, flaw.meant.filter(|meant| T::from_scalar(&meant.text, false).is_ok()));
            }
            finding
        }
        Mismatch::Range(least, most) => decoder
            .refuse(node, &OutOfRange::Number { number: shown, least, most })
            .hint(format!("choose a whole number from {least} to {most}")),
        Mismatch::Word(words) => {
            let finding = decoder.refuse(node, &UnknownValue::Word { value: shown, expected: T::EXPECTED });
            finding.did_you_mean(text, Part::Value, words.iter().copied());
            if quoted.is_open() {
                hint_for_variable(finding, text);
            }
            finding
        }
    };
    if !quoted.is_open() {
        finding.fixes.clear();
    }
}

/// Says what was probably meant.
fn suggest(finding: &mut Diagnostic, written: &str, meant: Option<Meant>) {
    let Some(meant) = meant else { return };
    finding.hint(meant.hint);
    let applicability = if meant.is_certain { Applicability::Certain } else { Applicability::Suggested };
    let title = format!("write `{}`", shortened(&meant.text));
    finding.fix(Fix { title, applicability, ..Fix::rewrite(written, meant.text) });
}

/// Whether a text is a variable as shells and templates of Cluster API write it.
fn is_variable(text: &str) -> bool {
    text.starts_with("${") && !text.starts_with("${env:")
}

/// Templates of Cluster API write variables as shells do.
fn hint_for_variable(diagnostic: &mut Diagnostic, text: &str) {
    let Some((name, _)) = text.split_once("${").and_then(|(_, rest)| rest.split_once('}')) else { return };
    let name = name.split([':', '=', '-']).next().unwrap_or_default();
    if name == "env" {
        return;
    }
    diagnostic.hint(format!("environment variables are written `${{env:{}}}` here", shortened(name)));
}

/// A text that comes from elsewhere than a value of a spec, and must have the form of one all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormProblem {
    value: String,
    expected: &'static str,
    /// What is wrong, where more is known than that something is.
    fact: Option<String>,
    meant: Option<Meant>,
}

/// What is wrong with a text by the form of one of the spec's types.
pub fn form_problem<T: FromScalar>(text: &str) -> Option<FormProblem> {
    let flaw = match T::from_scalar(text, false).err()? {
        Mismatch::Form(flaw) => Some(flaw),
        Mismatch::Range(least, most) => Some(format!("it goes from {least} to {most}").into()),
        Mismatch::Type | Mismatch::Word(_) => None,
    };
    let (fact, meant) = flaw.map_or((None, None), |Flaw { fact, meant }| (Some(fact), meant));
    let meant = meant.filter(|meant| T::from_scalar(&meant.text, false).is_ok());
    Some(FormProblem { value: text.to_owned(), expected: T::EXPECTED, fact, meant })
}

impl FormProblem {
    /// Reports it where the text stands.
    pub(crate) fn report(self, anchor: Anchor, report: &mut Report) -> &mut Diagnostic {
        let rule = InvalidValue::Malformed { value: shortened(&self.value), expected: self.expected };
        let finding = report.refuse(anchor, &rule);
        finding.notes.extend(self.fact);
        suggest(finding, &self.value, self.meant);
        finding
    }
}

impl fmt::Display for FormProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not {}", shortened(&self.value), self.expected)?;
        self.fact.iter().try_for_each(|fact| write!(f, ": {fact}"))
    }
}
