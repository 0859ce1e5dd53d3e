//! Lists, ranges and lengths that the CRDs' schemas state, as a table. Left out where the caller checks the CRDs themselves.

use std::fmt;
use std::ops::RangeInclusive;

use flatwright_diagnostic::{Fix, Rule};

use crate::check::{Check, name};
use crate::field::Field;
use flatwright_kubernetes::is_placeholder;

pub(crate) use super::empty_containers::check as empty_containers;

/// What the schema of a CRD says of a value.
#[derive(Debug, Rule)]
#[rule(group = "admission-value-limit")]
pub enum ValueLimit {
    /// A word that the field does not take.
    #[rule("value-not-listed", "`{value}` is not a value of `{field}`")]
    NotListed {
        /// The field.
        field: String,
        /// What it says.
        value: String,
    },
    /// A number that is too small or too large.
    #[rule("number-outside-limits", "`{field}` `{number}` is {bounds}")]
    Number {
        /// The field.
        field: String,
        /// What it says.
        number: i64,
        /// What it may say.
        #[rule(skip)]
        bounds: Bounds,
    },
    /// A text without characters.
    #[rule("empty-text", "`{field}` is empty")]
    Empty {
        /// The field.
        field: String,
    },
    /// A text of too many characters.
    #[rule("text-too-long", "`{field}` has {count} characters, {most} are allowed")]
    TooLong {
        /// The field.
        field: String,
        /// How many it has.
        count: usize,
        /// How many it may have.
        #[rule(skip)]
        most: usize,
    },
    /// A list of too many items.
    #[rule("too-many-items", "`{field}` has {count} items, {most} are allowed")]
    TooManyItems {
        /// The field.
        field: String,
        /// How many it has.
        count: usize,
        /// How many it may have.
        #[rule(skip)]
        most: usize,
    },
    /// A text that is not a duration.
    #[rule("duration-syntax", "`{field}` `{value}` is not a duration")]
    Duration {
        /// The field.
        field: String,
        /// What it says.
        value: String,
    },
    /// A number with a fraction, or a text.
    #[rule("not-a-whole-number", "`{field}` `{value}` is not a whole number")]
    NotWhole {
        /// The field.
        field: String,
        /// What it says.
        value: String,
    },
    /// A number or boolean where an argument's value is a text.
    #[rule("argument-not-text", "the argument's value `{value}` is not a text")]
    ArgumentNotText {
        /// What it says.
        value: String,
    },
    /// A field that must be there.
    #[rule("missing-required-field", "`{field}` is missing")]
    Missing {
        /// The field.
        field: String,
    },
}

/// What only the other contract has.
#[derive(Debug, Rule)]
#[rule(group = "admission-refused-field")]
pub(crate) enum OtherContract {
    /// A field.
    #[rule("field-of-other-contract", "`{field}` is not a field of this contract")]
    Field { field: String },
    /// Arguments as a mapping or as a list.
    #[rule("arguments-of-other-contract", "`{field}` is {shape} in this contract")]
    Arguments { field: String, shape: &'static str },
}

/// The numbers that are allowed.
#[derive(Clone, Debug)]
pub struct Bounds(RangeInclusive<i64>);

impl fmt::Display for Bounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0.start(), self.0.end()) {
            (low, &i64::MAX) => write!(f, "less than {low}"),
            (low, high) => write!(f, "outside {low} to {high}"),
        }
    }
}

/// What a schema says about one value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Limit {
    /// One of these texts.
    OneOf(&'static [&'static str]),
    /// A number from the first to the second.
    Range(i64, i64),
    /// A text of this many characters (code points, whatever the server's message calls them).
    Chars(usize, usize),
    /// A list of at most this many items.
    Items(usize),
    /// Not absent, if the object around it is there.
    Required,
    /// A whole number and no text.
    Whole,
    /// A field of the other contract, with the one that takes its place, if any.
    Gone(&'static str),
    /// Arguments as a mapping of names to texts.
    Mapping,
    /// Arguments as a list of names and values.
    List,
}

/// A path below the judged object (`files[*].path`) and its limit.
pub(crate) type Row = (&'static str, Limit);

/// Applies a table. Rows with the same beginning stand together, so that what they share is looked up once.
pub(crate) fn check(check: &mut Check<'_>, object: &Field<'_>, table: &'static [Row]) {
    walk(check, object, table, 0);
}

/// Applies rows whose first so many bytes have led to this place.
fn walk(check: &mut Check<'_>, at: &Field<'_>, rows: &'static [Row], walked: usize) {
    if !at.is_set() {
        return;
    }
    for rows in rows.chunk_by(|one, other| head(one, walked) == head(other, walked)) {
        let head = head(&rows[0], walked);
        let key = head.trim_end_matches(['[', '*', ']']);
        let lists = (head.len() - key.len()) / "[*]".len();
        let walked = walked + head.len();
        let is_end = |row: &Row| row.0.len() == walked;
        each(check, &at.get(key), lists, &mut |check, field| {
            for rows in rows.chunk_by(|one, other| is_end(one) == is_end(other)) {
                if is_end(&rows[0]) {
                    rows.iter().for_each(|(_, limit)| judge(check, field, *limit));
                } else {
                    walk(check, field, rows, walked + ".".len());
                }
            }
        });
    }
}

/// The next key of a row's path.
fn head(row: &Row, walked: usize) -> &'static str {
    let rest = &row.0[walked..];
    rest.bytes().position(|byte| byte == b'.').map_or(rest, |end| &rest[..end])
}

