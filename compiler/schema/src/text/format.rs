//! The string formats that the API server enforces on custom resources. Any other `format` is ignored by it, and so here.

use std::sync::OnceLock;

use flatwright_go::base64;
use flatwright_go::url::{Brackets, parse_request};
use flatwright_kubernetes::network::{Cidr, address};
use flatwright_kubernetes::{Quantity, name};
use regex::Regex;

use super::time::{Timestamp, parse_format_duration};

/// A format that has a check, or that changes what a rule sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Byte,
    Cidr,
    CreditCard,
    Date,
    DateTime,
    Duration,
    Email,
    HexColor,
    Hostname,
    Int32,
    Ipv4,
    Ipv6,
    Isbn,
    Isbn10,
    Isbn13,
    LongName,
    Mac,
    ObjectId,
    Password,
    Quantity,
    RgbColor,
    ShortName,
    Ssn,
    Uri,
    Uuid,
    Uuid3,
    Uuid4,
    Uuid5,
}

impl Format {
    /// The format of a string schema, by its name; dashes do not count.
    pub(crate) fn of_string(name: &str) -> Option<Self> {
        Some(match name.replace('-', "").as_str() {
            "byte" => Self::Byte,
            "cidr" => Self::Cidr,
            "creditcard" => Self::CreditCard,
            "date" => Self::Date,
            "datetime" => Self::DateTime,
            "duration" => Self::Duration,
            "email" => Self::Email,
            "hexcolor" => Self::HexColor,
            "hostname" => Self::Hostname,
            "ipv4" => Self::Ipv4,
            "ipv6" => Self::Ipv6,
            "isbn" => Self::Isbn,
            "isbn10" => Self::Isbn10,
            "isbn13" => Self::Isbn13,
            "k8slongname" => Self::LongName,
            "mac" => Self::Mac,
            "bsonobjectid" => Self::ObjectId,
            "password" => Self::Password,
            "quantity" => Self::Quantity,
            "rgbcolor" => Self::RgbColor,
            "k8sshortname" => Self::ShortName,
            "ssn" => Self::Ssn,
            "uri" => Self::Uri,
            "uuid" => Self::Uuid,
            "uuid3" => Self::Uuid3,
            "uuid4" => Self::Uuid4,
            "uuid5" => Self::Uuid5,
            _ => return None,
        })
    }

    /// What a value should be, in the user's words.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Byte => "base64 text (at least four characters, with padding)",
            Self::Cidr => "a CIDR such as `10.0.0.0/16`",
            Self::CreditCard => "a credit card number",
            Self::Date => "a date such as `2006-01-02`",
            Self::DateTime => "a time such as `2006-01-02T15:04:05Z`",
            Self::Duration => "a duration such as `1h30m`",
            Self::Email => "an email address",
            Self::HexColor => "a hexadecimal color",
            Self::Hostname => "a host name",
            Self::Int32 => "a 32-bit integer",
            Self::Ipv4 => "an IPv4 address",
            Self::Ipv6 => "an IPv6 address",
            Self::Isbn => "an ISBN",
            Self::Isbn10 => "a 10-digit ISBN",
            Self::Isbn13 => "a 13-digit ISBN",
            Self::LongName => "a DNS subdomain of at most 253 characters",
            Self::Mac => "a MAC address",
            Self::ObjectId => "a BSON object id",
            Self::Password => "a string",
            Self::Quantity => "a quantity such as `10Gi`",
            Self::RgbColor => "a color such as `rgb(255,255,255)`",
            Self::ShortName => "a DNS label of at most 63 characters",
            Self::Ssn => "a social security number",
            Self::Uri => "an absolute URI or path",
            Self::Uuid | Self::Uuid3 | Self::Uuid4 | Self::Uuid5 => "a UUID",
        }
    }

    /// Whether a string has this format.
    pub(crate) fn accepts(self, text: &str) -> bool {
        match self {
            // The empty text is refused, as by the server.
            Self::Byte => !text.is_empty() && base64::is_encoded(text),
            Self::Cidr => Cidr::parse(text).is_some(),
            Self::CreditCard => is_credit_card(text),
            Self::Date => Timestamp::parse_day(text).is_some(),
            Self::DateTime => Timestamp::parse(text).is_some(),
            Self::Duration => parse_format_duration(text).is_some(),
            Self::Email => is_email(text),
            Self::HexColor => {
                let digits = text.strip_prefix('#').unwrap_or(text);
                matches!(digits.len(), 3 | 6) && digits.bytes().all(|b| b.is_ascii_hexdigit())
            }
            Self::Hostname => is_hostname(text),
            Self::Int32 | Self::Password => true,
            Self::Ipv4 => text.contains('.') && address(text).is_some(),
            Self::Ipv6 => text.contains(':') && address(text).is_some(),
            Self::Isbn => is_isbn(text, 10) || is_isbn(text, 13),
            Self::Isbn10 => is_isbn(text, 10),
            Self::Isbn13 => is_isbn(text, 13),
            Self::LongName => name::dns_subdomain(text).is_ok(),
            Self::Mac => is_mac(text),
            Self::ObjectId => text.len() == 24 && text.bytes().all(|b| b.is_ascii_hexdigit()),
            Self::Quantity => Quantity::parse(text).is_some(),
            Self::RgbColor => is_rgb_color(text),
            Self::ShortName => name::dns_label(text).is_ok(),
            Self::Ssn => is_ssn(text),
            Self::Uri => parse_request(text, Brackets::Anything).is_ok(),
            Self::Uuid => uuid(text).is_some(),
            Self::Uuid3 => uuid(text).is_some_and(|d| d[12] == b'3'),
            Self::Uuid4 => uuid(text).is_some_and(|d| d[12] == b'4' && b"89ab".contains(&d[16])),
            Self::Uuid5 => uuid(text).is_some_and(|d| d[12] == b'5' && b"89ab".contains(&d[16])),
        }
    }
}

