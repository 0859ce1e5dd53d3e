//! Of what was read, the version that is meant.
//!
//! Owns: what fits what was asked, and which of it is the newest. Must not: know what was locked before; whoever asks says what is preferred.

use std::collections::{BTreeMap, BTreeSet};

use flatwright_diagnostic::nearest;
use flatwright_flatcar::arch::Architecture;
use flatwright_flatcar::bakery;
use flatwright_flatcar::release::{Channel, Release};
use flatwright_kubernetes::Version;
use flatwright_kubernetes::range::Range;
use flatwright_kubernetes::version::Release as Numbers;

use super::azure::Image;
use super::charts::Chart;
use super::checksums::{self, Sum};
use super::{Facts, Known, What, releases, schedule};

/// What was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen<T> {
    /// The choice.
    pub value: T,
    /// Where it was read.
    pub read: String,
}

/// Why there is no choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoChoice {
    /// Nothing was read that could say.
    Unlisted,
    /// Something was read, and nothing in it fits: what was read, and what is near.
    Nothing {
        /// The lists, in words.
        lists: String,
        /// Versions that there are, the nearest first.
        near: Vec<String>,
    },
}

/// How many versions a message names.
const NEAR: usize = 3;

impl Known {
    /// The release of Flatcar that is meant: the preferred one if it is, else the newest. Where images of a marketplace offer were listed, only what is among them: the
    /// marketplace is behind the releases.
    ///
    /// # Errors
    /// Why there is none.
    pub fn release(
        &self,
        channel: Channel,
        range: &Range,
        architectures: &BTreeSet<Architecture>,
        offers: &BTreeSet<String>,
        preferred: &[&str],
    ) -> Result<Chosen<Release>, NoChoice> {
        let built_in;
        let all = if self.releases.is_empty() {
            built_in = releases::built_in();
            &built_in
        } else {
            &self.releases
        };
        let has = |facts: &Facts, wanted: &Architecture| {
            facts.architectures.is_empty() || facts.architectures.contains(wanted)
        };
        let of_channel = all.iter().filter(|(release, facts)| {
            facts.channel == channel
                && release.channel().is_none_or(|own| own == channel)
                && architectures.iter().all(|architecture| has(facts, architecture))
        });
        let mut candidates: BTreeMap<Release, String> =
            of_channel.map(|(release, facts)| (*release, facts.read.clone())).collect();
        let mut lists: Vec<&str> = self.lists(What::Releases).collect();
        for offer in offers {
            let listed: Vec<&Image> = self.images.iter().filter(|image| image.name == *offer).collect();
            if listed.is_empty() {
                continue;
            }
            // What the marketplace has is a release, whether the list of releases knows it or not.
            let on_sale: BTreeMap<Release, &Image> = listed
                .into_iter()
                .filter(|image| !image.is_excluded)
                .filter_map(|image| Some((image.version.as_deref()?.parse().ok()?, image)))
                .filter(|(release, _): &(Release, _)| release.channel().is_none_or(|own| own == channel))
                .collect();
            lists.extend(on_sale.values().next().map(|image| image.read.as_str()));
            candidates = on_sale.into_iter().map(|(release, image)| (release, image.read.clone())).collect();
        }
        for offer in offers.iter().filter(|_| offers.len() > 1) {
            let of_offer = |release: &Release| {
                let version = release.to_string();
                let mut of_offer = self.images.iter().filter(|image| image.name == *offer).peekable();
                of_offer.peek().is_none() || of_offer.any(|image| image.version.as_deref() == Some(&version))
            };
            candidates.retain(|release, _| of_offer(release));
        }
        let read = if lists.is_empty() { vec!["the table of this program"] } else { lists };
        choose(&candidates, |release| numbers(*release), range, preferred, &read)
    }

    /// What is known of a release.
    pub fn facts(&self, release: Release) -> Option<Facts> {
        self.releases.get(&release).cloned().or_else(|| {
            let own = releases::built_in();
            own.get(&release).cloned()
        })
    }

