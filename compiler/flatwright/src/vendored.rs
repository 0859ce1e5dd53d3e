//! What a mirror of a cluster must serve: the paths that machines and the add-on provider ask for.
//!
//! Owns: which URL lies at which path, and what its bytes must be. Must not: fetch or write.

use std::collections::BTreeMap;

use flatwright_plan::{Contents, Plan, below, joined};

use crate::compilation::Cluster;
use crate::pins::extensions;

/// A file of a mirror.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vendored {
    /// Where it is fetched from.
    pub url: String,
    /// Where it lies: host and path of the URL. The first of them is what Ignition asks for, the second what systemd-sysupdate does.
    pub paths: Vec<String>,
    /// Its SHA-256 in hexadecimal.
    pub sha256: Option<String>,
    /// Its SHA-512 in hexadecimal.
    pub sha512: Option<String>,
    /// The directories whose `SHA256SUMS` list it.
    pub listed: Vec<String>,
}

/// A chart of a mirror.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct VendoredChart {
    /// The repository.
    pub repository: String,
    /// Its directory: host and path of the URL.
    pub directory: String,
    /// The chart.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// What a mirror of clusters has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mirror {
    /// Files.
    pub files: Vec<Vendored>,
    /// Charts of HTTPS repositories.
    pub charts: Vec<VendoredChart>,
    /// Charts that are in no such repository or have no version, as they are named.
    pub left_out: Vec<String>,
    /// The hosts whose URLs are served, for `mirrors`.
    pub hosts: Vec<String>,
}

/// What a mirror of the clusters has, each once. Mirrors that the specs name are looked through: what is fetched is what they stand for.
pub fn mirror(clusters: &[Cluster]) -> Mirror {
    let (mut files, mut charts, mut left_out) = (BTreeMap::new(), Vec::new(), Vec::new());
    for Cluster { plan, .. } in clusters {
        for group in &plan.groups {
            for extension in extensions(group) {
                let Contents::Remote { sha256, sha512, .. } = &group.machine_config.files[extension.file].contents
                else {
                    continue;
                };
                let url = original(plan, &extension.url.value);
                let Some(path) = path(&url) else { continue };
                let (directory, file) = path.rsplit_once('/').unwrap_or(("", path.as_str()));
                let own = format!("{directory}/{}", extension.name);
                let is_own = directory.ends_with(&format!("/{}", extension.name));
                let mut paths = vec![path.clone()];
                let mut listed = vec![directory.to_owned()];
                if !is_own {
                    paths.push(format!("{own}/{file}"));
                    listed.push(own);
                }
                let text = |sum: &flatwright_plan::Maybe<String>| sum.as_ref().map(|sum| sum.value.clone());
                let entry = Vendored { url: url.clone(), paths, sha256: text(sha256), sha512: text(sha512), listed };
                files.entry(url).or_insert(entry);
            }
        }
        for addon in &plan.addons {
            let repository = original(plan, addon.repo_url.value.trim_end_matches('/'));
            let name = addon.chart_name.value.clone();
            match (path(&repository).filter(|_| repository.starts_with("https://")), &addon.version) {
                (Some(directory), Some(version)) => {
                    charts.push(VendoredChart { repository, directory, name, version: version.value.clone() });
                }
                _ => left_out.push(format!("{repository}/{name}")),
            }
        }
    }
    charts.sort();
    charts.dedup();
    left_out.sort();
    left_out.dedup();
    let files: Vec<Vendored> = files.into_values().collect();
    let all = files.iter().filter_map(|file| file.paths.first()).chain(charts.iter().map(|chart| &chart.directory));
    let mut hosts: Vec<String> = all.filter_map(|path| path.split('/').next()).map(str::to_owned).collect();
    hosts.sort();
    hosts.dedup();
    Mirror { files, charts, left_out, hosts }
}

/// The URL that a mirror stands for.
fn original(plan: &Plan, url: &str) -> String {
    let found = plan.mirrors.iter().filter_map(|(from, to)| Some((from, to, below(url, &to.value)?)));
    let longest = found.max_by_key(|(_, to, _)| to.value.len());
    longest.map_or_else(|| url.to_owned(), |(from, _, rest)| joined(&from.value, rest))
}

/// Host and path of a URL, as a path below a directory; nothing where it would leave it.
fn path(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let path = rest.trim_end_matches('/');
    let is_plain = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+' | '~' | ':'))
    };
    path.split('/').all(is_plain).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_below_its_directory() {
        assert_eq!(path("https://a.example/b/c-1.raw").as_deref(), Some("a.example/b/c-1.raw"));
        for url in
            ["https://a/../b", "https://a//b", "https://a/.b", "https://a/b?c", "https://a/%2e%2e/b", "a/b", "https://"]
        {
            assert_eq!(path(url), None, "{url}");
        }
    }
}
