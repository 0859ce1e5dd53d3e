//! Symbolic edits → changes of bytes, in block and flow style.

use std::ops::Range;

use flatwright_diagnostic::{Anchor, Edit, Inner, NodeId, Part, Place, Target};
use flatwright_yaml::{Kind, Style, Tree};

use super::FixError;
use super::scalar::{Slot, is_bare, quoted, written};

type Change = (Range<usize>, String);

/// The changes of bytes that make one edit.
pub(super) fn text_edits(tree: &Tree, edit: &Edit) -> Result<Vec<Change>, FixError> {
    match edit {
        Edit::Replace { target, was, with } => {
            let anchor = anchor(target)?;
            let node = node_of(tree, anchor)?;
            if let Part::Inside(inner) = anchor.part {
                return replace_inside(tree, node, inner, was.as_deref(), with).map(|edit| vec![edit]);
            }
            is_written(tree, node, anchor.part, was.as_deref())?;
            replace(tree, node, anchor.part, with).map(|edit| vec![edit])
        }
        Edit::Quote(target) => quote(tree, node_of(tree, anchor(target)?)?).map(|edit| vec![edit]),
        Edit::Remove(target) => remove(tree, node_of(tree, anchor(target)?)?),
        Edit::RemoveEmpty(target, key) => {
            let node = node_of(tree, anchor(target)?)?;
            is_empty_entry(tree, node, key)?;
            remove(tree, node)
        }
        Edit::Insert(target, key, value) => {
            insert(tree, node_of(tree, anchor(target)?)?, key, value).map(|edit| vec![edit])
        }
    }
}

/// The place of an edit whose fix has been placed.
pub(super) fn anchor(target: &Target) -> Result<&Anchor, FixError> {
    match target {
        Target::At(anchor) => Ok(anchor),
        Target::Here(_) => Err(FixError::NoPlace),
    }
}

/// What is to be replaced must be what the finding was about.
fn is_written(tree: &Tree, node: NodeId, part: Part, was: Option<&str>) -> Result<(), FixError> {
    let Some(was) = was else { return Ok(()) };
    let written = if part == Part::Key { tree.key_of(node) } else { Some(node) };
    if written.and_then(|node| tree.scalar(node)) == Some(was) { Ok(()) } else { Err(FixError::OtherText) }
}

/// What is to be removed must be the entry that the finding was about, with nothing in it.
fn is_empty_entry(tree: &Tree, node: NodeId, key: &str) -> Result<(), FixError> {
    let is_empty = match own_kind(tree, node)? {
        Kind::Scalar(text, _) => text.is_empty(),
        Kind::Mapping(entries) => entries.is_empty(),
        Kind::Sequence(items) => items.is_empty(),
    };
    let is_entry = tree.key_of(node).and_then(|node| tree.scalar(node)) == Some(key);
    if is_empty && is_entry { Ok(()) } else { Err(FixError::OtherText) }
}

/// A part of a text is replaced where it stands as it is.
fn replace_inside(tree: &Tree, node: NodeId, inner: Inner, was: Option<&str>, with: &str) -> Result<Change, FixError> {
    let start = tree.offset_inside(node, inner).ok_or(FixError::NoPlace)?;
    let was = was.ok_or(FixError::Unsupported)?;
    if tree.text()[start..].starts_with(was) && !with.contains('\n') {
        Ok((start..start + was.len(), with.to_owned()))
    } else {
        Err(FixError::OtherText)
    }
}

fn node_of(tree: &Tree, anchor: &Anchor) -> Result<NodeId, FixError> {
    match &anchor.place {
        Place::Node(node) if (node.0 as usize) < tree.len() => Ok(*node),
        Place::Path { document, path } => {
            let root = *tree.roots().get(*document as usize).ok_or(FixError::NoPlace)?;
            let (node, is_found) = tree.find(root, path);
            if is_found { Ok(node) } else { Err(FixError::NoPlace) }
        }
        _ => Err(FixError::NoPlace),
    }
}

