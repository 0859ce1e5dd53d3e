//! Time zones: their names, as `facts/time-zones.txt` has them.

use flatwright_diagnostic::nearest_within;

const TABLE: &str = include_str!("../../../../facts/time-zones.txt");

/// What a name is to the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// A zone of it, or a link to one.
    Known,
    /// One or two letters from this one.
    Misspelt(&'static str),
    /// None of it.
    Unknown,
}

/// Looks a name up. `UTC` may be written in any case; every other name is that of a file on the machine.
pub fn zone(name: &str) -> Zone {
    if name.eq_ignore_ascii_case("UTC") || names().any(|known| known == name) {
        return Zone::Known;
    }
    // Abbreviations are all alike: `PST` is not a misspelt `EST`.
    let limit = match name.len() {
        0..4 => 0,
        4..6 => 1,
        _ => 2,
    };
    nearest_within(name, limit, names()).map_or(Zone::Unknown, Zone::Misspelt)
}

/// The release of the database and the day of the table: `tzdata 2026a … 2026-01-31`.
pub fn zones_version() -> &'static str {
    let header = TABLE.lines().next().unwrap_or_default();
    header.split([' ', ';']).skip_while(|word| *word != "tzdata").nth(1).unwrap_or_default()
}

fn names() -> impl Iterator<Item = &'static str> + Clone {
    TABLE.lines().filter(|line| !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_database_and_its_links() {
        for name in ["Europe/Berlin", "US/Pacific", "Etc/GMT+1", "UTC", "utc", "CET", "America/Argentina/Buenos_Aires"]
        {
            assert_eq!(zone(name), Zone::Known, "{name}");
        }
        for (name, near) in [
            ("Europe/Berln", "Europe/Berlin"),
            ("europe/berlin", "Europe/Berlin"),
            ("Asia/Calcuta", "Asia/Calcutta"),
            ("America/NewYork", "America/New_York"),
            ("Japn", "Japan"),
        ] {
            assert_eq!(zone(name), Zone::Misspelt(near), "{name}");
        }
        for name in ["PST", "IST", "Mars/Olympus", "day", "Europe/Hamburg"] {
            assert_eq!(zone(name), Zone::Unknown, "{name}");
        }
    }

    #[test]
    fn the_table_says_which_release_it_is_of() {
        let version = zones_version();
        assert!(version.starts_with("20") && version.len() == 5, "{version}");
    }
}
