//! JSON → YAML text, over libyaml's emitter.
//!
//! Byte equality is the point: natural key order, lists not indented, double quotes where a plain scalar would be
//! read as something else, single quotes where its syntax forbids it, lines folded after column 80.

use std::cmp::Ordering;

use serde_json::{Number, Value};

use super::resolve::{is_base60_float, is_plain_string};
use crate::number::general;

const BEST_WIDTH: usize = 80;
const BEST_INDENT: i32 = 2;
/// libyaml's bound on a key that is written without `? `.
const SIMPLE_KEY_LENGTH: usize = 128;

/// Writes one document, ending in a newline.
pub fn marshal(value: &Value) -> String {
    let mut emitter = Emitter { out: String::new(), column: 0, indent: -1, is_whitespace: true, is_indention: true };
    emitter.node(value, Context::Root);
    if !emitter.out.ends_with('\n') {
        emitter.out.push('\n');
    }
    emitter.out
}

/// go-yaml's order of mapping keys: digits by their number, other characters before letters, else by code point.
pub fn compare_keys(a: &str, b: &str) -> Ordering {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let Some(at) = a.iter().zip(&b).position(|(x, y)| x != y) else { return a.len().cmp(&b.len()) };
    match (a[at].is_alphabetic(), b[at].is_alphabetic()) {
        (true, true) => return a[at].cmp(&b[at]),
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    // A run of digits that began before the difference must not lose its weight when one side continues with a zero.
    let is_inside_number =
        (a[at] == '0' || b[at] == '0') && a[..at].iter().rev().take_while(|c| c.is_ascii_digit()).any(|c| *c != '0');
    let run = |text: &[char]| {
        let digits = text[at..].iter().take_while(|c| c.is_ascii_digit());
        digits.fold((i64::from(is_inside_number), at), |(number, end), c| {
            (number.wrapping_mul(10).wrapping_add(i64::from(u32::from(*c) - u32::from('0'))), end + 1)
        })
    };
    run(&a).cmp(&run(&b)).then(a[at].cmp(&b[at]))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    Root,
    Item,
    Key,
    Value,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quoting {
    Plain,
    Single,
    Double,
    Literal,
}

/// The state of libyaml's emitter that decides about blanks and line breaks.
struct Emitter {
    out: String,
    column: usize,
    indent: i32,
    is_whitespace: bool,
    is_indention: bool,
}

impl Emitter {
    fn node(&mut self, value: &Value, context: Context) {
        match value {
            Value::Null => self.scalar("null", Quoting::Plain, context),
            Value::Bool(value) => self.scalar(if *value { "true" } else { "false" }, Quoting::Plain, context),
            Value::Number(number) => self.scalar(&digits(number), Quoting::Plain, context),
            Value::String(text) => self.scalar(text, wanted(text), context),
            Value::Array(items) if items.is_empty() => self.flow("[", "]"),
            Value::Array(items) => self.sequence(items, context),
            Value::Object(map) if map.is_empty() => self.flow("{", "}"),
            Value::Object(map) => self.mapping(map),
        }
    }

    fn sequence(&mut self, items: &[Value], context: Context) {
        let outer = self.indent;
        let is_indentless = context == Context::Value && !self.is_indention;
        self.increase_indent(is_indentless);
        for item in items {
            self.write_indent();
            self.indicator("-", true, false, true);
            self.node(item, Context::Item);
        }
        self.indent = outer;
    }

    fn mapping(&mut self, map: &serde_json::Map<String, Value>) {
        let outer = self.indent;
        self.increase_indent(false);
        let mut entries: Vec<(&String, &Value)> = map.iter().collect();
        entries.sort_by(|a, b| compare_keys(a.0, b.0));
        for (key, value) in entries {
            self.write_indent();
            let is_simple = key.len() <= SIMPLE_KEY_LENGTH && !key.chars().any(is_break);
            if is_simple {
                self.scalar(key, wanted(key), Context::Key);
                self.indicator(":", false, false, false);
            } else {
                self.indicator("?", true, false, true);
                self.scalar(key, wanted(key), Context::Item);
                self.write_indent();
                self.indicator(":", true, false, true);
            }
            self.node(value, Context::Value);
        }
        self.indent = outer;
    }

    fn flow(&mut self, open: &str, close: &str) {
        self.indicator(open, true, true, false);
        self.indicator(close, false, false, false);
    }

    fn scalar(&mut self, text: &str, wanted: Quoting, context: Context) {
        let allowed = Allowed::of(text);
        let is_key = context == Context::Key;
        let mut quoting = wanted;
        if quoting == Quoting::Plain && (!allowed.plain || (text.is_empty() && is_key)) {
            quoting = Quoting::Single;
        }
        if (quoting == Quoting::Single && !allowed.single)
            || (quoting == Quoting::Literal && (!allowed.block || is_key))
        {
            quoting = Quoting::Double;
        }
        let outer = self.indent;
        self.indent = outer.max(0) + BEST_INDENT;
        match quoting {
            Quoting::Plain => self.plain(text, !is_key),
            Quoting::Single => self.single(text, !is_key),
            Quoting::Double => self.double(text, !is_key),
            Quoting::Literal => self.literal(text),
        }
        self.indent = outer;
    }

    fn plain(&mut self, text: &str, can_fold: bool) {
        if !self.is_whitespace {
            self.put(' ');
        }
        self.folded(text, can_fold, |_, _, _| true, |_| false);
        self.is_whitespace = false;
        self.is_indention = false;
    }

    fn single(&mut self, text: &str, can_fold: bool) {
        self.indicator("'", true, false, false);
        self.folded(text, can_fold, |at, len, _| at > 0 && at < len - 1, |c| c == '\'');
        self.indicator("'", false, false, false);
        self.is_whitespace = false;
        self.is_indention = false;
    }

    /// The body shared by plain and single-quoted scalars: a lone space past the width becomes a line break.
    fn folded(
        &mut self,
        text: &str,
        can_fold: bool,
        is_inside: impl Fn(usize, usize, char) -> bool,
        is_doubled: impl Fn(char) -> bool,
    ) {
        let (mut had_space, mut had_break) = (false, false);
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if c == ' ' {
                let is_lone = chars.peek().is_none_or(|(_, next)| *next != ' ');
                if can_fold && !had_space && self.column > BEST_WIDTH && is_inside(at, text.len(), c) && is_lone {
                    self.write_indent();
                } else {
                    self.put(c);
                }
                had_space = true;
            } else if is_break(c) {
                if !had_break && c == '\n' {
                    self.put_break('\n');
                }
                self.put_break(c);
                self.is_indention = true;
                had_break = true;
            } else {
                if had_break {
                    self.write_indent();
                }
                if is_doubled(c) {
                    self.put(c);
                }
                self.put(c);
                self.is_indention = false;
                had_space = false;
                had_break = false;
            }
        }
    }

    fn double(&mut self, text: &str, can_fold: bool) {
        self.indicator("\"", true, false, false);
        let mut had_space = false;
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if !is_printable(c) || is_break(c) || c == '"' || c == '\\' {
                self.put('\\');
                self.escape(c);
                had_space = false;
            } else if c == ' ' {
                if can_fold && !had_space && self.column > BEST_WIDTH && at > 0 && at < text.len() - 1 {
                    self.write_indent();
                    if chars.peek().is_some_and(|(_, next)| *next == ' ') {
                        self.put('\\');
                    }
                } else {
                    self.put(c);
                }
                had_space = true;
            } else {
                self.put(c);
                had_space = false;
            }
        }
        self.indicator("\"", false, false, false);
        self.is_whitespace = false;
        self.is_indention = false;
    }

    fn escape(&mut self, c: char) {
        let short = match u32::from(c) {
            0x00 => '0',
            0x07 => 'a',
            0x08 => 'b',
            0x09 => 't',
            0x0a => 'n',
            0x0b => 'v',
            0x0c => 'f',
            0x0d => 'r',
            0x1b => 'e',
            0x22 => '"',
            0x5c => '\\',
            0x85 => 'N',
            0xa0 => '_',
            0x2028 => 'L',
            0x2029 => 'P',
            code => {
                let text = match code {
                    0..=0xff => format!("x{code:02X}"),
                    0x100..=0xffff => format!("u{code:04X}"),
                    _ => format!("U{code:08X}"),
                };
                text.chars().for_each(|c| self.put(c));
                return;
            }
        };
        self.put(short);
    }

    fn literal(&mut self, text: &str) {
        self.indicator("|", true, false, false);
        if text.starts_with(|c| c == ' ' || is_break(c)) {
            self.indicator("2", false, false, false);
        }
        let mut last = text.chars().rev();
        match (last.next().map(is_break), last.next().map(is_break)) {
            (None | Some(false), _) => self.indicator("-", false, false, false),
            (Some(true), None | Some(true)) => self.indicator("+", false, false, false),
            (Some(true), Some(false)) => {}
        }
        self.put_break('\n');
        self.is_indention = true;
        self.is_whitespace = true;
        let mut had_break = true;
        for c in text.chars() {
            if is_break(c) {
                self.put_break(c);
                self.is_indention = true;
            } else {
                if had_break {
                    self.write_indent();
                }
                self.put(c);
                self.is_indention = false;
            }
            had_break = is_break(c);
        }
    }

    fn increase_indent(&mut self, is_indentless: bool) {
        if self.indent < 0 {
            self.indent = 0;
        } else if !is_indentless {
            self.indent += BEST_INDENT;
        }
    }

    fn write_indent(&mut self) {
        let indent = usize::try_from(self.indent).unwrap_or(0);
        if !self.is_indention || self.column > indent || (self.column == indent && !self.is_whitespace) {
            self.put_break('\n');
        }
        while self.column < indent {
            self.put(' ');
        }
        self.is_whitespace = true;
        self.is_indention = true;
    }

    fn indicator(&mut self, text: &str, needs_whitespace: bool, is_whitespace: bool, is_indention: bool) {
        if needs_whitespace && !self.is_whitespace {
            self.put(' ');
        }
        text.chars().for_each(|c| self.put(c));
        self.is_whitespace = is_whitespace;
        self.is_indention = self.is_indention && is_indention;
    }

    fn put(&mut self, c: char) {
        self.out.push(c);
        self.column += 1;
    }

    fn put_break(&mut self, c: char) {
        self.out.push(c);
        self.column = 0;
    }
}

