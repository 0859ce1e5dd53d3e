//! One file of a machine after its first boot, byte for byte.
//!
//! Owns: which file a path leads to. Must not: know what a node has; `node` does.

use std::collections::{BTreeMap, VecDeque};

use flatwright_node::{Kind, Node};

/// More links on the way to a file are a circle.
const MOST_LINKS: usize = 40;

/// The bytes of the file that a path leads to, through links as the node follows them.
///
/// # Errors
/// Why there are none, as the user reads it.
pub(super) fn bytes(node: &Node<'_>, path: &str) -> Result<Vec<u8>, String> {
    if !path.starts_with('/') {
        return Err(format!("`{path}` is not an absolute path"));
    }
    let entries: BTreeMap<String, Kind<'_, '_>> = node.tree.entries().map(|entry| (entry.path, entry.kind)).collect();
    let mut rest: VecDeque<String> = pieces(path);
    let mut at = Vec::new();
    let mut links = 0;
    while let Some(piece) = rest.pop_front() {
        match piece.as_str() {
            "." => {}
            ".." => {
                at.pop();
            }
            _ => {
                at.push(piece);
                if let Some(Kind::Link(target)) = entries.get(&joined(&at)) {
                    links += 1;
                    if links > MOST_LINKS {
                        return Err(format!("links lead from `{path}` in a circle"));
                    }
                    at.pop();
                    if target.starts_with('/') {
                        at.clear();
                    }
                    let mut all = pieces(target);
                    all.extend(rest);
                    rest = all;
                }
            }
        }
    }
    let real = joined(&at);
    match entries.get(&real) {
        Some(Kind::File(contents)) => contents.bytes().ok_or_else(|| {
            let from: Vec<&str> = contents.remote().collect();
            if from.is_empty() {
                format!("what is in `{real}` is not known: it comes with the image")
            } else {
                format!("`{real}` is fetched from {}", from.join(", "))
            }
        }),
        Some(Kind::Directory { .. }) => Err(format!("`{real}` is a directory")),
        Some(Kind::Link(_) | Kind::Unknown) => Err(format!("what is at `{real}` is not known")),
        None => Err(format!("no machine config makes `{real}`; without `--file`, `preview` lists what is made")),
    }
}

fn pieces(path: &str) -> VecDeque<String> {
    path.split('/').filter(|piece| !piece.is_empty()).map(str::to_owned).collect()
}

fn joined(pieces: &[String]) -> String {
    format!("/{}", pieces.join("/"))
}
