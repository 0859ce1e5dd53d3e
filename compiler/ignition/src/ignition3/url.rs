//! URLs as the validator sees them: Go's `url.Parse`, the schemes of each version, S3 ARNs and `data:` URLs.

use super::version::Version;
use crate::data_url::is_written;
use crate::problem::{DataUrl, Resource, S3};
use flatwright_go::base64;
use flatwright_go::url::{Brackets, Url, parse};

/// What is wrong with the URL of a resource.
pub(super) fn url_error(url: &str, version: Version) -> Option<Resource> {
    if is_written(url) {
        return None;
    }
    let Ok(parsed) = parse(url, Brackets::Ipv6) else { return Some(Resource::UNREADABLE) };
    match &*parsed.scheme {
        "http" | "https" | "tftp" => None,
        "gs" if version >= Version::V3_2 => None,
        "s3" => version_id_error(&parsed),
        "arn" if version >= Version::V3_4 => arn_error(&parsed.opaque).or_else(|| version_id_error(&parsed)),
        "data" => data_error(url),
        _ => Some(Resource::OTHER_SCHEME),
    }
}

/// What is wrong with the URL of a Tang server.
pub(super) fn tang_error(url: &str) -> Option<Resource> {
    let Ok(parsed) = parse(url, Brackets::Ipv6) else { return Some(Resource::UNREADABLE) };
    (!matches!(&*parsed.scheme, "http" | "https")).then_some(Resource::OTHER_SCHEME)
}

/// The scheme, in lower case; `None` if the URL cannot be parsed.
pub(super) fn scheme(url: &str) -> Option<String> {
    parse(url, Brackets::Ipv6).ok().map(|url| url.scheme)
}

fn version_id_error(url: &Url) -> Option<Resource> {
    url.query("versionId").is_some_and(|version| version.is_empty()).then(|| S3::VersionId.into())
}

fn arn_error(opaque: &str) -> Option<Resource> {
    let full = format!("arn:{opaque}");
    let parts: Vec<_> = full.splitn(6, ':').collect();
    let [_, _, service, _, _, resource] = parts[..] else { return Some(S3::Arn.into()) };
    let elements = full.split('/').count();
    let is_bad = service != "s3" || elements < 2 || (resource.starts_with("accesspoint/") && elements < 3);
    is_bad.then(|| S3::Arn.into())
}

/// What is wrong with a `data:` URL.
fn data_error(url: &str) -> Option<Resource> {
    let Some(rest) = url.strip_prefix("data:") else { return Some(DataUrl::Prefix.into()) };
    Rest(rest).data().and_then(|data| data.check()).err().map(Resource::from)
}

/// The bytes that a `data:` URL holds.
///
/// # Errors
/// What the original's library refuses.
pub fn decode_data_url(url: &str) -> Result<Vec<u8>, DataUrl> {
    let rest = url.get(..5).filter(|scheme| scheme.eq_ignore_ascii_case("data:")).and(url.get(5..));
    Rest(rest.ok_or(DataUrl::Prefix)?).data()?.decode()
}

/// What follows the comma of a `data:` URL.
struct Data<'a> {
    text: &'a str,
    is_base64: bool,
}

impl Data<'_> {
    fn check(&self) -> Result<(), DataUrl> {
        if self.is_base64 { base64_data(self.text).map(|_| ()) } else { plain_data(self.text) }
    }

    fn decode(&self) -> Result<Vec<u8>, DataUrl> {
        if self.is_base64 {
            return base64_data(self.text);
        }
        plain_data(self.text)?;
        let mut bytes = Vec::with_capacity(self.text.len());
        let mut rest = self.text.bytes();
        let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16)).unwrap_or_default();
        while let Some(byte) = rest.next() {
            bytes.push(match byte {
                b'%' => u8::try_from(digit(rest.next()) << 4 | digit(rest.next())).unwrap_or_default(),
                byte => byte,
            });
        }
        Ok(bytes)
    }
}

