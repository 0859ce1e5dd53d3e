//! What a call has to say: the plugin's own findings and the host's about its answer, as diagnostics with symbolic places.

use flatwright_diagnostic::{Code, Diagnostic, Path};

use crate::answer::Broken;
use crate::failure::{Site, error};
use crate::fault::Fault;
use crate::model::findings::{Place, PluginDiagnostic, Severity};
use crate::text::{line, word};

/// Notes or hints of one finding; more are counted.
const MOST_LINES: usize = 16;

/// A diagnostic with the place that it is about. The facade, which knows where settings and values come from, turns the place into an anchor.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Where.
    pub place: Place,
    /// What: escaped, with the path of the place in `object_path`, without an anchor.
    pub diagnostic: Diagnostic,
    /// The fact alone, without the plugin's name, which depends on the spec.
    pub fact: String,
    /// The code that the plugin gave, escaped. Users see it only where it is a name ([`Code::is_name`]); otherwise it is the author's mistake.
    pub code: Option<String>,
}

/// The plugin's findings.
pub(crate) fn from_plugin(site: &Site, findings: Vec<PluginDiagnostic>) -> Vec<Finding> {
    findings.into_iter().map(|finding| of_plugin(site, finding)).collect()
}

fn of_plugin(site: &Site, finding: PluginDiagnostic) -> Finding {
    let severity = match finding.severity {
        Severity::Note => flatwright_diagnostic::Severity::Note,
        Severity::Warning => flatwright_diagnostic::Severity::Warning,
        Severity::Error => flatwright_diagnostic::Severity::Error,
    };
    let rule = Fault::Finding { plugin: site.plugin(), message: line(&finding.message) };
    let mut diagnostic = Diagnostic::of(&rule, severity);
    for note in finding.notes.iter().take(MOST_LINES) {
        diagnostic.note(line(note));
    }
    for hint in finding.hints.iter().take(MOST_LINES) {
        diagnostic.hint(line(hint));
    }
    let more = |lines: &[String]| lines.len().saturating_sub(MOST_LINES);
    diagnostic.lines_left_out += more(&finding.notes) + more(&finding.hints);
    let own = finding.code.as_deref().filter(|code| Code::is_name(code));
    diagnostic.qualifier = Some(own.map_or_else(|| site.plugin.to_string(), |code| format!("{}/{code}", site.plugin)));
    diagnostic.url = finding.url.as_deref().map(word);
    if let Some(path) = path(&finding.place) {
        diagnostic.within(path);
    }
    Finding { place: finding.place, diagnostic, fact: line(&finding.message), code: finding.code.as_deref().map(word) }
}

/// The host's findings about an answer.
pub(crate) fn about_answer(site: &Site, broken: Vec<Broken>) -> Vec<Finding> {
    let about = |(path, fact): Broken| {
        let rule = Fault::InvalidAnswer { plugin: site.plugin(), doing: site.doing, fact: line(&fact) };
        let mut diagnostic = error(&rule);
        diagnostic.within(Path::parse(&line(&path)));
        let fact = diagnostic.message.clone();
        Finding { place: Place::Value(path), diagnostic, fact, code: None }
    };
    broken.into_iter().map(about).collect()
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
