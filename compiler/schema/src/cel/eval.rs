//! Evaluation of the syntax tree. Every step is paid from the budget; the recursion is bounded by the height of the tree.

use std::rc::Rc;

use super::ast::{Entry, Expr, Fold, FoldKind, Node, Op};
use super::functions;
use super::lists;
use super::strings;
use super::value::{Evaluated, Fault, Text, Val, no_overload, overflow};

/// What compiling a pattern costs that is no literal: a literal is compiled once and kept.
const COMPUTED_PATTERN: u64 = 5_000;

pub(super) fn run<'a>(root: &'a Expr, self_: Val<'a>, old_self: Option<Val<'a>>, budget: &mut u64) -> Evaluated<'a> {
    let outer = Scope { parent: None, name: "self", value: self_ };
    let mut evaluator = Evaluator { budget };
    match old_self {
        Some(value) => evaluator.eval(root, &Scope { parent: Some(&outer), name: "oldSelf", value }),
        None => evaluator.eval(root, &outer),
    }
}

/// The variables in sight, innermost first.
struct Scope<'s, 'a> {
    parent: Option<&'s Scope<'s, 'a>>,
    name: &'s str,
    value: Val<'a>,
}

impl<'a> Scope<'_, 'a> {
    fn find(&self, name: &str) -> Option<&Val<'a>> {
        let mut at = Some(self);
        while let Some(scope) = at {
            if scope.name == name {
                return Some(&scope.value);
            }
            at = scope.parent;
        }
        None
    }
}

struct Evaluator<'b> {
    budget: &'b mut u64,
}

impl<'a> Evaluator<'_> {
    fn pay(&mut self, cost: u64) -> Result<(), Fault> {
        match self.budget.checked_sub(cost) {
            Some(left) => {
                *self.budget = left;
                Ok(())
            }
            None => {
                *self.budget = 0;
                Err(Fault::OutOfBudget)
            }
        }
    }

    fn pay_for(&mut self, value: &Val<'a>) -> Result<(), Fault> {
        self.pay(value.weight(*self.budget))
    }

    /// Computed maps are searched from the front.
    fn pay_for_lookup(&mut self, map: &Val<'a>) -> Result<(), Fault> {
        if let Val::Map(entries) = map { self.pay(entries.len() as u64) } else { Ok(()) }
    }

