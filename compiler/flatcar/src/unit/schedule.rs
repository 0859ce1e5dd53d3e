//! What is wrong with a calendar expression, wherever one is written.

use flatwright_diagnostic::{Diagnostic, Fix, Severity};

use super::calendar::check_calendar;
use super::zone::{Zone, zone, zones_version};
use crate::broken::Value;
use crate::settings::shown;

const IGNORED: &str = "systemd ignores the line with a warning in the journal";

/// Judges an expression. The findings have no place yet; a fix replaces the whole expression.
pub fn calendar_findings(text: &str) -> Vec<Diagnostic> {
    let calendar = match check_calendar(text) {
        Ok(calendar) => calendar,
        Err(reason) => {
            let rule = Value::Calendar { value: shown(text), reason: reason.to_string() };
            let mut finding = Diagnostic::of(&rule, Severity::Error);
            finding.note(IGNORED).hint("write such as `Sun 03:00`, `*-*-01 04:30` or `daily`");
            return vec![finding];
        }
    };
    let mut found = Vec::new();
    if !calendar.comes {
        let mut finding = Diagnostic::of(&Value::NeverComes { value: shown(text) }, Severity::Error);
        finding.note("systemd takes the expression, and the timer never runs").hint(
            "write a day that the month has, such as `*-*~01` for the last one, and a weekday that the date falls on",
        );
        found.push(finding);
    }
    if let Some(name) = calendar.zone {
        let whole = |near: &str| format!("{}{near}", &text[..text.len() - name.len()]);
        found.extend(zone_finding(name, |near| Fix::rewrite(text, whole(near))).map(|mut finding| {
            finding.note(IGNORED);
            finding
        }));
    }
    found
}

/// Judges the name of a time zone. `fix` makes the change to the right name.
pub fn zone_finding(name: &str, fix: impl FnOnce(&str) -> Fix) -> Option<Diagnostic> {
    let rule = Value::UnknownZone { zone: shown(name) };
    let of_table = |finding: &mut Diagnostic| {
        finding.note(format!("the names known here are those of tzdata {}", zones_version()));
    };
    match zone(name) {
        Zone::Known => None,
        Zone::Misspelt(near) => {
            let mut finding = Diagnostic::of(&rule, Severity::Error);
            of_table(&mut finding);
            finding.hint(format!("did you mean `{near}`?")).fix(fix(near));
            Some(finding)
        }
        Zone::Unknown => {
            let mut finding = Diagnostic::of(&rule, Severity::Warning);
            of_table(&mut finding);
            finding.hint("write a name such as `Europe/Berlin` or `UTC`; `timedatectl list-timezones` lists them");
            Some(finding)
        }
    }
}
