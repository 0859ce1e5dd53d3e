//! Texts without what nobody should read in a log: password hashes, the data of Secrets, tokens, private keys, and file contents in URLs.
//!
//! Owns: which values these are. Works on lines, so that it does for YAML, JSON, and either in a string of the other, also where somebody broke the file; the lines stay
//! where they are.

/// Keys end in one of these, in lower case and without `-` and `_`. The specs' and the objects' own are `passwd`, `passwordHash`, `password_hash`.
const SECRET_KEYS: &[&str] = &[
    "passwd",
    "password",
    "passwordhash",
    "secret",
    "token",
    "privatekey",
    "accesskey",
    "accountkey",
    "authorization",
];

/// What stands in the place of a secret.
const MASK: &str = "…";

/// The text with its secrets masked, line by line.
pub(super) fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut masker = Masker { is_secret_object: is_secret_object(text), hidden_below: None, is_in_key: false };
    for line in text.split_inclusive('\n') {
        let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
        masker.line(line, &mut out);
        out.push_str(end);
    }
    out
}

fn is_secret_object(text: &str) -> bool {
    text.lines()
        .any(|line| matches!(line.trim_end(), "kind: Secret" | "  \"kind\": \"Secret\"," | "  \"kind\": \"Secret\""))
}

struct Masker {
    is_secret_object: bool,
    /// Lines that are indented deeper belong to a secret.
    hidden_below: Option<usize>,
    /// Between the first and the last line of a private key.
    is_in_key: bool,
}

impl Masker {
    fn line(&mut self, line: &str, out: &mut String) {
        let content = line.trim_start_matches([' ', '-']);
        let indent = line.len() - content.len();
        if let Some(above) = self.hidden_below {
            if indent > above || content.is_empty() {
                return hide(line, indent, out);
            }
            self.hidden_below = None;
        }
        if content.contains("PRIVATE KEY-----") {
            self.is_in_key = content.contains("BEGIN ") && !content.contains("END ");
            return hide(line, indent, out);
        }
        if self.is_in_key {
            return hide(line, indent, out);
        }
        if let Some((key, value)) = entry(content) {
            let start = line.len() - value.len();
            let name = normal(key);
            if self.is_secret_object && ["data", "stringdata"].contains(&name.as_str()) {
                self.hidden_below = Some(indent);
                return if value.is_empty() || value == "{" { out.push_str(line) } else { hide(line, start, out) };
            }
            if SECRET_KEYS.iter().any(|secret| name.ends_with(secret))
                && !value.is_empty()
                && value != "{"
                && value != "["
            {
                self.hidden_below = value.starts_with(['|', '>']).then_some(indent);
                return hide(line, start, out);
            }
        }
        urls(line, out);
    }
}

/// A line of which only the beginning is shown.
fn hide(line: &str, from: usize, out: &mut String) {
    out.push_str(&line[..from]);
    if line.len() > from {
        out.push_str(MASK);
    }
}

/// Key and value of a line of YAML or JSON, also of one that is quoted in another text.
fn entry(content: &str) -> Option<(&str, &str)> {
    let (key, value) = content.split_once(':')?;
    let key = key.trim_matches(|c: char| matches!(c, '"' | '\'' | '\\' | ' '));
    let is_key =
        !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    is_key.then(|| (key, value.trim_start()))
}

fn normal(key: &str) -> String {
    key.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// Contents that are written into a URL are nothing to read, and may be anything.
fn urls(line: &str, out: &mut String) {
    let mut rest = line;
    while let Some(start) = rest.find("data:") {
        let url = &rest[start..];
        let end = url.find(['"', '\'', ' ', ')', '}']).unwrap_or(url.len());
        let Some((head, data)) = url[..end].split_once(',') else {
            out.push_str(&rest[..start + "data:".len()]);
            rest = &rest[start + "data:".len()..];
            continue;
        };
        out.push_str(&rest[..start]);
        out.push_str(&format!("{head},{MASK} ({} bytes)", data.len()));
        rest = &url[end..];
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_and_lines_stay() {
        let text = "users:\n- name: a\n  passwd: $6$hash\n  sshAuthorizedKeys: [ssh-ed25519 A]\n  passwordHash: |\n    $6$more\n\n  shell: /bin/sh\n";
        let masked = masked(text);
        assert_eq!(
            masked,
            "users:\n- name: a\n  passwd: …\n  sshAuthorizedKeys: [ssh-ed25519 A]\n  passwordHash: …\n    …\n\n  shell: /bin/sh\n"
        );
        for (line, shown) in [
            ("      \"passwordHash\": \"$6$x\",", "      \"passwordHash\": …"),
            ("    \\\"aadClientSecret\\\": \\\"x\\\",", "    \\\"aadClientSecret\\\": …"),
            ("\"source\": \"data:,a%20b\",", "\"source\": \"data:,… (5 bytes)\","),
            ("url: data:;base64,AAAA", "url: data:;base64,… (4 bytes)"),
            ("data: {a: b}", "data: {a: b}"),
            ("passwordHash:", "passwordHash:"),
            ("secretName: a", "secretName: a"),
        ] {
            assert_eq!(super::masked(line), shown);
        }
    }

    #[test]
    fn the_data_of_a_secret_and_private_keys_are_masked() {
        let text = "kind: Secret\ndata:\n  a: x\n  b: y\ntype: Opaque\n";
        assert_eq!(masked(text), "kind: Secret\ndata:\n  …\n  …\ntype: Opaque\n");
        let key = "content: |\n  -----BEGIN EC PRIVATE KEY-----\n  AAAA\n  -----END EC PRIVATE KEY-----\n  more\n";
        let shown = masked(key);
        assert!(!shown.contains("AAAA") && shown.ends_with("  more\n") && shown.lines().count() == 5, "{shown}");
    }
}
