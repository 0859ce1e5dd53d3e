//! Whether a text is a Go template, as far as that can be said without its functions: actions are closed, and blocks have their `end`.

use std::fmt;

/// Why a text is not a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    OpenComment,
    OpenAction,
    EmptyAction,
    EndWithoutBlock,
    ElseWithoutIf,
    OpenBlock,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OpenComment => "has a comment without `*/`",
            Self::OpenAction => "has a `{{` without `}}`",
            Self::EmptyAction => "has an empty `{{ }}`",
            Self::EndWithoutBlock => "has an `end` without a block",
            Self::ElseWithoutIf => "has an `else` without an `if`",
            Self::OpenBlock => "has a block without `end`",
        })
    }
}

/// Why the text does not parse.
pub(crate) fn problem(text: &str) -> Option<Flaw> {
    let mut blocks = 0_u32;
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("{{") {
        let after = after.strip_prefix("- ").unwrap_or(after);
        if let Some(comment) = after.trim_start().strip_prefix("/*") {
            let Some((_, tail)) = comment.split_once("*/") else { return Some(Flaw::OpenComment) };
            rest = tail.trim_start().trim_start_matches('-').strip_prefix("}}")?;
            continue;
        }
        let Some(end) = action_end(after) else { return Some(Flaw::OpenAction) };
        let action = after[..end].trim_end_matches(" -").trim();
        rest = &after[end + 2..];
        match action.split([' ', '\t', '\n', '(']).next().unwrap_or_default() {
            "" if action.is_empty() => return Some(Flaw::EmptyAction),
            "if" | "range" | "with" | "block" | "define" => blocks += 1,
            "end" if blocks == 0 => return Some(Flaw::EndWithoutBlock),
            "end" => blocks -= 1,
            "else" if blocks == 0 => return Some(Flaw::ElseWithoutIf),
            _ => {}
        }
    }
    (blocks > 0).then_some(Flaw::OpenBlock)
}

/// Where the action's `}}` is; quoted texts may hold one.
fn action_end(action: &str) -> Option<usize> {
    let bytes = action.as_bytes();
    let mut quote = None;
    let mut at = 0;
    while at < bytes.len() {
        match (quote, bytes[at]) {
            (None, b'}') if bytes.get(at + 1) == Some(&b'}') => return Some(at),
            (None, mark @ (b'"' | b'\'' | b'`')) => quote = Some(mark),
            (Some(mark), byte) if byte == mark => quote = None,
            (Some(b'"' | b'\''), b'\\') => at += 1,
            (Some(b'"' | b'\''), b'\n') => return None,
            _ => {}
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_closed_and_blocks_end() {
        for good in [
            "",
            "plain }} text",
            r#"{"a": {"b": 1}}"#,
            "{{ .a }}-{{- if .b -}}x{{ else }}y{{ end }}",
            r#"{{ printf "}}" }}"#,
            "{{/* note */}}a",
            "{{ range .a }}{{ with .b }}{{ . }}{{ end }}{{ end }}",
        ] {
            assert_eq!(problem(good), None, "{good}");
        }
        for bad in ["{{", "{{ .a }", "{{ }}", "{{ if .a }}", "{{ end }}", "{{ else }}", "{{ \"a }}", "{{/* a"] {
            assert!(problem(bad).is_some(), "{bad}");
        }
    }
}
