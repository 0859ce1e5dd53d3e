//! The compiled form of a schema: an arena of small nodes that refer to each other by index.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::Value;

use crate::cel::ast::Program;
use crate::text::format::Format;
use flatwright_go::regexp::Pattern;

/// The index of a node in its arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NodeId(pub(crate) u32);

/// All nodes of one schema. The root is the first.
#[derive(Debug, Default)]
pub(crate) struct Nodes {
    pub(crate) nodes: Vec<Node>,
}

impl Nodes {
    pub(crate) const ROOT: NodeId = NodeId(0);

    pub(crate) fn get(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }
}

/// The `type` of a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Object,
    Array,
    String,
    Integer,
    Number,
    Boolean,
}

impl Kind {
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        Some(match name {
            "object" => Self::Object,
            "array" => Self::Array,
            "string" => Self::String,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "boolean" => Self::Boolean,
            _ => return None,
        })
    }

    /// The type as a user reads it, with its article.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Object => "a mapping",
            Self::Array => "a list",
            Self::String => "a string",
            Self::Integer => "an integer",
            Self::Number => "a number",
            Self::Boolean => "a boolean",
        }
    }
}

/// What `additionalProperties` allows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Additional {
    #[default]
    Unset,
    Allowed(bool),
    Each(NodeId),
}

/// `x-kubernetes-list-type`. Unset is not the same as atomic: an update correlates items of such a list by index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum ListType {
    #[default]
    Unset,
    Atomic,
    Set,
    Map(Box<[Box<str>]>),
}

/// What may be found at or below a node: lets a walk skip whole subtrees.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Below {
    pub(crate) rules: bool,
    pub(crate) unique_lists: bool,
    pub(crate) embedded: bool,
    pub(crate) defaults: bool,
}

/// One schema node.
#[derive(Debug, Default)]
pub(crate) struct Node {
    pub(crate) kind: Option<Kind>,
    pub(crate) int_or_string: bool,
    pub(crate) nullable: bool,
    pub(crate) preserve_unknown: bool,
    pub(crate) embedded: bool,
    pub(crate) properties: BTreeMap<Box<str>, NodeId>,
    pub(crate) additional: Additional,
    pub(crate) items: Option<NodeId>,
    pub(crate) list: ListType,
    pub(crate) default: Option<Value>,
    pub(crate) format: Option<Format>,
    pub(crate) checks: Option<Box<Checks>>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) below: Below,
}

impl Node {
    /// The schema of a field: its own, or the one for any field.
    pub(crate) fn field(&self, name: &str) -> Option<NodeId> {
        match (self.properties.get(name), self.additional) {
            (Some(&id), _) | (None, Additional::Each(id)) => Some(id),
            _ => None,
        }
    }

    /// Whether a value of this type is asked for.
    pub(crate) fn asks_for(&self, kind: Kind) -> bool {
        if self.int_or_string { matches!(kind, Kind::Integer | Kind::String) } else { self.kind == Some(kind) }
    }

    /// Whether the schema says anything about the type.
    pub(crate) fn is_typed(&self) -> bool {
        self.kind.is_some() || self.int_or_string
    }
}

/// The value validations of a node. Most nodes have none.
#[derive(Debug, Default)]
pub(crate) struct Checks {
    pub(crate) allowed: Vec<Value>,
    pub(crate) pattern: Option<Pattern>,
    pub(crate) min_length: Option<u64>,
    pub(crate) max_length: Option<u64>,
    pub(crate) minimum: Option<Bound>,
    pub(crate) maximum: Option<Bound>,
    pub(crate) multiple_of: Option<f64>,
    pub(crate) min_items: Option<u64>,
    pub(crate) max_items: Option<u64>,
    pub(crate) unique_items: bool,
    pub(crate) min_properties: Option<u64>,
    pub(crate) max_properties: Option<u64>,
    pub(crate) required: Vec<Box<str>>,
    pub(crate) all_of: Vec<NodeId>,
    pub(crate) any_of: Vec<NodeId>,
    pub(crate) one_of: Vec<NodeId>,
    pub(crate) not: Option<NodeId>,
}

/// A numeric bound.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound {
    pub(crate) limit: f64,
    pub(crate) exclusive: bool,
}

/// A rule's program, or why there is none.
pub(crate) type Compiled = OnceLock<Result<Program, String>>;

/// One entry of `x-kubernetes-validations`, compiled when it is first evaluated (by `rules`).
#[derive(Debug, Default)]
pub(crate) struct Rule {
    pub(crate) text: Box<str>,
    pub(crate) message: Option<Box<str>>,
    pub(crate) message_expression: Option<Box<str>>,
    pub(crate) reason: Option<Box<str>>,
    pub(crate) field_path: Option<Box<str>>,
    pub(crate) optional_old_self: bool,
    pub(crate) program: Compiled,
    pub(crate) message_program: Compiled,
}
