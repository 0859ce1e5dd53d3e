//! Data URLs as the vincent-petithory/dataurl of Ignition 2 reads them. Ignition 3 carries a later one with other words and another order of checks.

use flatwright_go::base64;

use crate::problem::DataUrl;

/// The bytes a data URL holds.
///
/// # Errors
/// Where reading ends.
pub fn decode(url: &str) -> Result<Vec<u8>, DataUrl> {
    let mut rest = url.strip_prefix("data:").ok_or(DataUrl::Prefix)?;
    let mut is_base64 = false;
    let first = rest.chars().next();
    if !matches!(first, Some(';' | ',')) {
        rest = media_type(rest)?;
    }
    while let Some(after) = rest.strip_prefix(';') {
        (rest, is_base64) = parameter(after)?;
    }
    let data = rest.strip_prefix(',').ok_or(DataUrl::ExpectedComma)?;
    if is_base64 {
        if data.bytes().any(|b| !(b.is_ascii_alphanumeric() || b"+/=".contains(&b))) {
            return Err(DataUrl::DataCharacter);
        }
        return base64::decode(data).map_err(DataUrl::Base64);
    }
    if data.chars().any(|c| !c.is_ascii() || c.is_ascii_control() || " <>#\"{}|\\^[]`".contains(c)) {
        return Err(DataUrl::DataCharacter);
    }
    unescape(data)
}

fn is_token(c: char) -> bool {
    c.is_ascii() && !c.is_ascii_control() && !" ()<>@,;:\\\"/[]?=".contains(c)
}

fn media_type(text: &str) -> Result<&str, DataUrl> {
    let first = text.chars().next().ok_or(DataUrl::MissingComma)?;
    if !is_token(first) {
        return Err(DataUrl::FirstCharacter);
    }
    let end = text.find(|c| !is_token(c)).ok_or(DataUrl::MissingSlash)?;
    if !text[end..].starts_with('/') {
        return Err(DataUrl::MediaTypeCharacter);
    }
    let is_extension = text.starts_with("x-") || text.starts_with("X-");
    let known = ["text", "image", "audio", "video", "application", "message", "multipart"];
    if !is_extension && !known.iter().any(|prefix| text[..end].starts_with(prefix)) {
        return Err(DataUrl::MediaType);
    }
    let subtype = &text[end + 1..];
    let end = subtype.find(|c| !is_token(c)).ok_or(DataUrl::IncompleteMediaType)?;
    let rest = &subtype[end..];
    if rest.starts_with([';', ',']) { Ok(rest) } else { Err(DataUrl::SubtypeCharacter) }
}

/// Reads one parameter after its semicolon: what follows it, and whether it was `base64`.
fn parameter(text: &str) -> Result<(&str, bool), DataUrl> {
    match text.chars().next() {
        None | Some('=' | ',') => return Err(DataUrl::Parameter),
        Some(c) if !is_token(c) => return Err(DataUrl::AttributeCharacter),
        Some(_) => {}
    }
    let end = text.find(|c| !is_token(c)).ok_or(DataUrl::Parameter)?;
    let (name, rest) = text.split_at(end);
    if rest.starts_with(',') {
        return if name == "base64" { Ok((rest, true)) } else { Err(DataUrl::Encoding(name.to_owned())) };
    }
    let value = rest.strip_prefix('=').ok_or(DataUrl::AttributeCharacter)?;
    let rest = match value.strip_prefix('"') {
        Some(quoted) => quoted_value(quoted)?,
        None => {
            let first = value.chars().next().ok_or(DataUrl::MissingComma)?;
            if !is_token(first) {
                return Err(DataUrl::ValueCharacter);
            }
            let end = value.find(|c| !is_token(c)).ok_or(DataUrl::MissingComma)?;
            unescape(&value[..end])?;
            if !value[end..].starts_with([';', ',']) {
                return Err(DataUrl::ValueCharacter);
            }
            &value[end..]
        }
    };
    match rest.chars().next() {
        None => Err(DataUrl::MissingComma),
        Some(';' | ',') => Ok((rest, false)),
        Some(_) => Err(DataUrl::ExpectedComma),
    }
}

fn quoted_value(text: &str) -> Result<&str, DataUrl> {
    let mut characters = text.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => return Ok(&text[at + 1..]),
            '\\' => match characters.next() {
                Some((_, escaped)) if !escaped.is_ascii() => return Err(DataUrl::EscapedCharacter),
                _ => {}
            },
            c if !c.is_ascii() => return Err(DataUrl::ValueCharacter),
            _ => {}
        }
    }
    Err(DataUrl::UnclosedQuote)
}

fn unescape(text: &str) -> Result<Vec<u8>, DataUrl> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    let digit = |b: Option<u8>| {
        let b = b.ok_or(DataUrl::EndInEscape)?;
        let value = char::from(b).to_digit(16).ok_or(DataUrl::EscapeDigit)?;
        u8::try_from(value).map_err(|_| DataUrl::EscapeDigit)
    };
    while let Some(b) = bytes.next() {
        if b == b'%' {
            let high = digit(bytes.next())?;
            out.push(high << 4 | digit(bytes.next())?);
        } else {
            out.push(b);
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded() {
        let bytes: Vec<u8> = (0..=255).collect();
        assert_eq!(decode(&crate::data_url::escaped(&bytes)).as_deref(), Ok(&*bytes));
        assert_eq!(decode(&crate::data_url::in_base64(&bytes)).as_deref(), Ok(&*bytes));
    }

    #[test]
    fn every_form_of_a_data_url_is_read() {
        for url in [
            "data:,hi",
            "data:;base64,aGk=",
            "data:text/plain,hi",
            "data:x-own/thing;a=b,hi",
            "data:text/plain;charset=\"a\\\"b\",hi",
            "data:;charset=utf-8;base64,aGk=",
        ] {
            assert_eq!(decode(url).as_deref(), Ok(&b"hi"[..]), "{url}");
        }
        for (url, error) in [
            ("http:", "missing data prefix"),
            ("data:", "missing comma before data"),
            ("data:own/thing,x", "invalid media type"),
            ("data:text,x", "invalid character for media type"),
            ("data:text/plain", "incomplete media type"),
            ("data:;base32,x", "expected base64, got base32"),
            ("data:;,x", "unterminated parameter sequence"),
            ("data:;base64,a b", "invalid data character"),
            ("data:,a b", "invalid data character"),
            ("data:,%4", "rfc2396: unexpected end of unescape sequence"),
            ("data:,%4x", "rfc2396: invalid char 0x25 in unescape sequence"),
            ("data:;base64,aGk", "illegal base64 data at input byte 0"),
        ] {
            assert_eq!(decode(url).expect_err(url).to_string(), error, "{url}");
        }
    }
}
