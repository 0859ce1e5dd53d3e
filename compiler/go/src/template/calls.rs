//! Tree → calls that can never work: the number of arguments, and constants of another type. Go says so when it executes them, which may be months later.

use super::problem::Position;
use super::signature::{Signature, Table, Type};
use super::tree::{Command, Node, Operand, OperandKind, Pipeline, Template};

/// A call that fails whenever it is executed.
#[derive(Clone, Debug, PartialEq)]
pub struct BadCall {
    /// Where the function's name or the argument stands.
    pub position: Position,
    /// The function.
    pub function: String,
    /// Why it fails.
    pub problem: CallProblem,
}

/// Why a call fails.
#[derive(Clone, Debug, PartialEq)]
pub enum CallProblem {
    /// Too few or too many arguments, the piped one included.
    Count {
        /// How many it has.
        has: usize,
        /// How many it needs, at least.
        needs: usize,
        /// Whether more are right.
        takes_more: bool,
    },
    /// A constant that is no value of the parameter's type.
    Constant {
        /// As it is written.
        written: String,
        /// What the function takes there.
        wants: Type,
    },
}

/// Looks at every call of a template, executed or not.
pub fn bad_calls(template: &Template, functions: &Table) -> Vec<BadCall> {
    let mut check = Check { template, functions, found: Vec::new() };
    check.list(&template.root);
    template.defined.values().for_each(|list| check.list(list));
    check.found.sort_by_key(|call| call.position);
    check.found
}

struct Check<'t> {
    template: &'t Template,
    functions: &'t Table,
    found: Vec<BadCall>,
}

impl Check<'_> {
    fn list(&mut self, list: &[Node]) {
        for node in list {
            match node {
                Node::Text(_) | Node::Break | Node::Continue => {}
                Node::Action(pipeline) => self.pipeline(pipeline),
                Node::Call { pipeline, .. } => pipeline.iter().for_each(|pipeline| self.pipeline(pipeline)),
                Node::If(branch) | Node::With(branch) | Node::Range(branch) => {
                    self.pipeline(&branch.pipeline);
                    self.list(&branch.then);
                    branch.otherwise.iter().for_each(|list| self.list(list));
                }
            }
        }
    }

    fn pipeline(&mut self, pipeline: &Pipeline) {
        for (index, command) in pipeline.commands.iter().enumerate() {
            self.command(command, index > 0);
        }
    }

    fn command(&mut self, command: &Command, is_piped: bool) {
        let [first, arguments @ ..] = &command.operands[..] else { return };
        if let OperandKind::Function(name) = &first.kind {
            self.call(first, name, arguments, is_piped);
        } else {
            self.operand(first);
        }
        arguments.iter().for_each(|argument| self.operand(argument));
    }

    /// What is called inside of an operand; a bare name is a call without arguments.
    fn operand(&mut self, operand: &Operand) {
        match &operand.kind {
            OperandKind::Function(name) => self.call(operand, name, &[], false),
            OperandKind::Pipeline(inner) => self.pipeline(inner),
            OperandKind::Chain(inner, _) => self.operand(inner),
            _ => {}
        }
    }

    fn call(&mut self, at: &Operand, name: &str, arguments: &[Operand], is_piped: bool) {
        let Some(signature) = self.functions.get(name) else { return };
        let has = arguments.len() + usize::from(is_piped);
        if !signature.takes(has) {
            let needs = signature.parameters.len();
            self.add(at, name, CallProblem::Count { has, needs, takes_more: signature.rest.is_some() });
            return;
        }
        for (index, argument) in arguments.iter().enumerate() {
            if let Some(wants) = unfit(&signature, index, argument) {
                let written = written(argument);
                self.add(argument, name, CallProblem::Constant { written, wants });
            }
        }
    }

    fn add(&mut self, at: &Operand, function: &str, problem: CallProblem) {
        let position = Position::of(&self.template.text, at.at);
        self.found.push(BadCall { position, function: function.to_owned(), problem });
    }
}

/// The parameter's type, where a constant is no value of it.
fn unfit(signature: &Signature, index: usize, argument: &Operand) -> Option<Type> {
    let wants = signature.parameter(index)?;
    let fits = match (&argument.kind, wants) {
        (OperandKind::Nil, wants) => wants.can_be_nil(),
        (OperandKind::Bool(_), Type::Bool | Type::Any | Type::Value)
        | (OperandKind::Text(_), Type::Text | Type::Any | Type::Value)
        | (OperandKind::Number(_), Type::Any | Type::Value) => true,
        (OperandKind::Number(number), Type::Int | Type::Int64) => number.int.is_some(),
        (OperandKind::Number(number), Type::Float) => number.float.is_some(),
        (OperandKind::Number(number), Type::Other("uint32")) => number.uint.is_some(),
        (OperandKind::Bool(_) | OperandKind::Text(_) | OperandKind::Number(_), _) => false,
        _ => true,
    };
    (!fits).then_some(wants)
}

fn written(argument: &Operand) -> String {
    match &argument.kind {
        OperandKind::Nil => "nil".to_owned(),
        OperandKind::Bool(value) => value.to_string(),
        OperandKind::Number(number) => number.text.to_string(),
        OperandKind::Text(text) => format!("\"{}\"", text.as_deref().unwrap_or_default()),
        _ => String::new(),
    }
}
