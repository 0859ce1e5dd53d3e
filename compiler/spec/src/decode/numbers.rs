//! Whole numbers with bounds, and the units that a user may have written behind them.

use std::fmt::Debug;
use std::marker::PhantomData;

use flatwright_go::duration;
use flatwright_yaml::Style;
use flatwright_yaml::scalar::{Scalar, core};
use serde_json::{Value, json};

use super::scalars::{FromScalar, Meant, Mismatch};
use super::shortened;

/// A whole number from `MIN` to `MAX` that counts `U`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Int<const MIN: i64, const MAX: i64, U = One>(i64, PhantomData<U>);

/// What a number counts. The key says it, so it is not written with the number.
pub trait Unit: Copy + Debug + Ord {
    /// What a message says was expected.
    const EXPECTED: &'static str;

    /// The number that a text with a unit stands for.
    fn count(text: &str) -> Option<Counted>;
}

/// A number that was written with its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    number: i64,
    /// Whether the unit says nothing else than this number: a `GB` may be meant decimal.
    is_exact: bool,
}

/// Things, one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct One;

impl Unit for One {
    const EXPECTED: &'static str = "a whole number";

    fn count(_: &str) -> Option<Counted> {
        None
    }
}

/// Units of 1024 to the power `P` bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bytes<const P: u32>;

/// KiB.
pub type KiB = Bytes<1>;
/// MiB.
pub type MiB = Bytes<2>;
/// GiB.
pub type GiB = Bytes<3>;

impl<const P: u32> Unit for Bytes<P> {
    const EXPECTED: &'static str = match P {
        1 => "a whole number of KiB",
        2 => "a whole number of MiB",
        _ => "a whole number of GiB",
    };

    fn count(text: &str) -> Option<Counted> {
        let end = text.find(|c: char| !c.is_ascii_digit())?;
        let number: i64 = text[..end].parse().ok()?;
        let suffix = text[end..].trim_start().to_ascii_lowercase();
        let suffix = suffix.strip_suffix('b').unwrap_or(&suffix);
        let (letter, is_exact) = suffix.strip_suffix('i').map_or((suffix, false), |letter| (letter, true));
        let power = 1 + u32::try_from(["k", "m", "g", "t", "p"].iter().position(|known| *known == letter)?).ok()?;
        let step = 1024_i64.checked_pow(power.abs_diff(P))?;
        let number =
            if power >= P { number.checked_mul(step)? } else { Some(number / step).filter(|_| number % step == 0)? };
        Some(Counted { number, is_exact })
    }
}

/// Seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Second;

impl Unit for Second {
    const EXPECTED: &'static str = "a whole number of seconds";

    /// As Cluster API's older contracts had it: `10m`, `1h30m`.
    fn count(text: &str) -> Option<Counted> {
        let nanoseconds = duration::nanoseconds(text)?;
        let is_whole = nanoseconds % 1_000_000_000 == 0;
        is_whole.then_some(Counted { number: nanoseconds / 1_000_000_000, is_exact: true })
    }
}

impl<const MIN: i64, const MAX: i64, U: Unit> Int<MIN, MAX, U> {
    /// The number.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl<const MIN: i64, const MAX: i64, U: Unit> FromScalar for Int<MIN, MAX, U> {
    const EXPECTED: &'static str = U::EXPECTED;

    fn from_scalar(text: &str, is_plain: bool) -> Result<Self, Mismatch> {
        if !is_plain {
            return Err(Mismatch::Type);
        }
        match core(text, Style::Plain, None) {
            Scalar::Int(value) if (MIN..=MAX).contains(&value) => Ok(Self(value, PhantomData)),
            Scalar::Int(_) | Scalar::Unsigned(_) => Err(Mismatch::Range(MIN, MAX)),
            // Integers beyond 64 bits arrive as floats.
            Scalar::Float(_) if text.bytes().all(|b| b.is_ascii_digit() || b"+-".contains(&b)) => {
                Err(Mismatch::Range(MIN, MAX))
            }
            _ => Err(Mismatch::Type),
        }
    }

    fn meant(text: &str) -> Option<Meant> {
        let whole = text.strip_suffix(".0").unwrap_or(text);
        if !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit()) {
            return Some(Meant::certain(whole.to_owned(), format!("write `{}`, without quotes", shortened(whole))));
        }
        let Counted { number, is_exact } = U::count(text)?;
        let hint = format!("write `{number}`: the key says the unit");
        Some(Meant { text: number.to_string(), hint, is_certain: is_exact })
    }

    fn schema() -> Value {
        json!({ "type": "integer", "minimum": MIN, "maximum": MAX })
    }

    fn wants_string() -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted<U: Unit>(text: &str) -> Option<(i64, bool)> {
        U::count(text).map(|counted| (counted.number, counted.is_exact))
    }

    #[test]
    fn a_unit_behind_a_number_is_counted_in_the_unit_of_the_key() {
        assert_eq!(counted::<GiB>("128Gi"), Some((128, true)));
        assert_eq!(counted::<GiB>("2 TiB"), Some((2048, true)));
        assert_eq!(counted::<GiB>("1024MiB"), Some((1, true)));
        assert_eq!(counted::<GiB>("128GB"), Some((128, false)));
        assert_eq!(counted::<MiB>("1g"), Some((1024, false)));
        assert_eq!(counted::<Second>("1h30m"), Some((5400, true)));
    }

    #[test]
    fn a_unit_that_does_not_come_out_even_or_is_unknown_is_not_counted() {
        for text in ["100Mi", "Gi", "1.5Gi", "1Xi", "128", "99999999999999999999Gi", "9000000000000000000Pi", ""] {
            assert_eq!(counted::<GiB>(text), None, "{text}");
        }
        assert_eq!(counted::<Second>("1500ms"), None);
        assert_eq!(counted::<One>("128Gi"), None);
    }
}
