//! JSON as Go's encoding/json writes it.

use std::io;

use memchr::{memchr_iter, memchr3};
use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

/// One line, `<`, `>`, `&`, U+2028 and U+2029 escaped, no final newline.
pub(crate) fn compact(value: &impl Serialize) -> String {
    write(value, Escaping(CompactFormatter))
}

/// Two-space indentation, no final newline.
pub(crate) fn pretty(value: &impl Serialize) -> String {
    write(value, Escaping(PrettyFormatter::new()))
}

/// The bytes of [`compact`], only counted.
pub(crate) fn compact_length(value: &impl Serialize) -> usize {
    let mut counter = Counter(0);
    write_to(&mut counter, value, Escaping(CompactFormatter));
    counter.0
}

fn write(value: &impl Serialize, formatter: impl Formatter) -> String {
    let mut out = Vec::new();
    write_to(&mut out, value, formatter);
    String::from_utf8(out).expect("invariant: serde_json writes UTF-8")
}

fn write_to(out: impl io::Write, value: &impl Serialize, formatter: impl Formatter) {
    value
        .serialize(&mut Serializer::with_formatter(out, formatter))
        .expect("invariant: a model has string keys and memory does not fail");
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

/// Where the first character is that Go escapes and `serde_json` does not.
fn find_escaped(bytes: &[u8]) -> Option<usize> {
    let markup = memchr3(b'<', b'>', b'&', bytes);
    let before = &bytes[..markup.unwrap_or(bytes.len())];
    let is_separator = |at: &usize| matches!(before[*at..], [_, 0x80, 0xa8 | 0xa9, ..]);
    memchr_iter(0xe2, before).find(is_separator).or(markup)
}

struct Escaping<F>(F);

impl<F: Formatter> Formatter for Escaping<F> {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = find_escaped(rest.as_bytes()) {
            writer.write_all(&rest.as_bytes()[..at])?;
            let c = rest[at..].chars().next().expect("invariant: an escaped character begins there");
            write!(writer, "\\u{:04x}", u32::from(c))?;
            rest = &rest[at + c.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}