    fn eval(&mut self, expr: &'a Expr, scope: &Scope<'_, 'a>) -> Evaluated<'a> {
        self.pay(1)?;
        match &expr.node {
            Node::Null => Ok(Val::Null),
            Node::Bool(value) => Ok(Val::Bool(*value)),
            Node::Int(value) => Ok(Val::Int(*value)),
            Node::Uint(value) => Ok(Val::Uint(*value)),
            Node::Double(value) => Ok(Val::Double(*value)),
            Node::Text(text) => Ok(Val::Text(Text::Borrowed(text))),
            Node::Bytes(bytes) => Ok(Val::Bytes(bytes[..].into())),
            Node::Name(name) => match scope.find(name) {
                Some(value) => Ok(value.clone()),
                None => functions::type_named(name)
                    .map(Val::Type)
                    .ok_or_else(|| Fault::rule(format!("`{name}` is not defined"))),
            },
            Node::Select { operand, field, optional } => {
                // `google.protobuf.Timestamp` is a name in three steps.
                if let Some(name) = qualified(expr).and_then(functions::protobuf_type) {
                    return Ok(Val::Type(name));
                }
                let operand = self.eval(operand, scope)?;
                self.pay_for_lookup(&operand)?;
                select(&operand, &Val::Text(Text::Borrowed(field)), *optional)
            }
            Node::Has { operand, field } => {
                let operand = self.eval(operand, scope)?;
                let field = Val::Text(Text::Borrowed(field));
                match &operand {
                    Val::Optional(None) => Ok(Val::Bool(false)),
                    Val::Optional(Some(inner)) => Ok(Val::Bool(inner.field(&field).is_some())),
                    Val::Part(_) | Val::Map(_) | Val::Meta(_) => Ok(Val::Bool(operand.field(&field).is_some())),
                    other => Err(no_overload("has", &[other])),
                }
            }
            Node::Index { operand, index, optional } => {
                let operand = self.eval(operand, scope)?;
                let index = self.eval(index, scope)?;
                self.pay_for_lookup(&operand)?;
                at_index(&operand, &index, *optional)
            }
            Node::Call { name, target, args } => {
                let mut values = Vec::with_capacity(args.len() + 1);
                for arg in target.iter().map(|target| &**target).chain(args) {
                    values.push(self.eval(arg, scope)?);
                }
                for value in &values {
                    self.pay_for(value)?;
                }
                self.pay(strings::growth(name, &values))?;
                if matches!(&**name, "matches" | "find" | "findAll")
                    && args.first().is_some_and(|pattern| !matches!(pattern.node, Node::Text(_)))
                {
                    self.pay(COMPUTED_PATTERN)?;
                }
                let result = functions::call(name, target.is_some(), &values)?;
                self.pay_for(&result)?;
                Ok(result)
            }
            Node::List(entries) => self.list(entries, scope),
            Node::Map(entries) => self.map(entries, scope),
            Node::Not(inner) => match self.eval(inner, scope)? {
                Val::Bool(value) => Ok(Val::Bool(!value)),
                other => Err(no_overload("!", &[&other])),
            },
            Node::Negate(inner) => match self.eval(inner, scope)? {
                Val::Int(value) => value.checked_neg().map(Val::Int).ok_or_else(overflow),
                Val::Double(value) => Ok(Val::Double(-value)),
                Val::Duration(value) => value.checked_neg().map(Val::Duration).ok_or_else(overflow),
                other => Err(no_overload("-", &[&other])),
            },
            Node::And(parts) => self.logic(parts, false, scope),
            Node::Or(parts) => self.logic(parts, true, scope),
            Node::Binary { op, left, right } => {
                let left = self.eval(left, scope)?;
                let right = self.eval(right, scope)?;
                self.pay(left.weight(*self.budget).min(right.weight(*self.budget)))?;
                self.binary(*op, &left, &right)
            }
            Node::Choice { condition, then, otherwise } => match self.eval(condition, scope)? {
                Val::Bool(true) => self.eval(then, scope),
                Val::Bool(false) => self.eval(otherwise, scope),
                other => Err(no_overload("?:", &[&other])),
            },
            Node::Fold(fold) => self.fold(fold, scope),
        }
    }

    /// `&&` and `||`: a deciding operand wins over errors of the others, on either side.
    fn logic(&mut self, parts: &'a [Expr], deciding: bool, scope: &Scope<'_, 'a>) -> Evaluated<'a> {
        let mut fault = None;
        for part in parts {
            match self.truth(part, scope) {
                Ok(value) if value == deciding => return Ok(Val::Bool(deciding)),
                Ok(_) => {}
                Err(Fault::OutOfBudget) => return Err(Fault::OutOfBudget),
                Err(error) => fault = fault.or(Some(error)),
            }
        }
        fault.map_or(Ok(Val::Bool(!deciding)), Err)
    }

    fn truth(&mut self, expr: &'a Expr, scope: &Scope<'_, 'a>) -> Result<bool, Fault> {
        match self.eval(expr, scope)? {
            Val::Bool(value) => Ok(value),
            other => Err(no_overload("a condition", &[&other])),
        }
    }

    fn list(&mut self, entries: &'a [Entry], scope: &Scope<'_, 'a>) -> Evaluated<'a> {
        let mut items = Vec::with_capacity(entries.len());
        for entry in entries {
            let value = self.eval(&entry.value, scope)?;
            match (entry.optional, value) {
                (true, Val::Optional(inner)) => items.extend(inner.map(|inner| (*inner).clone())),
                (true, other) => return Err(no_overload("[?]", &[&other])),
                (false, value) => items.push(value),
            }
        }
        Ok(Val::list(items))
    }

    fn map(&mut self, entries: &'a [(Entry, Expr)], scope: &Scope<'_, 'a>) -> Evaluated<'a> {
        let mut map: Vec<(Val<'a>, Val<'a>)> = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let name = self.eval(&key.value, scope)?;
            let value = self.eval(value, scope)?;
            self.pay(map.len() as u64)?;
            if lists::position(&map, &name)?.is_some() {
                return Err(Fault::rule("a map literal has the same key twice"));
            }
            match (key.optional, value) {
                (true, Val::Optional(inner)) => map.extend(inner.map(|inner| (name, (*inner).clone()))),
                (true, other) => return Err(no_overload("{?}", &[&other])),
                (false, value) => map.push((name, value)),
            }
        }
        Ok(Val::Map(Rc::new(map)))
    }

    fn binary(&mut self, op: Op, left: &Val<'a>, right: &Val<'a>) -> Evaluated<'a> {
        let ordered = |holds: fn(std::cmp::Ordering) -> bool, sign: &str| match left.order(right) {
            Some(order) => Ok(Val::Bool(order.is_some_and(holds))),
            None => Err(no_overload(sign, &[left, right])),
        };
        match op {
            Op::Equal => Ok(Val::Bool(left.equals(right)?)),
            Op::NotEqual => Ok(Val::Bool(!left.equals(right)?)),
            Op::Less => ordered(std::cmp::Ordering::is_lt, "<"),
            Op::LessOrEqual => ordered(std::cmp::Ordering::is_le, "<="),
            Op::Greater => ordered(std::cmp::Ordering::is_gt, ">"),
            Op::GreaterOrEqual => ordered(std::cmp::Ordering::is_ge, ">="),
            Op::In => {
                self.pay_for_lookup(right)?;
                let weight = left.weight(*self.budget);
                self.pay((right.list_len().unwrap_or_default() as u64).saturating_mul(weight))?;
                lists::contains(right, left)
            }
            Op::Add | Op::Subtract | Op::Multiply | Op::Divide | Op::Remainder => {
                // Operands are copied; merging by key also compares each with each.
                self.pay_for(left)?;
                self.pay_for(right)?;
                if left.entry_key().is_some() {
                    self.pay((left.list_len().unwrap_or_default() * right.list_len().unwrap_or_default()) as u64)?;
                }
                functions::arithmetic(op, left, right)
            }
        }
    }

    fn fold(&mut self, fold: &'a Fold, scope: &Scope<'_, 'a>) -> Evaluated<'a> {
        let range = self.eval(&fold.range, scope)?;
        if matches!(fold.kind, FoldKind::OptMap | FoldKind::OptFlatMap) {
            return self.open_optional(fold, &range, scope);
        }
        let keys = match range.list_len() {
            Some(_) => None,
            None => Some(range.keys().ok_or_else(|| no_overload("a macro", &[&range]))?),
        };
        let count = range.list_len().or(keys.as_ref().map(Vec::len)).unwrap_or_default();
        let mut outcome = Outcome::default();
        for index in 0..count {
            self.pay(1)?;
            let (first, second) = match (&keys, fold.second.is_some()) {
                (None, false) => (range.item(index).transpose()?, None),
                (None, true) => {
                    (Some(Val::Int(i64::try_from(index).unwrap_or(i64::MAX))), range.item(index).transpose()?)
                }
                (Some(keys), false) => (Some(keys[index].clone()), None),
                (Some(keys), true) => (Some(keys[index].clone()), range.field(&keys[index]).transpose()?),
            };
            let Some(first) = first else { continue };
            let element = first.clone();
            let inner = Scope { parent: Some(scope), name: &fold.first, value: first };
            let ended = match (&fold.second, second) {
                (Some(name), Some(value)) => {
                    let key = element.clone();
                    let inner = Scope { parent: Some(&inner), name, value };
                    self.step(fold, key, &inner, &mut outcome)?
                }
                _ => self.step(fold, element, &inner, &mut outcome)?,
            };
            if ended {
                break;
            }
        }
        outcome.finish(fold.kind)
    }

    /// One element of a fold. Whether the outcome is decided.
    fn step(
        &mut self,
        fold: &'a Fold,
        element: Val<'a>,
        scope: &Scope<'_, 'a>,
        outcome: &mut Outcome<'a>,
    ) -> Result<bool, Fault> {
        let holds = match &fold.condition {
            None => true,
            Some(condition) => match self.truth(condition, scope) {
                Ok(holds) => holds,
                Err(Fault::Rule(error)) if matches!(fold.kind, FoldKind::All | FoldKind::Exists) => {
                    outcome.fault.get_or_insert(error);
                    return Ok(false);
                }
                Err(fault) => return Err(fault),
            },
        };
        match fold.kind {
            FoldKind::All => outcome.decided = !holds,
            FoldKind::Exists => outcome.decided = holds,
            FoldKind::ExistsOne => outcome.count += usize::from(holds),
            _ if !holds => {}
            FoldKind::TransformMap => {
                if let Some(result) = &fold.result {
                    let value = self.eval(result, scope)?;
                    outcome.entries.push((element, value));
                }
            }
            _ => {
                let item = match &fold.result {
                    Some(result) => self.eval(result, scope)?,
                    None => element,
                };
                outcome.items.push(item);
            }
        }
        Ok(outcome.decided)
    }

    fn open_optional(&mut self, fold: &'a Fold, range: &Val<'a>, scope: &Scope<'_, 'a>) -> Evaluated<'a> {
        let (Val::Optional(inner), Some(result)) = (range, &fold.result) else {
            return Err(no_overload("optMap", &[range]));
        };
        let Some(inner) = inner else { return Ok(Val::Optional(None)) };
        let scope = Scope { parent: Some(scope), name: &fold.first, value: (**inner).clone() };
        let value = self.eval(result, &scope)?;
        match (fold.kind, value) {
            (FoldKind::OptMap, value) => Ok(Val::some(value)),
            (_, value @ Val::Optional(_)) => Ok(value),
            (_, other) => Err(no_overload("optFlatMap", &[&other])),
        }
    }
}

/// What a fold has found so far.
#[derive(Default)]
struct Outcome<'a> {
    decided: bool,
    count: usize,
    items: Vec<Val<'a>>,
    entries: Vec<(Val<'a>, Val<'a>)>,
    fault: Option<String>,
}

impl<'a> Outcome<'a> {
    fn finish(self, kind: FoldKind) -> Evaluated<'a> {
        match (kind, self.decided, self.fault) {
            (FoldKind::All, true, _) => Ok(Val::Bool(false)),
            (FoldKind::Exists, true, _) => Ok(Val::Bool(true)),
            (FoldKind::All | FoldKind::Exists, false, Some(fault)) => Err(Fault::Rule(fault)),
            (FoldKind::All, false, None) => Ok(Val::Bool(true)),
            (FoldKind::Exists, false, None) => Ok(Val::Bool(false)),
            (FoldKind::ExistsOne, ..) => Ok(Val::Bool(self.count == 1)),
            (FoldKind::TransformMap, ..) => Ok(Val::Map(Rc::new(self.entries))),
            _ => Ok(Val::list(self.items)),
        }
    }
}

