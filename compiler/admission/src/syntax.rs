//! The spellings that Azure demands of names and ids.

/// Letters, digits and `_` of Go's `\w`, and the extra characters.
pub(crate) fn is_word(text: &str, extra: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || extra.contains(c))
}

/// Eight-four-four-four-twelve hexadecimal digits.
pub(crate) fn is_guid(text: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    let mut groups = text.split('-');
    lengths.iter().all(|length| {
        groups.next().is_some_and(|group| group.len() == *length && group.bytes().all(|b| b.is_ascii_hexdigit()))
    }) && groups.next().is_none()
}

/// An absolute Azure resource id, as the Azure SDK reads it: the last resource's type, or `None` if the id does not parse.
pub(crate) fn resource_type(id: &str) -> Option<String> {
    let rest = id.strip_prefix('/')?;
    let parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
    let is = |part: &str, key: &str| part.eq_ignore_ascii_case(key);
    if parts.len() < 2 || !(is(parts[0], "subscriptions") || is(parts[0], "providers")) {
        return None;
    }
    let mut kind = String::new();
    let mut rest = parts.as_slice();
    while let [key, ..] = rest {
        let in_group = kind == "Microsoft.Resources/resourceGroups";
        let at_top = kind.is_empty() || kind == "Microsoft.Resources/subscriptions";
        rest = match rest {
            [] => rest,
            [_] if is(key, "subscriptions") || is(key, "resourcegroups") || in_group => return None,
            [last] => {
                kind = format!("{kind}/{last}");
                &[]
            }
            [_, provider, tail @ ..]
                if is(key, "providers") && tail.first().is_none_or(|next| is(next, "providers")) =>
            {
                if !at_top {
                    return None;
                }
                kind = "Microsoft.Resources/providers".to_owned();
                let _ = provider;
                tail
            }
            [_, provider, name, _, tail @ ..] if is(key, "providers") => {
                kind = format!("{provider}/{name}");
                tail
            }
            _ if is(key, "providers") => return None,
            [_, _, tail @ ..] => {
                kind = match () {
                    () if is(key, "subscriptions") && kind.is_empty() => "Microsoft.Resources/subscriptions".to_owned(),
                    () if is(key, "resourcegroups") && at_top => "Microsoft.Resources/resourceGroups".to_owned(),
                    () => format!("{kind}/{key}"),
                };
                tail
            }
        };
    }
    Some(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resource_ids_have_a_type() {
        let vm = "/subscriptions/a/resourceGroups/b/providers/Microsoft.Compute/virtualMachines/c";
        assert_eq!(resource_type(vm).as_deref(), Some("Microsoft.Compute/virtualMachines"));
        assert_eq!(
            resource_type("/subscriptions/a/resourceGroups/b").as_deref(),
            Some("Microsoft.Resources/resourceGroups")
        );
        for bad in
            ["", "foo", "/", "/foo/bar", "/subscriptions", "/subscriptions/a/resourceGroups", "subscriptions/a/b/c"]
        {
            assert_eq!(resource_type(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_guid_has_five_groups() {
        assert!(is_guid("00000000-0000-0000-0000-00000000000a") && !is_guid("abc"));
    }
}