/// The field itself, or each item of so many lists within each other.
fn each<'a>(check: &mut Check<'_>, field: &Field<'a>, lists: usize, visit: &mut dyn FnMut(&mut Check<'_>, &Field<'a>)) {
    match lists {
        0 => visit(check, field),
        _ => field.items().for_each(|item| each(check, &item, lists - 1, visit)),
    }
}

fn judge(check: &mut Check<'_>, field: &Field<'_>, limit: Limit) {
    if !check.options.schema_limits {
        return;
    }
    match limit {
        Limit::OneOf(allowed) => check.one_of(field, allowed, |field, value| ValueLimit::NotListed { field, value }),
        Limit::Range(low, high) => number(check, field, low..=high),
        Limit::Chars(low, high) => {
            let Some(count) = field.text().map(|text| text.chars().count()) else { return };
            if count < low {
                check.refuse(field, &ValueLimit::Empty { field: name(field) }).hint("remove it or write a value");
            } else if count > high {
                check
                    .refuse(field, &ValueLimit::TooLong { field: name(field), count, most: high })
                    .hint("shorten it, or put the content elsewhere and fetch it");
            }
        }
        Limit::Items(high) => {
            if field.value().is_array() && field.len() > high {
                check
                    .refuse(field, &ValueLimit::TooManyItems { field: name(field), count: field.len(), most: high })
                    .hint("merge items");
            }
        }
        Limit::Whole => {
            let is_text = field.text().is_some_and(|text| !is_placeholder(text));
            if is_text || (field.value().is_number() && field.int().is_none()) {
                not_whole(check, field);
            }
        }
        Limit::Gone(instead) => gone(check, field, instead),
        Limit::Mapping => {
            for (_, value) in field.entries() {
                text_only(check, &value);
            }
            if field.value().is_array() {
                other_shape(check, field, "a mapping", "`NAME: VALUE`");
            }
        }
        Limit::List => {
            for item in field.items() {
                text_only(check, &item.get("value"));
            }
            if field.value().is_object() {
                other_shape(check, field, "a list", "`- {name: NAME, value: VALUE}`");
            }
        }
        Limit::Required => {
            if !field.is_set() {
                check.needs_text(field, |field| ValueLimit::Missing { field });
            }
        }
    }
}

/// Something else where a whole number is asked for. A text that says no more than a number is one that was quoted, or that got a unit.
pub(crate) fn not_whole(check: &mut Check<'_>, field: &Field<'_>) {
    let finding = check.refuse(field, &ValueLimit::NotWhole { field: name(field), value: field.shown() });
    finding.hint("write digits without quotes and without a unit");
    if let Some(text) = field.text()
        && let Some(number) = plain_number(&name(field), text)
    {
        finding.fix(Fix::rewrite(text, number.to_string()));
    }
}

/// The number that a text stands for: digits, perhaps in the unit that the field has anyway.
fn plain_number(field: &str, text: &str) -> Option<i64> {
    const UNITS: &[(&str, &[&str])] =
        &[("GB", &["G", "GB", "Gi", "GiB"]), ("Minutes", &["m", "min"]), ("Seconds", &["s"]), ("Days", &["d"])];
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = text[digits.len()..].trim_start();
    let is_own_unit = || UNITS.iter().any(|(ending, words)| field.ends_with(ending) && words.contains(&unit));
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && (unit.is_empty() || is_own_unit())).then(|| digits.parse().ok()).flatten()
}

fn number(check: &mut Check<'_>, field: &Field<'_>, range: RangeInclusive<i64>) {
    if let Some(number) = field.int()
        && !range.contains(&number)
    {
        let (low, high) = (*range.start(), *range.end());
        let hint = match high {
            i64::MAX => format!("choose {low} or more"),
            _ => format!("choose a number from {low} to {high}"),
        };
        check.refuse(field, &ValueLimit::Number { field: name(field), number, bounds: Bounds(range) }).hint(hint);
    }
}

fn gone(check: &mut Check<'_>, field: &Field<'_>, instead: &str) {
    if !field.is_set() {
        return;
    }
    let name = name(field);
    let hint = match instead {
        "" => format!("remove `{name}`, or write the object in the other contract"),
        instead => format!("write `{instead}` instead, or the object in the other contract"),
    };
    check
        .refuse(field, &OtherContract::Field { field: name })
        .note("the server decodes strictly and refuses a field that it does not know")
        .hint(hint);
}

fn text_only(check: &mut Check<'_>, value: &Field<'_>) {
    if value.value().is_number() || value.value().is_boolean() {
        let text = value.shown();
        check
            .refuse(value, &ValueLimit::ArgumentNotText { value: text.clone() })
            .hint(format!("write it in quotes: `\"{text}\"`"))
            .fix(Fix::rewrite(text.clone(), format!("\"{text}\"")));
    }
}

fn other_shape(check: &mut Check<'_>, field: &Field<'_>, shape: &'static str, example: &str) {
    check
        .refuse(field, &OtherContract::Arguments { field: name(field), shape })
        .hint(format!("write the arguments as {example}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_with_the_unit_of_its_field_is_a_number() {
        for (field, text, number) in [
            ("diskSizeGB", "128Gi", Some(128)),
            ("diskSizeGB", "128 GB", Some(128)),
            ("replicas", "3", Some(3)),
            ("idleTimeoutInMinutes", "4m", Some(4)),
            ("diskSizeGB", "1Ti", None),
            ("diskSizeGB", "Gi", None),
            ("diskSizeGB", "1.5Gi", None),
            ("diskSizeGB", "99999999999999999999", None),
            ("replicas", "3Gi", None),
            ("replicas", "-3", None),
        ] {
            assert_eq!(plain_number(field, text), number, "{field}: {text}");
        }
    }
}
