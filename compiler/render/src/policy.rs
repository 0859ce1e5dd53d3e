//! Which findings count: suppression comments, `--allow`, a baseline, `--deny warnings`, in this order.
//!
//! Errors stay: an object that the API server refuses is refused however it is commented. Only codes that the caller lists as suppressible may be hidden as errors.

use flatwright_diagnostic::{Code, Diagnostic, Report, Severity};

use crate::baseline::Baseline;
use crate::code::{self, KnownCodes, UnknownCode};
use crate::record::fingerprint;
use crate::sources::Sources;
use crate::suppression;

/// What the user decided about findings.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Warnings that are left are errors.
    pub denies_warnings: bool,
    /// Codes that are not reported.
    pub allow: Vec<Allow>,
    /// Findings that were there before.
    pub baseline: Option<Baseline>,
    /// Codes that may be hidden even where they are errors.
    pub suppressible_errors: Vec<Code>,
}

/// One `--allow CODE` or `--allow CODE:FILES`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allow {
    /// The name of a code, of a group of codes, or of a plugin's own (`plugin-finding/<plugin>/<code>`).
    pub code: String,
    /// The sources in which it is allowed, by name: `*` and `?` within a path segment, `**` across; all if absent.
    pub files: Option<String>,
}

/// How many findings were hidden, and by what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hidden {
    /// By comments.
    pub suppressed: usize,
    /// By `allow`.
    pub allowed: usize,
    /// By the baseline.
    pub baseline: usize,
}

impl Allow {
    /// Reads `CODE` or `CODE:FILES`.
    ///
    /// # Errors
    /// [`UnknownCode`] with the nearest code.
    pub fn parse(text: &str, known_codes: &KnownCodes) -> Result<Self, UnknownCode> {
        let (name, files) = text.split_once(':').map_or((text, None), |(name, files)| (name, Some(files.to_owned())));
        let code = code::find(name.trim(), known_codes)?;
        Ok(Self { code, files })
    }

    fn covers(&self, diagnostic: &Diagnostic, sources: &Sources) -> bool {
        let name = || diagnostic.anchor.as_ref().map_or("", |anchor| sources.name(anchor.source));
        diagnostic.answers_to(&self.code) && self.files.as_ref().is_none_or(|files| matches_glob(files, name()))
    }
}

impl Policy {
    /// Applies the policy to the findings of a run. Problems of the suppression comments themselves become findings, which then are selected like all others.
    pub fn apply(&self, report: &mut Report, sources: &Sources, known_codes: &KnownCodes) -> Hidden {
        let suppressed = suppression::apply(report, sources, known_codes, |diagnostic| self.may_hide(diagnostic));
        Hidden { suppressed, ..self.select(report, sources, known_codes) }
    }

    /// The same without comments: for findings about files in which nobody suppresses anything.
    pub fn select(&self, report: &mut Report, sources: &Sources, known_codes: &KnownCodes) -> Hidden {
        let mut hidden = Hidden::default();
        report.retain(|diagnostic| {
            if !self.may_hide(diagnostic) {
                return true;
            }
            if self.allow.iter().any(|allow| allow.covers(diagnostic, sources)) {
                hidden.allowed += 1;
                return false;
            }
            let is_old = self.baseline.as_ref().is_some_and(|old| old.contains(&fingerprint(sources, diagnostic)));
            hidden.baseline += usize::from(is_old);
            !is_old
        });
        self.change(report, known_codes);
        hidden
    }

    fn may_hide(&self, diagnostic: &Diagnostic) -> bool {
        match diagnostic.severity {
            Severity::Error => self.suppressible_errors.contains(&diagnostic.code),
            _ => diagnostic.waiver.is_none(),
        }
    }

    /// Warnings that are denied are errors. Findings that nobody kept are known by name only: what is allowed in every file is allowed there too.
    fn change(&self, report: &mut Report, known_codes: &KnownCodes) {
        let is_allowed = |name: &str| {
            let stem = name.split_once('/').map_or(name, |(stem, _)| stem);
            let code = || known_codes.iter().find(|code| code.name() == stem);
            let is_named = |allowed: &str| {
                let is_below = name.strip_prefix(allowed).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
                is_below || code().is_some_and(|code| code.answers_to(allowed))
            };
            self.allow.iter().any(|allow| allow.files.is_none() && is_named(&allow.code))
        };
        let is_denied = |severity| self.denies_warnings && severity == Severity::Warning;
        let kept = |diagnostic: &mut Diagnostic| {
            if is_denied(diagnostic.severity) {
                diagnostic.severity = Severity::Error;
                diagnostic.note("warnings are denied");
            }
        };
        report.change(kept, |severity, name| match severity {
            Severity::Error => Some(severity),
            _ if is_allowed(name) => None,
            _ if is_denied(severity) => Some(Severity::Error),
            _ => Some(severity),
        });
    }
}

