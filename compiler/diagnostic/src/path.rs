//! Paths into a document: keys and list indexes.

use std::fmt;
use std::sync::Arc;

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment {
    /// A mapping key, shared: checkers make a path for every place they look at.
    Key(Arc<str>),
    /// A 0-based list index.
    Index(usize),
}

/// A path below a document's root, written `spec.pools[0].name`. The empty path is the root.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(Vec<Segment>);

impl Path {
    /// The root.
    pub fn root() -> Self {
        Self::default()
    }

    /// Reads the written form: keys separated by `.`, indexes as `[0]` or `.0`, keys with other characters as `["a.b/c"]`.
    /// Never fails: what does not parse as an index or a quoted key is taken as a key.
    pub fn parse(text: &str) -> Self {
        let mut path = Self::root();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(quoted) = rest.strip_prefix("[\"")
                && let Some(end) = quoted.find("\"]")
            {
                path.0.push(Segment::Key(quoted[..end].into()));
                rest = quoted[end + 2..].trim_start_matches('.');
                continue;
            }
            if let Some(inner) = rest.strip_prefix('[')
                && let Some(end) = inner.find(']')
                && let Ok(index) = inner[..end].parse()
            {
                path.0.push(Segment::Index(index));
                rest = inner[end + 1..].trim_start_matches('.');
                continue;
            }
            let end = rest.char_indices().skip(1).find(|(_, c)| matches!(c, '.' | '[')).map_or(rest.len(), |(i, _)| i);
            let step = &rest[..end];
            path.0.push(step.parse().map_or_else(|_| Segment::Key(step.into()), Segment::Index));
            rest = rest[end..].strip_prefix('.').unwrap_or(&rest[end..]);
        }
        path
    }

    /// This path with a key appended.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        let mut path = self.clone();
        path.push_key(key);
        path
    }

    /// This path with a list index appended.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        let mut path = self.clone();
        path.0.push(Segment::Index(index));
        path
    }

    /// Appends a key in place.
    pub fn push_key(&mut self, key: &str) {
        self.0.push(Segment::Key(key.into()));
    }

    /// Appends a list index in place.
    pub fn push_index(&mut self, index: usize) {
        self.0.push(Segment::Index(index));
    }

    /// Removes the last step.
    pub fn pop(&mut self) -> Option<Segment> {
        self.0.pop()
    }

    /// This path followed by another.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        Self(self.0.iter().chain(&other.0).cloned().collect())
    }

    /// The steps, outermost first.
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }

    /// Whether this is the root.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// Reverses the order of the steps: for building a path from the inside out.
    #[must_use]
    pub fn reversed(mut self) -> Self {
        self.0.reverse();
        self
    }
}

impl FromIterator<Segment> for Path {
    fn from_iter<I: IntoIterator<Item = Segment>>(iter: I) -> Self {
        Self(iter.into_iter().collect())
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Index(index) => write!(f, "[{index}]")?,
                Segment::Key(key)
                    if key.is_empty() || key.contains(['.', '[', ']', '"']) || key.parse::<usize>().is_ok() =>
                {
                    write!(f, "[\"{key}\"]")?;
                }
                Segment::Key(key) => {
                    if position > 0 {
                        f.write_str(".")?;
                    }
                    f.write_str(key)?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_written_form_reads_back() {
        for text in ["", "spec", "spec.pools[0].name", "metadata.labels[\"a.b/c\"]", "a[0][1]", "a[\"0\"].b"] {
            let path = Path::parse(text);
            assert_eq!(path.to_string(), text);
            assert_eq!(Path::parse(&path.to_string()), path);
        }
    }

    #[test]
    fn a_dotted_index_is_an_index() {
        assert_eq!(Path::parse("a.0.b").to_string(), "a[0].b");
    }
}
