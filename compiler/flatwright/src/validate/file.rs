//! One file → what it is, its own findings, and its objects.
//!
//! Owns: reading a file once, and telling its kind. Must not: know another file; what objects say of each other is for `objects`.

use std::sync::Arc;

use flatwright_diagnostic::{Anchor, Report, SourceId};
use flatwright_flatcar::settings::in_source;
use flatwright_flatcar::sysupdate::{self, TransferFile};
use flatwright_flatcar::unit::{self, UnitFile};
use flatwright_spec::rules::Document;
use flatwright_yaml::Tree;

use super::carried::Carried;
use super::inputs::Inputs;
use super::manifests::Manifest;
use super::seen::{Unseen, foreign_user_data};
use super::template::{self, Filled, Variables};
use super::{Kind, found, kind, machine_config, manifests, plugin};
use crate::contents::Position;
use crate::parallel;
use crate::world::{SpecFile, World};

/// Texts below this size are not shared out among threads.
const PIECE: usize = 128 << 10;

/// What a run knows of a file.
#[derive(Debug)]
pub(super) enum Outcome {
    /// It was checked as one of this kind.
    Checked(Kind),
    /// It could not be checked, and the report says why.
    Refused,
    /// It was not checked, which is no problem.
    LeftOut(&'static str),
    /// The environment failed.
    Failed(String),
    /// A spec: compiled after all others.
    Spec(SpecFile),
}

/// A file that was looked at.
#[derive(Debug)]
pub(super) struct Looked {
    pub(super) outcome: Outcome,
    pub(super) report: Report,
    pub(super) manifests: Vec<Manifest>,
    /// Its documents that are something else, from 0.
    pub(super) foreign: Vec<usize>,
    pub(super) text: Option<Arc<str>>,
    pub(super) tree: Option<Arc<Tree>>,
}

impl Looked {
    fn new(outcome: Outcome, report: Report) -> Self {
        Self { outcome, report, manifests: Vec::new(), foreign: Vec::new(), text: None, tree: None }
    }
}

/// A text that was parsed.
#[derive(Clone, Copy)]
struct Parsed<'t> {
    name: &'t str,
    tree: &'t Tree,
    /// What was filled in, if it is a template.
    filled: Option<&'t Filled>,
    source: SourceId,
}

/// How files are looked at.
#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    /// The kind of every file, where the user says it.
    pub(super) kind: Option<Kind>,
    pub(super) world: &'a dyn World,
    /// The values of the variables of templates.
    pub(super) variables: &'a Variables,
    /// How many threads may work on one file.
    pub(super) threads: usize,
}

