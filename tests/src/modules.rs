//! Which top-level modules of a crate name which others, read from the sources.
//!
//! Sees tokens, not text: paths in macros count, comments and strings do not, and neither does what only tests have.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::place::files_below;

/// Module → the modules it names → the first file that does.
pub type Edges = BTreeMap<String, BTreeMap<String, PathBuf>>;

/// The edges between the top-level modules of the crate whose `src` this is. A name that the crate's root takes from a module is that module's.
pub fn module_edges(src: &Path) -> Edges {
    let mut files: Vec<_> = files_below(src)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect();
    files.sort();
    let modules: BTreeSet<String> = files.iter().filter_map(|file| path_of(src, file).into_iter().next()).collect();
    let root = ["lib.rs", "main.rs"].map(|name| src.join(name)).into_iter().find(|root| root.exists()).unwrap();
    let roots = reexports(&tokens(&root), &modules);
    let mut edges: Edges = modules.iter().map(|module| (module.clone(), BTreeMap::new())).collect();
    for file in &files {
        let here = path_of(src, file);
        let Some(module) = here.first() else { continue };
        let mut named = BTreeSet::new();
        Scan { named: &mut named }.all(&tokens(file), &here);
        for name in named {
            let to = if modules.contains(&name) { Some(&name) } else { roots.get(&name) };
            // What is neither is the root's own, such as an exported macro.
            if let Some(to) = to.filter(|to| *to != module) {
                edges.get_mut(module).unwrap().entry(to.clone()).or_insert_with(|| file.clone());
            }
        }
    }
    edges
}

/// The modules that can reach themselves, in the order of a circle; empty if there are none.
pub fn circle(edges: &Edges) -> Vec<String> {
    let mut done = BTreeSet::new();
    let mut way = Vec::new();
    edges.keys().find_map(|module| circle_from(module, edges, &mut done, &mut way)).unwrap_or_default()
}

fn circle_from(module: &str, edges: &Edges, done: &mut BTreeSet<String>, way: &mut Vec<String>) -> Option<Vec<String>> {
    if let Some(start) = way.iter().position(|known| known == module) {
        return Some(way[start..].iter().cloned().chain([module.to_owned()]).collect());
    }
    if !done.insert(module.to_owned()) {
        return None;
    }
    way.push(module.to_owned());
    let found = edges.get(module).and_then(|next| next.keys().find_map(|next| circle_from(next, edges, done, way)));
    way.pop();
    found
}

fn tokens(file: &Path) -> Vec<TokenTree> {
    let text = std::fs::read_to_string(file).unwrap();
    TokenStream::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display())).into_iter().collect()
}

/// `src/boot/check.rs` → `[boot, check]`; nothing for the crate's root.
fn path_of(src: &Path, file: &Path) -> Vec<String> {
    let below = file.strip_prefix(src).unwrap().with_extension("");
    let mut path: Vec<String> = below.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if path.last().is_some_and(|last| last == "mod")
        || matches!(path.as_slice(), [only] if only == "lib" || only == "main")
    {
        path.pop();
    }
    path
}

/// Name → the module that the root takes it from.
fn reexports(root: &[TokenTree], modules: &BTreeSet<String>) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for (index, token) in root.iter().enumerate() {
        let [TokenTree::Ident(module), rest @ ..] = &root[index + 1..] else { continue };
        let module = module.to_string();
        if is_ident(token, "use") && modules.contains(&module) {
            let end = rest.iter().position(|token| is_punct(token, ';')).unwrap_or(rest.len());
            idents(&rest[..end], &mut |name| {
                names.insert(name, module.clone());
            });
        }
    }
    names
}

fn idents(tokens: &[TokenTree], each: &mut impl FnMut(String)) {
    for token in tokens {
        match token {
            TokenTree::Ident(name) => each(name.to_string()),
            TokenTree::Group(group) => idents(&group.stream().into_iter().collect::<Vec<_>>(), each),
            _ => {}
        }
    }
}

struct Scan<'n> {
    named: &'n mut BTreeSet<String>,
}

