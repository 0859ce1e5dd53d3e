//! The calls of one plugin in one compile.
//!
//! Owns: the typed hooks and the budget of instructions that they share. Calls may run on several threads; a compile makes them in a fixed order, since
//! each call sees what the one before left, and so that a budget runs out at the same call everywhere.

use std::sync::atomic::{AtomicU64, Ordering};

use wasmtime::Store;
use wasmtime::component::Instance;

use crate::answer::Answer;
use crate::api::v0_1::Customized;
use crate::failure::{self, Failure, Site};
use crate::fault::Doing;
use crate::finding::{self, Finding};
use crate::hook::Hook;
use crate::limits::Limit;
use crate::loaded::{Loaded, Ran, Stopped};
use crate::model::cluster::Context;
use crate::model::findings::{PluginDiagnostic, Severity};
use crate::model::images::Image;
use crate::model::kubeadm::KubeadmSettings;
use crate::model::policy::{Bundle, Interests};
use crate::model::sysupdate::SysupdateConfig;
use crate::store::{LogLine, State};

/// The calls of one plugin in one compile.
pub struct Session<'a> {
    plugin: &'a Loaded,
    fuel_left: AtomicU64,
}

/// What came of a call.
#[derive(Clone, Debug)]
pub struct Outcome<T> {
    /// The answer; `None` if the plugin refused or its answer breaks a rule, and then there is a finding of severity error.
    pub value: Option<T>,
    /// What the plugin says, then what the host says about its answer.
    pub findings: Vec<Finding>,
    /// What it logged, in order.
    pub logs: Vec<LogLine>,
    /// Instructions used: the same everywhere, so a regression test may compare them.
    pub fuel: u64,
}

impl<'a> Session<'a> {
    pub(crate) fn new(plugin: &'a Loaded) -> Self {
        Self { plugin, fuel_left: AtomicU64::new(plugin.limits.total_fuel) }
    }

    /// Calls `images.customize`. The plugin must have the hook.
    ///
    /// # Errors
    /// [`Failure`] if there is no answer at all.
    pub fn customize_image(&self, context: &Context, image: &Image) -> Result<Outcome<Image>, Failure> {
        self.customize(Hook::Images, image, |store, instance| {
            let answer = self.plugin.functions.images(store, instance, (context, image))?;
            Ok(answer.map(|answer| (answer.image, answer.findings)))
        })
    }

    /// Calls `sysupdate.customize`. The plugin must have the hook.
    ///
    /// # Errors
    /// [`Failure`] if there is no answer at all.
    pub fn customize_sysupdate(
        &self,
        context: &Context,
        config: &SysupdateConfig,
    ) -> Result<Outcome<SysupdateConfig>, Failure> {
        self.customize(Hook::Sysupdate, config, |store, instance| {
            let answer = self.plugin.functions.sysupdate(store, instance, (context, config))?;
            Ok(answer.map(|answer| (answer.config, answer.findings)))
        })
    }

    /// Calls `kubeadm.customize`. The plugin must have the hook.
    ///
    /// # Errors
    /// [`Failure`] if there is no answer at all.
    pub fn customize_kubeadm(
        &self,
        context: &Context,
        settings: &KubeadmSettings,
    ) -> Result<Outcome<KubeadmSettings>, Failure> {
        self.customize(Hook::Kubeadm, settings, |store, instance| {
            let answer = self.plugin.functions.kubeadm(store, instance, (context, settings))?;
            Ok(answer.map(|answer| (answer.settings, answer.findings)))
        })
    }

    /// Calls `policy.select`: what the review needs. The plugin must have the hook.
    ///
    /// # Errors
    /// [`Failure`] if there is no answer at all.
    pub fn select(&self, context: &Context) -> Result<Outcome<Interests>, Failure> {
        let ran = self.run(Hook::Policy, |store, instance| self.plugin.functions.select(store, instance, context))?;
        Ok(Outcome { value: Some(ran.answer), findings: Vec::new(), logs: ran.state.logs, fuel: ran.fuel })
    }

    /// Calls `policy.review`. The plugin must have the hook.
    ///
    /// # Errors
    /// [`Failure`] if there is no answer at all.
    pub fn review(&self, context: &Context, bundle: &Bundle) -> Result<Outcome<()>, Failure> {
        let ran =
            self.run(Hook::Policy, |store, instance| self.plugin.functions.review(store, instance, (context, bundle)))?;
        let site = Site::new(&self.plugin.name, Doing::Running(Hook::Policy));
        let findings = self.findings(&site, ran.answer)?;
        Ok(Outcome { value: Some(()), findings, logs: ran.state.logs, fuel: ran.fuel })
    }

    fn customize<T: Answer>(
        &self,
        hook: Hook,
        question: &T,
        call: impl FnOnce(&mut Store<State>, &Instance) -> wasmtime::Result<Customized<(T, Vec<PluginDiagnostic>)>>,
    ) -> Result<Outcome<T>, Failure> {
        let Ran { answer, state, fuel } = self.run(hook, call)?;
        let site = Site::new(&self.plugin.name, Doing::Running(hook));
        match answer {
            Ok((value, findings)) => {
                let broken = value.check(question);
                let value = broken.is_empty().then_some(value);
                let mut findings = self.findings(&site, findings)?;
                findings.extend(finding::about_answer(&site, broken));
                Ok(Outcome { value, findings, logs: state.logs, fuel })
            }
            // Some languages turn an uncaught exception into an empty list of errors.
            Err(findings) if !findings.iter().any(|finding| finding.severity == Severity::Error) => {
                Err(failure::refused_silently(&site, &state).into())
            }
            Err(findings) => {
                Ok(Outcome { value: None, findings: self.findings(&site, findings)?, logs: state.logs, fuel })
            }
        }
    }

    /// None is dropped: an error among them may be what the policy is for. More than the limit end the call.
    fn findings(&self, site: &Site, findings: Vec<PluginDiagnostic>) -> Result<Vec<Finding>, Failure> {
        let limits = &self.plugin.limits;
        if findings.len() as u64 > limits.findings {
            let wanted = Some(format!("it gave {}", findings.len()));
            return Err(failure::limit_hit(site, limits, Limit::Findings, wanted).into());
        }
        Ok(finding::from_plugin(site, findings))
    }

    fn run<T>(
        &self,
        hook: Hook,
        call: impl FnOnce(&mut Store<State>, &Instance) -> wasmtime::Result<T>,
    ) -> Result<Ran<T>, Failure> {
        let limits = &self.plugin.limits;
        let left = self.fuel_left.load(Ordering::Relaxed);
        let (source, fuel) = if left < limits.fuel { (Limit::TotalFuel, left) } else { (Limit::Fuel, limits.fuel) };
        let ran = self.plugin.run(Doing::Running(hook), limits, source, fuel, call);
        let (Ok(Ran { fuel: used, .. }) | Err(Stopped { fuel: used, .. })) = &ran;
        let spend = |left: u64| Some(left.saturating_sub(*used));
        // Cannot fail: the closure always gives a value.
        let _ = self.fuel_left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, spend);
        ran.map_err(|stopped| stopped.failure)
    }
}
