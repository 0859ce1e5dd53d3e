//! Which parts of its data a template can look at, so that nobody makes the others.
//!
//! Owns: the paths that lead from the top. Whatever is reached in another way – a variable, the item of a list – began with such a path, and all below it counts.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::tree::{Branch, Node, Operand, OperandKind, Pipeline, Template};

/// What is looked at of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Reads {
    /// Everything, as far as can be seen.
    All,
    /// What stands behind these keys.
    Keys(BTreeMap<Rc<str>, Self>),
}

impl Reads {
    /// What is looked at of the value behind a key; nothing where none of it is.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::All => Some(self),
            Self::Keys(keys) => keys.get(key),
        }
    }

    fn add(&mut self, path: &[Rc<str>]) {
        let Self::Keys(keys) = self else { return };
        match path {
            [] => *self = Self::All,
            [key, below @ ..] => keys.entry(Rc::clone(key)).or_insert_with(Self::none).add(below),
        }
    }

    const fn none() -> Self {
        Self::Keys(BTreeMap::new())
    }
}

impl Template {
    /// What the template looks at of the value that it is executed with.
    pub fn reads(&self) -> Reads {
        let mut reads = Reads::none();
        nodes(&self.root, true, &mut reads);
        // What is passed to a defined template was looked at where it is passed.
        self.defined.values().for_each(|body| nodes(body, false, &mut reads));
        reads
    }
}

/// `is_top`: whether `.` is the top here.
fn nodes(list: &[Node], is_top: bool, reads: &mut Reads) {
    for node in list {
        match node {
            Node::Text(_) | Node::Break | Node::Continue => {}
            Node::Action(it) => pipeline(it, is_top, reads),
            Node::If(it) => branch(it, is_top, is_top, reads),
            Node::With(it) | Node::Range(it) => branch(it, is_top, false, reads),
            Node::Call { pipeline: it, .. } => it.iter().for_each(|it| pipeline(it, is_top, reads)),
        }
    }
}

fn branch(branch: &Branch, is_top: bool, is_top_inside: bool, reads: &mut Reads) {
    pipeline(&branch.pipeline, is_top, reads);
    nodes(&branch.then, is_top_inside, reads);
    nodes(branch.otherwise.as_deref().unwrap_or_default(), is_top, reads);
}

fn pipeline(pipeline: &Pipeline, is_top: bool, reads: &mut Reads) {
    let operands = pipeline.commands.iter().flat_map(|command| &command.operands);
    operands.for_each(|it| operand(it, is_top, reads));
}

fn operand(given: &Operand, is_top: bool, reads: &mut Reads) {
    match &given.kind {
        OperandKind::Dot if is_top => reads.add(&[]),
        OperandKind::Field(path) => reads.add(path),
        OperandKind::Variable(name, path) if **name == *"$" => reads.add(path),
        OperandKind::Pipeline(it) => pipeline(it, is_top, reads),
        OperandKind::Chain(inner, _) => operand(inner, is_top, reads),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::parse;

    fn paths(reads: &Reads, above: &str, into: &mut Vec<String>) {
        match reads {
            Reads::All => into.push(above.to_owned()),
            Reads::Keys(keys) => keys.iter().for_each(|(key, below)| paths(below, &format!("{above}.{key}"), into)),
        }
    }

    #[test]
    fn only_what_is_named_from_the_top_is_read() {
        for (text, expected) in [
            ("x", ""),
            ("{{ .a.b }}{{ .a.c }}", ".a.b .a.c"),
            ("{{ .a.b }}{{ .a }}", ".a"),
            ("{{ .a }}{{ .a.b }}", ".a"),
            ("{{ range .a.b }}{{ . }}{{ $.c }}{{ end }}", ".a.b .c"),
            ("{{ with .a }}x{{ else }}{{ . }}{{ end }}", " all"),
            ("{{ if .a }}{{ . }}{{ end }}", " all"),
            ("{{ $x := .a.b }}{{ $x.c }}", ".a.b"),
            ("{{ index . \"a\" }}", " all"),
            ("{{ range .a }}{{ $ }}{{ end }}", " all"),
            ("{{ (index .a.b 0).c }}", ".a.b"),
            ("{{ define \"t\" }}{{ . }}{{ end }}{{ template \"t\" .a }}", ".a"),
            ("{{ define \"t\" }}{{ . }}{{ end }}{{ template \"t\" . }}", " all"),
        ] {
            let template = parse("main", text, &|name| name == "index").expect("it is a template");
            let mut found = Vec::new();
            paths(&template.reads(), "", &mut found);
            let found = if found == [""] { " all".to_owned() } else { found.join(" ") };
            assert_eq!(found, expected, "{text}");
        }
    }
}
