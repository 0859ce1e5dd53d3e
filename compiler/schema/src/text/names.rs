//! The name grammars of Kubernetes: DNS labels and subdomains, qualified names, label values. Each gives the reason why a text is refused.

/// The longest DNS label, qualified name part and label value.
const LABEL: usize = 63;
/// The longest DNS subdomain.
const SUBDOMAIN: usize = 253;

/// A lower-case RFC 1123 label.
pub(crate) fn dns_label(text: &str) -> Result<(), String> {
    if text.len() > LABEL {
        return Err(format!("is longer than {LABEL} characters"));
    }
    if is_dns_label(text, |c| c.is_ascii_lowercase() || c.is_ascii_digit()) {
        Ok(())
    } else {
        Err("may hold lower-case letters, digits and `-` only, with a letter or digit at both ends".into())
    }
}

/// A lower-case RFC 1035 label: it starts with a letter.
pub(crate) fn dns_label_1035(text: &str) -> Result<(), String> {
    if text.len() > LABEL {
        return Err(format!("is longer than {LABEL} characters"));
    }
    if is_dns_label(text, |c| c.is_ascii_lowercase()) {
        Ok(())
    } else {
        Err("may hold lower-case letters, digits and `-` only, starting with a letter and ending with a letter or digit"
            .into())
    }
}

/// A lower-case RFC 1123 subdomain, the grammar of object names.
pub(crate) fn dns_subdomain(text: &str) -> Result<(), String> {
    if text.len() > SUBDOMAIN {
        return Err(format!("is longer than {SUBDOMAIN} characters"));
    }
    let first = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if text.split('.').all(|label| is_dns_label(label, first)) {
        Ok(())
    } else {
        Err("may hold lower-case letters, digits, `-` and `.` only, with a letter or digit at both ends of each part"
            .into())
    }
}

fn is_dns_label(text: &str, first: impl Fn(char) -> bool) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    text.starts_with(first) && text.ends_with(plain) && text.chars().all(|c| plain(c) || c == '-')
}

/// A qualified name such as `example.com/role`: the key of a label, annotation or finalizer.
pub(crate) fn qualified_name(text: &str) -> Result<(), String> {
    let name = match text.split('/').collect::<Vec<_>>().as_slice() {
        [name] => *name,
        [prefix, name] => {
            if prefix.is_empty() {
                return Err("has an empty prefix before `/`".into());
            }
            dns_subdomain(prefix).map_err(|reason| format!("has the prefix `{prefix}`, which {reason}"))?;
            *name
        }
        _ => return Err("has more than one `/`".into()),
    };
    if name.is_empty() {
        return Err("has an empty name".into());
    }
    if name.len() > LABEL {
        return Err(format!("has a name longer than {LABEL} characters"));
    }
    if is_label_text(name) { Ok(()) } else { Err(format!("has the name `{name}`, which {LABEL_TEXT}")) }
}

/// The value of a label.
pub(crate) fn label_value(text: &str) -> Result<(), String> {
    if text.len() > LABEL {
        return Err(format!("is longer than {LABEL} characters"));
    }
    if text.is_empty() || is_label_text(text) { Ok(()) } else { Err(format!("is refused: it {LABEL_TEXT}")) }
}

const LABEL_TEXT: &str = "may hold letters, digits, `-`, `_` and `.` only, with a letter or digit at both ends";

fn is_label_text(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric();
    text.starts_with(plain) && text.ends_with(plain) && text.chars().all(|c| plain(c) || matches!(c, '-' | '_' | '.'))
}

/// An `apiVersion`: a version, or a group and a version.
pub(crate) fn is_api_version(text: &str) -> bool {
    text.matches('/').count() <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_their_grammars() {
        assert!(dns_subdomain("a.b-c.d1").is_ok());
        assert!(dns_subdomain("A").is_err() && dns_subdomain("a..b").is_err() && dns_subdomain("-a").is_err());
        assert!(dns_label("a1").is_ok() && dns_label("a.b").is_err() && dns_label(&"a".repeat(64)).is_err());
        assert!(dns_label_1035("1a").is_err() && dns_label_1035("a1").is_ok());
        assert!(qualified_name("example.com/Role_1").is_ok() && qualified_name("role").is_ok());
        assert!(qualified_name("/x").is_err() && qualified_name("a/b/c").is_err() && qualified_name("a/").is_err());
        assert!(label_value("").is_ok() && label_value("-x").is_err());
    }
}
