//! What lives beside one instance: its log and the gauge of its memory.

use serde::Serialize;
use wasmtime::{ResourceLimiter, Result};

use crate::limits::{Limit, Limits, MOST_CORE_INSTANCES, MOST_MEMORIES, MOST_TABLES};
use crate::model::log::Level;
use crate::text::line;

/// One line that a plugin logged, already fit to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LogLine {
    /// How much it matters.
    pub level: Level,
    /// The text, escaped.
    pub message: String,
}

/// The host's side of one call.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) logs: Vec<LogLine>,
    log_bytes: u64,
    most_log_lines: u64,
    most_log_bytes: u64,
    pub(crate) memory: Gauge,
    pub(crate) tables: Gauge,
    /// The limit that a log line exceeded, which ended the call.
    pub(crate) log_overflow: Option<Limit>,
}

/// Refusals after which a guest is asking without end. Asking costs it next to no fuel, and the host much more.
const MOST_REFUSALS: u32 = 1_000;

/// A sum with a bound, and the first request that was refused.
#[derive(Debug, Default)]
pub(crate) struct Gauge {
    used: u64,
    most: u64,
    /// The total that was asked for when it was refused.
    pub(crate) refused: Option<u64>,
    refusals: u32,
}

impl Gauge {
    const fn new(most: u64) -> Self {
        Self { used: 0, most, refused: None, refusals: 0 }
    }

    /// Whether it may grow, which the guest learns; an error ends the call.
    fn grow(&mut self, current: usize, desired: usize) -> Result<bool> {
        let wanted = self.used.saturating_add(desired.saturating_sub(current) as u64);
        if wanted <= self.most {
            self.used = wanted;
            return Ok(true);
        }
        self.refused.get_or_insert(wanted);
        self.refusals += 1;
        if self.refusals > MOST_REFUSALS { Err(wasmtime::Error::msg("it asks without end")) } else { Ok(false) }
    }
}

impl State {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            most_log_lines: limits.log_lines,
            most_log_bytes: limits.log_kib << 10,
            memory: Gauge::new(limits.memory_mib << 20),
            tables: Gauge::new(limits.table_elements),
            ..Self::default()
        }
    }

    /// Keeps a log line, or ends the call: a million log calls cost a guest next to no fuel.
    pub(crate) fn log(&mut self, level: Level, message: &str) -> Result<()> {
        self.log_bytes += message.len() as u64;
        let overflow = if self.logs.len() as u64 >= self.most_log_lines {
            Some(Limit::LogLines)
        } else if self.log_bytes > self.most_log_bytes {
            Some(Limit::LogBytes)
        } else {
            None
        };
        if overflow.is_some() {
            self.log_overflow = overflow;
            return Err(wasmtime::Error::msg("the log is full"));
        }
        self.logs.push(LogLine { level, message: line(message) });
        Ok(())
    }
}

impl ResourceLimiter for State {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> Result<bool> {
        self.memory.grow(current, desired)
    }

    fn table_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> Result<bool> {
        self.tables.grow(current, desired)
    }

    // The pool has the same bounds; these hold where instances are allocated on demand.
    fn instances(&self) -> usize {
        MOST_CORE_INSTANCES as usize
    }

    fn memories(&self) -> usize {
        MOST_MEMORIES as usize
    }

    fn tables(&self) -> usize {
        MOST_TABLES as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_ends_at_either_limit() {
        let mut few = State::new(&Limits { log_lines: 2, ..Limits::default() });
        assert!(few.log(Level::Info, "a").is_ok() && few.log(Level::Info, "b").is_ok());
        assert!(few.log(Level::Info, "c").is_err());
        assert_eq!(few.log_overflow, Some(Limit::LogLines));
        let mut short = State::new(&Limits { log_kib: 1, ..Limits::default() });
        assert!(short.log(Level::Info, &"x".repeat(1_025)).is_err());
        assert_eq!(short.log_overflow, Some(Limit::LogBytes));
    }

    #[test]
    fn the_first_refusal_is_remembered() {
        let mut state = State::new(&Limits { memory_mib: 1, ..Limits::default() });
        assert!(state.memory_growing(0, 1 << 20, None).is_ok_and(|grown| grown));
        assert!(state.memory_growing(0, 1, None).is_ok_and(|grown| !grown));
        assert!(state.memory_growing(0, 1 << 30, None).is_ok_and(|grown| !grown));
        assert_eq!(state.memory.refused, Some((1 << 20) + 1));
    }
}
