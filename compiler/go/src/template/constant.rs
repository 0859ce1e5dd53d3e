//! Constants: what a number or a character in a template is.

use super::problem::Problem;
use super::tree::Number;
use crate::literal;
use crate::unquote::unquote_char;

/// A character constant with its quotes.
pub(super) fn character(text: &str) -> Result<Number, Problem> {
    let (value, rest) = unquote_char(&text[1..]).ok_or_else(|| Problem::BadEscape(text.to_owned()))?;
    if rest != "'" {
        return Err(Problem::BadChar(text.to_owned()));
    }
    Ok(Number {
        int: Some(value.into()),
        uint: Some(value.into()),
        float: Some(value.into()),
        is_complex: false,
        text: text.into(),
    })
}

/// `1+2i`.
pub(super) fn complex(text: &str) -> Result<Number, Problem> {
    let bad = || Problem::BadNumber(text.to_owned());
    let imaginary = text.strip_suffix('i').ok_or_else(bad)?;
    // A sign behind an exponent's mark belongs to the exponent.
    let is_exponent = |at: usize| {
        let mark = text.as_bytes()[at - 1].to_ascii_lowercase();
        let is_hex = text[..at].to_ascii_lowercase().contains("0x");
        mark == b'p' || (mark == b'e' && !is_hex)
    };
    let mut signs = imaginary.char_indices().skip(1).filter(|(_, c)| matches!(c, '+' | '-')).map(|(at, _)| at);
    let middle = signs.find(|at| !is_exponent(*at)).ok_or_else(bad)?;
    let real = literal::float(&text[..middle]).ok_or_else(bad)?;
    let imaginary = literal::float(&imaginary[middle..]).ok_or_else(bad)?;
    Ok(of_complex(real, imaginary, text))
}

/// Any other number.
pub(super) fn number(text: &str) -> Result<Number, Problem> {
    if let Some(imaginary) = text.strip_suffix('i').and_then(literal::float) {
        return Ok(of_complex(0.0, imaginary, text));
    }
    let int = literal::int(text);
    let uint = literal::uint(text).or(if int == Some(0) { Some(0) } else { None });
    let mut found = Number { int, uint, float: None, is_complex: false, text: text.into() };
    found.float = int.map(|value| value as f64).or(uint.map(|value| value as f64));
    if found.float.is_none() {
        let value = literal::float(text).ok_or_else(|| Problem::BadNumber(text.to_owned()))?;
        if !text.contains(['.', 'e', 'E', 'p', 'P']) {
            return Err(Problem::IntegerOverflow(text.to_owned()));
        }
        found.float = Some(value);
        (found.int, found.uint) = whole(value);
    }
    Ok(found)
}

fn of_complex(real: f64, imaginary: f64, text: &str) -> Number {
    let is_real = imaginary == 0.0;
    let (int, uint) = if is_real { whole(real) } else { (None, None) };
    Number { int, uint, float: is_real.then_some(real), is_complex: true, text: text.into() }
}

/// A float as whole numbers, where it is one.
fn whole(value: f64) -> (Option<i64>, Option<u64>) {
    let (int, uint) = (value as i64, value as u64);
    let int = (int as f64 == value && int != i64::MAX).then_some(int);
    (int, (uint as f64 == value && uint != u64::MAX).then_some(uint))
}
