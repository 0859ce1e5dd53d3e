//! Package `fmt`: values as `Print` and `Printf` write them. Only for values in which everything is known.

use super::value::{Heap, Stop, Value, type_name};
use crate::number;
use crate::quote::quote;

/// Lists and maps in each other; a map may hold itself.
const DEEPEST: usize = 100;

/// `fmt.Sprint`: a space between two operands of which neither is a text.
pub fn sprint(heap: &mut Heap, values: &[Value]) -> Result<String, Stop> {
    let mut out = String::new();
    for (index, value) in values.iter().enumerate() {
        let is_text = |value: &Value| matches!(value, Value::Text(_));
        if index > 0 && !is_text(value) && !is_text(&values[index - 1]) {
            out.push(' ');
        }
        show(heap, value, &mut out, 0)?;
    }
    Ok(out)
}

/// `fmt.Sprintln`.
pub fn sprintln(heap: &mut Heap, values: &[Value]) -> Result<String, Stop> {
    let mut out = String::new();
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        show(heap, value, &mut out, 0)?;
    }
    out.push('\n');
    Ok(out)
}

/// `%v`.
pub fn shown(heap: &mut Heap, value: &Value) -> Result<String, Stop> {
    let mut out = String::new();
    show(heap, value, &mut out, 0)?;
    Ok(out)
}

fn show(heap: &mut Heap, value: &Value, out: &mut String, depth: usize) -> Result<(), Stop> {
    if depth > DEEPEST {
        return Err(Stop);
    }
    let before = out.len();
    match value {
        Value::Missing | Value::Nil => out.push_str("<nil>"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Int(value, _) => out.push_str(&value.to_string()),
        Value::Float(value) => out.push_str(&general(*value)),
        Value::Text(text) => {
            heap.spend(text.len())?;
            out.push_str(text);
        }
        Value::List(list) => {
            let items = heap.items(*list).to_vec();
            heap.spend(items.len())?;
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(' ');
                }
                show(heap, item, out, depth + 1)?;
            }
            out.push(']');
        }
        Value::Map(map) => {
            let entries = heap.entries(*map).clone();
            heap.spend(entries.len())?;
            out.push_str("map[");
            for (index, (key, value)) in entries.iter().enumerate() {
                if index > 0 {
                    out.push(' ');
                }
                out.push_str(key);
                out.push(':');
                show(heap, value, out, depth + 1)?;
            }
            out.push(']');
        }
        Value::Unknown(_) => return Err(Stop),
    }
    heap.spend(out.len() - before)
}

/// `%v` of a float.
fn general(value: f64) -> String {
    match value {
        value if value.is_nan() => "NaN".to_owned(),
        value if value.is_infinite() => if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned(),
        value => number::general(value),
    }
}

/// One `%…` of a format.
#[derive(Default)]
struct Directive {
    plus: bool,
    minus: bool,
    sharp: bool,
    space: bool,
    zero: bool,
    width: Option<usize>,
    precision: Option<usize>,
}

/// `fmt.Sprintf` of the verbs that templates use; `None` for what is not known here.
pub fn sprintf(heap: &mut Heap, format: &str, values: &[Value]) -> Result<Option<String>, Stop> {
    let (mut out, mut rest, mut used) = (String::new(), format, 0);
    while let Some((text, after)) = rest.split_once('%') {
        out.push_str(text);
        let (directive, verb, after) = match directive(after) {
            Some(parts) => parts,
            None if after.is_empty() => {
                out.push_str("%!(NOVERB)");
                rest = "";
                break;
            }
            None => return Ok(None),
        };
        rest = after;
        if verb == '%' {
            out.push('%');
            continue;
        }
        let Some(value) = values.get(used) else {
            out.push_str(&format!("%!{verb}(MISSING)"));
            continue;
        };
        used += 1;
        let Some(text) = formatted(heap, &directive, verb, value)? else { return Ok(None) };
        out.push_str(&text);
        heap.spend(text.len())?;
    }
    out.push_str(rest);
    if used < values.len() {
        // What was not asked for is shown with its type.
        let mut extra = Vec::new();
        for value in &values[used..] {
            extra.push(match value {
                Value::Missing | Value::Nil => "<nil>".to_owned(),
                value => format!("{}={}", type_name(value), shown(heap, value)?),
            });
        }
        out.push_str(&format!("%!(EXTRA {})", extra.join(", ")));
    }
    heap.spend(out.len())?;
    Ok(Some(out))
}

