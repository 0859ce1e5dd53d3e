//! `%` in values: what the unit's name and systemd's directories make of it.
//!
//! Owns: the letters. Must not: guess what only the machine knows.

/// Which letters there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::unit) enum Letters {
    All,
    /// Those that may be part of a unit's name.
    OfNames,
}

/// A letter or digit after `%` that stands for nothing: systemd ignores the whole value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::unit) struct NotASpecifier(pub(in crate::unit) char);

/// The text with its specifiers replaced; `None` where one of them stands for something that only the machine knows.
///
/// # Errors
/// One that does not exist.
pub(in crate::unit) fn expanded(
    text: &str,
    unit: Option<&str>,
    letters: Letters,
) -> Result<Option<String>, NotASpecifier> {
    let mut expanded = String::with_capacity(text.len());
    let mut is_known = true;
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        if c != '%' {
            expanded.push(c);
            continue;
        }
        let Some(letter) = characters.next() else {
            expanded.push('%');
            break;
        };
        match replacement(letter, unit, letters) {
            Replacement::Text(text) => expanded.push_str(&text),
            Replacement::Unknown => is_known = false,
            Replacement::None if letter.is_ascii_alphanumeric() => return Err(NotASpecifier(letter)),
            Replacement::None => expanded.extend(['%', letter]),
        }
    }
    Ok(is_known.then_some(expanded))
}

/// The first letter after `%` that is not a specifier.
pub(in crate::unit) fn unknown(text: &str, letters: Letters) -> Option<char> {
    let mut characters = text.chars();
    while characters.any(|c| c == '%') {
        let letter = characters.next()?;
        if letter.is_ascii_alphanumeric() && matches!(replacement(letter, None, letters), Replacement::None) {
            return Some(letter);
        }
    }
    None
}

enum Replacement {
    Text(String),
    /// Something of the machine.
    Unknown,
    /// The letter is not a specifier.
    None,
}

fn replacement(letter: char, unit: Option<&str>, letters: Letters) -> Replacement {
    if letters == Letters::OfNames && !"abgijlmnopquvwABGHMNUW%".contains(letter) {
        return Replacement::None;
    }
    let fixed = match letter {
        '%' => "%",
        'C' => "/var/cache",
        'D' => "/usr/share",
        'E' => "/etc",
        'L' => "/var/log",
        'S' => "/var/lib",
        't' => "/run",
        'T' => "/tmp",
        'V' => "/var/tmp",
        'h' => "/root",
        's' => "/bin/bash",
        'u' | 'g' => "root",
        'U' | 'G' => "0",
        'n' | 'N' | 'p' | 'P' | 'i' | 'I' | 'j' | 'J' | 'f' | 'd' | 'y' | 'Y' => {
            return unit.map_or(Replacement::Unknown, |unit| of_name(letter, unit));
        }
        // A word of the machine's, whatever it is.
        'a' | 'A' | 'b' | 'B' | 'H' | 'l' | 'm' | 'M' | 'o' | 'q' | 'v' | 'w' | 'W' => "x",
        // Those of old control groups.
        'c' | 'r' | 'R' => return Replacement::Unknown,
        _ => return Replacement::None,
    };
    Replacement::Text(fixed.to_owned())
}

fn of_name(letter: char, unit: &str) -> Replacement {
    let stem = unit.rsplit_once('.').map_or(unit, |(stem, _)| stem);
    let (prefix, instance) = stem.split_once('@').map_or((stem, None), |(prefix, instance)| (prefix, Some(instance)));
    // A template has another instance each time.
    if instance == Some("") && !matches!(letter, 'p' | 'P' | 'j' | 'J' | 'Y') {
        return Replacement::Unknown;
    }
    let unescaped = |text: &str| text.replace('-', "/");
    let last = prefix.rsplit('-').next().unwrap_or_default();
    let instance = instance.unwrap_or_default();
    Replacement::Text(match letter {
        'n' => unit.to_owned(),
        'N' => stem.to_owned(),
        'p' => prefix.to_owned(),
        'P' => unescaped(prefix),
        'i' => instance.to_owned(),
        'I' => unescaped(instance),
        'j' | 'J' => last.to_owned(),
        'f' => format!("/{}", unescaped(if instance.is_empty() { prefix } else { instance })),
        'd' => format!("/run/credentials/{unit}"),
        'y' => format!("/etc/systemd/system/{unit}"),
        _ => "/etc/systemd/system".to_owned(),
    })
}
