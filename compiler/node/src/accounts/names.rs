//! Which names shadow takes. Owns: that. Must not: know what is named.

/// The longest name of a group.
const LONGEST_GROUP: usize = 32;

/// The longest name of a user in shadow 4.14 and newer; before, it was that of a group.
const LONGEST_USER: usize = 255;

/// Whether `useradd` takes a name. `is_relaxed`: as Debian's 4.13, which refuses a few characters only.
pub(crate) fn is_good_user_name(name: &str, is_relaxed: bool) -> bool {
    name.len() <= if is_relaxed { LONGEST_GROUP } else { LONGEST_USER } && is_good(name, is_relaxed)
}

/// Whether `groupadd` takes a name.
pub(crate) fn is_good_group_name(name: &str, is_relaxed: bool) -> bool {
    name.len() <= LONGEST_GROUP && is_good(name, is_relaxed)
}

fn is_good(name: &str, is_relaxed: bool) -> bool {
    if is_relaxed {
        return !name.starts_with(['-', '~', '+'])
            && !name.is_empty()
            && name.bytes().all(|byte| !matches!(byte, b':' | b',' | b' ' | b'\t'..=b'\r'));
    }
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
    let body = name.strip_suffix('$').filter(|body| !body.is_empty()).unwrap_or(name);
    name.bytes().next().is_some_and(is_word)
        && body.bytes().all(|byte| is_word(byte) || byte == b'-')
        && !matches!(name, "." | "..")
        && !name.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_shadow() {
        for name in ["core", "a.b-c_1", "1a", "Machine$", ".x", "_"] {
            assert!(is_good_user_name(name, false) && is_good_group_name(name, true), "{name}");
        }
        for name in ["", "-x", "a b", "a:b", "a,b", "~x"] {
            assert!(!is_good_user_name(name, false) && !is_good_user_name(name, true), "{name}");
        }
        for name in ["1000", ".", "..", "ä", "a$b", "$"] {
            assert!(!is_good_user_name(name, false), "{name}");
        }
        assert!(is_good_user_name("1000", true) && is_good_user_name("ä", true));
        assert!(!is_good_user_name(&"a".repeat(33), true) && !is_good_user_name(&"a".repeat(256), false));
    }
}
