//! Pipelines → values: commands, operands, and the conversions that Go makes of constants (none of anything else).

use super::exec::{Halt, Run};
use super::fault::Fault;
use super::signature::Type;
use super::tree::{Command, Number, Operand, OperandKind, Pipeline};
use super::value::{Value, is_assignable, type_name};

impl Run<'_> {
    pub(super) fn pipeline(&mut self, dot: &Value, pipeline: &Pipeline) -> Result<Value, Halt> {
        self.deeper(|run| {
            run.at = pipeline.at;
            let mut value = None;
            for command in &pipeline.commands {
                run.heap.spend(1)?;
                let result = run.command(dot, command, value)?;
                // An interface is unpacked between commands; one that holds nothing becomes no value.
                value = Some(if matches!(result, Value::Nil) { Value::Missing } else { result });
            }
            let value = value.unwrap_or(Value::Missing);
            for name in &pipeline.variables {
                if pipeline.is_assignment {
                    run.assign(name, value.clone());
                } else {
                    run.heap.spend(1)?;
                    run.variables.push((name.clone(), value.clone()));
                }
            }
            Ok(value)
        })
    }

    /// `last` is the value before the `|`, the command's last argument.
    fn command(&mut self, dot: &Value, command: &Command, last: Option<Value>) -> Result<Value, Halt> {
        let [first, arguments @ ..] = &command.operands[..] else { return Ok(Value::Missing) };
        let has_arguments = !arguments.is_empty() || last.is_some();
        self.at = first.at;
        match &first.kind {
            OperandKind::Function(name) => self.function(dot, first.at, name, arguments, last),
            OperandKind::Field(fields) => self.chain(dot.clone(), fields, has_arguments),
            OperandKind::Variable(name, fields) if !fields.is_empty() => {
                let value = self.variable(name);
                self.chain(value, fields, has_arguments)
            }
            OperandKind::Chain(inner, fields) => {
                let value = self.receiver(dot, inner)?;
                self.at = first.at;
                self.chain(value, fields, has_arguments)
            }
            _ if has_arguments => {
                let text = self.template.text[first.at..].chars().take(20).collect::<String>();
                let what = text.split([' ', '|', '}', '\n']).next().unwrap_or_default().to_owned();
                self.fail(Fault::NotFunction { what })
            }
            OperandKind::Pipeline(inner) => self.pipeline(dot, inner),
            OperandKind::Variable(name, _) => Ok(self.variable(name)),
            OperandKind::Dot => Ok(dot.clone()),
            OperandKind::Nil => self.fail(Fault::NilCommand),
            OperandKind::Bool(value) => Ok(Value::Bool(*value)),
            OperandKind::Number(number) => self.constant(number),
            OperandKind::Text(text) => Ok(text.clone().map_or(Value::unknown(), Value::Text)),
        }
    }

    fn variable(&self, name: &str) -> Value {
        let found = self.variables.iter().rev().find(|(known, _)| **known == *name);
        found.map_or(Value::Missing, |(_, value)| value.clone())
    }

    fn chain(&mut self, receiver: Value, fields: &[std::rc::Rc<str>], has_arguments: bool) -> Result<Value, Halt> {
        let mut value = receiver;
        for (index, field) in fields.iter().enumerate() {
            self.heap.spend(1)?;
            value = self.field(&value, field, has_arguments && index + 1 == fields.len())?;
        }
        Ok(value)
    }

    /// What the fields of a chain are asked of.
    fn receiver(&mut self, dot: &Value, operand: &Operand) -> Result<Value, Halt> {
        match &operand.kind {
            OperandKind::Nil => self.fail(Fault::NilCommand),
            OperandKind::Pipeline(inner) => self.pipeline(dot, inner),
            OperandKind::Function(name) => self.function(dot, operand.at, name, &[], None),
            OperandKind::Chain(inner, fields) => {
                let value = self.deeper(|run| run.receiver(dot, inner))?;
                self.chain(value, fields, false)
            }
            _ => Ok(Value::unknown()),
        }
    }

    /// A constant whose type nothing asks for.
    fn constant(&self, number: &Number) -> Result<Value, Halt> {
        let text = &*number.text;
        let is_hex = text.len() > 2 && text[..2].eq_ignore_ascii_case("0x") && !text.contains(['p', 'P']);
        let is_written_as_float = !is_hex && !text.starts_with('\'') && text.contains(['.', 'e', 'E', 'p', 'P']);
        match (number.float, number.int) {
            _ if number.is_complex => Ok(Value::unknown()),
            (Some(value), _) if is_written_as_float => Ok(Value::Float(value)),
            (_, Some(value)) => Ok(Value::int(value)),
            _ => self.fail(Fault::Overflow { number: text.to_owned() }),
        }
    }

    fn function(
        &mut self,
        dot: &Value,
        at: usize,
        name: &str,
        arguments: &[Operand],
        last: Option<Value>,
    ) -> Result<Value, Halt> {
        let functions = self.functions;
        let Some(signature) = functions.table().get(name) else { return Err(Halt::Stop) };
        let has = arguments.len() + usize::from(last.is_some());
        if !signature.takes(has) {
            return self.fail(Fault::Count { function: name.to_owned(), has });
        }
        if matches!(name, "and" | "or") {
            return self.shortcut(dot, name == "or", arguments, last);
        }
        let mut values = Vec::with_capacity(has);
        for (index, argument) in arguments.iter().enumerate() {
            let wants = signature.parameter(index).unwrap_or(Type::Any);
            values.push(self.argument(dot, name, wants, argument)?);
        }
        if let Some(last) = last {
            let wants = signature.parameter(values.len()).unwrap_or(Type::Any);
            values.push(self.fitting(name, wants, last)?);
        }
        self.at = at;
        self.heap.spend(1)?;
        let result = functions.call(name, &mut self.heap, &values);
        self.outcome(name, result)
    }

    /// `and` and `or` stop at the first argument that decides.
    fn shortcut(
        &mut self,
        dot: &Value,
        is_or: bool,
        arguments: &[Operand],
        last: Option<Value>,
    ) -> Result<Value, Halt> {
        let name = if is_or { "or" } else { "and" };
        let mut value = Value::Missing;
        for (index, argument) in arguments.iter().enumerate() {
            value = self.argument(dot, name, Type::Value, argument)?;
            match self.heap.truth(&value) {
                Some(truth) if truth == is_or => return Ok(value),
                Some(_) => {}
                None => {
                    for argument in &arguments[index + 1..] {
                        self.perhaps(|run| run.argument(dot, name, Type::Value, argument))?;
                    }
                    return Ok(Value::unknown());
                }
            }
        }
        Ok(last.unwrap_or(value))
    }

    fn argument(&mut self, dot: &Value, function: &str, wants: Type, operand: &Operand) -> Result<Value, Halt> {
        self.at = operand.at;
        let value = match &operand.kind {
            OperandKind::Dot => dot.clone(),
            OperandKind::Nil if wants.can_be_nil() => return Ok(Value::Nil),
            OperandKind::Nil => {
                return self.fail(Fault::WrongType { function: function.to_owned(), wants, got: "nil" });
            }
            OperandKind::Field(fields) => self.chain(dot.clone(), fields, false)?,
            OperandKind::Variable(name, fields) => {
                let value = self.variable(name);
                self.chain(value, fields, false)?
            }
            OperandKind::Pipeline(inner) => self.pipeline(dot, inner)?,
            OperandKind::Function(name) => self.deeper(|run| run.function(dot, operand.at, name, &[], None))?,
            OperandKind::Chain(inner, fields) => {
                let value = self.receiver(dot, inner)?;
                self.chain(value, fields, false)?
            }
            OperandKind::Bool(value) => Value::Bool(*value),
            OperandKind::Text(text) => text.clone().map_or(Value::unknown(), Value::Text),
            OperandKind::Number(number) => match (wants, number) {
                (Type::Int, Number { int: Some(value), .. }) => Value::int(*value),
                (Type::Int64, Number { int: Some(value), .. }) => Value::int64(*value),
                (Type::Float, Number { float: Some(value), .. }) => Value::Float(*value),
                (Type::Other("uint32"), Number { uint: Some(_), .. }) => Value::unknown(),
                _ => self.constant(number)?,
            },
        };
        self.at = operand.at;
        self.fitting(function, wants, value)
    }

    fn fitting(&mut self, function: &str, wants: Type, value: Value) -> Result<Value, Halt> {
        match value {
            Value::Missing if wants == Type::Value => Ok(value),
            Value::Missing if wants.can_be_nil() => Ok(Value::Nil),
            Value::Missing => self.fail(Fault::NoArgument { function: function.to_owned(), wants }),
            value if is_assignable(&value, wants) => Ok(value),
            value => self.fail(Fault::WrongType { function: function.to_owned(), wants, got: type_name(&value) }),
        }
    }
}
