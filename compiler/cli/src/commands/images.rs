//! `flatwright images`.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use flatwright::{Options, SpecFile, Used, UsedKind};
use flatwright_flatcar::gallery::{Gallery, community_gallery};
use flatwright_lock::known::{Image, Known, terms};
use serde_json::{Value, json};

use super::table::table;
use crate::args::{self, Color, ImagesFormat};
use crate::az;
use crate::disk::read_spec;
use crate::exit::Code;
use crate::lists;
use crate::output;
use crate::report;
use crate::world::Disk;

pub(crate) fn run(command: &args::Images, color: Color) -> Result<Code> {
    if !command.used.is_empty() {
        return used(command, color);
    }
    let mut known = match lists::read(&command.files, &command.findings, color)? {
        Ok(known) => known,
        Err(code) => return Ok(code),
    };
    if command.az {
        ask(command, &mut known)?;
    }
    let mut images: Vec<&Image> = known.images().iter().filter(|image| is_asked(command, image)).collect();
    images.sort_by_key(|image| (&image.name, numbers(image), image.version.as_deref()));
    output::print(&match command.format {
        ImagesFormat::Json => {
            let all: Vec<Value> = images.iter().map(|image| json_of(image)).collect();
            serde_json::to_string_pretty(&all)? + "\n"
        }
        ImagesFormat::Table => {
            let head = ["IMAGE", "VERSION", "ARCHITECTURE", "GENERATION", "REGION", ""];
            table(&head, images.iter().map(|image| row(image)))
        }
    })?;
    if images.is_empty() {
        report::line("no image is among what was read");
    }
    notes(&images);
    Ok(Code::Success)
}

/// What people have to know of the images that are shown.
fn notes(images: &[&Image]) {
    let mut told = std::collections::BTreeSet::new();
    for image in images {
        let gallery = image.name.split('/').next().unwrap_or_default();
        if is_for_tests(image) && told.insert(gallery.to_owned()) {
            report::line(&format!(
                "the images of gallery `{gallery}` get no security fixes: they are for trying things out, not for production"
            ));
        }
        if let Some(command) = terms(image).filter(|command| told.insert(command.clone())) {
            report::line(&format!(
                "`{}` is sold with a plan: set `thirdPartyImage: true`, and run `{command}` once",
                image.name
            ));
        }
    }
}

/// Whether an image is of a gallery whose makers say that it is for tests.
fn is_for_tests(image: &Image) -> bool {
    let gallery = image.name.split('/').next().and_then(community_gallery);
    matches!(gallery, Some(Gallery::FlatcarForCapi | Gallery::ClusterApi))
}

fn ask(command: &args::Images, known: &mut Known) -> Result<()> {
    let mut add = |arguments: &[&str]| -> Result<Vec<u8>> {
        let bytes = az::run(arguments)?;
        let name = format!("az {}", arguments.join(" "));
        if let Err(malformed) = known.add(&name, &bytes) {
            bail!("`{name}` printed something else: line {}: {malformed}", malformed.line);
        }
        Ok(bytes)
    };
    let (Some(gallery), Some(location)) = (&command.gallery, &command.location) else {
        add(&["vm", "image", "list", "--all", "--publisher", flatwright_flatcar::offer::PUBLISHER])?;
        return Ok(());
    };
    let of_gallery = ["--public-gallery-name", gallery.as_str(), "--location", location.as_str()];
    let definitions = add(&[&["sig", "image-definition", "list-community"][..], &of_gallery].concat())?;
    let definitions: Vec<Value> = serde_json::from_slice(&definitions)?;
    for name in definitions.iter().filter_map(|definition| definition["name"].as_str()) {
        let of_definition = ["--gallery-image-definition", name];
        add(&[&["sig", "image-version", "list-community"][..], &of_gallery, &of_definition].concat())?;
    }
    Ok(())
}

