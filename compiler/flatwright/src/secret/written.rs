//! Values that came from environment variables → the text that stands in the spec, `${env:NAME}`.
//!
//! Owns: which nodes of a spec these are. A finding quotes a value as it is written if it stands at the node, at something around it, or is about an object that is named by it:
//! the same text elsewhere in the spec is nobody's secret and stays.

use std::collections::BTreeMap;

use flatwright_diagnostic::{Anchor, Diagnostic, NodeId, Origin, Place, Report, SourceId};
use flatwright_spec::{Environment, references, resolved};
use flatwright_yaml::{Kind, Tree};

const OPEN: &str = "${env:";

/// Values that are this short are quoted as written only where they stand alone.
const LEAST_PART: usize = 4;

/// The values of a spec that variables gave.
#[derive(Debug)]
pub(crate) struct Written<'t> {
    source: SourceId,
    tree: &'t Tree,
    nodes: BTreeMap<NodeId, Node<'t>>,
}

#[derive(Debug)]
struct Node<'t> {
    written: &'t str,
    /// What the whole text and each variable in it stand for, and how they are written.
    values: Vec<(String, String)>,
    /// Whether objects are named by it, so that findings about any of them tell it.
    is_name: bool,
}

impl<'t> Written<'t> {
    /// The values of a spec; `None` if no variable is in it, which costs one search.
    pub(crate) fn of(source: SourceId, tree: &'t Tree, environment: &dyn Environment) -> Option<Self> {
        if !tree.text().contains(OPEN) {
            return None;
        }
        let all = 0..u32::try_from(tree.len()).unwrap_or(u32::MAX);
        let nodes = all.filter_map(|index| {
            let node = NodeId(index);
            let Kind::Scalar(written, _) = tree.kind(node) else { return None };
            if !written.contains(OPEN) {
                return None;
            }
            let parts = references(written, environment).into_iter().map(|(written, value)| (value, written));
            let mut values: Vec<(String, String)> = parts.collect();
            // A text that is made of defaults is the spec's own.
            if values.is_empty() {
                return None;
            }
            values.extend(resolved(written, environment).map(|value| (value, written.to_owned())));
            values.retain(|(value, _)| !value.is_empty());
            values.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
            values.dedup_by(|a, b| a.0 == b.0);
            Some((node, Node { written, values, is_name: is_name(tree, node) }))
        });
        Some(Self { source, tree, nodes: nodes.collect() })
    }

    /// What stands in the spec, for a value with this origin.
    pub(crate) fn text(&self, origin: Origin) -> Option<&'t str> {
        self.node(origin).map(|node| node.written)
    }

    /// The values behind an origin, the longest first, and what is shown in the place of each.
    pub(crate) fn values(&self, origin: Origin) -> &[(String, String)] {
        self.node(origin).map_or(&[], |node| &node.values)
    }

    fn node(&self, origin: Origin) -> Option<&Node<'t>> {
        match origin {
            Origin::Environment(source, node) if source == self.source => self.nodes.get(&node),
            _ => None,
        }
    }

    /// Quotes as written what the findings of a report are about.
    pub(crate) fn quote(&self, report: &mut Report) {
        report.change(|finding| self.quote_in(finding), |severity, _| Some(severity));
    }

    fn quote_in(&self, finding: &mut Diagnostic) {
        let labels = finding.labels.iter().map(|label| &label.anchor);
        let places: Vec<NodeId> = finding.anchor.iter().chain(labels).filter_map(|anchor| self.place(anchor)).collect();
        let is_at = |node: NodeId| places.contains(&node);
        if finding.anchor.as_ref().and_then(|anchor| self.place(anchor)).is_some_and(|at| self.nodes.contains_key(&at))
        {
            // What is to be written in the place of a variable's name is up to whoever sets it.
            finding.fixes.clear();
        }
        for (node, found) in &self.nodes {
            if !found.is_name && !is_at(*node) && !self.is_below(*node, &places) {
                continue;
            }
            for (value, written) in &found.values {
                let quote = |text: &mut String| replace(text, value, written);
                quote(&mut finding.message);
                finding.notes.iter_mut().chain(&mut finding.hints).for_each(quote);
                finding.labels.iter_mut().for_each(|label| quote(&mut label.message));
                finding.data.iter_mut().for_each(|(_, text)| quote(text));
            }
        }
    }

    fn place(&self, anchor: &Anchor) -> Option<NodeId> {
        if anchor.source != self.source {
            return None;
        }
        match &anchor.place {
            Place::Node(node) => Some(*node),
            Place::Path { document, path } => {
                let root = *self.tree.roots().get(usize::try_from(*document).ok()?)?;
                Some(self.tree.find(root, path).0)
            }
            _ => None,
        }
    }

    fn is_below(&self, node: NodeId, places: &[NodeId]) -> bool {
        let mut above = self.tree.parent(node);
        while let Some(parent) = above {
            if places.contains(&parent) {
                return true;
            }
            above = self.tree.parent(parent);
        }
        false
    }
}

