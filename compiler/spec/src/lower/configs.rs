//! The user's machine configs: files read, texts in place carried along. Their content is judged when they are composed.

use flatwright_diagnostic::{Origin, Report};
use flatwright_plan as plan;

use super::Context;
use crate::rules::UnreadableFile;
use crate::types::{ConfigSource, MachineProfile};

pub(super) fn lower(context: &Context<'_>, profile: &MachineProfile, report: &mut Report) -> Vec<plan::UserConfig> {
    let languages = [
        (plan::ConfigFormat::Butane, &profile.butane),
        (plan::ConfigFormat::Ignition, &profile.ignition),
        (plan::ConfigFormat::Clc, &profile.clc),
    ];
    let sources =
        languages.into_iter().flat_map(|(format, sources)| sources.0.iter().map(move |source| (format, source)));
    sources.filter_map(|(format, source)| config(context, format, source, report)).collect()
}

fn config(
    context: &Context<'_>,
    format: plan::ConfigFormat,
    source: &ConfigSource,
    report: &mut Report,
) -> Option<plan::UserConfig> {
    match source {
        ConfigSource::Inline(origin, text) => {
            let Origin::Source(id, _) = origin else { return None };
            let text = text.clone().into_bytes();
            Some(plan::UserConfig { format, text, directory: String::new(), source: *id, origin: *origin })
        }
        ConfigSource::File(path) => match (context.inputs.read_file)(path.as_str()) {
            Ok(file) => {
                let directory = path.as_str().rsplit_once('/').map_or("", |(directory, _)| directory).to_owned();
                Some(plan::UserConfig { format, text: file.bytes, directory, source: file.source, origin: path.origin })
            }
            Err(reason) => {
                if let Some(anchor) = path.origin.anchor() {
                    report.refuse(anchor, &UnreadableFile::File { path: path.as_str().to_owned(), reason });
                }
                None
            }
        },
    }
}
