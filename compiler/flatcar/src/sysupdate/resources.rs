//! What a transfer moves from where to where.
//!
//! Owns: the rules that look at `[Source]` and `[Target]` as a whole. Must not: judge single values that stand alone.

use flatwright_diagnostic::{Rule, Severity};

use crate::bakery::DEFAULT_BAKERY;
use crate::broken::{Resources, Value, Verification};
use crate::settings::{Position, Setting, Settings, shown};
use crate::unit::is_boolean;

/// What a whole transfer breaks.
#[derive(Debug, Rule)]
pub(super) enum Broken {
    #[rule(transparent)]
    Resources(Resources),
    #[rule(transparent)]
    Value(Value),
    #[rule(transparent)]
    Verification(Verification),
}

/// One broken rule.
pub(super) struct Problem {
    pub(super) rule: Broken,
    pub(super) severity: Severity,
    pub(super) hint: Option<String>,
    /// What is written, where one of these words was meant.
    pub(super) meant: Option<(String, &'static [&'static str])>,
    pub(super) at: Position,
}

impl Problem {
    fn error(at: Position, rule: Resources, hint: impl Into<String>) -> Self {
        Self { rule: Broken::Resources(rule), severity: Severity::Error, hint: Some(hint.into()), meant: None, at }
    }

    fn warning(at: Position, rule: Broken, hint: &str) -> Self {
        Self { rule, severity: Severity::Warning, hint: Some(hint.to_owned()), meant: None, at }
    }
}

const SOURCES: &[&str] = &["url-file", "url-tar", "tar", "regular-file", "directory", "subvolume"];
const TARGETS: &[&str] = &["partition", "regular-file", "directory", "subvolume"];

/// Everything that makes sysupdate refuse the transfer as a whole, or never find an update.
pub(super) fn check(settings: &Settings) -> Vec<Problem> {
    let mut problems = Vec::new();
    let header = |section| settings.section_at(section).unwrap_or(Position::START);
    let source_type = resource_type(settings, "Source", SOURCES, &mut problems);
    let target_type = resource_type(settings, "Target", TARGETS, &mut problems);
    if source_type.is_none() && settings.last("Source", "Type").is_none() {
        problems.push(Problem::error(header("Source"), Resources::NoType, "add `Type=url-file`"));
    }
    if let (Some(source), Some(target)) = (source_type, target_type) {
        let is_file = matches!(source.value.as_str(), "url-file" | "regular-file");
        let fitting = if is_file { ["regular-file", "partition"] } else { ["directory", "subvolume"] };
        if !fitting.contains(&target.value.as_str()) {
            problems.push(Problem::error(
                target.value_at,
                Resources::MismatchedTypes { source: source.value.clone(), target: target.value.clone() },
                format!("use `Type={}` or `Type={}`", fitting[0], fitting[1]),
            ));
        }
    }
    for section in ["Source", "Target"] {
        if settings.last(section, "Path").is_none() {
            problems.push(Problem::error(header(section), Resources::NoPath { section }, "add `Path=`"));
        }
    }
    if settings.list("Source", "MatchPattern").is_empty() {
        problems.push(Problem::error(
            header("Source"),
            Resources::NoPattern,
            "add `MatchPattern=` with `@v` for the version",
        ));
    }
    check_paths(settings, source_type, &mut problems);
    check_target(settings, target_type, &mut problems);
    check_verification(settings, source_type, &mut problems);
    problems
}

fn resource_type<'a>(
    settings: &'a Settings,
    section: &'a str,
    known: &'static [&'static str],
    problems: &mut Vec<Problem>,
) -> Option<&'a Setting> {
    let setting = settings.last(section, "Type")?;
    if known.contains(&setting.value.as_str()) {
        return Some(setting);
    }
    let rule = Resources::UnknownType { kind: shown(&setting.value), section: section.to_owned() };
    let meant = Some((setting.value.clone(), known));
    problems.push(Problem { hint: None, meant, ..Problem::error(setting.value_at, rule, "") });
    None
}

fn check_paths(settings: &Settings, source_type: Option<&Setting>, problems: &mut Vec<Problem>) {
    let is_url = source_type.is_some_and(|setting| setting.value.starts_with("url-"));
    if let (Some(path), Some(_)) = (settings.last("Source", "Path"), source_type) {
        let value = path.value.as_str();
        let is_web = ["http://", "https://", "file://"]
            .iter()
            .any(|scheme| value.len() > scheme.len() && value.starts_with(scheme));
        if is_url && !is_web && !starts_open(value) {
            let rule = Resources::SourceUrl { path: shown(value) };
            problems.push(Problem::error(path.value_at, rule, "write the URL of the directory with `SHA256SUMS`"));
        } else if !is_url && value != "auto" && !is_normalized(value) {
            problems.push(not_normalized("source", path));
        }
    }
    if let Some(path) = settings.last("Target", "Path")
        && path.value != "auto"
        && !is_normalized(&path.value)
    {
        problems.push(not_normalized("target", path));
    }
    if let Some(relative) = settings.last("Target", "PathRelativeTo")
        && relative.value == "explicit"
    {
        problems.push(Problem::error(
            relative.value_at,
            Resources::ExplicitTarget,
            "use `root`, `esp`, `xbootldr` or `boot`",
        ));
    }
}

