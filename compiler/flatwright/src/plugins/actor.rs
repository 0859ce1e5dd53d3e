//! Who answers the customizing hooks: a component, or a function in its place.
//!
//! Owns: that both are asked, and judged, alike. Must not: know what an answer changes.

use std::fmt;
use std::sync::Arc;

use flatwright_diagnostic::{Origin, Traced};
use flatwright_plan::Plugin as Entry;
use flatwright_plugin_host::model::cluster::Context;
use flatwright_plugin_host::model::images::Image;
use flatwright_plugin_host::model::kubeadm::KubeadmSettings;
use flatwright_plugin_host::model::policy::{Bundle, Interests, ObjectInterest};
use flatwright_plugin_host::model::sysupdate::SysupdateConfig;
use flatwright_plugin_host::{Answer, Failure, Hook, Outcome, Plugin, Session};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A function that answers in the place of a plugin, so that any answer can be tried without building a component: the hook's name and the question as JSON, in the host's
/// terms, give the answer. What is no value of the hook's model counts as no change.
#[derive(Clone)]
pub struct Played(Arc<Play>);

type Play = dyn Fn(&'static str, Value) -> Value + Send + Sync;

impl Played {
    /// One that answers like this.
    pub fn new(play: impl Fn(&'static str, Value) -> Value + Send + Sync + 'static) -> Self {
        Self(Arc::new(play))
    }

    /// The entry that a spec would have for it.
    pub(crate) fn entry() -> Entry {
        let text = |text: &str| Traced::new(text.to_owned(), Origin::Flag("a played plugin"));
        Entry {
            name: text("played"),
            source: text("played"),
            sha256: None,
            settings: None,
            roles: Vec::new(),
            pools: Vec::new(),
            limits: Vec::new(),
            waivable: Vec::new(),
            outside: None,
            origin: Origin::Flag("a played plugin"),
        }
    }

    fn ask<T: Answer + Serialize + DeserializeOwned>(&self, hook: Hook, question: &T) -> Outcome<T> {
        let json = serde_json::to_value(question).expect("invariant: the host's records are JSON");
        let answer = serde_json::from_value::<T>((self.0)(hook.name(), json)).ok();
        let value = answer.filter(|answer| answer.check(question).is_empty());
        Outcome { value, findings: Vec::new(), logs: Vec::new(), fuel: 0 }
    }
}

impl fmt::Debug for Played {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Played")
    }
}

/// Whoever answers.
pub(crate) enum Actor {
    /// A loaded component.
    Component(Plugin),
    /// A function.
    Played(Played),
}

impl Actor {
    /// The hooks that are asked.
    pub(super) fn hooks(&self) -> &[Hook] {
        match self {
            Self::Component(plugin) => plugin.hooks(),
            Self::Played(_) => &[Hook::Images, Hook::Sysupdate, Hook::Kubeadm],
        }
    }

    /// What reports name it by, behind its name.
    pub(super) fn digest(&self) -> String {
        match self {
            Self::Component(plugin) => plugin.digest().short(),
            Self::Played(_) => "played".to_owned(),
        }
    }

    /// Starts the calls of one compile.
    pub(super) fn session(&self) -> Asking<'_> {
        match self {
            Self::Component(plugin) => Asking::Component(plugin.session()),
            Self::Played(played) => Asking::Played(played),
        }
    }
}

/// The calls of one compile.
pub(super) enum Asking<'a> {
    Component(Session<'a>),
    Played(&'a Played),
}

impl Asking<'_> {
    pub(super) fn customize_image(&self, context: &Context, image: &Image) -> Result<Outcome<Image>, Failure> {
        match self {
            Self::Component(session) => session.customize_image(context, image),
            Self::Played(played) => Ok(played.ask(Hook::Images, image)),
        }
    }

    pub(super) fn customize_sysupdate(
        &self,
        context: &Context,
        config: &SysupdateConfig,
    ) -> Result<Outcome<SysupdateConfig>, Failure> {
        match self {
            Self::Component(session) => session.customize_sysupdate(context, config),
            Self::Played(played) => Ok(played.ask(Hook::Sysupdate, config)),
        }
    }

    pub(super) fn customize_kubeadm(
        &self,
        context: &Context,
        settings: &KubeadmSettings,
    ) -> Result<Outcome<KubeadmSettings>, Failure> {
        match self {
            Self::Component(session) => session.customize_kubeadm(context, settings),
            Self::Played(played) => Ok(played.ask(Hook::Kubeadm, settings)),
        }
    }

    pub(super) fn select(&self, context: &Context) -> Result<Outcome<Interests>, Failure> {
        match self {
            Self::Component(session) => session.select(context),
            Self::Played(_) => {
                let nothing = Interests { objects: ObjectInterest::Nothing, machine_configs: Vec::new() };
                Ok(Outcome { value: Some(nothing), findings: Vec::new(), logs: Vec::new(), fuel: 0 })
            }
        }
    }

    pub(super) fn review(&self, context: &Context, bundle: &Bundle) -> Result<Outcome<()>, Failure> {
        match self {
            Self::Component(session) => session.review(context, bundle),
            Self::Played(_) => Ok(Outcome { value: Some(()), findings: Vec::new(), logs: Vec::new(), fuel: 0 }),
        }
    }
}
