//! What plugins did, for people: `compile --trace-plugins`, `plugin run` and `explain`.
//!
//! Plugins choose paths, values and log lines, so everything is escaped here.

use std::fmt;

use flatwright_plugin_host::model::log::Level;
use flatwright_plugin_host::{LogLine, escape_line};
use serde_json::Value;

use super::{Call, Edit};

/// A file's text is told by its beginning.
const LONGEST_VALUE: usize = 2_000;

impl Call {
    /// `name@digest`, as origins name a plugin.
    pub fn plugin_and_digest(&self) -> String {
        format!("{}@{}", self.plugin, self.digest)
    }

    /// What the plugin logged as a warning or an error, which is shown without being asked for.
    pub fn loud_lines(&self) -> impl Iterator<Item = String> {
        let loud = self.logs.iter().filter(|line| line.level >= Level::Warn);
        loud.map(|line| format!("plugin `{}`, hook `{}`, {}: {}", self.plugin, self.hook, self.target, log_line(line)))
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let changes = match self.edits.len() {
            0 => "no change".to_owned(),
            1 => "1 change".to_owned(),
            many => format!("{many} changes"),
        };
        let Self { hook, target, fuel, .. } = self;
        writeln!(f, "{}, hook {hook}, {target}: {changes}, {fuel} instructions", self.plugin_and_digest())?;
        self.logs.iter().try_for_each(|line| writeln!(f, "  log {}", log_line(line)))?;
        self.edits.iter().try_for_each(|edit| write!(f, "{edit}"))
    }
}

/// A log line as the plugin wrote it, behind its level.
fn log_line(line: &LogLine) -> String {
    format!("{}: {}", line.level.name(), escape_line(&line.message))
}

impl fmt::Display for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match (&self.before, &self.after) {
            (Some(_), Some(_)) => '~',
            (None, _) => '+',
            (_, None) => '-',
        };
        writeln!(f, "  {sign} {}", escape_line(&self.path))?;
        if self.is_hidden {
            return Ok(());
        }
        for (sign, value) in [('-', &self.before), ('+', &self.after)] {
            if let Some(value) = value {
                writeln!(f, "      {sign} {}", shown(value))?;
            }
        }
        Ok(())
    }
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    let kept: String = text.chars().take(LONGEST_VALUE).collect();
    let rest = if kept.len() < text.len() { " …" } else { "" };
    escape_line(&kept) + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_of_a_plugin_do_not_reach_the_terminal() {
        let edit = Edit {
            path: "files[\"/\u{1b}[2J\"]".to_owned(),
            before: None,
            after: Some("\u{9b}31m".into()),
            is_hidden: false,
        };
        let call = Call {
            plugin: "p".to_owned(),
            digest: "0".to_owned(),
            hook: "kubeadm",
            target: "cluster".to_owned(),
            edits: super::super::lazy(|| vec![edit]),
            replaced: Vec::new(),
            logs: vec![LogLine { level: Level::Info, message: "A \u{7}".to_owned() }],
            fuel: 1,
        };
        let text = call.to_string();
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
        assert!(text.starts_with("p@0, hook kubeadm, cluster: 1 change, 1 instructions\n  log info: A "));
    }
}
