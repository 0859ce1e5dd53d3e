//! Functions on texts: the standard ones, the strings extension, `find` and `findAll`, and `format`.

use std::rc::Rc;

use super::lists::items;
use super::value::{Evaluated, Fault, Text, Val, no_overload, render};
use flatwright_go::regexp::compile;

pub(super) fn call<'a>(name: &str, text: &str, args: &[Val<'a>]) -> Evaluated<'a> {
    let strings: Option<Vec<&str>> =
        args.iter().map(|arg| if let Val::Text(text) = arg { Some(text.as_str()) } else { None }).collect();
    match (name, strings.as_deref()) {
        ("contains", Some([part])) => Ok(Val::Bool(text.contains(part))),
        ("startsWith", Some([part])) => Ok(Val::Bool(text.starts_with(part))),
        ("endsWith", Some([part])) => Ok(Val::Bool(text.ends_with(part))),
        ("matches", Some([pattern])) => Ok(Val::Bool(regex(pattern)?.is_match(text))),
        ("find", Some([pattern])) => Ok(Val::text(regex(pattern)?.find(text).map_or("", |found| found.as_str()))),
        ("lowerAscii", Some([])) => Ok(Val::text(text.to_ascii_lowercase())),
        ("upperAscii", Some([])) => Ok(Val::text(text.to_ascii_uppercase())),
        ("trim", Some([])) => Ok(Val::text(text.trim())),
        ("reverse", Some([])) => Ok(Val::text(text.chars().rev().collect::<String>())),
        ("replace", Some([from, to])) => Ok(Val::text(text.replace(from, to))),
        ("split", Some([separator])) => Ok(split(text, separator, -1)),
        ("indexOf", Some([part])) => Ok(Val::Int(text.find(part).map_or(-1, |at| count(&text[..at])))),
        ("lastIndexOf", Some([part])) => Ok(Val::Int(text.rfind(part).map_or(-1, |at| count(&text[..at])))),
        _ => with_numbers(name, text, args),
    }
}

/// What a call would make out of proportion to what it takes: paid before it is made.
pub(super) fn growth(name: &str, values: &[Val<'_>]) -> u64 {
    let length = |value: &Val<'_>| if let Val::Text(text) = value { text.as_str().len() as u64 } else { 0 };
    match (name, values) {
        ("replace", [text, from, to, ..]) => (length(text) / length(from).max(1) + 1).saturating_mul(length(to)) / 10,
        ("matches" | "find" | "findAll", [text, pattern, ..]) => (length(text) / 10 + 1) * (length(pattern) / 4 + 1),
        ("join", [list, separator]) => {
            (list.list_len().unwrap_or_default() as u64).saturating_mul(length(separator)) / 10
        }
        // Each item of the one list is looked up in the other.
        ("sets.contains" | "sets.equivalent" | "sets.intersects", [a, b]) => {
            let length = |list: &Val<'_>| list.list_len().unwrap_or_default() as u64;
            length(a).saturating_mul(length(b)).saturating_mul(2)
        }
        _ => 0,
    }
}

fn with_numbers<'a>(name: &str, text: &str, args: &[Val<'a>]) -> Evaluated<'a> {
    let out_of_range = || Fault::rule(format!("index out of range in {name}"));
    let offset = |index: i64| -> Result<usize, Fault> {
        let index = usize::try_from(index).map_err(|_| out_of_range())?;
        let mut ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        ends.nth(index).ok_or_else(out_of_range)
    };
    match (name, args) {
        ("charAt", [Val::Int(index)]) => {
            let at = offset(*index)?;
            Ok(Val::text(text[at..].chars().next().map(String::from).unwrap_or_default()))
        }
        ("substring", [Val::Int(from)]) => Ok(Val::text(&text[offset(*from)?..])),
        ("substring", [Val::Int(from), Val::Int(to)]) => {
            let (from, to) = (offset(*from)?, offset(*to)?);
            text.get(from..to).map(Val::text).ok_or_else(out_of_range)
        }
        ("indexOf", [Val::Text(part), Val::Int(from)]) => {
            let from = offset(*from)?;
            Ok(Val::Int(text[from..].find(part.as_str()).map_or(-1, |at| count(&text[..from + at]))))
        }
        ("lastIndexOf", [Val::Text(part), Val::Int(to)]) => {
            let end = (offset(*to)? + part.as_str().len()).min(text.len());
            let found = text.get(..end).and_then(|head| head.rfind(part.as_str()));
            Ok(Val::Int(found.map_or(-1, |at| count(&text[..at]))))
        }
        ("replace", [Val::Text(from), Val::Text(to), Val::Int(most)]) => Ok(Val::text(match usize::try_from(*most) {
            Ok(most) => text.replacen(from.as_str(), to.as_str(), most),
            Err(_) => text.replace(from.as_str(), to.as_str()),
        })),
        ("split", [Val::Text(separator), Val::Int(most)]) => Ok(split(text, separator.as_str(), *most)),
        ("findAll", [Val::Text(pattern), rest @ ..]) => {
            let most = match rest {
                [] => usize::MAX,
                [Val::Int(most)] => usize::try_from(*most).unwrap_or(usize::MAX),
                _ => return Err(no_overload(name, &[&args[0]])),
            };
            let found = regex(pattern.as_str())?;
            Ok(Val::list(found.find_iter(text).take(most).map(|found| Val::text(found.as_str())).collect()))
        }
        ("format", [values]) => format(text, &items(values)?),
        _ => Err(no_overload(name, &args.iter().collect::<Vec<_>>())),
    }
}

