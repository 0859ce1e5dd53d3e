//! Resource quantities: `10Gi`, `250m`, `1e3`.

use super::value::{Evaluated, Fault, Val, overflow};

/// A quantity in billionths, the finest step that Kubernetes keeps. Larger ones than fit are held at the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Quantity(i128);

const ONE: i128 = 1_000_000_000;

/// Whether a text is a quantity.
pub(crate) fn is_quantity(text: &str) -> bool {
    Quantity::parse(text).is_some()
}

impl Quantity {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = match text.strip_prefix(['+', '-']) {
            Some(rest) => (text.starts_with('-'), rest),
            None => (false, text),
        };
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, suffix) = rest.split_at(end);
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if fraction.contains('.') || (whole.is_empty() && fraction.is_empty()) {
            return None;
        }
        let binary = |power: u32| (1_i128 << (10 * power), 0_i32);
        let (factor, exponent) = match suffix {
            "" => (1, 0),
            "n" => (1, -9),
            "u" => (1, -6),
            "m" => (1, -3),
            "k" => (1, 3),
            "M" => (1, 6),
            "G" => (1, 9),
            "T" => (1, 12),
            "P" => (1, 15),
            "E" => (1, 18),
            "Ki" => binary(1),
            "Mi" => binary(2),
            "Gi" => binary(3),
            "Ti" => binary(4),
            "Pi" => binary(5),
            "Ei" => binary(6),
            _ => {
                let digits = suffix.strip_prefix(['e', 'E'])?;
                let plain = digits.strip_prefix(['+', '-']).unwrap_or(digits);
                if plain.is_empty() || !plain.bytes().all(|b| b.is_ascii_digit()) {
                    return None;
                }
                (1, digits.strip_prefix('+').unwrap_or(digits).parse::<i32>().ok()?)
            }
        };
        let magnitude =
            scaled(whole, fraction, exponent).and_then(|value| value.checked_mul(factor)).unwrap_or(i128::MAX);
        Some(Self(if negative { -magnitude } else { magnitude }))
    }

    pub(super) fn call<'a>(self, name: &str, args: &[Val<'a>]) -> Evaluated<'a> {
        let whole = (self.0 % ONE == 0).then(|| i64::try_from(self.0 / ONE).ok()).flatten();
        let other = match args {
            [Val::Quantity(other)] => Some(other.0),
            [Val::Int(other)] => Some(i128::from(*other) * ONE),
            _ => None,
        };
        match (name, other) {
            ("sign", None) => Ok(Val::Int(i64::try_from(self.0.signum()).unwrap_or_default())),
            ("isInteger", None) => Ok(Val::Bool(whole.is_some())),
            ("asInteger", None) => whole.map(Val::Int).ok_or_else(|| Fault::rule("cannot convert value to integer")),
            ("asApproximateFloat", None) => Ok(Val::Double(self.0 as f64 / ONE as f64)),
            ("add", Some(other)) => self.0.checked_add(other).map(|sum| Val::Quantity(Self(sum))).ok_or_else(overflow),
            ("sub", Some(other)) => {
                self.0.checked_sub(other).map(|rest| Val::Quantity(Self(rest))).ok_or_else(overflow)
            }
            ("isLessThan", Some(other)) => Ok(Val::Bool(self.0 < other)),
            ("isGreaterThan", Some(other)) => Ok(Val::Bool(self.0 > other)),
            ("compareTo", Some(other)) => Ok(Val::Int(self.0.cmp(&other) as i64)),
            _ => Err(Fault::rule(format!("no such overload: {name} of a quantity"))),
        }
    }
}

/// The digits times ten to the exponent, in billionths; finer parts round away from zero.
fn scaled(whole: &str, fraction: &str, exponent: i32) -> Option<i128> {
    let digits = format!("{whole}{fraction}");
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return Some(0);
    }
    let power = i64::from(exponent) + 9 - i64::try_from(fraction.len()).ok()?;
    if power >= 0 {
        return digits.parse::<i128>().ok()?.checked_mul(10_i128.checked_pow(u32::try_from(power).ok()?)?);
    }
    let cut = usize::try_from(-power).ok()?;
    if cut >= digits.len() {
        return Some(1);
    }
    let (kept, dropped) = digits.split_at(digits.len() - cut);
    Some(kept.parse::<i128>().ok()? + i128::from(dropped.bytes().any(|b| b != b'0')))
}