impl Look<'_> {
    /// Reads and checks one file.
    pub(super) fn at<I: Inputs + ?Sized>(self, inputs: &I, index: usize) -> Looked {
        let source = source_of(index);
        let (name, is_found) = (inputs.name(index), inputs.is_found(index));
        let mut report = Report::new();
        match inputs.read(index) {
            Ok(bytes) => self.bytes(name, &bytes, source, is_found && self.kind.is_none()),
            Err(reason) if is_found => {
                report.refuse(Anchor::whole(source), &Unseen::Unreadable { reason });
                Looked::new(Outcome::LeftOut(super::seen::UNREADABLE), report)
            }
            Err(reason) => Looked::new(Outcome::Failed(format!("failed to read `{name}`: {reason}")), report),
        }
    }

    fn bytes(self, name: &str, bytes: &[u8], source: SourceId, must_be_certain: bool) -> Looked {
        let mut report = Report::new();
        let of_name_or_start = if must_be_certain { found::of_name_or_start } else { kind::of_name_or_start };
        let told = self.kind.or_else(|| of_name_or_start(name, bytes));
        let spec = || Outcome::Spec(SpecFile { name: name.to_owned(), bytes: bytes.to_vec() });
        if told == Some(Kind::Spec) {
            return Looked::new(spec(), report);
        }
        if told == Some(Kind::Plugin) && !bytes.trim_ascii_start().starts_with(b"{") {
            plugin::component(base_name(name), bytes, source, &mut report);
            return Looked::new(Outcome::Checked(Kind::Plugin), report);
        }
        let Some(text) = text_of(bytes, source, &mut report) else {
            return if must_be_certain && told.is_none() {
                Looked::new(Outcome::LeftOut(found::UNKNOWN), Report::new())
            } else {
                Looked::new(Outcome::Refused, report)
            };
        };
        let is_for_machines =
            matches!(told, Some(Kind::Butane | Kind::Ignition | Kind::Clc)) || told.is_none() && !must_be_certain;
        if let Some(what) = foreign_user_data(&text).filter(|_| is_for_machines) {
            report
                .refuse(Anchor::line_column(source, 1, 1), &Unseen::Foreign { what })
                .hint("write Butane (`variant: flatcar`, `version: 1.1.0`) or Ignition: files under `storage`, units under `systemd`, users under `passwd`");
            return Looked { text: Some(text.into()), ..Looked::new(Outcome::Refused, report) };
        }
        if let Some(settings @ (Kind::Unit | Kind::Sysupdate)) = told {
            let check = if settings == Kind::Unit { check_unit } else { check_transfer };
            check(name, &text, source, &mut report);
            return Looked { text: Some(text.into()), ..Looked::new(Outcome::Checked(settings), report) };
        }
        let mut syntax = Report::new();
        let mut tree = manifests::parse_shared(&text, source, self.threads, PIECE, &mut syntax);
        let mut is_masked = false;
        if syntax.has_errors()
            && let Some(masked) = template::masked(&text)
        {
            let mut of_masked = Report::new();
            let masked = manifests::parse_shared(&masked, source, self.threads, PIECE, &mut of_masked);
            if !of_masked.has_errors() {
                (tree, syntax, is_masked) = (masked, of_masked, true);
            }
        }
        let kind = match told {
            Some(kind) => Some(kind),
            None if must_be_certain => match found::of_content(name, &tree) {
                Ok(kind) => Some(kind),
                Err(_) if syntax.has_errors() && found::is_template(&text) => {
                    return Looked::new(Outcome::LeftOut(found::TEMPLATE), report);
                }
                Err(_) if syntax.has_errors() && found::is_broken(name, &text) => None,
                Err(_) if syntax.has_errors() && found::is_data(name) => {
                    return Looked::new(Outcome::LeftOut(found::NOT_DATA), report);
                }
                Err(reason) => return Looked::new(Outcome::LeftOut(reason), report),
            },
            None => kind::of_content(&tree),
        };
        if kind == Some(Kind::Spec) {
            return Looked::new(spec(), report);
        }
        let outcome = kind.map_or(Outcome::Refused, Outcome::Checked);
        // A mask is as long as what it stands for, so places are those of the text.
        let text = if is_masked { text.into() } else { tree.shared_text() };
        let filled = (kind == Some(Kind::Manifests)).then(|| Filled::of(&tree, self.variables, is_masked)).flatten();
        let mut looked = Looked { text: Some(text), tree: Some(Arc::clone(&tree)), ..Looked::new(outcome, report) };
        if must_be_certain && kind == Some(Kind::Manifests) {
            looked.foreign = (0..tree.roots().len()).filter(|document| found::is_foreign(&tree, *document)).collect();
        }
        let document = Parsed { name, tree: &tree, filled: filled.as_ref(), source };
        self.parsed(kind, document, syntax, &mut looked);
        looked
    }

    fn parsed(self, kind: Option<Kind>, parsed: Parsed<'_>, syntax: Report, looked: &mut Looked) {
        let Parsed { name, tree, source, .. } = parsed;
        let report = &mut looked.report;
        match kind {
            Some(Kind::Manifests) => {
                report.extend(syntax);
                let foreign = &looked.foreign;
                let own = (0..tree.roots().len()).filter(|document| foreign.binary_search(document).is_err());
                looked.manifests = self.manifests(parsed, &own.collect::<Vec<_>>(), report);
                if looked.manifests.is_empty() && !report.has_errors() {
                    report.refuse(Anchor::whole(source), &Document::Empty { wanted: "object" });
                }
            }
            Some(Kind::Plugin) => {
                report.extend(syntax);
                plugin::described(tree, source, report);
            }
            Some(kind) => {
                let locate = |place: Option<Position>| match place {
                    Some((line, column)) => Anchor::line_column(source, line, column),
                    None => Anchor::whole(source),
                };
                let files = self.world.files_dir(name, "");
                machine_config::check(kind, tree.text().as_bytes(), tree, files.as_deref(), &locate, report);
            }
            None if syntax.has_errors() => report.extend(syntax),
            None => {
                let kinds: Vec<String> = Kind::ALL.iter().map(|kind| format!("`{kind}`")).collect();
                report
                    .refuse(Anchor::whole(source), &Unseen::Kind)
                    .hint(format!("say it with `--kind`: {}", kinds.join(", ")));
            }
        }
    }

    /// The objects of a text, with what they carry checked: that needs the text.
    fn manifests(self, parsed: Parsed<'_>, documents: &[usize], report: &mut Report) -> Vec<Manifest> {
        let Parsed { tree, filled, source, .. } = parsed;
        let shares = if tree.text().len() > PIECE { self.threads * 4 } else { 1 };
        let size = documents.len().div_ceil(shares);
        let carried = Carried::new(tree);
        let share = |share: usize| {
            let mut report = Report::new();
            let part = documents.chunks(size.max(1)).nth(share).unwrap_or_default();
            let mut found = manifests::read_documents(tree, part, filled, source, &mut report);
            for manifest in &mut found {
                let mut own = Report::new();
                carried.check(manifest, &mut own);
                manifest.is_good = !own.has_errors();
                report.extend(own);
            }
            (found, report)
        };
        let mut all = Vec::with_capacity(documents.len());
        let count = documents.len().div_ceil(size.max(1));
        parallel::queue(
            count,
            self.threads,
            || (),
            |(): &mut (), at| share(at),
            |(found, own)| {
                all.extend(found);
                report.extend(own);
            },
        );
        all
    }
}

