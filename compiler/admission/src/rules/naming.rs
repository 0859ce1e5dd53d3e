//! Templates of names (CAPI `internal/topology/names`): a Go template over a few fields, whose result must be an object name.

use flatwright_diagnostic::Rule;
use flatwright_kubernetes::name::dns_subdomain;

use crate::check::Check;
use crate::field::{Field, shown};

/// A template that gives not every machine a proper name of its own.
#[derive(Debug, Rule)]
#[rule(group = "admission-naming-template")]
pub(crate) enum NamingTemplate {
    /// One name for all.
    #[rule("name-template-without-random", "the name template has no `{{{{ .random }}}}`")]
    NoRandom,
    /// Names that no object may have.
    #[rule("name-template-result", "names from `{template}` are not object names")]
    Result { template: String },
    /// A field that is not there.
    #[rule("unknown-name-template-field", "`.{field}` is not a field of this name template")]
    UnknownField { field: String },
    /// An action without an end.
    #[rule("open-name-template", "the template has a `{{{{` without `}}}}`")]
    Open,
}

/// The names of machines, of which each must be another: the webhook looks for `{{ .random }}` letter by letter.
pub(crate) fn naming(check: &mut Check<'_>, template: &Field<'_>, fields: &[&str]) {
    if template.text().is_some_and(|text| !text.is_empty() && !text.contains("{{ .random }}")) {
        check
            .refuse(template, &NamingTemplate::NoRandom)
            .note("without it every machine would get the same name; blanks count")
            .hint("end the template with `-{{ .random }}`");
        return;
    }
    generated(check, template, fields);
}

/// Any name that is made from a template.
pub(crate) fn generated(check: &mut Check<'_>, template: &Field<'_>, fields: &[&str]) {
    let Some(text) = template.text().filter(|text| !text.is_empty()) else { return };
    match filled(text, fields) {
        Filled::Name(name) if dns_subdomain(&name).is_err() => {
            check
                .refuse(template, &NamingTemplate::Result { template: template.shown() })
                .hint("use lower-case letters, digits, `-` and `.` only");
        }
        Filled::Unknown(field) => {
            check
                .refuse(template, &NamingTemplate::UnknownField { field: shown(&field) })
                .hint(format!("use some of .{} and .random", fields.join(", .")));
        }
        Filled::Open => {
            check.refuse(template, &NamingTemplate::Open).hint("close every `{{` with `}}`");
        }
        Filled::Name(_) | Filled::More => {}
    }
}

enum Filled {
    /// The name with a letter for each field.
    Name(String),
    /// A field that the template does not have.
    Unknown(String),
    Open,
    /// More than plain fields: only the renderer could tell.
    More,
}

fn filled(text: &str, fields: &[&str]) -> Filled {
    let mut name = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((action, tail)) = after.split_once("}}") else { return Filled::Open };
        let Some(field) = action.trim().strip_prefix('.') else { return Filled::More };
        if !field.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.') {
            return Filled::More;
        }
        if field != "random" && !fields.contains(&field) {
            return Filled::Unknown(field.to_owned());
        }
        name.push_str(before);
        name.push('a');
        rest = tail;
    }
    name.push_str(rest);
    Filled::Name(name)
}
