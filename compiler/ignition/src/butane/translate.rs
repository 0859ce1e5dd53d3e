//! The pipeline: text → source → checks → Ignition → checks, with the original's gates between the phases.

use serde_json::Value as Json;

use crate::codec::{Decoder, Path, Unused, Value, YamlDecoder};
use crate::entry::{Entry, EntryKind};
use crate::ignition3::{self, Check, Config, Findings, Step, locate, position, to_json, to_json_pretty};
use crate::problem::{Source as Rule, Yaml};
use crate::texts::Texts;
use flatwright_go::yaml3::{Tree, parse_first};

use super::boot::{Mix, add_boot_device, add_grub, check_partitions};
use super::check::check;
use super::failure::{Failure, Refused};
use super::files::FilesDir;
use super::header::version_of;
use super::lower::Lower;
use super::mount::mount_unit;
use super::nodes::Nodes;
use super::origins::{List, Origin, Origins};
use super::resource::{Encoder, replace_raw};
use super::types::{self, FcosConfig};
use super::version::{Variant, Version, go_name};
use super::{quadlet, trees};

/// How to translate.
#[derive(Clone, Copy, Default)]
pub struct Options<'a> {
    /// Where `local` and `trees` read from; without it they are errors.
    pub files: Option<&'a dyn FilesDir>,
    /// Whether any finding is a failure.
    pub is_strict: bool,
    /// Whether the JSON is indented.
    pub is_pretty: bool,
}

/// What became of a config.
#[derive(Clone, Debug)]
pub struct Translation {
    /// The variant and version, once they are known.
    pub version: Option<Version>,
    /// The Ignition config; `None` if there are errors.
    pub ignition: Option<Config>,
    /// Its JSON, without a final line break; empty if there is none.
    pub json: String,
    /// The report, in order.
    pub entries: Vec<Entry>,
    /// The last line of the original where it fails.
    pub failure: Option<Failure>,
    origins: Origins,
}

impl Translation {
    /// Where the source says what the Ignition config has at a path: line and column. The path is written as `storage.files.0.mode`.
    pub fn position_of(&self, source: &[u8], path: &str) -> Option<(u32, u32)> {
        let tree = parse_first(source).ok()?;
        let step = |step: &str| step.parse().map_or_else(|_| Step::Key(step.into()), Step::Index);
        let path: Vec<Step> = path.split('.').map(step).collect();
        let path = self.origins.trace(&path, &tree);
        position(&path, &tree)
    }
}

/// Translates a Butane config as the original does.
pub fn translate(input: &[u8], options: &Options<'_>) -> Translation {
    parse(input).translate(options)
}

/// A config that was read and not judged yet.
#[derive(Clone, Debug)]
pub struct Parsed {
    version: Option<Version>,
    source: Option<Source>,
    entries: Vec<Entry>,
    /// Why there is nothing to translate.
    failure: Option<Refused>,
}

#[derive(Clone, Debug)]
struct Source {
    tree: Tree,
    version: Version,
    config: FcosConfig,
    has_raw_bytes: bool,
}

/// Reads a Butane config.
pub fn parse(input: &[u8]) -> Parsed {
    let mut parsed = Parsed { version: None, source: None, entries: Vec::new(), failure: None };
    parsed.failure = read(input, &mut parsed).err();
    parsed
}

impl Parsed {
    /// The texts of systemd's in it, as far as they could be read.
    pub fn texts(&self) -> Texts<'_> {
        self.source.as_ref().map(|source| source.config.texts()).unwrap_or_default()
    }

    /// The paths of files whose compression the user chose.
    pub fn compressed(&self) -> impl Iterator<Item = &str> {
        let files = self.source.iter().flat_map(|source| &source.config.storage.files);
        let is_chosen =
            |resource: &super::types::Resource| resource.compression.as_ref().is_some_and(|one| !one.is_empty());
        files
            .filter(move |file| is_chosen(&file.contents) || file.append.iter().any(is_chosen))
            .map(|file| file.path.as_str())
    }

    /// Translates it.
    pub fn translate(self, options: &Options<'_>) -> Translation {
        let Self { version, source, entries, failure } = self;
        let origins = Origins::default();
        let mut translation =
            Translation { version, ignition: None, json: String::new(), entries, failure: None, origins };
        let result = match (source, failure) {
            (_, Some(refused)) => Err(refused.into()),
            (source, None) => {
                lower(source.expect("invariant: what is not refused was read"), options, &mut translation)
            }
        };
        match result {
            Ok(_) if options.is_strict && !translation.entries.is_empty() => {
                translation.failure = Some(Failure::Strict);
            }
            Ok(config) => {
                translation.json = json(&config, options.is_pretty);
                translation.ignition = Some(config);
            }
            Err(failure) => translation.failure = Some(failure),
        }
        translation
    }
}

