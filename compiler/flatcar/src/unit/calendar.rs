//! Calendar expressions, as in `OnCalendar=`.
//!
//! Owns: their grammar and ranges, by the rules of systemd, and whether any date fits. Must not: know the time, or time zones; a last word that can be the name
//! of one is taken for one.

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

/// What a valid expression says beyond its form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar<'t> {
    /// The name of the time zone at its end, not looked up.
    pub zone: Option<&'t str>,
    /// Whether some date from 1970 to 2199 fits it.
    pub comes: bool,
}

/// Reads an expression such as `Sun *-*-* 03:00:00 Europe/Berlin`.
///
/// # Errors
/// [`InvalidCalendar`] if systemd would refuse it.
pub fn check_calendar(text: &str) -> Result<Calendar<'_>, InvalidCalendar> {
    let (text, zone) = split_zone(text);
    if text.is_empty() {
        return Err(InvalidCalendar::Empty);
    }
    if SHORTHANDS.iter().any(|word| word.eq_ignore_ascii_case(text)) {
        return Ok(Calendar { zone, comes: true });
    }
    let (days_of_week, rest) = weekdays(text)?;
    let (date, rest) = date(rest)?;
    let time = if date.is_timestamp {
        if rest.is_empty() { None } else { return Err(InvalidCalendar::Form) }
    } else {
        Some(time(rest)?)
    };
    date.check()?;
    time.map_or(Ok(()), |time| time.check())?;
    Ok(Calendar { zone, comes: date.comes(days_of_week) })
}

/// Expressions end in `UTC` or the name of a time zone, which only the machine can look up.
fn split_zone(text: &str) -> (&str, Option<&str>) {
    let Some((rest, last)) = text.rsplit_once(' ') else { return (text, None) };
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+');
    let is_zone =
        last.starts_with(|c: char| c.is_ascii_alphabetic()) && last.chars().all(is_name) && weekday(last).is_none();
    if is_zone { (rest, Some(last)) } else { (text, None) }
}

fn weekday(text: &str) -> Option<(usize, &str)> {
    const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let strip = |name: &str| {
        let (head, tail) = text.split_at_checked(name.len())?;
        head.eq_ignore_ascii_case(name).then_some(tail)
    };
    DAYS.iter().enumerate().find_map(|(number, day)| Some((number, strip(day).or_else(|| strip(&day[..3]))?)))
}

/// Weekdays as bits, Monday the lowest; none where none is written.
type Weekdays = u8;

fn weekdays(text: &str) -> Result<(Weekdays, &str), InvalidCalendar> {
    let mut rest = text;
    let mut range_from = None;
    let mut days: Weekdays = 0;
    loop {
        let Some((day, after)) = weekday(rest) else {
            return if days == 0 && range_from.is_none() { Ok((days, rest)) } else { Err(InvalidCalendar::Weekday) };
        };
        let from = range_from.unwrap_or(day);
        if from > day {
            return Err(InvalidCalendar::Weekday);
        }
        (from..=day).for_each(|day| days |= 1 << day);
        let ends = |text: &str| text.is_empty() || text.starts_with(' ');
        if ends(after) {
            return Ok((days, after.trim_start_matches(' ')));
        }
        let range = after.strip_prefix("..").or_else(|| after.strip_prefix('-'));
        (range_from, rest) = match (range, after.strip_prefix(',')) {
            (Some(after), _) if range_from.is_none() => (Some(day), after),
            (None, Some(after)) => (None, after),
            _ => return Err(InvalidCalendar::Weekday),
        };
        if ends(rest) {
            // A comma may end the list, a range may not be open.
            let rest = rest.trim_start_matches(' ');
            return if range_from.is_none() { Ok((days, rest)) } else { Err(InvalidCalendar::Weekday) };
        }
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

/// Two digits of a year mean 1970 to 2069.
fn full_year(year: i64) -> i64 {
    match year {
        0..70 => year + 2000,
        70..100 => year + 1900,
        _ => year,
    }
}

impl Date {
    /// Whether some date fits, with one of the weekdays if any is written. Called when the ranges are known to be good.
    fn comes(&self, days_of_week: Weekdays) -> bool {
        // Days before the end of a month are there in every month.
        if self.is_from_end_of_month || self.is_timestamp {
            return true;
        }
        let in_year = |year: i64| members(&self.year, 1970, 2199).any(|known| full_year(known) == year);
        let months: Vec<i64> = members(&self.month, 1, 12).collect();
        let days: Vec<i64> = members(&self.day, 1, 31).collect();
        (1970..=2199).filter(|year| in_year(*year)).any(|year| {
            months.iter().any(|month| {
                days.iter().any(|day| {
                    *day <= length_of_month(year, *month)
                        && (days_of_week == 0 || days_of_week & (1 << day_of_week(year, *month, *day)) != 0)
                })
            })
        })
    }

    fn check(&self) -> Result<(), InvalidCalendar> {
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

/// The numbers of a part between its bounds.
fn members(chain: &Chain, from: i64, to: i64) -> Box<dyn Iterator<Item = i64> + '_> {
    let Some(elements) = chain else { return Box::new(from..=to) };
    Box::new(elements.iter().flat_map(move |element| {
        let Element { start, stop, repeat } = *element;
        let last = stop.unwrap_or(if repeat > 0 { to } else { start });
        (start..=last).step_by(usize::try_from(repeat).unwrap_or(1).max(1))
    }))
}

fn length_of_month(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// 0 is Monday: by Sakamoto's method, whose Sunday is 0.
fn day_of_week(year: i64, month: i64, day: i64) -> i64 {
    const SHIFT: [i64; 12] = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];
    let year = if month < 3 { year - 1 } else { year };
    let shift = usize::try_from(month - 1).ok().and_then(|month| SHIFT.get(month)).copied().unwrap_or(0);
    (year + year / 4 - year / 100 + year / 400 + shift + day + 6) % 7
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
            assert!(check_calendar(text).is_ok_and(|calendar| calendar.comes), "{text}");
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

    #[test]
    fn dates_that_no_year_has_never_come() {
        for text in [
            "*-02-30",
            "*-04-31",
            "02-31 03:00",
            "*-2,4,6-31",
            "2027-02-29",
            "2100-02-29",
            "Mon 2026-12-24",
            "Sat,Sun 2026-11-30..30",
            "*-02-30..31",
            "*-02-30 03:00 Europe/Berlin",
        ] {
            assert!(check_calendar(text).is_ok_and(|calendar| !calendar.comes), "{text}");
        }
        for text in
            ["*-02-29", "2028-02-29", "Thu 2026-12-24", "*-*-31", "*-02,03-30", "Mon *-02-29", "*-02~28", "28-2-29"]
        {
            assert!(check_calendar(text).is_ok_and(|calendar| calendar.comes), "{text}");
        }
    }

    #[test]
    fn the_last_word_may_be_a_time_zone() {
        let zone = |text| check_calendar(text).map(|calendar| calendar.zone);
        assert_eq!(zone("03:00 Europe/Berlin"), Ok(Some("Europe/Berlin")));
        assert_eq!(zone("hourly UTC"), Ok(Some("UTC")));
        assert_eq!(zone("Sun 03:00"), Ok(None));
        assert_eq!(zone("daily"), Ok(None));
    }
}
