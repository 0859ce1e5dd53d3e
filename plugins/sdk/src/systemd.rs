//! Editing systemd files, whether they come split into sections or as text.

use crate::sysupdate_types::{Contents, Schedule, Section};

impl Contents {
    /// All values of a key, in order.
    ///
    /// ```
    /// # use flatwright_plugin_sdk::sysupdate_types::Contents;
    /// let transfer = Contents::Text("[Source]\nPath=https://example.com\n".into());
    /// assert_eq!(transfer.values("Source", "Path"), ["https://example.com"]);
    /// ```
    pub fn values(&self, section: &str, key: &str) -> Vec<String> {
        let mut values = Vec::new();
        // An edit that changes nothing reads everything.
        self.clone().edit(section, key, |value| {
            values.push(value.to_owned());
            None
        });
        values
    }

    /// Replaces values of a key: `change` gives the new value, or `None` to leave it. Returns how many changed. Text keeps its comments and blank lines.
    pub fn edit(&mut self, section: &str, key: &str, mut change: impl FnMut(&str) -> Option<String>) -> usize {
        let mut changed = 0;
        match self {
            Self::Sections(sections) => {
                let entries = sections.iter_mut().filter(|other| other.name == section).flat_map(|s| &mut s.entries);
                for (_, value) in entries.filter(|(other, _)| other == key) {
                    if let Some(new) = change(value).filter(|new| new != value) {
                        *value = new;
                        changed += 1;
                    }
                }
            }
            Self::Text(text) => {
                let mut current = String::new();
                let lines = text.split_inclusive('\n').map(|line| {
                    let bare = line.trim();
                    if let Some(name) = bare.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                        name.clone_into(&mut current);
                    } else if let Some((name, value)) = bare.split_once('=').filter(|_| current == section) {
                        let new = (name.trim_end() == key).then(|| change(value.trim_start())).flatten();
                        if let Some(new) = new.filter(|new| new != value.trim_start()) {
                            changed += 1;
                            return format!("{key}={new}\n");
                        }
                    }
                    line.to_owned()
                });
                *text = lines.collect();
            }
        }
        changed
    }

    /// Sets a key that occurs once: changes its values, or adds it to the section, which is made if it is missing.
    pub fn set(&mut self, section: &str, key: &str, value: impl Into<String>) {
        let value = value.into();
        let mut found = false;
        self.edit(section, key, |_| {
            found = true;
            Some(value.clone())
        });
        if found {
            return;
        }
        match self {
            Self::Sections(sections) => match sections.iter_mut().find(|other| other.name == section) {
                Some(section) => section.entries.push((key.to_owned(), value)),
                None => {
                    sections.push(Section { name: section.to_owned(), entries: vec![(key.to_owned(), value)] });
                }
            },
            // A section may be opened again: systemd joins them.
            Self::Text(text) => {
                let separator = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
                text.push_str(&format!("{separator}[{section}]\n{key}={value}\n"));
            }
        }
    }
}

// The bindings derive no defaults, since WIT has none.
#[expect(clippy::derivable_impls, reason = "the type is generated")]
impl Default for Schedule {
    fn default() -> Self {
        Self {
            on_calendar: Vec::new(),
            on_boot: None,
            on_unit_active: None,
            randomized_delay: None,
            accuracy: None,
            persistent: None,
            extra: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# a comment\n[Source]\nPath = https://a/x\n\n[Target]\nPath=/opt\n";

    fn sections() -> Contents {
        let section =
            |name: &str, path: &str| Section { name: name.into(), entries: vec![("Path".into(), path.into())] };
        Contents::Sections(vec![section("Source", "https://a/x"), section("Target", "/opt")])
    }

    #[test]
    fn both_forms_are_read_alike() {
        for contents in [Contents::Text(TEXT.into()), sections()] {
            assert_eq!(contents.values("Source", "Path"), ["https://a/x"]);
            assert_eq!(contents.values("Target", "Path"), ["/opt"]);
            assert!(contents.values("Source", "Other").is_empty());
        }
    }

    #[test]
    fn an_edit_of_text_keeps_the_rest() {
        let mut contents = Contents::Text(TEXT.into());
        assert_eq!(contents.edit("Source", "Path", |value| Some(value.replace("//a", "//b"))), 1);
        assert_eq!(contents, Contents::Text(TEXT.replace("Path = https://a/x", "Path=https://b/x")));
        assert_eq!(contents.edit("Source", "Path", |value| Some(value.to_owned())), 0);
    }

    #[test]
    fn a_missing_key_is_added() {
        for mut contents in [Contents::Text(TEXT.into()), Contents::Text("[A]\nb=c".into()), sections()] {
            contents.set("Transfer", "MinVersion", "1");
            contents.set("Transfer", "MinVersion", "2");
            assert_eq!(contents.values("Transfer", "MinVersion"), ["2"]);
        }
    }
}