fn directive(text: &str) -> Option<(Directive, char, &str)> {
    let mut directive = Directive::default();
    let mut rest = text;
    loop {
        let flag = rest.chars().next()?;
        match flag {
            '+' => directive.plus = true,
            '-' => directive.minus = true,
            '#' => directive.sharp = true,
            ' ' => directive.space = true,
            '0' => directive.zero = true,
            _ => break,
        }
        rest = &rest[1..];
    }
    (directive.width, rest) = digits(rest)?;
    if let Some(after) = rest.strip_prefix('.') {
        let (precision, after) = digits(after)?;
        directive.precision = Some(precision.unwrap_or(0));
        rest = after;
    }
    let verb = rest.chars().next()?;
    // Positions and widths from arguments are rare enough to be left to Go.
    (!matches!(verb, '*' | '[')).then(|| (directive, verb, &rest[verb.len_utf8()..]))
}

/// A number of at most four digits; a longer one makes everything unknown.
fn digits(text: &str) -> Option<(Option<usize>, &str)> {
    let length = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if length > 4 {
        return None;
    }
    Some((text[..length].parse().ok(), &text[length..]))
}

fn formatted(heap: &mut Heap, directive: &Directive, verb: char, value: &Value) -> Result<Option<String>, Stop> {
    if directive.space || (directive.plus && !matches!(value, Value::Int(..) | Value::Float(_))) {
        return Ok(None);
    }
    // `%+v` is about the fields of structs.
    let directive = &Directive { plus: directive.plus && verb != 'v', ..*directive };
    let text = match (verb, value) {
        ('T', value) => type_name(value).to_owned(),
        ('v', Value::Missing | Value::Nil) => "<nil>".to_owned(),
        (verb, Value::Missing | Value::Nil) => format!("%!{verb}(<nil>)"),
        (_, _) if directive.sharp => return Ok(None),
        ('v' | 't', Value::Bool(value)) => value.to_string(),
        ('v' | 's', Value::Text(text)) => cut(text, directive.precision),
        ('q', Value::Text(text)) => quote(&cut(text, directive.precision)),
        ('x', Value::Text(text)) if directive.precision.is_none() => {
            text.bytes().map(|byte| format!("{byte:02x}")).collect()
        }
        ('v' | 'd' | 'x' | 'X' | 'o' | 'b', Value::Int(value, _)) if directive.precision.is_none() => {
            return Ok(Some(integer(directive, verb, *value)));
        }
        ('c', Value::Int(value, _)) => {
            let c = u32::try_from(*value).ok().and_then(char::from_u32);
            c.unwrap_or(char::REPLACEMENT_CHARACTER).to_string()
        }
        ('v' | 'g', Value::Float(value)) if directive.precision.is_none() && value.is_finite() => {
            return Ok(Some(signed(directive, &general(*value))));
        }
        ('f' | 'F', Value::Float(value)) if value.is_finite() => {
            let precision = directive.precision.unwrap_or(6);
            return Ok(Some(signed(directive, &format!("{value:.precision$}"))));
        }
        ('v', value @ (Value::List(_) | Value::Map(_)))
            if directive.width.is_none() && directive.precision.is_none() =>
        {
            shown(heap, value)?
        }
        ('d', Value::Text(_) | Value::Bool(_) | Value::Float(_))
        | ('s', Value::Bool(_) | Value::Int(..) | Value::Float(_))
            if directive.width.is_none() && directive.precision.is_none() =>
        {
            format!("%!{verb}({}={})", type_name(value), shown(heap, value)?)
        }
        _ => return Ok(None),
    };
    Ok(if directive.zero && directive.width.is_some() { None } else { Some(padded(directive, &text)) })
}

fn integer(directive: &Directive, verb: char, value: i64) -> String {
    let magnitude = value.unsigned_abs();
    let digits = match verb {
        'x' => format!("{magnitude:x}"),
        'X' => format!("{magnitude:X}"),
        'o' => format!("{magnitude:o}"),
        'b' => format!("{magnitude:b}"),
        _ => magnitude.to_string(),
    };
    signed(directive, &if value < 0 { format!("-{digits}") } else { digits })
}

/// A number with its sign, and zeros between the two where they were asked for.
fn signed(directive: &Directive, text: &str) -> String {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => (if directive.plus { "+" } else { "" }, text),
    };
    let width = directive.width.unwrap_or(0);
    if directive.zero && !directive.minus {
        let zeros = width.saturating_sub(sign.len() + digits.len());
        return format!("{sign}{}{digits}", "0".repeat(zeros));
    }
    padded(directive, &format!("{sign}{digits}"))
}

fn padded(directive: &Directive, text: &str) -> String {
    let missing = directive.width.unwrap_or(0).saturating_sub(text.chars().count());
    let spaces = " ".repeat(missing);
    if directive.minus { format!("{text}{spaces}") } else { format!("{spaces}{text}") }
}

fn cut(text: &str, precision: Option<usize>) -> String {
    precision.map_or_else(|| text.to_owned(), |length| text.chars().take(length).collect())
}