fn replace(tree: &Tree, node: NodeId, part: Part, wanted: &str) -> Result<Change, FixError> {
    let is_flow = tree.parent(node).is_some_and(|parent| tree.is_flow(parent));
    if part == Part::Key {
        let key = tree.key_of(node).ok_or(FixError::NoPlace)?;
        let Kind::Scalar(_, style) = own_kind(tree, key)? else { return Err(FixError::Unsupported) };
        if tree.parent(node).is_some_and(|parent| tree.get(parent, wanted).is_some()) {
            return Err(FixError::KeyExists(wanted.to_owned()));
        }
        return Ok((tree.span(key), written(wanted, Slot { style, is_flow, is_key: true, is_bare: false })));
    }
    let slot = |style| Slot { style, is_flow, is_key: false, is_bare: false };
    let span = tree.span(node);
    match own_kind(tree, node)? {
        Kind::Scalar(_, Style::Plain) if span.is_empty() => {
            let colon = colon_after(tree, node)?;
            Ok((colon..colon, format!(" {}", written(wanted, slot(Style::Plain)))))
        }
        Kind::Scalar(_, Style::Literal | Style::Folded) => {
            let header = block_header(tree, node)?;
            Ok((header..content_end(tree, node), written(wanted, slot(Style::Plain))))
        }
        Kind::Scalar(text, style) => Ok((span, written(wanted, Slot { is_bare: is_bare(text, style), ..slot(style) }))),
        _ if tree.is_flow(node) => Ok((span, written(wanted, slot(Style::Plain)))),
        _ => Err(FixError::Unsupported),
    }
}

/// Puts a plain scalar into quotes as it is written.
fn quote(tree: &Tree, node: NodeId) -> Result<Change, FixError> {
    match own_kind(tree, node)? {
        Kind::Scalar(text, Style::Plain) if !text.is_empty() => replace(tree, node, Part::Value, &quoted(text)),
        _ => Err(FixError::OtherText),
    }
}

fn remove(tree: &Tree, node: NodeId) -> Result<Vec<Change>, FixError> {
    let parent = tree.parent(node).ok_or(FixError::Unsupported)?;
    let entries = entries(tree, parent)?;
    let at = entries.iter().position(|entry| entry.value == node).ok_or(FixError::NoPlace)?;
    let entry = &entries[at];
    if tree.is_flow(parent) {
        return Ok(vec![(remove_in_flow(tree, &entries, at), String::new())]);
    }
    let text = tree.text();
    let start = entry_start(tree, entry)?;
    if entries.len() == 1 {
        return empty_block(tree, parent, start);
    }
    let line = line_start(text, start);
    if text[line..start].trim_matches(' ').is_empty() {
        let end = next_line(text, content_end(tree, node));
        // Blank lines that the entry keeps would otherwise be kept by the one before.
        let end = if keeps_blank_lines(tree, node) { end.max(line_start(text, tree.span(node).end)) } else { end };
        return Ok(vec![(line..end, String::new())]);
    }
    // The first entry of a collection that begins on the line of its own `- `: the next one moves up.
    let next = entries.get(at + 1).ok_or(FixError::Unsupported)?;
    Ok(vec![(start..entry_start(tree, next)?, String::new())])
}

fn remove_in_flow(tree: &Tree, entries: &[Entry], at: usize) -> Range<usize> {
    let text = tree.text();
    let own = entries[at].start(tree)..content_end(tree, entries[at].value);
    // Comments between entries stay; a comma that is left over is no error in YAML.
    let has_comment = |from: usize, to: usize| text[from..to].contains('#');
    if let Some(next) = entries.get(at + 1).map(|next| next.start(tree))
        && !has_comment(own.end, next)
    {
        return own.start..next;
    }
    match at.checked_sub(1).map(|before| content_end(tree, entries[before].value)) {
        Some(before) if !has_comment(before, own.start) => before..own.end,
        _ => own,
    }
}

