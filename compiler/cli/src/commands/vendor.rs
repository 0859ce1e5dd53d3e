//! `flatwright vendor`.
#![expect(clippy::disallowed_methods, reason = "this is the shell: the one place that writes")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use flatwright::{Options, Vendored, VendoredChart};
use flatwright_lock::known::{Chart, Known};
use sha2::{Digest, Sha256, Sha512};

use crate::args::{self, Color};
use crate::disk::{read_limited, read_spec};
use crate::exit::Code;
use crate::fetching::Fetching;
use crate::output;
use crate::report;
use crate::world::Disk;

pub(crate) fn run(command: &args::Vendor, color: Color) -> Result<Code> {
    let options = Options { allows_unresolved: true, is_locked: true, ..Options::default() };
    let compiled = flatwright::compile(&[read_spec(&command.spec)?], &Disk::new(&command.variables), &options);
    let clusters = match report::clusters(compiled, &command.findings, color)? {
        Ok(clusters) => clusters,
        Err(code) => return Ok(code),
    };
    let mirror = flatwright::mirror(&clusters);
    let mut vendor = Vendor {
        directory: &command.directory,
        from: &command.from,
        fetching: Fetching::new(&command.fetch)?,
        count: 0,
    };
    for file in &mirror.files {
        vendor.file(file)?;
    }
    vendor.charts(&mirror.charts)?;
    for chart in &mirror.left_out {
        report::line(&format!("`{chart}` is in no repository of files: copy it with `helm pull` or `skopeo copy`"));
    }
    report::line(&format!(
        "{} files are in `{}`, of {} hosts",
        vendor.count,
        command.directory.display(),
        mirror.hosts.len()
    ));
    let mut text = String::from("# For `spec` of the clusters that fetch from it, with your own host:\nmirrors:\n");
    for host in &mirror.hosts {
        text.push_str(&format!("- {{from: https://{host}, to: https://MIRROR.EXAMPLE/{host}}}\n"));
    }
    output::print(&text)?;
    Ok(Code::Success)
}

struct Vendor<'c> {
    directory: &'c Path,
    from: &'c [PathBuf],
    fetching: Fetching,
    count: usize,
}

