//! Which files belong together, and which of them only others read.
//!
//! Checks across files hold among what was named together, below a directory with a kustomization, else within one directory: `base/` and `overlays/prod/` hold
//! copies of one name on purpose. Owns: what a kustomization and a chart say of the files beside them. Must not: judge a file.

use std::collections::{BTreeMap, BTreeSet};

use flatwright_diagnostic::{NodeId, Report, SourceId};
use flatwright_yaml::{Kind as Node, Tree};

use super::found::KUSTOMIZATION_NAMES;
use super::inputs::Inputs;
use super::manifests;

/// Why a file is left out: a kustomization reads it, and it need not be whole.
const PATCH: &str = "it is a patch or a setting of a kustomization (`kubectl kustomize DIRECTORY | flatwright validate -` checks what that makes)";
/// Why a file is left out: it is not YAML before Helm has filled it in.
const CHART_TEMPLATE: &str = "it is a template of a Helm chart";

/// The fields of a kustomization that name files which are no objects to be applied: as texts, and as `path` of the entries.
const SETTINGS: [&str; 9] = [
    "patches",
    "patchesStrategicMerge",
    "patchesJson6902",
    "configurations",
    "replacements",
    "transformers",
    "generators",
    "validators",
    "crds",
];
/// The fields that name what is applied.
const RESOURCES: [&str; 3] = ["resources", "bases", "components"];

/// Files that belong together.
#[derive(Debug, Default)]
pub(super) struct Scope {
    /// Their indexes, in order.
    pub(super) files: Vec<usize>,
    /// Whether more belongs to them, which lies elsewhere.
    pub(super) is_open: bool,
}

/// All files of a run, except those that only others read.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    /// In the order of their first files.
    pub(super) list: Vec<Scope>,
    /// Files that are left out by what others say of them, with the reason.
    pub(super) left_out: BTreeMap<usize, &'static str>,
}

impl Scopes {
    pub(super) fn of<I: Inputs + ?Sized>(inputs: &I) -> Self {
        let found = || (0..inputs.len()).filter(|index| inputs.is_found(*index));
        let mut charts = BTreeSet::new();
        let mut kustomizations: BTreeMap<&str, Kustomization> = BTreeMap::new();
        for index in found() {
            let (directory, file) = split(inputs.name(index));
            if file == "Chart.yaml" {
                charts.insert(directory);
            } else if KUSTOMIZATION_NAMES.contains(&file) {
                let bytes = inputs.read(index).unwrap_or_default();
                kustomizations.insert(directory, Kustomization::read(directory, &bytes));
            }
        }
        let settings: BTreeSet<&str> =
            kustomizations.values().flat_map(|it| it.settings.iter().map(String::as_str)).collect();
        let mut by_name: BTreeMap<Option<&str>, usize> = BTreeMap::new();
        let mut scopes = Self::default();
        for index in 0..inputs.len() {
            let name = inputs.name(index);
            let mut scope = None;
            let mut is_open = false;
            if inputs.is_found(index) {
                if settings.contains(name) {
                    scopes.left_out.insert(index, PATCH);
                    continue;
                }
                if ancestors(name).any(|directory| is_templates_of(directory, &charts)) {
                    scopes.left_out.insert(index, CHART_TEMPLATE);
                    continue;
                }
                let kustomized = ancestors(name).find_map(|directory| kustomizations.get_key_value(directory));
                is_open = kustomized.is_some_and(|(_, kustomization)| kustomization.is_open);
                scope = Some(kustomized.map_or_else(|| split(name).0, |(directory, _)| *directory));
            }
            let at = *by_name.entry(scope).or_insert_with(|| {
                scopes.list.push(Scope { files: Vec::new(), is_open });
                scopes.list.len() - 1
            });
            scopes.list[at].files.push(index);
        }
        scopes
    }
}

/// What a kustomization says of files.
#[derive(Debug, Default)]
struct Kustomization {
    /// Names of files that it reads, and that are not applied as they are.
    settings: Vec<String>,
    /// Whether it applies something that lies elsewhere.
    is_open: bool,
}

impl Kustomization {
    /// What cannot be read says nothing.
    fn read(directory: &str, bytes: &[u8]) -> Self {
        let mut read = Self::default();
        let Ok(text) = flatwright_yaml::decode(bytes) else { return read };
        let tree = manifests::parse(&text, SourceId(0), &mut Report::new());
        let Some(root) = tree.roots().first().copied() else { return read };
        for (key, entry) in entries(&tree, root, SETTINGS) {
            let path = if key.starts_with("patches") || key == "replacements" { tree.get(entry, "path") } else { None };
            // A text of several lines is the patch itself.
            let named = tree.scalar(path.unwrap_or(entry)).filter(|text| !text.contains('\n'));
            read.settings.extend(named.and_then(|path| join(directory, path)));
        }
        for generator in
            ["configMapGenerator", "secretGenerator"].into_iter().flat_map(|key| entries(&tree, root, [key]))
        {
            for (_, file) in entries(&tree, generator.1, ["files", "envs"]) {
                // `KEY=FILE` names the key as well.
                let named = tree.scalar(file).map(|file| file.split_once('=').map_or(file, |(_, file)| file));
                read.settings.extend(named.and_then(|path| join(directory, path)));
            }
        }
        for (_, chart) in entries(&tree, root, ["helmCharts"]) {
            let values = tree.get(chart, "valuesFile").into_iter();
            let more = entries(&tree, chart, ["additionalValuesFiles"]).map(|(_, file)| file);
            read.settings.extend(values.chain(more).filter_map(|file| join(directory, tree.scalar(file)?)));
        }
        read.is_open = entries(&tree, root, RESOURCES)
            .filter_map(|(_, entry)| tree.scalar(entry))
            .any(|path| path.split('/').next() == Some("..") || path.contains("://") || path.contains("?ref="));
        read
    }
}

