//! Cuts the lines to show out of a text: printable, bounded in length whatever the text, with the marks moved along.
//!
//! A mark over several lines is shown on its first. The snippet library would draw all of it; a whole pool underlined tells less than its first line.

use std::ops::Range;

use flatwright_diagnostic::SourceId;

use crate::escape::push_printable;
use crate::sources::{Position, ResolvedSpan, Sources};

/// Lines longer than this many bytes are cut around the mark.
const LONGEST_LINE: usize = 240;
/// What is kept of a long line before and after the start of its mark.
const BEFORE: usize = 50;
const AFTER: usize = 110;
/// What stands in the place of each character of a secret.
const STAR: char = '*';
/// Marks so many lines apart or less are shown in one excerpt.
const NEAR: usize = 8;

/// A place to show.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    pub(crate) span: ResolvedSpan,
    pub(crate) label: Option<String>,
    pub(crate) is_primary: bool,
}

/// Consecutive lines with marks.
#[derive(Debug)]
pub(crate) struct Excerpt {
    pub(crate) source: SourceId,
    pub(crate) text: String,
    /// 1-based number of the first line.
    pub(crate) first_line: usize,
    /// Where the first mark is in the source, which `text` may no longer tell.
    pub(crate) position: Position,
    /// The marks as ranges of `text`.
    pub(crate) marks: Vec<(Range<usize>, Option<String>, bool)>,
}

/// The excerpts that show the marks: the one with the primary mark first, then by source and line.
pub(crate) fn excerpts(sources: &Sources, mut marks: Vec<Mark>) -> Vec<Excerpt> {
    marks.sort_by_key(|mark| (mark.span.source, mark.span.range.start, mark.span.range.end));
    let mut groups: Vec<Vec<Mark>> = Vec::new();
    for mark in marks {
        match groups.last_mut() {
            Some(group) if group.last().is_some_and(|last| belong_together(sources, last, &mark)) => group.push(mark),
            _ => groups.push(vec![mark]),
        }
    }
    groups.sort_by_key(|group| !group.iter().any(|mark| mark.is_primary));
    groups.into_iter().filter_map(|group| excerpt(sources, group)).collect()
}

fn belong_together(sources: &Sources, a: &Mark, b: &Mark) -> bool {
    let is_short = |mark: &Mark| {
        sources.line_range(mark.span.source, mark.span.start.line).is_some_and(|line| line.len() <= LONGEST_LINE)
    };
    a.span.source == b.span.source
        && b.span.start.line - a.span.start.line <= NEAR
        && is_short(a)
        && (a.span.start.line == b.span.start.line || is_short(b))
}

fn excerpt(sources: &Sources, marks: Vec<Mark>) -> Option<Excerpt> {
    let source = marks.first()?.span.source;
    let source_text = sources.text(source)?;
    let first_line = marks.first()?.span.start.line;
    let last_line = marks.last()?.span.start.line;
    let position = marks.iter().find(|mark| mark.is_primary).or(marks.first())?.span.start;
    let mut out = Excerpt { source, text: String::new(), first_line, position, marks: Vec::new() };
    let mut marks = marks.into_iter().peekable();
    for line_number in first_line..=last_line {
        if line_number > first_line {
            out.text.push('\n');
        }
        let line = sources.line_range(source, line_number)?;
        let mut on_line = Vec::new();
        while let Some(mark) = marks.next_if(|mark| mark.span.start.line == line_number) {
            on_line.push(mark);
        }
        push_line(source_text, line, on_line, sources.hidden(source), &mut out);
    }
    Some(out)
}

fn push_line(text: &str, line: Range<usize>, marks: Vec<Mark>, hidden: &[Range<usize>], out: &mut Excerpt) {
    let anchor = marks.first().map_or(line.start, |mark| mark.span.range.start);
    let window = window(text, &line, anchor);
    // Every byte where a mark starts or ends; pieces between them are escaped one by one, so that each keeps its place in the output.
    let mut cuts: Vec<usize> = Vec::with_capacity(marks.len() * 2 + 2);
    let clamp = |offset: usize| offset.clamp(window.start, window.end);
    for mark in &marks {
        cuts.push(clamp(mark.span.range.start));
        cuts.push(clamp(mark.span.range.end));
    }
    let is_here = |range: &&Range<usize>| range.start < window.end && window.start < range.end;
    let hidden: Vec<&Range<usize>> = hidden.iter().filter(is_here).collect();
    for range in &hidden {
        cuts.push(clamp(range.start));
        cuts.push(clamp(range.end));
    }
    cuts.push(window.end);
    cuts.sort_unstable();
    cuts.dedup();
    if window.start > line.start {
        out.text.push('…');
    }
    let mut moved = Vec::with_capacity(cuts.len());
    let mut at = window.start;
    for cut in cuts {
        if hidden.iter().any(|range| range.start <= at && cut <= range.end) {
            out.text.extend(text[at..cut].chars().map(|_| STAR));
        } else {
            push_printable(&text[at..cut], &mut out.text);
        }
        moved.push((cut, out.text.len()));
        at = cut;
    }
    if window.end < line.end {
        out.text.push('…');
    }
    let place = |offset: usize| {
        let found = moved.binary_search_by_key(&clamp(offset), |(cut, _)| *cut);
        moved[found.expect("invariant: every end of a mark is a cut")].1
    };
    for mark in marks {
        let range = place(mark.span.range.start)..place(mark.span.range.end);
        out.marks.push((range, mark.label, mark.is_primary));
    }
}

/// The part of a line to show.
fn window(text: &str, line: &Range<usize>, anchor: usize) -> Range<usize> {
    if line.len() <= LONGEST_LINE {
        return line.clone();
    }
    let boundary = |offset: usize| (line.start..=offset.min(line.end)).rev().find(|i| text.is_char_boundary(*i));
    let anchor = anchor.clamp(line.start, line.end);
    let start = boundary(anchor.saturating_sub(BEFORE).max(line.start)).unwrap_or(line.start);
    let end = boundary(anchor.saturating_add(AFTER)).unwrap_or(line.end);
    start..end
}