fn qualified(expr: &Expr) -> Option<(&str, &str, &str)> {
    let Node::Select { operand, field: last, .. } = &expr.node else { return None };
    let Node::Select { operand, field: middle, .. } = &operand.node else { return None };
    let Node::Name(first) = &operand.node else { return None };
    Some((first, middle, last))
}

fn select<'a>(operand: &Val<'a>, field: &Val<'a>, optional: bool) -> Evaluated<'a> {
    let (inner, optional) = match operand {
        Val::Optional(None) => return Ok(Val::Optional(None)),
        Val::Optional(Some(inner)) => (&**inner, true),
        other => (other, optional),
    };
    if !matches!(inner, Val::Part(_) | Val::Map(_) | Val::Meta(_)) || inner.list_len().is_some() {
        return Err(no_overload("a field", &[inner]));
    }
    match (inner.field(field), optional) {
        (Some(value), true) => Ok(Val::some(value?)),
        (Some(value), false) => value,
        (None, true) => Ok(Val::Optional(None)),
        (None, false) => Err(no_such_key(field)),
    }
}

fn at_index<'a>(operand: &Val<'a>, index: &Val<'a>, optional: bool) -> Evaluated<'a> {
    let (inner, optional) = match operand {
        Val::Optional(None) => return Ok(Val::Optional(None)),
        Val::Optional(Some(inner)) => (&**inner, true),
        other => (other, optional),
    };
    let found = if inner.list_len().is_some() {
        let position = match index {
            Val::Int(position) => usize::try_from(*position).ok(),
            Val::Uint(position) => usize::try_from(*position).ok(),
            Val::Double(position) if position.fract() == 0.0 && *position >= 0.0 => Some(*position as usize),
            Val::Double(_) => None,
            other => return Err(no_overload("[]", &[inner, other])),
        };
        position.and_then(|position| inner.item(position))
    } else if matches!(inner, Val::Part(_) | Val::Map(_) | Val::Meta(_)) {
        inner.field(index)
    } else {
        return Err(no_overload("[]", &[inner, index]));
    };
    match (found, optional) {
        (Some(value), true) => Ok(Val::some(value?)),
        (Some(value), false) => value,
        (None, true) => Ok(Val::Optional(None)),
        (None, false) if inner.list_len().is_some() => Err(Fault::rule("index out of bounds")),
        (None, false) => Err(no_such_key(index)),
    }
}

fn no_such_key(key: &Val<'_>) -> Fault {
    match key {
        Val::Text(name) => Fault::rule(format!("no such key: {}", name.as_str())),
        _ => Fault::rule("no such key"),
    }
}
