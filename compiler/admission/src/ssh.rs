//! Public keys as CAPZ reads them: standard base64 around an `authorized_keys` text.

use flatwright_diagnostic::{Fix, Rule};
use flatwright_go::base64;

use crate::check::Check;
use crate::field::Field;
use flatwright_kubernetes::is_placeholder;

/// What CAPZ refuses of `sshPublicKey`.
#[derive(Debug, PartialEq, Eq, Rule)]
#[rule(group = "admission-ssh-public-key")]
pub(crate) enum PublicKey {
    /// A key line that is not encoded.
    #[rule("plain-ssh-public-key", "`sshPublicKey` is written in plain text")]
    Plain,
    /// A text that is neither.
    #[rule("ssh-public-key-not-base64", "`sshPublicKey` is not base64")]
    NotBase64,
    /// Base64 of something else.
    #[rule("not-an-ssh-public-key", "`sshPublicKey` is base64, but not of a public key line")]
    NotAKey,
}

/// Judges the value of `sshPublicKey`.
pub(crate) fn public_key(check: &mut Check<'_>, key: &Field<'_>) {
    let Some(text) = key.text().filter(|text| !text.is_empty() && !is_placeholder(text)) else { return };
    let Some(rule) = problem(text) else { return };
    let finding = check.refuse(key, &rule);
    match rule {
        PublicKey::Plain => finding
            .hint("encode the line: `base64 -w0 ~/.ssh/id_ed25519.pub`")
            .fix(Fix::rewrite(text, base64::encode_behind("", text.as_bytes()))),
        PublicKey::NotBase64 => finding.hint("encode the public key's line: `base64 -w0 ~/.ssh/id_ed25519.pub`"),
        PublicKey::NotAKey => {
            finding.hint("encode a line such as `ssh-ed25519 AAAA… name`, not the private key and not a fingerprint")
        }
    };
}

/// The line of a public key that was encoded once more, where a plain one is wanted.
pub(crate) fn encoded_line(text: &str) -> Option<String> {
    if has_key_line(text) {
        return None;
    }
    let line = String::from_utf8(base64::decode(text).ok()?).ok()?;
    let line = line.trim_end();
    (has_key_line(line) && line.lines().count() == 1).then(|| line.to_owned())
}

fn problem(encoded: &str) -> Option<PublicKey> {
    if has_key_line(encoded) {
        return Some(PublicKey::Plain);
    }
    let Ok(bytes) = base64::decode(encoded) else { return Some(PublicKey::NotBase64) };
    (!has_key_line(&String::from_utf8_lossy(&bytes))).then_some(PublicKey::NotAKey)
}

/// Whether any line of the text is `[options] type key [comment]`.
fn has_key_line(text: &str) -> bool {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).any(|line| {
        let mut fields = line.split_whitespace();
        let direct = fields.next().is_some() && fields.next().is_some_and(is_key);
        direct || after_options(line).and_then(|rest| rest.split_whitespace().nth(1)).is_some_and(is_key)
    })
}

/// What follows the options: they end at the first blank outside quotes.
fn after_options(line: &str) -> Option<&str> {
    let mut quoted = false;
    let mut before = ' ';
    for (position, character) in line.char_indices() {
        match character {
            '"' if before != '\\' => quoted = !quoted,
            ' ' | '\t' if !quoted => return Some(line[position..].trim_start()),
            _ => {}
        }
        before = character;
    }
    None
}

/// Whether a base64 text is a key in SSH wire form of a known algorithm, whole and with nothing behind it.
fn is_key(encoded: &str) -> bool {
    let Ok(bytes) = base64::decode(encoded) else { return false };
    let Some((algorithm, rest)) = wire_string(&bytes) else { return false };
    let Ok(algorithm) = std::str::from_utf8(algorithm) else { return false };
    if algorithm.ends_with("-cert-v01@openssh.com") {
        return wire_string(rest).is_some();
    }
    let Some(parts) = wire_strings(rest) else { return false };
    let is_point = |point: &[u8], length: usize| point.len() == length && point.first() == Some(&4);
    match (algorithm, parts.as_slice()) {
        // Exponents are odd, at least 3, and short.
        ("ssh-rsa", [exponent, modulus]) => {
            let is_small = exponent.len() <= 4 && exponent.last().is_some_and(|last| last & 1 == 1) && exponent != &[1];
            is_small && !modulus.is_empty()
        }
        ("ssh-dss", [prime, _, _, _]) => prime.len() == 129,
        ("ssh-ed25519", [key]) | ("sk-ssh-ed25519@openssh.com", [key, _]) => key.len() == 32,
        ("ecdsa-sha2-nistp256", [curve, point]) => *curve == b"nistp256" && is_point(point, 65),
        ("ecdsa-sha2-nistp384", [curve, point]) => *curve == b"nistp384" && is_point(point, 97),
        ("ecdsa-sha2-nistp521", [curve, point]) => *curve == b"nistp521" && is_point(point, 133),
        ("sk-ecdsa-sha2-nistp256@openssh.com", [curve, point, _]) => *curve == b"nistp256" && is_point(point, 65),
        _ => false,
    }
}

/// Every string of the rest, or nothing if it is cut off.
fn wire_strings(mut rest: &[u8]) -> Option<Vec<&[u8]>> {
    let mut parts = Vec::new();
    while !rest.is_empty() {
        let (part, after) = wire_string(rest)?;
        parts.push(part);
        rest = after;
    }
    Some(parts)
}

fn wire_string(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(u32::from_be_bytes(*length) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g me@example";

    #[test]
    fn plain_lines_and_garbage_are_told_apart() {
        assert_eq!(problem(LINE), Some(PublicKey::Plain));
        assert_eq!(problem("%%%"), Some(PublicKey::NotBase64));
        assert_eq!(problem("aGVsbG8="), Some(PublicKey::NotAKey));
        assert_eq!(problem("aGVsbG8"), Some(PublicKey::NotBase64));
    }

    #[test]
    fn an_encoded_line_is_decoded() {
        let encoded = base64::encode_behind("", format!("{LINE}\n").as_bytes());
        assert_eq!(problem(&encoded), None);
        assert_eq!(encoded_line(&encoded).as_deref(), Some(LINE));
        assert_eq!(encoded_line(LINE), None);
        assert_eq!(encoded_line("aGVsbG8="), None);
    }

    #[test]
    fn a_key_must_be_whole() {
        let whole = "AAAAC3NzaC1lZDI1NTE5AAAAIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g";
        assert!(is_key(whole) && !is_key(&whole[..60]));
        let rsa = "AAAAB3NzaC1yc2EAAAADAQABAAAACAECAwQFBgcI";
        assert!(is_key(rsa) && !is_key(&rsa[..28]));
    }

    #[test]
    fn options_before_the_type_are_skipped() {
        assert!(has_key_line(&format!("command=\"echo a b\" {LINE}")));
        assert!(has_key_line(&format!("# comment\n\n{LINE}\n")));
    }
}
