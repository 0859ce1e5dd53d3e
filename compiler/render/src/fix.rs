//! Applies machine-applicable changes to the original text: everything that is not changed stays byte for byte, comments and layout included.

mod edit;
mod scalar;

use std::collections::BTreeMap;
use std::ops::Range;

use flatwright_diagnostic::{Anchor, Applicability, Edit, Fix, Place, SourceId};
use flatwright_yaml::{Limits, Tree, parse};

use crate::findings::Findings;
use crate::sources::Sources;

/// One change of bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEdit {
    /// The text to change.
    pub source: SourceId,
    /// What is replaced; empty for an insertion.
    pub range: Range<usize>,
    /// What takes its place.
    pub replacement: String,
}

/// Why a fix cannot be applied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FixError {
    /// The anchor names nothing that exists in the parsed text.
    #[error("the place to change is not in the text")]
    NoPlace,
    /// The place is written in a way that cannot be changed safely (an alias, a complex key).
    #[error("the place to change is written in a way that only a person can change")]
    Unsupported,
    /// What stands at the place is not what the fix is for.
    #[error("the place to change says something else")]
    OtherText,
    /// The key to insert exists.
    #[error("the key `{0}` is there already")]
    KeyExists(String),
    /// Two fixes change the same bytes.
    #[error("`{0}` and `{1}` change the same place")]
    Overlap(String, String),
    /// The changed text would no longer parse.
    #[error("`{0}` would leave a text that does not parse: {1}")]
    Breaks(String, String),
}

/// A text after its fixes.
#[derive(Clone, Debug)]
pub struct FixedSource {
    /// The text.
    pub source: SourceId,
    /// Its new content.
    pub text: String,
    /// The titles of the fixes that were applied.
    pub applied: Vec<String>,
}

/// What became of the fixes of a run.
#[derive(Clone, Debug, Default)]
pub struct Fixed {
    /// The texts that change, in the order of their ids.
    pub sources: Vec<FixedSource>,
    /// The fixes that were left out, with the reason. Those that overlap others can be applied by another run.
    pub skipped: Vec<(String, FixError)>,
}

/// The byte changes of a fix whose places are known, in the order of its edits.
///
/// # Errors
/// [`FixError`] if any of its edits cannot be made: a fix is applied as a whole or not at all.
pub fn text_edits(sources: &Sources, fix: &Fix) -> Result<Vec<TextEdit>, FixError> {
    let mut edits = Vec::new();
    for symbolic in &fix.edits {
        let anchor = edit::anchor(symbolic.target())?;
        let source = anchor.source;
        let made = match (&anchor.place, symbolic) {
            (Place::LineColumn(..) | Place::Offset(_), Edit::Replace { was: Some(was), with, .. }) => {
                vec![in_line(sources, anchor, was, with)?]
            }
            _ => edit::text_edits(sources.tree(source).ok_or(FixError::NoPlace)?, symbolic)?,
        };
        edits.extend(made.into_iter().map(|(range, replacement)| TextEdit { source, range, replacement }));
    }
    Ok(edits)
}

/// The change in a text of lines, such as a unit: what was written must stand where the finding is, perhaps in the brackets of a section.
fn in_line(sources: &Sources, anchor: &Anchor, was: &str, with: &str) -> Result<(Range<usize>, String), FixError> {
    let place = sources.resolve(anchor).ok_or(FixError::NoPlace)?.range.start;
    let rest = sources.text(anchor.source).and_then(|text| text.get(place..)).ok_or(FixError::NoPlace)?;
    let start = place + usize::from(rest.starts_with('['));
    let after = rest[start - place..].strip_prefix(was).ok_or(FixError::OtherText)?;
    // A longer word that only begins like it is another.
    if after.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-') {
        return Err(FixError::OtherText);
    }
    Ok((start..start + was.len(), with.to_owned()))
}

/// Applies fixes that all change one text.
///
/// # Errors
/// The first fix that cannot be made, or two that change the same bytes.
pub fn apply_fixes(text: &str, tree: &Tree, fixes: &[Fix]) -> Result<String, FixError> {
    let mut changes = Changes::default();
    for fix in fixes {
        let mut edits = Vec::new();
        for symbolic in &fix.edits {
            edits.extend(edit::text_edits(tree, symbolic)?);
        }
        changes.add(&fix.title, edits)?;
    }
    let after = changes.apply(text);
    let titles = || fixes.iter().map(|fix| fix.title.as_str()).collect::<Vec<_>>().join(", ");
    check_parses(tree, &after).map_err(|message| FixError::Breaks(titles(), message))?;
    Ok(after)
}

