//! Texts as records and back: systemd's as sections, kubelet's labels as pairs. A text that would not come back the same in meaning travels whole.

use flatwright_plugin_host::model::sysupdate::{Contents, Section};

/// A text split into sections, where that loses nothing but comments.
pub(super) fn split(text: &str) -> Contents {
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
pub(super) fn join(contents: &Contents) -> String {
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

/// Labels as kubelet takes them, `a=b,c=d`, as pairs.
pub(super) fn pairs(labels: &str) -> Vec<(String, String)> {
    labels
        .split(',')
        .filter(|label| !label.is_empty())
        .map(|label| {
            label
                .split_once('=')
                .map_or((label.to_owned(), String::new()), |(key, value)| (key.to_owned(), value.to_owned()))
        })
        .collect()
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
