//! Package `strconv`: quoted strings and characters (`%q`), as they stand in messages.

/// Quotes a text: control and unprintable characters escaped, the rest as it is.
///
/// ```
/// assert_eq!(flatwright_go::quote::quote("a\n\u{feff}"), r#""a\n\ufeff""#);
/// ```
pub fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    text.chars().for_each(|character| push(&mut out, character, '"'));
    out.push('"');
    out
}

/// Quotes a character.
pub fn quote_char(character: char) -> String {
    let mut out = String::from("'");
    push(&mut out, character, '\'');
    out.push('\'');
    out
}

fn push(out: &mut String, character: char, mark: char) {
    let short = match character {
        '\\' => '\\',
        '\x07' => 'a',
        '\x08' => 'b',
        '\x0c' => 'f',
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        '\x0b' => 'v',
        _ if character == mark => mark,
        _ if is_printable(character) => {
            out.push(character);
            return;
        }
        _ => {
            let code = u32::from(character);
            out.push_str(&match code {
                0..=0x1f | 0x7f => format!("\\x{code:02x}"),
                0x20..=0xffff => format!("\\u{code:04x}"),
                _ => format!("\\U{code:08x}"),
            });
            return;
        }
    };
    out.push('\\');
    out.push(short);
}

/// `strconv.IsPrint`: letters, marks, numbers, punctuation, symbols and the space. The standard library has the same table for what `{:?}` shows; only at
/// the start of a text does that escape combining marks too.
pub(crate) fn is_printable(character: char) -> bool {
    matches!(character, '\'' | '"')
        || ['a', character].iter().collect::<String>().escape_debug().nth(1) == Some(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_printed_is_escaped() {
        for (text, quoted) in [
            ("a\"'\\\n\r\t\x07\x08\x0b\x0c", r#""a\"'\\\n\r\t\a\b\v\f""#),
            ("\0\x1b\x7f", r#""\x00\x1b\x7f""#),
            ("é\u{301}日😀\u{fffd}", "\"é\u{301}日😀\u{fffd}\""),
            ("\u{85}\u{a0}\u{ad}\u{200b}\u{2028}\u{feff}\u{e000}", r#""\u0085\u00a0\u00ad\u200b\u2028\ufeff\ue000""#),
            ("\u{e0001}\u{10ffff}", r#""\U000e0001\U0010ffff""#),
        ] {
            assert_eq!(quote(text), quoted);
        }
        assert_eq!(['\'', '"', '\n', 'ÿ', '\u{80}'].map(quote_char), [r"'\''", "'\"'", r"'\n'", "'ÿ'", r"'\u0080'"]);
    }
}
