//! `flatwright versions`: what this build knows of versions, and of what day that is.

use anyhow::Result;
use flatwright_flatcar::{azure, bakery, offer, release};
use flatwright_kubernetes::chart_images::CHART_IMAGES;
use flatwright_kubernetes::component;
use flatwright_kubernetes::kubeadm_images::KUBEADM_IMAGES;
use flatwright_kubernetes::providers::{PROVIDERS, Provider};
use flatwright_kubernetes::releases::{RELEASES, minors};
use flatwright_kubernetes::table::{Day, Table};
use flatwright_kubernetes::version::Release;
use serde_json::{Value, json};

use super::table::table;
use crate::args::{Versions, VersionsFormat};
use crate::exit::Code;
use crate::output;

/// The tables that this build carries.
static TABLES: [(&str, &Table); 11] = [
    ("Kubernetes releases", &RELEASES),
    ("flags of components", &component::FLAGS),
    ("feature gates", &component::GATES),
    ("providers", &PROVIDERS),
    ("Flatcar releases", &release::LINES),
    ("images of charts", &CHART_IMAGES),
    ("images of kubeadm", &KUBEADM_IMAGES),
    ("VM sizes", &azure::SIZES),
    ("Azure regions", &azure::REGIONS),
    ("marketplace offers", &offer::TABLE),
    ("bakery extensions", &bakery::EXTENSIONS),
];

pub(crate) fn run(command: &Versions) -> Result<Code> {
    let known = known(command.today);
    let text = match command.format {
        VersionsFormat::Text => text(&known),
        VersionsFormat::Json => serde_json::to_string_pretty(&known)? + "\n",
    };
    output::print(&text)?;
    Ok(Code::Success)
}

/// Everything, as JSON has it.
fn known(today: Option<Day>) -> Value {
    // Without a day there is no word about support: `null`.
    let is_supported = |end: Option<&str>| today.map(|today| !end.is_some_and(|end| today.is_after(end)));
    let line = |release: Release| format!("v{}.{}", release.major, release.minor);
    let kubernetes: Vec<_> = minors()
        .map(|minor| {
            json!({
                "version": line(minor.release),
                "released": minor.released,
                "maintenance": minor.maintenance,
                "endOfLife": minor.end,
                "newestPatch": minor.newest.to_string(),
                "isFinalPatch": minor.is_final,
                "supported": is_supported(Some(minor.end)),
            })
        })
        .rev_list();
    let provider = |provider: Provider| {
        let minors = provider.minors().map(|minor| {
            json!({
                "version": line(minor.release),
                "released": minor.released,
                "endOfLife": minor.end,
                "kubernetes": minor.kubernetes.map(|(first, last)| json!([line(first), line(last)])),
                "contracts": minor.contracts.split(',').collect::<Vec<_>>(),
                "supported": is_supported(minor.end),
            })
        });
        minors.rev_list()
    };
    let flatcar: Vec<_> = release::newest()
        .map(|(channel, release)| {
            json!({
                "channel": channel.name(),
                "newest": release.to_string(),
                "systemd": release.systemd_major(),
                "ignition": release.ignition_version().map(|(major, minor)| format!("{major}.{minor}")),
                "containerd": release.containerd().map(|(major, minor)| format!("{major}.{minor}")),
            })
        })
        .collect();
    let tables: Vec<_> = TABLES
        .iter()
        .map(|(name, table)| json!({"name": name, "day": table.day(), "sources": table.sources().collect::<Vec<_>>()}))
        .collect();
    let offers: Vec<_> = offer::OFFERS
        .iter()
        .map(|offer| {
            json!({
                "name": offer.name,
                "architecture": offer.architecture.map(|architecture| architecture.name()),
                "plan": offer.plan == offer::Plan::Required,
            })
        })
        .collect();
    let extensions: Vec<_> = bakery::EXTENSIONS.section("extensions").rows().map(|row| row.name).collect();
    json!({
        "today": today.map(|today| today.to_string()),
        "kubernetes": kubernetes,
        "clusterAPI": provider(Provider::ClusterApi),
        "clusterAPIProviderAzure": provider(Provider::Azure),
        "addonProviderHelm": provider(Provider::Helm),
        "flatcar": flatcar,
        "marketplaceOffers": offers,
        "bakeryExtensions": extensions,
        "tables": tables,
    })
}

/// The newest first.
trait Reversed: Iterator<Item = Value> + Sized {
    fn rev_list(self) -> Vec<Value> {
        let mut list: Vec<_> = self.collect();
        list.reverse();
        list
    }
}

impl<I: Iterator<Item = Value>> Reversed for I {}

/// The same for a terminal.
fn text(known: &Value) -> String {
    let mut blocks = Vec::new();
    blocks.push(table(
        &["Kubernetes", "released", "end of life", "newest patch", ""],
        list(known, "kubernetes").map(|row| {
            vec![
                word(row, "version"),
                word(row, "released"),
                word(row, "endOfLife"),
                word(row, "newestPatch"),
                support(row),
            ]
        }),
    ));
    blocks.push(table(
        &["Cluster API", "released", "end of life", "Kubernetes", ""],
        list(known, "clusterAPI").map(|row| {
            let range = row["kubernetes"]
                .as_array()
                .map(|range| range.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" to "));
            vec![
                word(row, "version"),
                word(row, "released"),
                word(row, "endOfLife"),
                range.unwrap_or_default(),
                support(row),
            ]
        }),
    ));
    for (title, key) in [("Azure provider", "clusterAPIProviderAzure"), ("Helm add-on provider", "addonProviderHelm")] {
        blocks.push(table(
            &[title, "contract"],
            list(known, key).map(|row| {
                let contracts: Vec<_> =
                    row["contracts"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
                vec![word(row, "version"), contracts.join(", ")]
            }),
        ));
    }
    blocks.push(table(
        &["Flatcar", "newest", "systemd", "Ignition", "containerd"],
        list(known, "flatcar")
            .map(|row| ["channel", "newest", "systemd", "ignition", "containerd"].map(|key| word(row, key)).to_vec()),
    ));
    blocks.push(table(
        &["Marketplace offer", "architecture", ""],
        list(known, "marketplaceOffers").map(|row| {
            let plan = if row["plan"] == Value::Bool(true) { "with a plan" } else { "" };
            vec![word(row, "name"), word(row, "architecture"), plan.to_owned()]
        }),
    ));
    let extensions: Vec<_> = list(known, "bakeryExtensions").filter_map(Value::as_str).collect();
    let lines = extensions.chunks(8).map(|names| vec![names.join(", ")]);
    blocks.push(table(&["Bakery extensions"], lines));
    blocks.push(table(&["Table", "of"], list(known, "tables").map(|row| vec![word(row, "name"), word(row, "day")])));
    blocks.join("\n")
}

fn list<'v>(known: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    known[key].as_array().into_iter().flatten()
}

fn word(row: &Value, key: &str) -> String {
    match &row[key] {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn support(row: &Value) -> String {
    if row["supported"] == Value::Bool(false) { "out of support".to_owned() } else { String::new() }
}
