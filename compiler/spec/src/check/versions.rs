//! Versions that do not exist, do not go together, or are out of support: Flatcar's releases, and what the management cluster has of the providers.

use flatwright_diagnostic::{Edit, Fix, Report, Traced};
use flatwright_flatcar::release::{Existence, LINES, Release};
use flatwright_kubernetes::providers::{PROVIDERS, Provider, unmet};
use flatwright_kubernetes::table::Day;
use flatwright_kubernetes::version::Release as Version;

use super::{place, refuse, updates};
use crate::lower::channel;
use crate::rules::{FlatcarRelease, ProviderSupport, VersionPair};
use crate::types::{Architecture, Flavor, ProviderVersion, Spec};

/// The first systemd with `systemd-sysext`, and with `systemd-sysupdate`.
const SYSEXT: u32 = 248;
const SYSUPDATE: u32 = 251;

pub(super) fn check(spec: &Spec, today: Option<Day>, report: &mut Report) {
    flatcar(spec, report);
    if let Some(management) = &spec.management {
        let kubernetes = Version::parse(spec.kubernetes.version.as_str());
        for (provider, version) in [
            (Provider::ClusterApi, &management.capi),
            (Provider::Azure, &management.capz),
            (Provider::Helm, &management.caaph),
        ] {
            if let Some(version) = version {
                known(provider, version, today, report);
            }
        }
        if let (Some(capi), Some(kubernetes)) = (&management.capi, kubernetes) {
            pair(spec, capi, kubernetes, report);
        }
        if let (Some(capi), Some(caaph)) = (&management.capi, &management.caaph) {
            helm(capi, caaph, report);
        }
    }
}

fn flatcar(spec: &Spec, report: &mut Report) {
    let version = &spec.flatcar.version;
    let Ok(release) = version.as_str().parse::<Release>() else { return };
    let anchor = place(version.origin);
    match release.existence() {
        Existence::Never(nearest) => {
            let finding = report.refuse(anchor.clone(), &FlatcarRelease::Unknown { release });
            finding.note("all releases of its age are known, and it is none of them");
            if let Some(nearest) = nearest {
                let fix =
                    Fix::suggested(format!("write `{nearest}`"), Edit::replace(anchor.clone(), nearest.to_string()));
                finding.hint(format!("the newest release of the line or of its channel is `{nearest}`")).fix(fix);
            }
        }
        Existence::Later(newest) => {
            let finding = report.warn(anchor.clone(), &FlatcarRelease::Unknown { release });
            finding.note(format!(
                "the table of releases that was asked is of {}, and a newer one may know it",
                LINES.day()
            ));
            if let Some(newest) = newest {
                finding.hint(format!("the newest one that is known is `{newest}`"));
            }
        }
        Existence::Known => {}
    }
    let channel = channel(spec);
    let shared = spec.machines.as_ref().map(|machines| &machines.profile);
    let own = || std::iter::once(&spec.control_plane.profile).chain(spec.pools.iter().map(|pool| &pool.profile));
    // Without a word about the channel, and with images that say themselves what they hold, nothing depends on it.
    let uses_channel = spec.flavor.value == Flavor::Sysext
        && shared.is_none_or(|shared| shared.image.is_none())
        && own().any(|profile| profile.image.is_none());
    if let Some(released_on) = release.channel().filter(|released_on| *released_on != channel)
        && (spec.flatcar.channel.is_some() || uses_channel)
    {
        let finding = report.refuse(anchor.clone(), &FlatcarRelease::Channel { release, released_on, channel });
        finding
            .note("an image of a channel has versions of that channel only")
            .hint(format!("set `channel: {released_on}`"));
        if let Some(written) = spec.flatcar.channel {
            finding.label(place(written.origin), "the channel is set here").fix(Fix::suggested(
                format!("write `{released_on}`"),
                Edit::replace(place(written.origin), released_on.name()),
            ));
        }
    }
    if let Some(systemd) = release.systemd_major() {
        let needs_sysupdate = updates::enabled(spec).next().is_some();
        let needed = match spec.flavor.value {
            Flavor::Sysext if systemd < SYSEXT => Some(("systemd-sysext", SYSEXT)),
            Flavor::Sysext if needs_sysupdate && systemd < SYSUPDATE => Some(("systemd-sysupdate", SYSUPDATE)),
            _ => None,
        };
        if let Some((needed, since)) = needed {
            report
                .refuse(anchor.clone(), &FlatcarRelease::TooOld { release, systemd, needed, since })
                .hint("choose a newer release, such as the newest one of the channel");
        }
    }
    let is_arm = |architecture: Option<Traced<Architecture>>| {
        architecture.is_some_and(|architecture| architecture.value == Architecture::Arm64)
    };
    if release.is_amd64_only() == Some(true) {
        for architecture in
            own().chain(shared).filter_map(|profile| profile.architecture).filter(|one| is_arm(Some(*one)))
        {
            refuse(report, architecture.origin, &FlatcarRelease::Architecture { release })
                .label(anchor.clone(), "the release is set here")
                .hint("choose a newer release");
        }
    }
    if let (Some(containerd), Some(kubernetes)) =
        (release.containerd(), Version::parse(spec.kubernetes.version.as_str()))
        && containerd.0 < 2
        && kubernetes.line() >= (1, 38)
    {
        let shown = format!("{}.{}", containerd.0, containerd.1);
        let rule = FlatcarRelease::Containerd {
            release,
            containerd: shown,
            kubernetes: format!("v{}.{}", kubernetes.major, kubernetes.minor),
        };
        report
            .warn(anchor, &rule)
            .label(place(spec.kubernetes.version.origin), "the version of Kubernetes is set here")
            .hint("choose a release with containerd 2, such as one of channel `stable`");
    }
}

