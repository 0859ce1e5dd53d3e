//! Tree and data → text, as `text/template` executes it (Go 1.27), with one addition: what is not known stays unknown and decides nothing.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::call::{CallError, Functions};
use super::fault::{ExecError, Fault};
use super::problem::Position;
use super::tree::{Branch, Node, Pipeline, Template};
use super::value::{Field, Heap, MapRef, Shape, Stop, Value, type_name};

/// Blocks, pipelines and templates in each other while running. Go allows 100,000 templates; here the stack is the thread's.
const DEEPEST: usize = 150;

/// What became of a template.
#[derive(Debug)]
pub struct Outcome {
    /// The whole text, if all of it is known and nothing failed.
    pub text: Option<String>,
    /// What certainly fails.
    pub error: Option<ExecError>,
    /// What works and is odd, in the order of the text.
    pub remarks: Vec<Remark>,
    pieces: Vec<Piece>,
}

/// A piece of the output: where it begins, and where in the template it comes from.
#[derive(Clone, Copy, Debug)]
struct Piece {
    out: usize,
    at: usize,
    /// As it stands in the template; else printed by an action.
    is_plain: bool,
}

impl Outcome {
    /// The place of the template that a 1-based line of the text begins with.
    pub fn position_of_line(&self, template: &Template, line: usize) -> Position {
        let text = self.text.as_deref().unwrap_or_default();
        let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let piece = self.pieces.iter().take_while(|piece| piece.out <= start).last();
        let at = piece.map_or(0, |piece| piece.at + if piece.is_plain { start - piece.out } else { 0 });
        Position::of(&template.text, at)
    }
}

/// Something odd at a place of the template.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remark {
    /// Where.
    pub position: Position,
    /// What.
    pub kind: RemarkKind,
}

/// What is odd.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RemarkKind {
    /// A field that its object cannot have.
    AbsentField {
        /// Its name.
        field: String,
        /// The object.
        of: String,
    },
    /// `<no value>` was printed.
    NoValue,
}

/// Runs a template until it ends, fails, or has used up the heap's budget.
pub fn execute(template: &Template, functions: &dyn Functions, heap: Heap, data: &Value) -> Outcome {
    let mut run = Run {
        template,
        functions,
        heap,
        variables: vec![("$".into(), data.clone())],
        at: 0,
        depth: 0,
        output: String::new(),
        is_known: true,
        absences: 0,
        remarks: BTreeSet::new(),
        pieces: Vec::new(),
    };
    let result = run.list(data, &template.root);
    let remarks =
        run.remarks.iter().map(|(at, kind)| Remark { position: Position::of(&template.text, *at), kind: kind.clone() });
    let remarks = remarks.collect();
    let (text, error) = match result {
        Ok(_) => (run.is_known.then_some(run.output), None),
        Err(Halt::Stop) => (None, None),
        Err(Halt::Fault(at, fault)) => {
            (None, Some(ExecError { position: Position::of(&template.text, at), fault: *fault }))
        }
    };
    Outcome { text, error, remarks, pieces: run.pieces }
}

/// Why a run ends early.
pub(super) enum Halt {
    Fault(usize, Box<Fault>),
    Stop,
}

impl From<Stop> for Halt {
    fn from(_: Stop) -> Self {
        Self::Stop
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Flow {
    Next,
    Break,
    Continue,
}

pub(super) struct Run<'t> {
    pub(super) template: &'t Template,
    pub(super) functions: &'t dyn Functions,
    pub(super) heap: Heap,
    pub(super) variables: Vec<(Rc<str>, Value)>,
    /// The node that is evaluated: an error is about it.
    pub(super) at: usize,
    depth: usize,
    output: String,
    is_known: bool,
    absences: usize,
    remarks: BTreeSet<(usize, RemarkKind)>,
    pieces: Vec<Piece>,
}

impl<'t> Run<'t> {
    pub(super) fn fail<T>(&self, fault: Fault) -> Result<T, Halt> {
        Err(Halt::Fault(self.at, Box::new(fault)))
    }

