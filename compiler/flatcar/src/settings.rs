//! The file format that all of systemd shares: sections, `Key=value`, comments, continued lines.
//!
//! Owns: the reading of it, by the rules of systemd's own reader. Must not: know a section or a key; `unit` and `sysupdate` do.

use flatwright_diagnostic::{Anchor, Diagnostic, Report, SourceId};

use crate::broken::Syntax;

/// A 1-based line and column (in characters) in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

impl Position {
    /// Where a text starts.
    pub const START: Self = Self { line: 1, column: 1 };
}

/// Turns a position in the text into a place in a source. A text that stands inside another file (a unit in a Butane config) has its own way.
pub type Locate<'a> = &'a dyn Fn(Position) -> Anchor;

/// The [`Locate`] of a text that is a source of its own.
pub fn in_source(source: SourceId) -> impl Fn(Position) -> Anchor {
    move |position| Anchor::line_column(source, position.line, position.column)
}

/// One assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// What stands before the `=`.
    pub key: String,
    /// What stands after it, continued lines joined.
    pub value: String,
    /// Where the key starts.
    pub key_at: Position,
    /// Where the value starts.
    pub value_at: Position,
}

/// One section header with what follows it. A name can occur several times; systemd joins them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The name between the brackets.
    pub name: String,
    /// Where the header stands.
    pub at: Position,
    /// The assignments, in order.
    pub settings: Vec<Setting>,
}

/// A parsed file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The sections, in order.
    pub sections: Vec<Section>,
}

impl Settings {
    /// Every assignment of a key in a section, in order.
    pub fn all<'a>(&'a self, section: &'a str, key: &'a str) -> impl Iterator<Item = &'a Setting> {
        let sections = self.sections.iter().filter(move |s| s.name == section);
        sections.flat_map(|s| &s.settings).filter(move |s| s.key == key)
    }

    /// The assignment that counts where the last one wins; `None` if there is none, or the last one is empty, which means "not set".
    pub fn last<'a>(&'a self, section: &'a str, key: &'a str) -> Option<&'a Setting> {
        self.all(section, key).last().filter(|setting| !setting.value.is_empty())
    }

    /// The assignments that count where they add up: an empty one forgets those before it.
    pub fn list<'a>(&'a self, section: &'a str, key: &'a str) -> Vec<&'a Setting> {
        let mut list = Vec::new();
        for setting in self.all(section, key) {
            if setting.value.is_empty() { list.clear() } else { list.push(setting) }
        }
        list
    }

    /// The header of the first section of this name.
    pub fn section_at(&self, name: &str) -> Option<Position> {
        self.sections.iter().find(|s| s.name == name).map(|s| s.at)
    }
}

/// systemd refuses files with a longer line, continued lines counted as one.
const LONGEST_LINE: usize = 1024 * 1024;

const WHITESPACE: [char; 4] = [' ', '\t', '\n', '\r'];

/// Reads a file. Errors that make systemd refuse it end the reading; lines it skips are reported, and the reading goes on.
pub fn parse(text: &str, locate: Locate<'_>, report: &mut Report) -> Settings {
    let mut reader = Reader { settings: Settings::default(), locate, report };
    let mut continued: Option<Logical> = None;
    let mut has_mark = false;
    for (position, mut line) in lines(text) {
        // The first line that begins with a byte order mark loses it, wherever it stands.
        if let Some(rest) = line.strip_prefix('\u{feff}').filter(|_| !has_mark) {
            (line, has_mark) = (rest, true);
        }
        let stripped = line.trim_start_matches(WHITESPACE);
        if stripped.starts_with(['#', ';']) {
            continue;
        }
        let indent = (line.len() - stripped.len()) as u32;
        let start = Position { column: position.column + indent, ..position };
        let mut logical = continued.take().unwrap_or(Logical { text: String::new(), start, first_length: 0 });
        let is_first = logical.text.is_empty();
        if logical.text.len() + stripped.len() > LONGEST_LINE {
            reader.refuse(logical.start, &Syntax::LongLine);
            return reader.settings;
        }
        // Whatever was continued ends in a space, so an escape never reaches over from the line before.
        let is_continued = ends_in_escape(stripped);
        logical.text.push_str(if is_continued { &stripped[..stripped.len() - 1] } else { stripped });
        if is_continued {
            logical.text.push(' ');
        }
        if is_first {
            logical.first_length = logical.text.len();
        }
        if is_continued {
            continued = Some(logical);
        } else if reader.line(&logical).is_err() {
            return reader.settings;
        }
    }
    if let Some(logical) = continued {
        // The last line of the file may end in a backslash: systemd takes what there is.
        let _ = reader.line(&logical);
    }
    reader.settings
}

/// One line, continued ones joined.
struct Logical {
    text: String,
    start: Position,
    first_length: usize,
}

impl Logical {
    /// The position of a byte, if it is in the first physical line; else the start.
    fn position(&self, offset: usize) -> Position {
        if offset > self.first_length {
            return self.start;
        }
        Position { column: self.start.column + self.text[..offset].chars().count() as u32, ..self.start }
    }
}

/// systemd refuses the file here.
struct Refused;

struct Reader<'a> {
    settings: Settings,
    locate: Locate<'a>,
    report: &'a mut Report,
}

