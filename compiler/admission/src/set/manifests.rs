//! The objects of a set, by kind and name, and their findings.

use std::collections::BTreeMap;

use flatwright_diagnostic::{Diagnostic, Severity};
use flatwright_kubernetes::manifest;
use serde_json::Value;

use crate::check::Check;
use crate::field::Field;
use crate::options::Options;

/// Comparisons of all with all stop after this many objects of a kind: a set is one cluster, a hostile one must not take forever.
pub(crate) const COMPARED: usize = 200;

/// The objects with their index.
pub(crate) struct Set<'a> {
    objects: Vec<Field<'a>>,
    by_kind: BTreeMap<&'a str, Vec<usize>>,
    by_name: BTreeMap<(&'a str, &'a str, &'a str), usize>,
}

impl<'a> Set<'a> {
    pub(crate) fn new(values: impl IntoIterator<Item = &'a Value>) -> Self {
        let objects: Vec<_> = values.into_iter().map(Field::root).collect();
        let by_name = objects
            .iter()
            .enumerate()
            .rev()
            .map(|(index, object)| ((kind(object), namespace(object), name(object)), index))
            .collect();
        let mut by_kind: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, object) in objects.iter().enumerate() {
            by_kind.entry(kind(object)).or_default().push(index);
        }
        Self { objects, by_kind, by_name }
    }

    pub(crate) fn len(&self) -> usize {
        self.objects.len()
    }

    pub(crate) fn get(&self, index: usize) -> &Field<'a> {
        &self.objects[index]
    }

    pub(crate) fn of_kind(&self, wanted: &str) -> impl Iterator<Item = (usize, &Field<'a>)> {
        let indexes = self.by_kind.get(wanted).map_or(&[][..], Vec::as_slice);
        indexes.iter().map(|index| (*index, &self.objects[*index]))
    }

    /// The object of a kind and name in the namespace of another.
    pub(crate) fn find(&self, kind: &str, namespace: &str, name: &str) -> Option<usize> {
        self.by_name.get(&(kind, namespace, name)).copied()
    }

    /// The object that a reference means; references without a namespace mean the object's own.
    pub(crate) fn resolve(&self, from: &Field<'_>, reference: &Field<'_>) -> Option<usize> {
        let space = reference.get("namespace").text().filter(|text| !text.is_empty()).unwrap_or(namespace(from));
        self.find(reference.get("kind").text_or_empty(), space, reference.get("name").text_or_empty())
    }
}

pub(crate) fn kind<'a>(object: &Field<'a>) -> &'a str {
    object.get("kind").text_or_empty()
}

pub(crate) fn name<'a>(object: &Field<'a>) -> &'a str {
    object.get("metadata.name").text_or_empty()
}

pub(crate) fn namespace<'a>(object: &Field<'a>) -> &'a str {
    manifest::or_default(object.get("metadata.namespace").text_or_empty())
}

/// One collector for each object that something is found in.
pub(crate) struct Findings<'o> {
    checks: BTreeMap<usize, Check<'o>>,
    options: &'o Options,
}

impl<'o> Findings<'o> {
    pub(crate) fn new(options: &'o Options) -> Self {
        Self { checks: BTreeMap::new(), options }
    }

    pub(crate) fn options(&self) -> &'o Options {
        self.options
    }

    pub(crate) fn on(&mut self, index: usize) -> &mut Check<'o> {
        self.checks.entry(index).or_insert_with(|| Check::new(self.options))
    }

    /// How bad it is that an object is not in the set.
    pub(crate) fn absence(&self) -> Severity {
        if self.options.complete { Severity::Error } else { Severity::Warning }
    }

    pub(crate) fn finish(self) -> Vec<(usize, Diagnostic)> {
        let list = self.checks.into_iter();
        list.flat_map(|(index, check)| check.finish().into_iter().map(move |finding| (index, finding))).collect()
    }
}
