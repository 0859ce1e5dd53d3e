//! What is wrong with an output directory.

use flatwright_diagnostic::Rule;

/// What a compile finds where it wants to write, and `--check` where it would.
#[derive(Clone, Debug, PartialEq, Eq, Rule)]
#[rule(group = "output-directory")]
pub enum Output {
    /// A file that is not there.
    #[rule("missing-output-file", "`{path}` is not there")]
    Missing {
        /// Its path below the output directory.
        path: String,
    },
    /// A file of an earlier compile.
    #[rule("outdated-output-file", "`{path}` is not what the specs compile to")]
    Outdated {
        /// Its path below the output directory.
        path: String,
    },
    /// A file that somebody changed.
    #[rule("edited-output-file", "`{path}` was edited since flatwright wrote it")]
    Edited {
        /// Its path below the output directory.
        path: String,
    },
    /// Somebody else's file, where ours goes.
    #[rule("foreign-output-file", "`{path}` is in the way, and flatwright did not write it")]
    Foreign {
        /// Its path below the output directory.
        path: String,
    },
    /// Somebody else's file among ours.
    #[rule("extra-output-file", "`{path}` is among the files of flatwright, which did not write it")]
    Extra {
        /// Its path below the output directory.
        path: String,
    },
    /// A file of ours that nothing asks for any more.
    #[rule("stale-output-file", "`{path}` belongs to nothing that the specs have")]
    Stale {
        /// Its path below the output directory.
        path: String,
    },
    /// Something that is no file, or no directory.
    #[rule("occupied-output-path", "`{path}` is a {what}, and flatwright writes a {wanted} there")]
    Occupied {
        /// Its path below the output directory.
        path: String,
        /// What it is.
        what: &'static str,
        /// What it should be.
        wanted: &'static str,
    },
    /// A cluster that is in none of the specs.
    #[rule("absent-cluster", "cluster `{cluster}` is in the output directory and in none of the specs")]
    AbsentCluster {
        /// Namespace and name.
        cluster: String,
    },
    /// An inventory that is none.
    #[rule("unreadable-inventory", "the inventory of the output directory cannot be used: {reason}")]
    Inventory {
        /// Why.
        #[rule(skip)]
        reason: String,
    },
    /// What a killed run left.
    #[rule("interrupted-output", "an earlier run ended before it had written everything")]
    Interrupted,
    /// What a killed run left, and cannot be used.
    #[rule("unreadable-journal", "what an earlier run left in `{path}` cannot be used: {reason}")]
    Journal {
        /// Where.
        path: String,
        /// Why.
        #[rule(skip)]
        reason: String,
    },
}
