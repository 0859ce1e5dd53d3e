//! Calendar expressions, as in `OnCalendar=`.
//!
//! Owns: their grammar and ranges, by the rules of systemd. Must not: compute dates, or know time zones; a last word that can be the name of one is taken
//! for one.

use std::fmt;

/// Why a text is no calendar expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidCalendar {
    /// Nothing there.
    Empty,
    /// The weekdays are misspelt, or a range of them runs backwards.
    Weekday,
    /// The date or time is not of the form `YEAR-MONTH-DAY HOUR:MINUTE:SECOND`, each part `*` or numbers with `,`, `..` and `/`.
    Form,
    /// A number is outside its range, or a repetition never comes.
    Range,
}

impl fmt::Display for InvalidCalendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "it is empty",
            Self::Weekday => "weekdays are `Mon` to `Sun`, as a list `Mon,Wed` or a range `Mon..Fri`",
            Self::Form => "it is not of the form `WEEKDAYS YEAR-MONTH-DAY HOUR:MINUTE:SECOND`",
            Self::Range => "a number is out of range, or a repetition never comes",
        })
    }
}

impl std::error::Error for InvalidCalendar {}

const SHORTHANDS: [&str; 13] = [
    "minutely",
    "hourly",
    "daily",
    "weekly",
    "monthly",
    "quarterly",
    "annually",
    "yearly",
    "anually",
    "biannually",
    "bi-annually",
    "semiannually",
    "semi-annually",
];

/// The longest list in one part; systemd's own limit.
const LONGEST_LIST: usize = 240;

/// Checks an expression such as `Sun *-*-* 03:00:00 Europe/Berlin`.
///
/// # Errors
/// [`InvalidCalendar`] if systemd would refuse it.
pub fn check_calendar(text: &str) -> Result<(), InvalidCalendar> {
    let text = without_time_zone(text);
    if text.is_empty() {
        return Err(InvalidCalendar::Empty);
    }
    if SHORTHANDS.iter().any(|word| word.eq_ignore_ascii_case(text)) {
        return Ok(());
    }
    let rest = weekdays(text)?;
    let (date, rest) = date(rest)?;
    let time = if date.is_timestamp {
        if rest.is_empty() { None } else { return Err(InvalidCalendar::Form) }
    } else {
        Some(time(rest)?)
    };
    date.check()?;
    time.map_or(Ok(()), |time| time.check())
}

/// Expressions end in `UTC` or the name of a time zone, which only the machine can look up.
fn without_time_zone(text: &str) -> &str {
    let Some((rest, last)) = text.rsplit_once(' ') else { return text };
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+');
    let is_zone =
        last.starts_with(|c: char| c.is_ascii_alphabetic()) && last.chars().all(is_name) && weekday(last).is_none();
    if is_zone { rest } else { text }
}

fn weekday(text: &str) -> Option<(usize, &str)> {
    const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let strip = |name: &str| {
        let (head, tail) = text.split_at_checked(name.len())?;
        head.eq_ignore_ascii_case(name).then_some(tail)
    };
    DAYS.iter().enumerate().find_map(|(number, day)| Some((number, strip(day).or_else(|| strip(&day[..3]))?)))
}

fn weekdays(text: &str) -> Result<&str, InvalidCalendar> {
    let mut rest = text;
    let mut range_from = None;
    let mut is_first = true;
    loop {
        let Some((day, after)) = weekday(rest) else {
            return if is_first { Ok(rest) } else { Err(InvalidCalendar::Weekday) };
        };
        if range_from.is_some_and(|from| from > day) {
            return Err(InvalidCalendar::Weekday);
        }
        let ends = |text: &str| text.is_empty() || text.starts_with(' ');
        if ends(after) {
            return Ok(after.trim_start_matches(' '));
        }
        let range = after.strip_prefix("..").or_else(|| after.strip_prefix('-'));
        (range_from, rest) = match (range, after.strip_prefix(',')) {
            (Some(after), _) if range_from.is_none() => (Some(day), after),
            (None, Some(after)) => (None, after),
            _ => return Err(InvalidCalendar::Weekday),
        };
        if ends(rest) {
            // A comma may end the list, a range may not be open.
            return if range_from.is_none() { Ok(rest.trim_start_matches(' ')) } else { Err(InvalidCalendar::Weekday) };
        }
        is_first = false;
    }
}

/// One element of a part: `start..stop/repeat`.
#[derive(Clone, Copy)]
struct Element {
    start: i64,
    stop: Option<i64>,
    repeat: i64,
}