impl Scan<'_> {
    fn all(&mut self, tokens: &[TokenTree], here: &[String]) {
        let mut at = 0;
        while at < tokens.len() {
            at += self.one(&tokens[at..], tokens[..at].last(), here);
        }
    }

    /// Looks at what stands at the beginning; gives how many tokens that were.
    fn one(&mut self, tokens: &[TokenTree], before: Option<&TokenTree>, here: &[String]) -> usize {
        match tokens {
            [hash, TokenTree::Group(attribute), ..] if is_punct(hash, '#') && is_for_tests(&attribute.stream()) => {
                let is_end = |token: &TokenTree| {
                    is_punct(token, ';')
                        || matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
                };
                tokens.iter().position(is_end).map_or(tokens.len(), |end| end + 1)
            }
            [keyword, TokenTree::Ident(name), TokenTree::Group(body), ..] if is_ident(keyword, "mod") => {
                let below: Vec<String> = here.iter().cloned().chain([name.to_string()]).collect();
                self.all(&body.stream().into_iter().collect::<Vec<_>>(), &below);
                3
            }
            [first, a, b, rest @ ..] if is_path(a, b) && is_ident(first, "crate") => {
                self.heads(rest);
                3
            }
            [first, a, b, rest @ ..]
                if is_path(a, b) && is_ident(first, "super") && !before.is_some_and(|token| is_punct(token, ':')) =>
            {
                let (mut depth, mut rest) = (1, rest);
                while let [next, a, b, after @ ..] = rest
                    && is_ident(next, "super")
                    && is_path(a, b)
                {
                    (depth, rest) = (depth + 1, after);
                }
                if depth >= here.len() {
                    self.heads(rest);
                }
                3
            }
            [TokenTree::Group(group), ..] => {
                self.all(&group.stream().into_iter().collect::<Vec<_>>(), here);
                1
            }
            _ => 1,
        }
    }

    /// The first name of each path: `a::b`, or `{a::b, c}`.
    fn heads(&mut self, tokens: &[TokenTree]) {
        match tokens {
            [TokenTree::Ident(name), ..] => {
                self.named.insert(name.to_string());
            }
            [TokenTree::Group(group), ..] if group.delimiter() == Delimiter::Brace => {
                let inside: Vec<_> = group.stream().into_iter().collect();
                inside.split(|token| is_punct(token, ',')).for_each(|path| self.heads(path));
            }
            _ => {}
        }
    }
}

fn is_for_tests(attribute: &TokenStream) -> bool {
    let text: String = attribute.to_string().split_whitespace().collect();
    text.starts_with("cfg(test)") || text.starts_with("cfg(all(test,")
}

fn is_ident(token: &TokenTree, text: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == text)
}

fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}

fn is_path(a: &TokenTree, b: &TokenTree) -> bool {
    is_punct(a, ':') && is_punct(b, ':')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str, here: &[&str]) -> Vec<String> {
        let tokens: Vec<_> = TokenStream::from_str(text).unwrap().into_iter().collect();
        let here: Vec<String> = here.iter().map(|name| (*name).to_owned()).collect();
        let mut named = BTreeSet::new();
        Scan { named: &mut named }.all(&tokens, &here);
        named.into_iter().collect()
    }

    #[test]
    fn every_way_to_name_a_module_is_seen() {
        let text =
            "use crate::{a::{x, y}, b}; fn f() { crate::c::g(); print!(\"{}\", crate::d::H) } use super::super::e::T;";
        assert_eq!(named(text, &["boot", "check"]), ["a", "b", "c", "d", "e"]);
    }

    #[test]
    fn neither_comments_nor_tests_nor_the_own_room_count() {
        let text = "// crate::a\nuse super::near; pub(crate) struct S; #[cfg(test)] mod tests { use crate::b; } mod inner { use super::super::c; }";
        assert!(named(text, &["boot", "check"]).is_empty());
    }

    #[test]
    fn a_circle_is_shown_as_the_way_around() {
        let edges = |list: &[(&str, &str)]| {
            let mut edges = Edges::new();
            for (from, to) in list {
                edges.entry((*from).to_owned()).or_default().insert((*to).to_owned(), PathBuf::new());
            }
            edges
        };
        assert_eq!(circle(&edges(&[("a", "b"), ("b", "c"), ("c", "b")])), ["b", "c", "b"]);
        assert!(circle(&edges(&[("a", "b"), ("a", "c"), ("b", "c")])).is_empty());
    }
}
