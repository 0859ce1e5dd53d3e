//! Flatcar releases: channels, versions, and what each release line is known to contain.
//!
//! Owns: the table of release lines and every rule that depends on the release. Must not: guess. A fact that is not in the table and does not follow from
//! the order of the lines is `None`, and the callers then choose what works everywhere.

use std::fmt;
use std::str::FromStr;

/// A release channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// For production.
    Stable,
    /// The next stable.
    Beta,
    /// The newest.
    Alpha,
    /// Long-term support.
    Lts,
}

impl Channel {
    /// Every channel, the usual one first.
    pub const ALL: [Self; 4] = [Self::Stable, Self::Beta, Self::Alpha, Self::Lts];

    /// The name in specs, URLs and SKUs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stable => "stable",
            Self::Beta => "beta",
            Self::Alpha => "alpha",
            Self::Lts => "lts",
        }
    }

    /// The channel of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.name() == name)
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A Flatcar version such as `4593.2.5`. `latest` and versions of self-built images are not releases: nothing is known of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Release {
    /// The release line: days since the epoch of the project, so lines are in order of time.
    pub major: u32,
    /// 0 alpha, 1 beta, 2 stable, 3 LTS.
    pub minor: u32,
    /// Counts the releases of the line on its channel.
    pub patch: u32,
}

/// The text is not a Flatcar version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotARelease;

impl fmt::Display for NotARelease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a Flatcar version has three numbers, such as `4593.2.5`")
    }
}

impl std::error::Error for NotARelease {}

/// What one release line contains.
struct Line {
    major: u32,
    systemd: u32,
    ignition: Option<(u32, u32)>,
}

/// The lines whose contents are known, oldest first (state of the release index on 2026-08-13).
const LINES: [Line; 4] = [
    Line { major: 4081, systemd: 255, ignition: Some((2, 19)) },
    Line { major: 4593, systemd: 257, ignition: Some((2, 24)) },
    Line { major: 4757, systemd: 260, ignition: None },
    Line { major: 4790, systemd: 260, ignition: None },
];

/// The Ignition version in which each stable config spec appeared, newest first.
const IGNITION_SPECS: [((u32, u32), (u32, u32)); 6] =
    [((2, 26), (3, 6)), ((2, 20), (3, 5)), ((2, 15), (3, 4)), ((2, 11), (3, 3)), ((2, 7), (3, 2)), ((2, 3), (3, 1))];

/// The first line that mounts `/etc` with `noexec` (flatcar/Flatcar#2166).
const FIRST_NOEXEC_ETC: u32 = 4628;

/// The first systemd that reads `.transfer` files; `.conf` is still read, with a warning.
const FIRST_TRANSFER_SYSTEMD: u32 = 257;

impl Release {
    /// The channel the version was released on; `None` for a minor that no channel uses.
    pub const fn channel(self) -> Option<Channel> {
        match self.minor {
            0 => Some(Channel::Alpha),
            1 => Some(Channel::Beta),
            2 => Some(Channel::Stable),
            3 => Some(Channel::Lts),
            _ => None,
        }
    }

    /// The major version of systemd, for lines in the table.
    pub fn systemd_major(self) -> Option<u32> {
        self.line().map(|line| line.systemd)
    }

    /// The Ignition version, for lines in the table.
    pub fn ignition_version(self) -> Option<(u32, u32)> {
        self.line().and_then(|line| line.ignition)
    }

    /// The newest Ignition config spec the release reads, for lines in the table.
    pub fn max_ignition_spec(self) -> Option<(u32, u32)> {
        newest_spec(self.ignition_version()?)
    }

    /// Whether a config of this Ignition spec can be read. Also answers for lines outside the table where their order decides: what an older line reads, a
    /// newer one reads too.
    pub fn reads_ignition_spec(self, spec: (u32, u32)) -> Option<bool> {
        let max_of = |line: &Line| line.ignition.and_then(newest_spec);
        if LINES.iter().any(|line| line.major <= self.major && max_of(line).is_some_and(|max| max >= spec)) {
            return Some(true);
        }
        LINES.iter().any(|line| line.major >= self.major && max_of(line).is_some_and(|max| max < spec)).then_some(false)
    }

    /// Whether `/etc` is mounted `noexec`, so that nothing under it can be executed directly.
    pub const fn etc_is_noexec(self) -> bool {
        self.major >= FIRST_NOEXEC_ETC
    }

    /// Whether systemd reads `.transfer` files. Between two known lines that agree, the lines between agree too.
    pub fn reads_transfer_suffix(self) -> Option<bool> {
        let reads = |line: &Line| line.systemd >= FIRST_TRANSFER_SYSTEMD;
        if LINES.iter().any(|line| line.major <= self.major && reads(line)) {
            return Some(true);
        }
        LINES.iter().any(|line| line.major >= self.major && !reads(line)).then_some(false)
    }

