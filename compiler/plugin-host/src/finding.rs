//! What a call has to say: the plugin's own findings and the host's about its answer, as diagnostics with symbolic places.

use flatwright_diagnostic::{Diagnostic, Path};

use crate::answer::Broken;
use crate::code;
use crate::failure::Site;
use crate::model::findings::{Place, PluginDiagnostic, Severity};
use crate::text::{line, word};

/// More findings of one call are dropped; the report would not show them either.
const MOST_FINDINGS: usize = 1_000;
/// Notes or hints of one finding.
const MOST_LINES: usize = 16;

/// A diagnostic with the place that it is about. The facade, which knows where settings and values come from, turns the place into an anchor.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Where.
    pub place: Place,
    /// What: escaped, with the path of the place in `object_path`, without an anchor.
    pub diagnostic: Diagnostic,
}

/// The plugin's findings.
pub(crate) fn from_plugin(site: &Site, findings: Vec<PluginDiagnostic>) -> Vec<Finding> {
    findings.into_iter().take(MOST_FINDINGS).map(|finding| of_plugin(site, finding)).collect()
}

fn of_plugin(site: &Site, finding: PluginDiagnostic) -> Finding {
    let severity = match finding.severity {
        Severity::Note => flatwright_diagnostic::Severity::Note,
        Severity::Warning => flatwright_diagnostic::Severity::Warning,
        Severity::Error => flatwright_diagnostic::Severity::Error,
    };
    let message = format!("plugin `{}`: {}", site.plugin, line(&finding.message));
    let mut diagnostic = Diagnostic::new(code::FINDING, severity, message);
    for note in finding.notes.iter().take(MOST_LINES) {
        diagnostic.note(line(note));
    }
    for hint in finding.hints.iter().take(MOST_LINES) {
        diagnostic.hint(line(hint));
    }
    if let Some(code) = &finding.code {
        diagnostic.note(format!("the plugin calls this `{}`", word(code)));
    }
    if let Some(url) = &finding.url {
        diagnostic.note(format!("see {}", word(url)));
    }
    if let Some(path) = path(&finding.place) {
        diagnostic.within(path);
    }
    Finding { place: finding.place, diagnostic }
}

/// The host's findings about an answer.
pub(crate) fn about_answer(site: &Site, broken: Vec<Broken>) -> Vec<Finding> {
    let about = |(path, fact): Broken| {
        let mut diagnostic = site.error(code::INVALID_ANSWER, "gave an answer that breaks a rule");
        diagnostic.message = format!("{}: {}", diagnostic.message, line(&fact));
        diagnostic.within(Path::parse(&line(&path)));
        Finding { place: Place::Value(path), diagnostic }
    };
    broken.into_iter().take(MOST_FINDINGS).map(about).collect()
}

fn path(place: &Place) -> Option<Path> {
    let path = match place {
        Place::Settings(path) | Place::Value(path) => path,
        Place::Object(place) => &place.path,
        Place::MachineConfig(place) => &place.path,
        Place::Plugin | Place::Other(_) => return None,
    };
    Some(Path::parse(&line(path))).filter(|path| !path.is_root())
}
