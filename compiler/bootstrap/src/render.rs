//! The whole rendering: template → CLC → Ignition 2.3, and the user's config appended.

use std::collections::BTreeMap;

use flatwright_ignition::clc::{self, Options, Stage};
use flatwright_ignition::ignition2::Config;

use crate::append::append;
use crate::input::Input;
use crate::machine::Failure;
use crate::provider::CapiVersion;
use crate::rules::Refused;
use crate::template;

/// What one machine's bootstrap Secret holds, and what it was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendering {
    /// The provider's CLC; absent if the template failed.
    pub clc: Option<String>,
    /// The Ignition 2.3 config, or why there is none.
    pub ignition: Result<Config, Failure>,
    /// Warnings about the user's config, which only the controller's log shows.
    pub warnings: String,
}

/// The provider's CLC text.
///
/// # Errors
/// The provider's message for mounts that its template cannot read.
pub fn clc_text(input: &Input, capi: CapiVersion) -> Result<String, Failure> {
    template::render(input, capi).map_err(Failure::new)
}

/// Renders one machine's bootstrap data.
pub fn render(input: &Input, capi: CapiVersion) -> Rendering {
    Renderer::default().render(input, capi)
}

/// Renders several machines, whose users' configs are mostly the same: each is translated once.
#[derive(Debug, Default)]
pub struct Renderer {
    additional: BTreeMap<(String, bool), Result<(Config, String), Failure>>,
}

impl Renderer {
    /// Renders one machine's bootstrap data.
    pub fn render(&mut self, input: &Input, capi: CapiVersion) -> Rendering {
        let (mut clc, mut warnings) = (None, String::new());
        let ignition = run(self, input, capi, &mut clc, &mut warnings);
        Rendering { clc, ignition, warnings }
    }

    fn additional(&mut self, text: &str, is_strict: bool) -> Result<(Config, String), Failure> {
        let known = self.additional.entry((text.to_owned(), is_strict));
        known.or_insert_with(|| translate(text, is_strict, Of::User)).clone()
    }
}

fn run(
    renderer: &mut Renderer,
    input: &Input,
    capi: CapiVersion,
    clc: &mut Option<String>,
    warnings: &mut String,
) -> Result<Config, Failure> {
    let text = clc_text(input, capi)?;
    // The provider wrote the base itself, so it takes any warning there for an error.
    let base = translate(&text, true, Of::Provider);
    *clc = Some(text);
    let (mut config, _) = base?;
    if !input.additional_config.is_empty() {
        let (extra, told) = renderer.additional(&input.additional_config, input.strict == Some(true))?;
        *warnings = told;
        config = append(config, extra);
    }
    Ok(config)
}

/// Whose config is translated.
#[derive(Clone, Copy)]
enum Of {
    Provider,
    User,
}

fn translate(text: &str, is_strict: bool, of: Of) -> Result<(Config, String), Failure> {
    let translation = clc::translate(text.as_bytes(), &Options { strict: is_strict, ..Options::default() });
    let report = translation.report();
    let stage = match translation.failed {
        Some(Stage::Convert) => "error converting to Ignition",
        _ => "error parsing Container Linux Config",
    };
    match translation.config {
        Some(config) => Ok((config, report)),
        None => {
            let problems = translation.entries.iter().map(|entry| entry.problem.clone()).collect();
            Err(match of {
                Of::Provider => Failure::new(Refused::Generated { stage, report, problems }),
                Of::User => Failure {
                    entries: translation.entries,
                    ..Failure::new(Refused::Additional { stage, report, problems })
                },
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::File;

    #[test]
    fn a_file_without_permissions_fails_in_the_base() {
        let input = Input { write_files: vec![File { path: "/a".into(), ..File::default() }], ..Input::default() };
        let failure = render(&input, CapiVersion::Main).ignition.expect_err("invariant: strict");
        let words = failure.to_string();
        assert!(
            words.starts_with("building Ignition config: converting generated CLC to Ignition: error parsing"),
            "{words}"
        );
    }

    #[test]
    fn the_users_units_come_after_the_providers() {
        let additional_config = "systemd: {units: [{name: kubeadm.service, mask: true}]}".into();
        let rendering = render(&Input { additional_config, ..Input::default() }, CapiVersion::V1_14_0);
        let units = rendering.ignition.map(|config| config.systemd.units).unwrap_or_default();
        assert_eq!(units.iter().map(|unit| unit.mask).collect::<Vec<_>>(), [false, true]);
    }
}
