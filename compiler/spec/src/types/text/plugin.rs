//! What plugins and waivers of their errors are named by.

use flatwright_diagnostic::Code;
use flatwright_kubernetes::table;

use crate::decode::{Flaw, Text};

/// A plugin's own code, such as `offer-without-plan`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "a code of the plugin's own, such as `offer-without-plan`", pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", check = plugin_code)]
pub struct PluginCode(String);

/// A plugin's code as reports show it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "`plugin-finding/<plugin>/<code>`, as the finding shows it", pattern = "^plugin-finding/[a-z0-9-]+/[a-z0-9]+(-[a-z0-9]+)*$", check = waived_code)]
pub struct WaivedCode(String);

/// Why something was decided: not empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "a reason in words", pattern = "\\S", check = reason)]
pub struct Reason(String);

/// A day of the calendar, such as `2027-01-31`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "a day such as `2027-01-31`", pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", check = day)]
pub struct Day(String);

/// What all codes of plugins begin with.
const FINDING: &str = "plugin-finding/";

impl WaivedCode {
    /// The plugin's name in the spec, and its own code.
    pub fn parts(&self) -> (&str, &str) {
        self.0.strip_prefix(FINDING).and_then(|own| own.split_once('/')).unwrap_or_default()
    }
}

fn plugin_code(text: &str) -> Result<(), Flaw> {
    match text.rsplit_once('/') {
        Some((_, code)) if Code::is_name(code) => {
            Err(Flaw::meaning("the entry says already whose it is: only the last part is written here", code))
        }
        _ if Code::is_name(text) => Ok(()),
        _ => Err("a code is lower-case words of letters and digits, joined by dashes".into()),
    }
}

fn waived_code(text: &str) -> Result<(), Flaw> {
    match text.strip_prefix(FINDING).and_then(|own| own.split_once('/')) {
        Some((plugin, code)) if !plugin.is_empty() && Code::is_name(code) => Ok(()),
        _ => Err("only errors of policies can be waived, by the code that the report shows".into()),
    }
}

fn reason(text: &str) -> Result<(), Flaw> {
    if text.trim().is_empty() { Err("nothing stands here".into()) } else { Ok(()) }
}

fn day(text: &str) -> Result<(), Flaw> {
    text.parse::<table::Day>().map(|_| ()).map_err(|problem| problem.to_string().into())
}