/// The items of lists in a mapping, with the list's key.
fn entries<'t>(
    tree: &'t Tree,
    root: NodeId,
    keys: impl IntoIterator<Item = &'static str> + 't,
) -> impl Iterator<Item = (&'static str, NodeId)> + 't {
    keys.into_iter().flat_map(move |key| {
        let items = match tree.get(root, key).map(|list| tree.kind(list)) {
            Some(Node::Sequence(items)) => items,
            _ => &[],
        };
        items.iter().map(move |item| (key, *item))
    })
}

fn is_templates_of(directory: &str, charts: &BTreeSet<&str>) -> bool {
    let (chart, own) = split(directory);
    own == "templates" && charts.contains(chart)
}

/// The directories that a file is in, the innermost first; the last is the empty one of a relative path.
fn ancestors(name: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(split(name).0), |directory| (!directory.is_empty()).then(|| split(directory).0))
}

fn split(name: &str) -> (&str, &str) {
    name.rsplit_once('/').unwrap_or(("", name))
}

/// A path below or beside a directory; nothing for one that leads out of all that has a name.
fn join(directory: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = directory.split('/').collect();
    if directory.is_empty() {
        parts.clear();
    }
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    /// Files that were found; a text after a blank is what is in one.
    struct Tree(&'static [&'static str]);

    impl Inputs for Tree {
        fn len(&self) -> usize {
            self.0.len()
        }

        fn name(&self, index: usize) -> &str {
            self.0[index].split(' ').next().unwrap_or_default()
        }

        fn is_found(&self, index: usize) -> bool {
            !self.0[index].ends_with(" named")
        }

        fn read(&self, index: usize) -> Result<Cow<'_, [u8]>, String> {
            Ok(self.0[index].split_once(' ').unwrap_or_default().1.as_bytes().into())
        }
    }

    fn groups(tree: &Tree) -> Vec<(Vec<&str>, bool)> {
        let scopes = Scopes::of(tree);
        scopes.list.iter().map(|it| (it.files.iter().map(|file| tree.name(*file)).collect(), it.is_open)).collect()
    }

    #[test]
    fn a_kustomization_takes_what_is_below_it_and_a_directory_what_is_in_it() {
        let tree = Tree(&[
            "t/a.yaml",
            "t/base/kustomization.yaml resources: [x, y/z.yaml]",
            "t/base/x.yaml",
            "t/base/y/z.yaml",
            "t/c/d.yaml",
            "t/overlays/prod/kustomization.yaml resources: [../../base]",
            "t/overlays/prod/own.yaml",
            "t/z.yaml",
            "one.yaml named",
            "two/two.yaml named",
        ]);
        assert_eq!(
            groups(&tree),
            [
                (vec!["t/a.yaml", "t/z.yaml"], false),
                (vec!["t/base/kustomization.yaml", "t/base/x.yaml", "t/base/y/z.yaml"], false),
                (vec!["t/c/d.yaml"], false),
                (vec!["t/overlays/prod/kustomization.yaml", "t/overlays/prod/own.yaml"], true),
                (vec!["one.yaml", "two/two.yaml"], false),
            ]
        );
    }

    #[test]
    fn patches_and_templates_of_charts_are_left_out() {
        let tree = Tree(&[
            "a/Kustomization {patches: [{path: ./p.yaml}, {patch: '[]'}], patchesStrategicMerge: [../q.yaml, \"kind: X\\n\"], transformers: [t.yaml]}",
            "a/p.yaml",
            "a/r.yaml",
            "a/t.yaml",
            "c/Chart.yaml",
            "c/templates/x/y.yaml",
            "c/values.yaml",
            "q.yaml",
            "templates/x.yaml",
        ]);
        let left_out = Scopes::of(&tree).left_out;
        let names: Vec<_> = left_out.into_iter().map(|(index, reason)| (tree.name(index), reason)).collect();
        assert_eq!(
            names,
            [("a/p.yaml", PATCH), ("a/t.yaml", PATCH), ("c/templates/x/y.yaml", CHART_TEMPLATE), ("q.yaml", PATCH)]
        );
    }
}
