//! Parts → one machine config per node group, for both routes.
//!
//! Owns: the merged config of a group ([`merge`]), what the bootstrap route can say of it ([`bootstrap`]), the findings of the languages the user wrote in
//! ([`user`]). Must not: decide what a machine needs; lowering and plugins did.
//!
//! Both routes start from one [`Config`] in Ignition 3 terms. The bootstrap route lowers it to Ignition 2.3 and writes that as Container Linux Config, byte-exact
//! on the node; the stand-alone route is the config itself.

mod bootstrap;
pub(crate) mod code;
mod compat;
mod flavor;
mod merge;
mod user;

pub(crate) use merge::{Kinded, parts};

use flatwright_capi::GroupTexts;
use flatwright_diagnostic::{Diagnostic, Origin, Report, Severity, Traced};
use flatwright_ignition::butane::FilesDir;
use flatwright_ignition::clc;
use flatwright_ignition::ignition3::{Config, to_json_pretty};
use flatwright_plan::{NodeGroup, Profile};

/// The files of a directory relative to the spec, if the world has any.
pub(crate) type Files<'w> = dyn Fn(&str) -> Option<Box<dyn FilesDir + 'w>> + 'w;

/// How to compose.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    /// Whose way of writing is followed.
    pub(crate) profile: Profile,
    /// Whether experimental versions of the user's languages are taken.
    pub(crate) allows_experimental: bool,
}

/// The composed machine config of a node group.
#[derive(Clone, Debug)]
pub struct Composed {
    /// Bootstrap route: what goes into the objects.
    pub texts: GroupTexts,
    /// Stand-alone route: Ignition 3.x.
    pub config: Config,
}

impl Composed {
    /// The stand-alone Ignition config as JSON, ending in a newline.
    pub fn ignition(&self) -> String {
        let mut text = to_json_pretty(&self.config);
        text.push('\n');
        text
    }
}

/// Composes the machine config of a group. Every problem of every part is reported.
pub(crate) fn compose(group: &NodeGroup, style: Style, files: &Files<'_>, report: &mut Report) -> Option<Composed> {
    let mut merged = merge::Merged::new(flavor::config(&group.machine_config));
    for config in &group.user_configs {
        if let Some(read) = user::read(config, style.allows_experimental, files, report) {
            merged.add(read, config, report);
        }
    }
    merged.check_bootstrap_files(group, report);
    let config = merged.finish(report);
    // Lowered even after a conflict, so that one run also tells what the route cannot carry.
    let text = if style.profile == Profile::Capz && group.user_configs.is_empty() {
        flatwright_yaml::emit(&compat::document(&group.machine_config))
    } else {
        container_linux_config(&config, group, report)?
    };
    let origin =
        group.user_configs.first().map_or(Origin::Default("the flavor's own machine config"), |config| config.origin);
    Some(Composed { texts: GroupTexts { additional_config: Traced::new(text, origin) }, config })
}

fn container_linux_config(config: &Config, group: &NodeGroup, report: &mut Report) -> Option<String> {
    let lowered = bootstrap::lower(config, group, report)?;
    match clc::write(&lowered) {
        Ok(text) => Some(text),
        Err(errors) => {
            for error in errors {
                refuse(report, group, error.message).within(error.path);
            }
            None
        }
    }
}

/// A construct that the bootstrap route cannot carry, at the user's config.
fn refuse<'r>(report: &'r mut Report, group: &NodeGroup, message: impl Into<String>) -> &'r mut Diagnostic {
    let mut diagnostic = Diagnostic::new(code::BOOTSTRAP_ROUTE, Severity::Error, message);
    let config = group.user_configs.last().map_or(group.origin, |config| config.origin);
    diagnostic.anchor = config.anchor();
    diagnostic.note("Cluster API carries machine configs as Ignition 2.3; the stand-alone Ignition config can say it");
    report.push(diagnostic)
}
