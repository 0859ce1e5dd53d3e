//! The answers of Azure's command line that a user gives: texts → what the subscription can have.
//!
//! Owns: reading the files, and what is said of those that are something else. Must not: judge machines.

use flatwright_diagnostic::{Anchor, Diagnostic, Report, Rule, Severity, SourceId};
use flatwright_flatcar::subscription::{Malformed, Subscription};
use flatwright_render::Sources;

use crate::world::SpecFile;

/// The most bytes of an answer: that about all regions has some 60 MB.
const LONGEST: usize = 512 << 20;

/// Files that are no answer.
#[derive(Debug, Rule)]
pub(crate) enum Answer {
    /// A text that the command does not print.
    #[rule("not-an-azure-answer", "this is not what `{command}` prints: {problem}")]
    Malformed { command: &'static str, problem: String },
}

/// Files with what Azure's command line printed.
#[derive(Debug, Default)]
pub struct Answers {
    /// `az vm list-skus -o json`.
    pub skus: Option<SpecFile>,
    /// `az vm list-usage -o json`.
    pub usage: Option<SpecFile>,
}

impl Answers {
    /// Reads them; what is wrong is in the report.
    pub fn read(&self) -> (Subscription, Sources, Report) {
        let (mut subscription, mut sources, mut report) = (Subscription::default(), Sources::new(), Report::new());
        if let Some(file) = &self.skus {
            let read = |bytes: &[u8]| subscription.add_skus(bytes);
            one(file, "az vm list-skus -o json", read, &mut sources, &mut report);
        }
        if let Some(file) = &self.usage {
            let read = |bytes: &[u8]| subscription.add_usage(bytes);
            one(file, "az vm list-usage -o json", read, &mut sources, &mut report);
        }
        (subscription, sources, report)
    }
}

fn one(
    file: &SpecFile,
    command: &'static str,
    read: impl FnOnce(&[u8]) -> Result<(), Malformed>,
    sources: &mut Sources,
    report: &mut Report,
) {
    let result = if file.bytes.len() > LONGEST {
        Err(Malformed { line: 1, column: 1, problem: format!("it has more than {} MiB", LONGEST >> 20) })
    } else {
        read(&file.bytes)
    };
    let Err(Malformed { line, column, problem }) = result else { return };
    let source: SourceId = sources.add(file.name.as_str(), String::from_utf8_lossy(&file.bytes), None);
    let mut finding = Diagnostic::of(&Answer::Malformed { command, problem }, Severity::Error);
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    finding
        .at(Anchor::line_column(source, number(line), number(column)))
        .hint(format!("run `{command}`, and give what it prints"));
    report.push(finding);
}

/// Every code of this room.
pub(crate) fn codes() -> Vec<flatwright_diagnostic::Code> {
    Answer::codes().to_vec()
}
