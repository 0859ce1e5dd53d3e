//! What plugins say and how they fail, at the user's lines.

use flatwright_diagnostic::{Anchor, Diagnostic, Path, Report};
use flatwright_plan::Plugin;
use flatwright_plugin_host::model::findings::Place;
use flatwright_plugin_host::{Failure, Finding};

use super::{CallSite, Stop};
use crate::places::of_entry;

/// Reports why a plugin gave no answer.
pub(super) fn failed(failure: Failure, entry: &Plugin, report: &mut Report) -> Stop {
    match failure {
        Failure::Plugin(diagnostic) => {
            let mut diagnostic = *diagnostic;
            diagnostic.anchor = Some(of_entry(entry));
            report.push(diagnostic);
            Stop::Reported
        }
        Failure::Environment { doing, reason } => Stop::Environment(format!("failed to {doing}: {reason}")),
    }
}

/// Reports the findings of a call.
pub(super) fn report_all(findings: Vec<Finding>, entry: &Plugin, call: &CallSite<'_>, report: &mut Report) {
    for finding in findings {
        let mut diagnostic = finding.diagnostic;
        diagnostic.anchor = Some(anchor(&finding.place, entry));
        if diagnostic.severity == flatwright_diagnostic::Severity::Error || matches!(finding.place, Place::Value(_)) {
            note(&mut diagnostic, call);
        }
        report.push(diagnostic);
    }
}

fn note(diagnostic: &mut Diagnostic, call: &CallSite<'_>) {
    diagnostic.note(format!("hook `{}`, called for `{}`", call.hook, call.target));
}

/// Settings have places of their own; everything else is the plugin's entry, with the path as a note.
fn anchor(place: &Place, entry: &Plugin) -> Anchor {
    let Place::Settings(path) = place else { return of_entry(entry) };
    let Some(settings) = &entry.settings else { return of_entry(entry) };
    settings.origin_at(&Path::parse(path)).anchor().unwrap_or_else(|| of_entry(entry))
}
