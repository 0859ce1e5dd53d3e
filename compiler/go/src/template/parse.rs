//! Tokens → tree. The grammar, and which token an error is about, are `text/template`'s (Go 1.27, package documentation and `text/template/parse`).

use std::collections::BTreeMap;
use std::rc::Rc;

use super::lex::{Keyword, Kind, Token, lex};
use super::problem::{ParseError, Position, Problem};
use super::tree::{Branch, Node, Template};
use crate::unquote::unquote;

/// Blocks and parentheses in each other. Go's limit for parentheses is 10,000; here the stack is the thread's.
const DEEPEST: usize = 100;

/// Reads a template. `name` is the text's own, under which it could be defined a second time; `has_function` knows the functions.
pub fn parse(name: &str, text: &str, has_function: &dyn Fn(&str) -> bool) -> Result<Template, ParseError> {
    let tokens = lex(text);
    let mut parser = Parser {
        text,
        tokens: &tokens,
        next: 0,
        furthest: 0,
        has_function,
        variables: vec!["$".into()],
        ranges: 0,
        depth: 0,
        defined: BTreeMap::new(),
    };
    match parser.template(name) {
        Ok(root) => Ok(Template { text: text.to_owned(), root, defined: parser.defined }),
        Err(problem) => {
            // Go names the line of the last token that was read, which may be one further than the wrong one.
            let at = tokens[parser.furthest].span.start;
            Err(ParseError { position: Position::of(text, at), problem })
        }
    }
}

/// What ends a list of statements.
pub(super) enum Ending {
    End,
    Else,
}

enum Statement {
    Node(Node),
    Ending(Ending),
}

pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    tokens: &'t [Token],
    next: usize,
    furthest: usize,
    pub(super) has_function: &'t dyn Fn(&str) -> bool,
    pub(super) variables: Vec<Rc<str>>,
    ranges: usize,
    depth: usize,
    defined: BTreeMap<Rc<str>, Vec<Node>>,
}

