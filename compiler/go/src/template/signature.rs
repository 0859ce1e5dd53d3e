//! What a function takes and gives, as Go's reflection prints it: `trunc(int, string) string`.

use memchr::memmem;

/// A type of Go, as far as arguments are judged by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// `any`.
    Any,
    /// `reflect.Value`: anything, and nothing.
    Value,
    /// `string`.
    Text,
    /// `bool`.
    Bool,
    /// `int`.
    Int,
    /// `int64`.
    Int64,
    /// `float64`.
    Float,
    /// `map[string]any`.
    Map,
    /// `map[string]string`.
    TextMap,
    /// `[]any`.
    List,
    /// `[]string`.
    Texts,
    /// `[]int`.
    Ints,
    /// A type that no value of a template has unless a function made it.
    Other(&'static str),
}

impl Type {
    fn parse(text: &'static str) -> Self {
        match text {
            "any" => Self::Any,
            "reflect.Value" => Self::Value,
            "string" => Self::Text,
            "bool" => Self::Bool,
            "int" => Self::Int,
            "int64" => Self::Int64,
            "float64" => Self::Float,
            "map[string]any" => Self::Map,
            "map[string]string" => Self::TextMap,
            "[]any" => Self::List,
            "[]string" => Self::Texts,
            "[]int" => Self::Ints,
            other => Self::Other(other),
        }
    }

    /// Its name in Go.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Value => "reflect.Value",
            Self::Text => "string",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Int64 => "int64",
            Self::Float => "float64",
            Self::Map => "map[string]any",
            Self::TextMap => "map[string]string",
            Self::List => "[]any",
            Self::Texts => "[]string",
            Self::Ints => "[]int",
            Self::Other(name) => name,
        }
    }

    /// Whether `nil` and a value that is not there may stand for it.
    pub const fn can_be_nil(self) -> bool {
        !matches!(self, Self::Text | Self::Bool | Self::Int | Self::Int64 | Self::Float | Self::Other(_))
    }
}

/// A function's parameters and result.
#[derive(Clone, Debug, PartialEq)]
pub struct Signature {
    /// What it takes, without a last one that repeats.
    pub parameters: Vec<Type>,
    /// The last parameter, if any number of it may follow.
    pub rest: Option<Type>,
    /// What it gives.
    pub result: Type,
    /// Whether it can fail.
    pub is_fallible: bool,
}

impl Signature {
    /// The type of an argument by its position.
    pub fn parameter(&self, index: usize) -> Option<Type> {
        self.parameters.get(index).copied().or(self.rest)
    }

    /// Whether this many arguments are right.
    pub fn takes(&self, count: usize) -> bool {
        count == self.parameters.len() || (count > self.parameters.len() && self.rest.is_some())
    }
}

/// Functions by name. Nothing of the texts is read before it is asked for: most templates call two or three.
#[derive(Clone, Debug, Default)]
pub struct Table(Vec<&'static str>);

impl Table {
    /// The functions of a text: one a line, `#` begins a comment.
    pub fn parse(text: &'static str) -> Self {
        Self(vec![text])
    }

    /// The functions of this table, and those of the other that this one has not.
    #[must_use]
    pub fn over(mut self, other: &Self) -> Self {
        self.0.extend(&other.0);
        self
    }

    /// A function.
    pub fn get(&self, name: &str) -> Option<Signature> {
        let start = format!("{name}(");
        self.0.iter().find_map(|text| {
            let places = memmem::find_iter(text.as_bytes(), start.as_bytes());
            let mut starts = places.filter(|at| *at == 0 || text.as_bytes()[at - 1] == b'\n');
            let (own, signature) = signature(text[starts.next()?..].lines().next()?)?;
            (own == name).then_some(signature)
        })
    }

    /// Every name.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + Clone + use<'_> {
        let lines = self.0.iter().flat_map(|text| text.lines()).filter(|line| !line.starts_with('#'));
        lines.filter_map(|line| Some(line.split_once('(')?.0))
    }
}

fn signature(line: &'static str) -> Option<(&'static str, Signature)> {
    let (name, rest) = line.split_once('(')?;
    let (parameters, result) = rest.split_once(") ")?;
    let mut signature = Signature { parameters: Vec::new(), rest: None, result: Type::Any, is_fallible: false };
    for parameter in parameters.split(", ").filter(|parameter| !parameter.is_empty()) {
        match parameter.strip_prefix("...") {
            Some(repeated) => signature.rest = Some(Type::parse(repeated)),
            None => signature.parameters.push(Type::parse(parameter)),
        }
    }
    let pair = result.strip_prefix('(').and_then(|pair| pair.strip_suffix(", error)"));
    signature.is_fallible = pair.is_some();
    signature.result = Type::parse(pair.unwrap_or(result));
    Some((name, signature))
}

/// Go's own functions, in the form of [`Table::parse`].
pub(super) const BUILT_IN: &str = "\
and(reflect.Value, ...reflect.Value) reflect.Value
call(reflect.Value, ...reflect.Value) (reflect.Value, error)
eq(reflect.Value, ...reflect.Value) (bool, error)
ge(reflect.Value, reflect.Value) (bool, error)
gt(reflect.Value, reflect.Value) (bool, error)
html(...any) string
index(reflect.Value, ...reflect.Value) (reflect.Value, error)
js(...any) string
le(reflect.Value, reflect.Value) (bool, error)
len(reflect.Value) (int, error)
lt(reflect.Value, reflect.Value) (bool, error)
ne(reflect.Value, reflect.Value) (bool, error)
not(reflect.Value) bool
or(reflect.Value, ...reflect.Value) reflect.Value
print(...any) string
printf(string, ...any) string
println(...any) string
slice(reflect.Value, ...reflect.Value) (reflect.Value, error)
urlquery(...any) string
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_read() {
        let table =
            Table::parse("trunc(int, string) string\nlist(...any) []any\nhello() string\nf(string) (any, error)\n");
        let trunc = table.get("trunc").unwrap();
        assert_eq!(
            (trunc.parameter(0), trunc.parameter(1), trunc.parameter(2)),
            (Some(Type::Int), Some(Type::Text), None)
        );
        assert!(trunc.takes(2) && !trunc.takes(1) && !trunc.takes(3));
        assert!(table.get("list").unwrap().takes(0) && table.get("list").unwrap().takes(9));
        assert!(table.get("hello").unwrap().takes(0));
        assert!(table.get("f").unwrap().is_fallible);
        for absent in ["", "hell", "ello", "trunc(int, string) string\nlist"] {
            assert!(table.get(absent).is_none(), "{absent:?}");
        }
        assert_eq!(table.names().count(), 4);
    }
}
