//! Patches on emitted objects: RFC 6902 and RFC 7386.
//!
//! A patched value's origin is the patch, so that findings about it point there.

use flatwright_diagnostic::{Anchor, Origin, Report, Traced, suggest};
use flatwright_plan::{Patch, PatchChange, PatchOperation, PatchTarget, Plan};
use flatwright_yaml::{Value, ValueKind};

use crate::code;
use crate::object::{Object, Subject};

/// Applies every patch of the plan, in order. A target that matches nothing and an operation that cannot be applied are errors.
pub fn patch(objects: &mut [Object], plan: &Plan, report: &mut Report) {
    for patch in &plan.patches {
        let kinds: Vec<String> = objects.iter().map(|object| object.kind().to_owned()).collect();
        let mut is_used = false;
        for object in objects.iter_mut().filter(|object| matches(object, &patch.target, plan)) {
            is_used = true;
            apply(object, patch, report);
        }
        if !is_used {
            unused(patch, &kinds, report);
        }
    }
}

fn unused(patch: &Patch, kinds: &[String], report: &mut Report) {
    let Some(anchor) = patch.target.kind.origin.anchor() else { return };
    let kind = &patch.target.kind.value;
    let diagnostic = report.error(
        code::PATCH_TARGET,
        anchor,
        format!("this patch changes nothing: no emitted `{kind}` matches its target"),
    );
    let hint = suggest(kind, kinds.iter().map(String::as_str).collect::<std::collections::BTreeSet<_>>());
    if kinds.contains(kind) {
        diagnostic.hint("`role`, `pool` or `addon` of the target excludes every object of this kind");
    } else if let Some(hint) = hint {
        diagnostic.hint(hint);
    }
}

fn matches(object: &Object, target: &PatchTarget, plan: &Plan) -> bool {
    let group = match object.subject {
        Subject::Group(index) => plan.groups.get(index),
        _ => None,
    };
    let has_addon = |addon: &str| matches!(object.subject, Subject::Addon(key) if key == addon);
    object.kind() == target.kind.value
        && target.role.is_none_or(|role| group.is_some_and(|group| group.role == role.value))
        && target.pool.as_ref().is_none_or(|pool| group.is_some_and(|group| group.name.value == pool.value))
        && target.addon.as_ref().is_none_or(|addon| has_addon(&addon.value))
}

fn apply(object: &mut Object, patch: &Patch, report: &mut Report) {
    match &patch.change {
        PatchChange::Merge(merge) => merge_into(&mut object.value, &stamped(merge.clone(), patch.origin)),
        PatchChange::Json6902(operations) => {
            for operation in operations {
                if let Err(reason) = operate(&mut object.value, operation) {
                    let place = operation.path.origin.anchor().or_else(|| patch.origin.anchor());
                    failed(object, operation, &reason, place, report);
                }
            }
        }
    }
}

fn failed(object: &Object, operation: &PatchOperation, reason: &str, place: Option<Anchor>, report: &mut Report) {
    let Some(anchor) = place else { return };
    let message = format!("`{}` of `{}` cannot be applied: {reason}", operation.op.value, operation.path.value);
    report.error(code::PATCH_FAILED, anchor, message).note(format!("on {} `{}`", object.kind(), object.name()));
}

fn operate(value: &mut Value, operation: &PatchOperation) -> Result<(), String> {
    let path = pointer(&operation.path.value)?;
    let from = |from: &Option<Traced<String>>| {
        from.as_ref().ok_or("it needs `from`".to_owned()).and_then(|from| pointer(&from.value))
    };
    let new = || {
        let value = operation.value.clone().ok_or_else(|| "it needs `value`".to_owned())?;
        Ok::<_, String>(stamped(value, patch_origin(operation.path.origin)))
    };
    match operation.op.value {
        "add" => add(value, &path, new()?),
        "remove" => remove(value, &path).map(drop),
        "replace" => {
            *find(value, &path)? = new()?;
            Ok(())
        }
        "test" => {
            let wanted = new()?;
            if same(find(value, &path)?, &wanted) { Ok(()) } else { Err("the value is another".to_owned()) }
        }
        "move" => {
            let taken = remove(value, &from(&operation.from)?)?;
            add(value, &path, taken)
        }
        "copy" => {
            let copied = find(value, &from(&operation.from)?)?.clone();
            add(value, &path, copied)
        }
        other => Err(format!("`{other}` is no operation")),
    }
}

