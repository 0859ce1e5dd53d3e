//! Findings before they have a position: kind, path and problem.

use crate::codec::{Path, Segment};
use crate::entry::EntryKind;
use crate::problem::{Config, Problem};
use flatwright_go::yaml3::NodeId;

/// One step of an owned path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Key(Box<str>),
    Index(usize),
}

/// Something a check found.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) kind: EntryKind,
    pub(crate) path: Vec<Step>,
    /// The key that it is about, if it is about a key.
    pub(crate) key: Option<NodeId>,
    pub(crate) problem: Problem,
}

/// All findings, in the order of the original's walk.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) list: Vec<Finding>,
}

impl Findings {
    pub(crate) fn add(&mut self, kind: EntryKind, path: &Path<'_>, problem: impl Into<Problem>) {
        self.list.push(Finding { kind, path: steps(path), key: None, problem: problem.into() });
    }

    pub(crate) fn error(&mut self, path: &Path<'_>, problem: impl Into<Problem>) {
        self.add(EntryKind::Error, path, problem);
    }

    pub(crate) fn warning(&mut self, path: &Path<'_>, problem: impl Into<Problem>) {
        self.add(EntryKind::Warning, path, problem);
    }

    pub(crate) fn key_warning(&mut self, path: &Path<'_>, key: NodeId, problem: Config) {
        self.list.push(Finding {
            kind: EntryKind::Warning,
            path: steps(path),
            key: Some(key),
            problem: problem.into(),
        });
    }
}

impl Step {
    pub(crate) fn write(steps: &[Self]) -> String {
        let mut out = String::new();
        for (i, step) in steps.iter().enumerate() {
            if i > 0 {
                out.push('.');
            }
            match step {
                Self::Key(key) => out.push_str(key),
                Self::Index(index) => out.push_str(&index.to_string()),
            }
        }
        out
    }
}

fn steps(path: &Path<'_>) -> Vec<Step> {
    path.segments()
        .into_iter()
        .map(|segment| match segment {
            Segment::Key(key) => Step::Key(key.into()),
            Segment::Index(index) => Step::Index(index),
        })
        .collect()
}
