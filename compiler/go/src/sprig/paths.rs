//! Package `path`: slashes only, as on Linux.

use super::argument::text;
use crate::path::clean;
use crate::template::{Called, Executed, Needs, Value};

pub(super) const FUNCTIONS: &[Executed] = &[
    ("base", Needs::All, |_, values| base(&values[0])),
    ("clean", Needs::All, |_, values| Ok(Value::Text(clean(text(&values[0])).into()))),
    ("dir", Needs::All, |_, values| dir(&values[0])),
    ("ext", Needs::All, |_, values| ext(&values[0])),
    ("isAbs", Needs::All, |_, values| Ok(Value::Bool(text(&values[0]).starts_with('/')))),
    ("osBase", Needs::All, |_, values| base(&values[0])),
    ("osClean", Needs::All, |_, values| Ok(Value::Text(clean(text(&values[0])).into()))),
    ("osDir", Needs::All, |_, values| dir(&values[0])),
    ("osExt", Needs::All, |_, values| ext(&values[0])),
    ("osIsAbs", Needs::All, |_, values| Ok(Value::Bool(text(&values[0]).starts_with('/')))),
];

fn base(value: &Value) -> Called {
    let path = text(value);
    let trimmed = path.trim_end_matches('/');
    Ok(Value::text(match trimmed.rsplit('/').next() {
        _ if path.is_empty() => ".",
        _ if trimmed.is_empty() => "/",
        last => last.unwrap_or_default(),
    }))
}

fn dir(value: &Value) -> Called {
    let path = text(value);
    let end = path.rfind('/').map_or(0, |slash| slash + 1);
    Ok(Value::Text(clean(&path[..end]).into()))
}

fn ext(value: &Value) -> Called {
    let name = text(value).rsplit('/').next().unwrap_or_default();
    Ok(Value::text(name.rfind('.').map_or("", |dot| &name[dot..])))
}
