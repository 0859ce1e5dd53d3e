//! Lists, ranges and lengths that the CRDs' schemas state, as a table. Left out where the caller checks the CRDs themselves.

use flatwright_diagnostic::Segment;
use flatwright_go::duration;
use serde_json::Value;

use crate::check::{Check, last};
use crate::code::{EMPTY_CONTAINER, REFUSED_FIELD, VALUE_LIMIT};
use crate::contract::Contract;
use crate::field::Field;
use crate::syntax::is_placeholder;

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
    /// A duration text (`20m`), which contract v1beta2 no longer has.
    Duration,
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
    // A schema sees a duration as any text; only the conversion webhook reads it.
    if !check.options.schema_limits && !matches!(limit, Limit::Duration) {
        return;
    }
    let name = last(field);
    match limit {
        Limit::OneOf(allowed) => check.coded_one_of(VALUE_LIMIT, field, allowed),
        Limit::Range(low, i64::MAX) => {
            if field.int().is_some_and(|number| number < low) {
                check
                    .error(VALUE_LIMIT, field, format!("{name} `{}` is less than {low}", field.shown()))
                    .hint(format!("choose {low} or more"));
            }
        }
        Limit::Range(low, high) => check.coded_range(VALUE_LIMIT, field, low, high),
        Limit::Chars(low, high) => {
            let Some(count) = field.text().map(|text| text.chars().count()) else { return };
            if count < low {
                check.error(VALUE_LIMIT, field, format!("{name} is empty")).hint("remove it or write a value");
            } else if count > high {
                check
                    .error(VALUE_LIMIT, field, format!("{name} has {count} characters, {high} are allowed"))
                    .hint("shorten it, or put the content elsewhere and fetch it");
            }
        }
        Limit::Items(high) => {
            if field.value().is_array() && field.len() > high {
                check
                    .error(VALUE_LIMIT, field, format!("{name} has {} items, {high} are allowed", field.len()))
                    .hint("merge items");
            }
        }
        Limit::Duration => {
            if field.text().is_some_and(|text| !is_placeholder(text) && duration::seconds(text).is_none()) {
                check
                    .error(VALUE_LIMIT, field, format!("{name} `{}` is not a duration", field.shown()))
                    .note("the server answers with an internal error of the conversion webhook")
                    .hint("write a number and a unit without blanks, such as `20m` or `1h30m`");
            }
        }
        Limit::Whole => {
            let is_text = field.text().is_some_and(|text| !is_placeholder(text));
            if is_text || (field.value().is_number() && field.int().is_none()) {
                check
                    .error(VALUE_LIMIT, field, format!("{name} `{}` is not a whole number", field.shown()))
                    .hint("write digits without quotes");
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
                check.coded_needs_text(VALUE_LIMIT, field);
            }
        }
    }
}

fn gone(check: &mut Check<'_>, field: &Field<'_>, instead: &str) {
    if !field.is_set() {
        return;
    }
    let finding = check.error(REFUSED_FIELD, field, format!("{} is not a field of this contract", last(field)));
    finding.note("the server decodes strictly and refuses a field that it does not know");
    match instead {
        "" => finding.hint(format!("remove {}, or write the object in the other contract", last(field))),
        instead => finding.hint(format!("write `{instead}` instead, or the object in the other contract")),
    };
}

fn text_only(check: &mut Check<'_>, value: &Field<'_>) {
    if value.value().is_number() || value.value().is_boolean() {
        check
            .error(VALUE_LIMIT, value, format!("the argument's value `{}` is not a text", value.shown()))
            .hint(format!("write it in quotes: `\"{}\"`", value.shown()));
    }
}

fn other_shape(check: &mut Check<'_>, field: &Field<'_>, shape: &str, example: &str) {
    check
        .error(REFUSED_FIELD, field, format!("{} is {shape} in this contract", last(field)))
        .hint(format!("write the arguments as {example}"));
}

/// Containers that may be empty in contract v1beta2, by their last key; everything else may not.
const MAY_BE_EMPTY: &[&str] = &[
    "annotations",
    "clusterSelector",
    "config",
    "extraOpts",
    "failureDomains",
    "featureGates",
    "filesystems",
    "labels",
    "matchExpressions",
    "matchLabels",
    "partitions",
    "providerIDList",
    "selector",
    "servers",
    "sshAuthorizedKeys",
    "value",
    "valueFrom",
    "values",
];

/// Some keys stand in several places, of which one may be empty.
fn may_be_empty(parent: &str, key: &str) -> bool {
    match key {
        "taints" => parent == "nodeRegistration",
        "controlPlane" => parent == "joinConfiguration",
        "bootstrap" => parent == "spec",
        key => MAY_BE_EMPTY.contains(&key),
    }
}

/// Nearly every list needs an item and nearly every object a field in contract v1beta2 (v1beta1 took them all).
pub(crate) fn empty_containers(check: &mut Check<'_>, object: &Field<'_>, contract: Contract) {
    let spec = object.get("spec");
    // Most objects have none, which is cheap to see without a path for every place.
    if contract == Contract::V1Beta2 && check.options.schema_limits && holds_empty(spec.value(), 0) {
        empties(check, &spec, 0);
    }
}

/// Deeper than any schema of these kinds.
const DEEPEST: usize = 24;

fn holds_empty(value: &Value, depth: usize) -> bool {
    let is_below = |value| depth < DEEPEST && holds_empty(value, depth + 1);
    match value {
        Value::Object(entries) => entries.is_empty() || entries.values().any(is_below),
        Value::Array(items) => items.is_empty() || items.iter().any(is_below),
        _ => false,
    }
}

fn empties(check: &mut Check<'_>, field: &Field<'_>, depth: usize) {
    if depth > DEEPEST {
        return;
    }
    let is_container = field.value().is_array() || field.value().is_object();
    if is_container && field.len() == 0 {
        let what = if field.value().is_array() { "list" } else { "object" };
        check
            .error(
                EMPTY_CONTAINER,
                field,
                format!("{} is an empty {what}, which contract v1beta2 refuses", last(field)),
            )
            .hint(format!("remove {}", last(field)));
    }
    let path = field.path();
    let parent = match path.segments().last() {
        Some(Segment::Key(key)) => key,
        _ => "",
    };
    for (key, child) in field.entries() {
        let may_be_empty = may_be_empty(parent, key) && child.len() == 0;
        // The values of topology variables are the user's own and may be anything.
        if !may_be_empty && key != "variables" {
            empties(check, &child, depth + 1);
        }
    }
    for child in field.items() {
        empties(check, &child, depth + 1);
    }
}