/// `None` is `*`.
type Chain = Option<Vec<Element>>;

#[derive(Default)]
struct Date {
    year: Chain,
    month: Chain,
    day: Chain,
    is_from_end_of_month: bool,
    is_timestamp: bool,
}

impl Date {
    fn check(&self) -> Result<(), InvalidCalendar> {
        // Two digits mean 1970 to 2069.
        let full_year = |year: i64| match year {
            0..70 => year + 2000,
            70..100 => year + 1900,
            _ => year,
        };
        let years = self.year.as_ref().map(|years| {
            let full = |e: &Element| Element { start: full_year(e.start), stop: e.stop.map(full_year), ..*e };
            years.iter().map(full).collect()
        });
        check_chain(&years, 1970, 2199, false)?;
        check_chain(&self.month, 1, 12, false)?;
        check_chain(&self.day, 1, 31, self.is_from_end_of_month)
    }
}

fn date(text: &str) -> Result<(Date, &str), InvalidCalendar> {
    let mut date = Date::default();
    if text.is_empty() {
        return Ok((date, text));
    }
    if let Some(seconds) = text.strip_prefix('@') {
        let (value, rest) = number(seconds).ok_or(InvalidCalendar::Form)?;
        if value > 7_258_118_399 {
            return Err(InvalidCalendar::Range);
        }
        date.is_timestamp = true;
        return Ok((date, rest));
    }
    let (first, rest) = chain(text, false)?;
    if rest.is_empty() || rest.starts_with(':') {
        return Ok((date, text));
    }
    let mut separator = |rest: &str| match rest.chars().next() {
        Some('~') => {
            date.is_from_end_of_month = true;
            Ok(())
        }
        Some('-') => Ok(()),
        _ => Err(InvalidCalendar::Form),
    };
    separator(rest)?;
    let (second, rest) = chain(&rest[1..], false)?;
    let ends = |text: &str| text.is_empty() || text.starts_with(' ');
    if ends(rest) {
        (date.month, date.day) = (first, second);
        return Ok((date, rest.trim_start_matches(' ')));
    }
    // `~` is only for the day.
    if date.is_from_end_of_month {
        return Err(InvalidCalendar::Form);
    }
    date.is_from_end_of_month = rest.starts_with('~');
    if !rest.starts_with(['-', '~']) {
        return Err(InvalidCalendar::Form);
    }
    let (third, rest) = chain(&rest[1..], false)?;
    if !ends(rest) {
        return Err(InvalidCalendar::Form);
    }
    (date.year, date.month, date.day) = (first, second, third);
    Ok((date, rest.trim_start_matches(' ')))
}

#[derive(Default)]
struct Time {
    hour: Chain,
    minute: Chain,
    microsecond: Chain,
}

impl Time {
    fn check(&self) -> Result<(), InvalidCalendar> {
        check_chain(&self.hour, 0, 23, false)?;
        check_chain(&self.minute, 0, 59, false)?;
        check_chain(&self.microsecond, 0, 60 * MICROSECONDS - 1, false)
    }
}

fn time(text: &str) -> Result<Time, InvalidCalendar> {
    let mut time = Time::default();
    if text.is_empty() {
        return Ok(time);
    }
    let next = |rest: &'_ str| rest.strip_prefix(':').map(str::len).ok_or(InvalidCalendar::Form);
    let (hour, rest) = chain(text, false)?;
    let length = next(rest)?;
    let (minute, rest) = chain(&rest[rest.len() - length..], false)?;
    (time.hour, time.minute) = (hour, minute);
    if rest.is_empty() {
        return Ok(time);
    }
    let length = next(rest)?;
    let (microsecond, rest) = chain(&rest[rest.len() - length..], true)?;
    time.microsecond = microsecond;
    if rest.is_empty() { Ok(time) } else { Err(InvalidCalendar::Form) }
}

const MICROSECONDS: i64 = 1_000_000;

