//! Scalars of the spec: `${env:…}` replaced, typed by the YAML 1.2 core schema, checked against the field's form.

use flatwright_diagnostic::{NodeId, Origin, Traced};
use flatwright_shape::Definitions;
use flatwright_yaml::scalar::{Scalar, core};
use flatwright_yaml::{Kind, Style};
use serde_json::{Value, json};

use super::environment::{Problem, Substituted, substitute};
use super::mismatch::{Quoted, mismatched, string_expected};
use super::{Decode, Decoder, shortened};
use crate::rules::UnsetVariable;

/// Why a scalar is not what a field needs.
pub enum Mismatch {
    /// It is not a scalar of that type at all.
    Type,
    /// It has the type, but not the form.
    Form(Flaw),
    /// A number outside its bounds.
    Range(i64, i64),
    /// None of these words.
    Word(&'static [&'static str]),
}

/// What is wrong with the form of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The fact.
    pub fact: String,
    /// What was probably meant.
    pub meant: Option<Meant>,
}

impl Flaw {
    /// A flaw of a text that can be told what it should have been.
    pub fn meaning(fact: impl Into<String>, meant: impl Into<String>) -> Self {
        let meant = meant.into();
        let hint = format!("write `{}`", shortened(&meant));
        Self { fact: fact.into(), meant: Some(Meant::certain(meant, hint)) }
    }
}

impl<T: Into<String>> From<T> for Flaw {
    fn from(fact: T) -> Self {
        Self { fact: fact.into(), meant: None }
    }
}

/// What a scalar that does not do was probably meant to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meant {
    /// As it should stand in the file.
    pub text: String,
    /// What to type, in words.
    pub hint: String,
    /// Whether a machine may write it unseen.
    pub is_certain: bool,
}

impl Meant {
    /// The only thing that can be meant.
    pub fn certain(text: String, hint: String) -> Self {
        Self { text, hint, is_certain: true }
    }
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
    /// Whether no message, excerpt or plugin may show the text.
    const IS_SECRET: bool = false;

    /// Reads the text. `is_plain` tells whether YAML may see more than a string in it.
    ///
    /// # Errors
    /// Why the text does not do.
    fn from_scalar(text: &str, is_plain: bool) -> Result<Self, Mismatch>;

    /// What a text of another type was probably meant to say.
    fn meant(_: &str) -> Option<Meant> {
        None
    }

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
        if T::IS_SECRET {
            let anchor = decoder.anchor(node);
            decoder.report.hide(anchor);
        }
        let substituted = if T::IS_VERBATIM { None } else { environment(decoder, node, text)? };
        let quoted = match &substituted {
            _ if T::IS_SECRET => Quoted::Secret,
            Some(_) => Quoted::AsWritten(text),
            None => Quoted::Itself(text),
        };
        let (text, style, origin) = match &substituted {
            // A replaced scalar is typed as if it had been written plain.
            Some(replaced) => (replaced.text.as_str(), Style::Plain, origin_of(decoder, node, replaced)),
            None => (text, style, decoder.origin(node)),
        };
        let typed = core(text, style, tree.tag(node));
        let is_string = matches!(typed, Scalar::Str(_));
        if T::TAKES_ANY_SCALAR && typed == Scalar::Null && substituted.is_none() {
            decoder.wrong_type(node, T::EXPECTED).hint("for an empty text write `\"\"`");
            return None;
        }
        if T::wants_string() && !is_string && substituted.is_none() {
            return string_expected::<T>(decoder, node, text, quoted);
        }
        match T::from_scalar(text, !is_string) {
            Ok(value) => Some(Self::new(value, origin)),
            Err(mismatch) => {
                mismatched::<T>(decoder, node, text, quoted, mismatch);
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

/// Where a replaced text comes from. A default is the spec's own word.
pub(super) fn origin_of(decoder: &Decoder<'_>, node: NodeId, replaced: &Substituted) -> Origin {
    if replaced.is_from_outside { Origin::Environment(decoder.source, node) } else { decoder.origin(node) }
}

/// A text with its environment references replaced; `None` inside if there are none, and `None` after a report.
pub(super) fn environment(decoder: &mut Decoder<'_>, node: NodeId, text: &str) -> Option<Option<Substituted>> {
    let (rule, hint) = match substitute(text, decoder.environment) {
        Ok(substituted) => return Some(substituted),
        Err(Problem::Unset(name)) => {
            let hint = format!("set it (`{name}=… flatwright …`), or give a default: `${{env:{name}:-value}}`");
            (UnsetVariable::Unset { name }, hint)
        }
        Err(Problem::Withheld(name)) => {
            let hint = format!("allow it with `--env {name}`, or give a default: `${{env:{name}:-value}}`");
            (UnsetVariable::Withheld { name }, hint)
        }
        Err(Problem::Unclosed) => {
            (UnsetVariable::Unclosed, "write `${env:NAME}`, or `$${env:` for the literal text".to_owned())
        }
        Err(Problem::BadName(name)) => (
            UnsetVariable::Name { name: shortened(&name) },
            "write `${env:NAME}` or `${env:NAME:-default}`; a name has letters, digits and `_`".to_owned(),
        ),
    };
    decoder.refuse(node, &rule).hint(hint);
    None
}