fn patch_origin(origin: Origin) -> Origin {
    match origin {
        Origin::Source(source, node) => Origin::Patch(source, node),
        other => other,
    }
}

/// Equal as JSON: origins do not count, and neither does the order of keys.
fn same(a: &Value, b: &Value) -> bool {
    match (&a.kind, &b.kind) {
        (ValueKind::Map(a), ValueKind::Map(b)) => {
            a.len() == b.len() && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| same(value, other)))
        }
        (ValueKind::Seq(a), ValueKind::Seq(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (a, b) => a == b,
    }
}

fn stamped(mut value: Value, origin: Origin) -> Value {
    value.origin = patch_origin(value.origin.or(origin));
    match &mut value.kind {
        ValueKind::Map(map) => {
            for (_, inner) in map.iter_mut() {
                *inner = stamped(std::mem::replace(inner, Value::new(ValueKind::Null)), origin);
            }
        }
        ValueKind::Seq(items) => {
            for item in items {
                *item = stamped(std::mem::replace(item, Value::new(ValueKind::Null)), origin);
            }
        }
        _ => {}
    }
    value
}

/// RFC 7386: null removes, mappings merge, everything else is replaced.
fn merge_into(base: &mut Value, over: &Value) {
    let ValueKind::Map(entries) = &over.kind else {
        *base = over.clone();
        return;
    };
    if base.as_map().is_none() {
        *base = Value::map().from_origin(over.origin);
    }
    let Some(map) = base.as_map_mut() else { return };
    for (key, value) in entries.iter() {
        if value.kind == ValueKind::Null {
            map.remove(key);
        } else {
            if map.get(key).is_none() {
                map.insert(key, Value::new(ValueKind::Null));
            }
            if let Some(inner) = map.get_mut(key) {
                merge_into(inner, value);
            }
        }
    }
}

fn pointer(text: &str) -> Result<Vec<String>, String> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let rest = text.strip_prefix('/').ok_or("a path begins with `/`")?;
    Ok(rest.split('/').map(|step| step.replace("~1", "/").replace("~0", "~")).collect())
}

fn find<'v>(value: &'v mut Value, path: &[String]) -> Result<&'v mut Value, String> {
    path.iter().try_fold(value, |value, step| match &mut value.kind {
        ValueKind::Map(map) => {
            let known = suggest(step, map.iter().map(|(key, _)| key).collect::<Vec<_>>());
            let hint = known.map(|known| format!(" ({known})")).unwrap_or_default();
            map.get_mut(step).ok_or_else(|| format!("there is no `{step}`{hint}"))
        }
        ValueKind::Seq(items) => {
            let length = items.len();
            let index: usize = step.parse().map_err(|_| format!("`{step}` is no index of a list"))?;
            items.get_mut(index).ok_or_else(|| format!("the list has {length} items"))
        }
        _ => Err(format!("there is nothing below a scalar: `{step}`")),
    })
}

fn add(value: &mut Value, path: &[String], new: Value) -> Result<(), String> {
    let Some((last, parents)) = path.split_last() else {
        *value = new;
        return Ok(());
    };
    match &mut find(value, parents)?.kind {
        ValueKind::Map(map) => {
            map.insert(last.clone(), new);
            Ok(())
        }
        ValueKind::Seq(items) if last == "-" => {
            items.push(new);
            Ok(())
        }
        ValueKind::Seq(items) => match last.parse::<usize>() {
            Ok(index) if index <= items.len() => {
                items.insert(index, new);
                Ok(())
            }
            _ => Err(format!("`{last}` is no place in a list of {}; `-` appends", items.len())),
        },
        _ => Err("its parent is a scalar".to_owned()),
    }
}

fn remove(value: &mut Value, path: &[String]) -> Result<Value, String> {
    let Some((last, parents)) = path.split_last() else { return Err("the whole object cannot be removed".to_owned()) };
    match &mut find(value, parents)?.kind {
        ValueKind::Map(map) => map.remove(last).ok_or_else(|| format!("there is no `{last}`")),
        ValueKind::Seq(items) => match last.parse::<usize>() {
            Ok(index) if index < items.len() => Ok(items.remove(index)),
            _ => Err(format!("`{last}` is no place in a list of {}", items.len())),
        },
        _ => Err("its parent is a scalar".to_owned()),
    }
}