/// The hex digits of a UUID in lower case; every dash is optional.
fn uuid(text: &str) -> Option<Vec<u8>> {
    let mut digits = Vec::with_capacity(32);
    for b in text.bytes() {
        match b {
            b'-' if matches!(digits.len(), 8 | 12 | 16 | 20) => {}
            b if b.is_ascii_hexdigit() => digits.push(b.to_ascii_lowercase()),
            _ => return None,
        }
    }
    (digits.len() == 32 && !text.contains("--") && !text.ends_with('-')).then_some(digits)
}

fn is_hostname(text: &str) -> bool {
    // Symbols and letters of any script are allowed, so the rule stays a pattern, as in the server.
    const HOSTNAME: &str = r"^([a-zA-Z0-9\p{S}\p{L}]((-?[a-zA-Z0-9\p{S}\p{L}]{0,62})?)|([a-zA-Z0-9\p{S}\p{L}](([a-zA-Z0-9-\p{S}\p{L}]{0,61}[a-zA-Z0-9\p{S}\p{L}])?)(\.)){1,}([a-zA-Z0-9\p{S}\p{L}])(-?[a-zA-Z0-9\p{S}\p{L}]){1,62})$";
    static COMPILED: OnceLock<Option<Regex>> = OnceLock::new();
    text.len() <= 255
        && text.split('.').all(|label| label.len() <= 63)
        && COMPILED.get_or_init(|| Regex::new(HOSTNAME).ok()).as_ref().is_some_and(|regex| regex.is_match(text))
}

/// `local@domain`, also as `Name <local@domain>`.
fn is_email(text: &str) -> bool {
    let text = text.trim();
    let address = match (text.find('<'), text.strip_suffix('>')) {
        (Some(start), Some(body)) => &body[start + 1..],
        (None, None) => text,
        _ => return false,
    };
    let Some((local, domain)) = address.rsplit_once('@') else { return false };
    let atom = |part: &str| {
        !part.is_empty()
            && part.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c) || c > '\u{7f}')
    };
    let quoted = local.len() >= 2 && local.starts_with('"') && local.ends_with('"');
    let literal = domain.starts_with('[') && domain.ends_with(']');
    (quoted || local.split('.').all(atom)) && (literal || domain.split('.').all(atom))
}

/// 48-bit, 64-bit and 20-octet addresses with `:`, `-` or groups of four and `.`.
fn is_mac(text: &str) -> bool {
    let groups = |separator: char, width: usize| {
        let parts: Vec<_> = text.split(separator).collect();
        parts.iter().all(|p| p.len() == width && p.bytes().all(|b| b.is_ascii_hexdigit())).then_some(parts.len())
    };
    matches!(groups(':', 2).or_else(|| groups('-', 2)), Some(6 | 8 | 20)) || matches!(groups('.', 4), Some(3 | 4 | 10))
}

