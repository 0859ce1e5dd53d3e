//! Which fields the objects of a template can have: `facts/object-fields.txt`, made of their CRDs.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::LazyLock;

use flatwright_go::template::{Field, Shape};

/// What is below a name of the table.
#[derive(Debug, Default)]
struct Node {
    /// `[]`, `{}`, `*`, one behind the other.
    kind: &'static str,
    /// Whether every version of the kind has it.
    is_in_all: bool,
    below: BTreeMap<&'static str, Node>,
}

/// The kinds of the table.
static KINDS: LazyLock<BTreeMap<&'static str, Node>> = LazyLock::new(|| {
    let text = include_str!("../../../../facts/object-fields.txt");
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let mut rest = &lines[..];
    children(&mut rest, 0)
});

/// The lines of one depth, with what is below each.
fn children(rest: &mut &[&'static str], depth: usize) -> BTreeMap<&'static str, Node> {
    let mut found = BTreeMap::new();
    while let [line, after @ ..] = *rest {
        let text = line.trim_start_matches(' ');
        if line.len() - text.len() != depth {
            break;
        }
        *rest = after;
        let (word, versions) = text.split_once(' ').unwrap_or((text, ""));
        let end = word.find(['[', '{', '*']).unwrap_or(word.len());
        // A kind's own versions stand in its line.
        let node =
            Node { kind: &word[end..], is_in_all: depth == 0 || versions.is_empty(), below: children(rest, depth + 1) };
        found.insert(&word[..end], node);
    }
    found
}

/// The metadata of every object: `metav1.ObjectMeta`.
const METADATA: &[(&str, &str)] = &[
    ("annotations", "{}"),
    ("creationTimestamp", ""),
    ("deletionGracePeriodSeconds", ""),
    ("deletionTimestamp", ""),
    ("finalizers", "[]"),
    ("generateName", ""),
    ("generation", ""),
    ("labels", "{}"),
    ("managedFields", "[]*"),
    ("name", ""),
    ("namespace", ""),
    ("ownerReferences", "[]*"),
    ("resourceVersion", ""),
    ("selfLink", ""),
    ("uid", ""),
];

/// A place in an object of a known kind.
#[derive(Clone, Copy, Debug)]
enum At {
    Root(&'static Node),
    Metadata,
    Node(&'static Node),
    Leaf,
}

/// A place and its path for messages.
#[derive(Clone, Debug)]
pub(super) struct Place {
    at: At,
    /// What is left of the kind: `[]` of a list, `{}` of a map.
    kind: &'static str,
    name: String,
    /// Whether every version of the kind has it.
    is_in_all: bool,
}

impl Place {
    /// An object of a kind, as `.Cluster`; `None` for kinds that the table has not.
    pub(super) fn of_kind(kind: &str, name: &str) -> Option<Self> {
        let root = KINDS.get(kind)?;
        Some(Self { at: At::Root(root), kind: "", name: name.to_owned(), is_in_all: true })
    }

    /// The place behind a key; `Err` where no version has it.
    pub(super) fn step(&self, key: &str) -> Result<Option<Self>, ()> {
        let name = format!("{}.{key}", self.name);
        if let Some(kind) = self.kind.strip_prefix("{}") {
            return Ok((kind != "*").then(|| Self { kind, name, ..self.clone() }));
        }
        if self.kind.starts_with('*') {
            return Ok(None);
        }
        let is_in_all = self.is_in_all;
        match self.at {
            At::Root(node) => match key {
                "apiVersion" | "kind" => Ok(Some(Self { at: At::Leaf, kind: "", name, is_in_all })),
                "metadata" => Ok(Some(Self { at: At::Metadata, kind: "", name, is_in_all })),
                _ => below(node, key, name, is_in_all),
            },
            At::Metadata => {
                let (_, kind) = METADATA.iter().find(|(known, _)| *known == key).ok_or(())?;
                Ok(Some(Self { at: At::Leaf, kind, name, is_in_all }))
            }
            At::Node(node) if self.kind.is_empty() => below(node, key, name, is_in_all),
            At::Node(_) | At::Leaf => Ok(None),
        }
    }

    /// The place of an item.
    pub(super) fn inside(&self) -> Option<Self> {
        let kind = self.kind.strip_prefix("[]").or_else(|| self.kind.strip_prefix("{}"))?;
        (kind != "*").then(|| Self { kind, name: format!("{}[…]", self.name), ..self.clone() })
    }

    /// Whether every version of the kind has the place: else the provider may see the object in the other form.
    pub(super) const fn is_in_all(&self) -> bool {
        self.is_in_all
    }

    /// The names that a field could have had.
    pub(super) fn names(&self) -> Vec<&'static str> {
        match self.at {
            At::Root(node) => node.below.keys().copied().chain(["apiVersion", "kind", "metadata"]).collect(),
            At::Metadata => METADATA.iter().map(|(name, _)| *name).collect(),
            At::Node(node) => node.below.keys().copied().collect(),
            At::Leaf => Vec::new(),
        }
    }
}

fn below(node: &'static Node, key: &str, name: String, is_in_all: bool) -> Result<Option<Place>, ()> {
    if node.below.is_empty() {
        // What has no fields is no object; what Go does then is up to the value.
        return Ok(None);
    }
    let node = node.below.get(key).ok_or(())?;
    Ok(Some(Place { at: At::Node(node), kind: node.kind, name, is_in_all: is_in_all && node.is_in_all }))
}

impl Shape for Place {
    fn field(&self, key: &str) -> Field {
        match self.step(key) {
            Ok(place) => Field::Possible(place.map(|place| Rc::new(place) as Rc<dyn Shape>)),
            Err(()) => Field::Absent,
        }
    }

    fn item(&self) -> Option<Rc<dyn Shape>> {
        self.inside().map(|place| Rc::new(place) as Rc<dyn Shape>)
    }

    fn name(&self) -> &str {
        &self.name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(path: &str) -> Result<Option<Place>, ()> {
        path.split('.').try_fold(Place::of_kind("Cluster", ".Cluster"), |place, key| match place {
            Some(place) => place.step(key),
            None => Ok(None),
        })
    }

    #[test]
    fn fields_are_those_of_the_crds() {
        for path in
            ["metadata.name", "metadata.labels.a", "spec.clusterNetwork.pods.cidrBlocks", "status.phase", "kind"]
        {
            assert!(find(path).unwrap().is_some(), "{path}");
        }
        for path in ["spec.clusterNetwork.pod", "metadata.label", "specs", "spec.controlPlaneEndpoint.ip"] {
            assert!(find(path).is_err(), "{path}");
        }
        assert!(find("spec.controlPlaneEndpoint.host").unwrap().unwrap().is_in_all());
        assert!(!find("spec.controlPlaneRef.namespace").unwrap().unwrap().is_in_all());
        assert!(Place::of_kind("Pod", ".Pod").is_none());
    }
}
