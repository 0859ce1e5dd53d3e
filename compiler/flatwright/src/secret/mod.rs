//! What nobody may read in a report, a trace or a log.
//!
//! Owns: values of environment variables, quoted as they are written ([`Written`]), and secret settings of plugins, whose texts are replaced in what those plugins say
//! ([`Secrets`], which the law for plugins has), and fields that are secret by their type ([`withheld`]). Must not: decide what is a secret; the spec's types and the plugins' schemas do.

pub(crate) mod withheld;
mod written;

pub(crate) use flatwright_plugin_law::mask::{LEAST, Secret, Secrets, shown};
pub(crate) use written::Written;
