//! The kinds of Cluster API and its providers with the schemas of their CRDs: `facts/crds.txt`.
//!
//! Owns: finding a kind and the lines of its schema, and which releases they are of. Must not: judge a value (`schema` does), or name a kind.
//! The table costs nothing until it is asked; then its lines are found, and parsed one by one as somebody walks them.

use std::sync::LazyLock;

use serde_json::Value;

const TABLE: &str = include_str!("../../../facts/crds.txt");

/// How a schema with fields begins, most often.
const FIELDS: &str = "{\"properties\":{";

static LINES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut start = 0;
    let line = |end| &TABLE[std::mem::replace(&mut start, end + 1)..end];
    memchr::memchr_iter(b'\n', TABLE.as_bytes()).map(line).collect()
});

/// Where a schema stands in the table: a line, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line(u32);

/// A provider, as the table was read from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Provider {
    /// Its short name, such as `capz`.
    pub name: &'static str,
    /// The minor releases that serve these schemas, with a comma between them: `v1.13,v1.14`.
    pub releases: &'static str,
    /// When they were read, as `2026-08-21`.
    pub day: &'static str,
}

/// One served version of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Definition {
    /// The kind's name.
    pub kind: &'static str,
    /// Group and version.
    pub api_version: &'static str,
    /// Who serves it.
    pub provider: Provider,
    /// Where its schema stands.
    pub root: Line,
    subresources: &'static str,
}

impl Definition {
    /// The subresources, as a CRD has them.
    ///
    /// # Panics
    /// If the table is not as the script writes it, which a test holds.
    pub fn subresources(&self) -> Value {
        serde_json::from_str(self.subresources).expect("invariant: the table has JSON behind a kind")
    }
}

static DEFINITIONS: LazyLock<Vec<Definition>> = LazyLock::new(|| {
    let mut provider = Provider { name: "", releases: "", day: "" };
    let at_end = LINES.iter().rev().take_while(|line| !line.starts_with('{')).count();
    let found = LINES[LINES.len() - at_end..].iter().filter_map(move |line| {
        let mut words = line.splitn(6, ' ');
        let mut word = || words.next().unwrap_or_default();
        if word() == "provider" {
            provider = Provider { name: word(), releases: word(), day: word() };
            return None;
        }
        let (kind, api_version, _, root) = (word(), word(), word(), word());
        Some(Definition { kind, api_version, provider, root: Line(root.parse().ok()?), subresources: word() })
    });
    found.collect()
});

/// Every kind in every served version, in the order of the table.
pub fn definitions() -> impl Iterator<Item = Definition> {
    DEFINITIONS.iter().copied()
}

/// A kind in a version.
pub fn find(api_version: &str, kind: &str) -> Option<Definition> {
    definitions().find(|known| known.kind == kind && known.api_version == api_version)
}

/// What a schema is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// An object with fields of its own: see [`Line::properties`].
    Fields,
    /// A list of what the line says.
    List(Line),
    /// A map with free keys to what the line says.
    Entries(Line),
    /// An object that may hold anything.
    Anything,
    /// A text, a number, a boolean.
    Scalar,
}

impl Line {
    /// The whole schema, as a CRD has it; what stands below it are the numbers of other lines: see [`Line::of`].
    ///
    /// # Panics
    /// If the table is not as the script writes it, which a test holds.
    pub fn schema(self) -> Value {
        serde_json::from_str(self.text()).expect("invariant: a reference of the table leads to a schema")
    }

    /// The line that stands in the place of a schema; `None` for one that is written out.
    pub fn of(schema: &Value) -> Option<Self> {
        schema.as_u64().and_then(|line| u32::try_from(line).ok()).filter(|line| *line > 0).map(Self)
    }

    /// What the schema is of, without parsing it: whoever asks looks at a few of hundreds.
    pub fn form(self) -> Form {
        self.usual_form().unwrap_or_else(|| self.any_form())
    }

