//! One call of a hook, and what it changed.

use std::sync::{Arc, LazyLock};

use flatwright_diagnostic::{Anchor, Origin};
use flatwright_plugin_host::LogLine;
use serde_json::Value;

/// One call of a hook, for `--trace-plugins` and `explain`.
#[derive(Clone, Debug)]
pub struct Call {
    /// The plugin's name in the spec.
    pub plugin: String,
    /// What its file hashes to.
    pub digest: String,
    /// `images`, `sysupdate`, `kubeadm` or `policy`.
    pub hook: &'static str,
    /// `cluster`, or the node group's name.
    pub target: String,
    /// What changed.
    pub edits: Edits,
    /// Values of others that it replaced or removed.
    pub replaced: Vec<Replaced>,
    /// What the plugin logged, in order.
    pub logs: Vec<LogLine>,
    /// Instructions used.
    pub fuel: u64,
}

/// A value that a call replaced or removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// What it is known by, such as `node.kubelet-arguments["max-pods"]`: the beginning of an edit's path.
    pub path: String,
    /// The node group whose value it was, or `cluster`.
    pub group: String,
    /// Where it came from.
    pub before: Origin,
    /// The line, where the origin does not tell it: of a machine config only the whole is known by origin.
    pub line: Option<Anchor>,
}

/// One change that a plugin made, in its own version's terms.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// Where, such as `node.files["/etc/motd"].permissions`.
    pub path: String,
    /// What was there.
    pub before: Option<Value>,
    /// What is there now.
    pub after: Option<Value>,
    /// Whether the values are not shown, because a secret could be in them.
    pub is_hidden: bool,
}

/// The edits of a call, found out when somebody asks: most compiles only need to know whether there are any.
pub type Edits = Arc<LazyLock<Vec<Edit>, Box<dyn FnOnce() -> Vec<Edit> + Send>>>;

/// Edits for whoever asks.
pub(crate) fn lazy(edits: impl FnOnce() -> Vec<Edit> + Send + 'static) -> Edits {
    Arc::new(LazyLock::new(Box::new(edits)))
}
