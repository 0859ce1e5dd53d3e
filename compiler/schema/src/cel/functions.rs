//! The functions and operators that rules may call, by name.

use flatwright_go::duration;
use flatwright_kubernetes::{Quantity, name};

use super::ast::Op;
use super::lists;
use super::net;
use super::strings;
use super::value::{Evaluated, Fault, Val, no_overload, overflow, render};
use super::{quantity, semver};
use crate::text::format::Format;
use crate::text::time::{Timestamp, parse_offset};

/// Functions without a target.
const GLOBAL: [&str; 30] = [
    "bool",
    "bytes",
    "cidr",
    "double",
    "duration",
    "dyn",
    "format.named",
    "int",
    "ip",
    "ip.isCanonical",
    "isCIDR",
    "isIP",
    "isQuantity",
    "isSemver",
    "isURL",
    "matches",
    "optional.none",
    "optional.of",
    "optional.ofNonZeroValue",
    "quantity",
    "semver",
    "sets.contains",
    "sets.equivalent",
    "sets.intersects",
    "size",
    "string",
    "strings.quote",
    "timestamp",
    "type",
    "uint",
];

/// Functions with a target.
const MEMBER: [&str; 80] = [
    "add",
    "asApproximateFloat",
    "asInteger",
    "charAt",
    "compareTo",
    "contains",
    "containsCIDR",
    "containsIP",
    "endsWith",
    "family",
    "find",
    "findAll",
    "format",
    "getDate",
    "getDayOfMonth",
    "getDayOfWeek",
    "getDayOfYear",
    "getEscapedPath",
    "getFullYear",
    "getHost",
    "getHostname",
    "getHours",
    "getMilliseconds",
    "getMinutes",
    "getMonth",
    "getPort",
    "getQuery",
    "getScheme",
    "getSeconds",
    "hasValue",
    "indexOf",
    "ip",
    "isGlobalUnicast",
    "isGreaterThan",
    "isInteger",
    "isLessThan",
    "isLinkLocalMulticast",
    "isLinkLocalUnicast",
    "isLoopback",
    "isSorted",
    "isUnspecified",
    "join",
    "lastIndexOf",
    "lowerAscii",
    "major",
    "masked",
    "matches",
    "max",
    "min",
    "minor",
    "or",
    "orValue",
    "patch",
    "prefixLength",
    "replace",
    "reverse",
    "sign",
    "size",
    "split",
    "startsWith",
    "string",
    "sub",
    "substring",
    "sum",
    "trim",
    "upperAscii",
    "validate",
    "value",
    "url",
    "isCanonical",
    "isURL",
    "isQuantity",
    "isIP",
    "isCIDR",
    "quantity",
    "cidr",
    "type",
    "dyn",
    "int",
    "double",
];

/// Whether a function of this name is known.
pub(super) fn exists(name: &str, has_target: bool) -> bool {
    let is_format = || name.strip_prefix("format.").is_some_and(|name| named_format(name).is_some());
    if has_target { MEMBER.contains(&name) } else { GLOBAL.contains(&name) || name == "url" || is_format() }
}

/// A type by its name.
pub(super) fn type_named(name: &str) -> Option<&'static str> {
    ["bool", "bytes", "double", "int", "list", "map", "null_type", "string", "type", "uint", "optional_type"]
        .into_iter()
        .find(|known| *known == name)
}

/// A type of the standard's protocol buffers.
pub(super) fn protobuf_type((first, middle, last): (&str, &str, &str)) -> Option<&'static str> {
    match (first, middle, last) {
        ("google", "protobuf", "Timestamp") => Some("google.protobuf.Timestamp"),
        ("google", "protobuf", "Duration") => Some("google.protobuf.Duration"),
        _ => None,
    }
}

/// The field that an escaped name means: `__dot__` is `.`, a reserved word stands between double underscores.
pub(super) fn unescape(name: &str) -> Box<str> {
    const RESERVED: [&str; 21] = [
        "true",
        "false",
        "null",
        "in",
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "let",
        "loop",
        "package",
        "namespace",
        "return",
        "var",
        "void",
        "while",
    ];
    if let Some(word) = name.strip_prefix("__").and_then(|name| name.strip_suffix("__"))
        && RESERVED.contains(&word)
    {
        return word.into();
    }
    if !name.contains("__") {
        return name.into();
    }
    let plain = name.replace("__dot__", ".").replace("__dash__", "-").replace("__slash__", "/");
    plain.replace("__underscores__", "__").into()
}

