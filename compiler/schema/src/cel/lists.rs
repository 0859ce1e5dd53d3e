//! Lists, sets and maps: membership, concatenation, and Kubernetes' list and set libraries.

use std::cmp::Ordering;
use std::rc::Rc;

use super::value::{Evaluated, Fault, Val, no_overload, overflow};

/// The items of a list.
pub(super) fn items<'a>(list: &Val<'a>) -> Result<Vec<Val<'a>>, Fault> {
    let count = list.list_len().ok_or_else(|| no_overload("a list", &[list]))?;
    (0..count).filter_map(|index| list.item(index)).collect()
}

/// Where a map literal has a key.
pub(super) fn position<'a>(entries: &[(Val<'a>, Val<'a>)], key: &Val<'a>) -> Result<Option<usize>, Fault> {
    for (index, (known, _)) in entries.iter().enumerate() {
        if known.equals(key)? {
            return Ok(Some(index));
        }
    }
    Ok(None)
}

/// `in`.
pub(super) fn contains<'a>(container: &Val<'a>, value: &Val<'a>) -> Evaluated<'a> {
    if container.list_len().is_some() {
        for item in items(container)? {
            if item.equals(value)? {
                return Ok(Val::Bool(true));
            }
        }
        return Ok(Val::Bool(false));
    }
    match container {
        Val::Part(_) | Val::Map(_) => Ok(Val::Bool(container.field(value).is_some())),
        _ => Err(no_overload("in", &[value, container])),
    }
}

/// `+` of lists: appended; sets are united, map-like lists merged by key.
pub(super) fn append<'a>(left: &Val<'a>, right: &Val<'a>) -> Evaluated<'a> {
    let mut joined = items(left)?;
    let key_of = left.entry_key();
    for item in items(right)? {
        let mut at = None;
        if let Some(key_of) = key_of {
            for (index, known) in joined.iter().enumerate() {
                if key_of.same_key(known, &item)? {
                    at = Some(index);
                    break;
                }
            }
        }
        match at {
            Some(index) => joined[index] = item,
            None => joined.push(item),
        }
    }
    Ok(Val::list(joined))
}

/// The functions on a list: `isSorted`, `sum`, `min`, `max`, `indexOf`, `lastIndexOf`.
pub(super) fn call<'a>(name: &str, list: &Val<'a>, args: &[Val<'a>]) -> Evaluated<'a> {
    let all = items(list)?;
    match (name, args) {
        ("isSorted", []) => {
            for pair in all.windows(2) {
                if order(&pair[0], &pair[1])? == Ordering::Greater {
                    return Ok(Val::Bool(false));
                }
            }
            Ok(Val::Bool(true))
        }
        ("min" | "max", []) => {
            let wanted = if name == "min" { Ordering::Less } else { Ordering::Greater };
            let mut best: Option<Val<'a>> = None;
            for item in all {
                let better = match &best {
                    Some(best) => order(&item, best)? == wanted,
                    None => true,
                };
                if better {
                    best = Some(item);
                }
            }
            best.ok_or_else(|| Fault::rule(format!("{name} called on empty list")))
        }
        ("sum", []) => {
            let mut all = all.into_iter();
            let Some(mut sum) = all.next() else { return Ok(list.zero_of_items()) };
            for item in all {
                sum = add(&sum, &item)?;
            }
            Ok(sum)
        }
        ("indexOf" | "lastIndexOf", [value]) => {
            let mut found = -1;
            for (index, item) in all.iter().enumerate() {
                if item.equals(value)? {
                    found = i64::try_from(index).unwrap_or(i64::MAX);
                    if name == "indexOf" {
                        break;
                    }
                }
            }
            Ok(Val::Int(found))
        }
        _ => Err(no_overload(name, &[list])),
    }
}

fn add<'a>(a: &Val<'a>, b: &Val<'a>) -> Evaluated<'a> {
    match (a, b) {
        (Val::Int(a), Val::Int(b)) => a.checked_add(*b).map(Val::Int).ok_or_else(overflow),
        (Val::Uint(a), Val::Uint(b)) => a.checked_add(*b).map(Val::Uint).ok_or_else(overflow),
        (Val::Double(a), Val::Double(b)) => Ok(Val::Double(a + b)),
        (Val::Duration(a), Val::Duration(b)) => a.checked_add(*b).map(Val::Duration).ok_or_else(overflow),
        _ => Err(no_overload("sum", &[a, b])),
    }
}

fn order<'a>(a: &Val<'a>, b: &Val<'a>) -> Result<Ordering, Fault> {
    a.order(b).map(|order| order.unwrap_or(Ordering::Equal)).ok_or_else(|| no_overload("comparison", &[a, b]))
}

/// `sets.contains`, `sets.equivalent`, `sets.intersects`.
pub(super) fn sets<'a>(name: &str, a: &Val<'a>, b: &Val<'a>) -> Evaluated<'a> {
    let within = |inner: &Val<'a>, outer: &Val<'a>| -> Result<usize, Fault> {
        let mut found = 0;
        for item in items(inner)? {
            found += usize::from(matches!(contains(outer, &item)?, Val::Bool(true)));
        }
        Ok(found)
    };
    let size = |list: &Val<'a>| list.list_len().unwrap_or_default();
    Ok(Val::Bool(match name {
        "sets.contains" => within(b, a)? == size(b),
        "sets.equivalent" => within(a, b)? == size(a) && within(b, a)? == size(b),
        _ => within(a, b)? > 0,
    }))
}

/// An optional's functions.
pub(super) fn optional<'a>(name: &str, inner: &Option<Rc<Val<'a>>>, args: &[Val<'a>]) -> Evaluated<'a> {
    match (name, inner, args) {
        ("hasValue", inner, []) => Ok(Val::Bool(inner.is_some())),
        ("value", Some(inner), []) => Ok((**inner).clone()),
        ("value", None, []) => Err(Fault::rule("optional.none() dereference")),
        ("orValue", Some(inner), [_]) => Ok((**inner).clone()),
        ("orValue", None, [other]) => Ok(other.clone()),
        ("or", Some(inner), [Val::Optional(_)]) => Ok(Val::Optional(Some(Rc::clone(inner)))),
        ("or", None, [other @ Val::Optional(_)]) => Ok(other.clone()),
        _ => Err(Fault::rule(format!("no such overload: {name} of optional_type"))),
    }
}
