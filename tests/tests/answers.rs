//! Answers of a plugin that are arbitrary values of the model: whatever a compile accepts passes `validate` of the output.
//!
//! A few hundred with a fixed seed; `ANSWERS=20000 SEED=7 cargo test -p flatwright-tests --test answers -- --nocapture` tries others. The values come from the model's own
//! samples, so a field that is added is tried from then on.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests; the environment says how many")]

use std::collections::BTreeMap;

use flatwright::{Format, Options, SpecFile, ValidateOptions, validate};
use flatwright_plugin_host::model::images::Image;
use flatwright_plugin_host::model::kubeadm::KubeadmSettings;
use flatwright_plugin_host::model::sysupdate::SysupdateConfig;
use flatwright_plugin_law::Sample;
use flatwright_render::{Findings, TextOptions, render_text};
use flatwright_tests::{Memory, compile_with, guest};
use serde_json::{Map, Value, json};

/// How many are tried unless `ANSWERS` says otherwise.
const ANSWERS: u64 = 300;

/// Objects with one key that are cases of a variant; all others are records.
const CASES: [&str; 14] = [
    "text",
    "bytes",
    "secret",
    "other",
    "sections",
    "machine",
    "container",
    "marketplace",
    "community-gallery",
    "compute-gallery",
    "id",
    "addon",
    "etcd",
    "no-schedule",
];

/// What is put in the place of texts, besides what other fields of the samples hold.
const TEXTS: &[&str] = &[
    "a",
    "0600",
    "4755",
    "0o644",
    "root:root",
    "core",
    "/etc/a",
    "/etc/kubernetes/a.yaml",
    "/opt/a/b",
    "/usr/a",
    "/etc/../a",
    "/run/a",
    "/etc/systemd/system/a.service",
    "/etc/sysupdate.a.d/a.transfer",
    "a.service",
    "a.timer",
    "a@.service",
    "locksmithd.service",
    "a.transfer",
    "10-a.conf",
    "example.com/a",
    "env",
    "NoExecute",
    "NoSchedule",
    "v1.34.2",
    "1.0.0",
    "latest",
    "4593.2.6",
    "Sun 03:00",
    "1h",
    "registry.example.com/a",
    "registry.example.com:5000/a",
    "https://example.com/a-@v.raw",
    "http://example.com/a.raw",
    "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "max-pods",
    "110",
    "audit-log-path",
    "echo a",
    "echo \"a: b # c\" | tee {{ .x }}",
    "@@HOSTNAME@@",
    "${AZURE_REGION}",
    "{{ ds.meta_data.local_hostname }}",
    "a: b\n- c\n",
    "%n",
    "ä",
    "\u{85}",
    "\u{feff}a",
    "",
    " ",
];

/// Numbers that look random, the same for one seed everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// A value of the host as the puppet's bindings write it: fields in snake case, cases of variants in Pascal case.
fn as_bound(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let case = map.iter().next().filter(|(key, _)| map.len() == 1 && CASES.contains(&key.as_str()));
            if let Some((case, value)) = case {
                return json!({pascal(case): as_bound(value)});
            }
            let is_image = map.contains_key("repository");
            let field = |(key, value): (&String, &Value)| match value.as_str() {
                Some(component) if is_image && key == "component" => (key.clone(), pascal(component).into()),
                _ => (key.replace('-', "_"), as_bound(value)),
            };
            map.iter().map(field).collect::<Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(as_bound).collect(),
        other => other.clone(),
    }
}

fn pascal(name: &str) -> String {
    let word = |word: &str| word[..1].to_uppercase() + &word[1..];
    name.split('-').map(word).collect()
}

/// Some texts, flags and lists of a value are others.
fn shaken(value: &Value, dice: &mut Dice) -> Value {
    match value {
        Value::String(text) if dice.below(4) > 0 => text.as_str().into(),
        Value::String(_) => (*dice.of(TEXTS)).into(),
        Value::Bool(is) => (*is != (dice.below(4) == 0)).into(),
        Value::Array(items) if dice.below(5) == 0 => items.iter().take(0).cloned().collect(),
        Value::Array(items) => items.iter().map(|item| shaken(item, dice)).collect(),
        Value::Object(map) => {
            // What must stay empty for the answer to be judged at all.
            let shaken = |(key, value): (&String, &Value)| match key.as_str() {
                "extra" if dice.below(20) > 0 => (key.clone(), json!([])),
                "append" if dice.below(20) > 0 => (key.clone(), json!(false)),
                _ => (key.clone(), shaken(value, dice)),
            };
            map.iter().map(shaken).collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

/// The lists and values of a sample: where in the question, and what could be added or set there.
fn places(value: &Value, path: &str, found: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| places(value, &format!("{path}/{key}"), found)),
        Value::Array(items) => found.extend(items.iter().map(|item| (format!("{path}/-"), item.clone()))),
        other => found.push((path.to_owned(), other.clone())),
    }
}

/// Whom a step at a path is for: a call that is about something else has no such path.
fn asked(hook: &str, path: &str, dice: &mut Dice) -> &'static str {
    let all: &[&str] = match hook {
        "images" if path.starts_with("/Container") => &["Etcd", "CoreDns", "Kubernetes", "kured/kured"],
        "kubeadm" if path.starts_with("/control_plane") => &["cluster", "control-plane"],
        "kubeadm" => &["cluster", "control-plane", "md-0"],
        _ => &["control-plane", "md-0"],
    };
    all[dice.below(all.len())]
}

