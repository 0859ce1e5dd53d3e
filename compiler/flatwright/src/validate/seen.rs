//! What a run looked at: counts of files and objects, and that it was anything.

use flatwright_admission::kind_of;
use flatwright_diagnostic::{Anchor, Diagnostic, Rule, Severity};
use flatwright_render::Checked;

use super::file::is_manifests;
use super::inputs::Inputs;
use super::manifests::Manifest;
use super::run::Validation;
use super::scopes::Scopes;
use crate::world::SpecFile;

/// Why a file was not checked: it cannot be read.
pub(super) const UNREADABLE: &str = "it cannot be read";

/// What a run cannot look at.
#[derive(Debug, Rule)]
pub(crate) enum Unseen {
    /// No file of a known kind among all that were named or found.
    #[rule("nothing-to-check", "there is nothing here that can be checked")]
    Nothing,
    /// A file or a directory below one that was named cannot be read.
    #[rule("unreadable-input", "it cannot be read: {reason}")]
    Unreadable { reason: String },
    /// Neither the name nor the content of a file tells what it is.
    #[rule("unknown-file-kind", "it is not clear what kind of file this is")]
    Kind,
    /// User data that Ignition does not read.
    #[rule("not-a-machine-config", "this is {what}, and Flatcar's Ignition does not read it")]
    Foreign { what: &'static str },
}

/// What a text is that is given to machines as user data, and that Ignition does not read: cloud-init tells it by the beginning of its first line.
pub(super) fn foreign_user_data(text: &str) -> Option<&'static str> {
    let first = text.lines().next().unwrap_or_default().trim_start_matches('\u{feff}').trim_end();
    match first {
        "#cloud-config" | "## template: jinja" => Some("cloud-config"),
        _ if first.starts_with("#cloud-config") => Some("cloud-config"),
        _ if first.starts_with("#!") => Some("a script"),
        _ if first.starts_with("Content-Type: multipart/") || first.starts_with("MIME-Version:") => {
            Some("a message of several parts for cloud-init")
        }
        _ => None,
    }
}

/// Counts objects by kind: those whose kind has rules or a schema, and the others.
pub(super) fn count(manifest: &Manifest, has_schema: bool, checked: &mut Checked) {
    checked.object(manifest.text("kind"), has_schema || kind_of(&manifest.value).is_some());
}

/// The manifests among files: those of a directory whose kind is certain, and every file that was named.
///
/// # Errors
/// Why a file cannot be read.
pub fn read_manifests<I: Inputs + ?Sized>(inputs: &I) -> Result<Vec<SpecFile>, String> {
    let scopes = Scopes::of(inputs);
    let mut files = Vec::new();
    for index in (0..inputs.len()).filter(|index| !scopes.left_out.contains_key(index)) {
        let name = inputs.name(index);
        let bytes = inputs.read(index).map_err(|reason| format!("failed to read `{name}`: {reason}"))?;
        if !inputs.is_found(index) || is_manifests(name, &bytes) {
            files.push(SpecFile { name: name.to_owned(), bytes: bytes.into_owned() });
        }
    }
    Ok(files)
}

impl Validation {
    /// Counts a path below a directory that is not looked at. The reason goes on from "because".
    pub fn leave_out(&mut self, path: &str, reason: &'static str) {
        self.checked.leave_out(path, reason);
    }

    /// Reports what cannot be read below a directory.
    pub fn unreadable(&mut self, path: &str, reason: &str) {
        let source = self.sources.add_binary(path);
        self.checked.leave_out(path, UNREADABLE);
        self.report.refuse(Anchor::whole(source), &Unseen::Unreadable { reason: reason.to_owned() });
    }

    /// Refuses a run that looked at nothing: a pipeline that was set up so would be green for ever.
    pub fn refuse_nothing(&mut self) {
        if self.checked.is_nothing() && !self.report.has_errors() && self.failure.is_none() {
            let mut finding = Diagnostic::of(&Unseen::Nothing, Severity::Error);
            finding.hint("name specs, manifests or machine configs, or a directory that has some; hidden directories and what git ignores are left out");
            self.report.push(finding);
        }
    }
}
