//! The images of system extensions among the files of a group.

use flatwright_diagnostic::Traced;
use flatwright_plan::{Contents, NodeGroup};

/// An extension that a machine fetches.
pub(crate) struct Extension<'p> {
    /// Its name.
    pub(crate) name: &'p str,
    /// Its version.
    pub(crate) version: &'p str,
    /// Where its image is.
    pub(crate) url: &'p Traced<String>,
    /// The SHA-512 that the spec gives.
    pub(crate) sha512: Option<&'p Traced<String>>,
    /// Which of the group's files the image is.
    pub(crate) file: usize,
}

const LINKS: &str = "/etc/extensions/";

/// The extensions of a group: each is a link to a file that is fetched.
pub(crate) fn extensions(group: &NodeGroup) -> Vec<Extension<'_>> {
    let parts = &group.machine_config;
    let extension = |link: &'_ flatwright_plan::Link| -> Option<(usize, String)> {
        let name = link.path.value.strip_prefix(LINKS)?.strip_suffix(".raw")?;
        let file = parts.files.iter().position(|file| file.path.value == link.target.value)?;
        Some((file, name.to_owned()))
    };
    parts
        .links
        .iter()
        .filter_map(|link| {
            let (file, name) = extension(link)?;
            let Contents::Remote { url, sha512, .. } = &parts.files[file].contents else { return None };
            let name = link.path.value.get(LINKS.len()..LINKS.len() + name.len())?;
            let version = version(name, &link.target.value);
            Some(Extension { name, version, url, sha512: sha512.as_ref(), file })
        })
        .collect()
}

/// The version in `<directory>/<name>-<version>-<architecture>.raw`.
fn version<'t>(name: &str, target: &'t str) -> &'t str {
    let file = target.rsplit('/').next().unwrap_or_default();
    let rest = file.strip_prefix(name).and_then(|rest| rest.strip_prefix('-'));
    let middle = rest.and_then(|rest| rest.strip_suffix(".raw")).unwrap_or_default();
    ["-x86-64", "-arm64"].iter().find_map(|architecture| middle.strip_suffix(architecture)).unwrap_or(middle)
}
