//! What a plugin tells the user.

use crate::findings::{Diagnostic, MachineConfigPlace, ObjectPlace, Place, Severity};
use crate::policy_types::Object;

/// The findings of one call. A hook goes on after an error, so that the user sees all of them; with at least one error the compile fails and the value is dropped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    findings: Vec<Diagnostic>,
}

impl Report {
    /// Something that would fail or is forbidden: the compile fails.
    ///
    /// The message states the fact in one line: lower case, no full stop, values in backticks. Add the place, and what to type:
    ///
    /// ```
    /// # use flatwright_plugin_sdk::Report;
    /// # let mut report = Report::default();
    /// report
    ///     .error("schedule `Sun 25:00` is not a time")
    ///     .at_settings("windows[0].start")
    ///     .hint("write hours from 00 to 23");
    /// ```
    pub fn error(&mut self, message: impl Into<String>) -> &mut Diagnostic {
        self.add(Severity::Error, message)
    }

    /// Something that works, but will surprise.
    pub fn warning(&mut self, message: impl Into<String>) -> &mut Diagnostic {
        self.add(Severity::Warning, message)
    }

    /// Something worth knowing; nothing is wrong.
    pub fn note(&mut self, message: impl Into<String>) -> &mut Diagnostic {
        self.add(Severity::Note, message)
    }

    /// All findings so far.
    pub fn findings(&self) -> &[Diagnostic] {
        &self.findings
    }

    /// Whether the compile will fail.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    pub(crate) fn into_findings(self) -> Vec<Diagnostic> {
        self.findings
    }

    fn add(&mut self, severity: Severity, message: impl Into<String>) -> &mut Diagnostic {
        let at = self.findings.len();
        self.findings.push(Diagnostic::new(severity, message));
        &mut self.findings[at]
    }
}

impl Diagnostic {
    /// A finding about the plugin's entry in the spec as a whole.
    pub fn new(severity: Severity, message: impl Into<String>) -> Self {
        let (notes, hints) = (Vec::new(), Vec::new());
        Self { severity, code: None, message: message.into(), place: Place::Plugin, notes, hints, url: None }
    }

    /// Gives it a kebab-case code of the plugin's own, such as `offer-without-plan`.
    pub fn code(&mut self, code: impl Into<String>) -> &mut Self {
        self.code = Some(code.into());
        self
    }

    /// Points into the plugin's settings: `channels.stable`, `windows[0]`, `tags["cost.center"]`.
    pub fn at_settings(&mut self, path: impl Into<String>) -> &mut Self {
        self.place = Place::Settings(path.into());
        self
    }

    /// Points into the value that the hook got: `node.files["/etc/motd"].permissions`. Keys are the field names of the WIT package, in kebab-case.
    pub fn at_value(&mut self, path: impl Into<String>) -> &mut Self {
        self.place = Place::Value(path.into());
        self
    }

    /// Points into an emitted object: `spec.location`.
    pub fn at_object(&mut self, object: &Object, path: impl Into<String>) -> &mut Self {
        self.place = Place::Object(ObjectPlace { object: object.reference.clone(), path: path.into() });
        self
    }

    /// Points into the effective machine config of a node group: `storage.files[0].path`.
    pub fn at_machine_config(&mut self, group: impl Into<String>, path: impl Into<String>) -> &mut Self {
        self.place = Place::MachineConfig(MachineConfigPlace { group: group.into(), path: path.into() });
        self
    }

    /// Adds a background fact, one line.
    pub fn note(&mut self, note: impl Into<String>) -> &mut Self {
        self.notes.push(note.into());
        self
    }

    /// Adds what to type, one line.
    pub fn hint(&mut self, hint: impl Into<String>) -> &mut Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds a page about this kind of finding.
    pub fn url(&mut self, url: impl Into<String>) -> &mut Self {
        self.url = Some(url.into());
        self
    }
}