/// Calls a function; a target comes as the first value.
pub(super) fn call<'a>(name: &str, has_target: bool, values: &[Val<'a>]) -> Evaluated<'a> {
    if has_target {
        let (target, args) = values.split_first().expect("invariant: a call with a target has one");
        return member(name, target, args);
    }
    match (name, values) {
        ("size", [value]) => size(value),
        ("matches", [target, _]) => member(name, target, &values[1..]),
        ("type", [value]) => Ok(Val::Type(value.type_name())),
        ("dyn", [value]) => Ok(value.clone()),
        ("int" | "uint" | "double" | "bool" | "string" | "bytes" | "timestamp" | "duration", [value]) => {
            convert(name, value)
        }
        ("optional.none", []) => Ok(Val::Optional(None)),
        ("optional.of", [value]) => Ok(Val::some(value.clone())),
        ("optional.ofNonZeroValue", [value]) => {
            Ok(if is_zero(value) { Val::Optional(None) } else { Val::some(value.clone()) })
        }
        ("sets.contains" | "sets.equivalent" | "sets.intersects", [a, b]) => lists::sets(name, a, b),
        ("strings.quote", [Val::Text(text)]) => Ok(Val::text(strings::quote(text.as_str()))),
        ("isQuantity", [Val::Text(text)]) => Ok(Val::Bool(Quantity::parse(text.as_str()).is_some())),
        ("quantity", [Val::Text(text)]) => {
            Quantity::parse(text.as_str()).map(Val::Quantity).ok_or_else(|| Fault::rule("not a quantity"))
        }
        ("isSemver", [Val::Text(text)]) => Ok(Val::Bool(semver::parse(text.as_str(), false).is_some())),
        ("isSemver", [Val::Text(text), Val::Bool(loose)]) => {
            Ok(Val::Bool(semver::parse(text.as_str(), *loose).is_some()))
        }
        ("semver", [Val::Text(text)]) => semver::value(text.as_str(), false),
        ("semver", [Val::Text(text), Val::Bool(loose)]) => semver::value(text.as_str(), *loose),
        ("format.named", [Val::Text(text)]) => {
            Ok(named_format(text.as_str()).map_or(Val::Optional(None), |name| Val::some(Val::NamedFormat(name))))
        }
        (_, []) if name.starts_with("format.") => named_format(&name["format.".len()..])
            .map(Val::NamedFormat)
            .ok_or_else(|| Fault::rule(format!("unknown format `{name}`"))),
        _ => net::global(name, values),
    }
}

fn member<'a>(name: &str, target: &Val<'a>, args: &[Val<'a>]) -> Evaluated<'a> {
    match target {
        _ if name == "size" && args.is_empty() => size(target),
        Val::Text(text) => strings::call(name, text.as_str(), args),
        Val::Timestamp(time) => time_part(name, *time, args),
        Val::Duration(nanos) => duration_part(name, *nanos),
        Val::Optional(inner) => lists::optional(name, inner, args),
        Val::Quantity(value) => quantity::call(*value, name, args),
        Val::Semver(version) => semver::call(version, name, args),
        Val::Ip(_) | Val::Cidr(_) | Val::Url(_) => net::member(name, target, args),
        Val::NamedFormat(format) => match (name, args) {
            ("validate", [Val::Text(text)]) => Ok(validate(format, text.as_str())),
            _ => Err(no_overload(name, &[target])),
        },
        _ if target.list_len().is_some() => match (name, args) {
            ("join", _) => strings::join(target, args),
            _ => lists::call(name, target, args),
        },
        _ => Err(no_overload(name, &[target])),
    }
}

fn size<'a>(value: &Val<'a>) -> Evaluated<'a> {
    let size = match value {
        Val::Text(text) => text.as_str().chars().count(),
        Val::Bytes(bytes) => bytes.len(),
        _ => match value.list_len().or_else(|| value.keys().map(|keys| keys.len())) {
            Some(size) => size,
            None => return Err(no_overload("size", &[value])),
        },
    };
    Ok(Val::Int(i64::try_from(size).unwrap_or(i64::MAX)))
}

