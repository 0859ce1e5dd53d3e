//! Which version follows: pure functions over the tables.
//!
//! Sources: kubeadm goes up one minor at a time, and the control plane provider refuses more; the providers' own steps stand in `facts/provider-versions.txt`.

use std::cmp::Ordering;

use flatwright_flatcar::release::{self, Release as Flatcar};
use flatwright_kubernetes::providers::{Provider, unmet};
use flatwright_kubernetes::releases;
use flatwright_kubernetes::version::{Release, Version};

use super::asked::Wish;
use super::rules::Upgrade;

/// What was chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Choice {
    /// The version without its `v`; nothing where there is nothing newer.
    pub(super) to: Option<String>,
    /// What is worth knowing.
    pub(super) note: Option<String>,
}

impl Choice {
    fn to(version: &impl ToString) -> Self {
        Self { to: Some(version.to_string()), note: None }
    }
}

/// A release of Cluster API: its line, and its patch where that is known.
pub(super) type Capi = ((u64, u64), Option<u64>);

const KUBERNETES: &str = "Kubernetes";

/// The next version of Kubernetes.
pub(super) fn kubernetes(old: &Version, wish: &Wish, capi: Option<Capi>) -> Result<Choice, Upgrade> {
    match wish {
        Wish::Version(text) => exact(old, text),
        Wish::Newest => Ok(newest(old, capi)),
    }
}

fn exact(old: &Version, text: &str) -> Result<Choice, Upgrade> {
    let new = match Version::parse(text) {
        Ok(new) => new,
        Err(_) => {
            let minor = Version::parse_normalized(text).and_then(|minor| releases::minor(minor.release()));
            let unknown = || Upgrade::UnknownMinor { subject: KUBERNETES, minor: text.to_owned() };
            let newest = minor.ok_or_else(unknown)?.newest;
            Version::new(newest.major, newest.minor, newest.patch)
        }
    };
    let (before, after) = (format!("v{old}"), format!("v{new}"));
    match new.precedence(old) {
        Ordering::Equal => Ok(Choice::default()),
        Ordering::Less => Err(Upgrade::GoesBack { subject: KUBERNETES, old: before, new: after }),
        Ordering::Greater => {
            let minors = minors_between(old.line(), new.line());
            if minors > 1 {
                let most = "one minor".to_owned();
                return Err(Upgrade::SkipsMinors { subject: KUBERNETES, most, old: before, new: after, minors });
            }
            Ok(Choice::to(&new))
        }
    }
}

/// The newest patch of the next minor.
pub(super) fn next_minor(old: &Version) -> Option<Release> {
    let (major, minor) = old.line();
    releases::minor(Release { major, minor: minor + 1, patch: 0 }).map(|minor| minor.newest)
}

/// How far two lines are apart; another major is beyond every step.
fn minors_between(old: (u64, u64), new: (u64, u64)) -> u64 {
    if old.0 == new.0 { new.1.saturating_sub(old.1) } else { u64::MAX }
}

/// The newest patch of the next minor, or of this one where the next is not there yet or does not fit Cluster API.
fn newest(old: &Version, capi: Option<Capi>) -> Choice {
    let mut note = None;
    let (major, minor) = old.line();
    let known = |minor| releases::minor(Release { major, minor, patch: 0 });
    for minor in [known(minor + 1), known(minor)].into_iter().flatten() {
        match fitting(minor.newest, capi) {
            Ok(release) => {
                let new = Version::new(release.major, release.minor, release.patch);
                if new.precedence(old) == Ordering::Greater {
                    return Choice { to: Some(new.to_string()), note };
                }
            }
            Err(reason) => {
                note.get_or_insert(format!("Kubernetes v{major}.{} is left out: {reason}", minor.release.minor));
            }
        }
    }
    Choice { to: None, note }
}

/// The newest patch, from this one down, that goes with Cluster API; or why there is none.
fn fitting(newest: Release, capi: Option<Capi>) -> Result<Release, String> {
    let supports = |range: Option<(Release, Release)>| {
        range.is_none_or(|(first, last)| first.line() <= newest.line() && newest.line() <= last.line())
    };
    let Some((line, patch)) = capi else {
        // Whichever release there is: one that supports the minor must exist.
        let is_known =
            Provider::ClusterApi.minors().any(|minor| minor.kubernetes.is_some() && supports(minor.kubernetes));
        return if is_known { Ok(newest) } else { Err("no release of Cluster API is known to support it".to_owned()) };
    };
    if !supports(Provider::ClusterApi.minor(line).and_then(|minor| minor.kubernetes)) {
        return Err(format!("Cluster API v{}.{} does not support it", line.0, line.1));
    }
    let patches = (0..=newest.patch).rev().map(|patch| Release { patch, ..newest });
    patches.into_iter().find(|release| unmet(*release, line, patch).is_none()).ok_or_else(|| {
        let least = unmet(newest, line, patch).map_or(newest, |need| need.least);
        format!("it needs Cluster API {least} or newer")
    })
}