/// Whether a file that was found holds objects for certain, or is meant to and cannot be parsed.
pub(super) fn is_manifests(name: &str, bytes: &[u8]) -> bool {
    if found::of_name_or_start(name, bytes).is_some() {
        return false;
    }
    let Ok(text) = flatwright_yaml::decode(bytes) else { return false };
    let mut syntax = Report::new();
    let tree = manifests::parse(&text, source_of(0), &mut syntax);
    match found::of_content(name, &tree) {
        Ok(kind) => kind == Kind::Manifests,
        Err(_) => syntax.has_errors() && !found::is_template(&text) && found::is_broken(name, &text),
    }
}

/// The id of an input: they are named before any is read.
pub(super) fn source_of(index: usize) -> SourceId {
    SourceId(u32::try_from(index).unwrap_or(u32::MAX))
}

fn check_unit(name: &str, text: &str, source: SourceId, report: &mut Report) {
    let file = base_name(name);
    let owner = name.rsplit(['/', '\\']).nth(1).and_then(|directory| directory.strip_suffix(".d"));
    let is_unit = unit::UnitKind::of(file).is_some();
    let unit = UnitFile {
        name: if is_unit { Some(file) } else { owner },
        is_drop_in: !is_unit && file.ends_with(".conf"),
        ..UnitFile::default()
    };
    unit::check(text, &unit, &in_source(source), report);
}

fn check_transfer(name: &str, text: &str, source: SourceId, report: &mut Report) {
    let name = base_name(name);
    let file_name = (!name.starts_with('<')).then_some(name);
    let transfer = TransferFile { file_name, ..TransferFile::default() };
    sysupdate::check(text, &transfer, &in_source(source), report);
}

fn base_name(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// The text of a file; what is no text is reported.
pub(super) fn text_of(bytes: &[u8], source: SourceId, report: &mut Report) -> Option<String> {
    match flatwright_yaml::decode(bytes) {
        Ok(text) => Some(text.into_owned()),
        Err(error) => {
            flatwright_spec::report_not_text(&error, source, report);
            None
        }
    }
}
