//! The versions that everything else depends on: Flatcar's and Kubernetes'. Put into the spec before it is checked.

use flatwright_diagnostic::{Anchor, Diagnostic, Report};
use flatwright_kubernetes::Version;
use flatwright_lock::rules::Pinning;
use flatwright_lock::{Ask, Kind};
use flatwright_spec::types::{FlatcarCluster, FlatcarVersion, KubernetesVersion};

use super::Pins;

/// What a spec asks of Flatcar.
pub(crate) fn release_ask(document: &FlatcarCluster) -> Ask {
    Ask::release(flatwright_spec::channel(&document.spec).name(), document.spec.flatcar.version.as_str())
}

/// What a spec asks of Kubernetes. A version has its `v`, a range stands as it is written.
pub(crate) fn kubernetes_ask(document: &FlatcarCluster) -> Ask {
    let version = &document.spec.kubernetes.version;
    match Version::parse(version.as_str()) {
        Ok(exact) => Ask::kubernetes(&format!("v{exact}")),
        Err(_) => Ask::kubernetes(version.as_str()),
    }
}

/// Puts the locked versions into the place of ranges. A range that the lock does not have is reported, and apart from that what it should have.
pub(crate) fn pin_versions(document: &mut FlatcarCluster, pins: &Pins, unlocked: &mut Report, report: &mut Report) {
    let (release, kubernetes) = (release_ask(document), kubernetes_ask(document));
    let spec = &mut document.spec;
    let anchor =
        |origin: flatwright_diagnostic::Origin| origin.anchor().expect("invariant: decoded values have a place");
    let at = anchor(spec.flatcar.version.origin);
    match spec.flatcar.version.range() {
        Some(range) => {
            let locked = pins.pin(&release).and_then(|pin| pin.text("locked"));
            let numbers = |text: &str| Version::parse(text).ok().map(|version| version.release());
            let locked = locked.filter(|text| numbers(text).is_some_and(|numbers| range.has(numbers)));
            match locked.and_then(|text| text.parse().ok()) {
                Some(locked) => spec.flatcar.version.value = FlatcarVersion::exactly(locked),
                None => missing(pins, release, at, report),
            }
        }
        None if pins.is_whole && pins.pin(&release).is_none() => out_of_date(pins, release, at, unlocked),
        None => {}
    }
    let at = anchor(spec.kubernetes.version.origin);
    match spec.kubernetes.version.range() {
        Some(range) => {
            let locked = pins.pin(&kubernetes).and_then(|pin| Version::parse(pin.text("locked")?).ok());
            match locked.filter(|version| range.has(version.release())) {
                Some(locked) => spec.kubernetes.version.value = KubernetesVersion::exactly(&locked),
                None => missing(pins, kubernetes, at, report),
            }
        }
        None if pins.is_whole && pins.pin(&kubernetes).is_none() => out_of_date(pins, kubernetes, at, unlocked),
        None => {}
    }
}

/// Whether the lock has the release from somebody who lists releases: then there is such a release, whatever the tables of this program say.
pub(crate) fn knows_release(document: &FlatcarCluster, pins: &Pins) -> bool {
    pins.knows(Kind::Release, document.spec.flatcar.version.as_str())
}

/// Something without which nothing can be compiled.
pub(super) fn missing(pins: &Pins, ask: Ask, at: Anchor, report: &mut Report) {
    let others = others(pins, &ask);
    let finding = report.refuse(at, &Pinning::Missing { ask, lock: pins.name() });
    finding.note("a range is no version: what it means is chosen once, and kept in the lock");
    told(pins, others, finding);
}

/// An image of which Azure knows the newest by itself: the machines can be made, each with what is the newest on its day.
pub(super) fn moving(pins: &Pins, ask: Ask, at: Anchor, report: &mut Report) {
    let others = others(pins, &ask);
    let finding = report.warn(at, &Pinning::Missing { ask, lock: pins.name() });
    finding.note("Azure takes the newest image of the day for each machine, so machines of one group differ");
    told(pins, others, finding);
}

/// Something that the lock would get.
pub(super) fn out_of_date(pins: &Pins, ask: Ask, at: Anchor, report: &mut Report) {
    let others = others(pins, &ask);
    let finding = report.refuse(at, &Pinning::OutOfDate { ask, lock: pins.name() });
    told(pins, others, finding);
}

fn told(pins: &Pins, others: Vec<String>, finding: &mut Diagnostic) {
    if !pins.is_there() {
        finding.note("there is no such file");
    }
    for other in others {
        finding.note(other);
    }
    finding.hint(format!("run `{}`", pins.command));
}

/// What the lock has instead.
fn others(pins: &Pins, ask: &Ask) -> Vec<String> {
    let is_alike = |other: &Ask| match ask.kind() {
        Kind::Release => other.key("channel") == ask.key("channel"),
        Kind::Kubernetes => true,
        Kind::Chart | Kind::Extension | Kind::Image | Kind::Plugin => other.name() == ask.name(),
    };
    let entries = pins.lock.iter().flat_map(|lock| lock.of_kind(ask.kind()));
    entries
        .filter(|(other, _)| is_alike(other))
        .map(|(other, pin)| format!("it has {other}: {}", pin.shown()))
        .take(3)
        .collect()
}
