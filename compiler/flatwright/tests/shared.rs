//! What several node groups share is made once, and said wherever it was asked for.

use std::sync::atomic::{AtomicUsize, Ordering};

use flatwright::{Compilation, Options, SpecFile, World, compile};
use flatwright_ignition::butane::{FileKind, FilesDir};

/// Files by name, and how often a machine config's local files were read.
struct Counting {
    files: Vec<(&'static str, String)>,
    reads: AtomicUsize,
}

impl Counting {
    fn new(files: &[(&'static str, &str)]) -> Self {
        let files = files.iter().map(|(name, text)| (*name, (*text).to_owned())).collect();
        Self { files, reads: AtomicUsize::new(0) }
    }
}

impl World for Counting {
    fn read_file(&self, _: &str, relative: &str) -> Result<Vec<u8>, String> {
        let found = self.files.iter().find(|(name, _)| *name == relative);
        found.map(|(_, text)| text.clone().into_bytes()).ok_or_else(|| "no such file".to_owned())
    }

    fn files_dir(&self, _: &str, _: &str) -> Option<Box<dyn FilesDir + '_>> {
        Some(Box::new(Local(self)))
    }

    fn variable(&self, _: &str) -> Option<String> {
        None
    }
}

/// A directory in which every file is the same.
struct Local<'w>(&'w Counting);

impl FilesDir for Local<'_> {
    fn name(&self) -> &str {
        "files"
    }

    fn read(&self, _: &str) -> Result<Vec<u8>, String> {
        self.0.reads.fetch_add(1, Ordering::Relaxed);
        Ok(b"hello\n".to_vec())
    }

    fn stat(&self, _: &str) -> Result<FileKind, String> {
        Ok(FileKind::Regular { is_executable: false })
    }

    fn lstat(&self, path: &str) -> Result<FileKind, String> {
        self.stat(path)
    }

    fn list(&self, _: &str) -> Result<Vec<String>, String> {
        Ok(Vec::new())
    }

    fn read_link(&self, _: &str) -> Result<String, String> {
        Err("it is no link".to_owned())
    }
}

/// A spec of so many pools, each with these lines.
fn spec(pools: usize, lines: impl Fn(usize) -> String) -> String {
    let pools: String = (0..pools)
        .map(|pool| format!("  - name: pool-{pool}\n    replicas: 1\n    vmSize: Standard_D4s_v5\n{}", lines(pool)))
        .collect();
    format!(
        "apiVersion: flatwright.dev/v1alpha1\nkind: FlatcarCluster\nmetadata: {{name: demo}}\nspec:\n  flavor: flatcar-sysext\n  \
         kubernetes: {{version: v1.34.2}}\n  flatcar: {{version: 4593.2.5}}\n  azure:\n    \
         subscriptionID: 00000000-0000-0000-0000-000000000001\n    location: westeurope\n    identity: {{name: cluster-identity}}\n  \
         controlPlane: {{replicas: 3, vmSize: Standard_D4s_v5}}\n  pools:\n{pools}"
    )
}

fn compiled(text: String, world: &Counting) -> Compilation {
    compile(&[SpecFile { name: "cluster.yaml".to_owned(), bytes: text.into_bytes() }], world, &Options::default())
}

const LOCAL: &str = "variant: flatcar\nversion: 1.1.0\nstorage:\n  files:\n  - {path: /etc/example, mode: 0644, contents: {local: motd}}\n";

#[test]
fn a_machine_config_that_many_pools_name_is_translated_once() {
    for pools in [1, 50] {
        let world = Counting::new(&[("node.bu", LOCAL)]);
        let compilation = compiled(spec(pools, |_| "    butane: node.bu\n".to_owned()), &world);
        assert!(!compilation.report.has_errors(), "{:?}", compilation.report.diagnostics());
        assert_eq!(world.reads.load(Ordering::Relaxed), 1, "{pools} pools");
    }
}

#[test]
fn the_same_text_in_two_files_is_two_configs() {
    let world = Counting::new(&[("a.bu", LOCAL), ("b.bu", LOCAL)]);
    let compilation =
        compiled(spec(4, |pool| format!("    butane: {}.bu\n", if pool % 2 == 0 { "a" } else { "b" })), &world);
    assert!(!compilation.report.has_errors(), "{:?}", compilation.report.diagnostics());
    assert_eq!(world.reads.load(Ordering::Relaxed), 2);
}

#[test]
fn pools_share_what_is_equal_and_nothing_else() {
    let world = Counting::new(&[("node.bu", LOCAL)]);
    let lines = |pool: usize| match pool {
        0 | 1 => "    butane: node.bu\n".to_owned(),
        _ => String::new(),
    };
    let compilation = compiled(spec(4, lines), &world);
    let composed = &compilation.clusters[0].composed;
    let ignition: Vec<String> = composed.iter().map(flatwright::Composed::ignition).collect();
    assert_eq!(ignition[1], ignition[2]);
    assert_eq!(ignition[3], ignition[4]);
    assert_ne!(ignition[1], ignition[3]);
    assert!(ignition[1].contains("/etc/example") && !ignition[3].contains("/etc/example"));
}

/// Findings about lines of the file are one; those about the config as a whole stand at every place that asks for it.
#[test]
fn findings_stand_where_they_would_without_sharing() {
    let places = |text: &str, pools| {
        let world = Counting::new(&[("node.bu", text)]);
        let compilation = compiled(spec(pools, |_| "    butane: node.bu\n".to_owned()), &world);
        let findings = flatwright_render::Findings::new(&compilation.report, &compilation.sources);
        let place = |finding: &flatwright_render::Finding<'_>| {
            let line = finding.span.as_ref().map(|span| span.start.line);
            (findings.source_name(finding).unwrap().to_owned(), line.unwrap_or_default())
        };
        findings.list.iter().map(place).collect::<Vec<_>>()
    };
    let unknown_key = "variant: flatcar\nversion: 1.1.0\nstorage: {file: []}\n";
    assert_eq!(places(unknown_key, 3), [("node.bu".to_owned(), 3)]);
    // The provider's own file: at the line that names it.
    let provider = "variant: flatcar\nversion: 1.1.0\nstorage: {files: [{path: /etc/kubeadm.yml, mode: 0644}]}\n";
    assert_eq!(places(provider, 3), [("node.bu".to_owned(), 3)]);
    // What the route cannot carry is said of the pool, because its configs are merged.
    let arguments = "variant: flatcar\nversion: 1.1.0\nkernel_arguments: {should_exist: [quiet]}\n";
    assert_eq!(places(arguments, 2), [("cluster.yaml".to_owned(), 17), ("cluster.yaml".to_owned(), 21)]);
}
