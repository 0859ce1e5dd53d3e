//! Names that must be unique and short, and files that must be readable.

use flatwright_diagnostic::Rule;

/// One name for two things of a kind.
#[derive(Debug, Rule)]
#[rule(group = "duplicate-name")]
pub enum DuplicateName {
    /// Two entries of one list.
    #[rule("repeated-name", "{what} `{name}` stands twice")]
    Repeated {
        /// What is named.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// Two disks of a machine at one logical unit.
    #[rule("repeated-logical-unit", "logical unit `{lun}` is used twice")]
    LogicalUnit {
        /// The number.
        lun: i64,
    },
    /// A pool with the name of the control plane's group.
    #[rule("reserved-pool-name", "a pool cannot be named `control-plane`: that is the control plane's group")]
    ReservedPool,
    /// A file that is written anyway.
    #[rule("reserved-file", "`{path}` is written for every machine anyway")]
    ReservedFile {
        /// The file.
        path: String,
    },
    /// Two clusters of one run.
    #[rule("repeated-cluster", "two clusters are named `{name}` in namespace `{namespace}`")]
    Cluster {
        /// Their name.
        name: String,
        /// Their namespace.
        namespace: String,
    },
}

/// The bound of names that are made of others.
#[derive(Debug, Rule)]
pub enum NameTooLong {
    /// A MachineDeployment's name is also a label value.
    #[rule("name-too-long", "`{name}` has {length} characters; a MachineDeployment's name may have {longest}")]
    Group {
        /// The composed name.
        name: String,
        /// How long it is.
        length: usize,
        /// How long it may be.
        longest: usize,
    },
}

/// Files beside the spec.
#[derive(Debug, Rule)]
pub enum UnreadableFile {
    /// The world does not give the file.
    #[rule("unreadable-file", "file `{path}` cannot be used: {reason}")]
    File {
        /// Its path, as written.
        path: String,
        /// Why, in the words of whoever reads files.
        #[rule(skip)]
        reason: String,
    },
}