fn is_isbn(text: &str, length: usize) -> bool {
    let digits: Vec<u8> =
        text.bytes().filter(|b| !matches!(b, b'-' | b' ' | b'\t' | b'\n' | b'\r' | 0xb | 0xc)).collect();
    if digits.len() != length || !digits[..length - 1].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let value = |b: u8| u32::from(b - b'0');
    let last = digits[length - 1];
    if length == 10 {
        let sum: u32 = (1..).zip(&digits[..9]).map(|(weight, b)| weight * value(*b)).sum();
        let check = if last == b'X' {
            10
        } else if last.is_ascii_digit() {
            value(last)
        } else {
            return false;
        };
        (sum + 10 * check).is_multiple_of(11)
    } else {
        let sum: u32 = digits[..12].iter().zip([1, 3].into_iter().cycle()).map(|(b, weight)| weight * value(*b)).sum();
        last.is_ascii_digit() && (10 - sum % 10) % 10 == value(last)
    }
}

fn is_credit_card(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    if !(13..=19).contains(&digits.len()) {
        return false;
    }
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| match at % 2 {
            0 => *digit,
            _ if *digit > 4 => digit * 2 - 9,
            _ => digit * 2,
        })
        .sum();
    sum.is_multiple_of(10)
}

fn is_rgb_color(text: &str) -> bool {
    text.strip_prefix("rgb(").and_then(|rest| rest.strip_suffix(')')).is_some_and(|rest| {
        let parts: Vec<_> = rest.split(',').map(str::trim).collect();
        parts.len() == 3
            && parts.iter().all(|p| {
                p.bytes().all(|b| b.is_ascii_digit())
                    && p.parse::<u16>().is_ok_and(|n| n <= 255)
                    && (p.len() == 1 || !p.starts_with('0'))
            })
    })
}

fn is_ssn(text: &str) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let bytes = text.as_bytes();
    digits.len() == 9
        && match bytes.len() {
            9 => true,
            10 => {
                !bytes[3].is_ascii_digit() && matches!(bytes[3], b'-' | b' ')
                    || !bytes[5].is_ascii_digit() && matches!(bytes[5], b'-' | b' ')
            }
            11 => matches!(bytes[3], b'-' | b' ') && matches!(bytes[6], b'-' | b' '),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, yes: &[&str], no: &[&str]) {
        let format = Format::of_string(name).unwrap();
        for text in yes {
            assert!(format.accepts(text), "{name} should accept {text:?}");
        }
        for text in no {
            assert!(!format.accepts(text), "{name} should refuse {text:?}");
        }
    }

    #[test]
    fn formats_are_those_of_the_server() {
        check("byte", &["YQ==", "YWJj"], &["", "YQ=", "a b=", "===="]);
        check("date-time", &["2024-01-01T00:00:00Z", "2024-01-01t00:00:00.1+01:00"], &["2024-01-01", "now"]);
        check("date", &["2024-02-29"], &["2023-02-29", "24-1-1"]);
        check("duration", &["1h", "3 days"], &["", "1"]);
        // Go's reader takes both notations; what tells them apart is a dot, and a colon.
        check("ipv4", &["10.0.0.1", "::ffff:10.0.0.1"], &["10.0.0", "::1", "010.0.0.1"]);
        check("ipv6", &["::1"], &["10.0.0.1"]);
        check("cidr", &["10.0.0.0/8", "10.0.0.0/0008", "fd00::/8"], &["10.0.0.0", "10.0.0.0/33"]);
        check("uuid", &["00000000-0000-0000-0000-000000000001", "00000000000000000000000000000001"], &["0-0", "g"]);
        check("uuid4", &["f47ac10b-58cc-4372-a567-0e02b2c3d479"], &["f47ac10b-58cc-1372-a567-0e02b2c3d479"]);
        check("uri", &["https://a.b/c", "/a", "urn:x"], &["", "a b", "//"[..0].trim(), "a/b"]);
        check("email", &["a@b.c", "A <a@b>"], &["a", "@b"]);
        check("hostname", &["a.bc", "localhost"], &["-a", ""]);
        check("mac", &["00:1a:2b:3c:4d:5e", "001a.2b3c.4d5e"], &["00:1a"]);
        check("isbn", &["0321751043", "978-0321751041"], &["0321751044"]);
        check("hexcolor", &["#fff", "aabbcc"], &["#ffff"]);
        check("rgbcolor", &["rgb(1,2,255)"], &["rgb(1,2,256)"]);
        check("quantity", &["10Gi", "1.5", "-1m"], &["", "1 Gi", "x"]);
        check("k8s-short-name", &["a-b"], &["a.b"]);
        assert_eq!(Format::of_string("no-such-format"), None);
    }
}
