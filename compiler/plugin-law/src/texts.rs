//! Texts as records and back: systemd's as sections. A text that would not come back the same in meaning travels whole.

use flatwright_flatcar::sysext;
use flatwright_plugin_host::model::sysupdate::{Contents, Schedule, Section, Transfer};

/// A text split into sections, where that loses nothing but comments.
pub fn split(text: &str) -> Contents {
    sections(text).map_or_else(|| Contents::Text(text.to_owned()), Contents::Sections)
}

fn sections(text: &str) -> Option<Vec<Section>> {
    let mut sections: Vec<Section> = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        // A continued line is one value over several lines: not a pair.
        if line.ends_with('\\') {
            return None;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            sections.push(Section { name: name.to_owned(), entries: Vec::new() });
        } else {
            let (key, value) = line.split_once('=')?;
            sections.last_mut()?.entries.push((key.trim().to_owned(), value.trim().to_owned()));
        }
    }
    Some(sections)
}

/// Contents as a text.
pub fn join(contents: &Contents) -> String {
    match contents {
        Contents::Text(text) => text.clone(),
        Contents::Sections(sections) => {
            let texts: Vec<String> = sections
                .iter()
                .map(|section| {
                    let lines: String = section.entries.iter().map(|(key, value)| format!("{key}={value}\n")).collect();
                    format!("[{}]\n{lines}", section.name)
                })
                .collect();
            texts.join("\n")
        }
    }
}

/// The drop-in of the timer that says when it fires.
pub fn schedule(schedule: &Schedule) -> String {
    let mut lines = vec!["[Timer]".to_owned(), "OnCalendar=".to_owned()];
    lines.extend(schedule.on_calendar.iter().map(|event| format!("OnCalendar={event}")));
    // Without one, the delay of the timer would stay.
    let delay = Some(schedule.randomized_delay.clone().unwrap_or_else(|| "0".to_owned()));
    let single = [
        ("OnBootSec", &schedule.on_boot),
        ("OnUnitActiveSec", &schedule.on_unit_active),
        ("RandomizedDelaySec", &delay),
        ("AccuracySec", &schedule.accuracy),
    ];
    lines.extend(single.into_iter().filter_map(|(key, value)| value.as_ref().map(|value| format!("{key}={value}"))));
    lines.extend(schedule.persistent.map(|persistent| format!("Persistent={persistent}")));
    lines.extend(schedule.extra.iter().map(|(key, value)| format!("{key}={value}")));
    lines.join("\n") + "\n"
}

/// Where the machine has transfers of a component.
pub fn directory(transfer: &Transfer) -> String {
    let component = transfer.component.as_deref();
    component.map_or_else(|| "/etc/sysupdate.d".to_owned(), sysext::component_directory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_come_back_without_comments_and_continued_lines_stay_text() {
        let text = "# c\n[Timer]\nOnCalendar=\nOnCalendar=Sun 03:00\n";
        assert_eq!(join(&split(text)), "[Timer]\nOnCalendar=\nOnCalendar=Sun 03:00\n");
        assert!(matches!(split("[Service]\nExecStart=a \\\n b\n"), Contents::Text(_)));
    }
}