/// Whether objects are named by a node: the cluster's name and namespace, those of pools.
fn is_name(tree: &Tree, node: NodeId) -> bool {
    let path = tree.path(node).to_string();
    matches!(path.as_str(), "metadata.name" | "metadata.namespace")
        || path.starts_with("spec.pools[") && path.ends_with("].name")
}

/// Replaces a value where it is a word of its own, or long enough to be nothing else.
fn replace(text: &mut String, value: &str, written: &str) {
    // A message shows the beginning of a long text.
    let line = value.lines().next().unwrap_or_default();
    let shown: String = line.chars().take(60).collect();
    let forms = [value, line, shown.as_str()];
    for (index, form) in forms.iter().enumerate() {
        if !form.is_empty() && !forms[..index].contains(form) {
            replace_form(text, form, written);
        }
    }
}

fn replace_form(text: &mut String, value: &str, written: &str) {
    if !text.contains(value) || written.contains(value) && text.contains(written) {
        return;
    }
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find(value) {
        let end = at + value.len();
        let before = rest[..at].chars().next_back().or_else(|| out.chars().next_back());
        let is_alone = !is_letter(before) && !is_letter(rest[end..].chars().next());
        out.push_str(&rest[..at]);
        out.push_str(if is_alone || value.len() >= LEAST_PART { written } else { value });
        rest = &rest[end..];
    }
    out.push_str(rest);
    *text = out;
}

#[cfg(test)]
mod tests {
    use flatwright_diagnostic::{Code, Path, Severity};
    use flatwright_yaml::{Limits, parse};

    use super::*;

    const CODE: Code = Code::new("a-code");
    const SPEC: &str = "metadata: {name: \"${env:NAME}\"}\nspec:\n  a: ${env:A}\n  b: secret-text\n  c: x-${env:A}\n  d: ${env:NONE:-plain}\n  e: ${env:SHORT}\n";

    fn said(path: &str, message: &str) -> String {
        let (tree, _) = parse(SPEC, &Limits::default());
        let environment = |name: &str| match name {
            "A" => Some("secret-text".to_owned()),
            "NAME" => Some("demo".to_owned()),
            "SHORT" => Some("3".to_owned()),
            _ => None,
        };
        let source = SourceId(0);
        let written = Written::of(source, &tree, &environment).expect("it names variables");
        let mut report = Report::new();
        let mut finding = Diagnostic::new(CODE, Severity::Error, message);
        finding.at(Anchor::path(source, Path::parse(path)));
        finding.data.push(("value", "secret-text".to_owned()));
        report.push(finding);
        written.quote(&mut report);
        let finding = &report.diagnostics()[0];
        format!("{} ({})", finding.message, finding.data[0].1)
    }

    #[test]
    fn a_value_is_quoted_as_it_is_written_where_it_came_from_a_variable() {
        assert_eq!(said("spec.a", "`secret-text` is wrong"), "`${env:A}` is wrong (${env:A})");
        assert_eq!(said("spec", "`secret-text` is wrong"), "`${env:A}` is wrong (${env:A})");
        assert_eq!(said("spec.b", "`secret-text` is wrong"), "`secret-text` is wrong (secret-text)");
        assert_eq!(said("spec.c", "`x-secret-text` is wrong"), "`x-${env:A}` is wrong (${env:A})");
        assert_eq!(said("spec.d", "`plain` is wrong"), "`plain` is wrong (secret-text)");
    }

    #[test]
    fn names_of_objects_are_quoted_everywhere_and_short_values_as_words() {
        assert_eq!(said("spec.b", "in Cluster `demo-md-0`"), "in Cluster `${env:NAME}-md-0` (secret-text)");
        assert_eq!(said("spec.e", "3 of 13 are 3"), "${env:SHORT} of 13 are ${env:SHORT} (secret-text)");
    }
}