fn json(config: &Config, is_pretty: bool) -> String {
    let (merge, authorities) = (&config.ignition.config.merge, &config.ignition.security.tls.certificate_authorities);
    let lacks_source = merge.iter().chain(authorities).any(|resource| resource.source.is_none());
    if config.ignition.version != ignition3::Version::V3_0.as_str() || !lacks_source {
        return if is_pretty { to_json_pretty(config) } else { to_json(config) };
    }
    // The oldest types write these sources also where there is none: of a config as a pointer, of an authority as a text.
    let mut value = serde_json::to_value(config).expect("invariant: strings and maps with string keys serialize");
    for (pointer, none) in
        [("/ignition/config/merge", Json::Null), ("/ignition/security/tls/certificateAuthorities", Json::from(""))]
    {
        let items = value.pointer_mut(pointer).and_then(Json::as_array_mut).into_iter().flatten();
        for item in items.filter_map(Json::as_object_mut).filter(|item| !item.contains_key("source")) {
            item.shift_insert(0, "source".to_owned(), none.clone());
        }
    }
    if is_pretty { to_json_pretty(&value) } else { to_json(&value) }
}

fn read(input: &[u8], parsed: &mut Parsed) -> Result<(), Refused> {
    let tree = parse_first(input).map_err(|error| Refused::Unread(error.into()))?;
    let version = version_of(&tree)?;
    parsed.version = Some(version);
    let mut report = Reporter { tree: &tree, entries: &mut parsed.entries };
    let (config, has_raw_bytes, problem) = decode(&tree, version, &mut report);
    parsed.source = Some(Source { tree, version, config, has_raw_bytes });
    problem.map_or(Ok(()), |problem| Err(Refused::Source(problem.into())))
}

fn lower(source: Source, options: &Options<'_>, translation: &mut Translation) -> Result<Config, Failure> {
    let Source { tree, version, config: mut source, has_raw_bytes } = source;
    let mut report = Reporter { tree: &tree, entries: &mut translation.entries };
    let mut found = Findings::default();
    check(&source, version, &mut found);
    report.add_source(&found, Some(Failure::Source))?;

    let filesystems = std::mem::take(&mut source.storage.filesystems);
    let luks = std::mem::take(&mut source.storage.luks);
    source.storage.filesystems.clone_from(&filesystems);
    source.storage.luks.clone_from(&luks);
    let mut lower = Lower {
        version,
        files: options.files,
        has_raw_bytes,
        encoder: Encoder::default(),
        origins: Origins::default(),
        found: Findings::default(),
    };
    let mut config = lower.config(&mut source);
    let Lower { mut origins, mut found, mut encoder, .. } = lower;
    add_mount_units(&filesystems, &luks, version, &mut config, &mut origins);
    let mut nodes = Nodes::new(&mut config.storage, &mut origins);
    trees::add(&source.storage.trees, options.files, &mut encoder, &mut nodes, &mut found);
    quadlet::add(&source.systemd.quadlets, options.files, &mut encoder, &mut nodes, &mut found);
    report.add_source(&found, Some(Failure::Source))?;

    let mut found = Findings::default();
    if version.has_boot_device() {
        add_boot_device(&source.boot_device, &mut config, &mut origins);
    }
    if version.variant == Variant::Fcos {
        check_partitions(&config, version.has_boot_device(), &mut found);
        report.add_generated(&found, &origins, None)?;
        add_grub(&source.grub, &mut encoder, &mut config, &mut origins);
    }
    let mut found = Findings::default();
    check_filters(&config, version, &mut found);
    report.add_generated(&found, &origins, Some(Failure::Source))?;

    if has_raw_bytes {
        replace_raw(&mut config);
    }
    let mut duplicates = Findings::default();
    let mut rules = Findings::default();
    let mut checks =
        Check { version: version.ignition(), has_rules: false, has_duplicates: true, is_newest: false, tree: None };
    ignition3::check(&checks, &config, &mut duplicates);
    checks.has_duplicates = false;
    checks.has_rules = true;
    ignition3::check(&checks, &config, &mut rules);
    duplicates.list.extend(rules.list);
    report.add_generated(&duplicates, &origins, Some(Failure::Result))?;
    translation.origins = origins;
    Ok(config)
}

