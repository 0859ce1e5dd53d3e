//! Which fields the objects of a template can have: `facts/object-fields.txt`, made of their CRDs.

use std::rc::Rc;
use std::sync::LazyLock;

use flatwright_go::template::{Field, Shape};

/// The lines of the table.
static LINES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let text = include_str!("../../../../facts/object-fields.txt");
    text.lines().filter(|line| !line.starts_with('#')).collect()
});

/// A name of the table with the lines below it, which are read when somebody asks: a compile looks at a few of a thousand.
#[derive(Clone, Copy, Debug)]
struct Node {
    /// `[]`, `{}`, `*`, one behind the other.
    kind: &'static str,
    /// Whether every version of the kind has it.
    is_in_all: bool,
    below: &'static [&'static str],
    /// By how many spaces the lines below are indented at least.
    depth: usize,
}

impl Node {
    /// The names one step below, in the order of the table.
    fn children(self) -> impl Iterator<Item = (&'static str, Self)> {
        let (mut rest, depth) = (self.below, self.depth);
        std::iter::from_fn(move || {
            let (line, after) = rest.split_first()?;
            let deeper = after.iter().take_while(|line| line.as_bytes().get(depth) == Some(&b' ')).count();
            let (below, next) = after.split_at(deeper);
            rest = next;
            let (word, versions) = line[depth..].split_once(' ').unwrap_or((&line[depth..], ""));
            let end = word.find(['[', '{', '*']).unwrap_or(word.len());
            // A kind's own versions stand in its line.
            let is_in_all = depth == 0 || versions.is_empty();
            Some((&word[..end], Self { kind: &word[end..], is_in_all, below, depth: depth + 1 }))
        })
    }

    fn get(self, key: &str) -> Option<Self> {
        self.children().find(|(name, _)| *name == key).map(|(_, node)| node)
    }

    fn names(self) -> impl Iterator<Item = &'static str> {
        self.children().map(|(name, _)| name)
    }
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
    Root(Node),
    Metadata,
    Node(Node),
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
        let table = Node { kind: "", is_in_all: true, below: &LINES, depth: 0 };
        let root = table.get(kind)?;
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
            At::Root(node) => node.names().chain(["apiVersion", "kind", "metadata"]).collect(),
            At::Metadata => METADATA.iter().map(|(name, _)| *name).collect(),
            At::Node(node) => node.names().collect(),
            At::Leaf => Vec::new(),
        }
    }
}

fn below(node: Node, key: &str, name: String, is_in_all: bool) -> Result<Option<Place>, ()> {
    if node.below.is_empty() {
        // What has no fields is no object; what Go does then is up to the value.
        return Ok(None);
    }
    let node = node.get(key).ok_or(())?;
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
