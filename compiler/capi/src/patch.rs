//! Patches on emitted objects: RFC 6902 and RFC 7386.
//!
//! A patched value's origin is the patch, so that findings about it point there.

use std::collections::BTreeSet;

use flatwright_diagnostic::{Anchor, Applicability, Fix, Origin, Part, Report, nearest, suggest};
use flatwright_plan::{Patch, PatchChange, PatchOperation, PatchTarget, Plan};
use flatwright_yaml::{Map, Value, ValueKind};

use crate::object::{Object, Subject};
use crate::rules::{Operation, Target, Unfit};

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

/// Whether a patch of the plan is for the object.
pub fn is_patched(object: &Object, plan: &Plan) -> bool {
    plan.patches.iter().any(|patch| matches(object, &patch.target, plan))
}

fn unused(patch: &Patch, kinds: &[String], report: &mut Report) {
    let Some(anchor) = patch.target.kind.origin.anchor() else { return };
    let kind = &patch.target.kind.value;
    let diagnostic = report.refuse(anchor, &Target::Nothing { kind: kind.clone() });
    if kinds.contains(kind) {
        diagnostic.hint("`role`, `pool` or `addon` of the target excludes every object of this kind");
    } else {
        diagnostic.did_you_mean(kind, Part::Value, kinds.iter().map(String::as_str).collect::<BTreeSet<_>>());
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
                if let Err(unfit) = At(operation).operate(&mut object.value) {
                    let place = operation.path.origin.anchor().or_else(|| patch.origin.anchor());
                    refuse(object, operation, &unfit, place, report);
                }
            }
        }
    }
}

fn refuse(object: &Object, operation: &PatchOperation, unfit: &Unfit, place: Option<Anchor>, report: &mut Report) {
    let Some(anchor) = place else { return };
    let finding = report.refuse(anchor, unfit);
    finding.note(format!("on {} `{}`", object.kind(), object.name()));
    if let Unfit::Missing { step, known, .. } = unfit {
        let known = || known.iter().map(String::as_str).collect::<BTreeSet<_>>();
        finding.hints.extend(suggest(step, known()));
        if let Some(name) = nearest(step, known()) {
            let written = &operation.path.value;
            finding.fix(Fix {
                applicability: Applicability::Suggested,
                ..Fix::rewrite(written, with(written, step, name))
            });
        }
    }
}

/// The path with another name for one of its steps.
fn with(path: &str, step: &str, name: &str) -> String {
    let (step, name) = (escaped(step), escaped(name));
    let steps = path.split('/').map(|known| if known == step { &*name } else { known });
    steps.collect::<Vec<_>>().join("/")
}

fn escaped(step: &str) -> String {
    step.replace('~', "~0").replace('/', "~1")
}

/// An operation as it is applied.
struct At<'o>(&'o PatchOperation);

impl At<'_> {
    fn operation(&self) -> Operation {
        Operation { op: self.0.op.value, path: self.0.path.value.clone() }
    }

    fn operate(&self, value: &mut Value) -> Result<(), Unfit> {
        let operation = self.0;
        let path = self.pointer(&operation.path.value)?;
        match operation.op.value {
            "add" => self.add(value, &path, self.new_value()?),
            "remove" => self.remove(value, &path).map(drop),
            "replace" => {
                *self.find(value, &path)? = self.new_value()?;
                Ok(())
            }
            "test" => {
                let wanted = self.new_value()?;
                let is_same = same(self.find(value, &path)?, &wanted);
                if is_same { Ok(()) } else { Err(Unfit::Test { at: self.operation() }) }
            }
            "move" => {
                let taken = self.remove(value, &self.from()?)?;
                self.add(value, &path, taken)
            }
            "copy" => {
                let copied = self.find(value, &self.from()?)?.clone();
                self.add(value, &path, copied)
            }
            _ => Err(self.incomplete("an operation of RFC 6902")),
        }
    }

    fn incomplete(&self, what: &'static str) -> Unfit {
        Unfit::Incomplete { at: self.operation(), what }
    }

    fn new_value(&self) -> Result<Value, Unfit> {
        let value = self.0.value.clone().ok_or_else(|| self.incomplete("`value`"))?;
        Ok(stamped(value, patch_origin(self.0.path.origin)))
    }

    fn from(&self) -> Result<Vec<String>, Unfit> {
        let from = self.0.from.as_ref().ok_or_else(|| self.incomplete("`from`"))?;
        self.pointer(&from.value)
    }

    fn pointer(&self, text: &str) -> Result<Vec<String>, Unfit> {
        if text.is_empty() {
            return Ok(Vec::new());
        }
        let rest = text.strip_prefix('/').ok_or_else(|| self.incomplete("a path that begins with `/`"))?;
        Ok(rest.split('/').map(|step| step.replace("~1", "/").replace("~0", "~")).collect())
    }

    fn find<'v>(&self, value: &'v mut Value, path: &[String]) -> Result<&'v mut Value, Unfit> {
        path.iter().try_fold(value, |value, step| match &mut value.kind {
            ValueKind::Map(map) if map.get(step).is_none() => Err(self.missing(map, step)),
            ValueKind::Map(map) => Ok(map.get_mut(step).expect("invariant: it is there")),
            ValueKind::Seq(items) => {
                let length = items.len();
                let item = step.parse().ok().and_then(|index: usize| items.get_mut(index));
                item.ok_or_else(|| self.list_place(step, length, ""))
            }
            _ => Err(self.below_scalar(step)),
        })
    }

    fn add(&self, value: &mut Value, path: &[String], new: Value) -> Result<(), Unfit> {
        let Some((last, parents)) = path.split_last() else {
            *value = new;
            return Ok(());
        };
        match &mut self.find(value, parents)?.kind {
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
                _ => Err(self.list_place(last, items.len(), "; `-` appends")),
            },
            _ => Err(self.below_scalar(last)),
        }
    }

    fn remove(&self, value: &mut Value, path: &[String]) -> Result<Value, Unfit> {
        let Some((last, parents)) = path.split_last() else {
            return Err(Unfit::WholeObject { at: self.operation() });
        };
        match &mut self.find(value, parents)?.kind {
            ValueKind::Map(map) if map.get(last).is_none() => Err(self.missing(map, last)),
            ValueKind::Map(map) => Ok(map.remove(last).expect("invariant: it is there")),
            ValueKind::Seq(items) => match last.parse::<usize>() {
                Ok(index) if index < items.len() => Ok(items.remove(index)),
                _ => Err(self.list_place(last, items.len(), "")),
            },
            _ => Err(self.below_scalar(last)),
        }
    }

    fn missing(&self, map: &Map, step: &str) -> Unfit {
        let known = map.iter().map(|(key, _)| key.to_owned()).collect();
        Unfit::Missing { at: self.operation(), step: step.to_owned(), known }
    }

    fn list_place(&self, step: &str, length: usize, append: &'static str) -> Unfit {
        Unfit::ListPlace { at: self.operation(), step: step.to_owned(), length, append }
    }

    fn below_scalar(&self, step: &str) -> Unfit {
        Unfit::BelowScalar { at: self.operation(), step: step.to_owned() }
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