fn digits(number: &Number) -> String {
    match number.as_f64() {
        Some(value) if number.is_f64() => general(value),
        _ => number.to_string(),
    }
}

/// What go-yaml asks libyaml for; libyaml may still find that the syntax does not allow it.
fn wanted(text: &str) -> Quoting {
    if text.contains('\n') {
        Quoting::Literal
    } else if is_plain_string(text) && !is_base60_float(text) {
        Quoting::Plain
    } else {
        Quoting::Double
    }
}

/// Which styles a text can be written in, outside flow collections.
struct Allowed {
    plain: bool,
    single: bool,
    block: bool,
}

impl Allowed {
    fn of(text: &str) -> Self {
        if text.is_empty() {
            return Self { plain: true, single: true, block: false };
        }
        let has_indicator = has_block_indicator(text);
        let is_special = text.chars().any(|c| !is_printable(c));
        let has_break = text.chars().any(is_break);
        let edges = |is: fn(char) -> bool| (text.starts_with(is), text.ends_with(is));
        let (leading_space, trailing_space) = edges(|c| c == ' ');
        let (leading_break, trailing_break) = edges(is_break);
        let pairs = || text.chars().zip(text.chars().skip(1));
        let break_space = pairs().any(|(a, b)| is_break(a) && b == ' ');
        let space_break = pairs().any(|(a, b)| a == ' ' && is_break(b));
        let is_rough = space_break || is_special;
        Self {
            plain: !(leading_space
                || trailing_space
                || leading_break
                || trailing_break
                || break_space
                || is_rough
                || has_break
                || has_indicator),
            single: !(break_space || is_rough),
            block: !(trailing_space || is_rough),
        }
    }
}

