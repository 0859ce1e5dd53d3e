//! What can be said of a template without any object: its syntax, its names, its calls.

use std::sync::LazyLock;

use flatwright_diagnostic::{Inner, Part};
use flatwright_go::sprig::{self, TextFunctions};
use flatwright_go::template::{self, BadCall, CallProblem, Functions, ParseError, Position, Problem, Table, Template};

use super::rule::ValuesTemplate;
use crate::check::Check;
use crate::field::Field;

/// Everything that a template may call.
static FUNCTIONS: LazyLock<&Table> = LazyLock::new(|| TextFunctions.table());

/// Functions that charts have, because Helm adds them to its own engine.
const OF_HELM: &[&str] = &[
    "include",
    "tpl",
    "required",
    "lookup",
    "toYaml",
    "mustToYaml",
    "toYamlPretty",
    "fromYaml",
    "fromYamlArray",
    "toToml",
    "mustToToml",
    "fromToml",
    "fromJsonArray",
];

/// Reads a template as the provider does. The name of the whole is that of the chart and the cluster.
pub(super) fn parse(name: &str, text: &str) -> Result<Template, ParseError> {
    template::parse(name, text, &|name| FUNCTIONS.get(name).is_some())
}

pub(crate) fn check(check: &mut Check<'_>, values: &Field<'_>, chart: &str) {
    let Some(text) = values.text() else { return };
    // A placeholder may become anything, but rarely a different template.
    let is_final = !text.contains("${");
    match parse(chart, text) {
        Err(ParseError { problem: Problem::TooDeep, .. }) => {}
        Err(error) => unreadable(check, values, error, is_final),
        Ok(template) => {
            template::bad_calls(&template, &FUNCTIONS)
                .into_iter()
                .for_each(|call| bad_call(check, values, call, is_final));
        }
    }
}

/// Why Cluster API cannot read the template of a ClusterClass patch; it has the functions of Go, and those of sprig that always give the same.
pub(crate) fn problem_in_class(text: &str) -> Option<(Problem, Inner)> {
    let has_function = |name: &str| FUNCTIONS.get(name).is_some() && !sprig::WORLDLY.contains(&name);
    let error = template::parse("", text, &has_function).err()?;
    Some((error.problem, inner(error.position)))
}

/// Whether some call fails whatever the data: then nothing else is said.
pub(super) fn has_bad_calls(template: &Template) -> bool {
    !template::bad_calls(template, &FUNCTIONS).is_empty()
}

/// The place in the text.
pub(super) fn inner(position: Position) -> Inner {
    Inner::new(position.line, position.column)
}

fn unreadable(check: &mut Check<'_>, values: &Field<'_>, error: ParseError, is_final: bool) {
    let inner = inner(error.position);
    match error.problem {
        Problem::UnknownFunction(name) => {
            let is_of_helm = OF_HELM.contains(&name.as_str());
            let rule = ValuesTemplate::UnknownFunction { name: name.clone() };
            let finding = check.certain(is_final, values, &rule).inside(inner);
            if is_of_helm {
                finding.note("Helm adds it to the templates of charts; the add-on provider has the functions of Go and sprig only");
            }
            finding.did_you_mean(&name, Part::Inside(inner), FUNCTIONS.names());
        }
        Problem::UnknownVariable(name) => {
            let rule = ValuesTemplate::UnknownVariable { name: name.clone() };
            check
                .certain(is_final, values, &rule)
                .inside(inner)
                .hint(format!("declare it before, in the same block or around it: `{{{{ {name} := … }}}}`"));
        }
        problem => {
            check
                .certain(is_final, values, &ValuesTemplate::Syntax { problem: problem.to_string() })
                .inside(inner)
                .note("the add-on provider reads `valuesTemplate` as a Go template (package `text/template`)");
        }
    }
}

fn bad_call(check: &mut Check<'_>, values: &Field<'_>, call: BadCall, is_final: bool) {
    let BadCall { position, function, problem } = call;
    let rule = match problem {
        CallProblem::Count { has, needs, takes_more } => {
            let noun = if needs == 1 { "argument" } else { "arguments" };
            let takes = if takes_more { format!("at least {needs} {noun}") } else { format!("{needs} {noun}") };
            ValuesTemplate::ArgumentCount { function, takes, has }
        }
        CallProblem::Constant { written, wants } => {
            ValuesTemplate::ArgumentType { function, written, wants: wants.name() }
        }
    };
    check.certain(is_final, values, &rule).inside(inner(position));
}
