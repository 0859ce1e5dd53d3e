//! What a plugin may use up, and how a user raises it.
//!
//! Owns: the limits, their defaults, their ceilings, and the key of each in the spec. Defaults leave room for interpreters compiled to WebAssembly (Python,
//! JavaScript); a plugin in Rust needs a thousandth of them.

use flatwright_diagnostic::Code;
use serde::{Deserialize, Serialize};

use crate::fault::Fault;

/// The largest memory limit: what a slot of the pool can hold.
pub(crate) const MOST_MEMORY_MIB: u64 = 1_024;
/// The largest table limit: what a slot of the pool can hold.
pub(crate) const MOST_TABLE_ELEMENTS: u64 = 1_000_000;
/// Parts of one component. The largest real ones (Python with its libraries) need fewer than half.
pub(crate) const MOST_CORE_INSTANCES: u32 = 64;
pub(crate) const MOST_MEMORIES: u32 = 4;
pub(crate) const MOST_TABLES: u32 = 16;

/// The limits of one plugin: `spec.plugins[].limits`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Limits {
    /// Instructions of one call, in wasmtime's units of fuel; about 15 billion a second.
    pub fuel: u64,
    /// Instructions of all calls of one compile together.
    #[serde(rename = "totalFuel")]
    pub total_fuel: u64,
    /// Linear memory of one call, in MiB.
    #[serde(rename = "memoryMiB")]
    pub memory_mib: u64,
    /// Elements of all tables of one call.
    pub table_elements: u64,
    /// Data that may be copied out of a call, in MiB: its answer, or one log line.
    #[serde(rename = "answerMiB")]
    pub answer_mib: u64,
    /// Findings of one call.
    pub findings: u64,
    /// Log lines of one call.
    pub log_lines: u64,
    /// Log text of one call, in KiB.
    #[serde(rename = "logKiB")]
    pub log_kib: u64,
    /// Wall-clock seconds of one call. A guest cannot be stopped from outside, so the process ends.
    pub seconds: u64,
    /// Address space of the process that compiles the component, in MiB.
    #[serde(rename = "compileMemoryMiB")]
    pub compile_memory_mib: u64,
    /// Seconds of processor time for compiling the component, of all threads together. Ten times that by the clock on the wall is the last resort.
    pub compile_seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            fuel: 10_000_000_000,
            total_fuel: 100_000_000_000,
            memory_mib: 128,
            table_elements: 100_000,
            answer_mib: 16,
            findings: 100_000,
            log_lines: 1_000,
            log_kib: 256,
            seconds: 60,
            compile_memory_mib: 1_536,
            // A Python plugin of 19 MB took 17 to 20 s, measured in a debug build on two cores beside other work: this leaves room for a far slower machine.
            compile_seconds: 120,
        }
    }
}

impl Limits {
    /// What `describe` gets: it runs before the user has agreed to anything, and has nothing to compute.
    #[must_use]
    pub fn for_describe(&self) -> Self {
        let most = |limit: Limit| self.value(limit).min(limit.ceiling_for_describe());
        Self {
            fuel: most(Limit::Fuel),
            answer_mib: most(Limit::Answer),
            log_lines: most(Limit::LogLines),
            log_kib: most(Limit::LogBytes),
            ..self.clone()
        }
    }

    /// How long compiling may last by the clock on the wall, in seconds.
    pub const fn wall_compile_seconds(&self) -> u64 {
        self.compile_seconds.saturating_mul(10)
    }

    /// The value of one limit.
    pub fn value(&self, limit: Limit) -> u64 {
        match limit {
            Limit::Fuel => self.fuel,
            Limit::TotalFuel => self.total_fuel,
            Limit::Memory => self.memory_mib,
            Limit::TableElements => self.table_elements,
            Limit::Answer => self.answer_mib,
            Limit::Findings => self.findings,
            Limit::LogLines => self.log_lines,
            Limit::LogBytes => self.log_kib,
            Limit::Seconds => self.seconds,
            Limit::CompileMemory => self.compile_memory_mib,
            Limit::CompileSeconds => self.compile_seconds,
        }
    }

    /// Every limit lowered to its ceiling and raised to 1, so that no spec can ask the host for what it cannot give.
    #[must_use]
    pub fn clamped(&self) -> Self {
        let clamp = |limit: Limit| self.value(limit).clamp(1, limit.ceiling());
        Self {
            fuel: clamp(Limit::Fuel),
            total_fuel: clamp(Limit::TotalFuel),
            memory_mib: clamp(Limit::Memory),
            table_elements: clamp(Limit::TableElements),
            answer_mib: clamp(Limit::Answer),
            findings: clamp(Limit::Findings),
            log_lines: clamp(Limit::LogLines),
            log_kib: clamp(Limit::LogBytes),
            seconds: clamp(Limit::Seconds),
            compile_memory_mib: clamp(Limit::CompileMemory),
            compile_seconds: clamp(Limit::CompileSeconds),
        }
    }
}

