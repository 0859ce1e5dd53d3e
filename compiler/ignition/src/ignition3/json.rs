//! JSON as Go's encoder writes it: key order of the types, HTML characters escaped.

use std::io;

use serde::Serialize;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter, PrettyFormatter, Serializer};

/// Writes a value without white space.
pub fn to_json(value: &impl Serialize) -> String {
    write(value, CompactFormatter)
}

/// Writes a value with two spaces of indentation.
pub fn to_json_pretty(value: &impl Serialize) -> String {
    write(value, PrettyFormatter::new())
}

fn write(value: &impl Serialize, inner: impl Formatter) -> String {
    let mut out = Vec::with_capacity(1024);
    value
        .serialize(&mut Serializer::with_formatter(&mut out, Go(inner)))
        .expect("invariant: strings and maps with string keys serialize");
    String::from_utf8(out).expect("invariant: the serializer writes UTF-8")
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
        let bytes = fragment.as_bytes();
        let mut from = 0;
        for (i, byte) in bytes.iter().enumerate() {
            let (escape, width) = match byte {
                b'<' => ("\\u003c", 1),
                b'>' => ("\\u003e", 1),
                b'&' => ("\\u0026", 1),
                0xe2 if bytes[i..].starts_with(&[0xe2, 0x80, 0xa8]) => ("\\u2028", 3),
                0xe2 if bytes[i..].starts_with(&[0xe2, 0x80, 0xa9]) => ("\\u2029", 3),
                _ => continue,
            };
            writer.write_all(&bytes[from..i])?;
            writer.write_all(escape.as_bytes())?;
            from = i + width;
        }
        writer.write_all(&bytes[from..])
    }

    fn write_char_escape<W: ?Sized + io::Write>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        self.0.write_char_escape(writer, escape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_and_line_separators_are_escaped() {
        assert_eq!(to_json(&"a<b>&\u{2028}é\n\u{1}\u{8}"), "\"a\\u003cb\\u003e\\u0026\\u2028é\\n\\u0001\\b\"");
    }
}
