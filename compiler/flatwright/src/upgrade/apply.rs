//! The run: what stands in the specs → edits → the same files with them, compiled and compared.

use std::collections::BTreeMap;

use flatwright_diagnostic::{
    Anchor, Applicability, Edit, Fix, NodeId, Origin, Path, Place as AnchorPlace, Report, SourceId, Target,
};
use flatwright_kubernetes::providers::Provider;
use flatwright_kubernetes::version::Version;
use flatwright_plan::{Flavor, Image, NodeGroup};
use flatwright_render::{Sources, apply_fixes};

use super::asked::{Asked, Edited};
use super::choose::{self, Capi, Choice};
use super::find::{self, Stand};
use super::rules::Upgrade;
use crate::compilation::Cluster;
use crate::compile::{Options, compile, compile_into};
use crate::diff::{Compared, Input, Place, Plan, diff};
use crate::world::{SpecFile, World};

/// What an upgrade gives.
pub struct Upgraded {
    /// The texts that findings and places point into.
    pub sources: Sources,
    /// Every finding. With an error among them, nothing is to be written.
    pub report: Report,
    /// Why the environment failed, if it did.
    pub failure: Option<String>,
    /// The edits.
    pub edits: Vec<Edited>,
    /// What is worth knowing beside them.
    pub notes: Vec<String>,
    /// The files that change: what they were, and what they become.
    pub files: Vec<(SpecFile, String)>,
    /// What the edits do to the machines; nothing if there is an error.
    pub plan: Option<Plan>,
}

/// Raises versions in specs.
pub fn upgrade(files: &[SpecFile], world: &dyn World, options: &Options, asked: &Asked) -> Upgraded {
    let tolerant = Options { is_tolerant: true, allows_unresolved: true, ..options.clone() };
    let before = compile_into(Sources::new(), files, world, &tolerant);
    let mut upgraded = Upgraded {
        sources: before.sources,
        report: Report::new(),
        failure: before.failure,
        edits: Vec::new(),
        notes: Vec::new(),
        files: Vec::new(),
        plan: None,
    };
    if before.clusters.is_empty() {
        upgraded.report = before.report;
        return upgraded;
    }
    let is_meant = |cluster: &&Cluster| asked.cluster.as_ref().is_none_or(|name| *name == cluster.plan.name.value);
    let clusters: Vec<&Cluster> = before.clusters.iter().filter(is_meant).collect();
    if let (Some(name), true) = (&asked.cluster, clusters.is_empty()) {
        upgraded.failure = Some(format!("there is no cluster `{name}`"));
        return upgraded;
    }
    let mut pen = Pen { sources: &upgraded.sources, report: Report::new(), edits: Vec::new(), notes: Vec::new() };
    for cluster in clusters {
        pen.cluster(cluster, asked);
    }
    let after = pen.apply(files);
    let Pen { report, edits, notes, .. } = pen;
    upgraded.report = report;
    upgraded.edits = edits.into_iter().map(|edit| edit.edited).collect();
    upgraded.notes = notes;
    let Some(after) = after.filter(|_| !upgraded.report.has_errors()) else { return upgraded };
    check(files, &after, world, options, upgraded)
}

/// Compiles what the files become, and compares it with what they are.
fn check(
    files: &[SpecFile],
    after: &[SpecFile],
    world: &dyn World,
    options: &Options,
    mut upgraded: Upgraded,
) -> Upgraded {
    let compiled = compile(after, world, &Options { allows_unresolved: true, ..options.clone() });
    if compiled.failure.is_some() || compiled.report.has_errors() {
        return Upgraded { sources: compiled.sources, report: compiled.report, failure: compiled.failure, ..upgraded };
    }
    let side = |files| Input::Specs { files, world, options };
    let Compared { sources, report, failure, plan } = diff(&side(files), &side(after));
    for (old, new) in files.iter().zip(after).filter(|(old, new)| old.bytes != new.bytes) {
        upgraded.files.push((old.clone(), String::from_utf8_lossy(&new.bytes).into_owned()));
    }
    Upgraded { sources, report, failure, plan, ..upgraded }
}

/// One edit of a text.
struct Written {
    anchor: Anchor,
    edit: Edit,
    edited: Edited,
}

