//! Package `strconv`: what quoted texts and characters say.

/// Reads a quoted text with its quotes, as `strconv.Unquote` does; `None` if it is not one. The bytes need not be UTF-8: `"\xff"`.
///
/// ```
/// assert_eq!(flatwright_go::unquote::unquote(r#""a\tb""#), Some(b"a\tb".to_vec()));
/// assert_eq!(flatwright_go::unquote::unquote(r#""\q""#), None);
/// ```
pub fn unquote(text: &str) -> Option<Vec<u8>> {
    let quote = text.chars().next()?;
    let inner = text.get(1..text.len().checked_sub(1)?)?;
    if !text.ends_with(quote) || (quote != '`' && inner.contains('\n')) {
        return None;
    }
    match quote {
        '`' => (!inner.contains('`')).then(|| inner.bytes().filter(|byte| *byte != b'\r').collect()),
        '"' | '\'' => {
            let (mut out, mut rest) = (Vec::with_capacity(inner.len()), inner);
            while !rest.is_empty() {
                let (unit, after) = unit(rest, quote)?;
                unit.push_to(&mut out);
                rest = after;
            }
            (quote == '"' || std::str::from_utf8(&out).is_ok_and(|text| text.chars().count() == 1)).then_some(out)
        }
        _ => None,
    }
}

/// Reads one character constant without its first quote, as `strconv.UnquoteChar` does: its value and what is left of the text.
pub fn unquote_char(text: &str) -> Option<(u32, &str)> {
    let (unit, rest) = unit(text, '\'')?;
    Some(match unit {
        Unit::Byte(byte) => (byte.into(), rest),
        Unit::Char(c) => (c.into(), rest),
    })
}

enum Unit {
    Byte(u8),
    Char(char),
}

impl Unit {
    fn push_to(&self, out: &mut Vec<u8>) {
        match self {
            Self::Byte(byte) => out.push(*byte),
            Self::Char(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

/// One character or escape, and what follows.
fn unit(text: &str, quote: char) -> Option<(Unit, &str)> {
    let c = text.chars().next()?;
    if c == quote {
        return None;
    }
    let rest = &text[c.len_utf8()..];
    if c != '\\' {
        return Some((Unit::Char(c), rest));
    }
    let escape = rest.chars().next()?;
    let rest = &rest[escape.len_utf8()..];
    let plain = match escape {
        'a' => '\x07',
        'b' => '\x08',
        'f' => '\x0c',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\x0b',
        '\\' => '\\',
        '\'' | '"' if escape == quote => quote,
        'x' => return hex(rest, 2).and_then(|(value, rest)| Some((Unit::Byte(value.try_into().ok()?), rest))),
        'u' => return hex(rest, 4).and_then(|(value, rest)| Some((Unit::Char(char::from_u32(value)?), rest))),
        'U' => return hex(rest, 8).and_then(|(value, rest)| Some((Unit::Char(char::from_u32(value)?), rest))),
        '0'..='7' => {
            let digits = rest.get(..2).filter(|digits| digits.bytes().all(|digit| matches!(digit, b'0'..=b'7')))?;
            let value = u32::from_str_radix(digits, 8).ok()? + 64 * escape.to_digit(8)?;
            return Some((Unit::Byte(value.try_into().ok()?), &rest[2..]));
        }
        _ => return None,
    };
    Some((Unit::Char(plain), rest))
}

fn hex(text: &str, length: usize) -> Option<(u32, &str)> {
    let digits = text.get(..length).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
    Some((u32::from_str_radix(digits, 16).ok()?, &text[length..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_those_of_go() {
        for (text, value) in [
            (r#""""#, Some(&b""[..])),
            (r#""a\n\x41\101\u00e4\U0001F600""#, Some("a\nAAä😀".as_bytes())),
            (r#""\xff""#, Some(b"\xff")),
            (r#""\"""#, Some(b"\"")),
            (r"'\''", Some(b"'")),
            ("`a\r\n\\n`", Some(b"a\n\\n")),
            (r#""\'""#, None),
            (r#""\400""#, None),
            (r#""\ud800""#, None),
            (r#""\08""#, None),
            ("'ab'", None),
            ("\"", None),
            ("\"a", None),
        ] {
            assert_eq!(unquote(text).as_deref(), value, "{text}");
        }
        assert_eq!(unquote_char("a'"), Some((97, "'")));
        assert_eq!(unquote_char(r"\xff'"), Some((255, "'")));
        assert_eq!(unquote_char("'"), None);
    }
}