/// The config as far as it can be read, whether it has raw bytes, and what its decoder refuses.
fn decode(tree: &Tree, version: Version, report: &mut Reporter<'_, '_>) -> (FcosConfig, bool, Option<Yaml>) {
    let Some(root) = tree.root() else { return (FcosConfig::default(), false, None) };
    let mut decoder = YamlDecoder::new(tree, version.base(), go_name);
    let mut found = Findings::default();
    let mut note = |path: &Path<'_>, key, problem| found.key_warning(path, key, problem);
    let mut unused = Unused { tree, version: version.base(), found: &mut note };
    let config = if version.has_boot_device() {
        let mut config = FcosConfig::default();
        decoder.record(root, &mut config);
        config.unused(&mut unused, Some(root), &Path::ROOT);
        config
    } else {
        let mut config = types::Config::default();
        decoder.record(root, &mut config);
        config.unused(&mut unused, Some(root), &Path::ROOT);
        config.into()
    };
    let problem = decoder.problem();
    let has_raw_bytes = decoder.has_raw_bytes;
    if problem.is_none() {
        report.add(&found);
    }
    (config, has_raw_bytes, problem)
}

fn add_mount_units(
    filesystems: &[types::Filesystem],
    luks: &[types::Luks],
    version: Version,
    config: &mut Config,
    origins: &mut Origins,
) {
    let mut units = Vec::new();
    let mut places: Vec<Origin> = Vec::new();
    for (i, filesystem) in filesystems.iter().enumerate() {
        if filesystem.with_mount_unit == Some(true) {
            units.push(mount_unit(filesystem, luks, version.base() >= 4));
            places.push(origins.place(vec![
                Step::Key("storage".into()),
                Step::Key("filesystems".into()),
                Step::Index(i),
                Step::Key("with_mount_unit".into()),
            ]));
        }
    }
    let user = std::mem::take(&mut config.systemd.units);
    config.systemd.units = Mix { list: List::Units, places, origins }.merge(units, user);
}

/// What the variant's machines cannot do although the format can.
fn check_filters(config: &Config, version: Version, found: &mut Findings) {
    if version.variant != Variant::Flatcar {
        return;
    }
    let storage = Path::ROOT.key("storage");
    let list = storage.key("luks");
    for (i, luks) in config.storage.luks.iter().enumerate() {
        let at = list.index(i);
        if version.base() < 8 && !luks.clevis.is_absent() {
            found.error(&at.key("clevis"), Rule::Clevis);
        }
        if version.base() >= 8 && !luks.cex.is_absent() {
            found.error(&at.key("cex"), Rule::Cex);
        }
    }
}

/// Findings → entries with positions in the source.
struct Reporter<'r, 't> {
    tree: &'t Tree,
    entries: &'r mut Vec<Entry>,
}

impl Reporter<'_, '_> {
    fn add(&mut self, found: &Findings) {
        self.entries.extend(found.list.iter().map(|finding| locate(finding, self.tree)));
    }

    /// Adds findings about the source. An error stops with the failure.
    fn add_source(&mut self, found: &Findings, failure: Option<Failure>) -> Result<(), Failure> {
        self.add(found);
        gate(found, failure)
    }

    /// Adds findings about the generated config.
    fn add_generated(&mut self, found: &Findings, origins: &Origins, failure: Option<Failure>) -> Result<(), Failure> {
        for finding in &found.list {
            let mut finding = finding.clone();
            finding.path = origins.trace(&finding.path, self.tree);
            self.entries.push(locate(&finding, self.tree));
        }
        gate(found, failure)
    }
}

fn gate(found: &Findings, failure: Option<Failure>) -> Result<(), Failure> {
    let failure = failure.filter(|_| found.list.iter().any(|finding| finding.kind == EntryKind::Error));
    failure.map_or(Ok(()), Err)
}
