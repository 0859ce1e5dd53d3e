//! What plugins say and how they fail, at the user's lines.

use flatwright_diagnostic::{Anchor, Diagnostic, Path, Report, Severity};
use flatwright_plan::Plugin;
use flatwright_plugin_host::model::findings::Place;
use flatwright_plugin_host::{Failure, Finding, escape_line};
use flatwright_plugin_law::Refusal;

use super::{CallSite, Stop};
use crate::places::of_entry;

/// Reports why a plugin gave no answer.
pub(super) fn failed(failure: Failure, call: &CallSite<'_>, entry: &Plugin, report: &mut Report) -> Stop {
    tell(failure, entry, Some(call), report)
}

/// The same of a plugin that cannot be loaded, which was told no secret.
pub(super) fn unusable(failure: Failure, entry: &Plugin, report: &mut Report) -> Stop {
    tell(failure, entry, None, report)
}

fn tell(failure: Failure, entry: &Plugin, call: Option<&CallSite<'_>>, report: &mut Report) -> Stop {
    match failure {
        Failure::Plugin(diagnostic) => {
            let mut diagnostic = *diagnostic;
            if let Some(call) = call {
                call.ready.secrets.mask(&mut diagnostic);
                // What it said itself comes first.
                let behind = diagnostic.notes.len().min(1);
                diagnostic.notes.insert(behind, called(call));
            }
            diagnostic.anchor = Some(of_entry(entry));
            report.push(diagnostic);
            Stop::Reported
        }
        Failure::Environment { doing, reason } => Stop::Environment(format!("failed to {doing}: {reason}")),
    }
}

/// Reports the findings of a call; `line_of` knows the user's lines of what the hook was shown.
pub(super) fn report_all(
    findings: Vec<Finding>,
    entry: &Plugin,
    call: &CallSite<'_>,
    line_of: &dyn Fn(&str) -> Option<Anchor>,
    report: &mut Report,
) {
    for finding in findings {
        report.push(placed(finding, entry, call, line_of));
    }
}

/// The same of one finding.
pub(super) fn placed(
    finding: Finding,
    entry: &Plugin,
    call: &CallSite<'_>,
    line_of: &dyn Fn(&str) -> Option<Anchor>,
) -> Diagnostic {
    let mut diagnostic = finding.diagnostic;
    call.ready.secrets.mask(&mut diagnostic);
    let line = match &finding.place {
        Place::Value(path) => line_of(path),
        _ => None,
    };
    diagnostic.anchor = Some(line.unwrap_or_else(|| anchor(&finding.place, entry)));
    if diagnostic.severity == Severity::Error || matches!(finding.place, Place::Value(_)) {
        note(&mut diagnostic, call);
    }
    diagnostic
}

fn note(diagnostic: &mut Diagnostic, call: &CallSite<'_>) {
    diagnostic.note(called(call));
}

fn called(call: &CallSite<'_>) -> String {
    format!("hook `{}`, called for `{}`", call.hook, call.target)
}

/// Settings have places of their own; everything else is the plugin's entry, with the path as a note.
fn anchor(place: &Place, entry: &Plugin) -> Anchor {
    let Place::Settings(path) = place else { return of_entry(entry) };
    let Some(settings) = &entry.settings else { return of_entry(entry) };
    settings.origin_at(&Path::parse(path)).anchor().unwrap_or_else(|| of_entry(entry))
}

/// What stood at a path before.
#[derive(Default)]
pub(super) struct Before {
    /// The value, if it is a short one.
    pub(super) value: Option<String>,
    /// The user's line, or another plugin's entry, with its name.
    pub(super) place: Option<(Anchor, String)>,
}

/// What the law says of an answer, with plugin, hook, group and path, and what stood there.
pub(super) fn refused(refusal: Refusal, before: Before, entry: &Plugin, call: &CallSite<'_>) -> Diagnostic {
    let CallSite { hook, target, .. } = call;
    let mut finding = refusal.finding;
    call.ready.secrets.mask(&mut finding);
    let name = &entry.name.value;
    finding.message = format!("plugin `{name}`, hook `{hook}`, field `{}`: {}", refusal.field, finding.message);
    finding.at(of_entry(entry));
    finding.notes.insert(0, format!("called for `{target}`"));
    if let Some(value) = before.value {
        let value = call.ready.secrets.masked(&value);
        finding.notes.insert(1, format!("`{}` stood there", escape_line(&value)));
    }
    if let Some((anchor, whose)) = before.place {
        finding.label(anchor, whose);
    }
    finding.hint("`--trace-plugins` shows what each plugin changed");
    finding
}
