//! Merging a child config over a parent: set values of the child win, list items with the same key are merged at the parent's place,
//! lists of options are joined.

use std::collections::BTreeMap;

use super::types::{
    Cex, Clevis, ClevisCustom, Disk, Dropin, File, Filesystem, HttpHeader, Luks, NodeGroup, NodeUser, Partition, Raid,
    Resource, Tang, Unit, Verification,
};

/// Where an item of a merged list comes from, by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mixed {
    Parent(usize),
    Child(usize),
    Both(usize, usize),
}

pub(crate) trait Merge: Sized {
    /// The child's values win.
    fn merge(self, child: Self) -> Self;
}

pub(crate) trait Keyed {
    /// What makes two items the same.
    fn key(&self) -> String;
}

/// Merges two lists by key. Of equal keys in the child, the last is merged and the others are lost, if the parent has the key.
pub(crate) fn merge_lists<T: Merge + Keyed>(parent: Vec<T>, child: Vec<T>) -> (Vec<T>, Vec<Mixed>) {
    if parent.is_empty() {
        let mixed = (0..child.len()).map(Mixed::Child).collect();
        return (child, mixed);
    }
    let mut last: BTreeMap<String, usize> = BTreeMap::new();
    for (i, item) in child.iter().enumerate() {
        last.insert(item.key(), i);
    }
    let parent_keys: Vec<String> = parent.iter().map(Keyed::key).collect();
    let mut child: Vec<Option<T>> = child.into_iter().map(Some).collect();
    let (mut items, mut mixed) = (Vec::new(), Vec::new());
    for (i, (item, key)) in parent.into_iter().zip(&parent_keys).enumerate() {
        match last.get(key).and_then(|j| child[*j].take().map(|other| (*j, other))) {
            Some((j, other)) => {
                items.push(item.merge(other));
                mixed.push(Mixed::Both(i, j));
            }
            None => {
                items.push(item);
                mixed.push(Mixed::Parent(i));
            }
        }
    }
    let known: std::collections::BTreeSet<&String> = parent_keys.iter().collect();
    for (j, item) in child.into_iter().enumerate() {
        let Some(item) = item.filter(|item| !known.contains(&item.key())) else { continue };
        items.push(item);
        mixed.push(Mixed::Child(j));
    }
    (items, mixed)
}

impl<T> Merge for Option<T> {
    fn merge(self, child: Self) -> Self {
        child.or(self)
    }
}

impl Merge for String {
    fn merge(self, child: Self) -> Self {
        child
    }
}

impl Keyed for String {
    fn key(&self) -> String {
        self.clone()
    }
}

impl Merge for i64 {
    fn merge(self, child: Self) -> Self {
        child
    }
}

impl<T: Merge + Keyed> Merge for Vec<T> {
    fn merge(self, child: Self) -> Self {
        merge_lists(self, child).0
    }
}

macro_rules! merge {
    ($($name:ident { $($field:ident)* $(; joined $($list:ident)*)? $(; key $key:expr)? })*) => {$(
        impl Merge for $name {
            fn merge(self, child: Self) -> Self {
                Self {
                    $($field: self.$field.merge(child.$field),)*
                    $($($list: { let mut list = self.$list; list.extend(child.$list); list },)*)?
                }
            }
        }
        $(
            impl Keyed for $name {
                fn key(&self) -> String {
                    let key: fn(&Self) -> String = $key;
                    key(self)
                }
            }
        )?
    )*};
}

merge! {
    Disk { device partitions wipe_table; key |disk| disk.device.clone() }
    Partition {
        guid label number resize should_exist size_mib start_mib type_guid wipe_partition_entry;
        key |partition| match (partition.number, &partition.label) {
            (0, Some(label)) => format!("label:{label}"),
            (0, None) => String::new(),
            (number, _) => format!("number:{number}"),
        }
    }
    Filesystem {
        device format label path uuid wipe_filesystem; joined mount_options options;
        key |filesystem| filesystem.device.clone()
    }
    Raid { devices level name spares; joined options; key |raid| raid.name.clone() }
    Luks {
        cex clevis device discard key_file label name open_options uuid wipe_volume; joined options;
        key |luks| luks.name.clone()
    }
    Cex { enabled }
    Clevis { custom tang threshold tpm2 }
    ClevisCustom { config needs_network pin }
    Tang { advertisement thumbprint url; key |tang| tang.url.clone() }
    Resource { compression http_headers source verification }
    HttpHeader { name value; key |header| header.name.clone() }
    Verification { hash }
    File { group overwrite path user contents mode; joined append; key |file| file.path.clone() }
    NodeUser { id name }
    NodeGroup { id name }
    Unit { contents dropins enabled mask name; key |unit| unit.name.clone() }
    Dropin { contents name; key |dropin| dropin.name.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(name: &str, contents: &str) -> Unit {
        Unit { name: name.to_owned(), contents: Some(contents.to_owned()), ..Unit::default() }
    }

    #[test]
    fn items_of_the_same_key_merge_at_the_parents_place() {
        let (units, mixed) = merge_lists(vec![unit("b", "1"), unit("a", "2")], vec![unit("c", "3"), unit("a", "4")]);
        let names: Vec<_> =
            units.iter().map(|unit| (&*unit.name, unit.contents.as_deref().unwrap_or_default())).collect();
        assert_eq!(names, [("b", "1"), ("a", "4"), ("c", "3")]);
        assert_eq!(mixed, [Mixed::Parent(0), Mixed::Both(1, 1), Mixed::Child(0)]);
    }
}
