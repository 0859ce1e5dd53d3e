//! The values of arguments: their types as Go reads them, and the names that there are.

use flatwright_diagnostic::{Applicability, Fix, Part, nearest};
use flatwright_go::{duration, number};
use flatwright_kubernetes::Quantity;
use flatwright_kubernetes::component::{self, Component, FLAGS, Flag, Kind, Values};
use flatwright_kubernetes::network;
use flatwright_kubernetes::table::number as version_number;
use flatwright_kubernetes::version::Release;

use super::names::{certainty, explain};
use super::rules::{Misused, Removed};
use super::{Argument, Target, gates};
use crate::check::Check;
use crate::field::shown;

const STOPS: &str = "the component stops at the value, and the node never becomes ready";

pub(super) fn check(argument: &Argument<'_>, flag: Flag, value: &str, target: Target, check: &mut Check<'_>) {
    if let Some(expected) = mismatch(flag.kind, value) {
        let rule = Misused::Type { flag: flag.name.to_owned(), expected, value: shown(value) };
        check.refuse(&argument.value, &rule).note(STOPS).hint(format!("write {expected}"));
    }
    if flag.name == "feature-gates" {
        gates::of_component(argument, value, target, check);
    } else if flag.name == "cloud-provider" {
        cloud_provider(argument, value, target, check);
    } else {
        names(argument, flag, value, target, check);
    }
}

/// What a value should be, if it is something else.
fn mismatch(kind: Kind, value: &str) -> Option<&'static str> {
    let is_int = |text: &str| number::int(&text.replace('_', "")).is_some();
    let (is_good, expected) = match kind {
        Kind::Bool => (is_bool(value), "`true` or `false`"),
        Kind::Int => (is_int(value), "a whole number"),
        Kind::IntList => (
            value.is_empty() || value.split(',').all(|part| is_int(part.trim())),
            "whole numbers with commas between them",
        ),
        Kind::Float => (is_float(value), "a number"),
        Kind::Duration => (duration::nanoseconds(value).is_some(), "a duration such as `1m30s`"),
        Kind::Ip => (value.is_empty() || network::address(value.trim()).is_some(), "an IP address"),
        Kind::PortRange => (is_port_range(value), "a range of ports such as `30000-32767`"),
        Kind::Quantity => (Quantity::parse(value).is_some(), "a quantity such as `512Mi`"),
        Kind::List | Kind::Map | Kind::Text => return None,
    };
    (!is_good).then_some(expected)
}

/// `strconv.ParseBool`.
pub(super) fn is_bool(text: &str) -> bool {
    matches!(text, "1" | "t" | "T" | "TRUE" | "true" | "True" | "0" | "f" | "F" | "FALSE" | "false" | "False")
}

/// `strconv.ParseFloat`: the words are for all cases.
fn is_float(text: &str) -> bool {
    let word = text.trim_start_matches(['+', '-']).to_ascii_lowercase();
    number::decimal(text).is_some() || matches!(word.as_str(), "inf" | "infinity" | "nan") || word.starts_with("0x")
}

/// A port, `first-last`, or `first+length`.
fn is_port_range(text: &str) -> bool {
    let port = |text: &str| text.trim().parse::<u16>().ok();
    match text.split_once(['-', '+']) {
        None => text.trim().is_empty() || port(text).is_some(),
        Some((first, second)) => match (port(first), port(second)) {
            (Some(first), Some(last)) => text.contains('+') || first <= last,
            _ => false,
        },
    }
}

/// A provider inside the components, of which there is none any more.
fn cloud_provider(argument: &Argument<'_>, value: &str, target: Target, check: &mut Check<'_>) {
    /// The first minor in which no Azure is built in, and the first one without any.
    const NO_AZURE: &str = "1.30";
    const NO_PROVIDER: &str = "1.31";
    let first = version_number(if value == "azure" { NO_AZURE } else { NO_PROVIDER });
    if matches!(value, "" | "external") {
        return;
    }
    if let Some(version) = target.version.filter(|version| first.is_some_and(|first| first <= *version)) {
        let rule = Removed::CloudProvider { provider: shown(value), release: target.release(version) };
        check.refuse(&argument.value, &rule).note(STOPS).hint("write `external`");
    }
}

