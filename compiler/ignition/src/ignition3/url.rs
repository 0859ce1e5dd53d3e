//! URLs as the validator sees them: Go's `url.Parse`, the schemes of each version, S3 ARNs and `data:` URLs.

use std::borrow::Cow;

use super::version::Version;
use crate::data_url::is_written;
use flatwright_go::base64;
use flatwright_go::url::{Brackets, Url, parse};

type Problem = Cow<'static, str>;

const UNPARSABLE: Problem = Cow::Borrowed("unable to parse url");
const BAD_ARN: Problem = Cow::Borrowed("invalid S3 ARN format");

/// What is wrong with the URL of a resource.
pub(super) fn url_error(url: &str, version: Version) -> Option<Problem> {
    if is_written(url) {
        return None;
    }
    let Ok(parsed) = parse(url, Brackets::Ipv6) else { return Some(UNPARSABLE) };
    match &*parsed.scheme {
        "http" | "https" | "tftp" => None,
        "gs" if version >= Version::V3_2 => None,
        "s3" => version_id_error(&parsed),
        "arn" if version >= Version::V3_4 => arn_error(&parsed.opaque).or_else(|| version_id_error(&parsed)),
        "data" => data_error(url),
        _ => Some("invalid url scheme".into()),
    }
}

/// What is wrong with the URL of a Tang server.
pub(super) fn tang_error(url: &str) -> Option<Problem> {
    let Ok(parsed) = parse(url, Brackets::Ipv6) else { return Some(UNPARSABLE) };
    (!matches!(&*parsed.scheme, "http" | "https")).then(|| "invalid url scheme".into())
}

/// The scheme, in lower case; `None` if the URL cannot be parsed.
pub(super) fn scheme(url: &str) -> Option<String> {
    parse(url, Brackets::Ipv6).ok().map(|url| url.scheme)
}

fn version_id_error(url: &Url) -> Option<Problem> {
    url.query("versionId").is_some_and(|version| version.is_empty()).then(|| "invalid S3 object VersionId".into())
}

fn arn_error(opaque: &str) -> Option<Problem> {
    let full = format!("arn:{opaque}");
    let parts: Vec<_> = full.splitn(6, ':').collect();
    let [_, _, service, _, _, resource] = parts[..] else { return Some(BAD_ARN) };
    let elements = full.split('/').count();
    let is_bad = service != "s3" || elements < 2 || (resource.starts_with("accesspoint/") && elements < 3);
    is_bad.then_some(BAD_ARN)
}

/// What is wrong with a `data:` URL.
fn data_error(url: &str) -> Option<Problem> {
    let Some(rest) = url.strip_prefix("data:") else { return Some("missing data prefix".into()) };
    DataUrl(rest).check().err()
}

/// What is left of a `data:` URL.
struct DataUrl<'a>(&'a str);