/// One to three edits of what a hook was shown, or another value altogether.
fn steps<T: Sample>(hook: &str, dice: &mut Dice) -> Value {
    let samples = T::samples();
    let sample = as_bound(&serde_json::to_value(dice.of(&samples)).unwrap());
    if hook == "images" || dice.below(8) == 0 {
        let case = format!("/{}", sample.as_object().unwrap().keys().next().unwrap());
        return json!([{"for": asked(hook, &case, dice), "set": "", "to": shaken(&sample, dice)}]);
    }
    let mut all = Vec::new();
    places(&sample, "", &mut all);
    all.retain(|(path, _)| dice.below(20) == 0 || !path.contains("/extra"));
    let step = |dice: &mut Dice| {
        let (path, value) = dice.of(&all);
        let to = shaken(value, dice);
        json!({"for": asked(hook, path, dice), "set": path, "to": to})
    };
    (0..=dice.below(3)).map(|_| step(dice)).collect()
}

fn spec(settings: &Value) -> String {
    // Characters that YAML does not take as they are.
    let settings = settings.to_string().chars().fold(String::new(), |text, char| match char {
        ' '..='~' => text + char.encode_utf8(&mut [0; 4]),
        _ => format!("{text}\\u{:04x}", u32::from(char)),
    });
    format!(
        "apiVersion: flatwright.dev/v1alpha1
kind: FlatcarCluster
metadata: {{name: demo}}
spec:
  flavor: flatcar-sysext
  kubernetes: {{version: v1.34.2}}
  flatcar: {{version: 4593.2.5}}
  azure: {{subscriptionID: 00000000-0000-0000-0000-000000000001, location: westeurope, identity: {{name: cluster-identity}}}}
  machines: {{nodeLabels: {{env: user}}, files: [{{path: /etc/motd, content: user}}], postKubeadmCommands: [echo user]}}
  controlPlane: {{replicas: 3, vmSize: Standard_D4s_v5}}
  pools: [{{name: md-0, replicas: 2, vmSize: Standard_D4s_v5}}]
  plugins: [{{name: any, source: puppet.wasm, settings: {settings}}}]
"
    )
}

/// The errors of `validate` in what a compile wrote.
fn refused(files: &[SpecFile], world: &Memory) -> Option<String> {
    let validation = validate(files, world, &ValidateOptions::default());
    let findings = Findings::new(&validation.report, &validation.sources);
    validation.report.has_errors().then(|| render_text(&findings, &TextOptions::default()))
}

#[test]
fn whatever_is_accepted_passes_validation() {
    let Some(puppet) = guest("puppet") else { return };
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let (count, seed) = (number("ANSWERS").unwrap_or(ANSWERS), number("SEED").unwrap_or(1));
    let mut world = Memory::default();
    world.files.insert("puppet.wasm".to_owned(), puppet);
    let (mut accepted, mut judged) = (0_u64, 0_u64);
    let mut refusals = BTreeMap::<String, u64>::new();
    let mut wrong = Vec::new();
    for answer in 0..count {
        let mut dice = Dice((seed << 32 | answer).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let settings = match answer % 3 {
            0 => json!({"kubeadm": steps::<KubeadmSettings>("kubeadm", &mut dice)}),
            1 => json!({"sysupdate": steps::<SysupdateConfig>("sysupdate", &mut dice)}),
            _ => json!({"images": steps::<Image>("images", &mut dice)}),
        };
        let compiled = compile_with(spec(&settings).as_bytes(), &world, &Options::default());
        judged += u64::from(!compiled.errors().iter().any(|code| code.contains("crash")));
        if !compiled.errors().is_empty() {
            for code in compiled.errors() {
                *refusals.entry(code.to_owned()).or_default() += 1;
            }
            continue;
        }
        accepted += 1;
        let files: Vec<SpecFile> = flatwright::files(&compiled.compilation.clusters, Format::Yaml)
            .into_iter()
            .map(|file| SpecFile { name: file.path, bytes: file.text.into_bytes() })
            .collect();
        wrong.extend(refused(&files, &world).map(|findings| format!("{settings}\n{findings}")));
    }
    println!("{count} answers: {judged} judged, {accepted} accepted; refused: {refusals:?}");
    assert!(wrong.is_empty(), "{} accepted answers are refused in the output:\n{}", wrong.len(), wrong.join("\n"));
    assert!(
        accepted > count / 10 && judged > accepted,
        "the answers are of no use: {judged} judged, {accepted} accepted"
    );
}
