//! Scalars of the spec: `${env:…}` replaced, typed by the YAML 1.2 core schema, checked against the field's form.

use flatwright_diagnostic::{Diagnostic, NodeId, Origin, Traced, suggest};
use flatwright_shape::Definitions;
use flatwright_yaml::scalar::{Scalar, core};
use flatwright_yaml::{Kind, Style};
use serde_json::{Value, json};

use super::environment::{Problem, substitute};
use super::{Decode, Decoder, describe, shortened};
use crate::code;

/// Why a scalar is not what a field needs.
pub enum Mismatch {
    /// It is no scalar of that type at all.
    Type,
    /// It has the type, but not the form; what is wrong, as a fact.
    Form(String),
    /// A number outside its bounds.
    Range(i64, i64),
    /// None of these words.
    Word(&'static [&'static str]),
}

/// A scalar that the plan carries as text.
pub trait AsText: FromScalar {
    /// The text.
    fn as_text(&self) -> &str;
}

/// A type that is read from one scalar.
pub trait FromScalar: Sized {
    /// What a message says was expected, with its article.
    const EXPECTED: &'static str;
    /// Whether a number or boolean is as good as a string: its text is taken as written.
    const TAKES_ANY_SCALAR: bool = false;
    /// Whether the text is kept as written, `${env:…}` included.
    const IS_VERBATIM: bool = false;

    /// Reads the text. `is_plain` tells whether YAML may see more than a string in it.
    ///
    /// # Errors
    /// Why the text does not do.
    fn from_scalar(text: &str, is_plain: bool) -> Result<Self, Mismatch>;

    /// Its schema, without the environment reference that every scalar admits.
    fn schema() -> Value;

    /// Whether this type wants strings (and not numbers or booleans).
    fn wants_string() -> bool {
        !Self::TAKES_ANY_SCALAR
    }
}

impl<T: FromScalar> Decode for Traced<T> {
    fn decode(decoder: &mut Decoder<'_>, node: NodeId) -> Option<Self> {
        let Kind::Scalar(text, style) = decoder.tree.kind(node) else {
            decoder.wrong_type(node, T::EXPECTED);
            return None;
        };
        let tree = decoder.tree;
        let substituted = if T::IS_VERBATIM { None } else { environment(decoder, node, text)? };
        let (text, style, origin) = match &substituted {
            // A replaced scalar is typed as if it had been written plain.
            Some(text) => (text.as_str(), Style::Plain, Origin::Environment(decoder.source, node)),
            None => (text, style, decoder.origin(node)),
        };
        let typed = core(text, style, tree.tag(node));
        let is_string = matches!(typed, Scalar::Str(_));
        if T::TAKES_ANY_SCALAR && typed == Scalar::Null && substituted.is_none() {
            decoder.wrong_type(node, T::EXPECTED).hint("for an empty text write `\"\"`");
            return None;
        }
        if T::wants_string() && !is_string && substituted.is_none() {
            return string_expected::<T>(decoder, node, text);
        }
        match T::from_scalar(text, !is_string) {
            Ok(value) => Some(Self::new(value, origin)),
            Err(mismatch) => {
                mismatched::<T>(decoder, node, text, substituted.is_some(), mismatch);
                None
            }
        }
    }

    /// The type's own schema, or an environment reference.
    fn shape(_: &mut Definitions) -> Value {
        let own = T::schema();
        if T::IS_VERBATIM || own["type"] == "string" && own.get("pattern").is_none() {
            return own;
        }
        json!({ "anyOf": [own, { "type": "string", "pattern": "\\$\\{env:" }] })
    }
}

impl<T: FromScalar> Decode for Option<Traced<T>> {
    fn decode(decoder: &mut Decoder<'_>, node: NodeId) -> Option<Self> {
        Traced::decode(decoder, node).map(Some)
    }

