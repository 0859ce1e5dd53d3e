//! Files → findings: each told apart, read, and handed to who knows its kind.

use flatwright_admission::Gates;
use flatwright_diagnostic::{Anchor, Report, SourceId};
use flatwright_flatcar::settings::in_source;
use flatwright_flatcar::sysupdate::{self, TransferFile};
use flatwright_flatcar::unit::{self, UnitFile};
use flatwright_render::Sources;
use flatwright_spec::rules::Document;

use super::code::Unread;
use super::manifests::Manifest;
use super::{Kind, Schemas, kind, machine_config, manifests, objects, plugin};
use crate::compile::{self, compile_into};
use crate::contents::Position;
use crate::world::{SpecFile, World};

/// How to validate.
#[derive(Clone, Copy, Default)]
pub struct ValidateOptions<'a> {
    /// The kind of every file; detected where absent.
    pub kind: Option<Kind>,
    /// The CRDs that manifests must fit. Without them unknown fields are not judged.
    pub schemas: Option<&'a Schemas>,
    /// What was applied before: objects of the same kind, namespace and name are judged as updates.
    pub old: &'a [SpecFile],
    /// Whether the files hold every object of their clusters: a reference to another object is an error then, else a warning.
    pub is_complete: bool,
    /// The feature gates of the management cluster.
    pub gates: Gates,
}

/// What a validation gives.
#[derive(Debug)]
pub struct Validation {
    /// The texts that findings point into.
    pub sources: Sources,
    /// Every finding.
    pub report: Report,
    /// Why the environment failed, if it did (exit code 2).
    pub failure: Option<String>,
}

/// Checks files. All problems of all files are in the report.
pub fn validate(files: &[SpecFile], world: &dyn World, options: &ValidateOptions<'_>) -> Validation {
    let mut run = Run {
        sources: Sources::new(),
        report: Report::new(),
        manifests: Vec::new(),
        specs: Vec::new(),
        world,
        options,
    };
    for file in files {
        run.file(file);
    }
    let old = run.read_old();
    let Run { mut sources, mut report, manifests, specs, .. } = run;
    if let Some(schemas) = options.schemas {
        schemas.report(&mut sources, &mut report);
    }
    if !manifests.is_empty() {
        let none = Schemas::default();
        let crds = &options.schemas.unwrap_or(&none).crds;
        let against = objects::Against { crds, old: &old, is_complete: options.is_complete, gates: options.gates };
        objects::check(&manifests, &against, &sources, &mut report);
    }
    let mut failure = None;
    if !specs.is_empty() {
        let options = compile::Options { allows_unresolved: !options.is_complete, ..compile::Options::default() };
        let compilation = compile_into(sources, &specs, world, &options);
        sources = compilation.sources;
        failure = compilation.failure;
        report.extend(compilation.report);
    }
    Validation { sources, report, failure }
}

/// Whether the kind of a file can be told, or why it cannot be read has to be: of a directory, the other files are none of ours.
pub fn is_recognized(file: &SpecFile) -> bool {
    if kind::of_name_or_start(&file.name, &file.bytes).is_some() {
        return true;
    }
    let Ok(text) = flatwright_yaml::decode(&file.bytes) else { return false };
    let mut syntax = Report::new();
    let tree = manifests::parse(&text, SourceId(0), &mut syntax);
    let is_data = [".yaml", ".yml", ".json"].iter().any(|extension| file.name.ends_with(extension));
    kind::of_content(&tree).is_some() || (is_data && syntax.has_errors())
}

struct Run<'a> {
    sources: Sources,
    report: Report,
    manifests: Vec<Manifest>,
    specs: Vec<SpecFile>,
    world: &'a dyn World,
    options: &'a ValidateOptions<'a>,
}

