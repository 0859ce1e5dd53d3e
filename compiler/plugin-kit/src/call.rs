//! One call of a hook, with JSON on both sides.

use std::fmt;

use flatwright_plugin_host::model::cluster::Context;
use flatwright_plugin_host::model::findings::Place;
use flatwright_plugin_host::model::images::Image;
use flatwright_plugin_host::model::kubeadm::KubeadmSettings;
use flatwright_plugin_host::model::policy::{Bundle, Interests, ObjectInterest};
use flatwright_plugin_host::model::sysupdate::SysupdateConfig;
use flatwright_plugin_host::{Failure, Finding, Hook, LogLine, Outcome, Plugin, escape_line};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::edit::{Edit, difference};

/// What a hook is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// `images`.
    Images(Image),
    /// `sysupdate`.
    Sysupdate(SysupdateConfig),
    /// `kubeadm`.
    Kubeadm(KubeadmSettings),
    /// `policy`: everything there is; the plugin gets what it selects.
    Policy(Bundle),
}

impl Question {
    /// The hook it is for.
    pub fn hook(&self) -> Hook {
        match self {
            Self::Images(_) => Hook::Images,
            Self::Sysupdate(_) => Hook::Sysupdate,
            Self::Kubeadm(_) => Hook::Kubeadm,
            Self::Policy(_) => Hook::Policy,
        }
    }
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// What the plugin changed; nothing if it refused.
    pub edits: Vec<Edit>,
    /// What it said, and what the host said about its answer.
    pub findings: Vec<Said>,
    /// What it logged.
    pub logs: Vec<LogLine>,
    /// Instructions used.
    pub fuel: u64,
}

/// A finding, as far as an author cares.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// `note`, `warning` or `error`.
    pub severity: String,
    /// The fact, escaped.
    pub message: String,
    /// Where.
    #[serde(default = "whole_plugin", skip_serializing_if = "is_whole_plugin")]
    pub place: Place,
    /// Background facts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// What to type.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<String>,
    /// The plugin's own code, where it gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The page of that code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

fn whole_plugin() -> Place {
    Place::Plugin
}

fn is_whole_plugin(place: &Place) -> bool {
    *place == Place::Plugin
}

impl Said {
    /// A finding without the plugin's name in front, which depends on the spec.
    fn of(finding: &Finding) -> Self {
        let diagnostic = &finding.diagnostic;
        Self {
            severity: diagnostic.severity.word().to_owned(),
            message: finding.fact.clone(),
            code: finding.code.clone(),
            url: diagnostic.url.clone(),
            place: finding.place.clone(),
            notes: diagnostic.notes.clone(),
            hints: diagnostic.hints.clone(),
        }
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.severity, self.message)?;
        let place = match &self.place {
            Place::Settings(path) if path.is_empty() => "the settings".to_owned(),
            Place::Settings(path) => format!("settings `{path}`"),
            Place::Value(path) if path.is_empty() => "the value".to_owned(),
            Place::Value(path) => format!("value `{path}`"),
            Place::Object(place) => format!("{} `{}` `{}`", place.object.kind, place.object.name, place.path),
            Place::MachineConfig(place) => format!("machine config of `{}` `{}`", place.group, place.path),
            Place::Plugin | Place::Other(_) => String::new(),
        };
        if !place.is_empty() {
            write!(f, "\n    at {}", escape_line(&place))?;
        }
        self.notes.iter().try_for_each(|note| write!(f, "\n    note: {note}"))?;
        self.hints.iter().try_for_each(|hint| write!(f, "\n    hint: {hint}"))
    }
}

impl Answer {
    /// Whether a compile would end with it.
    pub fn is_refusal(&self) -> bool {
        self.findings.iter().any(|said| said.severity == "error")
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.logs {
            writeln!(f, "log: {}", line.message)?;
        }
        if self.edits.is_empty() {
            writeln!(f, "no change")?;
        }
        self.edits.iter().try_for_each(|edit| writeln!(f, "{edit}"))?;
        self.findings.iter().try_for_each(|said| writeln!(f, "{said}"))?;
        writeln!(f, "{} instructions", self.fuel)
    }
}

/// Calls the hook that the question is for. The plugin must have it.
///
/// # Errors
/// [`Failure`] if there is no answer at all.
pub fn call(plugin: &Plugin, context: &Context, question: &Question) -> Result<Answer, Failure> {
    let session = plugin.session();
    match question {
        Question::Images(image) => Ok(compared(image, session.customize_image(context, image)?)),
        Question::Sysupdate(config) => Ok(compared(config, session.customize_sysupdate(context, config)?)),
        Question::Kubeadm(settings) => Ok(compared(settings, session.customize_kubeadm(context, settings)?)),
        Question::Policy(bundle) => {
            let selected = session.select(context)?;
            let interests = selected.value.expect("invariant: `select` always gives interests");
            let mut reviewed = session.review(context, &part(bundle, &interests))?;
            reviewed.logs.splice(0..0, selected.logs);
            reviewed.fuel += selected.fuel;
            Ok(answer(Vec::new(), &reviewed.findings, reviewed.logs, reviewed.fuel))
        }
    }
}

/// Calls the hook like [`call`], but only gives the instructions used: what it costs to ask.
pub(crate) fn ask(plugin: &Plugin, context: &Context, question: &Question) -> Result<u64, Failure> {
    let session = plugin.session();
    match question {
        Question::Images(image) => Ok(session.customize_image(context, image)?.fuel),
        Question::Sysupdate(config) => Ok(session.customize_sysupdate(context, config)?.fuel),
        Question::Kubeadm(settings) => Ok(session.customize_kubeadm(context, settings)?.fuel),
        Question::Policy(bundle) => Ok(session.select(context)?.fuel + session.review(context, bundle)?.fuel),
    }
}

fn compared<T: Serialize>(question: &T, outcome: Outcome<T>) -> Answer {
    let edits = match &outcome.value {
        Some(value) => difference(&json(question), &json(value)),
        None => Vec::new(),
    };
    answer(edits, &outcome.findings, outcome.logs, outcome.fuel)
}

fn answer(edits: Vec<Edit>, findings: &[Finding], logs: Vec<LogLine>, fuel: u64) -> Answer {
    let findings = findings.iter().map(Said::of).collect();
    Answer { edits, findings, logs, fuel }
}

fn json<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).expect("invariant: the model has string keys only")
}

/// The part of a bundle that a policy selected, as a compile would give it.
fn part(bundle: &Bundle, interests: &Interests) -> Bundle {
    let is_wanted = |kind: &String| match &interests.objects {
        ObjectInterest::Nothing => false,
        ObjectInterest::Kinds(kinds) => kinds.contains(kind),
        ObjectInterest::Everything => true,
    };
    let configs = bundle.machine_configs.iter().filter(|config| interests.machine_configs.contains(&config.form));
    Bundle {
        objects: bundle.objects.iter().filter(|object| is_wanted(&object.reference.kind)).cloned().collect(),
        machine_configs: configs.cloned().collect(),
    }
}