    fn line(self) -> Option<&'static Line> {
        LINES.iter().find(|line| line.major == self.major)
    }
}

/// The suffix of sysupdate transfer files: `.transfer` where systemd is known to read it, else `.conf`, which every release reads.
pub fn transfer_suffix(release: Option<Release>) -> &'static str {
    if release.and_then(Release::reads_transfer_suffix) == Some(true) { ".transfer" } else { ".conf" }
}

/// Whether `/etc` is mounted `noexec`; `None` for an unknown release (`latest`, a self-built image).
pub fn etc_is_noexec(release: Option<Release>) -> Option<bool> {
    release.map(Release::etc_is_noexec)
}

/// Whether `kubeadm.service` needs a drop-in that runs `/etc/kubeadm.sh` through bash: always, unless the release is known to execute files under `/etc`.
pub fn kubeadm_needs_bash_drop_in(release: Option<Release>) -> bool {
    etc_is_noexec(release) != Some(false)
}

fn newest_spec(ignition: (u32, u32)) -> Option<(u32, u32)> {
    IGNITION_SPECS.iter().find(|(first, _)| *first <= ignition).map(|(_, spec)| *spec)
}

impl FromStr for Release {
    type Err = NotARelease;

    fn from_str(text: &str) -> Result<Self, NotARelease> {
        let mut numbers = text.split('.').map(|part| {
            let is_plain = part.bytes().all(|b| b.is_ascii_digit()) && (part.len() == 1 || !part.starts_with('0'));
            if is_plain { part.parse().ok() } else { None }
        });
        match (numbers.next(), numbers.next(), numbers.next(), numbers.next()) {
            (Some(Some(major)), Some(Some(minor)), Some(Some(patch)), None) => Ok(Self { major, minor, patch }),
            _ => Err(NotARelease),
        }
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(text: &str) -> Release {
        text.parse().unwrap()
    }

    #[test]
    fn versions_read_back() {
        assert_eq!(release("4593.2.5").to_string(), "4593.2.5");
        for text in ["latest", "", "4593.2", "4593.2.5.1", "4593.02.5", "+1.2.3", "4593.2.5-dev", "99999999999.0.0"] {
            assert_eq!(text.parse::<Release>(), Err(NotARelease), "{text}");
        }
    }

    #[test]
    fn the_minor_tells_the_channel() {
        let channels = ["4790.0.0", "4757.1.0", "4593.2.5", "4081.3.10", "4081.7.0"].map(|v| release(v).channel());
        use Channel::{Alpha, Beta, Lts, Stable};
        assert_eq!(channels, [Some(Alpha), Some(Beta), Some(Stable), Some(Lts), None]);
        assert_eq!(Channel::from_name("lts"), Some(Lts));
        assert_eq!(Channel::from_name("LTS"), None);
    }

    #[test]
    fn known_lines_tell_their_contents_and_others_do_not() {
        assert_eq!(release("4593.2.5").systemd_major(), Some(257));
        assert_eq!(release("4593.2.5").max_ignition_spec(), Some((3, 5)));
        assert_eq!(release("4081.3.10").max_ignition_spec(), Some((3, 4)));
        assert_eq!(release("4230.2.3").systemd_major(), None);
        assert_eq!(release("4757.1.0").max_ignition_spec(), None);
    }

    #[test]
    fn the_order_of_lines_answers_where_it_decides() {
        assert_eq!(release("4757.1.0").reads_ignition_spec((3, 5)), Some(true));
        assert_eq!(release("4757.1.0").reads_ignition_spec((3, 6)), None);
        assert_eq!(release("3815.2.0").reads_ignition_spec((3, 5)), Some(false));
        assert_eq!(release("4230.2.3").reads_ignition_spec((3, 4)), Some(true));
        assert_eq!(release("4230.2.3").reads_ignition_spec((3, 5)), None);
    }

    #[test]
    fn the_transfer_suffix_is_the_one_that_surely_works() {
        let suffix = |text: &str| transfer_suffix(text.parse().ok());
        assert_eq!(suffix("4593.2.5"), ".transfer");
        assert_eq!(suffix("4700.1.0"), ".transfer");
        assert_eq!(suffix("4081.3.10"), ".conf");
        assert_eq!(suffix("4230.2.3"), ".conf");
        assert_eq!(suffix("latest"), ".conf");
    }

    #[test]
    fn kubeadm_runs_through_bash_unless_etc_is_known_to_be_executable() {
        let needs = |text: &str| kubeadm_needs_bash_drop_in(text.parse().ok());
        assert!(!needs("4593.2.5"));
        assert!(needs("4628.0.0"));
        assert!(needs("latest"));
    }
}
