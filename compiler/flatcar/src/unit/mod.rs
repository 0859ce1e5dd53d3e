//! systemd units and drop-ins: names, keys, values, and what makes systemd refuse or ignore them.
//!
//! Owns: everything systemd knows of a unit without looking at the machine. Must not: know how a unit gets there.

mod calendar;
mod check;
mod command;
mod effects;
mod keys;
mod kind_rules;
mod name;
mod schedule;
mod types;
mod value;
mod words;
mod zone;

pub use calendar::{Calendar, InvalidCalendar, check_calendar};
pub use check::{UnitFile, check};
pub use effects::{is_unstable_device, unstable_device};
pub use name::{UnitKind, escape, escape_path, is_valid_unit_name, path_unit_name};
pub use schedule::{calendar_findings, zone_finding};
pub use value::{is_boolean, is_mode, is_time_span};
pub use zone::{Zone, zone, zones_version};
