//! One call of a hook, with JSON on both sides.

use std::fmt;

use flatwright_plugin_host::model::cluster::Context;
use flatwright_plugin_host::model::images::Image;
use flatwright_plugin_host::model::kubeadm::KubeadmSettings;
use flatwright_plugin_host::model::policy::{Bundle, Interests, ObjectInterest};
use flatwright_plugin_host::model::sysupdate::SysupdateConfig;
use flatwright_plugin_host::{Failure, Finding, Hook, LogLine, Outcome, Plugin};
use flatwright_plugin_law::mask::Secrets;
use flatwright_plugin_law::{Judge, Sample};
use serde::Serialize;
use serde_json::Value;

use crate::edit::{Edit, difference};
use crate::law;
use crate::said::Said;

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
    /// What a compile would refuse or change of it, whatever the plugin says; among the findings too.
    #[serde(skip)]
    pub broken: Vec<String>,
}

impl Answer {
    /// With what a compile would say of it.
    fn with(mut self, told: Vec<Said>) -> Self {
        self.broken.extend(told.iter().filter(|said| said.severity == "error").map(ToString::to_string));
        self.findings.extend(told);
        self
    }

    /// The same, with secret settings replaced by their names. Where one is too short to be found, changes are told by their paths alone.
    #[must_use]
    pub fn masked(mut self, secrets: &Secrets) -> Self {
        let text = |text: &mut String| *text = secrets.masked(text).into_owned();
        let hides = secrets.hides_changes();
        for edit in &mut self.edits {
            text(&mut edit.path);
            for value in [&mut edit.from, &mut edit.to] {
                *value = value.take().filter(|_| !hides).map(|value| secrets.masked_value(value));
            }
        }
        for said in &mut self.findings {
            said.message = secrets.masked_at_home(&said.message).into_owned();
            said.notes.iter_mut().chain(&mut said.hints).for_each(text);
        }
        self.logs.iter_mut().for_each(|line| text(&mut line.message));
        self
    }

    /// Whether the plugin was asked: not if its settings were refused.
    pub fn was_asked(&self) -> bool {
        self.fuel > 0
    }

    /// Whether a compile would end with it.
    pub fn is_refusal(&self) -> bool {
        self.findings.iter().any(|said| said.severity == "error")
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.logs {
            writeln!(f, "log {}: {}", line.level.name(), line.message)?;
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
    let refused = law::settings(plugin.description(), &context.settings);
    if !refused.is_empty() {
        return Ok(Answer { edits: Vec::new(), findings: Vec::new(), logs: Vec::new(), fuel: 0, broken: Vec::new() }
            .with(refused));
    }
    let session = plugin.session();
    match question {
        Question::Images(image) => Ok(compared(context, image, session.customize_image(context, image)?)),
        Question::Sysupdate(config) => Ok(compared(context, config, session.customize_sysupdate(context, config)?)),
        Question::Kubeadm(settings) => Ok(compared(context, settings, session.customize_kubeadm(context, settings)?)),
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

fn compared<T: Judge + Sample>(context: &Context, question: &T, outcome: Outcome<T>) -> Answer {
    let edits = match &outcome.value {
        Some(value) => difference(&json(question), &json(value)),
        None => Vec::new(),
    };
    let refused = outcome.value.iter().flat_map(|value| law::answer(context, question, value));
    let refused = refused.chain(law::paths::<T>(&outcome.findings)).collect();
    answer(edits, &outcome.findings, outcome.logs, outcome.fuel).with(refused)
}

fn answer(edits: Vec<Edit>, findings: &[Finding], logs: Vec<LogLine>, fuel: u64) -> Answer {
    let said = findings.iter().map(Said::of).collect();
    Answer { edits, findings: said, logs, fuel, broken: Vec::new() }.with(law::codes(findings).collect())
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
