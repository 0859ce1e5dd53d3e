//! Manifests of clusterctl templates: what their scalars say once `${NAME}` is filled in.
//!
//! Owns: the substitution as clusterctl's library does it (drone/envsubst), scalar by scalar, so that every value keeps its place. What has neither a value nor a
//! default stays as it is written, and nothing judges it. Must not: read the environment, or judge a value.

use std::collections::BTreeMap;

use flatwright_diagnostic::{NodeId, Path};
use flatwright_yaml::{Kind, Limits, Style, Tree};

/// The values of variables, by name.
pub(super) type Variables = BTreeMap<String, String>;

/// What stands in the place of the scalars of a tree that hold variables.
#[derive(Debug, Default)]
pub(super) struct Filled {
    scalars: BTreeMap<NodeId, Filling>,
    /// Plain scalars may become anything, such as the list of `${CIDRS:=["10.0.0.0/8"]}`.
    fragments: Vec<(NodeId, Tree)>,
}

#[derive(Debug)]
enum Filling {
    Text(String),
    Fragment(usize),
}

/// What was filled in for a scalar.
pub(super) enum Fill<'f> {
    /// Another text, in the style of the scalar.
    Text(&'f str),
    /// A tree of its own, by its number.
    Fragment(usize),
}

impl Filled {
    /// Fills in the scalars of a tree; nothing where the text is no template. A text that only others read, such as a script in a block, makes none:
    /// there, `${NAME}` may be the shell's.
    pub(super) fn of(tree: &Tree, variables: &Variables, is_masked: bool) -> Option<Self> {
        if !is_masked && !tree.text().contains("${") {
            return None;
        }
        let ids = || (0..u32::try_from(tree.len()).unwrap_or(u32::MAX)).map(NodeId);
        let scalar = |id: NodeId| match tree.kind(id) {
            Kind::Scalar(text, style) => Some((if is_masked { unmasked(text) } else { text.to_owned() }, style)),
            _ => None,
        };
        let is_own = |id| {
            scalar(id)
                .is_some_and(|(text, style)| !matches!(style, Style::Literal | Style::Folded) && text.contains("${"))
        };
        if variables.is_empty() && !ids().any(is_own) {
            return None;
        }
        let mut filled = Self::default();
        for id in ids() {
            let Some((text, style)) = scalar(id).filter(|(text, _)| text.contains('$')) else { continue };
            let new = substituted(&text, variables);
            if new == text && !is_masked {
                continue;
            }
            let fragment = (style == Style::Plain && !new.contains("${")).then(|| fragment(&new)).flatten();
            let filling = match fragment {
                Some(tree) => {
                    filled.fragments.push((id, tree));
                    Filling::Fragment(filled.fragments.len() - 1)
                }
                None => Filling::Text(new),
            };
            filled.scalars.insert(id, filling);
        }
        Some(filled)
    }

    /// What was filled in for a node.
    pub(super) fn get(&self, id: NodeId) -> Option<Fill<'_>> {
        Some(match self.scalars.get(&id)? {
            Filling::Text(text) => Fill::Text(text),
            Filling::Fragment(number) => Fill::Fragment(*number),
        })
    }

    /// A tree that was filled in, and the node in whose place it stands.
    pub(super) fn fragment(&self, number: usize) -> (NodeId, &Tree) {
        let (owner, tree) = &self.fragments[number];
        (*owner, tree)
    }

    /// What is written where something was filled in, by document and path, in some documents.
    pub(super) fn written(&self, tree: &Tree, documents: &[usize]) -> BTreeMap<(usize, Path), String> {
        let mut found = BTreeMap::new();
        let roots = documents.iter().filter_map(|document| Some((*document, *tree.roots().get(*document)?)));
        for (document, root) in roots {
            // Few scalars are filled in: the way to one becomes a path only there.
            let mut way: Vec<Step<'_>> = Vec::new();
            let mut open = vec![(root, 0, None)];
            while let Some((id, depth, step)) = open.pop() {
                way.truncate(depth);
                way.extend(step);
                let below = way.len();
                match tree.kind(id) {
                    Kind::Scalar(text, _) if self.scalars.contains_key(&id) => {
                        found.insert((document, path_of(&way)), text.to_owned());
                    }
                    Kind::Scalar(..) => {}
                    Kind::Sequence(items) => {
                        let items = items.iter().enumerate();
                        open.extend(items.map(|(at, item)| (*item, below, Some(Step::Index(at)))));
                    }
                    Kind::Mapping(entries) => open.extend(entries.iter().filter_map(|entry| {
                        let key = tree.scalar(entry.key)?;
                        Some((entry.value, below, Some(Step::Key(key))))
                    })),
                }
            }
        }
        found
    }
}

/// A step of a path, not yet one of its own.
enum Step<'t> {
    Key(&'t str),
    Index(usize),
}

