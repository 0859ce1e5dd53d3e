//! Command lines, as in `ExecStart=`.
//!
//! Owns: prefixes, words and quotes as far as they tell which program is run. Must not: expand anything.

/// A command line taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Command {
    /// The program as written, without prefixes.
    pub(super) program: String,
    /// Whether a failure is ignored (prefix `-`), a program that does not exist included.
    pub(super) is_optional: bool,
}

/// Why a command line is ignored by systemd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadCommand {
    /// A quote that is not closed.
    OpenQuote,
    /// Prefixes without a program, or an empty program.
    NoProgram,
    /// A path that is not absolute, or not normalized, or ends in a slash.
    BadPath,
}

impl BadCommand {
    pub(super) const fn fact(self) -> &'static str {
        match self {
            Self::OpenQuote => "has a quote that is not closed",
            Self::NoProgram => "names no program",
            Self::BadPath => "names a program that is neither an absolute path nor a plain name",
        }
    }
}

/// Reads the commands of one setting; several are separated by a word `;`.
pub(super) fn parse(line: &str) -> Result<Vec<Command>, BadCommand> {
    let mut commands = Vec::new();
    let mut words = Words { rest: line };
    let mut is_start = true;
    while let Some(word) = words.next()? {
        if word.text == ";" && !word.is_quoted {
            is_start = true;
            continue;
        }
        if is_start {
            commands.push(program(&word.text)?);
            is_start = false;
        }
    }
    Ok(commands)
}

fn program(word: &str) -> Result<Command, BadCommand> {
    let path = word.trim_start_matches(['-', '@', ':', '+', '!', '|']);
    let prefixes = &word[..word.len() - path.len()];
    if path.is_empty() {
        return Err(BadCommand::NoProgram);
    }
    // A specifier or variable may stand for anything.
    let is_plain_name = !path.contains('/');
    let is_absolute = path.starts_with('/') && !path.ends_with('/');
    if !is_plain_name && !is_absolute && !path.starts_with('%') {
        return Err(BadCommand::BadPath);
    }
    Ok(Command { program: path.to_owned(), is_optional: prefixes.contains('-') })
}

struct Word {
    text: String,
    is_quoted: bool,
}

struct Words<'a> {
    rest: &'a str,
}

impl Words<'_> {
    fn next(&mut self) -> Result<Option<Word>, BadCommand> {
        let rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
        if rest.is_empty() {
            return Ok(None);
        }
        let mut word = Word { text: String::new(), is_quoted: false };
        let mut quote = None;
        let mut characters = rest.char_indices();
        while let Some((at, c)) = characters.next() {
            match (quote, c) {
                (Some(open), c) if c == open => quote = None,
                (_, '\\') => {
                    // What an escape stands for does not matter here, only that it hides the next character.
                    word.text.push(c);
                    word.text.extend(characters.next().map(|(_, c)| c));
                    word.is_quoted = true;
                }
                (None, '"' | '\'') => {
                    quote = Some(c);
                    word.is_quoted = true;
                }
                (None, ' ' | '\t' | '\n' | '\r') => {
                    self.rest = &rest[at..];
                    return Ok(Some(word));
                }
                _ => word.text.push(c),
            }
        }
        self.rest = "";
        if quote.is_some() { Err(BadCommand::OpenQuote) } else { Ok(Some(word)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn programs(line: &str) -> Vec<String> {
        parse(line).unwrap().into_iter().map(|command| command.program).collect()
    }

    #[test]
    fn the_program_is_found_behind_prefixes_and_quotes() {
        assert_eq!(programs("/bin/a b"), ["/bin/a"]);
        assert_eq!(programs("-@/bin/a b ; +\"/bin/c d\" e \\; f"), ["/bin/a", "/bin/c d"]);
        assert_eq!(programs("sh -c 'a; b' ';' c"), ["sh"]);
        assert_eq!(programs(""), Vec::<String>::new());
        assert!(parse("-/bin/a").unwrap()[0].is_optional);
    }

    #[test]
    fn lines_that_systemd_ignores_are_told() {
        assert_eq!(parse("/bin/sh -c 'a"), Err(BadCommand::OpenQuote));
        assert_eq!(parse("-"), Err(BadCommand::NoProgram));
        assert_eq!(parse("./a"), Err(BadCommand::BadPath));
        assert_eq!(parse("bin/a"), Err(BadCommand::BadPath));
        assert_eq!(parse("/bin/"), Err(BadCommand::BadPath));
    }
}