impl Run<'_> {
    /// The id that the next text will have: what is found while it is read needs it before the text is kept.
    fn next_source(&self) -> SourceId {
        SourceId(u32::try_from(self.sources.ids().len()).unwrap_or(u32::MAX))
    }

    fn file(&mut self, file: &SpecFile) {
        let told = self.options.kind.or_else(|| kind::of_name_or_start(&file.name, &file.bytes));
        if told == Some(Kind::Spec) {
            return self.specs.push(file.clone());
        }
        if told == Some(Kind::Plugin) && !file.bytes.trim_ascii_start().starts_with(b"{") {
            let source = self.sources.add_binary(file.name.as_str());
            return plugin::component(base_name(&file.name), &file.bytes, source, &mut self.report);
        }
        let source = self.next_source();
        let Some(text) = text_of(file, source, &mut self.report) else {
            self.sources.add_binary(file.name.as_str());
            return;
        };
        let mut syntax = Report::new();
        let is_settings = matches!(told, Some(Kind::Unit | Kind::Sysupdate));
        let tree = if is_settings { None } else { Some(manifests::parse(&text, source, &mut syntax)) };
        let kind = told.or_else(|| tree.as_deref().and_then(kind::of_content));
        if kind == Some(Kind::Spec) {
            return self.specs.push(file.clone());
        }
        self.sources.add(file.name.as_str(), text.as_str(), tree.clone());
        match (kind, &tree) {
            (Some(Kind::Unit), _) => self.unit(file, &text, source),
            (Some(Kind::Sysupdate), _) => self.transfer(file, &text, source),
            (Some(Kind::Manifests), Some(tree)) => {
                self.report.extend(syntax);
                let found = manifests::read(tree, source, &mut self.report);
                if found.is_empty() && !self.report.has_errors() {
                    self.report.refuse(Anchor::whole(source), &Document::Empty { wanted: "object" });
                }
                self.manifests.extend(found);
            }
            (Some(Kind::Plugin), Some(tree)) => {
                self.report.extend(syntax);
                plugin::described(tree, source, &mut self.report);
            }
            (Some(kind), Some(tree)) => {
                let locate = |place: Option<Position>| match place {
                    Some((line, column)) => Anchor::line_column(source, line, column),
                    None => Anchor::whole(source),
                };
                let files = self.world.files_dir(&file.name, "");
                machine_config::check(kind, text.as_bytes(), tree, files.as_deref(), &locate, &mut self.report);
            }
            (Some(_), None) => {}
            (None, _) => self.unknown(source, syntax),
        }
    }

    fn unit(&mut self, file: &SpecFile, text: &str, source: SourceId) {
        let name = base_name(&file.name);
        let owner = file.name.rsplit(['/', '\\']).nth(1).and_then(|directory| directory.strip_suffix(".d"));
        let is_unit = flatwright_flatcar::unit::UnitKind::of(name).is_some();
        let unit = UnitFile {
            name: if is_unit { Some(name) } else { owner },
            is_drop_in: !is_unit && name.ends_with(".conf"),
            ..UnitFile::default()
        };
        unit::check(text, &unit, &in_source(source), &mut self.report);
    }

    fn transfer(&mut self, file: &SpecFile, text: &str, source: SourceId) {
        let name = base_name(&file.name);
        let file_name = (!name.starts_with('<')).then_some(name);
        let transfer = TransferFile { file_name, ..TransferFile::default() };
        sysupdate::check(text, &transfer, &in_source(source), &mut self.report);
    }

    fn unknown(&mut self, source: SourceId, syntax: Report) {
        if syntax.has_errors() {
            return self.report.extend(syntax);
        }
        let kinds: Vec<String> = Kind::ALL.iter().map(|kind| format!("`{kind}`")).collect();
        self.report
            .refuse(Anchor::whole(source), &Unread::Kind)
            .hint(format!("say it with `--kind`: {}", kinds.join(", ")));
    }

    /// The objects that were applied before. What is wrong with them is no longer of interest, as long as they can be read.
    fn read_old(&mut self) -> Vec<Manifest> {
        let mut old = Vec::new();
        for file in self.options.old {
            let source = self.next_source();
            let Some(text) = text_of(file, source, &mut self.report) else {
                self.sources.add_binary(file.name.as_str());
                continue;
            };
            let tree = manifests::parse(&text, source, &mut self.report);
            old.extend(manifests::read(&tree, source, &mut Report::new()));
            self.sources.add(file.name.as_str(), text, Some(tree));
        }
        old
    }
}

fn base_name(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// The text of a file; what is no text is reported.
pub(super) fn text_of(file: &SpecFile, source: SourceId, report: &mut Report) -> Option<String> {
    match flatwright_yaml::decode(&file.bytes) {
        Ok(text) => Some(text.into_owned()),
        Err(error) => {
            flatwright_spec::report_not_text(&error, source, report);
            None
        }
    }
}
