//! One call of a hook, and what it changed.

use std::sync::{Arc, LazyLock};

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
    /// What the plugin logged: level and text.
    pub logs: Vec<String>,
    /// Instructions used.
    pub fuel: u64,
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
}

/// The edits of a call, found out when somebody asks: most compiles only need to know whether there are any.
pub type Edits = Arc<LazyLock<Vec<Edit>, Box<dyn FnOnce() -> Vec<Edit> + Send>>>;

/// Edits for whoever asks.
pub(crate) fn lazy(edits: impl FnOnce() -> Vec<Edit> + Send + 'static) -> Edits {
    Arc::new(LazyLock::new(Box::new(edits)))
}
