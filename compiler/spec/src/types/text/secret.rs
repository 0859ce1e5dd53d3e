//! Keys and hashes.

use flatwright_go::base64;

use crate::decode::{Flaw, Meant, Text, shortened};

/// A SHA-512 in hexadecimal (bootstrap data are Ignition 2.3, which knows no other hash).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "a SHA-512 in 128 hexadecimal digits", pattern = "^[0-9a-f]{128}$", check = sha512)]
pub struct Sha512(String);

/// A SHA-256 in hexadecimal, of either case and with or without the hash's name: different tools print it in different ways.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "a SHA-256 in 64 hexadecimal digits", pattern = "^(sha256:)?[0-9a-fA-F]{64}$", check = sha256)]
pub struct Sha256(String);

/// What stands before the digits where tools print the hash's name.
const SHA256_NAME: &str = "sha256:";

impl Sha256 {
    /// The digits alone, in lower case.
    pub fn digits(&self) -> String {
        self.0.strip_prefix(SHA256_NAME).unwrap_or(&self.0).to_ascii_lowercase()
    }
}

/// An SSH public key as it stands in `authorized_keys`. The compiler encodes it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "an SSH public key", pattern = "^(ssh|ecdsa|sk)-", check = ssh_key)]
pub struct SshPublicKey(String);

fn sha512(text: &str) -> Result<(), Flaw> {
    hexadecimal(text, 128)
}

fn sha256(text: &str) -> Result<(), Flaw> {
    let digits = text.strip_prefix(SHA256_NAME).unwrap_or(text);
    hexadecimal(&digits.to_ascii_lowercase(), 64)
}

/// A hash as `sha256sum` and its sisters print it.
fn hexadecimal(text: &str, length: usize) -> Result<(), Flaw> {
    let is_digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    match text.chars().find(|c| !is_digit(*c)) {
        None if text.len() == length => Ok(()),
        _ if text.starts_with("sha512:") => Err(Flaw::meaning(
            "it is written without the hash's name: what stands behind the `:`",
            &text["sha512:".len()..],
        )),
        Some(c) if text.chars().count() == length => {
            let fact = format!("`{}` is not allowed: digits and `a` to `f` are", c.escape_debug());
            Err(Flaw::meaning(fact, text.to_ascii_lowercase()))
        }
        _ => Err(format!("it has {} characters", text.chars().count()).into()),
    }
}

/// The types of keys that the API server reads.
const KINDS: &[&str] = &[
    "ssh-ed25519",
    "ssh-rsa",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
];

/// A key as it stands in `authorized_keys`; CAPZ wants it in base64, but the compiler does that.
fn ssh_key(text: &str) -> Result<(), Flaw> {
    plain_key(text).map_err(|fact| match encoded_key(text) {
        Some(key) => {
            let hint = format!("write the key itself, which the compiler encodes: `{}`", shortened(&key));
            let fact = "it is the base64 of a key, as the Azure provider wants it; here the key stands as plain text";
            Flaw { fact: fact.to_owned(), meant: Some(Meant::certain(key, hint)) }
        }
        None => fact.into(),
    })
}

/// The key in a base64 of an `authorized_keys` line.
fn encoded_key(text: &str) -> Option<String> {
    let line = String::from_utf8(base64::decode(text).ok()?).ok()?;
    let key = line.trim();
    let is_key = key.split_whitespace().next().is_some_and(|kind| KINDS.contains(&kind));
    (!key.contains('\n') && is_key).then(|| key.to_owned())
}

/// `type base64 [comment]`, where the base64 repeats the type: what the webhook's parser wants once it is encoded.
fn plain_key(text: &str) -> Result<(), String> {
    let mut words = text.split_whitespace();
    let (Some(kind), Some(body)) = (words.next(), words.next()) else {
        return Err("a key has a type and a base64 body: `ssh-ed25519 AAAA…`".to_owned());
    };
    if !KINDS.contains(&kind) {
        return Err(format!("`{kind}` is not a key type that the API server reads: {}", KINDS.join(", ")));
    }
    let is_base64 = body.len() > 16
        && body.len() % 4 == 0
        && body.trim_end_matches('=').bytes().all(|b| b.is_ascii_alphanumeric() || b"+/".contains(&b));
    if is_base64 { Ok(()) } else { Err("the second word is not the base64 body of a key".to_owned()) }
}
