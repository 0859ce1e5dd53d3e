//! Suppression comments: `# flatwright: allow(code) reason` on the line above or at the end of the line, `# flatwright: allow-file(code) reason` at the top.

use std::collections::BTreeMap;

use flatwright_diagnostic::{Anchor, Diagnostic, Report, SourceId};
use flatwright_yaml::{Kind, Tree};

use crate::code::{self, KnownCodes};
use crate::rules::{self, Unused};
use crate::sources::Sources;

const MARKER: &str = "flatwright:";

/// One comment.
#[derive(Debug)]
struct Comment {
    source: SourceId,
    offset: usize,
    codes: Vec<String>,
    reason: String,
    scope: Scope,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    Line(usize),
    File,
    /// `allow-file` below the top.
    Misplaced,
    /// Neither `allow(…)` nor `allow-file(…)`.
    NotUnderstood,
}

/// Drops the findings that comments suppress and adds those about the comments. Gives the number of dropped ones.
pub(crate) fn apply(
    report: &mut Report,
    sources: &Sources,
    known_codes: &KnownCodes,
    is_hideable: impl Fn(&Diagnostic) -> bool,
) -> usize {
    let comments: Vec<Comment> = sources.ids().flat_map(|source| comments(sources, source)).collect();
    if comments.is_empty() {
        return 0;
    }
    let mut uses = vec![Use::Unused; comments.len()];
    let mut by_line: BTreeMap<(SourceId, Option<usize>), Vec<usize>> = BTreeMap::new();
    for (index, comment) in comments.iter().enumerate() {
        match comment.scope {
            Scope::Line(line) => by_line.entry((comment.source, Some(line))).or_default().push(index),
            Scope::File => by_line.entry((comment.source, None)).or_default().push(index),
            Scope::Misplaced | Scope::NotUnderstood => {}
        }
    }
    let mut suppressed = 0;
    report.retain(|diagnostic| {
        let mut is_kept = true;
        let Some(anchor) = &diagnostic.anchor else { return true };
        let line = sources.resolve(anchor).map(|span| span.start.line);
        let mut near: Vec<usize> = by_line.get(&(anchor.source, None)).cloned().unwrap_or_default();
        if line.is_some() {
            near.extend(by_line.get(&(anchor.source, line)).into_iter().flatten());
        }
        for index in near {
            if comments[index].names(diagnostic) {
                let is_hidden = is_hideable(diagnostic);
                uses[index] = uses[index].max(if is_hidden { Use::Used } else { Use::OnError });
                is_kept &= !is_hidden;
            }
        }
        suppressed += usize::from(!is_kept);
        is_kept
    });
    // After an error later phases did not run, and what was dropped was not looked at: a comment may be for those.
    let is_complete = !report.has_errors() && report.left_out().is_empty();
    for (comment, use_) in comments.iter().zip(uses) {
        // A full report shows no more, and suggesting a code for each of a million comments is slow.
        if !report.left_out().is_empty() {
            break;
        }
        comment.check(report, known_codes, use_, is_complete);
    }
    suppressed
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    Unused,
    OnError,
    Used,
}

impl Comment {
    fn names(&self, diagnostic: &Diagnostic) -> bool {
        self.codes.iter().any(|name| diagnostic.answers_to(name))
    }

    fn check(&self, report: &mut Report, known_codes: &KnownCodes, used: Use, is_complete: bool) {
        let anchor = Anchor::offset(self.source, self.offset);
        match self.scope {
            Scope::NotUnderstood => {
                report
                    .warn(anchor, &Unused::NotUnderstood)
                    .hint("write `# flatwright: allow(code) reason` or `# flatwright: allow-file(code) reason`");
                return;
            }
            Scope::Misplaced => {
                report.warn(anchor, &Unused::Misplaced).hint("move it above the first line that is not a comment");
                return;
            }
            Scope::File | Scope::Line(_) => {}
        }
        let mut has_unknown = false;
        for name in &self.codes {
            if let Err(unknown) = code::find(name, known_codes) {
                has_unknown = true;
                let finding = report.warn(anchor.clone(), &rules::Comment::UnknownCode { name: name.clone() });
                finding.hints.extend(unknown.hint);
            }
        }
        if self.reason.is_empty() {
            let codes = self.codes.join("`, `");
            report
                .warn(anchor.clone(), &rules::Comment::NoReason { codes })
                .hint("write the reason after the closing parenthesis");
        }
        match used {
            Use::OnError => {
                report.warn(anchor, &Unused::Error).hint("correct what it points at and remove this comment");
            }
            Use::Unused if is_complete && !has_unknown => {
                let codes = self.codes.join("` or `");
                report.warn(anchor, &Unused::Idle { codes }).hint("remove this comment");
            }
            _ => {}
        }
    }
}