/// Values that are listed.
fn names(argument: &Argument<'_>, flag: Flag, value: &str, target: Target, check: &mut Check<'_>) {
    match flag.values {
        Values::Any => {}
        Values::OneOf(list) => {
            let known = list.split(',');
            for part in parts(flag, value).filter(|part| !known.clone().any(|one| one == *part)) {
                let known: Vec<_> = known.clone().collect();
                unknown(argument, flag, value, part, &known, target, check);
            }
        }
        Values::Named(section) => {
            // A controller can be switched off as well, and all can be meant.
            let is_controllers = flag.name == "controllers" && target.component == Component::ControllerManager;
            for part in parts(flag, value) {
                let name = if is_controllers { part.strip_prefix('-').unwrap_or(part) } else { part };
                if is_controllers && name == "*" {
                    continue;
                }
                let row = component::name(section, name);
                if row.is_some_and(|row| target.version.is_none_or(|version| row.span().has(version))) {
                    continue;
                }
                if let Some((row, version)) = row.zip(target.version)
                    && section == "admission-plugin"
                    && row.span().gone.is_some_and(|gone| gone <= version)
                {
                    let rule = Removed::AdmissionPlugin { plugin: name.to_owned(), release: target.release(version) };
                    check.refuse(&argument.value, &rule).note(STOPS).hint(row.hint.unwrap_or("remove it"));
                } else if target.version.is_none_or(is_recorded) {
                    let known: Vec<_> = component::names(section, target.version).collect();
                    unknown(argument, flag, value, name, &known, target, check);
                }
            }
        }
    }
}

/// Whether names of a version's age were recorded at all.
fn is_recorded(version: Release) -> bool {
    FLAGS.covers("names").is_some_and(|(first, _)| first.line() <= version.line())
}

fn parts(flag: Flag, value: &str) -> impl Iterator<Item = &str> {
    let is_list = flag.kind == Kind::List;
    value.split(move |c| is_list && c == ',').filter(|part| !part.is_empty())
}

fn unknown(
    argument: &Argument<'_>,
    flag: Flag,
    value: &str,
    part: &str,
    known: &[&str],
    target: Target,
    check: &mut Check<'_>,
) {
    let rule = Misused::Value { flag: flag.name.to_owned(), target: target.shown(), value: shown(part) };
    // Names with versions are listed up to a version of their own; lists without versions are those of all.
    let severity = match flag.values {
        Values::Named(_) => certainty(&FLAGS, "names", target.version),
        _ => certainty(&FLAGS, target.component.project(), target.version),
    };
    let finding = check.add(severity, &argument.value, &rule);
    finding.note(STOPS);
    explain(finding, severity, &FLAGS, "flags");
    if part == value {
        finding.did_you_mean(value, Part::Value, known.iter().copied());
    } else if let Some(name) = nearest(part, known.iter().copied()) {
        let fix = Fix::rewrite(value, value.replacen(part, name, 1));
        finding.hint(format!("did you mean `{name}`?")).fix(Fix { applicability: Applicability::Suggested, ..fix });
    } else if known.len() <= 16 {
        finding.hint(format!("known here: `{}`", known.join("`, `")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_those_of_go() {
        let good = |kind, value| mismatch(kind, value).is_none();
        assert!(
            good(Kind::Bool, "T") && good(Kind::Bool, "false") && !good(Kind::Bool, "yes") && !good(Kind::Bool, "")
        );
        assert!(good(Kind::Int, "0x10") && good(Kind::Int, "-1") && !good(Kind::Int, "1.5") && !good(Kind::Int, "10k"));
        assert!(good(Kind::Duration, "1h0.5m") && good(Kind::Duration, "0") && !good(Kind::Duration, "30"));
        assert!(good(Kind::Float, "0.5") && good(Kind::Float, "1e3") && !good(Kind::Float, "half"));
        assert!(good(Kind::PortRange, "1-2") && good(Kind::PortRange, "80") && !good(Kind::PortRange, "2-1"));
        assert!(good(Kind::Ip, "::1") && !good(Kind::Ip, "localhost"));
        assert!(good(Kind::Quantity, "1Mi") && !good(Kind::Quantity, "1 Mi"));
    }
}