/// Whether a file name matches a glob. Every star is tried from the left with one point of return for each kind, so the time is bounded by the product of the
/// lengths.
fn matches_glob(glob: &str, name: &str) -> bool {
    let glob: Vec<char> = glob.trim_start_matches("./").chars().collect();
    let name: Vec<char> = name.trim_start_matches("./").chars().collect();
    // reachable[j]: the glob read so far matches the first j characters.
    let mut reachable = vec![false; name.len() + 1];
    reachable[0] = true;
    let mut at = 0;
    while at < glob.len() {
        let (is_star, is_deep) = (glob[at] == '*', glob[at..].starts_with(&['*', '*']));
        let mut next = vec![false; name.len() + 1];
        for j in 0..=name.len() {
            next[j] = if is_star {
                reachable[j] || (j > 0 && next[j - 1] && (is_deep || name[j - 1] != '/'))
            } else {
                j > 0 && reachable[j - 1] && (glob[at] == name[j - 1] || (glob[at] == '?' && name[j - 1] != '/'))
            };
        }
        // `**/` also matches no directory at all.
        let is_deep_directory = is_deep && glob.get(at + 2) == Some(&'/');
        if is_deep_directory {
            let whole = next.clone();
            for j in 0..=name.len() {
                next[j] = reachable[j] || (j > 0 && whole[j - 1] && name[j - 1] == '/');
            }
        }
        reachable = next;
        at += if is_deep_directory { 3 } else { 1 + usize::from(is_deep) };
    }
    reachable[name.len()]
}

#[cfg(test)]
mod tests {
    use flatwright_diagnostic::Anchor;

    use super::*;

    const A: Code = Code::new("a-code");
    const B: Code = Code::new("b-code");

    fn known() -> KnownCodes {
        KnownCodes::new(|| vec![A, B])
    }

    fn report(sources: &mut Sources) -> Report {
        let id = sources.add("dir/x.yaml", "a: 1\n", None);
        let mut report = Report::new();
        report.error(A, Anchor::offset(id, 0), "an error");
        report.warning(A, Anchor::offset(id, 0), "a warning");
        report.warning(B, Anchor::offset(id, 0), "another warning");
        report
    }

    fn left(report: &Report) -> Vec<(&str, Severity)> {
        report.diagnostics().iter().map(|d| (d.message.as_str(), d.severity)).collect()
    }

    #[test]
    fn errors_stay_whatever_is_allowed() {
        let mut sources = Sources::new();
        let mut report = report(&mut sources);
        let allow = vec![Allow::parse("a-code", &known()).expect("known")];
        let hidden = Policy { allow: allow.clone(), ..Policy::default() }.apply(&mut report, &sources, &known());
        assert_eq!(hidden, Hidden { allowed: 1, ..Hidden::default() });
        assert_eq!(left(&report), [("an error", Severity::Error), ("another warning", Severity::Warning)]);
        Policy { allow, suppressible_errors: vec![A], ..Policy::default() }.apply(&mut report, &sources, &known());
        assert!(!report.has_errors());
    }

    #[test]
    fn denied_warnings_are_errors_unless_allowed() {
        let mut sources = Sources::new();
        let mut report = report(&mut sources);
        let allow = vec![Allow::parse("b-code:dir/*.yaml", &known()).expect("known")];
        Policy { denies_warnings: true, allow, ..Policy::default() }.apply(&mut report, &sources, &known());
        assert_eq!(left(&report), [("an error", Severity::Error), ("a warning", Severity::Error)]);
    }

    #[test]
    fn a_baseline_hides_what_was_there_before() {
        let mut sources = Sources::new();
        let mut report = report(&mut sources);
        let baseline = Baseline::parse(&Baseline::write(&report, &sources)).expect("own output");
        let policy = Policy { baseline: Some(baseline), ..Policy::default() };
        report
            .warning(B, Anchor::offset(flatwright_diagnostic::SourceId(0), 3), "new")
            .data
            .push(("what", "new".to_owned()));
        assert_eq!(policy.apply(&mut report, &sources, &known()).baseline, 2);
        assert_eq!(left(&report), [("an error", Severity::Error), ("new", Severity::Warning)]);
    }

    #[test]
    fn an_unknown_code_gives_the_nearest() {
        let error = Allow::parse("a-cod", &known()).expect_err("unknown");
        assert_eq!(error.to_string(), "no code `a-cod`; did you mean `a-code`?");
    }

    #[test]
    fn globs_know_directories() {
        for (glob, name) in [
            ("*.yaml", "a.yaml"),
            ("./dir/*", "dir/a"),
            ("**/a", "x/y/a"),
            ("**/a", "a"),
            ("d/**/a", "d/a"),
            ("d/**", "d/x/y"),
            ("a?c", "abc"),
            ("<stdin>", "<stdin>"),
        ] {
            assert!(matches_glob(glob, name), "{glob} {name}");
        }
        for (glob, name) in
            [("*.yaml", "d/a.yaml"), ("d/*", "d/x/y"), ("**/a", "ba"), ("a?c", "a/c"), ("a", "ab"), ("", "a")]
        {
            assert!(!matches_glob(glob, name), "{glob} {name}");
        }
    }
}