    /// Keywords stand in the order of their names, so that most lines tell by how they begin and end.
    fn usual_form(self) -> Option<Form> {
        let text = self.text();
        let start = text.strip_suffix("\"}")?;
        if start.ends_with("\"type\":\"object") {
            text.starts_with(FIELDS).then_some(Form::Fields)
        } else if start.ends_with("\"type\":\"array") {
            text.strip_prefix("{\"items\":").and_then(number).map(Form::List)
        } else {
            let is_scalar = ["string", "integer", "boolean"]
                .iter()
                .any(|kind| start.strip_suffix(kind).is_some_and(|start| start.ends_with("\"type\":\"")));
            is_scalar.then_some(Form::Scalar)
        }
    }

    fn any_form(self) -> Form {
        let kind = self.kind();
        let reference = |keyword| self.after(keyword).and_then(number);
        match (kind, reference("items"), reference("additionalProperties")) {
            (Some("array"), Some(items), _) => Form::List(items),
            (Some("object"), ..) if self.after("x-kubernetes-preserve-unknown-fields").is_some() => Form::Anything,
            (Some("object"), ..) if self.fields().is_some() => Form::Fields,
            (Some("object"), _, Some(entries)) => Form::Entries(entries),
            (Some("object" | "array"), ..) => Form::Anything,
            (None, ..) if self.after("x-kubernetes-preserve-unknown-fields").is_some() => Form::Anything,
            _ => Form::Scalar,
        }
    }

    /// The fields of an object, in the order of their names, without parsing its schema.
    pub fn properties(self) -> impl Iterator<Item = (&'static str, Self)> {
        let fields = self.fields().map(|(_, fields, _)| fields);
        fields.into_iter().flat_map(|fields| fields.split(',')).filter_map(|field| {
            let (name, line) = field.split_once(':')?;
            Some((name.trim_matches('"'), number(line)?))
        })
    }

    /// A field of an object.
    pub fn property(self, name: &str) -> Option<Self> {
        let (_, fields, _) = self.fields()?;
        fields.split(',').find_map(|field| number(field.strip_prefix('"')?.strip_prefix(name)?.strip_prefix("\":")?))
    }

    /// The fields that an object must have.
    pub fn required(self) -> impl Iterator<Item = &'static str> {
        let list = self.after("required").and_then(|text| text.strip_prefix('[')?.split_once(']'));
        let names = list.into_iter().flat_map(|(names, _)| names.split(','));
        names.map(|name| name.trim_matches('"'))
    }

    /// The type, as a schema has it.
    pub fn kind(self) -> Option<&'static str> {
        self.word("type")
    }

    fn text(self) -> &'static str {
        LINES.get((self.0 as usize).wrapping_sub(1)).copied().unwrap_or_default()
    }

    /// What stands before the fields of an object, the fields, and what stands behind them.
    fn fields(self) -> Option<(&'static str, &'static str, &'static str)> {
        let text = self.text();
        let (before, rest) = match text.strip_prefix(FIELDS) {
            Some(rest) => ("", rest),
            None => text.split_once(&FIELDS[1..])?,
        };
        let (fields, after) = rest.split_once('}')?;
        Some((before, fields, after))
    }

    /// What stands behind a keyword. Quotes in texts are escaped, so that a keyword is found as one; a field may be called as a keyword
    /// is, and what a default holds stands last.
    fn after(self, keyword: &str) -> Option<&'static str> {
        let parts = self.fields().map_or(["", self.text()], |(before, _, after)| [before, after]);
        parts.into_iter().find_map(|text| {
            let places = text.match_indices(keyword).map(|(at, _)| (&text[..at], &text[at + keyword.len()..]));
            places.filter(|(before, _)| before.ends_with('"')).find_map(|(_, after)| after.strip_prefix("\":"))
        })
    }

    fn word(self, keyword: &str) -> Option<&'static str> {
        self.after(keyword)?.strip_prefix('"')?.split('"').next()
    }
}