/// The next version of a provider. `kubernetes` is the cluster's, which Cluster API must go on supporting; `capi` is what the add-on provider has to go with.
pub(super) fn provider(
    provider: Provider,
    old: Option<&str>,
    wish: &Wish,
    kubernetes: (u64, u64),
    capi: Option<Capi>,
) -> Result<Choice, Upgrade> {
    let before = old.and_then(Version::parse_normalized);
    let new = match wish {
        Wish::Version(text) => text.trim_start_matches('v').to_owned(),
        Wish::Newest => match newest_of(provider, before.as_ref().map(Version::line), kubernetes, capi) {
            Ok(release) => format!("{}.{}", release.major, release.minor),
            Err(note) => return Ok(Choice { to: None, note }),
        },
    };
    let (Some(before), Some(after)) = (before, Version::parse_normalized(&new)) else { return Ok(Choice::to(&new)) };
    let shown = |text: &str| format!("v{}", text.trim_start_matches('v'));
    let (old_text, new_text) = (shown(old.unwrap_or_default()), shown(&new));
    // A minor alone stands for any of its patches.
    let is_minor = |text: &str| text.split('.').count() < 3;
    let order = if is_minor(&old_text) || is_minor(&new_text) {
        after.line().cmp(&before.line())
    } else {
        after.precedence(&before)
    };
    if order == Ordering::Less {
        return Err(Upgrade::GoesBack { subject: provider.name(), old: old_text, new: new_text });
    }
    let minors = minors_between(before.line(), after.line());
    if let Some(most) = provider.largest_step().filter(|most| minors > *most) {
        let most = if most == 1 { "one minor".to_owned() } else { format!("{most} minors") };
        return Err(Upgrade::SkipsMinors { subject: provider.name(), most, old: old_text, new: new_text, minors });
    }
    Ok(if old_text == new_text { Choice::default() } else { Choice::to(&new) })
}

/// The newest minor that is one step away, newer than what there is, and goes with the rest; or why there is none.
fn newest_of(
    provider: Provider,
    old: Option<(u64, u64)>,
    kubernetes: (u64, u64),
    capi: Option<Capi>,
) -> Result<Release, Option<String>> {
    let Some(old) = old else { return Err(None) };
    let core = capi.and_then(|(line, _)| Provider::ClusterApi.minor(line));
    if provider == Provider::Helm && core.is_none() {
        return Err(Some(
            "the add-on provider is left as it is: `management.capi` does not say what it has to go with".to_owned(),
        ));
    }
    let fits = |minor: &flatwright_kubernetes::providers::Minor| {
        let line = minor.release.line();
        let is_near = provider.largest_step().is_none_or(|most| minors_between(old, line) <= most);
        let supports =
            minor.kubernetes.is_none_or(|(first, last)| first.line() <= kubernetes && kubernetes <= last.line());
        let is_served = provider != Provider::Helm || core.is_some_and(|core| core.serves(minor.contracts));
        line > old && is_near && supports && is_served
    };
    provider.minors().filter(fits).last().map(|minor| minor.release).ok_or(None)
}