fn is_zero(value: &Val<'_>) -> bool {
    match value {
        Val::Null | Val::Bool(false) | Val::Int(0) | Val::Uint(0) | Val::Duration(0) => true,
        Val::Double(value) => *value == 0.0,
        _ => matches!(size(value), Ok(Val::Int(0))),
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the ranges are checked before")]
fn convert<'a>(name: &str, value: &Val<'a>) -> Evaluated<'a> {
    let fault = || no_overload(name, &[value]);
    let bad = |text: &str| Fault::rule(format!("`{text}` cannot be read as {name}"));
    match (name, value) {
        ("int", Val::Int(_)) | ("uint", Val::Uint(_)) | ("double", Val::Double(_)) | ("bool", Val::Bool(_)) => {
            Ok(value.clone())
        }
        ("string", Val::Text(_)) | ("bytes", Val::Bytes(_)) => Ok(value.clone()),
        ("timestamp", Val::Timestamp(_)) | ("duration", Val::Duration(_)) => Ok(value.clone()),
        ("int", Val::Uint(n)) => i64::try_from(*n).map(Val::Int).map_err(|_| overflow()),
        ("int", Val::Double(n)) if n.is_finite() && n.abs() < 9.223_372_036_854_775e18 => Ok(Val::Int(*n as i64)),
        ("int", Val::Text(text)) => text.as_str().parse().map(Val::Int).map_err(|_| bad(text.as_str())),
        ("int", Val::Timestamp(time)) => Ok(Val::Int(time.seconds)),
        ("uint", Val::Int(n)) => u64::try_from(*n).map(Val::Uint).map_err(|_| overflow()),
        ("uint", Val::Double(n)) if (0.0..1.844_674_407_370_955e19).contains(n) => Ok(Val::Uint(*n as u64)),
        ("uint", Val::Text(text)) => text.as_str().parse().map(Val::Uint).map_err(|_| bad(text.as_str())),
        ("double", Val::Int(n)) => Ok(Val::Double(*n as f64)),
        ("double", Val::Uint(n)) => Ok(Val::Double(*n as f64)),
        ("double", Val::Text(text)) => text.as_str().parse().map(Val::Double).map_err(|_| bad(text.as_str())),
        ("bool", Val::Text(text)) => match text.as_str() {
            "true" | "True" | "TRUE" | "t" | "1" => Ok(Val::Bool(true)),
            "false" | "False" | "FALSE" | "f" | "0" => Ok(Val::Bool(false)),
            other => Err(bad(other)),
        },
        ("bytes", Val::Text(text)) => Ok(Val::Bytes(text.as_str().as_bytes().into())),
        ("timestamp", Val::Text(text)) => {
            Timestamp::parse(text.as_str()).map(Val::Timestamp).ok_or_else(|| bad(text.as_str()))
        }
        ("timestamp", Val::Int(seconds)) => Ok(Val::Timestamp(Timestamp { seconds: *seconds, nanos: 0 })),
        ("duration", Val::Text(text)) => {
            duration::nanoseconds(text.as_str()).map(Val::Duration).ok_or_else(|| bad(text.as_str()))
        }
        ("string", value) => render(value).map(Val::text).ok_or_else(fault),
        _ => Err(fault()),
    }
}

/// `+ - * / %`.
pub(super) fn arithmetic<'a>(op: Op, left: &Val<'a>, right: &Val<'a>) -> Evaluated<'a> {
    let zero = || Fault::rule("division by zero");
    match (op, left, right) {
        (_, Val::Int(a), Val::Int(b)) => match op {
            Op::Add => a.checked_add(*b),
            Op::Subtract => a.checked_sub(*b),
            Op::Multiply => a.checked_mul(*b),
            _ if *b == 0 => return Err(zero()),
            Op::Divide => a.checked_div(*b),
            _ => a.checked_rem(*b),
        }
        .map(Val::Int)
        .ok_or_else(overflow),
        (_, Val::Uint(a), Val::Uint(b)) => match op {
            Op::Add => a.checked_add(*b),
            Op::Subtract => a.checked_sub(*b),
            Op::Multiply => a.checked_mul(*b),
            _ if *b == 0 => return Err(zero()),
            Op::Divide => a.checked_div(*b),
            _ => a.checked_rem(*b),
        }
        .map(Val::Uint)
        .ok_or_else(overflow),
        (_, Val::Double(a), Val::Double(b)) if op != Op::Remainder => Ok(Val::Double(match op {
            Op::Add => a + b,
            Op::Subtract => a - b,
            Op::Multiply => a * b,
            _ => a / b,
        })),
        (Op::Add, Val::Text(a), Val::Text(b)) => Ok(Val::text(format!("{}{}", a.as_str(), b.as_str()))),
        (Op::Add, Val::Bytes(a), Val::Bytes(b)) => Ok(Val::Bytes([&a[..], &b[..]].concat().into())),
        (Op::Add, Val::Duration(a), Val::Duration(b)) => a.checked_add(*b).map(Val::Duration).ok_or_else(overflow),
        (Op::Subtract, Val::Duration(a), Val::Duration(b)) => a.checked_sub(*b).map(Val::Duration).ok_or_else(overflow),
        (Op::Add, Val::Timestamp(t), Val::Duration(d)) | (Op::Add, Val::Duration(d), Val::Timestamp(t)) => {
            shift(*t, i128::from(*d))
        }
        (Op::Subtract, Val::Timestamp(t), Val::Duration(d)) => shift(*t, -i128::from(*d)),
        (Op::Subtract, Val::Timestamp(a), Val::Timestamp(b)) => {
            i64::try_from(nanos_of(*a) - nanos_of(*b)).map(Val::Duration).map_err(|_| overflow())
        }
        (Op::Add, left, right) if left.list_len().is_some() && right.list_len().is_some() => lists::append(left, right),
        _ => {
            let sign = match op {
                Op::Add => "+",
                Op::Subtract => "-",
                Op::Multiply => "*",
                Op::Divide => "/",
                _ => "%",
            };
            Err(no_overload(sign, &[left, right]))
        }
    }
}