impl<'t> Parser<'t> {
    pub(super) fn next(&mut self) -> &'t Token {
        let token = self.peek();
        self.next += 1;
        token
    }

    pub(super) fn peek(&mut self) -> &'t Token {
        // The last token, an end or a problem, repeats.
        let index = self.next.min(self.tokens.len() - 1);
        self.furthest = self.furthest.max(index);
        &self.tokens[index]
    }

    pub(super) fn back(&mut self) {
        self.next -= 1;
    }

    pub(super) fn mark(&self) -> usize {
        self.next
    }

    pub(super) fn rewind(&mut self, mark: usize) {
        self.next = mark;
    }

    pub(super) fn next_word(&mut self) -> &'t Token {
        while self.peek().kind == Kind::Space {
            self.next += 1;
        }
        self.next()
    }

    pub(super) fn peek_word(&mut self) -> &'t Token {
        let token = self.next_word();
        self.back();
        token
    }

    pub(super) fn text_of(&self, token: &Token) -> &'t str {
        &self.text[token.span.clone()]
    }

    pub(super) fn unexpected(&self, token: &Token, context: &'static str) -> Problem {
        match &token.kind {
            Kind::Wrong(problem) => problem.clone(),
            Kind::End => Problem::UnclosedBlock,
            _ => Problem::Unexpected { token: self.text_of(token).to_owned(), context },
        }
    }

    fn expect_close(&mut self, context: &'static str) -> Result<(), Problem> {
        let token = self.next_word();
        if token.kind == Kind::Close { Ok(()) } else { Err(self.unexpected(token, context)) }
    }

    pub(super) fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Result<T, Problem>) -> Result<T, Problem> {
        if self.depth >= DEEPEST {
            return Err(Problem::TooDeep);
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn template(&mut self, name: &str) -> Result<Vec<Node>, Problem> {
        let mut root = Vec::new();
        while self.peek().kind != Kind::End {
            if self.peek().kind == Kind::Open {
                let mark = self.mark();
                self.next();
                if self.next_word().kind == Kind::Keyword(Keyword::Define) {
                    self.definition()?;
                    continue;
                }
                self.rewind(mark);
            }
            match self.statement()? {
                Statement::Node(node) => root.push(node),
                Statement::Ending(ending) => return Err(ending.misplaced("a template")),
            }
        }
        // The text itself is defined last.
        match self.defined.get(name) {
            Some(other) if !is_blank(other, self.text) && !is_blank(&root, self.text) => {
                Err(Problem::DefinedTwice(name.to_owned()))
            }
            _ => Ok(root),
        }
    }

    fn definition(&mut self) -> Result<(), Problem> {
        let name = self.name("`define`")?;
        self.expect_close("`define`")?;
        self.define(&name, "`define`")
    }

    /// The body of a definition: its own variables, and no range around it.
    fn define(&mut self, name: &Rc<str>, context: &'static str) -> Result<(), Problem> {
        let variables = std::mem::replace(&mut self.variables, vec!["$".into()]);
        let ranges = std::mem::take(&mut self.ranges);
        let (body, ending) = self.deeper(Self::statements)?;
        if let Ending::Else = ending {
            return Err(ending.misplaced(context));
        }
        (self.variables, self.ranges) = (variables, ranges);
        let text = self.text;
        match self.defined.get(name) {
            Some(other) if !is_blank(other, text) => {
                if !is_blank(&body, text) {
                    return Err(Problem::DefinedTwice(name.to_string()));
                }
            }
            _ => {
                self.defined.insert(name.clone(), body);
            }
        }
        Ok(())
    }

    fn statements(&mut self) -> Result<(Vec<Node>, Ending), Problem> {
        let mut list = Vec::new();
        while self.peek_word().kind != Kind::End {
            match self.statement()? {
                Statement::Node(node) => list.push(node),
                Statement::Ending(ending) => return Ok((list, ending)),
            }
        }
        Err(Problem::UnclosedBlock)
    }

    fn statement(&mut self) -> Result<Statement, Problem> {
        let token = self.next_word();
        match token.kind {
            Kind::Text => Ok(Statement::Node(Node::Text(token.span.clone()))),
            Kind::Open => self.action(),
            _ => Err(self.unexpected(token, "a template")),
        }
    }

    fn action(&mut self) -> Result<Statement, Problem> {
        let token = self.next_word();
        let at = token.span.start;
        let node = match token.kind {
            Kind::Keyword(Keyword::Block) => self.block(at)?,
            Kind::Keyword(Keyword::Break) => self.jump("break", Node::Break)?,
            Kind::Keyword(Keyword::Continue) => self.jump("continue", Node::Continue)?,
            Kind::Keyword(Keyword::Else) => return self.otherwise().map(Statement::Ending),
            Kind::Keyword(Keyword::End) => {
                self.expect_close("`end`")?;
                return Ok(Statement::Ending(Ending::End));
            }
            Kind::Keyword(Keyword::If) => Node::If(self.branch(at, Keyword::If)?),
            Kind::Keyword(Keyword::Range) => Node::Range(self.branch(at, Keyword::Range)?),
            Kind::Keyword(Keyword::With) => Node::With(self.branch(at, Keyword::With)?),
            Kind::Keyword(Keyword::Template) => self.call()?,
            _ => {
                self.back();
                self.peek();
                Node::Action(self.pipeline("an action", &Kind::Close)?)
            }
        };
        Ok(Statement::Node(node))
    }

    fn jump(&mut self, word: &'static str, node: Node) -> Result<Node, Problem> {
        self.expect_close(word)?;
        if self.ranges == 0 { Err(Problem::OutsideRange(word)) } else { Ok(node) }
    }

    fn otherwise(&mut self) -> Result<Ending, Problem> {
        // `else if` and `else with` are read by the branch that they continue.
        if !matches!(self.peek_word().kind, Kind::Keyword(Keyword::If | Keyword::With)) {
            self.expect_close("`else`")?;
        }
        Ok(Ending::Else)
    }

    fn branch(&mut self, at: usize, word: Keyword) -> Result<Branch, Problem> {
        self.deeper(|parser| {
            let scope = parser.variables.len();
            let context = match word {
                Keyword::Range => RANGE,
                Keyword::With => "`with`",
                _ => "`if`",
            };
            let pipeline = parser.pipeline(context, &Kind::Close)?;
            let is_range = usize::from(word == Keyword::Range);
            parser.ranges += is_range;
            let body = parser.statements();
            parser.ranges -= is_range;
            let (then, ending) = body?;
            let otherwise = match ending {
                Ending::End => None,
                Ending::Else => Some(parser.else_branch(word)?),
            };
            parser.variables.truncate(scope);
            Ok(Branch { at, pipeline, then, otherwise })
        })
    }

    fn else_branch(&mut self, word: Keyword) -> Result<Vec<Node>, Problem> {
        let token = self.peek();
        let at = token.span.start;
        if token.kind == Kind::Keyword(word) && word != Keyword::Range {
            self.next();
            let branch = self.branch(at, word)?;
            return Ok(vec![if word == Keyword::If { Node::If(branch) } else { Node::With(branch) }]);
        }
        match self.statements()? {
            (list, Ending::End) => Ok(list),
            (_, ending) => Err(ending.misplaced("`else`")),
        }
    }

    fn block(&mut self, at: usize) -> Result<Node, Problem> {
        let name = self.name("`block`")?;
        let pipeline = self.pipeline("`block`", &Kind::Close)?;
        self.define(&name, "`block`")?;
        Ok(Node::Call { at, name, pipeline: Some(pipeline) })
    }

    fn call(&mut self) -> Result<Node, Problem> {
        let at = self.peek_word().span.start;
        let name = self.name("`template`")?;
        let pipeline = if self.next_word().kind == Kind::Close {
            None
        } else {
            self.back();
            Some(self.pipeline("`template`", &Kind::Close)?)
        };
        Ok(Node::Call { at, name, pipeline })
    }

    fn name(&mut self, context: &'static str) -> Result<Rc<str>, Problem> {
        let token = self.next_word();
        if !matches!(token.kind, Kind::String | Kind::RawString) {
            return Err(self.unexpected(token, context));
        }
        let text = self.text_of(token);
        let bytes = unquote(text).ok_or_else(|| Problem::BadEscape(text.to_owned()))?;
        Ok(String::from_utf8_lossy(&bytes).into())
    }
}

/// What a range may do and other statements may not: two variables.
pub(super) const RANGE: &str = "`range`";

impl Ending {
    fn misplaced(&self, context: &'static str) -> Problem {
        let token = match self {
            Self::End => "end",
            Self::Else => "else",
        };
        Problem::Unexpected { token: token.to_owned(), context }
    }
}

/// Whether statements print nothing: such a definition gives way to any other.
fn is_blank(list: &[Node], text: &str) -> bool {
    list.iter().all(|node| matches!(node, Node::Text(span) if text[span.clone()].trim().is_empty()))
}