/// Takes the only entry out of a block collection, which leaves `{}` or `[]`.
fn empty_block(tree: &Tree, collection: NodeId, start: usize) -> Result<Vec<Change>, FixError> {
    let text = tree.text();
    let end = content_end(tree, collection);
    let empty = if matches!(tree.kind(collection), Kind::Mapping(_)) { "{}" } else { "[]" };
    let line = line_start(text, start);
    let has_own_line = text[line..start].trim_matches(' ').is_empty();
    if tree.key_of(collection).is_none() || !has_own_line {
        return Ok(vec![(start..end, empty.to_owned())]);
    }
    let colon = colon_after(tree, collection)?;
    Ok(vec![(colon..colon, format!(" {empty}")), (line..next_line(text, end), String::new())])
}

fn insert(tree: &Tree, node: NodeId, key: &str, value: &str) -> Result<Change, FixError> {
    let text = tree.text();
    if tree.get(node, key).is_some() {
        return Err(FixError::KeyExists(key.to_owned()));
    }
    let entry_in = |style, is_flow| {
        let key = written(key, Slot { style, is_flow, is_key: true, is_bare: false });
        let value_style = if style == Style::DoubleQuoted { style } else { Style::Plain };
        format!("{key}: {}", written(value, Slot { style: value_style, is_flow, is_key: false, is_bare: false }))
    };
    let is_flow = tree.is_flow(node);
    match own_kind(tree, node)? {
        Kind::Scalar(_, Style::Plain) if tree.span(node).is_empty() => {
            let Some(key) = tree.key_of(node) else { return Err(FixError::Unsupported) };
            let indent = column(text, tree.span(key).start) + 2;
            let end = line_end(text, colon_after(tree, node)?);
            Ok((end..end, format!("{}{}{}", newline(text), " ".repeat(indent), entry_in(Style::Plain, false))))
        }
        Kind::Mapping(entries) if is_flow => {
            let Some((first, last)) = entries.iter().next().zip(entries.iter().next_back()) else {
                let style = if text.trim_start().starts_with('{') { Style::DoubleQuoted } else { Style::Plain };
                return Ok((tree.span(node), format!("{{{}}}", entry_in(style, true))));
            };
            let style = if let Kind::Scalar(_, style) = tree.kind(first.key) { style } else { Style::Plain };
            let end = content_end(tree, last.value).max(tree.span(last.key).end);
            let start = tree.span(last.key).start;
            let line = line_start(text, start);
            let has_own_line = line > tree.span(node).start && text[line..start].trim().is_empty();
            let gap = if has_own_line { format!("{}{}", newline(text), &text[line..start]) } else { " ".to_owned() };
            Ok((end..end, format!(",{gap}{}", entry_in(style, true))))
        }
        Kind::Mapping(entries) => {
            let (first, last) = entries.iter().next().zip(entries.iter().next_back()).ok_or(FixError::Unsupported)?;
            let style = if let Kind::Scalar(_, style) = tree.kind(last.key) { style } else { Style::Plain };
            let start = entry_start(tree, &Entry { key: Some(first.key), value: first.value })?;
            let indent = " ".repeat(column(text, start));
            let entry = entry_in(style, false);
            if keeps_blank_lines(tree, last.value) {
                return Ok((start..start, format!("{entry}{}{indent}", newline(text))));
            }
            let end = line_end(text, content_end(tree, last.value).max(tree.span(last.key).end));
            Ok((end..end, format!("{}{indent}{entry}", newline(text))))
        }
        _ => Err(FixError::Unsupported),
    }
}

/// An entry of a mapping or an item of a list.
struct Entry {
    key: Option<NodeId>,
    value: NodeId,
}

impl Entry {
    fn start(&self, tree: &Tree) -> usize {
        tree.span(self.key.unwrap_or(self.value)).start
    }
}

fn entries(tree: &Tree, collection: NodeId) -> Result<Vec<Entry>, FixError> {
    match own_kind(tree, collection)? {
        Kind::Mapping(entries) => {
            Ok(entries.iter().map(|entry| Entry { key: Some(entry.key), value: entry.value }).collect())
        }
        Kind::Sequence(items) => Ok(items.iter().map(|item| Entry { key: None, value: *item }).collect()),
        Kind::Scalar(..) => Err(FixError::Unsupported),
    }
}

