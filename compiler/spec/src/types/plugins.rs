//! Plugins: WebAssembly components that customize images, sysupdate and kubeadm, or review the result.

use std::ops::Deref;

use flatwright_diagnostic::{NodeId, Origin, Traced};
use flatwright_shape::Definitions;

use super::*;
use crate::decode::{AnyText, AnyValue, Decode, Decoder, Int, Keywords, KiB, MiB, One, Record, Second};
use crate::rules::InvalidValue;

/// A limit, and the most that the plugin host can give.
pub type Amount<const MOST: i64, U = One> = Int<1, MOST, U>;

/// A plugin. Plugins run in the order of the list; each sees what the one before left.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct Plugin {
    /// Where the mapping stands.
    pub origin: Origin,
    /// Its name in messages, unique.
    pub name: Traced<Label>,
    /// The component: a `.wasm` file relative to the spec.
    pub source: Traced<LocalPath>,
    /// What the file must hash to: 64 hexadecimal digits, as `sha256sum` prints them, or `sha256:` and the digits. Recommended.
    pub sha256: Maybe<Sha256>,
    /// Its settings, checked against the schema that the plugin declares.
    pub settings: Option<AnyValue>,
    /// Limits the plugin to some node groups: what it may change, and which objects and machine configs a policy gets. Calls for the cluster as a whole are made anyway.
    #[key("match")]
    pub matching: Option<PluginMatch>,
    /// Codes of this plugin's own whose errors `spec.waivers` may silence, one place at a time. Default: none.
    pub waivable: Vec<Traced<PluginCode>>,
    /// What it may use up.
    pub limits: Option<PluginLimits>,
}

/// An error of a policy that does not count, at one place. Every report shows it with the reason.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct Waiver {
    /// Where the mapping stands.
    pub origin: Origin,
    /// The code as reports show it: `plugin-finding/<plugin>/<code>`. The plugin's entry must list it in `waivable`.
    pub code: Traced<WaivedCode>,
    /// The place, as the finding names it.
    pub place: Traced<AnyText>,
    /// Why the error does not count.
    pub reason: Traced<Reason>,
    /// The last day on which the waiver holds, such as `2027-01-31`. Default: it holds without end.
    pub until: Maybe<Day>,
}

/// Policies from outside of a spec, which its author can neither remove nor change: `--policies FILE`.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct FlatcarPolicies {
    /// Where the mapping stands.
    pub origin: Origin,
    /// The version of this format.
    pub api_version: Traced<ApiVersion>,
    /// Always `FlatcarPolicies`.
    pub kind: Traced<PoliciesKind>,
    /// The plugins. Their files lie beside this one; only their `policy` hook is asked.
    pub plugins: Vec<Plugin>,
}

/// The kinds of documents that hold policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Keywords)]
pub enum PoliciesKind {
    /// Policies from outside of a spec.
    FlatcarPolicies,
}

/// Which node groups a plugin may change.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct PluginMatch {
    /// Where the mapping stands.
    pub origin: Origin,
    /// Groups with these roles. Default: all.
    pub roles: Choice<Traced<Role>>,
    /// These pools. Default: all.
    pub pools: Choice<Traced<Label>>,
}

/// What is chosen; nothing if the key is absent, which means all. An empty list would look like "none" and is an error.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choice<T>(pub Vec<T>);

impl<T: Decode> Decode for Choice<T> {
    fn decode(decoder: &mut Decoder<'_>, node: NodeId) -> Option<Self> {
        let chosen: Vec<T> = Vec::decode(decoder, node)?;
        if chosen.is_empty() {
            decoder.refuse(node, &InvalidValue::EmptyChoice).hint("remove the key if all are meant");
        }
        Some(Self(chosen))
    }

    fn shape(definitions: &mut Definitions) -> serde_json::Value {
        let mut shape = Vec::<T>::shape(definitions);
        shape["minItems"] = 1.into();
        shape
    }

    fn absent() -> Option<Self> {
        Some(Self(Vec::new()))
    }
}

impl<T> Deref for Choice<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

/// What a plugin may use up. Each limit has its own diagnostic code.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct PluginLimits {
    /// Where the mapping stands.
    pub origin: Origin,
    /// Instructions of one call, in wasmtime's units of fuel; about 15 billion a second. Default: 10000000000.
    pub fuel: Maybe<Amount<10_000_000_000_000>>,
    /// Instructions of all calls of one compile together. Default: 100000000000.
    pub total_fuel: Maybe<Amount<10_000_000_000_000>>,
    /// Linear memory of one call, in MiB. Default: 128.
    #[key("memoryMiB")]
    pub memory: Maybe<Amount<1_024, MiB>>,
    /// Elements of all tables of one call. Default: 100000.
    pub table_elements: Maybe<Amount<1_000_000>>,
    /// Data that may be copied out of a call, in MiB. Default: 16.
    #[key("answerMiB")]
    pub answer: Maybe<Amount<256, MiB>>,
    /// Findings of one call; more end it. Default: 100000.
    pub findings: Maybe<Amount<1_000_000>>,
    /// Log lines of one call. Default: 1000.
    pub log_lines: Maybe<Amount<1_000_000>>,
    /// Log text of one call, in KiB. Default: 256.
    #[key("logKiB")]
    pub log: Maybe<Amount<262_144, KiB>>,
    /// Wall-clock seconds of one call. A guest cannot be stopped from outside, so the process ends. Default: 60.
    pub seconds: Maybe<Amount<3_600, Second>>,
    /// Address space of the process that compiles the component, in MiB. Default: 1536.
    #[key("compileMemoryMiB")]
    pub compile_memory: Maybe<Amount<65_536, MiB>>,
    /// Seconds of processor time for compiling the component, of all threads together; ten times that by the clock on the wall is the last resort. Default: 120.
    pub compile_seconds: Maybe<Amount<3_600, Second>>,
}