fn comments(sources: &Sources, source: SourceId) -> Vec<Comment> {
    let Some(text) = sources.text(source).filter(|text| text.contains(MARKER)) else { return Vec::new() };
    let tree = sources.tree(source);
    let scalars = tree.map(scalar_spans);
    let mut out = Vec::new();
    let mut is_top = true;
    // Comments that stand alone and wait for the line they are about.
    let mut waiting = Vec::new();
    let mut offset = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let start = offset;
        offset += line.len();
        let trimmed = line.trim();
        let is_comment = trimmed.starts_with('#');
        if !is_comment && !trimmed.is_empty() && !matches!(trimmed, "---") {
            is_top = false;
        }
        let is_text = |at: usize| scalars.as_ref().is_some_and(|scalars| is_inside(scalars, start + at));
        let found = comments_in(line, tree.is_some()).find(|(at, _)| !is_text(*at));
        if let Some((at, body)) = found {
            let mut comment = read(source, start + at, body, index + 1);
            match comment.scope {
                Scope::File if !is_top => comment.scope = Scope::Misplaced,
                Scope::Line(_) if is_comment => waiting.push(out.len()),
                _ => {}
            }
            out.push(comment);
        }
        if !is_comment && !trimmed.is_empty() {
            for comment in waiting.drain(..) {
                out[comment].scope = Scope::Line(index + 1);
            }
        }
    }
    out
}

/// What looks like a comment in a line: the offset of its `#` and what follows the marker. Without a tree only a whole line can be a comment.
fn comments_in(line: &str, is_yaml: bool) -> impl Iterator<Item = (usize, &str)> {
    line.match_indices(MARKER).filter_map(move |(marker, _)| {
        let at = line[..marker].trim_end().strip_suffix('#')?.len();
        let is_alone = line[..at].trim().is_empty();
        let is_separated = is_alone || (is_yaml && line[..at].ends_with([' ', '\t']));
        is_separated.then(|| (at, line[marker + MARKER.len()..].trim()))
    })
}

fn read(source: SourceId, offset: usize, body: &str, line: usize) -> Comment {
    let read = |prefix: &str| body.strip_prefix(prefix)?.trim_start().strip_prefix('(')?.split_once(')');
    let found = read("allow-file").map(|parts| (Scope::File, parts));
    let (scope, (codes, reason)) = found
        .or_else(|| read("allow").map(|parts| (Scope::Line(line), parts)))
        .unwrap_or((Scope::NotUnderstood, ("", "")));
    let codes: Vec<String> =
        codes.split(',').map(|code| code.trim().to_owned()).filter(|code| !code.is_empty()).collect();
    let scope = if codes.is_empty() { Scope::NotUnderstood } else { scope };
    Comment { source, offset, codes, reason: reason.trim_start_matches([':', '-', ' ']).trim().to_owned(), scope }
}

/// The places of all scalars, in order. What looks like a comment inside one is text, such as a script in a block scalar.
fn scalar_spans(tree: &Tree) -> Vec<std::ops::Range<usize>> {
    let ids = (0..tree.len()).map(|index| flatwright_diagnostic::NodeId(u32::try_from(index).unwrap_or(u32::MAX)));
    let mut spans: Vec<_> =
        ids.filter(|id| matches!(tree.kind(*id), Kind::Scalar(..))).map(|id| tree.span(id)).collect();
    spans.sort_by_key(|span| span.start);
    spans
}

fn is_inside(spans: &[std::ops::Range<usize>], offset: usize) -> bool {
    let after = spans.partition_point(|span| span.start <= offset);
    after > 0 && spans[after - 1].contains(&offset)
}

#[cfg(test)]
mod tests {
    use flatwright_diagnostic::{Code, Path, Severity};
    use flatwright_yaml::{Limits, parse};

    use super::*;

