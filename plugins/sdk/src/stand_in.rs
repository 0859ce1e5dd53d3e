//! What stands in a machine config where the compiler has no content.

/// Every stand-in has this in it, then what it stands for, and a `)`.
const MARK: &str = "flatwright-stand-in(";

/// What a text in a machine config or an object stands for. The bootstrap provider puts the content of Secrets there, which exists in the management cluster only, and a policy
/// is not told secrets of the spec either.
///
/// ```
/// # use flatwright_plugin_sdk::StandIn;
/// let content = "flatwright-stand-in(secret demo-ca tls.key)\n-----BEGIN RSA PRIVATE KEY-----\n";
/// assert_eq!(StandIn::find(content), Some(StandIn::Secret { name: "demo-ca", key: "tls.key" }));
/// assert_eq!(StandIn::find("-----BEGIN RSA PRIVATE KEY-----\n"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StandIn<'t> {
    /// The value of a key of a Secret in the cluster's namespace.
    Secret {
        /// The Secret.
        name: &'t str,
        /// The key.
        key: &'t str,
    },
    /// A value of the spec that plugins are not told, such as the hash of a password.
    Withheld {
        /// The field.
        field: &'t str,
    },
}

impl<'t> StandIn<'t> {
    /// The stand-in in a text, if there is one. Contents of files are to be decoded first.
    pub fn find(text: &'t str) -> Option<Self> {
        let rest = &text[text.find(MARK)? + MARK.len()..];
        let mut words = rest[..rest.find(')')?].split(' ');
        match (words.next()?, words.next()?, words.next()) {
            ("secret", name, Some(key)) => Some(Self::Secret { name, key }),
            ("withheld", field, None) => Some(Self::Withheld { field }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_read_wherever_it_stands() {
        let hash = "$6$flatwright-stand-in(secret login hash)........";
        assert_eq!(StandIn::find(hash), Some(StandIn::Secret { name: "login", key: "hash" }));
        let json = "{\"stand-in\": \"flatwright-stand-in(secret azure azure.json)\"}";
        assert_eq!(StandIn::find(json), Some(StandIn::Secret { name: "azure", key: "azure.json" }));
        let withheld = "$6$flatwright-stand-in(withheld passwordHash)";
        assert_eq!(StandIn::find(withheld), Some(StandIn::Withheld { field: "passwordHash" }));
        for text in ["", "flatwright-stand-in(", "flatwright-stand-in(secret a)", "flatwright-stand-in(other a b)"] {
            assert_eq!(StandIn::find(text), None, "{text}");
        }
    }
}
