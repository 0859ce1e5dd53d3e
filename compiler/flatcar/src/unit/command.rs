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
    /// The prefix `@` without the name that the process shall have.
    NoName,
    /// A path that is not absolute, or not normalized, or ends in a slash.
    BadPath,
}

impl BadCommand {
    pub(super) const fn fact(self) -> &'static str {
        match self {
            Self::OpenQuote => "has a quote that is not closed",
            Self::NoProgram => "names no program",
            Self::NoName => "starts with `@`, but has no name for the process after the program",
            Self::BadPath => "names a program that is neither an absolute path nor a plain name",
        }
    }
}

/// Whether a backslash begins an escape that systemd does not know.
pub(super) fn has_unknown_escape(line: &str) -> bool {
    // `\;` is the word that separates no commands.
    !super::types::is_escaped_well(&line.replace("\\;", ";"))
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
            let Program { path, is_optional, has_own_name } = program(&word.text)?;
            if has_own_name && words.next()?.is_none() {
                return Err(BadCommand::NoName);
            }
            commands.push(Command { program: path.to_owned(), is_optional });
            is_start = false;
        }
    }
    Ok(commands)
}

fn program(word: &str) -> Result<Program<'_>, BadCommand> {
    let mut program = Program { path: word, is_optional: false, has_own_name: false };
    let (mut is_literal, mut has_shell, mut privilege) = (false, false, None);
    while let Some(prefix) = program.path.chars().next() {
        // Each prefix counts once; a second one is part of the path.
        match prefix {
            '-' if !program.is_optional => program.is_optional = true,
            '@' if !program.has_own_name => program.has_own_name = true,
            ':' if !is_literal => is_literal = true,
            '|' if !has_shell => has_shell = true,
            '+' if privilege.is_none() => privilege = Some('+'),
            '!' if privilege.is_none_or(|earlier| earlier == '!') && !program.path.starts_with("!!!") => {
                privilege = Some('!');
            }
            _ => break,
        }
        program.path = &program.path[1..];
    }
    let path = program.path;
    if path.is_empty() {
        return Err(BadCommand::NoProgram);
    }
    let is_plain_name = !path.contains('/') && !path.starts_with(['-', '@', ':', '|', '+', '!']);
    let is_absolute = path.starts_with('/') && !path.ends_with('/');
    // A specifier may stand for anything.
    if is_plain_name || is_absolute || path.starts_with('%') { Ok(program) } else { Err(BadCommand::BadPath) }
}

struct Program<'a> {
    path: &'a str,
    is_optional: bool,
    has_own_name: bool,
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
        assert_eq!(programs("-@/bin/a x b ; +\"/bin/c d\" e \\; f"), ["/bin/a", "/bin/c d"]);
        assert_eq!(programs("sh -c 'a; b' ';' c"), ["sh"]);
        assert_eq!(programs(""), Vec::<String>::new());
        assert!(parse("-/bin/a").unwrap()[0].is_optional);
    }

    #[test]
    fn lines_that_systemd_ignores_are_told() {
        assert_eq!(parse("/bin/sh -c 'a"), Err(BadCommand::OpenQuote));
        assert_eq!(parse("-"), Err(BadCommand::NoProgram));
        assert_eq!(parse("@/bin/a"), Err(BadCommand::NoName));
        assert_eq!(parse("+!/bin/a"), Err(BadCommand::BadPath));
        assert_eq!(parse("./a"), Err(BadCommand::BadPath));
        assert_eq!(parse("bin/a"), Err(BadCommand::BadPath));
        assert_eq!(parse("/bin/"), Err(BadCommand::BadPath));
    }
}
