//! The providers in the management cluster: their minor releases, and versions of Kubernetes that need newer ones.
//!
//! Owns: reading `facts/provider-versions.txt`. Must not: know today.

use crate::table::{Row, Table, number};
use crate::version::Release;

/// The providers.
pub static PROVIDERS: Table = Table::new(include_str!("../../../facts/provider-versions.txt"));

/// A provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    /// Cluster API itself, with the kubeadm providers.
    ClusterApi,
    /// Cluster API Provider Azure.
    Azure,
    /// The add-on provider for Helm.
    Helm,
}

impl Provider {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::ClusterApi, Self::Azure, Self::Helm];

    /// How it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ClusterApi => "Cluster API",
            Self::Azure => "Cluster API Provider Azure",
            Self::Helm => "the add-on provider for Helm",
        }
    }

    const fn section(self) -> &'static str {
        match self {
            Self::ClusterApi => "cluster-api",
            Self::Azure => "azure",
            Self::Helm => "helm",
        }
    }

    /// How many minors one update may go at most, where the provider says it.
    pub fn largest_step(self) -> Option<u64> {
        PROVIDERS.section("steps").row(self.section())?.words().next()?.parse().ok()
    }

    /// Its minors, oldest first.
    pub fn minors(self) -> impl Iterator<Item = Minor> + Clone {
        PROVIDERS.section(self.section()).rows().filter_map(Minor::read)
    }

    /// One of its minors.
    pub fn minor(self, line: (u64, u64)) -> Option<Minor> {
        self.minors().find(|minor| minor.release.line() == line)
    }
}

/// A minor release of a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Minor {
    /// The minor, with patch 0.
    pub release: Release,
    /// The day of its first release.
    pub released: Option<&'static str>,
    /// The day on which its support ended.
    pub end: Option<&'static str>,
    /// The first and the last minor of Kubernetes whose clusters it supports.
    pub kubernetes: Option<(Release, Release)>,
    /// The contracts that it serves or speaks.
    pub contracts: &'static str,
}

impl Minor {
    fn read(row: Row) -> Option<Self> {
        let kubernetes = row.value("kubernetes").and_then(|range| range.split_once('-'));
        Some(Self {
            release: number(row.name)?,
            released: row.words().next().filter(|word| !word.contains('=')),
            end: row.value("end"),
            kubernetes: kubernetes.and_then(|(first, last)| number(first).zip(number(last))),
            contracts: row.value("contracts").unwrap_or_default(),
        })
    }

    /// Whether it serves the contract.
    pub fn serves(self, contract: &str) -> bool {
        self.contracts.split(',').any(|own| own == contract)
    }
}

/// What a version of Kubernetes needs of Cluster API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// The oldest release that will do: of the same minor, or of the first minor that has one.
    pub least: Release,
    /// What happens with an older one.
    pub reason: &'static str,
}

/// What a version of Kubernetes needs that a release of Cluster API is not. Of a release that is only known by its minor (`patch` is `None`), no patch can be missing.
pub fn unmet(kubernetes: Release, line: (u64, u64), patch: Option<u64>) -> Option<Need> {
    let rows = PROVIDERS.section("pairs").rows();
    let needs = rows.filter(|row| {
        number(row.name).is_some_and(|first| first.line() == kubernetes.line() && first.patch <= kubernetes.patch)
    });
    needs
        .filter_map(|row| {
            let releases = row.words().filter_map(number);
            let least = match releases.clone().find(|least| least.line() == line) {
                Some(least) => (patch? < least.patch).then_some(least)?,
                None => releases.clone().min().filter(|first| line < first.line())?,
            };
            Some(Need { least, reason: row.hint.unwrap_or_default() })
        })
        .max_by_key(|need| need.least)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::is_day;

    fn release(text: &str) -> Release {
        number(text).unwrap()
    }

    #[test]
    fn pairs_break_below_the_patch_of_the_minor() {
        let least = |kubernetes, line, patch| unmet(release(kubernetes), line, patch).map(|need| need.least);
        assert_eq!(least("1.35.5", (1, 13), Some(1)), Some(release("1.13.2")));
        assert_eq!(least("1.35.5", (1, 13), Some(2)), None);
        assert_eq!(least("1.35.5", (1, 13), None), None);
        assert_eq!(least("1.35.4", (1, 13), Some(0)), None);
        assert_eq!(least("1.35.9", (1, 14), Some(0)), None);
        assert_eq!(least("1.35.4", (1, 11), None), Some(release("1.12.1")));
        assert_eq!(least("1.34.7", (1, 11), Some(0)), None);
        assert_eq!(least("1.34.8", (1, 11), Some(10)), Some(release("1.11.11")));
        assert_eq!(least("1.34.8", (1, 10), Some(10)), Some(release("1.11.11")));
    }

    #[test]
    fn minors_are_whole_and_in_order() {
        for provider in Provider::ALL {
            let minors: Vec<_> = provider.minors().collect();
            assert!(minors.len() > 3 && minors.is_sorted_by_key(|minor| minor.release), "{provider:?}");
            for minor in minors {
                assert!(minor.released.into_iter().chain(minor.end).all(is_day) && !minor.contracts.is_empty());
            }
        }
        assert!(Provider::ClusterApi.minor((1, 13)).is_some_and(|minor| minor.serves("v1beta2")));
        assert_eq!(Provider::ALL.map(Provider::largest_step), [Some(3), Some(1), None]);
    }
}
