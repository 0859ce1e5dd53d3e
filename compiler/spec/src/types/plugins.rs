//! Plugins: WebAssembly components that customize images, sysupdate and kubeadm, or review the result.

use flatwright_diagnostic::Traced;

use super::*;
use crate::decode::{AnyValue, Int, record};

/// A limit, and the most that the plugin host can give.
pub type Amount<const MOST: i64> = Int<1, MOST>;

record! {
    /// A plugin. Plugins run in the order of the list; each sees what the one before left.
    pub struct Plugin {
        /// Its name in messages, unique.
        "name" name: Traced<Label>,
        /// The component: a `.wasm` file relative to the spec.
        "source" source: Traced<LocalPath>,
        /// What the file must hash to: 64 hexadecimal digits, as `sha256sum` prints them. Recommended.
        "sha256" sha256: Maybe<Sha256>,
        /// Its settings, checked against the schema that the plugin declares.
        "settings" settings: Option<AnyValue>,
        /// Limits the plugin to some node groups. Cluster-wide hooks run anyway.
        "match" matching: Option<PluginMatch>,
        /// What it may use up.
        "limits" limits: Option<PluginLimits>,
    }
}

record! {
    /// Which node groups a plugin may change.
    pub struct PluginMatch {
        /// Groups with these roles. Default: all.
        "roles" roles: Vec<Traced<Role>>,
        /// These pools. Default: all.
        "pools" pools: Vec<Traced<Label>>,
    }
}

record! {
    /// What a plugin may use up. Each limit has its own diagnostic code.
    pub struct PluginLimits {
        /// Instructions of one call, in wasmtime's units of fuel; about 15 billion a second. Default: 10000000000.
        "fuel" fuel: Maybe<Amount<10_000_000_000_000>>,
        /// Instructions of all calls of one compile together. Default: 100000000000.
        "totalFuel" total_fuel: Maybe<Amount<10_000_000_000_000>>,
        /// Linear memory of one call, in MiB. Default: 128.
        "memoryMiB" memory: Maybe<Amount<1_024>>,
        /// Elements of all tables of one call. Default: 100000.
        "tableElements" table_elements: Maybe<Amount<1_000_000>>,
        /// Data that may be copied out of a call, in MiB. Default: 16.
        "answerMiB" answer: Maybe<Amount<256>>,
        /// Findings of one call; more end it. Default: 100000.
        "findings" findings: Maybe<Amount<1_000_000>>,
        /// Log lines of one call. Default: 1000.
        "logLines" log_lines: Maybe<Amount<1_000_000>>,
        /// Log text of one call, in KiB. Default: 256.
        "logKiB" log: Maybe<Amount<262_144>>,
        /// Wall-clock seconds of one call. A guest cannot be stopped from outside, so the process ends. Default: 60.
        "seconds" seconds: Maybe<Amount<3_600>>,
        /// Address space of the process that compiles the component, in MiB. Default: 1536.
        "compileMemoryMiB" compile_memory: Maybe<Amount<65_536>>,
        /// Wall-clock seconds for compiling the component. Default: 60.
        "compileSeconds" compile_seconds: Maybe<Amount<3_600>>,
    }
}