fn chain(text: &str, is_second: bool) -> Result<(Chain, &str), InvalidCalendar> {
    if let Some(rest) = text.strip_prefix('*') {
        return Ok((None, rest));
    }
    let mut elements = Vec::new();
    let mut rest = text;
    loop {
        if elements.len() > LONGEST_LIST {
            return Err(InvalidCalendar::Range);
        }
        let (start, after) = component(rest, is_second)?;
        let mut element = Element { start, stop: None, repeat: 0 };
        rest = after;
        if let Some(after) = rest.strip_prefix("..") {
            let (stop, after) = component(after, is_second)?;
            element = Element { stop: Some(stop), repeat: if is_second { MICROSECONDS } else { 1 }, ..element };
            rest = after;
        }
        if let Some(after) = rest.strip_prefix('/') {
            let (repeat, after) = component(after, is_second)?;
            if repeat == 0 {
                return Err(InvalidCalendar::Range);
            }
            element.repeat = repeat;
            rest = after;
        } else if is_second && element.stop.is_some_and(|stop| start + MICROSECONDS > stop) {
            // Of seconds alone, a range must hold a whole one.
            return Err(InvalidCalendar::Range);
        }
        elements.push(element);
        match rest.chars().next() {
            Some(',') => rest = &rest[1..],
            None | Some(' ' | '-' | '~' | ':') => return Ok((Some(elements), rest)),
            Some(_) => return Err(InvalidCalendar::Form),
        }
    }
}

fn component(text: &str, is_second: bool) -> Result<(i64, &str), InvalidCalendar> {
    let (mut value, mut rest) = number(text).ok_or(InvalidCalendar::Form)?;
    if is_second {
        value = value.checked_mul(MICROSECONDS).ok_or(InvalidCalendar::Range)?;
        // One dot is a decimal point, two are a range.
        if let Some(fraction) = rest.strip_prefix('.')
            && !fraction.starts_with('.')
        {
            let end = fraction.find(|c: char| !c.is_ascii_digit()).unwrap_or(fraction.len());
            if end == 0 {
                return Err(InvalidCalendar::Form);
            }
            let digits: String = fraction[..end].chars().chain("000000".chars()).take(6).collect();
            let round_up = fraction.as_bytes()[..end].get(6).is_some_and(|digit| *digit >= b'5');
            value += digits.parse::<i64>().expect("invariant: six digits") + i64::from(round_up);
            rest = &fraction[end..];
        }
    }
    if value > i64::from(i32::MAX) { Err(InvalidCalendar::Range) } else { Ok((value, rest)) }
}

fn number(text: &str) -> Option<(i64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    Some((text[..end].parse().ok()?, &text[end..]))
}

fn check_chain(chain: &Chain, from: i64, to: i64, is_from_end: bool) -> Result<(), InvalidCalendar> {
    // Every month has only 28 days before its end.
    let to = if is_from_end { to - 3 } else { to };
    let is_valid = |element: &Element| {
        let Element { start, stop, repeat } = *element;
        // A range ends where its repetition last fits.
        let stop = stop.map(|stop| if stop > start && repeat > 0 { stop - (stop - start) % repeat } else { stop });
        let is_within = |value: i64| (from..=to).contains(&value);
        if stop == Some(start) {
            return is_within(start);
        }
        is_within(start)
            && repeat <= to - from
            && match stop {
                Some(stop) => is_within(stop) && start + repeat <= stop,
                None if is_from_end => start - repeat >= from,
                None => start + repeat <= to,
            }
    };
    let is_valid = chain.iter().flatten().all(is_valid);
    if is_valid { Ok(()) } else { Err(InvalidCalendar::Range) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_that_systemd_reads_are_accepted() {
        for text in [
            "daily",
            "Weekly",
            "Sun 03:00",
            "Mon..Fri *-*-* 09,17:00:00",
            "*:0/15",
            "2026-12-24",
            "*-02~03",
            "12-24",
            "26-1-1 0:0:0.5",
            "Sat,Thu,Mon..Wed,Sun",
            "hourly UTC",
            "03:00 Europe/Berlin",
            "Mon, 10:00",
            "*-*~07/1",
            "@1395716396",
            "*:*:*",
            "*-*-1..7 18:00:00",
        ] {
            assert_eq!(check_calendar(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn expressions_that_systemd_refuses_are_refused_with_a_reason() {
        use InvalidCalendar::{Empty, Form, Range, Weekday};
        for (text, reason) in [
            ("", Empty),
            ("Sunn 03:00", Weekday),
            ("Fri..Mon", Weekday),
            ("Mon..", Weekday),
            ("3am", Form),
            ("25:00", Range),
            ("*-13-01", Range),
            ("*-*~30", Range),
            ("03:00:00:00", Form),
            ("*-*-* 10:00/0", Range),
            ("0 3 * * *", Form),
            ("5..3:00", Range),
            ("every day", Form),
        ] {
            assert_eq!(check_calendar(text), Err(reason), "{text}");
        }
    }
}