impl DataUrl<'_> {
    fn check(mut self) -> Result<(), Problem> {
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
        let Some(data) = self.0.strip_prefix(',') else {
            return Err(
                if self.0.is_empty() { "missing comma before data" } else { "expected semicolon or comma" }.into()
            );
        };
        if is_base64 { base64_data(data) } else { plain_data(data) }
    }

    fn token(&mut self) -> (usize, Option<char>) {
        let end = self.0.find(|character| !is_token(character)).unwrap_or(self.0.len());
        let next = self.0[end..].chars().next();
        (end, next)
    }

    fn media_type(&mut self) -> Result<(), Problem> {
        let first = self.0.chars().next();
        match first {
            None => return Err("missing comma before data".into()),
            Some(character) if !is_token(character) => return Err("invalid character after data prefix".into()),
            _ => {}
        }
        let (end, next) = self.token();
        match next {
            Some('/') => {}
            None => return Err("missing media type slash".into()),
            _ => return Err("invalid character for media type".into()),
        }
        let name = &self.0[..end];
        let known = ["text", "image", "audio", "video", "application", "message", "multipart"];
        if !name.starts_with("x-") && !name.starts_with("X-") && !known.iter().any(|known| name.starts_with(known)) {
            return Err("invalid media type".into());
        }
        self.0 = &self.0[end + 1..];
        let (end, next) = self.token();
        match next {
            Some(';' | ',') => {
                self.0 = &self.0[end..];
                Ok(())
            }
            None => Err("incomplete media type".into()),
            _ => Err("invalid character for media subtype".into()),
        }
    }

    /// One parameter after its semicolon; `true` if it is the word `base64`.
    fn parameter(&mut self) -> Result<bool, Problem> {
        let (end, next) = self.token();
        match (end, next) {
            (_, None) | (0, Some('=' | ',')) => return Err("unterminated parameter sequence".into()),
            (_, Some('=' | ',')) => {}
            _ => return Err("invalid character for parameter attribute".into()),
        }
        let name = &self.0[..end];
        if next == Some(',') {
            if name != "base64" {
                return Err(format!("expected base64, got {name}").into());
            }
            self.0 = &self.0[end..];
            return Ok(true);
        }
        self.0 = &self.0[end + 1..];
        if let Some(quoted) = self.0.strip_prefix('"') {
            let mut characters = quoted.char_indices();
            loop {
                match characters.next() {
                    None => return Err("unclosed quoted string".into()),
                    Some((_, '\\')) => match characters.next() {
                        None => return Err("unclosed quoted string".into()),
                        Some((_, character)) if !character.is_ascii() => return Err("invalid escaped character".into()),
                        _ => {}
                    },
                    Some((at, '"')) => {
                        self.0 = &quoted[at + 1..];
                        break;
                    }
                    Some((_, character)) if !character.is_ascii() => {
                        return Err("invalid character for parameter value".into());
                    }
                    _ => {}
                }
            }
            return match self.0.chars().next() {
                Some(';' | ',') => Ok(false),
                None => Err("missing comma before data".into()),
                _ => Err("expected semicolon or comma".into()),
            };
        }
        let (end, next) = self.token();
        match (end, next) {
            (_, None) => Err("missing comma before data".into()),
            (1.., Some(';' | ',')) => {
                let value = &self.0[..end];
                let problem = escape_error(value);
                self.0 = &self.0[end..];
                problem.map_or(Ok(false), Err)
            }
            _ => Err("invalid character for parameter value".into()),
        }
    }
}

fn is_token(character: char) -> bool {
    character.is_ascii_graphic() && !"()<>@,;:\\\"/[]?=".contains(character)
}

fn base64_data(data: &str) -> Result<(), Problem> {
    if data.bytes().any(|byte| !byte.is_ascii_alphanumeric() && !b"+/=".contains(&byte)) {
        return Err("invalid data character".into());
    }
    base64::decode(data).map(|_| ()).map_err(Problem::from)
}

fn plain_data(data: &str) -> Result<(), Problem> {
    if data.chars().any(|character| !character.is_ascii_graphic() || "<>#\"{}|\\^[]`".contains(character)) {
        return Err("invalid data character".into());
    }
    escape_error(data).map_or(Ok(()), Err)
}

/// The first `%` that is not followed by two hexadecimal digits, as the library words it.
fn escape_error(text: &str) -> Option<Problem> {
    let bytes = text.as_bytes();
    let mut i = 0;
    while let Some(byte) = bytes.get(i) {
        if *byte != b'%' {
            i += 1;
            continue;
        }
        for ahead in 1..3 {
            match bytes.get(i + ahead) {
                None => return Some("unexpected end of input".into()),
                Some(digit) if !digit.is_ascii_hexdigit() => {
                    return Some(format!("invalid escape char {:?}", char::from(*digit)).into());
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

    fn error(url: &str) -> Option<Problem> {
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
        assert_eq!(error("http://a b/"), Some(UNPARSABLE));
        assert_eq!(error("http://h:port/"), Some(UNPARSABLE));
        for host in ["[h]", "[1.2.3.4]", "[::1%25]", "[]", "[1:2]:80"] {
            assert_eq!(error(&format!("http://{host}/")), Some(UNPARSABLE), "{host}");
        }
        assert_eq!(error("/x"), Some("invalid url scheme".into()));
        assert_eq!(error("data:;base64,a"), Some("illegal base64 data at input byte 0".into()));
        assert_eq!(url_error("arn:aws:s3:::b/k", Version::V3_3), Some("invalid url scheme".into()));
    }
}