fn is_asked(command: &args::Images, image: &Image) -> bool {
    let name = image.name.rsplit('/').next().unwrap_or_default();
    let words: Vec<&str> = name.split('-').collect();
    let has_channel = |channel: &String| words.iter().any(|word| word.starts_with(channel.as_str()));
    let has_kubernetes = |version: &String| {
        let version = version.trim_start_matches('v');
        let own = name.rsplit_once("-capi-").map(|(_, own)| own.trim_start_matches('v'));
        own.is_some_and(|own| own == version || own.strip_prefix(version).is_some_and(|rest| rest.starts_with('.')))
    };
    command.channel.as_ref().is_none_or(has_channel)
        && command.arch.as_ref().is_none_or(|arch| image.architecture.map(|own| own.name()) == Some(arch.as_str()))
        && command.generation.as_ref().is_none_or(|wanted| image.generation == Some(wanted.as_str()))
        && command.kubernetes.as_ref().is_none_or(has_kubernetes)
}

fn numbers(image: &Image) -> Vec<u64> {
    let parts = image.version.iter().flat_map(|version| version.split('.'));
    parts.map(|part| part.parse().unwrap_or(0)).collect()
}

fn row(image: &Image) -> Vec<String> {
    let mut notes = Vec::new();
    notes.extend(image.version.is_none().then(|| "definition".to_owned()));
    notes.extend(image.is_excluded.then(|| "not for `latest`".to_owned()));
    notes.extend(image.ends.as_ref().map(|day| format!("ends {day}")));
    notes.extend((image.has_plan == Some(true)).then(|| "with a plan".to_owned()));
    notes.extend((image.takes_nvme == Some(true)).then(|| "NVMe".to_owned()));
    notes.extend((image.takes_trusted_launch == Some(true)).then(|| "trusted launch".to_owned()));
    vec![
        image.name.clone(),
        image.version.clone().unwrap_or_default(),
        image.architecture.map_or_else(String::new, |architecture| architecture.name().to_owned()),
        image.generation.unwrap_or_default().to_owned(),
        image.location.clone().unwrap_or_default(),
        notes.join(", "),
    ]
}

fn json_of(image: &Image) -> Value {
    json!({
        "name": image.name,
        "version": image.version,
        "architecture": image.architecture.map(|architecture| architecture.name()),
        "generation": image.generation,
        "location": image.location,
        "excludedFromLatest": image.is_excluded,
        "endOfLife": image.ends,
        "nvme": image.takes_nvme,
        "trustedLaunch": image.takes_trusted_launch,
        "plan": image.has_plan,
        "terms": terms(image),
        "forTestsOnly": is_for_tests(image),
        "read": image.read,
    })
}

/// What the clusters of specs fetch.
fn used(command: &args::Images, color: Color) -> Result<Code> {
    if command.used.iter().filter(|path| path.as_path() == Path::new("-")).count() > 1 {
        bail!("standard input can be read once only");
    }
    let read = |path: &PathBuf| read_spec(path);
    let files = command.used.iter().map(read).collect::<Result<Vec<SpecFile>>>()?;
    let options = Options { allows_unresolved: true, ..Options::default() };
    let compiled = flatwright::compile(&files, &Disk::new(&command.variables), &options);
    let clusters = match report::clusters(compiled, &command.findings, color)? {
        Ok(clusters) => clusters,
        Err(code) => return Ok(code),
    };
    let all = flatwright::used(&clusters);
    output::print(&match command.format {
        ImagesFormat::Json => serde_json::to_string_pretty(&all)? + "\n",
        ImagesFormat::Table => table(&["KIND", "NAME", "VERSION", "DIGEST", "USED BY"], all.iter().map(used_row)),
    })?;
    Ok(Code::Success)
}

fn used_row(used: &Used) -> Vec<String> {
    let kind = match used.kind {
        UsedKind::MachineImage => "machine image",
        UsedKind::Extension => "extension",
        UsedKind::Chart => "chart",
        UsedKind::ContainerImage => "container image",
    };
    let digest = used.digest.as_deref().map_or_else(String::new, |digest| digest.chars().take(19).collect());
    vec![kind.to_owned(), used.name.clone(), used.version.clone().unwrap_or_default(), digest, used.by.join(", ")]
}
