//! Comparing values: equality, order, and what both cost.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde_json::Value;

use super::value::{Fault, Part, Val, render};
use crate::json;
use crate::node::ListType;

impl<'a> Val<'a> {
    /// Equality; values of different types are unequal, numbers compare across types.
    pub(super) fn equals(&self, other: &Val<'a>) -> Result<bool, Fault> {
        if let Some(order) = self.number_order(other) {
            return Ok(order == Some(Ordering::Equal));
        }
        Ok(match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Text(a), Self::Text(b)) => a.as_str() == b.as_str(),
            (Self::Bytes(a), Self::Bytes(b)) => a == b,
            (Self::Timestamp(a), Self::Timestamp(b)) => a == b,
            (Self::Duration(a), Self::Duration(b)) => a == b,
            (Self::Type(a), Self::Type(b)) | (Self::NamedFormat(a), Self::NamedFormat(b)) => a == b,
            (Self::Quantity(a), Self::Quantity(b)) => a == b,
            (Self::Ip(a), Self::Ip(b)) => a == b,
            (Self::Cidr(a), Self::Cidr(b)) => a == b,
            (Self::Url(a), Self::Url(b)) => a == b,
            (Self::Semver(a), Self::Semver(b)) => a.precedence(b) == Ordering::Equal,
            (Self::Opaque(a), Self::Opaque(b)) => json::equal(a, b),
            (Self::Meta(a), Self::Meta(b)) => a == b,
            (Self::Optional(Some(a)), Self::Optional(Some(b))) => a.equals(b)?,
            (Self::Optional(None), Self::Optional(None)) => true,
            _ => match (self.list_len(), other.list_len()) {
                (Some(a), Some(b)) => a == b && self.same_items(other, a)?,
                (None, None) => self.same_entries(other)?,
                _ => false,
            },
        })
    }

    fn same_items(&self, other: &Val<'a>, count: usize) -> Result<bool, Fault> {
        // Sets and map-like lists are equal in any order.
        let order = match self.entry_key().or_else(|| other.entry_key()) {
            None => None,
            Some(list) => {
                let mut positions = BTreeMap::new();
                for index in 0..count {
                    let Some(item) = other.item(index) else { return Ok(false) };
                    positions.insert(list.identity(&item?), index);
                }
                Some((list, positions))
            }
        };
        for index in 0..count {
            let Some(a) = self.item(index).transpose()? else { return Ok(false) };
            let at = match &order {
                None => Some(index),
                Some((list, positions)) => positions.get(&list.identity(&a)).copied(),
            };
            let Some(b) = at.and_then(|at| other.item(at)).transpose()? else { return Ok(false) };
            if !a.equals(&b)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The identity of entries in a set or map-like list.
    pub(super) fn entry_key(&self) -> Option<&'a ListType> {
        match self {
            Self::Part(part) => match &part.nodes.get(part.id).list {
                list @ (ListType::Set | ListType::Map(_)) => Some(list),
                ListType::Unset | ListType::Atomic => None,
            },
            _ => None,
        }
    }

    fn same_entries(&self, other: &Val<'a>) -> Result<bool, Fault> {
        if let (Self::Part(a), Self::Part(b)) = (self, other) {
            return a.same_fields(b);
        }
        let (Some(keys), Some(others)) = (self.keys(), other.keys()) else { return Ok(false) };
        if keys.len() != others.len() {
            return Ok(false);
        }
        for key in keys {
            let (Some(a), Some(b)) = (self.field(&key), other.field(&key)) else { return Ok(false) };
            if !a?.equals(&b?)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The order of two numbers of any type: `None` if one is no number, `Some(None)` with a NaN.
    pub(super) fn number_order(&self, other: &Val<'a>) -> Option<Option<Ordering>> {
        Some(match (self, other) {
            (Self::Int(a), Self::Int(b)) => Some(a.cmp(b)),
            (Self::Uint(a), Self::Uint(b)) => Some(a.cmp(b)),
            (Self::Double(a), Self::Double(b)) => a.partial_cmp(b),
            (Self::Int(a), Self::Uint(b)) => Some(i128::from(*a).cmp(&i128::from(*b))),
            (Self::Uint(a), Self::Int(b)) => Some(i128::from(*a).cmp(&i128::from(*b))),
            (Self::Int(a), Self::Double(b)) => order_with_double(i128::from(*a), *b),
            (Self::Uint(a), Self::Double(b)) => order_with_double(i128::from(*a), *b),
            (Self::Double(a), Self::Int(b)) => order_with_double(i128::from(*b), *a).map(Ordering::reverse),
            (Self::Double(a), Self::Uint(b)) => order_with_double(i128::from(*b), *a).map(Ordering::reverse),
            _ => return None,
        })
    }

    /// The order of two values that have one.
    pub(super) fn order(&self, other: &Val<'a>) -> Option<Option<Ordering>> {
        self.number_order(other).or_else(|| {
            Some(Some(match (self, other) {
                (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
                (Self::Text(a), Self::Text(b)) => a.as_str().cmp(b.as_str()),
                (Self::Bytes(a), Self::Bytes(b)) => a.cmp(b),
                (Self::Timestamp(a), Self::Timestamp(b)) => a.cmp(b),
                (Self::Duration(a), Self::Duration(b)) => a.cmp(b),
                _ => return None,
            }))
        })
    }

    /// How large the value is, for the cost of comparing or copying it. Counting ends above the limit: shared lists can be far larger than the memory
    /// that they take.
    pub(super) fn weight(&self, limit: u64) -> u64 {
        let mut weight = 0;
        self.weigh(limit, &mut weight);
        weight
    }

    fn weigh(&self, limit: u64, weight: &mut u64) {
        *weight += 1;
        if *weight > limit {
            return;
        }
        match self {
            Self::Text(text) => *weight += text.as_str().len() as u64 / 10,
            Self::Bytes(bytes) => *weight += bytes.len() as u64 / 10,
            Self::Part(Part { value, .. }) | Self::Opaque(value) => weigh_json(value, limit, weight),
            Self::Meta(meta) => *weight += meta.len() as u64,
            Self::List(items) => {
                items.iter().for_each(|item| item.weigh(limit, weight));
            }
            Self::Map(entries) => {
                // Lookups in computed maps are linear, so comparing two of them is quadratic.
                *weight += (entries.len() * entries.len()) as u64;
                for (key, value) in entries.iter() {
                    key.weigh(limit, weight);
                    value.weigh(limit, weight);
                }
            }
            Self::Optional(Some(inner)) => inner.weigh(limit, weight),
            _ => {}
        }
    }
}

impl Part<'_> {
    /// Equality of two mappings; fields without a schema count too.
    fn same_fields(&self, other: &Self) -> Result<bool, Fault> {
        let (Some(fields), Some(others)) = (self.value.as_object(), other.value.as_object()) else { return Ok(false) };
        if fields.len() != others.len() {
            return Ok(false);
        }
        for (name, value) in fields {
            let Some(other_value) = others.get(name) else { return Ok(false) };
            let same = match (self.field(name), other.field(name)) {
                (Some(a), Some(b)) => a?.equals(&b?)?,
                _ => json::equal(value, other_value),
            };
            if !same {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl ListType {
    /// A text that is equal for entries with the same key: the scalar itself in a set.
    fn identity(&self, entry: &Val<'_>) -> String {
        match self {
            Self::Map(keys) => keys
                .iter()
                .map(|key| match entry.field(&Val::text(&**key)) {
                    Some(Ok(value)) => format!("{}:{:?};", value.type_name(), render(&value)),
                    _ => ";".to_owned(),
                })
                .collect(),
            _ => format!("{}:{:?}", entry.type_name(), render(entry)),
        }
    }

    /// Whether two entries have the same key.
    pub(super) fn same_key<'a>(&self, a: &Val<'a>, b: &Val<'a>) -> Result<bool, Fault> {
        let Self::Map(keys) = self else { return a.equals(b) };
        for key in keys {
            let key = Val::text(&**key);
            match (a.field(&key), b.field(&key)) {
                (Some(a), Some(b)) if a.clone()?.equals(&b.clone()?)? => {}
                (None, None) => {}
                _ => return Ok(false),
            }
        }
        Ok(true)
    }
}

fn order_with_double(a: i128, b: f64) -> Option<Ordering> {
    if b.is_nan() {
        return None;
    }
    // Every 64-bit integer lies far inside this range, where the truncation is exact.
    if b >= 1e30 {
        return Some(Ordering::Less);
    }
    if b <= -1e30 {
        return Some(Ordering::Greater);
    }
    let whole = b.trunc() as i128;
    Some(a.cmp(&whole).then_with(|| 0.0_f64.partial_cmp(&b.fract()).unwrap_or(Ordering::Equal)))
}

fn weigh_json(value: &Value, limit: u64, weight: &mut u64) {
    *weight += 1;
    if *weight > limit {
        return;
    }
    match value {
        Value::String(text) => *weight += text.len() as u64 / 10,
        Value::Array(items) => items.iter().for_each(|item| weigh_json(item, limit, weight)),
        Value::Object(fields) => fields.values().for_each(|value| weigh_json(value, limit, weight)),
        _ => {}
    }
}