/// One limit that a plugin can hit and a user can raise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Limit {
    /// [`Limits::fuel`].
    Fuel,
    /// [`Limits::total_fuel`].
    TotalFuel,
    /// [`Limits::memory_mib`].
    Memory,
    /// [`Limits::table_elements`].
    TableElements,
    /// [`Limits::answer_mib`].
    Answer,
    /// [`Limits::findings`].
    Findings,
    /// [`Limits::log_lines`].
    LogLines,
    /// [`Limits::log_kib`].
    LogBytes,
    /// [`Limits::seconds`].
    Seconds,
    /// [`Limits::compile_memory_mib`].
    CompileMemory,
    /// [`Limits::compile_seconds`].
    CompileSeconds,
}

impl Limit {
    /// Every limit, in the order of the spec.
    pub const ALL: [Self; 11] = [
        Self::Fuel,
        Self::TotalFuel,
        Self::Memory,
        Self::TableElements,
        Self::Answer,
        Self::Findings,
        Self::LogLines,
        Self::LogBytes,
        Self::Seconds,
        Self::CompileMemory,
        Self::CompileSeconds,
    ];

    /// The key below `spec.plugins[].limits`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Fuel => "fuel",
            Self::TotalFuel => "totalFuel",
            Self::Memory => "memoryMiB",
            Self::TableElements => "tableElements",
            Self::Answer => "answerMiB",
            Self::Findings => "findings",
            Self::LogLines => "logLines",
            Self::LogBytes => "logKiB",
            Self::Seconds => "seconds",
            Self::CompileMemory => "compileMemoryMiB",
            Self::CompileSeconds => "compileSeconds",
        }
    }

    /// The code of the diagnostic that says it was hit.
    pub const fn code(self) -> Code {
        match self {
            Self::Fuel => Fault::FUEL_LIMIT,
            Self::TotalFuel => Fault::TOTAL_FUEL_LIMIT,
            Self::Memory => Fault::MEMORY_LIMIT,
            Self::TableElements => Fault::TABLE_LIMIT,
            Self::Answer => Fault::ANSWER_LIMIT,
            Self::Findings => Fault::FINDINGS_LIMIT,
            Self::LogLines | Self::LogBytes => Fault::LOG_LIMIT,
            Self::Seconds => Fault::TIME_LIMIT,
            Self::CompileMemory => Fault::COMPILE_MEMORY_LIMIT,
            Self::CompileSeconds => Fault::COMPILE_TIME_LIMIT,
        }
    }

    /// The most a spec may ask for. Memory is bounded by the pool's slots, the rest by what a build pipeline can bear.
    pub const fn ceiling(self) -> u64 {
        match self {
            Self::Fuel | Self::TotalFuel => 10_000_000_000_000,
            Self::Memory => MOST_MEMORY_MIB,
            Self::TableElements => MOST_TABLE_ELEMENTS,
            Self::Answer => 256,
            Self::Findings | Self::LogLines => 1_000_000,
            Self::LogBytes => 262_144,
            Self::Seconds | Self::CompileSeconds => 3_600,
            Self::CompileMemory => 65_536,
        }
    }

    /// The most that `describe` gets, whatever a spec asks for.
    pub const fn ceiling_for_describe(self) -> u64 {
        match self {
            Self::Fuel => 1_000_000_000,
            Self::Answer => 1,
            Self::LogLines => 100,
            Self::LogBytes => 16,
            other => other.ceiling(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_within_the_ceilings() {
        assert_eq!(Limits::default().clamped(), Limits::default());
    }

    #[test]
    fn every_key_is_a_field_of_the_serialized_form() {
        let json = serde_json::to_value(Limits::default()).expect("serializes");
        for limit in Limit::ALL {
            assert_eq!(json[limit.key()], Limits::default().value(limit), "{limit:?}");
        }
        assert_eq!(json.as_object().map(serde_json::Map::len), Some(Limit::ALL.len()));
    }

    #[test]
    fn absurd_wishes_are_clamped() {
        let absurd = Limits { memory_mib: u64::MAX, fuel: 0, ..Limits::default() };
        assert_eq!(absurd.clamped().memory_mib, Limit::Memory.ceiling());
        assert_eq!(absurd.clamped().fuel, 1);
    }
}