fn nanos_of(time: Timestamp) -> i128 {
    i128::from(time.seconds) * 1_000_000_000 + i128::from(time.nanos)
}

fn shift<'a>(time: Timestamp, by: i128) -> Evaluated<'a> {
    let nanos = nanos_of(time) + by;
    let seconds = i64::try_from(nanos.div_euclid(1_000_000_000)).map_err(|_| overflow())?;
    let nanos = u32::try_from(nanos.rem_euclid(1_000_000_000)).map_err(|_| overflow())?;
    Ok(Val::Timestamp(Timestamp { seconds, nanos }))
}

fn time_part<'a>(name: &str, time: Timestamp, args: &[Val<'a>]) -> Evaluated<'a> {
    let offset = match args {
        [] => 0,
        [Val::Text(zone)] => match zone.as_str() {
            "UTC" | "Etc/UTC" => 0,
            // Written without a plus sign in rules: `02:00`.
            zone if zone.starts_with(|c: char| c.is_ascii_digit()) => {
                parse_offset(&format!("+{zone}")).ok_or_else(|| Fault::rule("unknown time zone"))?
            }
            zone => parse_offset(zone).ok_or_else(|| Fault::rule("unknown time zone"))?,
        },
        _ => return Err(Fault::rule(format!("no such overload: {name}"))),
    };
    let civil = time.civil(offset);
    Ok(Val::Int(match name {
        "getFullYear" => civil.year,
        "getMonth" => civil.month - 1,
        "getDate" => civil.day,
        "getDayOfMonth" => civil.day - 1,
        "getDayOfWeek" => civil.weekday,
        "getDayOfYear" => civil.day_of_year,
        "getHours" => civil.hour,
        "getMinutes" => civil.minute,
        "getSeconds" => civil.second,
        "getMilliseconds" => i64::from(time.nanos / 1_000_000),
        _ => return Err(Fault::rule(format!("no such overload: {name} of a timestamp"))),
    }))
}

fn duration_part<'a>(name: &str, nanos: i64) -> Evaluated<'a> {
    Ok(Val::Int(match name {
        "getHours" => nanos / 3_600_000_000_000,
        "getMinutes" => nanos / 60_000_000_000,
        "getSeconds" => nanos / 1_000_000_000,
        "getMilliseconds" => nanos / 1_000_000,
        _ => return Err(Fault::rule(format!("no such overload: {name} of a duration"))),
    }))
}

fn named_format(name: &str) -> Option<&'static str> {
    [
        "byte",
        "date",
        "datetime",
        "dns1035Label",
        "dns1035LabelPrefix",
        "dns1123Label",
        "dns1123LabelPrefix",
        "dns1123Subdomain",
        "dns1123SubdomainPrefix",
        "labelValue",
        "qualifiedName",
        "uri",
        "uuid",
    ]
    .into_iter()
    .find(|known| *known == name)
}

/// Something will follow a prefix, so it may end with a dash; the server puts a letter in its place.
fn without_trailing_dash(text: &str) -> String {
    match text.strip_suffix('-') {
        Some(head) if !head.is_empty() => format!("{head}a"),
        _ => text.to_owned(),
    }
}

/// The findings of a format on a text, as an optional list.
fn validate<'a>(format: &str, text: &str) -> Val<'a> {
    let prefix = without_trailing_dash(text);
    let found = |reason: Option<String>| match reason {
        None => Val::Optional(None),
        Some(reason) => Val::some(Val::list(vec![Val::text(reason)])),
    };
    let verdict = match format {
        "dns1035LabelPrefix" => name::dns_label_1035(&prefix),
        "dns1123LabelPrefix" => name::dns_label(&prefix),
        "dns1123SubdomainPrefix" => name::dns_subdomain(&prefix),
        "dns1123Label" => name::dns_label(text),
        "dns1123Subdomain" => name::dns_subdomain(text),
        "dns1035Label" => name::dns_label_1035(text),
        "qualifiedName" => name::qualified(text),
        "labelValue" => name::label_value(text),
        other => {
            let refused = Format::of_string(other).filter(|format| !format.accepts(text));
            return found(refused.map(|format| format!("is not {}", format.words())));
        }
    };
    found(verdict.err().map(|flaw| flaw.to_string()))
}