fn has_block_indicator(text: &str) -> bool {
    if text.starts_with("---") || text.starts_with("...") {
        return true;
    }
    let mut before = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let is_last = chars.peek().is_none_or(|next| is_blank(*next));
        let is_indicator = match (c, before) {
            ('#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`', None) => {
                true
            }
            ('?' | '-', None) | (':', _) => is_last,
            ('#', Some(before)) => is_blank(before) || is_break(before),
            _ => false,
        };
        if is_indicator {
            return true;
        }
        before = Some(c);
    }
    false
}

const fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t')
}

const fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// go-yaml's notion: no tab, no byte-order mark, nothing beyond the basic plane.
const fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn collections_are_compact_and_keys_sorted() {
        let value = json!({"b": [{"y": 1, "a": []}, {}], "a": {"z10": null, "z9": true, "z-": "s", "zz": false}});
        assert_eq!(
            marshal(&value),
            "a:\n  z-: s\n  z9: true\n  z10: null\n  zz: false\nb:\n- a: []\n  \"y\": 1\n- {}\n"
        );
        assert_eq!(marshal(&json!([[1, 2], ["a"]])), "- - 1\n  - 2\n- - a\n");
        assert_eq!(marshal(&json!({})), "{}\n");
    }

    #[test]
    fn strings_are_quoted_where_they_would_be_misread() {
        for (text, yaml) in [
            ("plain text", "plain text"),
            ("3", "\"3\""),
            ("on", "\"on\""),
            ("", "\"\""),
            ("0644", "\"0644\""),
            ("1_000", "\"1_000\""),
            ("12:30", "\"12:30\""),
            ("2026-01-02", "\"2026-01-02\""),
            ("2026-13-02", "2026-13-02"),
            ("@@X@@", "'@@X@@'"),
            ("a: b", "'a: b'"),
            ("a #b", "'a #b'"),
            ("it's: x", "'it''s: x'"),
            (" lead", "' lead'"),
            ("tab\there", "\"tab\\there\""),
            ("a:b", "a:b"),
            ("-x", "-x"),
            ("- x", "'- x'"),
            ("--- x", "'--- x'"),
            ("é", "é"),
            ("\u{1f600}", "\"\\U0001F600\""),
            ("cr\r", "\"cr\\r\""),
        ] {
            assert_eq!(marshal(&json!({"k": text})), format!("k: {yaml}\n"), "{text:?}");
        }
    }

    #[test]
    fn several_lines_become_a_literal_block() {
        assert_eq!(marshal(&json!({"k": "a\nb\n"})), "k: |\n  a\n  b\n");
        assert_eq!(marshal(&json!({"k": "a\nb"})), "k: |-\n  a\n  b\n");
        assert_eq!(marshal(&json!({"k": "a\n\n"})), "k: |+\n  a\n\n");
        assert_eq!(marshal(&json!({"k": " a\n"})), "k: |2\n   a\n");
        assert_eq!(marshal(&json!({"k": "a \nb"})), "k: \"a \\nb\"\n");
    }

    #[test]
    fn long_lines_are_folded_at_the_first_lone_space_past_the_width() {
        let text = format!("{} tail end", "x".repeat(82));
        assert_eq!(marshal(&json!({"k": text})), format!("k: {}\n  tail end\n", "x".repeat(82)));
        let text = format!("{}: tail", "x".repeat(82));
        assert_eq!(marshal(&json!({"k": text})), format!("k: '{}:\n  tail'\n", "x".repeat(82)));
    }
}
