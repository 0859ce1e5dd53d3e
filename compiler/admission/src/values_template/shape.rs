//! Which fields the objects of a template can have: those of the built-in CRDs, in every version together.

use std::collections::BTreeSet;
use std::mem::discriminant;
use std::rc::Rc;

use flatwright_go::template::{Field, Shape};
use flatwright_kubernetes::crds::{self, Form, Line};

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
#[derive(Clone, Debug)]
enum At {
    Root(Lines),
    Metadata,
    /// A field of the metadata, with what is left of its kind: `[]` of a list, `{}` of a map, `*` of anything.
    OfMetadata(&'static str),
    Fields(Lines),
    List(Lines),
    Entries(Lines),
    /// Anything may be there, or the versions differ.
    Anything,
    Leaf,
}

/// What each version that has a place says of it.
type Lines = Rc<[Line]>;

impl At {
    fn of(lines: &Lines) -> Self {
        let below = |line: &Line| match line.form() {
            Form::List(below) | Form::Entries(below) => Some(below),
            _ => None,
        };
        let is_same = |line: &Line| discriminant(&line.form()) == discriminant(&lines[0].form());
        match lines.first().filter(|_| lines.iter().all(is_same)).map(|line| line.form()) {
            Some(Form::Fields) => Self::Fields(Rc::clone(lines)),
            Some(Form::List(_)) => Self::List(lines.iter().filter_map(below).collect()),
            Some(Form::Entries(_)) => Self::Entries(lines.iter().filter_map(below).collect()),
            Some(Form::Scalar) => Self::Leaf,
            Some(Form::Anything) | None => Self::Anything,
        }
    }
}

/// A place and its path for messages.
#[derive(Clone, Debug)]
pub(super) struct Place {
    at: At,
    name: String,
    /// Whether every version of the kind has it.
    is_in_all: bool,
}

impl Place {
    /// An object of a kind, as `.Cluster`; `None` for kinds that the table has not.
    pub(super) fn of_kind(kind: &str, name: &str) -> Option<Self> {
        let lines: Lines = crds::definitions().filter(|known| known.kind == kind).map(|known| known.root).collect();
        (!lines.is_empty()).then(|| Self { at: At::Root(lines), name: name.to_owned(), is_in_all: true })
    }

    /// The place behind a key; `Err` where no version has it.
    pub(super) fn step(&self, key: &str) -> Result<Option<Self>, ()> {
        let mut is_in_all = self.is_in_all;
        let at = match &self.at {
            At::Root(_) if matches!(key, "apiVersion" | "kind") => At::Leaf,
            At::Root(_) if key == "metadata" => At::Metadata,
            At::Root(lines) | At::Fields(lines) => {
                let below: Lines = lines.iter().filter_map(|line| line.property(key)).collect();
                is_in_all &= below.len() == lines.len();
                if below.is_empty() {
                    return Err(());
                }
                At::of(&below)
            }
            At::Metadata => At::OfMetadata(METADATA.iter().find(|(known, _)| *known == key).ok_or(())?.1),
            At::OfMetadata(kind) => match kind.strip_prefix("{}") {
                Some(kind) => At::OfMetadata(kind),
                None => return Ok(None),
            },
            At::Entries(lines) => At::of(lines),
            // What has no fields is no object; what Go does then is up to the value.
            At::List(_) | At::Anything | At::Leaf => return Ok(None),
        };
        Ok(Some(Self { at, name: format!("{}.{key}", self.name), is_in_all }))
    }

    /// The place of an item.
    pub(super) fn inside(&self) -> Option<Self> {
        let at = match &self.at {
            At::List(lines) | At::Entries(lines) => At::of(lines),
            At::OfMetadata(kind) => {
                At::OfMetadata(kind.strip_prefix("[]").or_else(|| kind.strip_prefix("{}")).filter(|kind| *kind != "*")?)
            }
            _ => return None,
        };
        Some(Self { at, name: format!("{}[…]", self.name), is_in_all: self.is_in_all })
    }

    /// Whether every version of the kind has the place: else the provider may see the object in the other form.
    pub(super) const fn is_in_all(&self) -> bool {
        self.is_in_all
    }

    /// The names that a field could have had, each once.
    pub(super) fn names(&self) -> BTreeSet<&'static str> {
        match &self.at {
            At::Root(lines) | At::Fields(lines) => {
                lines.iter().flat_map(|line| line.properties()).map(|(name, _)| name).collect()
            }
            At::Metadata => METADATA.iter().map(|(name, _)| *name).collect(),
            _ => BTreeSet::new(),
        }
    }
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
