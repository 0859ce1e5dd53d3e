//! The versions of Flatcar and Kubernetes: one entry for all specs that ask the same.

use std::collections::{BTreeMap, BTreeSet};

use flatwright_diagnostic::{Anchor, Origin};
use flatwright_flatcar::arch::Architecture;
use flatwright_flatcar::release::{Channel, Release};
use flatwright_kubernetes::Version;
use flatwright_kubernetes::range::Range;
use flatwright_lock::known::{Facts, NoChoice, What};
use flatwright_lock::rules::Listing;
use flatwright_lock::{Ask, Kind, Pin};

use super::{Document, Relocking, collect};
use crate::pins::{Pins, kubernetes_ask, release_ask};

/// What all specs together need of a version.
#[derive(Default)]
struct Need {
    range: Option<Range>,
    architectures: BTreeSet<Architecture>,
    offers: BTreeSet<String>,
    bakeries: BTreeSet<String>,
    anchor: Option<Anchor>,
}

impl Relocking<'_, '_, '_> {
    pub(super) fn choose_versions(&mut self, documents: &[Document<'_>]) {
        let mut releases: BTreeMap<Ask, (Channel, Need)> = BTreeMap::new();
        let mut kubernetes: BTreeMap<Ask, Need> = BTreeMap::new();
        for Document { spec, .. } in documents {
            let architectures = collect::architectures(spec);
            let place = |origin: Origin| origin.anchor();
            let (_, need) = releases
                .entry(release_ask(spec))
                .or_insert_with(|| (flatwright_spec::channel(&spec.spec), Need::default()));
            need.range = spec.spec.flatcar.version.range();
            need.architectures.extend(architectures.iter().copied());
            need.offers.extend(collect::offers(spec));
            need.anchor = need.anchor.take().or_else(|| place(spec.spec.flatcar.version.origin));
            let need = kubernetes.entry(kubernetes_ask(spec)).or_default();
            need.range = spec.spec.kubernetes.version.range();
            if collect::is_sysext(spec) {
                need.architectures.extend(architectures);
                need.bakeries.insert(collect::bakery(spec).checksums_url("kubernetes"));
            }
            need.anchor = need.anchor.take().or_else(|| place(spec.spec.kubernetes.version.origin));
        }
        for (ask, (channel, need)) in releases {
            self.release(ask, channel, &need);
        }
        for (ask, need) in kubernetes {
            self.kubernetes(ask, &need);
        }
    }

    fn release(&mut self, ask: Ask, channel: Channel, need: &Need) {
        let exact = ask.asked().parse::<Release>().ok();
        let range = need.range.or_else(|| ask.asked().parse().ok()).unwrap_or(Range::ALL);
        let lacks = |facts: &Facts| {
            let is_missing = |wanted: &Architecture| !facts.architectures.contains(wanted);
            !facts.architectures.is_empty() && need.architectures.iter().any(is_missing)
        };
        let old = self.preferred(&ask, |text| {
            let release = text.parse::<Release>().ok();
            release.is_some_and(|release| {
                let facts = self.known().facts(release);
                range.has(numbers(release)) && !facts.is_some_and(|facts| lacks(&facts))
            })
        });
        if let Some(pin) = old {
            self.new.insert(ask, pin);
            return;
        }
        let mut problems = Vec::new();
        if self.known().lists(What::Releases).next().is_none() {
            let feed = format!("https://www.flatcar.org/releases-json/releases-{channel}.json");
            problems.extend(self.lists.get(&feed).err().map(|problem| (feed, problem)));
        }
        let was = self.request.old.pin(&ask).and_then(|pin| pin.text("locked")).map(str::to_owned);
        let chosen = self.known().release(channel, &range, &need.architectures, &need.offers, &[]);
        let has_lists =
            self.known().lists(What::Releases).next().is_some() || self.known().lists(What::Images).next().is_some();
        match (chosen, exact) {
            (Ok(chosen), _) => {
                // The table of this program may be older than what is locked.
                let is_down =
                    was.as_deref().and_then(|was| was.parse::<Release>().ok()).is_some_and(|was| chosen.value < was);
                let pin = if is_down && !has_lists {
                    self.request.old.pin(&ask).cloned().unwrap_or_default()
                } else {
                    self.release_pin(chosen.value, &chosen.read)
                };
                self.new.insert(ask, pin);
            }
            // What a list of another day has not, a machine may find.
            (Err(_), Some(release)) if !has_lists => {
                let pin = self.release_pin(release, Pins::SPEC);
                self.new.insert(ask, pin);
            }
            (Err(reason), _) => self.no_choice(
                ask,
                need.anchor.clone(),
                reason,
                problems,
                "the releases are in `https://www.flatcar.org/releases-json/releases-stable.json`",
            ),
        }
    }

    fn release_pin(&self, release: Release, read: &str) -> Pin {
        let mut pin = Pin::locked(&release.to_string(), read);
        if let Some(facts) = self.known().facts(release) {
            pin = pin
                .with_some("systemd", facts.systemd.as_deref())
                .with_some("ignition", facts.ignition.as_deref())
                .with_some("containerd", facts.containerd.as_deref());
            if !facts.architectures.is_empty() {
                pin = pin
                    .with_list("architectures", facts.architectures.iter().map(|one| one.name().to_owned()).collect());
            }
        }
        pin
    }

    fn kubernetes(&mut self, ask: Ask, need: &Need) {
        let Some(range) = need.range else {
            // That there is such a version shows where its extension is looked up.
            let pin = Pin::locked(ask.asked(), Pins::SPEC);
            self.new.insert(ask, pin);
            return;
        };
        let fits = |text: &str| Version::parse(text).is_ok_and(|version| range.has(version.release()));
        let is_built = |text: &str| {
            let version = text.trim_start_matches('v');
            let built = |architecture: &Architecture| {
                let file = format!("kubernetes-v{version}-{}.raw", architecture.bakery_name());
                self.known().extension("kubernetes", text, *architecture, &file).is_ok()
            };
            let mut wanted = need.architectures.iter().peekable();
            // A list that has it for some processors has it for all that there are.
            wanted.peek().is_none() || wanted.clone().all(built) || !wanted.any(built)
        };
        if let Some(pin) = self.preferred(&ask, |text| fits(text) && is_built(text)) {
            self.new.insert(ask, pin);
            return;
        }
        let mut problems = Vec::new();
        let sources: Vec<String> = if need.bakeries.is_empty() {
            vec!["https://raw.githubusercontent.com/kubernetes/website/main/data/releases/schedule.yaml".to_owned()]
        } else {
            need.bakeries.iter().cloned().collect()
        };
        let what = if need.bakeries.is_empty() { What::Kubernetes } else { What::Checksums };
        if self.known().lists(what).next().is_none() {
            for url in sources {
                problems.extend(self.lists.get(&url).err().map(|problem| (url, problem)));
            }
        }
        match self.known().kubernetes(&range, &need.architectures, &[]) {
            Ok(chosen) => {
                let pin = Pin::locked(&chosen.value.to_string(), &chosen.read);
                self.new.insert(ask, pin);
            }
            Err(reason) => {
                self.no_choice(
                    ask,
                    need.anchor.clone(),
                    reason,
                    problems,
                    "versions that have an extension are in the bakery's `SHA256SUMS`",
                );
            }
        }
    }

    /// An entry that still is what is asked for: the one of this very text, or one that another text became.
    fn preferred(&self, ask: &Ask, fits: impl Fn(&str) -> bool) -> Option<Pin> {
        if self.request.update.has(ask) {
            return None;
        }
        let fit = |pin: &&Pin| pin.text("locked").is_some_and(&fits);
        let own = self.request.old.pin(ask).filter(fit);
        let is_alike = |other: &Ask| ask.kind() == Kind::Kubernetes || other.key("channel") == ask.key("channel");
        let others = || {
            let others = self.request.old.of_kind(ask.kind()).filter(|(other, _)| is_alike(other));
            others
                .map(|(_, pin)| pin)
                .filter(fit)
                .max_by_key(|pin| pin.text("locked").and_then(|text| Version::parse(text).ok()))
        };
        own.or_else(others).cloned()
    }

    /// What there is to say where nothing can be chosen.
    pub(super) fn no_choice(
        &mut self,
        ask: Ask,
        anchor: Option<Anchor>,
        reason: NoChoice,
        problems: Vec<(String, String)>,
        hint: &str,
    ) {
        let anchor = anchor.unwrap_or_else(|| Anchor::whole(flatwright_diagnostic::SourceId(0)));
        let can_fetch = self.lists.can_fetch();
        let is_extension = ask.kind() == Kind::Extension;
        let finding = match reason {
            NoChoice::Unlisted => self.report.refuse(anchor, &Listing::Unlisted { ask }),
            NoChoice::Nothing { lists, near } => {
                let finding = self.report.refuse(anchor, &Listing::NoVersion { ask, lists });
                if !near.is_empty() {
                    let near: Vec<String> = near.iter().map(|version| format!("`{version}`")).collect();
                    finding.hint(format!("the nearest that there are: {}", near.join(", ")));
                }
                finding
            }
        };
        if is_extension {
            finding.note("Ignition stops in the initramfs where the image is not found, and the node never joins");
        }
        for (url, problem) in problems {
            finding.note(format!("`{url}` was asked: {problem}"));
        }
        finding.hint(if can_fetch { hint.to_owned() } else { format!("{hint}; give the file with `--from`") });
    }
}

fn numbers(release: Release) -> flatwright_kubernetes::version::Release {
    flatwright_kubernetes::version::Release {
        major: release.major.into(),
        minor: release.minor.into(),
        patch: release.patch.into(),
    }
}