impl Reader<'_> {
    fn line(&mut self, logical: &Logical) -> Result<(), Refused> {
        let line = logical.text.trim_matches(WHITESPACE);
        if line.is_empty() {
            return Ok(());
        }
        if line.starts_with('[') {
            return self.header(line, logical.start);
        }
        let equals = line.find('=');
        let Some(section) = self.settings.sections.last_mut() else {
            self.skipped(logical.start, &Syntax::WithoutSection).hint("put a section such as `[Unit]` above it");
            return Ok(());
        };
        let Some(equals) = equals else {
            self.skipped(logical.start, &Syntax::WithoutEquals)
                .hint("write `Key=value`, or `\\` at the end of the line before");
            return Ok(());
        };
        let key = line[..equals].trim_matches(WHITESPACE);
        if key.is_empty() {
            self.skipped(logical.start, &Syntax::WithoutKey);
            return Ok(());
        }
        let after = &line[equals + 1..];
        let value = after.trim_matches(WHITESPACE);
        let value_offset = equals + 1 + (after.len() - after.trim_start_matches(WHITESPACE).len());
        section.settings.push(Setting {
            key: key.to_owned(),
            value: value.to_owned(),
            key_at: logical.start,
            value_at: logical.position(value_offset),
        });
        Ok(())
    }

    fn header(&mut self, line: &str, at: Position) -> Result<(), Refused> {
        let Some(name) = line[1..].strip_suffix(']') else {
            self.refuse(at, &Syntax::UnclosedHeader { header: shown(line) });
            return Err(Refused);
        };
        if name.contains(|c: char| c.is_ascii_control() || matches!(c, '"' | '\\' | '\'')) {
            self.refuse(at, &Syntax::HeaderCharacter);
            return Err(Refused);
        }
        self.settings.sections.push(Section { name: name.to_owned(), at, settings: Vec::new() });
        Ok(())
    }

    fn refuse(&mut self, at: Position, rule: &Syntax) {
        self.report.refuse((self.locate)(at), rule).note("systemd refuses the whole file");
    }

    fn skipped(&mut self, at: Position, rule: &Syntax) -> &mut Diagnostic {
        self.report.refuse((self.locate)(at), rule).note("systemd skips the line")
    }
}

/// A piece of the user's text for a message: one line, not long.
pub(crate) fn shown(text: &str) -> String {
    const LONGEST: usize = 80;
    let mut shown: String = text.chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

/// The lines with their positions. A NUL or a lone carriage return also ends a line for systemd, but not for an editor.
fn lines(text: &str) -> impl Iterator<Item = (Position, &str)> {
    text.split('\n').zip(1..).flat_map(|(line, number)| {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let mut column = 1;
        line.split(['\r', '\0']).map(move |piece| {
            let position = Position { line: number, column };
            column += piece.chars().count() as u32 + 1;
            (position, piece)
        })
    })
}

fn ends_in_escape(line: &str) -> bool {
    let backslashes = line.len() - line.trim_end_matches('\\').len();
    backslashes % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<(String, String, String)>, Vec<String>) {
        let mut report = Report::new();
        let settings = parse(text, &in_source(SourceId(0)), &mut report);
        let settings = settings
            .sections
            .into_iter()
            .flat_map(|section| section.settings.into_iter().map(move |s| (section.name.clone(), s.key, s.value)))
            .collect();
        (settings, report.diagnostics().iter().map(|d| d.message.clone()).collect())
    }

    fn one(key: &str, value: &str) -> Vec<(String, String, String)> {
        vec![("S".into(), key.into(), value.into())]
    }

    #[test]
    fn lines_are_joined_and_comments_dropped_even_in_between() {
        assert_eq!(read("[S]\nK=a \\\n# no\n  ; no\n   b\\\nc\n").0, one("K", "a  b c"));
        assert_eq!(read("[S]\nK=a\\\\\n").0, one("K", "a\\\\"));
        assert_eq!(read("[S]\nK=a\\").0, one("K", "a"));
        assert_eq!(read("[S]\nK=a \\\n\nb=c").0.len(), 2);
    }

    #[test]
    fn spaces_marks_and_line_ends_do_not_matter() {
        assert_eq!(read("\u{feff}[S]\r\n  K\t=  a=b # c \r\n").0, one("K", "a=b # c"));
        assert_eq!(read("[S]\rK=1").0, one("K", "1"));
    }

    #[test]
    fn what_systemd_skips_or_refuses_is_reported() {
        assert_eq!(read("K=1\n").1, ["assignment before the first section header"]);
        assert_eq!(read("[S]\nK\n=1\n").1, ["missing `=`", "missing key before `=`"]);
        assert_eq!(read("[S\nK=1\nX").1, ["section header `[S` does not end in `]`"]);
        assert_eq!(read("[").1.len(), 1);
        assert_eq!(read(&format!("[S]\nK={}", "x\\\n".repeat(600_000))).1, ["the line is longer than 1 MiB"]);
    }

    #[test]
    fn positions_are_those_of_the_editor() {
        let settings = parse("[S]\n  Käy = v\\\n w\n", &in_source(SourceId(0)), &mut Report::new());
        let setting = &settings.sections[0].settings[0];
        assert_eq!(setting.key_at, Position { line: 2, column: 3 });
        assert_eq!(setting.value_at, Position { line: 2, column: 9 });
    }

    #[test]
    fn an_empty_assignment_forgets_the_ones_before() {
        let settings = parse("[S]\nK=1\nK=\nK=2\nL=1\nL=\n", &in_source(SourceId(0)), &mut Report::new());
        assert_eq!(settings.list("S", "K").len(), 1);
        assert_eq!(settings.last("S", "L"), None);
    }
}
