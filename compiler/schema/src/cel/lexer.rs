//! Text of a rule → tokens.

use std::sync::Arc;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Name(Box<str>),
    /// A name in backticks: a field that is no identifier.
    QuotedName(Box<str>),
    Int(u64),
    Uint(u64),
    Double(f64),
    Text(Arc<str>),
    Bytes(Arc<[u8]>),
    Symbol(&'static str),
}

/// Longest first, so that the first match is the right one.
const SYMBOLS: [&str; 26] = [
    "==", "!=", "<=", ">=", "&&", "||", ".?", "[?", "(", ")", "[", "]", "{", "}", ".", ",", ":", "?", "<", ">", "+",
    "-", "*", "/", "%", "!",
];

pub(super) fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']);
        if let Some(comment) = rest.strip_prefix("//") {
            rest = comment.find('\n').map_or("", |end| &comment[end..]);
            continue;
        }
        let Some(first) = rest.chars().next() else { return Ok(tokens) };
        if let Some((token, after)) = string(rest)? {
            tokens.push(token);
            rest = after;
        } else if first.is_ascii_digit() || (first == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit())) {
            let (token, after) = number(rest)?;
            tokens.push(token);
            rest = after;
        } else if first.is_ascii_alphabetic() || first == '_' {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            tokens.push(Token::Name(rest[..end].into()));
            rest = &rest[end..];
        } else if first == '`' {
            let Some(end) = rest[1..].find('`') else { return Err("name in backticks is not closed".into()) };
            tokens.push(Token::QuotedName(rest[1..=end].into()));
            rest = &rest[end + 2..];
        } else if let Some(symbol) = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
            tokens.push(Token::Symbol(symbol));
            rest = &rest[symbol.len()..];
        } else {
            return Err(format!("unexpected character `{first}`"));
        }
    }
}

fn number(text: &str) -> Result<(Token, &str), String> {
    let fault = || format!("bad number near `{}`", text.chars().take(20).collect::<String>());
    if let Some(hex) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        let end = hex.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(hex.len());
        let value = u64::from_str_radix(&hex[..end], 16).map_err(|_| fault())?;
        return Ok(match hex[end..].strip_prefix(['u', 'U']) {
            Some(rest) => (Token::Uint(value), rest),
            None => (Token::Int(value), &hex[end..]),
        });
    }
    let bytes = text.as_bytes();
    let digits = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at
    };
    let mut end = digits(0);
    let mut is_double = false;
    // `1.foo()` is a call on 1, so a dot counts only before a digit.
    if bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
        is_double = true;
        end = digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        if bytes.get(end + 1 + sign).is_some_and(u8::is_ascii_digit) {
            is_double = true;
            end = digits(end + 1 + sign);
        }
    }
    let (literal, rest) = text.split_at(end);
    if is_double {
        return Ok((Token::Double(literal.parse().map_err(|_| fault())?), rest));
    }
    let value = literal.parse().map_err(|_| fault())?;
    Ok(match rest.strip_prefix(['u', 'U']) {
        Some(rest) => (Token::Uint(value), rest),
        None => (Token::Int(value), rest),
    })
}

/// A string or bytes literal, if the text starts with one.
fn string(text: &str) -> Result<Option<(Token, &str)>, String> {
    let prefix = text.bytes().take(3).position(|b| matches!(b, b'"' | b'\'')).map_or("", |at| &text[..at]);
    let (raw, bytes) = match prefix.to_ascii_lowercase().as_str() {
        "" if text.starts_with(['"', '\'']) => (false, false),
        "r" => (true, false),
        "b" => (false, true),
        "rb" | "br" => (true, true),
        _ => return Ok(None),
    };
    let body = &text[prefix.len()..];
    let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| body.starts_with(*quote));
    let Some(quote) = quote else { return Ok(None) };
    let body = &body[quote.len()..];
    let mut out = Vec::new();
    let mut rest = body;
    loop {
        if let Some(after) = rest.strip_prefix(quote) {
            let token = if bytes {
                Token::Bytes(out.into())
            } else {
                let text = String::from_utf8(out).map_err(|_| "string is not UTF-8".to_owned())?;
                Token::Text(text.into())
            };
            return Ok(Some((token, after)));
        }
        let Some(c) = rest.chars().next() else { return Err("string is not closed".into()) };
        if c == '\\' && !raw {
            rest = escape(&rest[1..], bytes, &mut out)?;
        } else {
            if matches!(c, '\n' | '\r') && quote.len() == 1 {
                return Err("string is not closed on its line".into());
            }
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            rest = &rest[c.len_utf8()..];
            if c == '\\'
                && let Some(next) = rest.chars().next()
            {
                out.extend_from_slice(next.encode_utf8(&mut [0; 4]).as_bytes());
                rest = &rest[next.len_utf8()..];
            }
        }
    }
}

fn escape<'a>(rest: &'a str, bytes: bool, out: &mut Vec<u8>) -> Result<&'a str, String> {
    let c = rest.chars().next().ok_or("string is not closed")?;
    let (radix, width, from) = match c {
        'x' | 'X' => (16, 2, 1),
        'u' if !bytes => (16, 4, 1),
        'U' if !bytes => (16, 8, 1),
        '0'..='3' => (8, 3, 0),
        _ => {
            let plain = match c {
                'a' => 7,
                'b' => 8,
                'f' => 12,
                'n' => b'\n',
                'r' => b'\r',
                't' => b'\t',
                'v' => 11,
                '"' | '\'' | '\\' | '?' | '`' => c as u8,
                _ => return Err(format!("unknown escape `\\{c}`")),
            };
            out.push(plain);
            return Ok(&rest[1..]);
        }
    };
    let fault = || format!("bad escape `\\{c}`");
    let digits = rest.get(from..from + width).ok_or_else(fault)?;
    let code = u32::from_str_radix(digits, radix).map_err(|_| fault())?;
    if bytes {
        out.push(u8::try_from(code).map_err(|_| fault())?);
    } else {
        let c = char::from_u32(code).ok_or_else(fault)?;
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }
    Ok(&rest[from + width..])
}