fn number(text: &str) -> Option<Line> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok().map(Line)
}

impl Provider {
    /// Whether a release (`v1.14.2`, `1.14`) is one of those that the table was read from. What is no version is none of them.
    pub fn serves(&self, release: &str) -> bool {
        let minor = |text: &str| {
            let mut numbers = text.trim_start_matches('v').split('.').map(|number| number.parse::<u32>().ok());
            Some((numbers.next()??, numbers.next()??))
        };
        let wanted = minor(release);
        wanted.is_some() && self.releases.split(',').any(|known| minor(known) == wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines() -> impl Iterator<Item = Line> {
        let is_schema =
            |(index, line): (usize, &&str)| line.starts_with('{').then(|| Line(u32::try_from(index + 1).unwrap()));
        LINES.iter().enumerate().filter_map(is_schema)
    }

    #[test]
    fn every_reference_leads_to_a_schema_above() {
        for line in lines() {
            let is_above = |schema: &Value| Line::of(schema).is_some_and(|at| at.text().starts_with('{') && at < line);
            for (keyword, value) in line.schema().as_object().unwrap() {
                let is_fit = match keyword.as_str() {
                    "properties" => value.as_object().unwrap().values().all(is_above),
                    "items" | "not" => is_above(value),
                    "additionalProperties" => value.is_boolean() || is_above(value),
                    "allOf" | "anyOf" | "oneOf" => value.as_array().unwrap().iter().all(is_above),
                    _ => true,
                };
                assert!(is_fit, "{keyword} of line {}", line.0);
            }
        }
    }

    #[test]
    fn what_is_found_without_parsing_is_what_the_schema_says() {
        for line in lines() {
            let schema = line.schema();
            let properties = schema.get("properties").and_then(Value::as_object);
            let parsed: Vec<_> =
                properties.into_iter().flatten().map(|(name, line)| (name.as_str(), Line::of(line).unwrap())).collect();
            assert_eq!(line.properties().collect::<Vec<_>>(), parsed, "line {}", line.0);
            let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
            let required: Vec<_> = required.filter_map(Value::as_str).collect();
            assert_eq!(line.required().collect::<Vec<_>>(), required, "line {}", line.0);
            let reference = |keyword: &str| schema.get(keyword).and_then(Line::of);
            let is_open = schema.get("x-kubernetes-preserve-unknown-fields").is_some();
            let expected = match schema.get("type").and_then(Value::as_str) {
                Some("array") => Form::List(reference("items").unwrap()),
                None | Some("object") if is_open => Form::Anything,
                Some("object") if properties.is_some() => Form::Fields,
                Some("object") => reference("additionalProperties").map_or(Form::Anything, Form::Entries),
                _ => Form::Scalar,
            };
            assert_eq!(line.form(), expected, "line {}", line.0);
            for (name, below) in line.properties() {
                assert_eq!(line.property(name), Some(below), "line {}", line.0);
            }
            assert_eq!(line.property("nothing"), None);
        }
    }

    #[test]
    fn kinds_have_a_provider_and_a_schema() {
        assert!(definitions().count() >= 31);
        for definition in definitions() {
            assert!(definition.subresources().is_object(), "{definition:?}");
            assert_eq!(definition.root.form(), Form::Fields, "{definition:?}");
            assert!(!definition.provider.day.is_empty() && definition.api_version.contains('/'), "{definition:?}");
        }
        assert!(find("cluster.x-k8s.io/v1beta2", "Cluster").is_some());
        assert!(find("cluster.x-k8s.io/v1beta3", "Cluster").is_none());
    }

    #[test]
    fn a_release_is_known_by_its_minor() {
        let provider = Provider { name: "x", releases: "v1.13,v1.14", day: "2026-08-21" };
        for (release, expected) in
            [("v1.14.3", true), ("1.13", true), ("v1.1", false), ("v1.15.0", false), ("main", false)]
        {
            assert_eq!(provider.serves(release), expected, "{release}");
        }
    }
}
