//! The entries of a lock → its text: sorted, the same bytes for the same entries.

use std::fmt::Write;

use crate::ask::{Ask, Kind};
use crate::lock::{Lock, Pin, Value};
use crate::{REVISION, VERSION};

const HEAD: &str = "# Made by `flatwright lock`. Keep it in version control, and do not edit it.\n";

impl Lock {
    /// The text of the file.
    pub fn render(&self) -> String {
        let mut text = format!("{HEAD}version = {VERSION}\nrevision = {REVISION}\n");
        if let Some(day) = self.day {
            line(&mut text, "day", &quoted(&day.to_string()));
        }
        for (ask, pin) in &self.entries {
            entry(&mut text, ask, pin);
        }
        text
    }
}

fn entry(text: &mut String, ask: &Ask, pin: &Pin) {
    let kind: Kind = ask.kind;
    text.push_str(&format!("\n[[{}]]\n", kind.name()));
    for (field, key) in kind.keys().iter().zip(&ask.keys) {
        line(text, field.name, &quoted(key));
    }
    for field in kind.values() {
        match pin.values.get(field.name) {
            Some(Value::Text(value)) => line(text, field.name, &quoted(value)),
            Some(Value::List(words)) => {
                let words: Vec<_> = words.iter().map(|word| quoted(word)).collect();
                line(text, field.name, &format!("[{}]", words.join(", ")));
            }
            None => {}
        }
    }
}

fn line(text: &mut String, name: &str, value: &str) {
    writeln!(text, "{name} = {value}").expect("invariant: a text takes everything");
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => {
                write!(out, "\\u{:04X}", u32::from(c)).expect("invariant: a text takes everything");
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
