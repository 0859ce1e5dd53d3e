//! The steps in the settings, and what they do.

use serde::Deserialize;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::bindings::flatwright::plugin::cluster::{Context, Target};
use crate::bindings::flatwright::plugin::findings::{Diagnostic, Severity};
use crate::bindings::flatwright::plugin::log::{Level, log};
use crate::edit;

/// One thing to do. `set` and `to` go together; the other actions stand alone.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Step {
    /// Only in calls about this: `cluster`, a node group's name, or a container image's component (`Etcd`, `kured/kured`).
    r#for: Option<String>,
    /// A path in the hook's value…
    set: Option<String>,
    /// …and what is there afterwards…
    to: Value,
    /// …a text so many times over; or how many findings are said, numbered.
    times: Option<usize>,
    /// A path of an item to take out of its list.
    remove: Option<String>,
    /// Fields of a finding; the others are those of a note about the plugin.
    say: Option<Value>,
    /// A path in the context, of which a finding tells what is there.
    tell: Option<String>,
    /// A line for the log.
    log: Option<String>,
    /// What no plugin should do.
    make: Option<Trouble>,
    /// What a policy wants to see (`select`).
    pub(crate) ask: Option<Value>,
    /// What of it a policy tells.
    pub(crate) show: Option<Show>,
}

/// A value to tell: of an object (`Kind/name`), or of a form of machine configs. Without a path, what there is is listed.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Show {
    /// `Kind/name`; `*` for all.
    pub(crate) object: Option<String>,
    /// `Source`, `Bootstrap`, `Effective` or `Standalone`.
    pub(crate) form: Option<String>,
    /// A path in it.
    pub(crate) at: Option<String>,
}

/// What no plugin should do.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Trouble {
    /// Panics.
    Panic,
    /// Never comes back.
    Loop,
    /// Takes memory without end.
    Allocate,
    /// Calls itself without end.
    Recurse,
    /// Logs without end.
    Chatter,
}

/// The steps of a hook.
pub(crate) fn of(context: &Context, hook: &str) -> Vec<Step> {
    std::panic::set_hook(Box::new(|panic| log(Level::Error, &panic.to_string())));
    let mut settings: Value = serde_json::from_str(&context.settings).expect("invariant: the host sends JSON");
    match settings[hook].take() {
        Value::Null => Vec::new(),
        steps => serde_json::from_value(steps).unwrap_or_else(|error| panic!("steps of `{hook}`: {error}")),
    }
}

/// Does what the settings say to the value of a call.
pub(crate) fn customize<T: Serialize + DeserializeOwned>(
    context: &Context,
    hook: &str,
    value: T,
) -> Result<(T, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut value = serde_json::to_value(value).expect("invariant: records are JSON");
    let component = &value["Container"]["component"];
    let component = component.as_str().or_else(|| component["Addon"].as_str()).map(str::to_owned);
    let subjects = [Some(target(context)), component];
    let is_meant = |step: &Step| step.r#for.is_none() || subjects.contains(&step.r#for);
    let mut findings = Vec::new();
    for step in of(context, hook).into_iter().filter(is_meant) {
        findings.extend(step.tell.as_deref().map(|path| told(context, path)));
        findings.extend(step.act(&mut value));
    }
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        return Err(findings);
    }
    let value = serde_json::from_value(value).unwrap_or_else(|error| panic!("after the steps of `{hook}`: {error}"));
    Ok((value, findings))
}

fn target(context: &Context) -> String {
    match context.target {
        Target::Group(index) => context.groups[index as usize].name.clone(),
        Target::Cluster | Target::Other(_) => "cluster".to_owned(),
    }
}

impl Step {
    /// Edits the value, and gives the findings if there are any.
    pub(crate) fn act(self, value: &mut Value) -> Vec<Diagnostic> {
        if let Some(path) = &self.set {
            let new = match (self.to, self.times) {
                (Value::String(text), Some(times)) => text.repeat(times).into(),
                (new, _) => new,
            };
            edit::set(value, path, new);
        }
        if let Some(path) = &self.remove {
            edit::remove(value, path);
        }
        if let Some(line) = &self.log {
            log(Level::Info, line);
        }
        if let Some(trouble) = self.make {
            trouble.happen();
        }
        let Some(fields) = &self.say else { return Vec::new() };
        let numbered = |number: usize| {
            let mut finding = finding(fields);
            finding.message.push_str(&format!(" {number}"));
            finding
        };
        self.times.map_or_else(|| vec![finding(fields)], |times| (0..times).map(numbered).collect())
    }
}

/// What the context says at a path.
fn told(context: &Context, path: &str) -> Diagnostic {
    let context = serde_json::to_value(context).expect("invariant: records are JSON");
    let told = context.pointer(path).unwrap_or(&Value::Null);
    finding(&json!({"message": format!("{path} = {told}")}))
}

/// A finding from the fields that are given.
pub(crate) fn finding(fields: &Value) -> Diagnostic {
    let mut all = json!({"severity": "Note", "code": null, "message": "", "place": "Plugin", "notes": [], "hints": [], "url": null});
    for (key, field) in fields.as_object().into_iter().flatten() {
        all[key] = field.clone();
    }
    serde_json::from_value(all).unwrap_or_else(|error| panic!("`say`: {error}"))
}

impl Trouble {
    fn happen(self) {
        match self {
            Self::Panic => panic!("the settings say so"),
            Self::Loop => loop {
                std::hint::black_box(());
            },
            Self::Allocate => {
                let mut all: Vec<Vec<u8>> = Vec::new();
                loop {
                    all.push(std::hint::black_box(vec![1; 1 << 20]));
                }
            }
            Self::Recurse => drop(deeper(0)),
            Self::Chatter => loop {
                log(Level::Info, "and another thing");
            },
        }
    }
}

#[expect(unconditional_recursion, reason = "that is its purpose")]
fn deeper(depth: u64) -> u64 {
    std::hint::black_box(deeper(std::hint::black_box(depth + 1))) + 1
}