    /// The version of Kubernetes that is meant: the preferred one if it is, else the newest. Where extensions are needed, one that has them for all architectures, if
    /// any list has extensions of Kubernetes.
    ///
    /// # Errors
    /// Why there is none.
    pub fn kubernetes(
        &self,
        range: &Range,
        extension_for: &BTreeSet<Architecture>,
        preferred: &[&str],
    ) -> Result<Chosen<Numbers>, NoChoice> {
        let built: BTreeMap<Numbers, BTreeSet<Architecture>> = if extension_for.is_empty() {
            BTreeMap::new()
        } else {
            let mut built: BTreeMap<Numbers, BTreeSet<Architecture>> = BTreeMap::new();
            for sysext in self.checksums.images("kubernetes") {
                if let Some(version) = Numbers::parse(&sysext.version).filter(|_| !sysext.version.contains('-')) {
                    built.entry(version).or_default().insert(sysext.architecture);
                }
            }
            built
        };
        if !built.is_empty() {
            let whole = built.into_iter().filter(|(_, built)| built.is_superset(extension_for));
            let read = |version: &Numbers| {
                let architecture = extension_for.first().copied().unwrap_or(Architecture::Amd64);
                let file = format!("kubernetes-{version}-{}.raw", architecture.bakery_name());
                self.checksums.files.get(&file).map_or_else(String::new, |sum| sum.read.clone())
            };
            let candidates = whole.map(|(version, _)| (version, read(&version))).collect();
            let lists: Vec<&str> = self.lists(What::Checksums).collect();
            return choose(&candidates, |version| *version, range, preferred, &lists);
        }
        let (candidates, lists) = if self.kubernetes.is_empty() {
            let (versions, read) = schedule::built_in();
            (versions.into_iter().map(|version| (version, read.clone())).collect(), vec!["the table of this program"])
        } else {
            (self.kubernetes.clone(), self.lists(What::Kubernetes).collect())
        };
        choose(&candidates, |version| *version, range, preferred, &lists)
    }

    /// The SHA-256 of an extension's image, by the name of its file.
    ///
    /// # Errors
    /// Why there is none, with the nearest versions that there are for the architecture.
    pub fn extension(
        &self,
        name: &str,
        version: &str,
        architecture: Architecture,
        file: &str,
    ) -> Result<&Sum, NoChoice> {
        if let Some(sum) = self.checksums.files.get(file) {
            return Ok(sum);
        }
        let there: Vec<String> = self
            .checksums
            .images(name)
            .filter(|sysext| sysext.architecture == architecture)
            .map(|sysext| sysext.version)
            .collect();
        if self.checksums.files.is_empty() || (there.is_empty() && !checksums::is_image(file)) {
            return Err(NoChoice::Unlisted);
        }
        Err(NoChoice::Nothing {
            lists: joined(&self.lists(What::Checksums).collect::<Vec<_>>()),
            near: near(version, there),
        })
    }

    /// The names of extensions that lists have.
    pub fn extension_names(&self) -> BTreeSet<String> {
        self.checksums
            .files
            .keys()
            .filter_map(|file| bakery::parse_image_file(file))
            .map(|sysext| sysext.name)
            .collect()
    }

    /// An image by its name and version; `latest` is the newest that is not excluded and has not ended.
    ///
    /// # Errors
    /// Why there is none.
    pub fn image(&self, name: &str, asked: &str, today: Option<&str>) -> Result<&Image, NoChoice> {
        let of_name: Vec<&Image> = self
            .images
            .iter()
            .filter(|image| image.name.eq_ignore_ascii_case(name) && image.version.is_some())
            .collect();
        if of_name.is_empty() {
            return Err(NoChoice::Unlisted);
        }
        let version = |image: &Image| image.version.clone().unwrap_or_default();
        let has_ended = |image: &&Image| image.ends.as_deref().zip(today).is_some_and(|(end, today)| end < today);
        let found = match (asked == "latest", asked.parse::<Range>()) {
            (false, _) if of_name.iter().any(|image| version(image) == asked) => {
                of_name.iter().find(|image| version(image) == asked).copied()
            }
            (_, Ok(range)) => of_name
                .iter()
                .filter(|image| !image.is_excluded && !has_ended(image))
                .filter_map(|image| Some((parts(&version(image))?, *image)))
                .filter(|(numbers, _)| range.has(*numbers))
                .max_by_key(|(numbers, _)| *numbers)
                .map(|(_, image)| image),
            _ => None,
        };
        found.ok_or_else(|| {
            let lists: BTreeSet<&str> = of_name.iter().map(|image| image.read.as_str()).collect();
            let there: BTreeSet<String> = of_name.iter().map(|image| version(image)).collect();
            NoChoice::Nothing {
                lists: joined(&lists.into_iter().collect::<Vec<_>>()),
                near: near(asked, there.into_iter().collect()),
            }
        })
    }

    /// What is said of the images of a gallery's definition.
    pub fn definition(&self, name: &str) -> Option<&Image> {
        self.images.iter().find(|image| image.name.eq_ignore_ascii_case(name) && image.version.is_none())
    }