impl Vendor<'_> {
    /// An extension: its image where Ignition and sysupdate ask for it, and its line in the lists beside.
    fn file(&mut self, file: &Vendored) -> Result<()> {
        let name = file.url.rsplit('/').next().unwrap_or_default();
        let is_it = |bytes: &[u8]| {
            let has = |wanted: &Option<String>, sum: String| wanted.as_ref().is_none_or(|wanted| *wanted == sum);
            has(&file.sha256, hex(&Sha256::digest(bytes))) && has(&file.sha512, hex(&Sha512::digest(bytes)))
        };
        let there = self.directory.join(&file.paths[0]);
        let bytes = match read_limited(&there).ok().filter(|bytes| is_it(bytes)) {
            Some(bytes) => bytes,
            None => self.bytes(name, &file.url, &is_it)?,
        };
        let sum = hex(&Sha256::digest(&bytes));
        for path in &file.paths {
            self.write(path, &bytes)?;
        }
        for directory in &file.listed {
            self.list(directory, name, &sum)?;
        }
        Ok(())
    }

    /// The bytes of a file: from a directory, else fetched. Only what they must be.
    fn bytes(&self, name: &str, url: &str, is_it: &dyn Fn(&[u8]) -> bool) -> Result<Vec<u8>> {
        for directory in self.from {
            for path in [directory.join(name), directory.join(url.split_once("://").map_or("", |(_, rest)| rest))] {
                if path.is_file() {
                    let bytes = std::fs::read(&path).with_context(|| format!("failed to read `{}`", path.display()))?;
                    if is_it(&bytes) {
                        return Ok(bytes);
                    }
                    report::line(&format!("`{}` is not what is locked, and is left out", path.display()));
                }
            }
        }
        let bytes = self.fetching.get(url).map_err(|problem| anyhow::anyhow!("failed to fetch `{url}`: {problem}"))?;
        if !is_it(&bytes) {
            bail!("what `{url}` gives is not what is locked: its hash is another one");
        }
        Ok(bytes)
    }

    /// A line in a `SHA256SUMS`, which keeps its others. The newest stand first, as in the bakery's.
    fn list(&mut self, directory: &str, name: &str, sum: &str) -> Result<()> {
        let path = format!("{directory}/SHA256SUMS");
        let old = std::fs::read_to_string(self.directory.join(&path)).unwrap_or_default();
        let mut lines: Vec<String> =
            old.lines().filter(|line| line.split("  ").nth(1) != Some(name)).map(str::to_owned).collect();
        lines.push(format!("{sum}  {name}"));
        let version = |line: &String| {
            let file = line.split("  ").nth(1).unwrap_or_default().to_owned();
            let numbers = file
                .split(|c: char| !c.is_ascii_digit())
                .filter_map(|part| part.parse::<u64>().ok())
                .collect::<Vec<_>>();
            (std::cmp::Reverse(numbers), file)
        };
        lines.sort_by_key(version);
        self.write(&path, (lines.join("\n") + "\n").as_bytes())
    }

    /// Charts with the index of their repository, which has what is here only.
    fn charts(&mut self, charts: &[VendoredChart]) -> Result<()> {
        let mut repositories: BTreeMap<(&str, &str), Vec<(&VendoredChart, Chart)>> = BTreeMap::new();
        for chart in charts {
            let index = format!("{}/index.yaml", chart.repository);
            let bytes = self.bytes("index.yaml", &index, &|bytes| Known::default().add("index.yaml", bytes).is_ok())?;
            let mut known = Known::default();
            if let Err(malformed) = known.add(&index, &bytes) {
                bail!("`{index}` is no index of charts: line {}: {malformed}", malformed.line);
            }
            let Ok(found) = known.chart(&chart.name, &chart.repository, &chart.version, &[]) else {
                bail!("`{index}` has no chart `{}` `{}`", chart.name, chart.version);
            };
            repositories.entry((&chart.repository, &chart.directory)).or_default().push((chart, found.clone()));
        }
        for ((repository, directory), charts) in repositories {
            let mut text = String::from("apiVersion: v1\nentries:\n");
            for (chart, found) in charts {
                let url = found.urls.first().map(String::as_str).unwrap_or_default();
                let url = if url.contains("://") { url.to_owned() } else { format!("{repository}/{url}") };
                let digest = found.digest.as_deref().and_then(|digest| digest.strip_prefix("sha256:"));
                let is_it = |bytes: &[u8]| digest.is_none_or(|digest| hex(&Sha256::digest(bytes)) == digest);
                let name = format!("{}-{}.tgz", chart.name, found.version.replace('+', "_"));
                let is_plain = !name.contains('/') && !name.starts_with('.');
                if !is_plain {
                    bail!("`{name}` is no name of a file");
                }
                let bytes = self.bytes(url.rsplit('/').next().unwrap_or(&name), &url, &is_it)?;
                self.write(&format!("{directory}/{name}"), &bytes)?;
                let sum = hex(&Sha256::digest(&bytes));
                text.push_str(&format!(
                    "  {}:\n  - {{apiVersion: v2, name: {}, version: \"{}\", digest: {sum}, urls: [\"{name}\"]}}\n",
                    chart.name, chart.name, found.version
                ));
            }
            self.write(&format!("{directory}/index.yaml"), text.as_bytes())?;
        }
        Ok(())
    }

    /// Writes a file of the directory, whole or not at all.
    fn write(&mut self, path: &str, bytes: &[u8]) -> Result<()> {
        let path = self.directory.join(path);
        self.count += 1;
        if std::fs::read(&path).is_ok_and(|old| old == bytes) {
            return Ok(());
        }
        let failed = || format!("failed to write `{}`", path.display());
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).with_context(failed)?;
        }
        output::replace_bytes(&path, bytes).with_context(failed)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
