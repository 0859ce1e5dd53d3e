//! The merge of the user's config into the provider's: `Append` of ignition 2.3.
//!
//! Nothing is merged by name or path. Lists are concatenated, the provider's first; `ignition.config` is taken whole from the user's config, even
//! when it is empty there; the version stays; a timeout that is set wins.

use flatwright_ignition::ignition2::Config;

/// Appends `extra` to `base`.
#[must_use]
pub fn append(mut base: Config, extra: Config) -> Config {
    let (ignition, new) = (&mut base.ignition, extra.ignition);
    ignition.config = new.config;
    ignition.security.tls.certificate_authorities.extend(new.security.tls.certificate_authorities);
    ignition.timeouts.http_response_headers =
        new.timeouts.http_response_headers.or(ignition.timeouts.http_response_headers);
    ignition.timeouts.http_total = new.timeouts.http_total.or(ignition.timeouts.http_total);
    base.networkd.units.extend(extra.networkd.units);
    base.passwd.groups.extend(extra.passwd.groups);
    base.passwd.users.extend(extra.passwd.users);
    let (storage, new) = (&mut base.storage, extra.storage);
    storage.directories.extend(new.directories);
    storage.disks.extend(new.disks);
    storage.files.extend(new.files);
    storage.filesystems.extend(new.filesystems);
    storage.links.extend(new.links);
    storage.raid.extend(new.raid);
    base.systemd.units.extend(extra.systemd.units);
    base
}

#[cfg(test)]
mod tests {
    use super::*;
    use flatwright_ignition::ignition2::{ConfigReference, Unit};

    #[test]
    fn lists_are_joined_and_the_new_config_section_replaces_the_old() {
        let unit = |mask| Unit { name: "a.service".into(), mask, ..Unit::default() };
        let (mut base, mut extra) = (Config::default(), Config::default());
        base.ignition.version = "2.3.0".into();
        base.ignition.config.append = vec![ConfigReference::default()];
        base.ignition.timeouts.http_total = Some(1);
        base.ignition.timeouts.http_response_headers = Some(2);
        base.systemd.units = vec![unit(false)];
        extra.ignition.version = "2.2.0".into();
        extra.ignition.timeouts.http_total = Some(5);
        extra.systemd.units = vec![unit(true)];
        let merged = append(base, extra);
        assert_eq!(merged.ignition.version, "2.3.0");
        assert!(merged.ignition.config.append.is_empty());
        assert_eq!(
            (merged.ignition.timeouts.http_total, merged.ignition.timeouts.http_response_headers),
            (Some(5), Some(2))
        );
        assert_eq!(merged.systemd.units, [unit(false), unit(true)]);
    }
}