/// The next release of Flatcar.
pub(super) fn flatcar(channel: &str, old: &str, wish: &Wish) -> Result<Choice, Upgrade> {
    let before: Option<Flatcar> = old.parse().ok();
    match wish {
        Wish::Version(new) => match (before, new.parse::<Flatcar>()) {
            (Some(before), Ok(after)) if after < before => {
                Err(Upgrade::GoesBack { subject: "Flatcar", old: old.to_owned(), new: new.clone() })
            }
            _ if old == new => Ok(Choice::default()),
            _ => Ok(Choice::to(new)),
        },
        Wish::Newest => {
            let Some(before) = before else {
                let note = format!("Flatcar `{old}` is left as it is: it names no release");
                return Ok(Choice { to: None, note: Some(note) });
            };
            let newest = release::newest().find(|(known, _)| known.name() == channel).map(|(_, release)| release);
            Ok(newest.filter(|newest| *newest > before).map(|newest| Choice::to(&newest)).unwrap_or_default())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        text.parse().expect("a version")
    }

    fn asked(text: &str) -> Wish {
        Wish::Version(text.to_owned())
    }

    #[test]
    fn kubernetes_goes_up_one_minor_at_a_time() {
        let to = |old: &str, new: &str| kubernetes(&version(old), &asked(new), None).map(|choice| choice.to);
        assert_eq!(to("v1.35.4", "1.36.4"), Ok(Some("1.36.4".to_owned())));
        assert_eq!(
            to("v1.35.4", "v1.36"),
            Ok(releases::minor(version("1.36.0").release()).map(|it| it.newest.to_string()[1..].to_owned()))
        );
        assert_eq!(to("v1.35.4", "1.35.4"), Ok(None));
        assert!(matches!(to("v1.35.4", "1.37.0"), Err(Upgrade::SkipsMinors { minors: 2, .. })));
        assert!(matches!(to("v1.35.4", "1.35.3"), Err(Upgrade::GoesBack { .. })));
        assert!(matches!(to("v1.35.4", "1.99"), Err(Upgrade::UnknownMinor { .. })));
        assert!(matches!(to("v1.35.4", "2.0.0"), Err(Upgrade::SkipsMinors { .. })));
    }

    #[test]
    fn the_newest_goes_with_cluster_api() {
        let to = |old: &str, capi| newest(&version(old), capi).to;
        let line = |minor| {
            releases::minor(Release { major: 1, minor, patch: 0 }).map(|it| it.newest.to_string()[1..].to_owned())
        };
        assert_eq!(to("1.35.4", None), line(36));
        assert_eq!(to("1.35.4", Some(((1, 14), None))), line(36));
        // 1.36 and the later patches of 1.35 need newer patches of Cluster API.
        assert_eq!(to("1.35.3", Some(((1, 13), Some(0)))).as_deref(), Some("1.35.4"));
        assert_eq!(to("1.35.4", Some(((1, 13), Some(0)))), None);
        // Nobody supports 1.37 yet: 1.36 gets its newest patch.
        assert_eq!(to("1.36.1", None), line(36));
        assert!(newest(&version("1.36.4"), None).note.is_some_and(|note| note.contains("v1.37")));
        assert_eq!(to("1.50.0", None), None);
    }

    #[test]
    fn providers_go_as_far_as_they_say() {
        let to =
            |of, old: &str, wish: &Wish, capi| provider(of, Some(old), wish, (1, 35), capi).map(|choice| choice.to);
        assert_eq!(to(Provider::Azure, "v1.24.1", &Wish::Newest, None), Ok(Some("1.25".to_owned())));
        assert!(matches!(to(Provider::Azure, "v1.24.1", &asked("v1.26.0"), None), Err(Upgrade::SkipsMinors { .. })));
        assert_eq!(to(Provider::ClusterApi, "v1.12.8", &Wish::Newest, None), Ok(Some("1.14".to_owned())));
        assert!(matches!(
            to(Provider::ClusterApi, "1.10", &asked("1.14.0"), None),
            Err(Upgrade::SkipsMinors { minors: 4, .. })
        ));
        assert!(matches!(to(Provider::ClusterApi, "1.14.1", &asked("1.14.0"), None), Err(Upgrade::GoesBack { .. })));
        assert_eq!(to(Provider::ClusterApi, "1.14", &asked("1.14.2"), None), Ok(Some("1.14.2".to_owned())));
        assert_eq!(to(Provider::Helm, "0.3.0", &Wish::Newest, None), Ok(None));
        assert_eq!(to(Provider::Helm, "0.3.0", &Wish::Newest, Some(((1, 10), None))), Ok(Some("0.4".to_owned())));
        assert_eq!(to(Provider::Helm, "0.3.0", &Wish::Newest, Some(((1, 13), None))), Ok(Some("0.6".to_owned())));
    }

    #[test]
    fn flatcar_stays_on_its_channel() {
        let newest =
            release::newest().find(|(channel, _)| channel.name() == "stable").map(|(_, release)| release.to_string());
        assert_eq!(flatcar("stable", "4230.2.3", &Wish::Newest).map(|choice| choice.to), Ok(newest));
        assert!(
            flatcar("stable", "latest", &Wish::Newest).is_ok_and(|choice| choice.to.is_none() && choice.note.is_some())
        );
        assert!(matches!(flatcar("stable", "4593.2.5", &asked("4230.2.3")), Err(Upgrade::GoesBack { .. })));
    }
}