fn check_target(settings: &Settings, target_type: Option<&Setting>, problems: &mut Vec<Problem>) {
    let is_partition = target_type.is_some_and(|setting| setting.value == "partition");
    if let Some(link) = settings.last("Target", "CurrentSymlink")
        && is_partition
        && !link.value.starts_with('/')
        && !starts_open(&link.value)
    {
        problems.push(Problem::error(
            link.value_at,
            Resources::RelativeLink { link: shown(&link.value) },
            "write the path from `/`",
        ));
    }
    problems.extend(extension_link(settings));
    if let Some(count) = settings.last("Target", "InstancesMax")
        && count.value.parse().is_ok_and(|count: u64| count < 2)
    {
        let rule = Value::Instances { count: count.value.clone() };
        problems.push(Problem::warning(count.value_at, Broken::Value(rule), "write `InstancesMax=2`"));
    }
}

/// Directories whose images systemd-sysext merges.
const EXTENSIONS: [&str; 3] = ["/etc/extensions/", "/run/extensions/", "/var/lib/extensions/"];

/// A link to the newest image must have the name of the extension in it, which the pattern of the images begins with.
fn extension_link(settings: &Settings) -> Option<Problem> {
    let link = settings.last("Target", "CurrentSymlink")?;
    let path = match settings.last("Target", "Path") {
        Some(directory) if !link.value.starts_with('/') => {
            format!("{}/{}", directory.value.trim_end_matches('/'), link.value)
        }
        _ => link.value.clone(),
    };
    let below = EXTENSIONS.iter().find_map(|directory| path.strip_prefix(directory))?;
    let stem = below.strip_suffix(".raw").unwrap_or(below);
    let pattern = settings.last("Source", "MatchPattern")?.value.split_ascii_whitespace().next()?;
    let name = extension_of(pattern)?;
    if stem == name || stem.contains(['/', '%']) {
        return None;
    }
    let rule = Resources::ExtensionLink { link: shown(&link.value), extension: name.to_owned() };
    let hint = format!(
        "name it `{name}.raw`: systemd-sysext looks for the name in the image and refuses to merge any extension without it"
    );
    let is_certain = settings.last("Source", "Path").is_some_and(|path| path.value.starts_with(DEFAULT_BAKERY));
    Some(if is_certain {
        Problem::error(link.value_at, rule, hint)
    } else {
        Problem::warning(link.value_at, Broken::Resources(rule), &hint)
    })
}

/// The extension whose images a pattern matches, where it is built as the bakery builds names: `NAME-@v-%a.raw`, `NAME-v1.35.@v-%a.raw`.
fn extension_of(pattern: &str) -> Option<&str> {
    let version = pattern.find("@v")?;
    let stem = pattern.get(..version)?.trim_matches(['"', '\'']);
    let is_version =
        |rest: &str| rest.strip_prefix('v').unwrap_or(rest).chars().next().is_none_or(|c| c.is_ascii_digit());
    let dash = stem.match_indices('-').map(|(at, _)| at).find(|at| is_version(&stem[at + 1..]))?;
    Some(&stem[..dash]).filter(|name| !name.is_empty() && !name.contains(['@', '%']))
}

fn check_verification(settings: &Settings, source_type: Option<&Setting>, problems: &mut Vec<Problem>) {
    let Some(path) = settings.last("Source", "Path") else { return };
    if !source_type.is_some_and(|setting| setting.value.starts_with("url-")) {
        return;
    }
    let verify = settings.last("Transfer", "Verify").filter(|setting| is_boolean(&setting.value));
    let is_off =
        |value: &str| ["0", "no", "n", "false", "f", "off"].iter().any(|word| word.eq_ignore_ascii_case(value));
    let is_verified = verify.is_none_or(|setting| !is_off(&setting.value));
    let warning = |at, rule, hint| Problem::warning(at, Broken::Verification(rule), hint);
    if is_verified && path.value.starts_with(DEFAULT_BAKERY) {
        problems.push(warning(
            verify.map_or(path.value_at, |setting| setting.value_at),
            Verification::Unsigned,
            "write `Verify=no` in `[Transfer]`; the checksums themselves are always compared",
        ));
    }
    if !is_verified && path.value.starts_with("http://") {
        problems.push(warning(
            path.value_at,
            Verification::Unprotected,
            "use `https://`, or sign `SHA256SUMS` and remove `Verify=no`",
        ));
    }
}

fn not_normalized(end: &'static str, path: &Setting) -> Problem {
    let rule = Resources::Path { end, path: shown(&path.value) };
    Problem::error(path.value_at, rule, "write the path from `/`, without `.`, `..` or doubled slashes")
}

/// A value that starts with a specifier says nothing yet.
fn starts_open(value: &str) -> bool {
    value.starts_with('%')
}

fn is_normalized(path: &str) -> bool {
    starts_open(path)
        || path.starts_with('/')
            && !path.contains("//")
            && path.len() < 4096
            && !path.split('/').any(|part| part == "." || part == "..")
}
