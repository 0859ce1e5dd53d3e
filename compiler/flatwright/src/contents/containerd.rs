//! The configuration of containerd: whether its words are those of the version that it says it has, and whether a containerd reads it.
//!
//! Owns: which versions there are, and the names of plugins that belong to one. Must not: know which release a node has.

use std::ops::Range;

use flatwright_diagnostic::{Diagnostic, Rule, Severity};
use toml_edit::{Document, Item, TableLike};

/// What containerd does not read, or ignores.
#[derive(Debug, Rule)]
#[rule(group = "node-path")]
pub(crate) enum Containerd {
    /// A version of the format that came later.
    #[rule(
        "containerd-config-version",
        "containerd {major}.{minor} reads configurations up to version {most}, and this one has {version}"
    )]
    Version { major: u32, minor: u32, most: i64, version: i64 },
    /// Settings under the name of a plugin that has others in this version of the format.
    #[rule(
        "containerd-plugin-name",
        "version {version} of containerd's configuration has no `{setting}` under `{plugin}`"
    )]
    Plugin { version: i64, plugin: String, setting: String },
}

/// The plugin that had all settings of pods until version 2.
const OLD: &str = "io.containerd.grpc.v1.cri";
/// What has them since version 3.
const NEW: [&str; 2] = ["io.containerd.cri.v1.runtime", "io.containerd.cri.v1.images"];
/// The settings that moved, with the one of the new plugins that has them.
const MOVED: [(&str, usize); 8] = [
    ("containerd", 0),
    ("cni", 0),
    ("enable_selinux", 0),
    ("max_container_log_line_size", 0),
    ("device_ownership_from_security_context", 0),
    ("registry", 1),
    ("sandbox_image", 1),
    ("image_decryption", 1),
];

/// Whether a path is that of containerd's configuration.
pub(crate) fn is_config(path: &str) -> bool {
    path == "/etc/containerd/config.toml"
}

/// The newest version of the format that a containerd reads (containerd 2.2 refuses version 4, and 1.7 version 3).
const fn most(containerd: (u32, u32)) -> i64 {
    match containerd {
        (0 | 1, _) => 2,
        (2, 0..=2) => 3,
        _ => 4,
    }
}

/// What is to be said of a configuration, and where in its text. Which containerd reads it may be unknown.
pub(crate) fn check(text: &str, containerd: Option<(u32, u32)>) -> Vec<(Range<usize>, Diagnostic)> {
    let Ok(config) = Document::parse(text) else { return Vec::new() };
    let Some((version, at)) = config.get("version").and_then(|item| Some((item.as_integer()?, item.span()?))) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    if let Some((major, minor)) = containerd
        && version > most((major, minor))
    {
        let rule = Containerd::Version { major, minor, most: most((major, minor)), version };
        let mut finding = Diagnostic::of(&rule, Severity::Error);
        finding
            .note("containerd does not start with it, and no pod does")
            .hint("write it as `containerd config default` of that release prints it, or use a newer Flatcar release");
        found.push((at, finding));
    }
    if let Some(plugins) = config.get("plugins").and_then(Item::as_table_like) {
        found.extend(if version >= 3 { old_names(plugins, version) } else { new_names(plugins, version) });
    }
    found
}

fn old_names(plugins: &dyn TableLike, version: i64) -> Vec<(Range<usize>, Diagnostic)> {
    let Some(old) = plugins.get(OLD).and_then(Item::as_table_like) else { return Vec::new() };
    let moved = old.iter().filter_map(|(key, item)| {
        let (_, new) = MOVED.iter().find(|(setting, _)| *setting == key)?;
        Some((key.to_owned(), NEW[*new], place(old, key, item)))
    });
    moved
        .map(|(setting, new, at)| {
            let hint = format!("write it under `[plugins.'{new}']`");
            (at, ignored(&Containerd::Plugin { version, plugin: OLD.to_owned(), setting }, hint))
        })
        .collect()
}

fn new_names(plugins: &dyn TableLike, version: i64) -> Vec<(Range<usize>, Diagnostic)> {
    let named = NEW.into_iter().filter_map(|new| Some((new, plugins.get(new)?)));
    named
        .map(|(new, item)| {
            let setting =
                item.as_table_like().and_then(|table| table.iter().next()).map_or("", |(key, _)| key).to_owned();
            let rule = Containerd::Plugin { version, plugin: new.to_owned(), setting };
            (
                place(plugins, new, item),
                ignored(&rule, format!("write `version = 3`, or the name of version 2, `{OLD}`")),
            )
        })
        .collect()
}

fn ignored(rule: &Containerd, hint: String) -> Diagnostic {
    let mut finding = Diagnostic::of(rule, Severity::Warning);
    finding.note("containerd ignores settings of a plugin that does not have them").hint(hint);
    finding
}

fn place(table: &dyn TableLike, key: &str, item: &Item) -> Range<usize> {
    table.key(key).and_then(toml_edit::Key::span).or_else(|| item.span()).unwrap_or(0..0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str, containerd: Option<(u32, u32)>) -> Vec<(&'static str, usize)> {
        check(text, containerd).iter().map(|(at, finding)| (finding.code.name(), at.start)).collect()
    }

    #[test]
    fn a_version_is_read_by_the_containerd_that_has_it() {
        for (version, containerd, is_read) in [
            (2, Some((1, 7)), true),
            (3, Some((1, 7)), false),
            (3, Some((2, 1)), true),
            (4, Some((2, 2)), false),
            (4, Some((2, 3)), true),
            (4, None, true),
        ] {
            let found = codes(&format!("# a\nversion = {version}\n"), containerd);
            assert_eq!(found.is_empty(), is_read, "{version} {containerd:?}");
        }
    }

    #[test]
    fn settings_stand_under_the_plugin_of_their_version() {
        let old = "[plugins.'io.containerd.grpc.v1.cri']\nsandbox_image = 'a'\n";
        let deep = "[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.runc]\nruntime_type = 'a'\n";
        let new = "[plugins.'io.containerd.cri.v1.runtime'.containerd]\n";
        let rule = "containerd-plugin-name";
        assert_eq!(codes(&format!("version = 3\n{old}"), None), [(rule, 50)]);
        assert_eq!(codes(&format!("version = 3\n{deep}"), None).len(), 1);
        assert_eq!(codes(&format!("version = 2\n{old}{deep}"), None), []);
        assert_eq!(codes(&format!("version = 2\n{new}"), None).len(), 1);
        assert_eq!(codes(&format!("version = 3\n{new}"), None), []);
        assert_eq!(codes("version = 3\n[plugins.'io.containerd.grpc.v1.cri']\nstream_server_port = '0'\n", None), []);
        assert_eq!(codes("version = [", None), []);
    }
}