    const A: Code = Code::new("a-code");
    const B: Code = Code::new("b-code");

    fn known() -> KnownCodes {
        KnownCodes::new(|| vec![A, B])
    }

    /// Warnings `a-code` at every path of the text; what is left and what was said about the comments.
    fn check(text: &str, paths: &[&str]) -> Vec<String> {
        let mut sources = Sources::new();
        let id = sources.add("x.yaml", text, Some(parse(text, &Limits::default()).0.into()));
        let mut report = Report::new();
        for path in paths {
            report.warning(A, Anchor::path(id, Path::parse(path)), *path);
        }
        apply(&mut report, &sources, &known(), |d| d.severity != Severity::Error);
        report.diagnostics().iter().map(|d| format!("{}: {}", d.code, d.message)).collect()
    }

    #[test]
    fn a_comment_suppresses_its_line_or_the_next() {
        assert!(check("a: 1 # flatwright: allow(a-code) we know\n", &["a"]).is_empty());
        assert!(check("# flatwright: allow(b-code, a-code): we know\n# more\n\na: 1\n", &["a"]).is_empty());
        assert_eq!(check("b: 2 # flatwright: allow(a-code) x\na: 1\n", &["b", "a"]), ["a-code: a"]);
    }

    #[test]
    fn a_comment_at_the_top_suppresses_in_the_whole_file() {
        assert!(check("# one\n---\n# flatwright: allow-file(a-code) old\na: 1\nb: 2\n", &["a", "b"]).is_empty());
        let said = check("a: 1\n# flatwright: allow-file(a-code) old\n", &["a"]);
        assert_eq!(said, ["a-code: a", "misplaced-file-suppression: `allow-file` stands below the top of the file"]);
    }

    #[test]
    fn a_comment_must_say_why_name_a_code_and_match() {
        assert_eq!(
            check("a: 1 # flatwright: allow(a-code)\n", &["a"]),
            ["suppression-without-reason: the suppression of `a-code` does not say why"]
        );
        assert_eq!(check("a: 1 # flatwright: allow(a-cod) x\n", &[]), ["unknown-code: no code `a-cod`"]);
        assert_eq!(
            check("a: 1 # flatwright: allow(b-code) x\n", &[]),
            ["idle-suppression: nothing here gives `b-code`"]
        );
        assert_eq!(
            check("a: 1 # flatwright: ignore x\n", &[]),
            ["unreadable-suppression: this `flatwright:` comment is not understood"]
        );
    }

    #[test]
    fn text_that_looks_like_a_comment_is_text() {
        assert!(check("a: |\n  # flatwright: allow(b-code) x\nb: 'x # flatwright: allow(b-code) x'\n", &[]).is_empty());
        assert!(check("a: ' # flatwright: x' # flatwright: allow(a-code) known\n", &["a"]).is_empty());
    }

    #[test]
    fn an_error_is_not_suppressed_and_the_comment_says_so() {
        let text = "a: 1 # flatwright: allow(a-code) x\n";
        let mut sources = Sources::new();
        let id = sources.add("x.yaml", text, Some(parse(text, &Limits::default()).0.into()));
        let mut report = Report::new();
        report.error(A, Anchor::path(id, Path::parse("a")), "wrong");
        apply(&mut report, &sources, &KnownCodes::new(|| vec![A]), |d| d.severity != Severity::Error);
        let said: Vec<_> = report.diagnostics().iter().map(|d| d.message.as_str()).collect();
        assert_eq!(said, ["wrong", "an error cannot be suppressed"]);
    }

    #[test]
    fn units_have_comments_of_whole_lines_only() {
        let text = "# flatwright: allow(a-code) x\nExecStart=/bin/x # flatwright: allow(nothing) x\n";
        let mut sources = Sources::new();
        let id = sources.add("x.service", text, None);
        let mut report = Report::new();
        report.warning(A, Anchor::line_column(id, 2, 1), "odd");
        assert_eq!(apply(&mut report, &sources, &KnownCodes::new(|| vec![A]), |_| true), 1);
        assert!(report.diagnostics().is_empty());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "(# flatwright: allow(-file)?\\(|a-code|,|\\)|\n|\r|a: 1|'|\"|\\||#| |é|flatwright:){0,30}") {
            check(&text, &["a", ""]);
        }
    }
}
