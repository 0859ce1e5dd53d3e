//! Go's duration texts (`20m`, `1h30m`, `300s`), which contract v1beta1 uses.

/// The whole seconds of a duration; `None` if the text is not one.
pub(crate) fn seconds(text: &str) -> Option<i64> {
    const UNITS: &[(&str, f64)] = &[
        ("ns", 1e-9),
        ("us", 1e-6),
        ("µs", 1e-6),
        ("μs", 1e-6),
        ("ms", 1e-3),
        ("s", 1.0),
        ("m", 60.0),
        ("h", 3_600.0),
    ];
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total = 0.0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let number: f64 = rest[..end].parse().ok()?;
        rest = &rest[end..];
        let unit_end = rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len());
        let (_, factor) = UNITS.iter().find(|(unit, _)| *unit == &rest[..unit_end])?;
        total += number * factor;
        rest = &rest[unit_end..];
    }
    // Go keeps nanoseconds in 64 bits.
    if total > i64::MAX as f64 / 1e9 {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "saturates, and no rule asks beyond minutes")]
    Some((sign * total) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_go_does() {
        for (text, expected) in
            [("20m", 1_200), ("1h30m", 5_400), ("0", 0), ("300s", 300), ("1500ms", 1), ("-1s", -1), ("1.5h", 5_400)]
        {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
        for bad in ["", "20 minutes", "20", "m", "1d", "-", ".", "9999999h"] {
            assert_eq!(seconds(bad), None, "{bad}");
        }
    }
}