/// What is left of a `data:` URL.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    /// What follows the comma.
    fn data(mut self) -> Result<Data<'a>, DataUrl> {
        if !self.0.starts_with([';', ',']) {
            self.media_type()?;
        }
        let mut is_base64 = false;
        while self.0.starts_with(';') {
            self.0 = &self.0[1..];
            is_base64 = self.parameter()?;
            if is_base64 {
                break;
            }
        }
        let Some(text) = self.0.strip_prefix(',') else {
            return Err(if self.0.is_empty() { DataUrl::MissingComma } else { DataUrl::ExpectedComma });
        };
        Ok(Data { text, is_base64 })
    }

    fn token(&mut self) -> (usize, Option<char>) {
        let end = self.0.find(|character| !is_token(character)).unwrap_or(self.0.len());
        let next = self.0[end..].chars().next();
        (end, next)
    }

    fn media_type(&mut self) -> Result<(), DataUrl> {
        let first = self.0.chars().next();
        match first {
            None => return Err(DataUrl::MissingComma),
            Some(character) if !is_token(character) => return Err(DataUrl::FirstCharacter),
            _ => {}
        }
        let (end, next) = self.token();
        match next {
            Some('/') => {}
            None => return Err(DataUrl::MissingSlash),
            _ => return Err(DataUrl::MediaTypeCharacter),
        }
        let name = &self.0[..end];
        let known = ["text", "image", "audio", "video", "application", "message", "multipart"];
        if !name.starts_with("x-") && !name.starts_with("X-") && !known.iter().any(|known| name.starts_with(known)) {
            return Err(DataUrl::MediaType);
        }
        self.0 = &self.0[end + 1..];
        let (end, next) = self.token();
        match next {
            Some(';' | ',') => {
                self.0 = &self.0[end..];
                Ok(())
            }
            None => Err(DataUrl::IncompleteMediaType),
            _ => Err(DataUrl::SubtypeCharacter),
        }
    }

    /// One parameter after its semicolon; `true` if it is the word `base64`.
    fn parameter(&mut self) -> Result<bool, DataUrl> {
        let (end, next) = self.token();
        match (end, next) {
            (_, None) | (0, Some('=' | ',')) => return Err(DataUrl::Parameter),
            (_, Some('=' | ',')) => {}
            _ => return Err(DataUrl::AttributeCharacter),
        }
        let name = &self.0[..end];
        if next == Some(',') {
            if name != "base64" {
                return Err(DataUrl::Encoding(name.to_owned()));
            }
            self.0 = &self.0[end..];
            return Ok(true);
        }
        self.0 = &self.0[end + 1..];
        if let Some(quoted) = self.0.strip_prefix('"') {
            let mut characters = quoted.char_indices();
            loop {
                match characters.next() {
                    None => return Err(DataUrl::UnclosedQuote),
                    Some((_, '\\')) => match characters.next() {
                        None => return Err(DataUrl::UnclosedQuote),
                        Some((_, character)) if !character.is_ascii() => return Err(DataUrl::EscapedCharacter),
                        _ => {}
                    },
                    Some((at, '"')) => {
                        self.0 = &quoted[at + 1..];
                        break;
                    }
                    Some((_, character)) if !character.is_ascii() => {
                        return Err(DataUrl::ValueCharacter);
                    }
                    _ => {}
                }
            }
            return match self.0.chars().next() {
                Some(';' | ',') => Ok(false),
                None => Err(DataUrl::MissingComma),
                _ => Err(DataUrl::ExpectedComma),
            };
        }
        let (end, next) = self.token();
        match (end, next) {
            (_, None) => Err(DataUrl::MissingComma),
            (1.., Some(';' | ',')) => {
                let value = &self.0[..end];
                let problem = escape_error(value);
                self.0 = &self.0[end..];
                problem.map_or(Ok(false), Err)
            }
            _ => Err(DataUrl::ValueCharacter),
        }
    }
}

fn is_token(character: char) -> bool {
    character.is_ascii_graphic() && !"()<>@,;:\\\"/[]?=".contains(character)
}

fn base64_data(data: &str) -> Result<Vec<u8>, DataUrl> {
    if data.bytes().any(|byte| !byte.is_ascii_alphanumeric() && !b"+/=".contains(&byte)) {
        return Err(DataUrl::DataCharacter);
    }
    base64::decode(data).map_err(DataUrl::Base64)
}

fn plain_data(data: &str) -> Result<(), DataUrl> {
    if data.chars().any(|character| !character.is_ascii_graphic() || "<>#\"{}|\\^[]`".contains(character)) {
        return Err(DataUrl::DataCharacter);
    }
    escape_error(data).map_or(Ok(()), Err)
}

/// The first `%` that is not followed by two hexadecimal digits, as the library words it.
fn escape_error(text: &str) -> Option<DataUrl> {
    let bytes = text.as_bytes();
    let mut i = 0;
    while let Some(byte) = bytes.get(i) {
        if *byte != b'%' {
            i += 1;
            continue;
        }
        for ahead in 1..3 {
            match bytes.get(i + ahead) {
                None => return Some(DataUrl::EndOfInput),
                Some(digit) if !digit.is_ascii_hexdigit() => {
                    return Some(DataUrl::EscapeCharacter(char::from(*digit)));
                }
                _ => {}
            }
        }
        i += 3;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(url: &str) -> Option<Resource> {
        url_error(url, Version::V3_4)
    }

    #[test]
    fn good_urls_pass() {
        for url in [
            "https://h/p?q=1",
            "http://[::1]:80/",
            "http://[fe80::1%25eth0]/",
            "http://[::ffff:1.2.3.4]/",
            "s3://b/k?versionId=3",
            "data:,a%20b",
            "data:text/plain;charset=utf-8;base64,aGk=",
            "gs://b/k",
            "tftp://h/f",
        ] {
            assert_eq!(error(url), None, "{url}");
        }
    }

    #[test]
    fn bad_urls_are_named() {
        assert_eq!(error("http://a b/"), Some(Resource::UNREADABLE));
        assert_eq!(error("http://h:port/"), Some(Resource::UNREADABLE));
        for host in ["[h]", "[1.2.3.4]", "[::1%25]", "[]", "[1:2]:80"] {
            assert_eq!(error(&format!("http://{host}/")), Some(Resource::UNREADABLE), "{host}");
        }
        assert_eq!(error("/x"), Some(Resource::OTHER_SCHEME));
        assert_eq!(error("data:;base64,a"), Some(DataUrl::Base64("illegal base64 data at input byte 0".into()).into()));
        assert_eq!(url_error("arn:aws:s3:::b/k", Version::V3_3), Some(Resource::OTHER_SCHEME));
    }
}
