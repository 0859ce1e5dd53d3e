//! Words of a value, as systemd takes them apart: quotes, escapes, separators.
//!
//! Owns: that grammar. Must not: know what the words mean.

/// What a backslash does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escapes {
    /// It hides the next character, and goes.
    Dropped,
    /// It hides the next character, and stays.
    Kept,
    /// It begins an escape as in C; others are invalid.
    C,
}

/// The words of a value with quotes; `None` where systemd cannot read it.
pub(super) fn quoted(text: &str, escapes: Escapes) -> Option<Vec<String>> {
    split(text, &[' ', '\t', '\n', '\r'], true, escapes)
}

/// The words of a value in which quotes mean nothing.
pub(super) fn plain(text: &str) -> Option<Vec<String>> {
    split(text, &[' ', '\t', '\n', '\r'], false, Escapes::Dropped)
}

/// The fields of a word, between colons. An empty field between two colons is one.
pub(super) fn fields(word: &str) -> Vec<&str> {
    word.split(':').collect()
}

fn split(text: &str, separators: &[char], has_quotes: bool, escapes: Escapes) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut characters = text.chars().peekable();
    loop {
        while characters.next_if(|c| separators.contains(c)).is_some() {}
        if characters.peek().is_none() {
            return Some(words);
        }
        let mut word = String::new();
        let mut quote = None;
        loop {
            match (characters.next(), quote) {
                (None, None) => break,
                (None, Some(_)) => return None,
                (Some('\\'), _) => match escapes {
                    Escapes::C => word.push_str(&unescaped(&mut characters)?),
                    Escapes::Dropped => word.push(characters.next()?),
                    Escapes::Kept => word.extend(['\\', characters.next()?]),
                },
                (Some(c), Some(open)) if c == open => quote = None,
                (Some(c @ ('"' | '\'')), None) if has_quotes => quote = Some(c),
                (Some(c), None) if separators.contains(&c) => break,
                (Some(c), _) => word.push(c),
            }
        }
        words.push(word);
    }
}

/// What an escape stands for, after its backslash.
fn unescaped(characters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<String> {
    let (code, is_byte) = match characters.next()? {
        'a' => (7, true),
        'b' => (8, true),
        'f' => (12, true),
        'n' => (10, true),
        'r' => (13, true),
        't' => (9, true),
        'v' => (11, true),
        '\\' => (92, true),
        '"' => (34, true),
        '\'' => (39, true),
        's' => (32, true),
        'x' => (code(characters, 16, 2, 0)?, true),
        'u' => (code(characters, 16, 4, 0)?, false),
        'U' => (code(characters, 16, 8, 0)?, false),
        first @ '0'..='7' => (code(characters, 8, 2, first.to_digit(8)?)?, true),
        _ => return None,
    };
    // A byte above 127 is part of a character that is written in several escapes.
    let is_valid = code != 0 && (!is_byte || code < 256);
    is_valid
        .then(|| if is_byte && code > 127 { Some('\u{fffd}') } else { char::from_u32(code) })
        .flatten()
        .map(String::from)
}

fn code(
    characters: &mut std::iter::Peekable<std::str::Chars<'_>>,
    radix: u32,
    digits: usize,
    first: u32,
) -> Option<u32> {
    (0..digits).try_fold(first, |number, _| number.checked_mul(radix)?.checked_add(characters.next()?.to_digit(radix)?))
}

/// Whether every escape of a text is one as in C.
pub(in crate::unit) fn is_escaped_well(text: &str) -> bool {
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        if c == '\\' && unescaped(&mut characters).is_none() {
            return false;
        }
    }
    true
}
