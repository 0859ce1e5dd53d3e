//! What machines and the management cluster fetch: extensions, images, charts, plugins.

use flatwright_flatcar::arch::Architecture;
use flatwright_flatcar::azure::Size;
use flatwright_flatcar::bakery::{self, DEFAULT_BAKERY};
use flatwright_kubernetes::Version;
use flatwright_lock::known::{Machine, NoChoice, Unfit, verdict};
use flatwright_lock::rules::Listing;
use flatwright_lock::{Ask, Pin};
use flatwright_plan::{Addon, Image, NodeGroup, Plugin};
use flatwright_plugin_host::{Digest, inspect};
use sha2::{Digest as _, Sha256, Sha512};

use super::Relocking;
use crate::pins::{Pins, chart_ask, extensions, image_ask, is_exact, plugin_ask};
use crate::world::SpecFile;

/// Where the bakery's releases lie one by one: a version is there before the list of all has it.
const RELEASES: &str = "https://github.com/flatcar/sysext-bakery/releases/download";

impl Relocking<'_, '_, '_> {
    pub(super) fn extensions(&mut self, group: &NodeGroup) {
        let Some(architecture) = Architecture::from_name(group.architecture.value) else { return };
        for extension in extensions(group) {
            let url = extension.url.value.as_str();
            let ask = Ask::extension(extension.name, extension.version, architecture.name(), url);
            if self.new.pin(&ask).is_some() {
                continue;
            }
            let file = url.rsplit('/').next().unwrap_or_default();
            let anchor = extension.url.origin.anchor().or_else(|| group.origin.anchor());
            if let Some(mut kept) = self.kept(&ask) {
                // The hash that Ignition 2 knows is of bytes that somebody has.
                if let Ok(sum) = self.known().extension(extension.name, extension.version, architecture, file)
                    && kept.text("sha512").is_none()
                    && kept.text("sha256") == Some(&sum.sha256)
                {
                    kept = kept.with_some("sha512", sum.sha512.clone().as_deref());
                }
                // A build of its own day has other bytes; what is locked is what was tried.
                if let Ok(sum) = self.known().extension(extension.name, extension.version, architecture, file)
                    && kept.text("sha256").is_some_and(|locked| locked != sum.sha256)
                    && let Some(anchor) = anchor
                {
                    let rule = Listing::Rebuilt { ask: ask.clone(), list: format!("`{}`", sum.read) };
                    self.report
                        .warn(anchor, &rule)
                        .note("machines that fetch it stop in the initramfs: the hash is not that of the file any more")
                        .hint(format!(
                            "take the new one with `flatwright lock --update={}`, which rolls the machines",
                            extension.name
                        ));
                }
                self.new.insert(ask, kept);
                continue;
            }
            let mut problems = Vec::new();
            let base = url.strip_suffix(file).unwrap_or_default().trim_end_matches('/');
            let mut lists = vec![bakery::Bakery::new(base).checksums_url(extension.name)];
            if !base.ends_with(extension.name) {
                lists.push(format!("{base}/SHA256SUMS"));
            }
            if base == DEFAULT_BAKERY {
                lists[1] = format!("{RELEASES}/{}-{}/SHA256SUMS", extension.name, extension.version);
            }
            for list in lists {
                if self.known().extension(extension.name, extension.version, architecture, file).is_ok() {
                    break;
                }
                problems.extend(self.lists.get(&list).err().map(|problem| (list, problem)));
            }
            let sha512 = extension.sha512.map(|sum| sum.value.clone());
            let found = self.known().extension(extension.name, extension.version, architecture, file).cloned();
            match found {
                Ok(sum) => {
                    let sha512 = sha512.or(sum.sha512);
                    let pin = Pin::read(&sum.read).with("sha256", &sum.sha256).with_some("sha512", sha512.as_deref());
                    self.new.insert(ask, pin);
                }
                Err(_) if sha512.is_some() => {
                    let pin = Pin::read(Pins::SPEC).with_some("sha512", sha512.as_deref());
                    self.new.insert(ask, pin);
                }
                Err(reason) => match (self.request.old.pin(&ask), bakery::parse_image_file(file)) {
                    (Some(old), _) => {
                        let old = old.clone();
                        self.new.insert(ask, old);
                    }
                    // A place of one's own may have no list; then the file says what it is.
                    (None, None) => match self.lists.bytes(url) {
                        Some(Ok(bytes)) => {
                            let pin = Pin::read(url)
                                .with("sha256", &hex(&Sha256::digest(&bytes)))
                                .with("sha512", &hex(&Sha512::digest(&bytes)));
                            self.new.insert(ask, pin);
                        }
                        Some(Err(problem)) => {
                            problems.push((url.to_owned(), problem));
                            self.no_choice(ask, anchor, reason, problems, "give its `sha512`");
                        }
                        None => self.no_choice(
                            ask,
                            anchor,
                            reason,
                            problems,
                            "give its `sha512`, or a `SHA256SUMS` that has it",
                        ),
                    },
                    (None, Some(_)) => {
                        let hint = format!(
                            "its versions are in `{}`; a version that was built a moment ago may be missing there",
                            bakery::Bakery::new(base).checksums_url(extension.name)
                        );
                        self.no_choice(ask, anchor, reason, problems, &hint);
                    }
                },
            }
        }
    }

    pub(super) fn image(&mut self, group: &NodeGroup) {
        let Some((ask, version)) = image_ask(&group.image) else { return };
        self.judge_image(group, &ask);
        if self.new.pin(&ask).is_some() {
            return;
        }
        let anchor = version.origin.anchor().or_else(|| group.origin.anchor());
        let name = ask.name().to_owned();
        let today = self.request.today.to_string();
        let found = self.known().image(&name, ask.asked(), Some(&today)).cloned();
        if let Some(kept) = self.kept(&ask) {
            self.new.insert(ask, kept);
            return;
        }
        match found {
            Ok(image) => {
                let definition = self.known().definition(&name).cloned().unwrap_or_default();
                let pin = Pin::locked(&image.version.unwrap_or_default(), &image.read)
                    .with_some("architecture", image.architecture.or(definition.architecture).map(|one| one.name()))
                    .with_some("generation", image.generation.or(definition.generation));
                self.new.insert(ask, pin);
            }
            Err(NoChoice::Unlisted) if is_exact(ask.asked()) => {
                let pin = Pin::locked(ask.asked(), Pins::SPEC);
                self.new.insert(ask, pin);
            }
            Err(reason) => match self.request.old.pin(&ask) {
                Some(old) => {
                    let old = old.clone();
                    self.new.insert(ask, old);
                }
                None => self.no_choice(ask, anchor, reason, Vec::new(), &image_hint(&name)),
            },
        }
    }

    /// Whether the machines of a group can boot the image, as far as lists describe it.
    fn judge_image(&mut self, group: &NodeGroup, ask: &Ask) {
        let Some(architecture) = Architecture::from_name(group.architecture.value) else { return };
        let size = Size::of(&group.vm.size.value);
        let machine = Machine {
            size: &group.vm.size.value,
            architecture,
            generations: [1, 2].map(|generation| size.and_then(|size| size.has_generation(generation))),
            is_nvme_only: size.and_then(|size| size.is_nvme_only()),
            sends_plan: match &group.image {
                Image::Marketplace { third_party, .. } => third_party.as_ref().is_some_and(|sent| sent.value),
                Image::Gallery { plan, .. } => plan.is_some(),
                Image::Id(_) => return,
            },
        };
        let known = self.known();
        let definition = known.definition(ask.name());
        let version = known.image(ask.name(), ask.asked(), None).ok();
        let mut unfit: Vec<Unfit> = Vec::new();
        for image in definition.into_iter().chain(version) {
            unfit.extend(verdict(image, &machine));
        }
        unfit.dedup();
        let place = image_ask(&group.image).and_then(|(_, version)| version.origin.anchor());
        let Some(anchor) = group.origin.anchor().or(place) else { return };
        for rule in unfit {
            self.report.refuse(anchor.clone(), &rule).hint("`flatwright images` lists images with what they are for");
        }
    }

    pub(super) fn chart(&mut self, addon: &Addon) {
        let ask = chart_ask(addon);
        if self.new.pin(&ask).is_some() {
            return;
        }
        if let Some(kept) = self.kept(&ask) {
            self.new.insert(ask, kept);
            return;
        }
        let (name, repository) = (&addon.chart_name.value, addon.repo_url.value.trim_end_matches('/'));
        let asked = ask.asked().to_owned();
        let mut problems = Vec::new();
        if self.known().chart(name, repository, &asked, &[]).is_err() && repository.starts_with("https://") {
            let index = format!("{repository}/index.yaml");
            problems.extend(self.lists.get(&index).err().map(|problem| (index, problem)));
        }
        let found = self.known().chart(name, repository, &asked, &[]).cloned();
        match found {
            Ok(chart) => {
                let pin = Pin::locked(&chart.version, &chart.read).with_some("digest", chart.digest.as_deref());
                self.new.insert(ask, pin);
            }
            Err(NoChoice::Unlisted) if Version::parse(&asked).is_ok() => {
                let pin = Pin::locked(&asked, Pins::SPEC);
                self.new.insert(ask, pin);
            }
            Err(reason) => match self.request.old.pin(&ask) {
                Some(old) => {
                    let old = old.clone();
                    self.new.insert(ask, old);
                }
                None => {
                    let place = addon.version.as_ref().map_or(addon.origin, |version| version.origin);
                    let hint = if repository.starts_with("oci://") {
                        format!("`helm show chart {repository}/{name}` prints the newest; set it as `version`")
                    } else {
                        format!("its versions are in `{repository}/index.yaml`")
                    };
                    self.no_choice(ask, place.anchor().or_else(|| addon.origin.anchor()), reason, problems, &hint);
                }
            },
        }
    }

    /// A plugin is a file: its hash is what it has now, unless it was locked before.
    pub(super) fn plugin(&mut self, plugin: &Plugin, file: &SpecFile) {
        let ask = plugin_ask(self.request.name, &file.name, &plugin.source.value);
        if self.new.pin(&ask).is_some() {
            return;
        }
        let Some(anchor) = plugin.source.origin.anchor() else { return };
        let bytes = self.request.world.open_plugin(&file.name, &plugin.source.value).and_then(|mut reader| {
            let mut bytes = Vec::new();
            reader.read_to_end(&mut bytes).map(|_| bytes).map_err(|error| error.to_string())
        });
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(reason) => {
                let rule = flatwright_spec::rules::UnreadableFile::File { path: plugin.source.value.clone(), reason };
                self.report.refuse(anchor, &rule);
                return;
            }
        };
        match inspect(&plugin.name.value, &bytes) {
            Ok(inspection) => {
                let api = inspection.world.api.to_string();
                let pin = Pin::read(&plugin.source.value).with("sha256", &Digest::of(&bytes).hex()).with("api", &api);
                self.new.insert(ask, pin);
            }
            Err(mut finding) => {
                finding.at(anchor);
                self.report.push(*finding);
            }
        }
    }
}

/// The command that lists the versions of an image.
fn image_hint(name: &str) -> String {
    match name.split('/').collect::<Vec<_>>()[..] {
        [publisher, offer, sku] => {
            format!("`az vm image list --all -p {publisher} -f {offer} -s {sku} -o json` prints its versions")
        }
        [gallery, definition] => format!(
            "`az sig image-version list-community --public-gallery-name {gallery} --gallery-image-definition {definition} -l REGION -o json` prints its versions"
        ),
        _ => "set its version".to_owned(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
