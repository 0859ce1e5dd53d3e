//! What a syntax error comes from, where a line tells it: the parser says where it could not go on, which is often behind the mistake.
//!
//! Owns: the place and the words for a missing blank, an odd indentation, an undefined anchor, a tab, and what to type. Must not: parse.

/// Why a text is not YAML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong, in the library's words where nothing better is known: lower case, no full stop.
    pub message: String,
    /// Byte offset of the place.
    pub offset: usize,
    /// What to type, where a line tells it.
    pub hint: Option<String>,
}

/// The error at the line that is to blame. `words` are the parser's own.
pub(crate) fn located(words: String, offset: usize, text: &str) -> SyntaxError {
    if words.ends_with("found a tab") {
        // The parser points at the scalar that the line with the tab would go on.
        let tab = text.get(offset..).and_then(|rest| rest.find("\n\t")).map(|at| offset + at + 1);
        let offset = tab.unwrap_or(offset);
        return SyntaxError { message: words, offset, hint: near(text, offset) };
    }
    if words.contains("unknown anchor") {
        let name = text.get(offset..).and_then(|rest| rest.strip_prefix('*')).unwrap_or_default();
        let end = name.find(|c: char| c.is_whitespace() || ",[]{}".contains(c)).unwrap_or(name.len());
        let name = &name[..end];
        let hint = format!("define it where its value stands: `&{name}`; a text that begins with `*` is quoted");
        return SyntaxError { message: format!("nothing defines the anchor `{name}`"), offset, hint: Some(hint) };
    }
    let found = if words.contains("mapping values are not allowed") {
        let found = missing_blank(text, offset);
        found.map(|at| (at, "a blank is missing after this colon", "write `key: value`, with a blank"))
    } else if words.contains("did not find expected key") {
        let message = "this line is indented deeper than the next one of its mapping";
        too_deep(text, offset).map(|at| (at, message, "give both lines the same indentation"))
    } else {
        None
    };
    match found {
        Some((offset, message, hint)) => {
            SyntaxError { message: message.to_owned(), offset, hint: Some(hint.to_owned()) }
        }
        None => SyntaxError { message: words, offset, hint: near(text, offset) },
    }
}

/// What may help: braces of a variable inside a flow collection, or a tab in the indentation of the error's line or the one before it.
fn near(text: &str, offset: usize) -> Option<String> {
    let lines = text.get(..line_end(text, offset))?.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let mut last_two: [Option<(usize, &str)>; 2] = [None, None];
    lines.for_each(|line| last_two = [last_two[1], Some(line)]);
    let is_tabbed = |(_, line): &(usize, &str)| line.trim_start_matches(' ').starts_with('\t');
    if last_two[1].is_some_and(|(_, line)| line.contains("${")) {
        return Some("inside `{…}` and `[…]`, quote texts that have braces: `\"${…}\"`".to_owned());
    }
    let (number, _) = last_two.into_iter().flatten().find(is_tabbed)?;
    Some(format!("line {} is indented with a tab, which YAML does not take: use blanks", number + 1))
}

/// The colon of `key:value` in the line before, which the parser took for a text that goes on.
fn missing_blank(text: &str, offset: usize) -> Option<usize> {
    let (start, line) = lines_before(text, offset).next()?;
    let own = line.trim_start().trim_start_matches("- ");
    let colon = own.find(':')?;
    let (key, value) = (&own[..colon], &own[colon + 1..]);
    let is_key = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_./".contains(&b));
    let is_value = !value.starts_with([' ', '/', '\t']) && !value.trim().is_empty() && !value.contains(": ");
    (is_key && is_value).then(|| start + (line.len() - own.len()) + colon)
}

/// The line above that is indented deeper than the one of the error, behind one that is indented less.
fn too_deep(text: &str, offset: usize) -> Option<usize> {
    let start = text.get(..offset)?.rfind('\n').map_or(0, |at| at + 1);
    let wanted = indentation(&text[start..line_end(text, offset)]);
    let mut deepest = None;
    for (start, line) in lines_before(text, offset) {
        if indentation(line) <= wanted {
            let is_mapping = line.trim_end().ends_with(':') && indentation(line) < wanted;
            return deepest.filter(|_| is_mapping);
        }
        deepest = Some(start + indentation(line));
    }
    None
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn line_end(text: &str, offset: usize) -> usize {
    text.get(offset..).and_then(|rest| rest.find('\n')).map_or(text.len(), |length| offset + length)
}

/// The lines before the one of an offset that say something, the nearest first, each with where it starts.
fn lines_before(text: &str, offset: usize) -> impl Iterator<Item = (usize, &str)> {
    let mut end = text.get(..offset).and_then(|before| before.rfind('\n'));
    std::iter::from_fn(move || {
        let line_end = end?;
        let start = text[..line_end].rfind('\n').map_or(0, |at| at + 1);
        end = start.checked_sub(1);
        Some((start, &text[start..line_end]))
    })
    .filter(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
}

#[cfg(test)]
mod tests {
    use crate::{Limits, parse};

    #[test]
    fn an_error_stands_at_the_line_that_is_to_blame() {
        for (text, expected) in [
            ("a:\n  b:c\n  d: 1\n", "2:4 a blank is missing after this colon"),
            ("a:\n- b:c\n  d: 1\n", "2:4 a blank is missing after this colon"),
            ("a:\n     b: 1\n    c: 2\n", "2:6 this line is indented deeper than the next one of its mapping"),
            ("a: *b\n", "1:4 nothing defines the anchor `b`"),
            ("a: [*b, c]\n", "1:5 nothing defines the anchor `b`"),
            ("a: x: y\n", "1:5 mapping values are not allowed in this context"),
            ("a: http://x\n  b: 1\n", "2:4 mapping values are not allowed in this context"),
        ] {
            let error = parse(text, &Limits::default()).1.expect("it is no YAML");
            let before = &text[..error.offset];
            let line = before.matches('\n').count() + 1;
            let column = error.offset - before.rfind('\n').map_or(0, |at| at + 1) + 1;
            assert_eq!(format!("{line}:{column} {}", error.message), expected, "{text}");
        }
    }
}
