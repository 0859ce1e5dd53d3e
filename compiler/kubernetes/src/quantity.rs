//! Resource quantities (`k8s.io/apimachinery/pkg/api/resource`): `10Gi`, `250m`, `1e3`.

/// A quantity in billionths, the finest step that Kubernetes keeps. Larger ones than fit are held at the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity(i128);

const ONE: i128 = 1_000_000_000;

impl Quantity {
    /// Reads a quantity; finer parts than a billionth round away from zero.
    pub fn parse(text: &str) -> Option<Self> {
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

    /// A quantity as the API server writes it: a whole number with the largest suffix of its own kind. `None` for what is no quantity.
    ///
    /// ```
    /// use flatwright_kubernetes::Quantity;
    ///
    /// assert_eq!(Quantity::canonical("0.5").as_deref(), Some("500m"));
    /// assert_eq!(Quantity::canonical("1e-1").as_deref(), Some("100e-3"));
    /// ```
    pub fn canonical(text: &str) -> Option<String> {
        const SUFFIXES: [(i128, &str, &str); 10] = [
            (ONE * 1_000_000_000_000_000_000, "E", "e18"),
            (ONE * 1_000_000_000_000_000, "P", "e15"),
            (ONE * 1_000_000_000_000, "T", "e12"),
            (ONE * 1_000_000_000, "G", "e9"),
            (ONE * 1_000_000, "M", "e6"),
            (ONE * 1_000, "k", "e3"),
            (ONE, "", ""),
            (ONE / 1_000, "m", "e-3"),
            (ONE / 1_000_000, "u", "e-6"),
            (1, "n", "e-9"),
        ];
        const BINARY: [&str; 7] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
        let Self(nano) = Self::parse(text)?;
        let suffix = text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'));
        // What is small is written as a decimal, so that nothing is rounded.
        if suffix.ends_with('i') && nano.abs() >= 1024 * ONE {
            let mut number = nano.div_euclid(ONE) + i128::from(nano.rem_euclid(ONE) > 0);
            let mut power = 0;
            while number % 1024 == 0 && power + 1 < BINARY.len() {
                number /= 1024;
                power += 1;
            }
            return Some(format!("{number}{}", BINARY[power]));
        }
        let is_exponent = suffix.len() > 1 && suffix.starts_with(['e', 'E']);
        let (unit, short, long) =
            SUFFIXES.into_iter().find(|(unit, ..)| nano % unit == 0 && nano != 0).unwrap_or((1, "", ""));
        Some(format!("{}{}", nano / unit, if is_exponent { long } else { short }))
    }

    /// A whole number.
    pub fn of_whole(number: i64) -> Self {
        Self(i128::from(number) * ONE)
    }

    /// The number, if it is whole and fits.
    pub fn as_whole(self) -> Option<i64> {
        (self.0 % ONE == 0).then(|| i64::try_from(self.0 / ONE).ok()).flatten()
    }

    /// The nearest floating-point number.
    pub fn approximately(self) -> f64 {
        self.0 as f64 / ONE as f64
    }

    /// -1, 0 or 1.
    pub fn sign(self) -> i64 {
        i64::try_from(self.0.signum()).unwrap_or_default()
    }

    /// The sum, if it fits.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, if it fits.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_quantities_may_be_written_differently() {
        let quantity = |text: &str| Quantity::parse(text).unwrap();
        for (a, b) in
            [("1500m", "1.5"), ("1Ki", "1024"), ("1e3", "1k"), ("1E", "1000P"), ("+.5", "500m"), ("0.1n", "1n")]
        {
            assert_eq!(quantity(a), quantity(b), "{a} {b}");
        }
        assert!(quantity("1Gi") > quantity("1G") && quantity("-1m") < quantity("0"));
        assert_eq!((quantity("2k").as_whole(), quantity("2m").as_whole()), (Some(2000), None));
        assert!(quantity("9999999999999999999999999999999999999E") >= quantity("1E"));
    }

    #[test]
    fn what_is_not_a_number_with_a_known_suffix_is_refused() {
        for text in ["", "x", "1 Gi", "1gi", "1e", "1e+", ".", "+", "1.2.3", "--1", "1Kim", "0x1"] {
            assert_eq!(Quantity::parse(text), None, "{text:?}");
        }
    }
}