/// Versions that exist, and are supported.
fn known(provider: Provider, version: &Traced<ProviderVersion>, today: Option<Day>, report: &mut Report) {
    let line = version.line();
    let minors: Vec<_> = provider.minors().collect();
    let shown = version.as_str().to_owned();
    let (Some(first), Some(last)) = (minors.first(), minors.last()) else { return };
    match provider.minor(line) {
        Some(minor) => {
            if let (Some(end), Some(today)) = (minor.end, today)
                && today.is_after(end)
            {
                let rule = ProviderSupport::Ended { provider: provider.name(), version: shown, end };
                report
                    .warn(place(version.origin), &rule)
                    .hint(format!("the newest one that is known is `v{}.{}`", last.release.major, last.release.minor));
            }
        }
        None if line < first.release.line() && today.is_some() => {
            let rule = ProviderSupport::Old { provider: provider.name(), version: shown };
            report
                .warn(place(version.origin), &rule)
                .hint(format!("the newest one that is known is `v{}.{}`", last.release.major, last.release.minor));
        }
        None if line < first.release.line() => {}
        None => {
            let rule = ProviderSupport::Unknown { provider: provider.name(), version: shown };
            report
                .warn(place(version.origin), &rule)
                .note(format!(
                    "the table of providers that was asked is of {}, and a newer one may know it",
                    PROVIDERS.day()
                ))
                .hint(format!("the newest one that is known is `v{}.{}`", last.release.major, last.release.minor));
        }
    }
}

/// Kubernetes against Cluster API.
fn pair(spec: &Spec, capi: &Traced<ProviderVersion>, kubernetes: Version, report: &mut Report) {
    let at = &spec.kubernetes.version;
    let shown = at.as_str().trim_start_matches('v');
    if let Some(need) = unmet(kubernetes, capi.line(), capi.patch()) {
        let rule = VersionPair::ClusterApi {
            kubernetes: format!("v{shown}"),
            least: need.least,
            capi: capi.as_str().to_owned(),
        };
        refuse(report, at.origin, &rule)
            .label(place(capi.origin), "the release of Cluster API is set here")
            .note(need.reason)
            .hint(format!("update Cluster API to {} or newer, or choose an older patch of Kubernetes", need.least));
        return;
    }
    let Some((first, last)) = Provider::ClusterApi.minor(capi.line()).and_then(|minor| minor.kubernetes) else {
        return;
    };
    if kubernetes.line() < first.line() || last.line() < kubernetes.line() {
        let short = |version: Version| format!("v{}.{}", version.major, version.minor);
        let rule = VersionPair::Range {
            kubernetes: format!("v{shown}"),
            capi: capi.as_str().to_owned(),
            first: short(first),
            last: short(last),
        };
        report
            .warn(place(at.origin), &rule)
            .label(place(capi.origin), "the release of Cluster API is set here")
            .note(format!(
                "the table of providers that was asked is of {}, and later patches may support more",
                PROVIDERS.day()
            ))
            .hint("choose another minor of Kubernetes or of Cluster API");
    }
}

/// The contract of the add-on provider must be one that Cluster API serves.
fn helm(capi: &Traced<ProviderVersion>, caaph: &Traced<ProviderVersion>, report: &mut Report) {
    let (Some(core), Some(helm)) = (Provider::ClusterApi.minor(capi.line()), Provider::Helm.minor(caaph.line())) else {
        return;
    };
    if !core.serves(helm.contracts) {
        let rule = VersionPair::Helm {
            caaph: caaph.as_str().to_owned(),
            contract: helm.contracts,
            capi: capi.as_str().to_owned(),
        };
        refuse(report, caaph.origin, &rule)
            .label(place(capi.origin), "the release of Cluster API is set here")
            .hint("choose a release of the add-on provider whose contract Cluster API serves");
    }
}
