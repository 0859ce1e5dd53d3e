//! The secret settings of a plugin: those from environment variables, and those that its schema calls secret.
//!
//! Owns: which texts these are, and what is said of those that are too short or end up in the output. Must not: keep them from the plugin, which is meant to have them.

use flatwright_capi::Object;
use flatwright_diagnostic::{Origin, Path, Report, Segment};
use flatwright_go::base64;
use flatwright_go::gzip::read_members;
use flatwright_ignition::ignition3::decode_data_url;
use flatwright_plan::Plugin as Entry;
use flatwright_plugin_host::model::meta::Description;
use flatwright_plugin_law::secrets::secret_settings;
use flatwright_yaml::{Value, ValueKind};
use serde_json::Value as Json;

use super::rules::Settings;
use crate::compose::Composed;
use crate::json::to_json;
use crate::places::of_entry;
use crate::secret::{LEAST, Secret, Secrets, Written, shown};

/// What is decompressed of one file when it is looked for a secret.
const MOST_BYTES: usize = 16 << 20;

/// The secrets of an entry. One that is too short to be recognized is told.
pub(super) fn of(
    entry: &Entry,
    description: &Description,
    written: Option<&Written<'_>>,
    report: &mut Report,
) -> Secrets {
    let Some(settings) = &entry.settings else { return Secrets::default() };
    let mut list = Vec::new();
    from_environment(settings, &Path::root(), written, &mut list);
    if let Some(schema) = &description.settings_schema {
        for path in secret_settings(schema, &to_json(settings)) {
            let (value, is_there) = settings.find(&path);
            if is_there {
                scalars(value, &path, &mut |value, path, text| {
                    // A reference to a variable may be seen where it stands.
                    let literal = value.origin.anchor().filter(|_| !matches!(value.origin, Origin::Environment(..)));
                    literal.into_iter().for_each(|anchor| report.hide(anchor));
                    list.push(secret(value.origin, path, text, None));
                });
            }
        }
    }
    let secrets = Secrets::new(list);
    let mut told: Vec<&str> = Vec::new();
    for secret in secrets.iter().filter(|secret| !secret.is_findable()) {
        if !told.contains(&secret.path.as_str()) {
            told.push(&secret.path);
            let rule =
                Settings::ShortSecret { name: entry.name.value.clone(), path: secret.path.clone(), least: LEAST };
            report
                .warn(secret.anchor.clone().unwrap_or_else(|| of_entry(entry)), &rule)
                .note("what the plugin changes is told by path only")
                .hint(format!("use a secret of {LEAST} bytes at least"));
        }
    }
    secrets
}

/// Settings that variables gave.
fn from_environment(value: &Value, path: &Path, written: Option<&Written<'_>>, list: &mut Vec<Secret>) {
    scalars(value, path, &mut |value, path, text| {
        if !matches!(value.origin, Origin::Environment(..)) {
            return;
        }
        let shown = written.and_then(|written| written.text(value.origin));
        list.push(secret(value.origin, path, text, shown));
        let values = written.map_or(&[][..], |written| written.values(value.origin));
        list.extend(values.iter().map(|(text, shown)| secret(value.origin, path, text.clone(), Some(shown))));
    });
}

fn secret(origin: Origin, path: &Path, text: String, shown: Option<&str>) -> Secret {
    let path = path.to_string();
    Secret { text, shown: shown.map_or_else(|| self::shown(&path), str::to_owned), path, anchor: origin.anchor() }
}

/// Every scalar below a value that could be a secret.
fn scalars(value: &Value, path: &Path, found: &mut dyn FnMut(&Value, &Path, String)) {
    match &value.kind {
        ValueKind::Map(map) => map.iter().for_each(|(key, value)| scalars(value, &path.key(key), found)),
        ValueKind::Seq(items) => {
            items.iter().enumerate().for_each(|(index, item)| scalars(item, &path.index(index), found));
        }
        ValueKind::Str(text) => found(value, path, text.clone()),
        ValueKind::Int(_) | ValueKind::Float(_) => found(value, path, to_json(value).to_string()),
        ValueKind::Null | ValueKind::Bool(_) => {}
    }
}

