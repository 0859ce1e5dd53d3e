//! Numbers, sizes, shares and ranges.
//!
//! Owns: how systemd reads each. Must not: know which setting has which.

/// A number without sign, whose base a prefix may say as in C.
pub(super) fn unsigned(text: &str) -> Option<u64> {
    if text == "-0" {
        return Some(0);
    }
    let text = text.strip_prefix('+').unwrap_or(text);
    let prefixed = [("0x", 16), ("0X", 16), ("0o", 8), ("0b", 2), ("0", 8)]
        .into_iter()
        .find_map(|(prefix, radix)| Some((text.strip_prefix(prefix).filter(|rest| !rest.is_empty())?, radix)));
    let (digits, radix) = prefixed.unwrap_or((text, 10));
    if digits.starts_with(['+', '-']) {
        return None;
    }
    u64::from_str_radix(digits, radix).ok()
}

/// A number with an optional sign.
pub(super) fn signed(text: &str) -> Option<i64> {
    match text.strip_prefix('-') {
        Some(rest) => 0_i64.checked_sub(i64::try_from(unsigned(rest).filter(|_| !rest.starts_with(['+', '-']))?).ok()?),
        None => i64::try_from(unsigned(text)?).ok(),
    }
}

pub(super) fn is_in(text: &str, range: std::ops::RangeInclusive<i64>) -> bool {
    signed(text).is_some_and(|number| range.contains(&number))
}

/// Bytes with suffixes of a base, `5G 3M` included.
pub(super) fn size(text: &str, base: u64) -> Option<u64> {
    let mut rest = text.trim_start();
    let (mut total, mut largest, mut is_something) = (0_u64, usize::MAX, false);
    while !rest.is_empty() {
        rest = rest.strip_prefix('+').unwrap_or(rest);
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let number: u64 = rest[..end].parse().ok()?;
        rest = &rest[end..];
        let mut fraction = 0.0;
        if let Some(after) = rest.strip_prefix('.') {
            let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
            fraction = if end == 0 { 0.0 } else { format!("0.{}", &after[..end]).parse().ok()? };
            rest = &after[end..];
        }
        rest = rest.trim_start();
        const SUFFIXES: [&str; 8] = ["B", "K", "M", "G", "T", "P", "E", ""];
        let power = SUFFIXES.iter().position(|suffix| match rest.strip_prefix(suffix) {
            Some(after) if suffix.is_empty() => after.is_empty() || after.starts_with(|c: char| c.is_ascii_digit()),
            Some(_) => true,
            None => false,
        })?;
        rest = rest.strip_prefix(SUFFIXES[power]).unwrap_or(rest).trim_start();
        let power = if power == 7 { 0 } else { power };
        // Each part is smaller than the one before.
        if power >= largest {
            return None;
        }
        largest = power;
        let factor = base.checked_pow(u32::try_from(power).ok()?)?;
        total = total.checked_add(number.checked_mul(factor)?)?;
        if fraction > 0.0 && factor == 1 {
            total = total.checked_add(0)?;
        }
        is_something = true;
    }
    is_something.then_some(total)
}

/// A share in percent with up to two digits after the dot, in hundredths of a percent.
pub(super) fn percent(text: &str) -> Option<u64> {
    if let Some(text) = text.strip_suffix('‰') {
        return hundredths(text, 1);
    }
    if let Some(text) = text.strip_suffix('‱') {
        return hundredths(text, 0);
    }
    hundredths(text.strip_suffix('%')?, 2)
}

fn hundredths(text: &str, most: usize) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let whole: u64 = whole.parse().ok().filter(|_| whole.bytes().all(|b| b.is_ascii_digit()))?;
    let fraction = match fraction {
        None => 0,
        Some(digits) if (1..=most).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) => {
            digits.parse::<u64>().ok()? * 10_u64.pow(u32::try_from(most - digits.len()).ok()?)
        }
        Some(_) => return None,
    };
    whole.checked_mul(10_u64.pow(u32::try_from(most).ok()?))?.checked_add(fraction)
}

/// A share of a whole.
pub(super) fn is_share(text: &str) -> bool {
    percent(text).is_some_and(|share| share <= 10_000)
}

/// Numbers of processors or memory nodes: `0-3 5,7`.
pub(super) fn is_set(text: &str) -> bool {
    const MOST: u64 = 8191;
    let words = text.split([' ', '\t', ',']).filter(|word| !word.is_empty());
    let mut words = words.map(|word| match word.split_once('-') {
        Some((first, last)) => {
            let (first, last) = (unsigned(first), unsigned(last));
            first.zip(last).is_some_and(|(first, last)| first <= last && last <= MOST)
        }
        None => unsigned(word).is_some_and(|number| number <= MOST),
    });
    words.all(|is_good| is_good)
}

/// `SOFT[:HARD]` or `infinity`, each read by the function.
pub(super) fn is_limit(text: &str, read: impl Fn(&str) -> Option<u64>) -> bool {
    let one = |text: &str| if text == "infinity" { Some(u64::MAX) } else { read(text) };
    match text.split_once(':') {
        Some((soft, hard)) => one(soft).zip(one(hard)).is_some_and(|(soft, hard)| soft <= hard),
        None => one(text).is_some(),
    }
}

/// A nice level with a sign, or the kernel's number for it, as that number.
pub(super) fn nice_limit(text: &str) -> Option<u64> {
    if text.starts_with(['+', '-']) {
        return signed(text)
            .filter(|level| (-20..=19).contains(level))
            .and_then(|level| u64::try_from(20 - level).ok());
    }
    unsigned(text).filter(|number| *number <= 40)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_bases_of_c() {
        for (text, number) in [("5", 5), ("0x1f", 31), ("0", 0), ("010", 8), ("-0", 0), ("+5", 5), ("0b11", 3)] {
            assert_eq!(unsigned(text), Some(number), "{text}");
        }
        for text in ["08", "-1", "infinity", "0x+1", "", "1 "] {
            assert_eq!(unsigned(text), None, "{text}");
        }
        assert_eq!((signed("-0x10"), signed("--5"), signed("+-5")), (Some(-16), None, None));
    }

    #[test]
    fn sizes_have_parts_from_large_to_small() {
        for (text, bytes) in
            [("1K", 1024), ("10 M", 10 << 20), ("1G 5M", (1 << 30) + (5 << 20)), ("1024K512", 1_049_088), ("1B", 1)]
        {
            assert_eq!(size(text, 1024), Some(bytes), "{text}");
        }
        for text in ["1KB", "1k", "5M 1G", ".5G", "-1", "1e3", "99E", "20E", ""] {
            assert_eq!(size(text, 1024), None, "{text}");
        }
    }

    #[test]
    fn shares_have_two_digits_after_the_dot() {
        assert_eq!((percent("150.5%"), percent("0.1%"), percent("5‰")), (Some(15_050), Some(10), Some(50)));
        assert!(["10.555%", "-1%", "20 %", "100", "%"].iter().all(|text| percent(text).is_none()));
    }
}
