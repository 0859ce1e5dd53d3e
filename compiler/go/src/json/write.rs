//! JSON as Go's encoder writes it: key order of the types; `<`, `>`, `&`, U+2028 and U+2029 escaped; no final newline.

use std::io;

use memchr::{memchr_iter, memchr3_iter};
use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

/// Writes a value without white space.
pub fn to_json(value: &impl Serialize) -> String {
    write(value, CompactFormatter)
}

/// Writes a value with two spaces of indentation.
pub fn to_json_pretty(value: &impl Serialize) -> String {
    write(value, PrettyFormatter::new())
}

/// The bytes of [`to_json`], only counted.
pub fn length_of(value: &impl Serialize) -> usize {
    let mut counter = Counter(0);
    write_to(&mut counter, value, CompactFormatter);
    counter.0
}

fn write(value: &impl Serialize, inner: impl Formatter) -> String {
    let mut out = Vec::with_capacity(1024);
    write_to(&mut out, value, inner);
    String::from_utf8(out).expect("invariant: the serializer writes UTF-8")
}

fn write_to(out: impl io::Write, value: &impl Serialize, inner: impl Formatter) {
    value
        .serialize(&mut Serializer::with_formatter(out, Go(inner)))
        .expect("invariant: strings and maps with string keys serialize, and memory does not fail");
}

struct Counter(usize);

impl io::Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Where the characters are that Go escapes and `serde_json` does not. Every byte is looked at twice, however many there are.
fn escaped(text: &str) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    let markup = memchr3_iter(b'<', b'>', b'&', bytes);
    let ends = markup.map(|at| (at, true)).chain([(bytes.len(), false)]);
    ends.scan(0, move |start, (end, is_markup)| {
        let from = std::mem::replace(start, end);
        let is_separator = move |at: &usize| matches!(bytes[*at..], [_, 0x80, 0xa8 | 0xa9, ..]);
        let separators = memchr_iter(0xe2, &bytes[from..end]).map(move |at| from + at).filter(is_separator);
        Some(separators.chain(is_markup.then_some(end)))
    })
    .flatten()
}

struct Go<F>(F);

macro_rules! forward {
    ($($name:ident($($argument:ident: $type:ty)?);)*) => {$(
        fn $name<W: ?Sized + io::Write>(&mut self, writer: &mut W $(, $argument: $type)?) -> io::Result<()> {
            self.0.$name(writer $(, $argument)?)
        }
    )*};
}

impl<F: Formatter> Formatter for Go<F> {
    forward! {
        begin_array();
        end_array();
        begin_array_value(first: bool);
        end_array_value();
        begin_object();
        end_object();
        begin_object_key(first: bool);
        end_object_key();
        begin_object_value();
        end_object_value();
    }

    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut written = 0;
        for at in escaped(fragment) {
            writer.write_all(&fragment.as_bytes()[written..at])?;
            let c = fragment[at..].chars().next().expect("invariant: an escaped character begins there");
            write!(writer, "\\u{:04x}", u32::from(c))?;
            written = at + c.len_utf8();
        }
        writer.write_all(&fragment.as_bytes()[written..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_and_line_separators_are_escaped() {
        let text = "a<b>&\u{2028}é€<\n\u{1}\u{8}";
        assert_eq!(to_json(&text), "\"a\\u003cb\\u003e\\u0026\\u2028é€\\u003c\\n\\u0001\\b\"");
        assert_eq!(length_of(&text), to_json(&text).len());
        assert_eq!(
            to_json(&"\u{2029}<\u{2020}\u{2028}\u{2028}&>"),
            "\"\\u2029\\u003c\u{2020}\\u2028\\u2028\\u0026\\u003e\""
        );
    }

    #[test]
    fn many_separators_before_markup_cost_linear_time() {
        let text = "\u{2028}".repeat(500_000) + "<";
        assert_eq!(length_of(&text), 2 + 6 * 500_001);
    }
}
