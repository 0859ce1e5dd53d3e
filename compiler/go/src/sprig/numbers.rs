//! Numbers.

use super::argument::{int, or_unknown, text, to_float, to_int};
use crate::template::print::shown;
use crate::template::{Called, Executed, Heap, Items, Needs, Value, fails};

pub(super) const FUNCTIONS: &[Executed] = &[
    ("add", Needs::Top, |_, values| Ok(folded(0, values, i64::wrapping_add))),
    ("add1", Needs::Top, |_, values| Ok(folded(1, values, i64::wrapping_add))),
    ("atoi", Needs::Top, atoi),
    ("biggest", Needs::Top, |_, values| Ok(of_first(values, i64::max))),
    ("ceil", Needs::Top, |_, values| Ok(or_unknown(to_float(&values[0]).map(|value| Value::Float(value.ceil()))))),
    ("div", Needs::Top, |_, values| divided(values, i64::wrapping_div)),
    ("float64", Needs::Top, |_, values| Ok(or_unknown(to_float(&values[0]).map(Value::Float)))),
    ("floor", Needs::Top, |_, values| Ok(or_unknown(to_float(&values[0]).map(|value| Value::Float(value.floor()))))),
    ("int", Needs::Top, |_, values| Ok(or_unknown(to_int(&values[0]).map(Value::int)))),
    ("int64", Needs::Top, |_, values| Ok(or_unknown(to_int(&values[0]).map(Value::int64)))),
    ("max", Needs::Top, |_, values| Ok(of_first(values, i64::max))),
    ("min", Needs::Top, |_, values| Ok(of_first(values, i64::min))),
    ("mod", Needs::Top, |_, values| divided(values, i64::wrapping_rem)),
    ("mul", Needs::Top, |_, values| Ok(of_first(values, i64::wrapping_mul))),
    ("round", Needs::Top, round),
    ("seq", Needs::Top, seq),
    ("sub", Needs::Top, |_, values| Ok(of_first(values, i64::wrapping_sub))),
    ("toDecimal", Needs::All, |heap, values| {
        let text = shown(heap, &values[0])?;
        let digits = text.strip_prefix(['+', '-']).unwrap_or(&text);
        let is_octal = !digits.is_empty() && digits.bytes().all(|byte| matches!(byte, b'0'..=b'7'));
        Ok(Value::int64(if is_octal { i64::from_str_radix(&text, 8).unwrap_or(0) } else { 0 }))
    }),
    ("until", Needs::Top, |heap, values| {
        let count = int(&values[0]);
        steps(heap, 0, count, if count < 0 { -1 } else { 1 })
    }),
    ("untilStep", Needs::Top, |heap, values| steps(heap, int(&values[0]), int(&values[1]), int(&values[2]))),
];

fn folded(start: i64, values: &[Value], add: fn(i64, i64) -> i64) -> Value {
    or_unknown(values.iter().try_fold(start, |sum, value| Some(add(sum, to_int(value)?))).map(Value::int64))
}

fn of_first(values: &[Value], join: fn(i64, i64) -> i64) -> Value {
    let Some(first) = to_int(&values[0]) else { return Value::unknown() };
    folded(first, &values[1..], join)
}

fn divided(values: &[Value], divide: fn(i64, i64) -> i64) -> Called {
    let (Some(a), Some(b)) = (to_int(&values[0]), to_int(&values[1])) else { return Ok(Value::unknown()) };
    if b == 0 { fails("it divides by zero") } else { Ok(Value::int64(divide(a, b))) }
}

/// `strconv.Atoi`, with 0 for what is no number; beyond its range Go gives the largest.
fn atoi(_: &mut Heap, values: &[Value]) -> Called {
    let text = text(&values[0]);
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(Value::int(0));
    }
    let limit = if text.starts_with('-') { i64::MIN } else { i64::MAX };
    Ok(Value::int(text.parse().unwrap_or(limit)))
}

fn round(_: &mut Heap, values: &[Value]) -> Called {
    let on = values.get(2).map_or(Some(0.5), to_float);
    let (Some(value), Some(on)) = (to_float(&values[0]), on) else { return Ok(Value::unknown()) };
    let Ok(places) = i32::try_from(int(&values[1])) else { return Ok(Value::unknown()) };
    // Powers beyond these are not exact in either language.
    if !(0..=15).contains(&places) {
        return Ok(Value::unknown());
    }
    let power = 10_f64.powi(places);
    let digits = power * value;
    let rounded = if digits.fract() >= on { digits.ceil() } else { digits.floor() };
    Ok(Value::Float(rounded / power))
}

fn steps(heap: &mut Heap, start: i64, stop: i64, step: i64) -> Called {
    let numbers = range(heap, start, stop, step)?;
    Ok(heap.list(Items::Ints, numbers.into_iter().map(Value::int).collect())?)
}

fn range(heap: &mut Heap, start: i64, stop: i64, step: i64) -> Result<Vec<i64>, crate::template::Stop> {
    let distance = i128::from(stop) - i128::from(start);
    if distance == 0 || step == 0 || (distance < 0) != (step < 0) {
        return Ok(Vec::new());
    }
    let count = (distance.unsigned_abs()).div_ceil(u128::from(step.unsigned_abs()));
    heap.spend(usize::try_from(count).unwrap_or(usize::MAX))?;
    Ok((0..count as i64).map(|index| start + index * step).collect())
}

/// Numbers with spaces between them, the last one included.
fn seq(heap: &mut Heap, values: &[Value]) -> Called {
    let numbers: Vec<i64> = values.iter().map(int).collect();
    let (start, end, step) = match numbers[..] {
        [end] => (1, end, if end < 1 { -1 } else { 1 }),
        [start, end] => (start, end, if end < start { -1 } else { 1 }),
        [start, step, end] if end < start && step > 0 => {
            let _ = (start, step, end);
            return Ok(Value::text(""));
        }
        [start, step, end] => (start, end, step),
        _ => return Ok(Value::text("")),
    };
    let beyond = end.saturating_add(if end < start { -1 } else { 1 });
    let numbers = range(heap, start, beyond, step)?;
    heap.spend(numbers.len().saturating_mul(20))?;
    let texts: Vec<String> = numbers.iter().map(i64::to_string).collect();
    Ok(Value::Text(texts.join(" ").into()))
}