fn regex(pattern: &str) -> Result<Rc<regex::Regex>, Fault> {
    thread_local! {
        /// Rules use few patterns and evaluate them for every entry of a list; compiling costs a thousand times more than matching.
        static RECENT: std::cell::RefCell<Vec<(Box<str>, Rc<regex::Regex>)>> = const { std::cell::RefCell::new(Vec::new()) };
    }
    const KEPT: usize = 256;
    RECENT.with_borrow_mut(|recent| {
        if let Some((_, found)) = recent.iter().find(|(known, _)| **known == *pattern) {
            return Ok(Rc::clone(found));
        }
        let compiled = Rc::new(compile(pattern).ok_or_else(|| Fault::rule(format!("`{pattern}` is not a pattern")))?);
        if recent.len() == KEPT {
            recent.remove(0);
        }
        recent.push((pattern.into(), Rc::clone(&compiled)));
        Ok(compiled)
    })
}

fn count(text: &str) -> i64 {
    i64::try_from(text.chars().count()).unwrap_or(i64::MAX)
}

fn split<'a>(text: &str, separator: &str, most: i64) -> Val<'a> {
    let parts: Vec<&str> = if separator.is_empty() {
        text.char_indices().map(|(at, c)| &text[at..at + c.len_utf8()]).collect()
    } else {
        match usize::try_from(most) {
            Ok(0) => Vec::new(),
            Ok(most) => text.splitn(most, separator).collect(),
            Err(_) => text.split(separator).collect(),
        }
    };
    Val::list(parts.into_iter().map(Val::text).collect())
}