    pub(super) fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Result<T, Halt>) -> Result<T, Halt> {
        if self.depth >= DEEPEST {
            return Err(Halt::Stop);
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    pub(super) fn remark(&mut self, kind: RemarkKind) -> Result<(), Halt> {
        self.heap.spend(1)?;
        self.remarks.insert((self.at, kind));
        Ok(())
    }

    /// Notes a field that an object cannot have.
    pub(super) fn absent(&mut self, field: &str, of: &dyn Shape) -> Result<(), Halt> {
        self.absences += 1;
        self.remark(RemarkKind::AbsentField { field: field.to_owned(), of: of.name().to_owned() })
    }

    fn list(&mut self, dot: &Value, list: &'t [Node]) -> Result<Flow, Halt> {
        self.deeper(|run| {
            for node in list {
                run.heap.spend(1)?;
                let flow = run.node(dot, node)?;
                if flow != Flow::Next {
                    return Ok(flow);
                }
            }
            Ok(Flow::Next)
        })
    }

    fn node(&mut self, dot: &Value, node: &'t Node) -> Result<Flow, Halt> {
        match node {
            Node::Text(span) => {
                self.heap.spend(span.len())?;
                self.pieces.push(Piece { out: self.output.len(), at: span.start, is_plain: true });
                self.output.push_str(&self.template.text[span.clone()]);
                Ok(Flow::Next)
            }
            Node::Action(pipeline) => {
                let absences = self.absences;
                let value = self.pipeline(dot, pipeline)?;
                if pipeline.variables.is_empty() {
                    self.at = pipeline.at;
                    self.print(&value, self.absences > absences)?;
                }
                Ok(Flow::Next)
            }
            Node::If(branch) => self.choose(dot, branch, false),
            Node::With(branch) => self.choose(dot, branch, true),
            Node::Range(branch) => self.range(dot, branch),
            Node::Call { at, name, pipeline } => self.call_template(dot, *at, name, pipeline.as_ref()),
            Node::Break => Ok(Flow::Break),
            Node::Continue => Ok(Flow::Continue),
        }
    }

    /// `is_explained`: it was said already why the value is not there.
    fn print(&mut self, value: &Value, is_explained: bool) -> Result<(), Halt> {
        self.pieces.push(Piece { out: self.output.len(), at: self.at, is_plain: false });
        match value {
            Value::Missing | Value::Nil => {
                if !is_explained {
                    self.remark(RemarkKind::NoValue)?;
                }
                self.output.push_str("<no value>");
            }
            value if self.heap.is_known(value)? => {
                let text = super::print::shown(&mut self.heap, value)?;
                self.output.push_str(&text);
            }
            _ => self.is_known = false,
        }
        Ok(())
    }

    fn choose(&mut self, dot: &Value, branch: &'t Branch, moves_dot: bool) -> Result<Flow, Halt> {
        let scope = self.variables.len();
        let value = self.pipeline(dot, &branch.pipeline)?;
        let inner = if moves_dot { &value } else { dot };
        let flow = match self.heap.truth(&value) {
            Some(true) => self.list(inner, &branch.then),
            Some(false) => branch.otherwise.as_ref().map_or(Ok(Flow::Next), |list| self.list(dot, list)),
            None => self.guess(inner, dot, branch),
        };
        self.variables.truncate(scope);
        flow
    }

    /// Looks at both ways of a branch without taking one: remarks are kept, errors and output are not, and what it assigns is unknown afterwards.
    fn guess(&mut self, inner: &Value, dot: &Value, branch: &'t Branch) -> Result<Flow, Halt> {
        let before = self.variables.clone();
        let (length, pieces) = (self.output.len(), self.pieces.len());
        self.heap.spend(before.len())?;
        let mut lists = vec![(inner, &branch.then)];
        lists.extend(branch.otherwise.as_ref().map(|list| (dot, list)));
        for (dot, list) in &lists {
            let was_frozen = std::mem::replace(&mut self.heap.is_frozen, true);
            let result = self.list(dot, list);
            self.heap.is_frozen = was_frozen;
            self.output.truncate(length);
            self.pieces.truncate(pieces);
            self.variables.clone_from(&before);
            match result {
                Ok(Flow::Next) | Err(Halt::Fault(..)) => {}
                // Whether a loop goes on is not known either.
                Ok(_) | Err(Halt::Stop) => return Err(Halt::Stop),
            }
        }
        self.is_known = false;
        for (_, list) in lists {
            self.forget(list);
        }
        Ok(Flow::Next)
    }

    /// Makes every variable unknown that statements assign.
    fn forget(&mut self, list: &'t [Node]) {
        for node in list {
            let pipeline = match node {
                Node::Action(pipeline) => Some(pipeline),
                Node::Call { pipeline, .. } => pipeline.as_ref(),
                Node::If(branch) | Node::With(branch) | Node::Range(branch) => {
                    self.forget(&branch.then);
                    branch.otherwise.iter().for_each(|list| self.forget(list));
                    Some(&branch.pipeline)
                }
                Node::Text(_) | Node::Break | Node::Continue => None,
            };
            for name in pipeline.into_iter().filter(|pipeline| pipeline.is_assignment).flat_map(|p| &p.variables) {
                self.assign(name, Value::unknown());
            }
        }
    }

    pub(super) fn assign(&mut self, name: &str, value: Value) {
        if let Some((_, place)) = self.variables.iter_mut().rev().find(|(known, _)| **known == *name) {
            *place = value;
        }
    }

    fn range(&mut self, dot: &Value, branch: &'t Branch) -> Result<Flow, Halt> {
        let scope = self.variables.len();
        let value = self.pipeline(dot, &branch.pipeline)?;
        let result = self.iterate(dot, &value, branch);
        self.variables.truncate(scope);
        result
    }

    fn iterate(&mut self, dot: &Value, value: &Value, branch: &'t Branch) -> Result<Flow, Halt> {
        self.at = branch.at;
        let steps: Vec<(Value, Value)> = match value {
            Value::Missing => Vec::new(),
            Value::Int(..) if branch.pipeline.variables.len() > 1 => return self.fail(Fault::TooManyVariables),
            Value::Int(count, kind) => {
                let count = (*count).max(0);
                self.heap.spend(usize::try_from(count).unwrap_or(usize::MAX))?;
                (0..count).map(|index| (Value::Missing, Value::Int(index, *kind))).collect()
            }
            Value::List(list) => {
                let items = self.heap.items(*list).to_vec();
                self.heap.spend(items.len())?;
                items.into_iter().enumerate().map(|(index, item)| (Value::int(index as i64), item)).collect()
            }
            Value::Map(map) if self.heap.shape(*map).is_some() => return self.guess_items(dot, value, branch),
            Value::Map(map) => {
                let entries = self.heap.entries(*map).clone();
                self.heap.spend(entries.len())?;
                entries.into_iter().map(|(key, value)| (Value::Text(key), value)).collect()
            }
            Value::Unknown(_) => return self.guess_items(dot, value, branch),
            Value::Nil | Value::Bool(_) | Value::Float(_) | Value::Text(_) => {
                return self.fail(Fault::Range { of: type_name(value) });
            }
        };
        if steps.is_empty() {
            return branch.otherwise.as_ref().map_or(Ok(Flow::Next), |list| self.list(dot, list));
        }
        let mark = self.variables.len();
        for (key, item) in steps {
            self.bind(&branch.pipeline, mark, key, item.clone());
            let flow = self.list(&item, &branch.then);
            self.variables.truncate(mark);
            if flow? == Flow::Break {
                break;
            }
        }
        Ok(Flow::Next)
    }

    /// One round's variables: declared ones are the last on the stack, assigned ones anywhere.
    fn bind(&mut self, pipeline: &Pipeline, mark: usize, key: Value, item: Value) {
        match &pipeline.variables[..] {
            [] => {}
            [one] if pipeline.is_assignment => self.assign(one, item),
            [first, second, ..] if pipeline.is_assignment => {
                self.assign(first, key);
                self.assign(second, item);
            }
            [_] => self.variables[mark - 1].1 = item,
            [_, _, ..] => {
                self.variables[mark - 1].1 = item;
                self.variables[mark - 2].1 = key;
            }
        }
    }

    /// A range over something unknown: its body is looked at once.
    fn guess_items(&mut self, dot: &Value, value: &Value, branch: &'t Branch) -> Result<Flow, Halt> {
        let shape = match value {
            Value::Unknown(shape) => shape.as_ref(),
            Value::Map(map) => self.heap.shape(*map),
            _ => None,
        };
        let item = Value::Unknown(shape.and_then(|shape| shape.item()));
        let mark = self.variables.len();
        self.bind(&branch.pipeline, mark, Value::unknown(), item.clone());
        match self.guess(&item, dot, branch) {
            Ok(_) => {
                for name in branch.pipeline.variables.iter().filter(|_| branch.pipeline.is_assignment) {
                    self.assign(name, Value::unknown());
                }
                Ok(Flow::Next)
            }
            other => other,
        }
    }

    fn call_template(
        &mut self,
        dot: &Value,
        at: usize,
        name: &Rc<str>,
        pipeline: Option<&'t Pipeline>,
    ) -> Result<Flow, Halt> {
        self.at = at;
        let Some(body) = self.template.defined.get(name) else {
            return self.fail(Fault::UnknownTemplate { name: name.to_string() });
        };
        let inner = match pipeline {
            Some(pipeline) => self.pipeline(dot, pipeline)?,
            None => Value::Missing,
        };
        let outer = std::mem::replace(&mut self.variables, vec![("$".into(), inner.clone())]);
        let result = self.list(&inner, body);
        self.variables = outer;
        result
    }

    /// The value of a key or field.
    pub(super) fn field(&mut self, receiver: &Value, name: &str, has_arguments: bool) -> Result<Value, Halt> {
        match receiver {
            Value::Missing => Ok(Value::Missing),
            Value::Nil => self.fail(Fault::NilField { field: name.to_owned() }),
            Value::Unknown(shape) => self.field_of_unknown(shape.as_ref(), name),
            Value::Map(_) if has_arguments => self.fail(Fault::NotFunction { what: format!(".{name}") }),
            Value::Map(map) => self.entry(*map, name),
            other => self.fail(Fault::FieldOf { field: name.to_owned(), of: type_name(other) }),
        }
    }

    fn field_of_unknown(&mut self, shape: Option<&Rc<dyn Shape>>, name: &str) -> Result<Value, Halt> {
        let Some(shape) = shape else { return Ok(Value::unknown()) };
        match shape.field(name) {
            Field::Possible(inner) => Ok(Value::Unknown(inner)),
            Field::Absent => {
                self.absent(name, &**shape)?;
                Ok(Value::unknown())
            }
        }
    }

    fn entry(&mut self, map: MapRef, name: &str) -> Result<Value, Halt> {
        let value = self.heap.get(map, name);
        if let (Value::Missing, Some(shape)) = (&value, self.heap.shape(map).cloned()) {
            self.absent(name, &*shape)?;
        }
        Ok(value)
    }

    /// Evaluates what Go may not: its errors are not certain.
    pub(super) fn perhaps(&mut self, inner: impl FnOnce(&mut Self) -> Result<Value, Halt>) -> Result<(), Halt> {
        let was_frozen = std::mem::replace(&mut self.heap.is_frozen, true);
        let result = inner(self);
        self.heap.is_frozen = was_frozen;
        match result {
            Ok(_) | Err(Halt::Fault(..)) => Ok(()),
            Err(Halt::Stop) => Err(Halt::Stop),
        }
    }

    pub(super) fn outcome(&self, function: &str, result: Result<Value, CallError>) -> Result<Value, Halt> {
        result.map_err(|error| match error {
            CallError::Stop => Halt::Stop,
            CallError::Fails(reason) => {
                Halt::Fault(self.at, Box::new(Fault::Call { function: function.to_owned(), reason }))
            }
        })
    }
}
