//! What all groups share under what a group says itself.
//!
//! Owns: the rules by which a field is merged; which rule a field follows stands where it is declared (`#[derive(Merge)]`, `#[merge(…)]`). As the schema states it:
//! single values are replaced, mappings are merged by key, lists by the name of their items, and commands of the group run after the shared ones.
//! Must not: know a field.

pub(crate) use flatwright_derive::Merge;
use flatwright_diagnostic::Traced;

use crate::decode::Named;

/// A value that a group may take over from what all groups share.
pub(crate) trait Merge {
    /// Takes over from `shared` what is not said here.
    fn merge(&mut self, shared: &Self);
}

/// A single value: the own one, where there is one.
impl<T: Clone> Merge for Option<Traced<T>> {
    fn merge(&mut self, shared: &Self) {
        replace(self, shared);
    }
}

/// A mapping with known keys, merged key by key.
impl<T: Merge + Clone + crate::decode::Record> Merge for Option<T> {
    fn merge(&mut self, shared: &Self) {
        match (self.as_mut(), shared) {
            (Some(own), Some(shared)) => own.merge(shared),
            _ => replace(self, shared),
        }
    }
}

/// A mapping with free keys: own entries win.
impl<T: Clone> Merge for Named<T> {
    fn merge(&mut self, shared: &Self) {
        let kept = shared.iter().filter(|(key, _)| self.get(&key.value).is_none()).cloned();
        self.0 = kept.chain(self.0.iter().cloned()).collect();
    }
}

/// The own value, whole, where there is one.
pub(crate) fn replace<T: Clone>(own: &mut Option<T>, shared: &Option<T>) {
    if own.is_none() {
        own.clone_from(shared);
    }
}

/// Shared items first, then the own ones.
pub(crate) fn append<T: Clone>(own: &mut Vec<T>, shared: &[T]) {
    own.splice(0..0, shared.iter().cloned());
}

/// Shared items in order, each replaced by the own item of the same name; the other own items after them.
pub(crate) fn by_key<T: Clone>(own: &mut Vec<T>, shared: &[T], key: impl Fn(&T) -> &str) {
    let is_replaced = |item: &&T| own.iter().any(|other| key(other) == key(item));
    let kept: Vec<T> = shared.iter().filter(|item| !is_replaced(item)).cloned().collect();
    own.splice(0..0, kept);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_items_replace_shared_ones_of_their_name() {
        let mut own = vec!["b2", "d"];
        by_key(&mut own, &["a", "b1", "c"], |item| &item[..1]);
        assert_eq!(own, ["a", "c", "b2", "d"]);
        append(&mut own, &["a"]);
        assert_eq!(own, ["a", "a", "c", "b2", "d"]);
    }

    #[test]
    fn an_own_value_wins_and_a_shared_one_stays_where_there_is_none() {
        let value = |text: &'static str| Some(Traced::default_by(text, "a test"));
        let mut own = value("own");
        own.merge(&value("shared"));
        assert_eq!(own, value("own"));
        let mut none = None;
        Merge::merge(&mut none, &value("shared"));
        assert_eq!(none, value("shared"));
    }
}
