//! Podman's units: files under `/etc/containers/systemd`, and links for template instances.

use crate::codec::Path;
use crate::ignition3::{Findings, Link};
use crate::problem::Source;

use super::files::{FilesDir, read};
use super::nodes::Nodes;
use super::origins::steps;
use super::resource::Encoder;
use super::types::Quadlet;

/// `foo@bar.container` → `foo@.container`; `None` for anything but an instance of a template.
pub(super) fn template_of(name: &str) -> Option<String> {
    let at = name.find('@')?;
    let dot = name.find('.').map_or(-1, |dot| i64::try_from(dot).unwrap_or(i64::MAX));
    if i64::try_from(at + 1) == Ok(dot) {
        return None;
    }
    let extension = name.get(usize::try_from(dot + 1).unwrap_or_default()..).unwrap_or_default();
    Some(format!("{}@.{extension}", &name[..at]))
}

/// Adds the files and links of all quadlets.
pub(super) fn add(
    quadlets: &[Quadlet],
    files: Option<&dyn FilesDir>,
    encoder: &mut Encoder,
    nodes: &mut Nodes<'_>,
    found: &mut Findings,
) {
    let systemd = Path::ROOT.key("systemd");
    let mut adder = Adder { files, encoder, nodes, found };
    let list = systemd.key("quadlets");
    for (i, quadlet) in quadlets.iter().enumerate() {
        let at = list.index(i);
        let directory =
            if quadlet.rootful == Some(true) { "/etc/containers/systemd" } else { "/etc/containers/systemd/users" };
        let path = format!("{directory}/{}", quadlet.name);
        match template_of(&quadlet.name) {
            Some(template) => adder.link(&path, template, &at),
            None => adder.file(&path, &quadlet.contents, &quadlet.contents_local, &at),
        }
        let dropins = at.key("dropins");
        for (i, dropin) in quadlet.dropins.iter().enumerate() {
            let path = format!("{path}.d/{}", dropin.name);
            adder.file(&path, &dropin.contents, &dropin.contents_local, &dropins.index(i));
        }
    }
}

struct Adder<'a, 'n> {
    files: Option<&'a dyn FilesDir>,
    encoder: &'a mut Encoder,
    nodes: &'a mut Nodes<'n>,
    found: &'a mut Findings,
}

impl Adder<'_, '_> {
    fn is_free(&mut self, path: &str, at: &Path<'_>) -> bool {
        let is_free = !self.nodes.exists(path);
        if !is_free {
            self.found.error(at, Source::Occupied);
        }
        is_free
    }

    fn link(&mut self, path: &str, target: String, at: &Path<'_>) {
        if self.is_free(path, at) {
            let origin = self.nodes.origins.place(steps(&at.segments()));
            let link = Link { path: path.to_owned(), target: Some(target), ..Link::default() };
            self.nodes.add_link(link, origin);
        }
    }

    fn file(&mut self, path: &str, contents: &Option<String>, local: &Option<String>, at: &Path<'_>) {
        if !self.is_free(path, at) {
            return;
        }
        let is_set = |text: &&str| !text.is_empty();
        let bytes = match (contents.as_deref().filter(is_set), local.as_deref().filter(is_set)) {
            (Some(text), _) => text.as_bytes().to_vec(),
            (None, Some(local)) => match read(self.files, local) {
                Ok(bytes) => bytes,
                Err(problem) => {
                    self.found.error(&at.key("contents_local"), problem);
                    return;
                }
            },
            (None, None) => Vec::new(),
        };
        let origin = self.nodes.origins.place(steps(&at.segments()));
        let index = self.nodes.add_file(path.to_owned(), origin);
        let file = &mut self.nodes.storage.files[index];
        let made = self.encoder.data_url(&bytes, None);
        file.contents.source = Some(made.url);
        file.contents.compression = made.compression;
        file.mode = Some(0o644);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instances_link_to_their_template() {
        assert_eq!(template_of("a@1.container").as_deref(), Some("a@.container"));
        assert_eq!(template_of("a@.container"), None);
        assert_eq!(template_of("a.container"), None);
    }
}
