//! What is wrong with patches of objects.

use std::fmt;

use flatwright_diagnostic::Rule;

/// A patch for nothing.
#[derive(Debug, Rule)]
pub(crate) enum Target {
    /// No object matches.
    #[rule("patch-target", "this patch changes nothing: no emitted `{kind}` matches its target")]
    Nothing {
        /// The kind that it names.
        kind: String,
    },
}

/// An operation of a patch that does not fit its object.
#[derive(Debug, Rule)]
#[rule(group = "patch-failed")]
pub(crate) enum Unfit {
    /// A key on the way that the object does not have.
    #[rule("missing-patch-path", "{at} cannot be applied: there is no `{step}`")]
    Missing {
        /// The operation.
        at: Operation,
        /// The key.
        step: String,
        /// The keys that there are.
        #[rule(skip)]
        known: Vec<String>,
    },
    /// A step into a list that is not a place in it.
    #[rule("patch-list-place", "{at} cannot be applied: `{step}` is not a place in a list of {length}{append}")]
    ListPlace {
        /// The operation.
        at: Operation,
        /// The step.
        step: String,
        /// How many items there are.
        length: usize,
        /// What appends, where that is possible.
        #[rule(skip)]
        append: &'static str,
    },
    /// A step into a text, number or truth.
    #[rule("patch-below-scalar", "{at} cannot be applied: there is nothing below a scalar: `{step}`")]
    BelowScalar {
        /// The operation.
        at: Operation,
        /// The step.
        step: String,
    },
    /// A `test` that found another value.
    #[rule("failed-patch-test", "{at} cannot be applied: the value is another")]
    Test {
        /// The operation.
        at: Operation,
    },
    /// A removal of everything.
    #[rule("patch-of-whole-object", "{at} cannot be applied: the whole object cannot be removed")]
    WholeObject {
        /// The operation.
        at: Operation,
    },
    /// An operation that lacks a part. Patches of a spec are checked for that before.
    #[rule("incomplete-patch-operation", "{at} cannot be applied: it needs {what}")]
    Incomplete {
        /// The operation.
        at: Operation,
        /// What it lacks.
        what: &'static str,
    },
}

/// The operation that cannot be applied.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    /// Its name.
    pub(crate) op: &'static str,
    /// Its path.
    pub(crate) path: String,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` of `{}`", self.op, self.path)
    }
}