/// Applies the fixes of all findings, those that are certain or all of them; the first of two that overlap wins.
pub fn fix_findings(findings: &Findings<'_>, includes_suggested: bool) -> Fixed {
    let mut fixes: Vec<&Fix> = Vec::new();
    for fix in findings.list.iter().flat_map(|finding| &finding.fixes) {
        if (fix.applicability == Applicability::Certain || includes_suggested) && !fixes.contains(&fix) {
            fixes.push(fix);
        }
    }
    // Parsing after every fix finds the one that breaks the text, but costs a parse each: done only if the result as a whole does not parse.
    let fixed = fix_all(findings.sources, &fixes, false);
    let is_sound = |source: &FixedSource| {
        findings.sources.tree(source.source).is_none_or(|tree| check_parses(tree, &source.text).is_ok())
    };
    if fixed.sources.iter().all(is_sound) { fixed } else { fix_all(findings.sources, &fixes, true) }
}

fn fix_all(sources: &Sources, fixes: &[&Fix], checks_each: bool) -> Fixed {
    let mut fixed = Fixed::default();
    let mut by_source: BTreeMap<SourceId, (Changes, Vec<String>)> = BTreeMap::new();
    for fix in fixes {
        if let Err(error) = add_fix(sources, fix, &mut by_source, checks_each) {
            fixed.skipped.push((fix.title.clone(), error));
        }
    }
    for (source, (changes, applied)) in by_source {
        let Some(text) = sources.text(source) else { continue };
        fixed.sources.push(FixedSource { source, text: changes.apply(text), applied });
    }
    fixed
}

/// Adds the changes of a fix to those of its texts, all or none.
fn add_fix(
    sources: &Sources,
    fix: &Fix,
    by_source: &mut BTreeMap<SourceId, (Changes, Vec<String>)>,
    checks_each: bool,
) -> Result<(), FixError> {
    let mut grouped: BTreeMap<SourceId, Vec<(Range<usize>, String)>> = BTreeMap::new();
    for edit in text_edits(sources, fix)? {
        grouped.entry(edit.source).or_default().push((edit.range, edit.replacement));
    }
    let mut next = Vec::new();
    for (source, edits) in grouped {
        let mut changes = by_source.get(&source).map(|(changes, _)| changes.clone()).unwrap_or_default();
        changes.add(&fix.title, edits)?;
        if checks_each {
            let text = sources.text(source).ok_or(FixError::NoPlace)?;
            let verdict = sources.tree(source).map_or(Ok(()), |tree| check_parses(tree, &changes.apply(text)));
            verdict.map_err(|message| FixError::Breaks(fix.title.clone(), message))?;
        }
        next.push((source, changes));
    }
    for (source, changes) in next {
        let entry = by_source.entry(source).or_default();
        entry.0 = changes;
        entry.1.push(fix.title.clone());
    }
    Ok(())
}

/// The changed text has as many documents as before and no syntax error.
fn check_parses(before: &Tree, after: &str) -> Result<(), String> {
    match parse(after, &Limits::default()) {
        (_, Some(error)) => Err(error.message),
        (tree, None) if tree.roots().len() < before.roots().len() => Err("a document is gone".to_owned()),
        _ => Ok(()),
    }
}

/// Changes of one text, without overlap.
#[derive(Clone, Debug, Default)]
struct Changes {
    /// By start, insertions at one place in the order in which they came.
    edits: Vec<(Range<usize>, String, String)>,
}

impl Changes {
    fn add(&mut self, title: &str, edits: Vec<(Range<usize>, String)>) -> Result<(), FixError> {
        for (range, replacement) in edits {
            let at = self.edits.partition_point(|(other, ..)| other.start <= range.start);
            let clash = self.edits.iter().find(|(other, ..)| overlap(other, &range));
            if let Some((_, _, other)) = clash {
                return Err(FixError::Overlap(other.clone(), title.to_owned()));
            }
            self.edits.insert(at, (range, replacement, title.to_owned()));
        }
        Ok(())
    }

    fn apply(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + 64);
        let mut at = 0;
        for (range, replacement, _) in &self.edits {
            out.push_str(&text[at..range.start]);
            out.push_str(replacement);
            at = range.end;
        }
        out.push_str(&text[at..]);
        out
    }
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    match (a.is_empty(), b.is_empty()) {
        (true, true) => false,
        (true, false) => b.start < a.start && a.start < b.end,
        (false, true) => a.start < b.start && b.start < a.end,
        (false, false) => a.start < b.end && b.start < a.end,
    }
}

#[cfg(test)]
mod tests;
