//! What a compile would say of an answer: the same rules, asked about a case.

use flatwright_diagnostic::{Code, Path};
use flatwright_flatcar::arch;
use flatwright_plugin_host::Finding;
use flatwright_plugin_host::model::cluster::{Architecture, Context, Flavor, Target};
use flatwright_plugin_host::model::findings::Place;
use flatwright_plugin_host::model::meta::Description;
use flatwright_plugin_law::settings::problems;
use flatwright_plugin_law::{Facts, Judge, Sample, judge, steps_that_can_be};

use crate::said::Said;

const ERROR: &str = "error";

/// What the plugin's own schema refuses of the settings; then no hook is asked.
pub(crate) fn settings(description: &Description, settings: &str) -> Vec<Said> {
    let Some(schema) = &description.settings_schema else { return Vec::new() };
    let Ok(settings) = serde_json::from_str(settings) else { return Vec::new() };
    match problems(schema, &settings) {
        Ok(problems) => problems
            .into_iter()
            .map(|problem| {
                let mut told = Said::new(ERROR, problem.fact, Place::Settings(problem.path.to_string()));
                told.hints.extend(problem.hint);
                told
            })
            .collect(),
        Err(reason) => {
            vec![Said::new(ERROR, format!("the settings schema is not a JSON Schema: {reason}"), Place::Plugin)]
        }
    }
}

/// What could not stand in a spec either.
pub(crate) fn answer<T: Judge>(context: &Context, question: &T, answer: &T) -> Vec<Said> {
    let group = match context.target {
        Target::Group(index) => context.groups.iter().find(|group| group.index == index),
        _ => None,
    };
    let facts = Facts {
        architecture: group.map(|group| match group.architecture {
            Architecture::Arm64 => arch::Architecture::Arm64,
            _ => arch::Architecture::Amd64,
        }),
        release: group.and_then(|group| group.flatcar.version.as_deref()?.parse().ok()),
        has_extension: context.flavor == Flavor::FlatcarSysext,
        // A case does not say who reboots nodes, or what the flavor writes beside what the hook is shown.
        is_rebooted: true,
        owned: Box::new(|_| false),
    };
    let refusals = judge(question, answer, &facts);
    refusals
        .into_iter()
        .map(|refusal| {
            let finding = refusal.finding;
            let mut told = Said::new(finding.severity.word(), finding.message, Place::Value(refusal.field));
            (told.notes, told.hints) = (finding.notes, finding.hints);
            told
        })
        .collect()
}

/// Paths of findings that no value of the hook can have: a compile would shorten them.
pub(crate) fn paths<T: Sample>(findings: &[Finding]) -> Vec<Said> {
    let wrong = findings.iter().filter_map(|finding| {
        let Place::Value(written) = &finding.place else { return None };
        let path = Path::parse(written);
        let known = steps_that_can_be::<T>(&path);
        (known < path.segments().len()).then(|| {
            let kept: Path = path.segments().iter().take(known).cloned().collect();
            let fact = format!("a finding is about `{path}`, which no value of the hook has");
            let mut told = Said::new(ERROR, fact, Place::Plugin);
            told.notes.push(if kept.is_root() {
                "there is nothing of that name".to_owned()
            } else {
                format!("there is `{kept}`")
            });
            told
        })
    });
    wrong.collect()
}

/// Codes that are not: a compile would show the finding without one.
pub(crate) fn codes(findings: &[Finding]) -> impl Iterator<Item = Said> {
    let codes = findings.iter().filter_map(|finding| finding.code.as_deref()).filter(|code| !Code::is_name(code));
    codes.map(|code| {
        let mut told = Said::new(ERROR, format!("`{code}` is not the code of a finding"), Place::Plugin);
        told.hints.push("write lower-case words joined by dashes, such as `public-ip-address`".to_owned());
        told
    })
}
