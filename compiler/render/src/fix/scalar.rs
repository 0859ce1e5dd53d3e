//! How a scalar is written into a place: in the style of what stood there, quoted where a reader could take it for something else.

use flatwright_yaml::scalar::{Scalar, core, is_ambiguous};
use flatwright_yaml::{Kind, Limits, Style, parse_first};

/// Where a scalar goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    /// The style of what stands there, or of its neighbours.
    pub(super) style: Style,
    /// Whether it stands between brackets or braces.
    pub(super) is_flow: bool,
    /// Whether it is a key.
    pub(super) is_key: bool,
    /// Whether a string stands there without quotes that some readers would take for something else: then another one may as well.
    pub(super) is_bare: bool,
}

/// The text to write for `wanted`, which is given as it should stand in a file. Strings keep the quotes of the slot; a text that is not one YAML node of one line
/// in this slot is taken as a string.
pub(super) fn written(wanted: &str, slot: Slot) -> String {
    let (tree, error) = parse_first(wanted, &Limits::default());
    let root = tree.roots().first().copied().filter(|_| error.is_none() && !wanted.contains('\n'));
    let Some(root) = root.filter(|root| tree.span(*root) == (0..wanted.len())) else { return quoted(wanted) };
    match tree.kind(root) {
        Kind::Scalar(text, Style::Plain)
            if !slot.is_key && !matches!(core(text, Style::Plain, None), Scalar::Str(_)) =>
        {
            wanted.to_owned()
        }
        Kind::Scalar(text, Style::Plain) => string(text, slot),
        Kind::Scalar(text, _) if slot.style == Style::DoubleQuoted => quoted(text),
        Kind::Scalar(..) => wanted.to_owned(),
        _ if tree.is_flow(root) && !slot.is_key => wanted.to_owned(),
        _ => quoted(wanted),
    }
}

/// A string in the quotes of its slot.
fn string(text: &str, slot: Slot) -> String {
    match slot.style {
        Style::DoubleQuoted => quoted(text),
        Style::SingleQuoted if !text.contains(char::is_control) => format!("'{}'", text.replace('\'', "''")),
        _ if is_plain_in(text, slot) => text.to_owned(),
        _ => quoted(text),
    }
}

/// Whether the text stands for itself without quotes here.
fn is_plain_in(text: &str, slot: Slot) -> bool {
    if (is_ambiguous(text) && !slot.is_bare) || text.contains(char::is_control) {
        return false;
    }
    let probe = match (slot.is_flow, slot.is_key) {
        (false, false) => format!("k: {text}"),
        (false, true) => format!("{text}: v"),
        (true, false) => format!("{{k: {text}}}"),
        (true, true) => format!("{{{text}: v}}"),
    };
    let (tree, error) = parse_first(&probe, &Limits::default());
    let Some(Kind::Mapping(entries)) = tree.roots().first().map(|root| tree.kind(*root)) else { return false };
    let entry = entries.iter().next().filter(|_| error.is_none() && entries.len() == 1);
    entry.is_some_and(|entry| tree.scalar(if slot.is_key { entry.key } else { entry.value }) == Some(text))
}

/// Whether a scalar is a string without quotes that some readers would take for something else, such as `4230.2.3`.
pub(super) fn is_bare(text: &str, style: Style) -> bool {
    is_ambiguous(text) && matches!(core(text, style, None), Scalar::Str(_)) && style == Style::Plain
}

/// A double-quoted scalar that YAML and JSON read alike.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
