//! Tokens → syntax tree. Macros are recognised here; unknown functions are refused here, so that a rule is either understood in full or not evaluated at all.

use super::ast::{Entry, Expr, Fold, FoldKind, Node, Op};
use super::functions;
use super::lexer::{Token, tokens};

/// The height of a tree; rules written by hand stay below a quarter of it.
const HIGHEST: usize = 120;
/// The longest rule; the server's own estimates refuse shorter ones.
const LONGEST: usize = 64 << 10;

/// Names before a dot that belong to the function's name.
const NAMESPACES: [&str; 4] = ["optional", "sets", "format", "strings"];

pub(super) fn parse(text: &str) -> Result<Expr, String> {
    if text.len() > LONGEST {
        return Err(format!("rule is longer than {LONGEST} bytes"));
    }
    let mut parser = Parser { tokens: tokens(text)?, at: 0, depth: 0 };
    let expr = parser.expression()?;
    match parser.peek() {
        None => Ok(expr),
        Some(_) => Err(parser.unexpected()),
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

type Parsed = Result<Expr, String>;

impl Parser {
    fn expression(&mut self) -> Parsed {
        self.depth += 1;
        if self.depth > HIGHEST {
            return Err("rule is nested too deeply".into());
        }
        let expr = self.choice();
        self.depth -= 1;
        expr
    }

    fn choice(&mut self) -> Parsed {
        let condition = self.or()?;
        if !self.take("?") {
            return Ok(condition);
        }
        let then = self.or()?;
        self.need(":")?;
        let otherwise = self.expression()?;
        let height = condition.height.max(then.height).max(otherwise.height);
        make(Node::Choice { condition: condition.into(), then: then.into(), otherwise: otherwise.into() }, height)
    }

    fn or(&mut self) -> Parsed {
        let mut parts = vec![self.and()?];
        while self.take("||") {
            parts.push(self.and()?);
        }
        many(parts, Node::Or)
    }

    fn and(&mut self) -> Parsed {
        let mut parts = vec![self.relation()?];
        while self.take("&&") {
            parts.push(self.relation()?);
        }
        many(parts, Node::And)
    }

    fn relation(&mut self) -> Parsed {
        const RELATIONS: [(&str, Op); 6] = [
            ("==", Op::Equal),
            ("!=", Op::NotEqual),
            ("<=", Op::LessOrEqual),
            (">=", Op::GreaterOrEqual),
            ("<", Op::Less),
            (">", Op::Greater),
        ];
        let mut left = self.sum()?;
        loop {
            let op = if self.peek() == Some(&Token::Name("in".into())) {
                self.at += 1;
                Op::In
            } else if let Some((_, op)) = RELATIONS.into_iter().find(|(symbol, _)| self.take(symbol)) {
                op
            } else {
                return Ok(left);
            };
            left = binary(op, left, self.sum()?)?;
        }
    }

    fn sum(&mut self) -> Parsed {
        let mut left = self.product()?;
        loop {
            let op = match () {
                () if self.take("+") => Op::Add,
                () if self.take("-") => Op::Subtract,
                () => return Ok(left),
            };
            left = binary(op, left, self.product()?)?;
        }
    }

    fn product(&mut self) -> Parsed {
        let mut left = self.unary()?;
        loop {
            let op = match () {
                () if self.take("*") => Op::Multiply,
                () if self.take("/") => Op::Divide,
                () if self.take("%") => Op::Remainder,
                () => return Ok(left),
            };
            left = binary(op, left, self.unary()?)?;
        }
    }

    fn unary(&mut self) -> Parsed {
        let mut signs = Vec::new();
        while let Some(Token::Symbol(symbol @ ("!" | "-"))) = self.peek() {
            signs.push(*symbol);
            self.at += 1;
        }
        let mut expr = if signs.last() == Some(&"-") && matches!(self.peek(), Some(Token::Int(_) | Token::Double(_))) {
            signs.pop();
            let literal = self.negative_literal()?;
            self.members(literal)?
        } else {
            let primary = self.primary()?;
            self.members(primary)?
        };
        for sign in signs.into_iter().rev() {
            let height = expr.height;
            expr = make(if sign == "!" { Node::Not(expr.into()) } else { Node::Negate(expr.into()) }, height)?;
        }
        Ok(expr)
    }

    /// A minus belongs to the literal, so that the smallest integer can be written.
    fn negative_literal(&mut self) -> Parsed {
        match self.next() {
            Some(Token::Int(value)) => {
                let value = 0_i64.checked_sub_unsigned(value).ok_or("integer does not fit 64 bits")?;
                make(Node::Int(value), 0)
            }
            Some(Token::Double(value)) => make(Node::Double(-value), 0),
            _ => Err("expected a number".into()),
        }
    }

    fn primary(&mut self) -> Parsed {
        let Some(token) = self.next() else { return Err("rule ends too early".into()) };
        match token {
            Token::Int(value) => make(Node::Int(i64::try_from(value).map_err(|_| "integer does not fit 64 bits")?), 0),
            Token::Uint(value) => make(Node::Uint(value), 0),
            Token::Double(value) => make(Node::Double(value), 0),
            Token::Text(text) => make(Node::Text(text), 0),
            Token::Bytes(bytes) => make(Node::Bytes(bytes), 0),
            Token::Symbol("(") => {
                let expr = self.expression()?;
                self.need(")")?;
                Ok(expr)
            }
            Token::Symbol("[") => self.list(),
            Token::Symbol("[?") => {
                self.at -= 1;
                self.tokens[self.at] = Token::Symbol("?");
                self.list()
            }
            Token::Symbol("{") => self.map(),
            Token::Symbol(".") => self.primary(),
            Token::Name(name) => match &*name {
                "true" => make(Node::Bool(true), 0),
                "false" => make(Node::Bool(false), 0),
                "null" => make(Node::Null, 0),
                _ if self.take("(") => {
                    let args = self.arguments()?;
                    global_call(&name, args)
                }
                _ => make(Node::Name(name), 0),
            },
            Token::QuotedName(_) | Token::Symbol(_) => {
                self.at -= 1;
                Err(self.unexpected())
            }
        }
    }

    fn members(&mut self, mut expr: Expr) -> Parsed {
        loop {
            let height = expr.height;
            if self.take("[") || self.take("[?") {
                let optional = self.tokens[self.at - 1] == Token::Symbol("[?");
                let index = self.expression()?;
                self.need("]")?;
                let height = height.max(index.height);
                expr = make(Node::Index { operand: expr.into(), index: index.into(), optional }, height)?;
            } else if self.take(".") || self.take(".?") {
                let optional = self.tokens[self.at - 1] == Token::Symbol(".?");
                let (name, quoted) = match self.next() {
                    Some(Token::Name(name)) => (name, false),
                    Some(Token::QuotedName(name)) => (name, true),
                    _ => return Err("expected a field name after `.`".into()),
                };
                if !optional && !quoted && self.take("(") {
                    let args = self.arguments()?;
                    expr = member_call(expr, &name, args)?;
                } else {
                    let field = if quoted { name } else { functions::unescape(&name) };
                    expr = make(Node::Select { operand: expr.into(), field, optional }, height)?;
                }
            } else {
                return Ok(expr);
            }
        }
    }

    fn arguments(&mut self) -> Result<Vec<Expr>, String> {
        let mut args = Vec::new();
        while !self.take(")") {
            if !args.is_empty() {
                self.need(",")?;
            }
            args.push(self.expression()?);
        }
        Ok(args)
    }

    fn list(&mut self) -> Parsed {
        let mut entries = Vec::new();
        let mut height = 0;
        while !self.take("]") {
            let optional = self.take("?");
            let value = self.expression()?;
            height = height.max(value.height);
            entries.push(Entry { value, optional });
            if !self.take(",") {
                self.need("]")?;
                break;
            }
        }
        make(Node::List(entries), height)
    }

    fn map(&mut self) -> Parsed {
        let mut entries = Vec::new();
        let mut height = 0;
        while !self.take("}") {
            let optional = self.take("?");
            let key = self.expression()?;
            self.need(":")?;
            let value = self.expression()?;
            height = height.max(key.height).max(value.height);
            entries.push((Entry { value: key, optional }, value));
            if !self.take(",") {
                self.need("}")?;
                break;
            }
        }
        make(Node::Map(entries), height)
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn take(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Symbol(found)) if *found == symbol);
        self.at += usize::from(found);
        found
    }

    fn need(&mut self, symbol: &str) -> Result<(), String> {
        if self.take(symbol) { Ok(()) } else { Err(format!("expected `{symbol}`, found {}", self.found())) }
    }

    fn found(&self) -> String {
        match self.peek() {
            None => "the end of the rule".into(),
            Some(Token::Name(name) | Token::QuotedName(name)) => format!("`{name}`"),
            Some(Token::Symbol(symbol)) => format!("`{symbol}`"),
            Some(_) => "a literal".into(),
        }
    }

    fn unexpected(&self) -> String {
        format!("unexpected {}", self.found())
    }
}

fn make(node: Node, below: usize) -> Parsed {
    let height = below + 1;
    if height > HIGHEST { Err("rule is nested too deeply".into()) } else { Ok(Expr { node, height }) }
}

fn many(mut parts: Vec<Expr>, node: impl Fn(Vec<Expr>) -> Node) -> Parsed {
    if parts.len() == 1 {
        return Ok(parts.remove(0));
    }
    let height = parts.iter().map(|part| part.height).max().unwrap_or_default();
    make(node(parts), height)
}

fn binary(op: Op, left: Expr, right: Expr) -> Parsed {
    let height = left.height.max(right.height);
    make(Node::Binary { op, left: left.into(), right: right.into() }, height)
}

fn global_call(name: &str, mut args: Vec<Expr>) -> Parsed {
    if name == "has" {
        return match (args.len(), args.pop().map(|arg| arg.node)) {
            (1, Some(Node::Select { operand, field, optional: false })) => {
                let height = operand.height;
                make(Node::Has { operand, field }, height)
            }
            _ => Err("`has` takes one field, such as `has(self.a)`".into()),
        };
    }
    call(name.into(), None, args)
}

fn member_call(target: Expr, name: &str, args: Vec<Expr>) -> Parsed {
    if let Node::Name(namespace) = &target.node {
        let full = format!("{namespace}.{name}");
        if NAMESPACES.contains(&&**namespace) || full == "ip.isCanonical" {
            return call(full, None, args);
        }
    }
    match fold_kind(name, args.len()) {
        Some(kind) => fold(kind, name, target, args),
        None => call(name.into(), Some(target), args),
    }
}

fn call(name: String, target: Option<Expr>, args: Vec<Expr>) -> Parsed {
    if !functions::exists(&name, target.is_some()) {
        return Err(format!("function `{name}` is not known here"));
    }
    let height = args.iter().chain(&target).map(|arg| arg.height).max().unwrap_or_default();
    make(Node::Call { name: name.into(), target: target.map(Box::new), args }, height)
}

fn fold_kind(name: &str, args: usize) -> Option<FoldKind> {
    Some(match (name, args) {
        ("all", 2 | 3) => FoldKind::All,
        ("exists", 2 | 3) => FoldKind::Exists,
        ("exists_one" | "existsOne", 2 | 3) => FoldKind::ExistsOne,
        ("filter", 2) => FoldKind::Filter,
        ("map", 2 | 3) | ("transformList", 3 | 4) => FoldKind::Map,
        ("transformMap", 3 | 4) => FoldKind::TransformMap,
        ("optMap", 2) => FoldKind::OptMap,
        ("optFlatMap", 2) => FoldKind::OptFlatMap,
        _ => return None,
    })
}

fn fold(kind: FoldKind, name: &str, range: Expr, args: Vec<Expr>) -> Parsed {
    let height = args.iter().chain([&range]).map(|arg| arg.height).max().unwrap_or_default();
    let has_result = matches!(kind, FoldKind::Map | FoldKind::TransformMap | FoldKind::OptMap | FoldKind::OptFlatMap);
    let two_names = name.starts_with("transform")
        || (args.len() == 3 && matches!(kind, FoldKind::All | FoldKind::Exists | FoldKind::ExistsOne));
    let mut args = args.into_iter();
    let mut variable = || match args.next().map(|arg| arg.node) {
        Some(Node::Name(name)) => Ok(name),
        _ => Err(format!("`{name}` needs a plain name for its variable")),
    };
    let first = variable()?;
    let second = if two_names { Some(variable()?) } else { None };
    let mut rest: Vec<Expr> = args.collect();
    let result = if has_result { rest.pop() } else { None };
    let condition = rest.pop();
    make(Node::Fold(Box::new(Fold { kind, range, first, second, condition, result })), height)
}
