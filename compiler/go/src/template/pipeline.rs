//! Tokens → tree, inside of an action: pipelines, commands and operands.

use std::rc::Rc;

use super::constant;
use super::lex::{Keyword, Kind};
use super::parse::{Parser, RANGE};
use super::problem::Problem;
use super::tree::{Command, Operand, OperandKind, Pipeline};
use crate::unquote::unquote;

impl Parser<'_> {
    pub(super) fn pipeline(&mut self, context: &'static str, end: &Kind) -> Result<Pipeline, Problem> {
        let at = self.peek_word().span.start;
        let mut pipeline = Pipeline { at, variables: Vec::new(), is_assignment: false, commands: Vec::new() };
        self.declarations(&mut pipeline, context)?;
        loop {
            let token = self.next_word();
            match &token.kind {
                kind if kind == end => break,
                Kind::Bool
                | Kind::CharConstant
                | Kind::Complex
                | Kind::Field
                | Kind::Identifier
                | Kind::Number
                | Kind::RawString
                | Kind::String
                | Kind::Variable
                | Kind::OpenParen
                | Kind::Keyword(Keyword::Dot | Keyword::Nil) => {
                    self.back();
                    let command = self.command()?;
                    pipeline.commands.push(command);
                }
                _ => return Err(self.unexpected(token, context)),
            }
        }
        if pipeline.commands.is_empty() {
            return Err(Problem::MissingValue(context));
        }
        // A constant cannot take the value before it.
        for command in &pipeline.commands[1..] {
            let first = &command.operands[0];
            if matches!(
                first.kind,
                OperandKind::Bool(_)
                    | OperandKind::Dot
                    | OperandKind::Nil
                    | OperandKind::Number(_)
                    | OperandKind::Text(_)
            ) {
                let text = self.text[first.at..].split([' ', '|', '}', ')', '\n']).next().unwrap_or_default();
                return Err(Problem::NotExecutable(text.to_owned()));
            }
        }
        Ok(pipeline)
    }

    /// `$a :=`, `$a =`, and `$a, $b :=` of a range.
    fn declarations(&mut self, pipeline: &mut Pipeline, context: &'static str) -> Result<(), Problem> {
        loop {
            self.peek_word();
            let mark = self.mark();
            let variable = self.peek();
            if variable.kind != Kind::Variable {
                return Ok(());
            }
            self.next();
            self.peek();
            let after = self.peek_word();
            match after.kind {
                Kind::Assign | Kind::Declare => {
                    pipeline.is_assignment = after.kind == Kind::Assign;
                    self.next_word();
                    self.declare(pipeline, variable.span.clone());
                    return Ok(());
                }
                Kind::Char if self.text_of(after) == "," => {
                    self.next_word();
                    self.declare(pipeline, variable.span.clone());
                    if context != RANGE || pipeline.variables.len() >= 2 {
                        return Err(Problem::TooManyVariables(context));
                    }
                    if !matches!(self.peek_word().kind, Kind::Variable | Kind::Close | Kind::CloseParen) {
                        let token = self.peek();
                        return Err(self.unexpected(token, "the variables of a `range`"));
                    }
                }
                _ => {
                    self.rewind(mark);
                    return Ok(());
                }
            }
        }
    }

    fn declare(&mut self, pipeline: &mut Pipeline, span: std::ops::Range<usize>) {
        let name: Rc<str> = self.text[span].into();
        pipeline.variables.push(name.clone());
        self.variables.push(name);
    }

    fn command(&mut self) -> Result<Command, Problem> {
        let mut operands = Vec::new();
        loop {
            self.peek_word();
            if let Some(operand) = self.operand()? {
                operands.push(operand);
            }
            let token = self.next();
            match token.kind {
                Kind::Space => {}
                Kind::Close | Kind::CloseParen => {
                    self.back();
                    break;
                }
                Kind::Pipe => break,
                _ => return Err(self.unexpected(token, "an operand")),
            }
        }
        if operands.is_empty() { Err(Problem::MissingValue("a `|`")) } else { Ok(Command { operands }) }
    }

    fn operand(&mut self) -> Result<Option<Operand>, Problem> {
        let Some(term) = self.term()? else { return Ok(None) };
        let mut fields = Vec::new();
        let at = self.peek().span.start;
        while self.peek().kind == Kind::Field {
            let token = self.next();
            fields.push(Rc::from(&self.text_of(token)[1..]));
        }
        if fields.is_empty() {
            return Ok(Some(term));
        }
        let kind = match term.kind {
            OperandKind::Field(mut own) => {
                own.extend(fields);
                OperandKind::Field(own)
            }
            OperandKind::Variable(name, mut own) => {
                own.extend(fields);
                OperandKind::Variable(name, own)
            }
            OperandKind::Bool(_)
            | OperandKind::Text(_)
            | OperandKind::Number(_)
            | OperandKind::Nil
            | OperandKind::Dot => {
                return Err(Problem::FieldOfConstant(self.text[term.at..at].to_owned()));
            }
            _ => OperandKind::Chain(Box::new(term), fields),
        };
        Ok(Some(Operand { at, kind }))
    }

    fn term(&mut self) -> Result<Option<Operand>, Problem> {
        let token = self.next_word();
        let text = self.text_of(token);
        let kind = match token.kind {
            Kind::Identifier if !(self.has_function)(text) => return Err(Problem::UnknownFunction(text.to_owned())),
            Kind::Identifier => OperandKind::Function(text.into()),
            Kind::Keyword(Keyword::Dot) => OperandKind::Dot,
            Kind::Keyword(Keyword::Nil) => OperandKind::Nil,
            Kind::Variable if !self.variables.iter().any(|known| **known == *text) => {
                return Err(Problem::UnknownVariable(text.to_owned()));
            }
            Kind::Variable => OperandKind::Variable(text.into(), Vec::new()),
            Kind::Field => OperandKind::Field(vec![text[1..].into()]),
            Kind::Bool => OperandKind::Bool(text == "true"),
            Kind::CharConstant => OperandKind::Number(constant::character(text)?),
            Kind::Complex => OperandKind::Number(constant::complex(text)?),
            Kind::Number => OperandKind::Number(constant::number(text)?),
            Kind::String | Kind::RawString => {
                let bytes = unquote(text).ok_or_else(|| Problem::BadEscape(text.to_owned()))?;
                OperandKind::Text(String::from_utf8(bytes).ok().map(Rc::from))
            }
            Kind::OpenParen => {
                let inner = self.deeper(|parser| parser.pipeline("a pair of parentheses", &Kind::CloseParen))?;
                OperandKind::Pipeline(Box::new(inner))
            }
            _ => {
                self.back();
                return Ok(None);
            }
        };
        Ok(Some(Operand { at: token.span.start, kind }))
    }
}
