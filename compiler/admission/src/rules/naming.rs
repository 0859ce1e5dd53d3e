//! Templates of names (CAPI `internal/topology/names`): a Go template over a few fields, whose result must be an object name.

use crate::check::Check;
use crate::code::NAMING_TEMPLATE;
use crate::field::Field;
use flatwright_kubernetes::name::dns_subdomain;

/// The names of machines, of which each must be another: the webhook looks for `{{ .random }}` letter by letter.
pub(crate) fn naming(check: &mut Check<'_>, template: &Field<'_>, fields: &[&str]) {
    if template.text().is_some_and(|text| !text.is_empty() && !text.contains("{{ .random }}")) {
        check
            .error(NAMING_TEMPLATE, template, "the name template has no `{{ .random }}`")
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
                .error(NAMING_TEMPLATE, template, format!("names from `{}` are not object names", template.shown()))
                .hint("use lower-case letters, digits, `-` and `.` only");
        }
        Filled::Unknown(field) => {
            check
                .error(NAMING_TEMPLATE, template, format!("`.{field}` is not a field of this name template"))
                .hint(format!("use some of .{} and .random", fields.join(", .")));
        }
        Filled::Open => {
            check
                .error(NAMING_TEMPLATE, template, "the template has a `{{` without `}}`")
                .hint("close every `{{` with `}}`");
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