/// What a node is where it is written: nothing is changed through an alias, for that would change another place too.
fn own_kind(tree: &Tree, node: NodeId) -> Result<Kind<'_>, FixError> {
    if tree.is_alias(node) { Err(FixError::Unsupported) } else { Ok(tree.kind(node)) }
}

/// Where a block entry begins: at its key, or at the dash of its item. Anchors and tags before a key are not understood.
fn entry_start(tree: &Tree, entry: &Entry) -> Result<usize, FixError> {
    let start = entry.start(tree);
    let text = tree.text();
    if entry.key.is_some() {
        let before = text[line_start(text, start)..start].trim_end_matches(' ');
        return if before.is_empty() || before.ends_with('-') { Ok(start) } else { Err(FixError::Unsupported) };
    }
    let before = match tree.kind(entry.value) {
        Kind::Scalar(_, Style::Literal | Style::Folded) => text[..block_header(tree, entry.value)?].trim_end(),
        _ => text[..start].trim_end(),
    };
    if before.ends_with('-') { Ok(before.len() - 1) } else { Err(FixError::Unsupported) }
}

/// The end of what is written of a node, without the line breaks of a block scalar.
fn content_end(tree: &Tree, node: NodeId) -> usize {
    let span = tree.span(node);
    match tree.key_of(node) {
        Some(key) if span.is_empty() => colon_after(tree, node).unwrap_or(tree.span(key).end),
        _ => span.start + tree.text()[span].trim_end().len(),
    }
}

/// Just behind the colon of a node's key.
fn colon_after(tree: &Tree, node: NodeId) -> Result<usize, FixError> {
    let key = tree.key_of(node).ok_or(FixError::Unsupported)?;
    let end = tree.span(key).end;
    let rest = &tree.text()[end..];
    let spaces = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    if rest[spaces..].starts_with(':') { Ok(end + spaces + 1) } else { Err(FixError::Unsupported) }
}

/// The `|` or `>` of a block scalar that is the value of a key or an item.
fn block_header(tree: &Tree, node: NodeId) -> Result<usize, FixError> {
    let text = tree.text();
    let first_line = line_start(text, tree.span(node).start);
    let header_line = line_start(text, text[..first_line].trim_end().len());
    let from = tree.key_of(node).map_or(Ok(header_line), |_| colon_after(tree, node))?;
    let header = text.get(from..first_line).ok_or(FixError::Unsupported)?;
    let is_simple = header.matches(['|', '>']).count() == 1 && !header.contains('#');
    header.find(['|', '>']).filter(|_| is_simple).map(|at| from + at).ok_or(FixError::Unsupported)
}

/// Whether the node ends in a block scalar that keeps the blank lines after it (`|+`).
fn keeps_blank_lines(tree: &Tree, node: NodeId) -> bool {
    let mut last = node;
    loop {
        let next = match tree.kind(last) {
            _ if tree.is_alias(last) => None,
            Kind::Mapping(entries) => entries.iter().next_back().map(|entry| entry.value),
            Kind::Sequence(items) => items.last().copied(),
            Kind::Scalar(text, Style::Literal | Style::Folded) => return text.ends_with("\n\n") || text == "\n",
            Kind::Scalar(..) => None,
        };
        match next {
            Some(next) => last = next,
            None => return false,
        }
    }
}

fn line_start(text: &str, offset: usize) -> usize {
    text[..offset].rfind('\n').map_or(0, |at| at + 1)
}

/// The end of the line, before its line break.
fn line_end(text: &str, offset: usize) -> usize {
    let end = text[offset..].find('\n').map_or(text.len(), |at| offset + at);
    if text[offset..end].ends_with('\r') { end - 1 } else { end }
}

/// The start of the next line, or the end of the text.
fn next_line(text: &str, offset: usize) -> usize {
    text[offset..].find('\n').map_or(text.len(), |at| offset + at + 1)
}

fn column(text: &str, offset: usize) -> usize {
    text[line_start(text, offset)..offset].chars().count()
}

fn newline(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}