fn path_of(way: &[Step<'_>]) -> Path {
    way.iter().fold(Path::root(), |path, step| match step {
        Step::Key(key) => path.key(key),
        Step::Index(index) => path.index(*index),
    })
}

/// A text as a document of its own; nothing if it is not one.
fn fragment(text: &str) -> Option<Tree> {
    let (tree, error) = flatwright_yaml::parse(text, &Limits::default());
    (error.is_none() && tree.roots().len() == 1).then_some(tree)
}

/// A text whose variables are marked in another way of the same length: in a list in brackets, `${NAME}` is not YAML. Nothing if it has none.
pub(super) fn masked(text: &str) -> Option<String> {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        masked.push_str(before);
        let line = after.split('\n').next().unwrap_or_default();
        match line.find('}') {
            Some(end) => {
                masked.push_str("$<");
                masked.push_str(&after[..end]);
                masked.push('>');
                rest = &after[end + 1..];
            }
            None => {
                masked.push_str("${");
                rest = after;
            }
        }
    }
    masked.push_str(rest);
    (masked != text).then_some(masked)
}

fn unmasked(text: &str) -> String {
    let mut parts = text.split("$<");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| match part.split_once('>') {
        Some((name, rest)) => format!("{text}${{{name}}}{rest}"),
        None => format!("{text}$<{part}"),
    })
}

/// A text with its variables filled in, as far as they have values.
pub(super) fn substituted(text: &str, variables: &Variables) -> String {
    let mut made = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        made.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        if let Some(escaped) = after.strip_prefix("${") {
            // `$${NAME}` is `${NAME}` for whoever reads it next.
            made.push_str("${");
            rest = escaped;
        } else if let Some(inner) = after.strip_prefix('{').and_then(braced) {
            match value(inner, variables) {
                Some(value) => made.push_str(&value),
                None => made.push_str(&rest[at..at + inner.len() + "${}".len()]),
            }
            rest = &after[inner.len() + "{}".len()..];
        } else {
            made.push('$');
            rest = after;
        }
    }
    made.push_str(rest);
    made
}

/// What stands up to the brace that closes.
fn braced(text: &str) -> Option<&str> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return Some(&text[..at]),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The value of `NAME`, `NAME:=default` and their like; nothing where it is not known.
fn value(inner: &str, variables: &Variables) -> Option<String> {
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(inner.len());
    let (name, rest) = inner.split_at(end);
    let given = variables.get(name);
    if rest.is_empty() {
        return given.cloned();
    }
    // With a colon, an empty value counts as none.
    let (default, given) = match rest.strip_prefix(':') {
        Some(rest) => (rest, given.filter(|value| !value.is_empty())),
        None => (rest, given),
    };
    let default = default.strip_prefix(['=', '-'])?;
    if name.is_empty() {
        return None;
    }
    let value = given.cloned().unwrap_or_else(|| substituted(default, variables));
    (!value.contains("${")).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_filled_in_as_clusterctl_does() {
        let variables: Variables = [("A", "1"), ("EMPTY", "")].map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        for (text, expected) in [
            ("${A}-x", "1-x"),
            ("${B}", "${B}"),
            ("${B:=2}", "2"),
            ("${B:-2}${A:=3}", "21"),
            ("${B=2}", "2"),
            ("${EMPTY:=2}/${EMPTY=2}/${EMPTY}", "2//"),
            ("${B:=${A}}", "1"),
            ("${B:=${C}}", "${B:=${C}}"),
            ("${B:=[\"x\"]}", "[\"x\"]"),
            ("$${A} $A $", "${A} $A $"),
            ("${A^^}", "${A^^}"),
            ("${unclosed", "${unclosed"),
            ("${}", "${}"),
        ] {
            assert_eq!(substituted(text, &variables), expected, "{text}");
        }
    }

    #[test]
    fn a_mask_keeps_every_place() {
        let text = "a: [${B:=1}, ${C}]\nb: {x: ${D\ny: $}\n";
        let mask = masked(text).unwrap();
        assert_eq!(mask, "a: [$<B:=1>, $<C>]\nb: {x: ${D\ny: $}\n");
        assert_eq!((mask.len(), unmasked(&mask).as_str()), (text.len(), text));
        assert_eq!(masked("a: b"), None);
    }

    #[test]
    fn a_shell_script_alone_makes_no_template() {
        let parse = |text: &str| flatwright_yaml::parse(text, &Limits::default()).0;
        let none = Variables::new();
        assert!(Filled::of(&parse("a: |\n  echo ${B:-c}\n"), &none, false).is_none());
        assert!(Filled::of(&parse("a: ${B:-c}\n"), &none, false).is_some());
        assert!(Filled::of(&parse("a: b\n"), &none, false).is_none());
    }
}
