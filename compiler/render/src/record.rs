//! What every machine-readable format says about a finding, gathered once.

use flatwright_diagnostic::{Code, Diagnostic};
use sha2::{Digest, Sha256};

use crate::findings::Finding;
use crate::sources::Sources;

/// The page of a rule: a plugin's own, where it names one.
pub(crate) fn page_url(diagnostic: &Diagnostic) -> String {
    diagnostic.url.clone().unwrap_or_else(|| page_url_of(diagnostic.code))
}

/// That a finding has more notes and hints than are shown.
pub(crate) fn lines_left_out(diagnostic: &Diagnostic) -> Option<String> {
    (diagnostic.lines_left_out > 0).then(|| format!("{} more notes and hints are not shown", diagnostic.lines_left_out))
}

fn page_url_of(code: Code) -> String {
    let group = code.group().map(|group| format!("{group}/")).unwrap_or_default();
    format!("{}/blob/main/docs/diagnostics/{group}{code}.md", env!("CARGO_PKG_REPOSITORY"))
}

/// A name for a finding that stays while lines above it come and go, and whatever its words become: rule, source name, symbolic path and the rule's data.
pub fn fingerprint(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let anchor = diagnostic.anchor.as_ref();
    let path = anchor.and_then(|anchor| sources.path(anchor)).unwrap_or_default();
    let path = path.to_string();
    let name = diagnostic.name();
    let place = [&*name, anchor.map_or("", |anchor| sources.name(anchor.source)), &path];
    let data = diagnostic.data.iter().flat_map(|(name, text)| [*name, text]);
    let mut hash = Sha256::new();
    for part in place.into_iter().chain(data) {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// The message followed by notes and hints, one per line, for formats that have one text field.
pub(crate) fn full_message(finding: &Finding<'_>) -> String {
    let diagnostic = finding.diagnostic;
    let mut text = diagnostic.message.clone();
    for path in &finding.object_paths {
        text.push_str(&format!("\nnote: at `{path}`"));
    }
    for note in &diagnostic.notes {
        text.push_str(&format!("\nnote: {note}"));
    }
    for hint in &diagnostic.hints {
        text.push_str(&format!("\nhelp: {hint}"));
    }
    text.extend(lines_left_out(diagnostic).map(|note| format!("\nnote: {note}")));
    text.extend(diagnostic.url.iter().map(|url| format!("\nnote: see {url}")));
    text
}