/// The edits so far.
struct Pen<'s> {
    sources: &'s Sources,
    report: Report,
    edits: Vec<Written>,
    notes: Vec<String>,
}

impl Pen<'_> {
    fn cluster(&mut self, cluster: &Cluster, asked: &Asked) {
        let plan = &cluster.plan;
        let Ok(kubernetes) = Version::parse(&plan.kubernetes_version.value) else { return };
        let capi = self.providers(cluster, asked, kubernetes.line());
        let mut versions = Versions { old_kubernetes: kubernetes.to_string(), ..Versions::default() };
        if let Some(wish) = &asked.kubernetes {
            let choice = choose::kubernetes(&kubernetes, wish, capi);
            versions.kubernetes = self.raise(cluster, "Kubernetes", plan.kubernetes_version.origin, choice);
        }
        if let Some(wish) = &asked.flatcar {
            let (channel, old) = &plan.flatcar;
            let choice = choose::flatcar(&channel.value, &old.value, wish);
            versions.old_flatcar.clone_from(&old.value);
            versions.flatcar = self.raise(cluster, "Flatcar", old.origin, choice);
        }
        for group in &plan.groups {
            self.image(cluster, group, &versions);
        }
        if versions.kubernetes.is_some() {
            self.own_versions(cluster, &versions);
        }
    }

    /// Raises what the spec says of the management cluster. Gives the release of Cluster API that there will be.
    fn providers(&mut self, cluster: &Cluster, asked: &Asked, kubernetes: (u64, u64)) -> Option<Capi> {
        let mut capi = None;
        let all = [
            (Provider::ClusterApi, "capi", &asked.capi),
            (Provider::Azure, "capz", &asked.capz),
            (Provider::Helm, "caaph", &asked.caaph),
        ];
        for (provider, key, wish) in all {
            let release = cluster.plan.releases.iter().find(|(name, _)| *name == key).map(|(_, text)| text.as_str());
            let choice = wish.as_ref().map(|wish| choose::provider(provider, release, wish, kubernetes, capi));
            let new = match choice {
                None => None,
                Some(choice) => self.management(cluster, provider, key, choice),
            };
            if provider == Provider::ClusterApi {
                capi = new.as_deref().or(release).and_then(line_and_patch);
            }
            if let Some(new) = new {
                self.notes.push(format!(
                    "`management.{key}` says what the management cluster has: install {} v{new} there before the objects are applied",
                    provider.name()
                ));
            }
        }
        capi
    }

    fn management(
        &mut self,
        cluster: &Cluster,
        provider: Provider,
        key: &'static str,
        choice: Result<Choice, Upgrade>,
    ) -> Option<String> {
        let (source, root) = self.document(cluster)?;
        let tree = self.sources.tree(source)?;
        if let Some(node) = find::value(tree, root, &["spec", "management", key]) {
            return self.raise(cluster, provider.name(), Origin::Source(source, node), choice);
        }
        // Only a version that was named is written where there was none.
        let to = choice.ok()?.to?;
        let (at, new_key, value) = match find::value(tree, root, &["spec", "management"]) {
            Some(management) => (management, key, format!("v{to}")),
            None => (find::value(tree, root, &["spec"])?, "management", format!("{{{key}: v{to}}}")),
        };
        let anchor = find::anchor(source, at);
        let edit = Edit::Insert(Target::At(anchor.clone()), new_key.to_owned(), value);
        self.push(cluster, provider.name(), anchor, None, format!("v{to}"), edit);
        Some(to)
    }

    /// The document of a cluster.
    fn document(&self, cluster: &Cluster) -> Option<(SourceId, NodeId)> {
        let anchor = cluster.plan.name.origin.anchor()?;
        let AnchorPlace::Node(node) = anchor.place else { return None };
        let tree = self.sources.tree(anchor.source)?;
        Some((anchor.source, find::root(tree, node)))
    }

    /// Writes a chosen version where the old one stands. Gives it without its `v`.
    fn raise(
        &mut self,
        cluster: &Cluster,
        subject: &'static str,
        origin: Origin,
        choice: Result<Choice, Upgrade>,
    ) -> Option<String> {
        let around = origin.anchor().or_else(|| cluster.plan.name.origin.anchor())?;
        let choice = match choice {
            Ok(choice) => choice,
            Err(rule) => {
                self.refuse(around, &rule);
                return None;
            }
        };
        self.notes.extend(choice.note);
        let to = choice.to?;
        match find::stand(origin, self.sources) {
            Ok(stand) => {
                let new = stand.versioned(&to);
                self.replace(cluster, subject, &stand, &new);
                Some(to)
            }
            Err(reason) => {
                self.by_hand(around, subject, reason, &to);
                None
            }
        }
    }

    fn refuse(&mut self, anchor: Anchor, rule: &Upgrade) {
        let finding = self.report.refuse(anchor, rule);
        match rule {
            Upgrade::SkipsMinors { subject: "Kubernetes", old, .. } => {
                if let Some(next) = Version::parse(old).ok().and_then(|old| choose::next_minor(&old)) {
                    finding
                        .hint(format!("raise it with `--kubernetes {next}` first, and on when every machine has it"));
                }
            }
            Upgrade::SkipsMinors { .. } => {
                finding.hint("raise it in several steps, and install each in the management cluster");
            }
            Upgrade::GoesBack { .. } => {
                finding.hint("name a newer version");
            }
            Upgrade::UnknownMinor { .. } => {
                finding.hint("name the patch as well; `flatwright versions` prints what is known");
            }
            Upgrade::ByHand { .. } | Upgrade::Baked { .. } => {}
        }
    }

    fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    fn by_hand(&mut self, anchor: Anchor, subject: &'static str, reason: String, to: &str) {
        let rule = Upgrade::ByHand { subject, reason };
        self.report.refuse(anchor, &rule).hint(format!("set it to `{to}` where it comes from"));
    }

    fn replace(&mut self, cluster: &Cluster, subject: &str, stand: &Stand, new: &str) {
        // A value that several groups share is edited once.
        if self.is_edited(&stand.anchor) {
            return;
        }
        let edit = Edit::Replace {
            target: Target::At(stand.anchor.clone()),
            was: Some(stand.text.clone()),
            with: stand.written(new),
        };
        self.push(cluster, subject, stand.anchor.clone(), Some(stand.text.clone()), new.to_owned(), edit);
    }

    fn push(&mut self, cluster: &Cluster, subject: &str, anchor: Anchor, old: Option<String>, new: String, edit: Edit) {
        let edited = Edited {
            subject: subject.to_owned(),
            cluster: cluster.plan.name.value.clone(),
            old,
            new,
            place: Place::of(&anchor, true, self.sources),
        };
        self.edits.push(Written { anchor, edit, edited });
    }

    fn is_edited(&self, anchor: &Anchor) -> bool {
        self.edits.iter().any(|other| other.anchor == *anchor && other.edited.old.is_some())
    }

    /// An image that names the old version of Kubernetes or of Flatcar.
    fn image(&mut self, cluster: &Cluster, group: &NodeGroup, versions: &Versions) {
        let subject = format!("image of {}", group.name.value);
        let is_baked = cluster.plan.flavor.value == Flavor::ImageBuilder;
        let name = match &group.image {
            Image::Gallery { name, .. } | Image::Id(name) => Some(name),
            Image::Marketplace { .. } => None,
        };
        if let (Some(name), Some(new), true) = (name, &versions.kubernetes, is_baked) {
            match find::replaced(&name.value, &versions.old_kubernetes, new) {
                Some(replaced) => {
                    if self.lift(cluster, &subject, name.origin, &name.value, &replaced) {
                        self.notes.push(format!("{subject}: whether there is a `{replaced}` is not known here"));
                    }
                }
                None => self.note(format!(
                    "`{}` does not say which Kubernetes it holds: name an image with v{new}",
                    name.value
                )),
            }
        }
        let version = match &group.image {
            Image::Gallery { version, .. } | Image::Marketplace { version, .. } => version,
            Image::Id(_) => return,
        };
        let is_own = version.origin.anchor() != cluster.plan.flatcar.1.origin.anchor();
        if let Some(new) = versions.flatcar.as_ref().filter(|_| is_own) {
            if version.value == versions.old_flatcar {
                self.lift(cluster, &subject, version.origin, &version.value, new);
            } else {
                self.notes.push(format!("{subject}: it stays at version {}", version.value));
            }
        }
    }

    /// Writes a text where the old one stands, or notes that it cannot. Says whether it is written.
    fn lift(&mut self, cluster: &Cluster, subject: &str, origin: Origin, old: &str, new: &str) -> bool {
        match find::stand(origin, self.sources) {
            Ok(stand) if self.is_edited(&stand.anchor) => false,
            Ok(stand) if stand.text.trim_start_matches('v') == old.trim_start_matches('v') => {
                let new = if stand.text == old { new.to_owned() } else { stand.versioned(new.trim_start_matches('v')) };
                self.replace(cluster, subject, &stand, &new);
                true
            }
            Ok(_) => false,
            Err(reason) => {
                self.notes.push(format!("{subject}: change `{old}` to `{new}` by hand: {reason}"));
                false
            }
        }
    }

    /// Objects whose version is not the cluster's but their own, by a patch or a plugin: what has followed the control plane goes on doing so.
    fn own_versions(&mut self, cluster: &Cluster, versions: &Versions) {
        let Some(new) = &versions.kubernetes else { return };
        let of_cluster = cluster.plan.kubernetes_version.origin.anchor();
        for object in &cluster.objects {
            let path = match object.kind() {
                "KubeadmControlPlane" => "spec.version",
                "MachineDeployment" | "MachinePool" => "spec.template.spec.version",
                _ => continue,
            };
            let path = Path::parse(path);
            let (value, is_there) = object.value.find(&path);
            let Some(version) = value.as_str().filter(|_| is_there).map(str::to_owned) else { continue };
            let origin = object.value.origin_at(&path);
            if origin.anchor() == of_cluster {
                continue;
            }
            let is_control_plane = object.kind() == "KubeadmControlPlane";
            let follows = version.trim_start_matches('v') == versions.old_kubernetes;
            let subject = format!("{} {}", object.kind(), object.name());
            match find::stand(origin, self.sources) {
                Ok(stand) if follows => {
                    let new = stand.versioned(new);
                    self.replace(cluster, &subject, &stand, &new);
                }
                _ if !is_control_plane => {
                    self.notes.push(format!("{subject} has a version of its own, and stays at {version}"));
                }
                found => {
                    let reason = found.err().unwrap_or_else(|| format!("a patch sets {version} in {subject}"));
                    let anchor = origin.anchor().or_else(|| of_cluster.clone());
                    if let Some(anchor) = anchor {
                        self.by_hand(anchor, "the control plane", reason, &format!("v{new}"));
                    }
                }
            }
        }
    }

    /// The files with the edits; nothing if one cannot be made, which is then reported.
    fn apply(&mut self, files: &[SpecFile]) -> Option<Vec<SpecFile>> {
        let mut by_source: BTreeMap<SourceId, Vec<Fix>> = BTreeMap::new();
        for Written { anchor, edit, edited } in &self.edits {
            let title = format!("{} {}", edited.subject, edited.new);
            let fix = Fix { title, edits: vec![edit.clone()], applicability: Applicability::Certain };
            by_source.entry(anchor.source).or_default().push(fix);
        }
        let mut after = files.to_vec();
        for (source, fixes) in by_source {
            let (Some(text), Some(tree)) = (self.sources.text(source), self.sources.tree(source)) else { return None };
            match apply_fixes(text, tree, &fixes) {
                Ok(text) => {
                    let name = self.sources.name(source);
                    let file = after.iter_mut().find(|file| file.name == name)?;
                    file.bytes = text.into_bytes();
                }
                Err(problem) => {
                    let anchor = self.edits.iter().find(|edit| edit.anchor.source == source)?.anchor.clone();
                    let rule = Upgrade::ByHand { subject: "the spec", reason: problem.to_string() };
                    self.report.refuse(anchor, &rule);
                    return None;
                }
            }
        }
        Some(after)
    }
}

/// What Kubernetes and Flatcar were, and become, without `v`.
#[derive(Default)]
struct Versions {
    old_kubernetes: String,
    kubernetes: Option<String>,
    old_flatcar: String,
    flatcar: Option<String>,
}

/// `1.13.2` → its line and patch; `1.13` has no patch.
fn line_and_patch(text: &str) -> Option<Capi> {
    let version = Version::parse_normalized(text)?;
    let has_patch = text.split(['-', '+']).next().is_some_and(|numbers| numbers.split('.').count() == 3);
    Some((version.line(), has_patch.then(|| version.release().patch)))
}
