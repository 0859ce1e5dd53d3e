//! Findings for people: message, excerpt, labels, notes and hints, and a line that counts them.

use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};
use flatwright_diagnostic::{Edit, Fix, Path, Severity};

use crate::escape::{message, printable};
use crate::excerpt::{Excerpt, Mark, excerpts};
use crate::findings::{Finding, Findings};
use crate::record::lines_left_out;
use crate::sources::Sources;

/// How text is written. The caller knows whether it goes to a terminal.
#[derive(Clone, Debug)]
pub struct TextOptions {
    /// Use colors.
    pub is_colored: bool,
    /// Columns of the terminal.
    pub width: usize,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self { is_colored: false, width: 140 }
    }
}

/// Object paths shown of a merged finding; the rest is counted.
const SHOWN_PATHS: usize = 3;

/// Writes every finding, and at the end a line such as `2 errors, 1 warning`. Nothing at all if there is no finding.
pub fn render_text(findings: &Findings<'_>, options: &TextOptions) -> String {
    let renderer = if options.is_colored { Renderer::styled().hyperlink(false) } else { Renderer::plain() };
    let renderer = renderer.term_width(options.width.max(40));
    let mut out = String::new();
    for finding in &findings.list {
        out.push_str(&render_finding(findings.sources, finding, &renderer));
        out.push_str("\n\n");
    }
    if !findings.list.is_empty() {
        out.push_str(&format!("{}\n", findings.counts()));
        out.extend(findings.left_out_words().map(|words| format!("{words}\n")));
    }
    let checked = findings.checked.iter().flat_map(|checked| checked.lines());
    out.extend(checked.map(|line| format!("{}\n", message(&line))));
    out
}

fn render_finding(sources: &Sources, finding: &Finding<'_>, renderer: &Renderer) -> String {
    let diagnostic = finding.diagnostic;
    let excerpts = excerpts(sources, marks(sources, finding));
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let name = message(&diagnostic.name());
    let title = level.primary_title(message(&diagnostic.message)).id(&*name);
    let mut elements: Vec<Element<'_>> = Vec::new();
    if finding.span.is_none()
        && let Some(source) = finding.source
    {
        elements.push(Origin::path(printable(sources.name(source))).into());
    }
    elements.extend(excerpts.iter().enumerate().map(|(index, excerpt)| snippet(index, excerpt).into()));
    elements.extend(object_note(&finding.object_paths).map(|note| Level::NOTE.message(note).into()));
    elements.extend(unplaced_labels(sources, finding).map(|note| Level::NOTE.message(note).into()));
    elements.extend(diagnostic.notes.iter().map(|note| Level::NOTE.message(message(note)).into()));
    elements.extend(diagnostic.hints.iter().map(|hint| Level::HELP.message(message(hint)).into()));
    elements.extend(lines_left_out(diagnostic).map(|note| Level::NOTE.message(note).into()));
    elements.extend(diagnostic.url.iter().map(|url| Level::NOTE.message(format!("see {}", message(url))).into()));
    let fixes = finding.fixes.iter().filter(|fix| !is_hinted(fix, &diagnostic.hints));
    elements.extend(fixes.map(|fix| Level::HELP.message(message(&fix.title)).into()));
    let rendered = renderer.render(&[Group::with_title(title).elements(elements)]);
    locate(&rendered, sources, &excerpts)
}

/// Whether a hint has said already what the fix writes.
fn is_hinted(fix: &Fix, hints: &[String]) -> bool {
    let written = fix.edits.last().and_then(|edit| match edit {
        Edit::Replace { with: text, .. } | Edit::RemoveEmpty(_, text) | Edit::Insert(_, _, text) => Some(text),
        Edit::Quote(_) | Edit::Remove(_) => None,
    });
    written.is_some_and(|text| hints.iter().any(|hint| hint.contains(&format!("`{text}`"))))
}

fn marks(sources: &Sources, finding: &Finding<'_>) -> Vec<Mark> {
    let primary = finding.span.clone().map(|span| Mark { span, label: None, is_primary: true });
    let labels = finding.diagnostic.labels.iter().filter_map(|label| {
        let span = sources.resolve(&label.anchor)?;
        Some(Mark { span, label: Some(message(&label.message)), is_primary: false })
    });
    primary.into_iter().chain(labels).collect()
}

/// Labels on whole files and on sources without text.
fn unplaced_labels<'a>(sources: &'a Sources, finding: &'a Finding<'_>) -> impl Iterator<Item = String> + 'a {
    let labels = finding.diagnostic.labels.iter();
    labels
        .filter(|label| sources.resolve(&label.anchor).is_none())
        .map(|label| format!("{}: {}", printable(sources.name(label.anchor.source)), message(&label.message)))
}

fn object_note(paths: &[&Path]) -> Option<String> {
    let shown: Vec<_> =
        paths.iter().take(SHOWN_PATHS).map(|path| format!("`{}`", message(&path.to_string()))).collect();
    let more = match paths.len().saturating_sub(SHOWN_PATHS) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (!shown.is_empty()).then(|| format!("at {}{more}", shown.join(", ")))
}

fn snippet(index: usize, excerpt: &Excerpt) -> Snippet<'_, Annotation<'_>> {
    let annotations = excerpt.marks.iter().map(|(range, label, is_primary)| {
        let kind = if *is_primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        kind.span(range.clone()).label(label.as_deref())
    });
    Snippet::source(excerpt.text.as_str())
        .line_start(excerpt.first_line)
        .path(format!("{PLACE}{index}{PLACE}"))
        .annotations(annotations)
}

/// Surrounds the number of an excerpt where its location goes. Escaping takes it out of everything that is shown, so it cannot be met otherwise.
const PLACE: char = '\u{E000}';

/// Writes the true locations. The snippet library counts columns in what it is given, and that is a cut and escaped line.
fn locate(rendered: &str, sources: &Sources, excerpts: &[Excerpt]) -> String {
    let mut out = String::with_capacity(rendered.len());
    let mut parts = rendered.split(PLACE);
    out.push_str(parts.next().unwrap_or_default());
    while let (Some(index), Some(rest)) = (parts.next(), parts.next()) {
        if let Some(excerpt) = index.parse().ok().and_then(|index: usize| excerpts.get(index)) {
            let position = excerpt.position;
            out.push_str(&printable(sources.name(excerpt.source)));
            out.push_str(&format!(":{}:{}", position.line, position.column));
        }
        out.push_str(rest.trim_start_matches(|c: char| c == ':' || c.is_ascii_digit()));
    }
    out
}

#[cfg(test)]
mod tests;