/// Warns of secrets that are in the output, where everybody reads them who may read the objects.
pub(crate) fn leaked(entries: &[(&Entry, &Secrets)], objects: &[Object], composed: &[Composed], report: &mut Report) {
    let mut wanted: Vec<(&Entry, &Secret)> = Vec::new();
    for (entry, secrets) in entries {
        let is_told = |secret: &&Secret| secret.is_findable();
        wanted.extend(secrets.iter().filter(is_told).map(|secret| (*entry, secret)));
    }
    if wanted.is_empty() {
        return;
    }
    let mut search = Search { wanted, found: Vec::new() };
    for object in objects {
        let place = format!("{} `{}`", object.kind(), object.name());
        search.json(&to_json(&object.value), &place);
    }
    for composed in composed {
        if let Ok(json) = serde_json::from_str(&composed.ignition()) {
            search.json(&json, "the stand-alone Ignition config");
        }
    }
    for (entry, secret, place) in search.found {
        let rule = Settings::Leaked { name: entry.name.value.clone(), path: secret.path.clone() };
        report
            .warn(secret.anchor.clone().unwrap_or_else(|| of_entry(entry)), &rule)
            .note(format!("it is in {place}, and whoever may read the output reads it"))
            .hint(
                "let the plugin name a Secret instead, whose content the node gets (docs/plugins/guide.md, `Secrets`)",
            );
    }
}

struct Search<'a> {
    wanted: Vec<(&'a Entry, &'a Secret)>,
    found: Vec<(&'a Entry, &'a Secret, String)>,
}

impl Search<'_> {
    fn json(&mut self, value: &Json, place: &str) {
        match value {
            Json::String(text) => self.text(text, place),
            Json::Array(items) => items.iter().for_each(|item| self.json(item, place)),
            Json::Object(map) => {
                // Contents of files may be encoded, which their neighbours say.
                if let Some(bytes) = decoded(map) {
                    self.bytes(&bytes, place);
                }
                for (key, value) in map {
                    self.text(key, place);
                    self.json(value, place);
                }
            }
            Json::Number(number) => self.text(&number.to_string(), place),
            Json::Null | Json::Bool(_) => {}
        }
    }

    fn bytes(&mut self, bytes: &[u8], place: &str) {
        self.text(&String::from_utf8_lossy(bytes), place);
    }

    fn text(&mut self, text: &str, place: &str) {
        let mut at = 0;
        while at < self.wanted.len() {
            let (entry, secret) = self.wanted[at];
            let escaped = secret.text.escape_debug().to_string();
            if text.contains(&secret.text) || text.contains(&escaped) {
                // One place is enough, and one text of a setting.
                self.wanted.retain(|(_, other)| other.path != secret.path);
                self.found.push((entry, secret, place.to_owned()));
            } else {
                at += 1;
            }
        }
    }
}

/// The contents of a file of kubeadm's or Ignition's, where they are encoded.
fn decoded(map: &serde_json::Map<String, Json>) -> Option<Vec<u8>> {
    let text = |key: &str| map.get(key).and_then(Json::as_str);
    let (bytes, is_compressed) = match (text("source"), text("encoding"), text("content")) {
        (Some(source), ..) => (decode_data_url(source).ok()?, text("compression") == Some("gzip")),
        (None, Some(encoding), Some(content)) if encoding.contains("base64") => {
            let bytes = base64::decode(content.trim()).ok()?;
            (bytes, encoding.contains("gzip"))
        }
        _ => return None,
    };
    if !is_compressed {
        return Some(bytes);
    }
    let mut out = Vec::new();
    read_members(&bytes, MOST_BYTES, &mut |part| out.extend_from_slice(part)).ok()?;
    Some(out)
}

/// Whether a path leads to a secret or below one.
pub(super) fn is_secret(secrets: &Secrets, path: &Path) -> bool {
    secrets.iter().any(|secret| {
        let known = Path::parse(&secret.path);
        let (known, path): (&[Segment], &[Segment]) = (known.segments(), path.segments());
        known.starts_with(path) || path.starts_with(known)
    })
}