    fn shape(definitions: &mut Definitions) -> Value {
        Traced::<T>::shape(definitions)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

fn environment(decoder: &mut Decoder<'_>, node: NodeId, text: &str) -> Option<Option<String>> {
    let (message, hint) = match substitute(text, decoder.environment) {
        Ok(substituted) => return Some(substituted),
        Err(Problem::Unset(name)) => (
            format!("environment variable `{name}` is not set"),
            format!("set it (`{name}=… flatwright …`), or give a default: `${{env:{name}:-value}}`"),
        ),
        Err(Problem::Unclosed) => {
            ("`${env:` is not closed".to_owned(), "write `${env:NAME}`, or `$${env:` for the literal text".to_owned())
        }
        Err(Problem::BadName(name)) => (
            format!("`{}` is no name of an environment variable", shortened(&name)),
            "write `${env:NAME}` or `${env:NAME:-default}`; a name has letters, digits and `_`".to_owned(),
        ),
    };
    decoder.error(code::ENVIRONMENT_VARIABLE, node, message).hint(hint);
    None
}

fn string_expected<T: FromScalar>(decoder: &mut Decoder<'_>, node: NodeId, text: &str) -> Option<Traced<T>> {
    // Perhaps the text is right and only the quotes are missing, as in `name: 1234`. Say what to type.
    let form = T::from_scalar(text, false);
    let text = shortened(text);
    let diagnostic = decoder.wrong_type(node, T::EXPECTED);
    match form {
        Ok(_) => drop(diagnostic.hint(format!("quote it: `\"{text}\"`"))),
        Err(Mismatch::Form(fact)) => drop(diagnostic.note(fact)),
        Err(_) => {}
    }
    None
}

fn mismatched<T: FromScalar>(
    decoder: &mut Decoder<'_>,
    node: NodeId,
    text: &str,
    is_substituted: bool,
    mismatch: Mismatch,
) {
    let shown = shortened(text);
    match mismatch {
        Mismatch::Type => {
            let found =
                if is_substituted { format!("`{shown}` from the environment") } else { describe(decoder.tree, node) };
            let diagnostic = decoder.error(code::WRONG_TYPE, node, format!("expected {}, found {found}", T::EXPECTED));
            hint_for_type(diagnostic, T::EXPECTED, text);
        }
        Mismatch::Form(fact) => {
            let fact = if text.is_empty() { "it is empty".to_owned() } else { fact };
            let diagnostic = decoder.error(code::INVALID_VALUE, node, format!("`{shown}` is not {}", T::EXPECTED));
            diagnostic.note(fact);
            hint_for_variable(diagnostic, text);
        }
        Mismatch::Range(least, most) => {
            decoder
                .error(code::OUT_OF_RANGE, node, format!("`{shown}` is outside {least} to {most}"))
                .hint(format!("choose a whole number from {least} to {most}"));
        }
        Mismatch::Word(words) => {
            let hint = suggest(text, words.iter().copied());
            let diagnostic = decoder.error(code::UNKNOWN_VALUE, node, format!("`{shown}` is not {}", T::EXPECTED));
            if let Some(hint) = hint {
                diagnostic.hint(hint);
            }
            hint_for_variable(diagnostic, text);
        }
    }
}

/// What is wrong with a text that comes from elsewhere than a spec and must have a field's form all the same.
pub fn form_problem<T: FromScalar>(text: &str) -> Option<String> {
    let fact = match T::from_scalar(text, false).err()? {
        Mismatch::Form(fact) => format!(": {fact}"),
        Mismatch::Range(least, most) => format!(": it goes from {least} to {most}"),
        Mismatch::Type | Mismatch::Word(_) => String::new(),
    };
    Some(format!("`{}` is not {}{fact}", shortened(text), T::EXPECTED))
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

fn hint_for_type(diagnostic: &mut Diagnostic, expected: &str, text: &str) {
    hint_for_variable(diagnostic, text);
    let whole = text.strip_suffix(".0").unwrap_or(text);
    if expected == Int::<0, 0>::EXPECTED && !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit()) {
        diagnostic.hint(format!("write `{}`, without quotes", shortened(whole)));
    }
    if expected == bool::EXPECTED {
        let word = match text.to_ascii_lowercase().as_str() {
            "yes" | "y" | "on" | "true" | "1" => "true",
            "no" | "n" | "off" | "false" | "0" => "false",
            _ => return,
        };
        diagnostic.hint(format!("write `{word}`, without quotes: YAML 1.2 has no `yes`, `no`, `on`, `off`"));
    }
}

impl FromScalar for bool {
    const EXPECTED: &'static str = "`true` or `false`";

    fn from_scalar(text: &str, is_plain: bool) -> Result<Self, Mismatch> {
        match core(text, if is_plain { Style::Plain } else { Style::DoubleQuoted }, None) {
            Scalar::Bool(value) => Ok(value),
            _ => Err(Mismatch::Type),
        }
    }

    fn schema() -> Value {
        json!({ "type": "boolean" })
    }

    fn wants_string() -> bool {
        false
    }
}

impl FromScalar for String {
    const EXPECTED: &'static str = "a string";

    fn from_scalar(text: &str, _: bool) -> Result<Self, Mismatch> {
        if text.is_empty() { Err(Mismatch::Form("it is empty".to_owned())) } else { Ok(text.to_owned()) }
    }

    fn schema() -> Value {
        json!({ "type": "string", "minLength": 1 })
    }
}

impl AsText for String {
    fn as_text(&self) -> &str {
        self
    }
}

/// A whole number from `MIN` to `MAX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Int<const MIN: i64, const MAX: i64>(i64);

impl<const MIN: i64, const MAX: i64> Int<MIN, MAX> {
    /// The number.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl<const MIN: i64, const MAX: i64> FromScalar for Int<MIN, MAX> {
    const EXPECTED: &'static str = "a whole number";

    fn from_scalar(text: &str, is_plain: bool) -> Result<Self, Mismatch> {
        if !is_plain {
            return Err(Mismatch::Type);
        }
        match core(text, Style::Plain, None) {
            Scalar::Int(value) if (MIN..=MAX).contains(&value) => Ok(Self(value)),
            Scalar::Int(_) | Scalar::Unsigned(_) => Err(Mismatch::Range(MIN, MAX)),
            // Integers beyond 64 bits arrive as floats.
            Scalar::Float(_) if text.bytes().all(|b| b.is_ascii_digit() || b"+-".contains(&b)) => {
                Err(Mismatch::Range(MIN, MAX))
            }
            _ => Err(Mismatch::Type),
        }
    }

    fn schema() -> Value {
        json!({ "type": "integer", "minimum": MIN, "maximum": MAX })
    }

    fn wants_string() -> bool {
        false
    }
}

/// Any scalar, as the text that was written: arguments of components, where `4`, `true` and `"4"` mean the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AnyText(pub String);

impl AsText for AnyText {
    fn as_text(&self) -> &str {
        &self.0
    }
}

impl FromScalar for AnyText {
    const EXPECTED: &'static str = "a scalar";
    const TAKES_ANY_SCALAR: bool = true;

    fn from_scalar(text: &str, _: bool) -> Result<Self, Mismatch> {
        Ok(Self(text.to_owned()))
    }

    fn schema() -> Value {
        json!({ "type": ["string", "number", "boolean"] })
    }
}

/// A string in which `${env:…}` means nothing: file contents, commands, machine configs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Verbatim(pub String);

impl AsText for Verbatim {
    fn as_text(&self) -> &str {
        &self.0
    }
}

impl FromScalar for Verbatim {
    const EXPECTED: &'static str = "a string";
    const IS_VERBATIM: bool = true;

    fn from_scalar(text: &str, _: bool) -> Result<Self, Mismatch> {
        Ok(Self(text.to_owned()))
    }

    fn schema() -> Value {
        json!({ "type": "string" })
    }
}
