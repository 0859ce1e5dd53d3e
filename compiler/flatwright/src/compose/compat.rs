//! Upstream's own way to write the additional config, for `--compat capz`: the flavor's parts as they are, without modes where upstream has none.

use flatwright_plan::{Contents, File, Link, MachineConfig, PartitionedDisk, Unit};
use flatwright_yaml::{Map, Value};

pub(super) fn document(config: &MachineConfig) -> Value {
    let mut storage = Map::new();
    section(&mut storage, "disks", &config.disks, disk);
    section(&mut storage, "links", &config.links, link);
    section(&mut storage, "files", &config.files, file);
    let mut systemd = Map::new();
    section(&mut systemd, "units", &config.units, unit);
    let mut document = Map::new();
    for (name, section) in [("storage", storage), ("systemd", systemd)] {
        if !section.is_empty() {
            document.insert(name, section.into());
        }
    }
    document.into()
}

fn section<T>(map: &mut Map, key: &str, items: &[T], write: fn(&T) -> Value) {
    if !items.is_empty() {
        map.insert(key, items.iter().map(write).collect::<Vec<_>>().into());
    }
}

fn disk(disk: &PartitionedDisk) -> Value {
    let partitions: Vec<Value> =
        disk.partitions.iter().map(|partition| map([("number", partition.number.into())])).collect();
    map([("device", disk.device.clone().into()), ("partitions", partitions.into())])
}

fn link(link: &Link) -> Value {
    map([("path", link.path.clone().into()), ("hard", false.into()), ("target", link.target.clone().into())])
}

fn file(file: &File) -> Value {
    let mut out = Map::new();
    out.insert("path", file.path.clone().into());
    if let Some(mode) = file.mode {
        // Decimal reads the same under every YAML version; `0644` does not.
        out.insert("mode", mode.into());
    }
    out.insert("contents", contents(&file.contents));
    out.into()
}

fn contents(contents: &Contents) -> Value {
    match contents {
        Contents::Text(text) => map([("inline", text.clone().into())]),
        Contents::Remote { url, sha512: None, .. } => map([("remote", map([("url", url.clone().into())]))]),
        Contents::Remote { url, sha512: Some(sum), .. } => {
            let hash = map([("function", "sha512".into()), ("sum", sum.clone().into())]);
            map([("remote", map([("url", url.clone().into()), ("verification", map([("hash", hash)]))]))])
        }
    }
}

fn unit(unit: &Unit) -> Value {
    let mut out = Map::new();
    out.insert("name", unit.name.clone().into());
    let optional = [
        ("enabled", unit.enabled.map(Value::from)),
        ("mask", unit.mask.map(Value::from)),
        ("contents", unit.contents.clone().map(Value::from)),
    ];
    for (key, value) in optional {
        if let Some(value) = value {
            out.insert(key, value);
        }
    }
    let drop_ins: Vec<Value> = unit
        .drop_ins
        .iter()
        .map(|drop_in| map([("name", drop_in.name.as_str().into()), ("contents", drop_in.contents.clone().into())]))
        .collect();
    if !drop_ins.is_empty() {
        out.insert("dropins", drop_ins.into());
    }
    out.into()
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map>().into()
}