    /// The version of a chart: the preferred one if it is meant, else the newest that is no pre-release.
    ///
    /// # Errors
    /// Why there is none.
    pub fn chart(&self, name: &str, repository: &str, asked: &str, preferred: &[&str]) -> Result<&Chart, NoChoice> {
        let Some(all) = self.charts.get(name).filter(|all| !all.is_empty()) else { return Err(NoChoice::Unlisted) };
        // Two repositories may have charts of one name.
        let is_of = |chart: &&Chart| {
            let is_there = |url: &String| url.starts_with(repository) || !url.contains("://");
            chart.read.starts_with(repository) || chart.urls.iter().any(is_there)
        };
        let mut charts: Vec<&Chart> = all.iter().filter(is_of).collect();
        if charts.is_empty() {
            charts = all.iter().collect();
        }
        let plain = |text: &str| text.trim_start_matches('v').to_owned();
        let exactly = |asked: &str| charts.iter().find(|chart| plain(&chart.version) == plain(asked)).copied();
        let range = if asked == "*" { Ok(Range::ALL) } else { asked.parse::<Range>() };
        let found = match range {
            _ if exactly(asked).is_some() => exactly(asked),
            Ok(range) => {
                let fits = |chart: &&&Chart| parts(&chart.version).is_some_and(|numbers| range.has(numbers));
                preferred.iter().find_map(|preferred| exactly(preferred).filter(|chart| fits(&chart))).or_else(|| {
                    let newest = charts.iter().filter(fits).filter(|chart| !chart.is_deprecated);
                    newest.max_by_key(|chart| Version::parse_normalized(&chart.version)).copied()
                })
            }
            Err(_) => None,
        };
        found.ok_or_else(|| {
            let lists: BTreeSet<&str> = charts.iter().map(|chart| chart.read.as_str()).collect();
            NoChoice::Nothing {
                lists: joined(&lists.into_iter().collect::<Vec<_>>()),
                near: near(asked, charts.iter().map(|chart| chart.version.clone()).collect()),
            }
        })
    }
}

/// The preferred candidate that fits, or the newest one.
fn choose<T: Copy + Ord + ToString>(
    candidates: &BTreeMap<T, String>,
    numbers: impl Fn(&T) -> Numbers,
    range: &Range,
    preferred: &[&str],
    lists: &[&str],
) -> Result<Chosen<T>, NoChoice> {
    let fits: Vec<(&T, &String)> = candidates.iter().filter(|(value, _)| range.has(numbers(value))).collect();
    let is_preferred = |value: &T| preferred.contains(&value.to_string().as_str());
    match fits.iter().rev().find(|(value, _)| is_preferred(value)).or(fits.last()) {
        Some((value, read)) => Ok(Chosen { value: **value, read: (*read).clone() }),
        None => Err(NoChoice::Nothing {
            lists: joined(lists),
            near: candidates.keys().rev().take(NEAR).map(ToString::to_string).collect(),
        }),
    }
}

/// The nearest names first, then the newest versions.
fn near(asked: &str, mut there: Vec<String>) -> Vec<String> {
    there.sort_by_key(|version| std::cmp::Reverse(parts(version)));
    let mut near: Vec<String> = Vec::new();
    // Of the same line before others.
    let line = asked.rsplit_once('.').map(|(line, _)| format!("{line}."));
    let of_line = there.iter().filter(|version| line.as_ref().is_some_and(|line| version.starts_with(line)));
    near.extend(of_line.take(NEAR).cloned());
    if near.is_empty() {
        near.extend(nearest(asked, there.iter().map(String::as_str)).map(str::to_owned));
    }
    for version in there {
        if near.len() < NEAR && !near.contains(&version) {
            near.push(version);
        }
    }
    near
}

/// The names of lists in a sentence.
fn joined(lists: &[&str]) -> String {
    let mut seen = BTreeSet::new();
    let names: Vec<String> = lists.iter().filter(|name| seen.insert(**name)).map(|name| format!("`{name}`")).collect();
    match &names[..] {
        [] => "what was read".to_owned(),
        [first, second, third, rest @ ..] if !rest.is_empty() => {
            format!("{first}, {second}, {third} and {} more", rest.len())
        }
        names => names.join(", "),
    }
}

fn numbers(release: Release) -> Numbers {
    Numbers { major: release.major.into(), minor: release.minor.into(), patch: release.patch.into() }
}

/// The numbers of a version that is no pre-release.
fn parts(version: &str) -> Option<Numbers> {
    Version::parse_normalized(version).filter(|_| !version.contains('-')).map(|version| version.release())
}