/// `join` of a list of texts.
pub(super) fn join<'a>(list: &Val<'a>, args: &[Val<'a>]) -> Evaluated<'a> {
    let separator = match args {
        [] => "",
        [Val::Text(text)] => text.as_str(),
        _ => return Err(no_overload("join", &[list])),
    };
    let mut out = String::new();
    for (index, item) in items(list)?.into_iter().enumerate() {
        let Val::Text(text) = item else { return Err(no_overload("join", &[list])) };
        if index > 0 {
            out.push_str(separator);
        }
        out.push_str(text.as_str());
    }
    Ok(Val::text(out))
}

/// A text in double quotes with escapes.
pub(super) fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

/// `'%s has %d'.format([…])`.
fn format<'a>(template: &str, values: &[Val<'a>]) -> Evaluated<'a> {
    let mut out = String::new();
    let mut values = values.iter();
    let mut chars = template.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        if chars.next_if_eq(&'%').is_some() {
            out.push('%');
            continue;
        }
        let mut precision = None;
        if chars.next_if_eq(&'.').is_some() {
            let mut digits = String::new();
            while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                digits.push(digit);
            }
            precision = digits.parse::<usize>().ok().filter(|precision| *precision <= 100);
        }
        let verb = chars.next().ok_or_else(|| Fault::rule("format ends within a clause"))?;
        let value = values.next().ok_or_else(|| Fault::rule("format has more clauses than values"))?;
        let unfit = || no_overload(&format!("format %{verb}"), &[value]);
        let text = match (verb, value) {
            ('s', value) => display(value).ok_or_else(unfit)?,
            ('d', Val::Int(_) | Val::Uint(_)) => render(value).ok_or_else(unfit)?,
            ('f', value) => format!("{:.*}", precision.unwrap_or(6), number(value).ok_or_else(unfit)?),
            ('e', value) => exponent(number(value).ok_or_else(unfit)?, precision.unwrap_or(6)),
            ('b', Val::Int(n)) => {
                if *n < 0 {
                    format!("-{:b}", n.unsigned_abs())
                } else {
                    format!("{n:b}")
                }
            }
            ('b', Val::Uint(n)) => format!("{n:b}"),
            ('b', Val::Bool(n)) => u8::from(*n).to_string(),
            ('o', Val::Int(n)) => {
                if *n < 0 {
                    format!("-{:o}", n.unsigned_abs())
                } else {
                    format!("{n:o}")
                }
            }
            ('o', Val::Uint(n)) => format!("{n:o}"),
            ('x' | 'X', Val::Int(n)) => {
                cased(verb, if *n < 0 { format!("-{:x}", n.unsigned_abs()) } else { format!("{n:x}") })
            }
            ('x' | 'X', Val::Uint(n)) => cased(verb, format!("{n:x}")),
            ('x' | 'X', Val::Text(text)) => cased(verb, text.as_str().bytes().map(|b| format!("{b:02x}")).collect()),
            ('x' | 'X', Val::Bytes(bytes)) => cased(verb, bytes.iter().map(|b| format!("{b:02x}")).collect()),
            _ => return Err(unfit()),
        };
        out.push_str(&text);
    }
    Ok(Val::text(out))
}

fn cased(verb: char, text: String) -> String {
    if verb == 'X' { text.to_uppercase() } else { text }
}

fn number(value: &Val<'_>) -> Option<f64> {
    match value {
        Val::Double(value) => Some(*value),
        Val::Int(value) => Some(*value as f64),
        Val::Uint(value) => Some(*value as f64),
        _ => None,
    }
}

/// Go's and C's form of an exponent: a sign and at least two digits.
fn exponent(value: f64, precision: usize) -> String {
    let text = format!("{value:.precision$e}");
    let Some((mantissa, power)) = text.split_once('e') else { return text };
    let (sign, digits) = power.strip_prefix('-').map_or(('+', power), |digits| ('-', digits));
    format!("{mantissa}e{sign}{digits:0>2}")
}

/// What `%s` writes.
fn display(value: &Val<'_>) -> Option<String> {
    if value.list_len().is_some() {
        let shown: Option<Vec<_>> = items(value).ok()?.iter().map(display).collect();
        return Some(format!("[{}]", shown?.join(", ")));
    }
    if let Some(keys) = value.keys() {
        let mut entries = Vec::new();
        for key in keys {
            entries.push(format!("{}: {}", display(&key)?, display(&value.field(&key)?.ok()?)?));
        }
        entries.sort();
        return Some(format!("{{{}}}", entries.join(", ")));
    }
    match value {
        Val::Null => Some("null".into()),
        Val::Text(Text::Borrowed(text)) => Some((*text).to_owned()),
        _ => render(value),
    }
}
