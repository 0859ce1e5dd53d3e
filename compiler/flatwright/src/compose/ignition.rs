//! Stand-alone route: the machine config as Ignition 3.3, which every Flatcar release since 3185 reads.

use flatwright_plan::{Contents, File, Link, MachineConfig, PartitionedDisk, Unit};
use serde_json::{Map, Value, json};

pub(super) fn document(config: &MachineConfig) -> Value {
    let mut storage = Map::new();
    section(&mut storage, "disks", &config.disks, disk);
    section(&mut storage, "files", &config.files, file);
    section(&mut storage, "links", &config.links, link);
    let mut systemd = Map::new();
    section(&mut systemd, "units", &config.units, unit);
    let mut document = Map::new();
    document.insert("ignition".to_owned(), json!({ "version": "3.3.0" }));
    for (name, section) in [("storage", storage), ("systemd", systemd)] {
        if !section.is_empty() {
            document.insert(name.to_owned(), section.into());
        }
    }
    document.into()
}

fn section<T>(map: &mut Map<String, Value>, key: &str, items: &[T], write: fn(&T) -> Value) {
    if !items.is_empty() {
        map.insert(key.to_owned(), items.iter().map(write).collect());
    }
}

fn disk(disk: &PartitionedDisk) -> Value {
    let partitions: Vec<Value> =
        disk.partitions.iter().map(|partition| json!({ "number": partition.number })).collect();
    json!({ "device": disk.device.value, "partitions": partitions })
}

fn link(link: &Link) -> Value {
    json!({ "path": link.path.value, "target": link.target.value })
}

fn file(file: &File) -> Value {
    let contents = match &file.contents {
        Contents::Text(text) => json!({ "source": data_url(&text.value) }),
        Contents::Remote { url, sha512: None } => json!({ "source": url.value }),
        Contents::Remote { url, sha512: Some(sum) } => {
            json!({ "source": url.value, "verification": { "hash": format!("sha512-{}", sum.value) } })
        }
    };
    let mut out = json!({ "path": file.path.value, "contents": contents });
    if let Some(mode) = file.mode {
        // Ignition's JSON has no octal.
        out["mode"] = mode.into();
    }
    out
}

fn data_url(text: &str) -> String {
    let mut url = String::from("data:,");
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => url.push(char::from(byte)),
            _ => url.push_str(&format!("%{byte:02X}")),
        }
    }
    url
}

fn unit(unit: &Unit) -> Value {
    let mut out = json!({ "name": unit.name.value });
    if let Some(enabled) = unit.enabled {
        out["enabled"] = enabled.value.into();
    }
    if let Some(mask) = unit.mask {
        out["mask"] = mask.value.into();
    }
    if let Some(contents) = &unit.contents {
        out["contents"] = contents.value.as_str().into();
    }
    let drop_ins: Vec<Value> = unit
        .drop_ins
        .iter()
        .map(|drop_in| json!({ "name": drop_in.name, "contents": drop_in.contents.value }))
        .collect();
    if !drop_ins.is_empty() {
        out["dropins"] = drop_ins.into();
    }
    out
}
