//! Flatcar releases: channels, versions, and what each release line is known to contain.
//!
//! Owns: reading `facts/flatcar-releases.txt`, and every rule that depends on the release. Must not: guess. A fact that is not in the table and does not follow from
//! the order of the lines is `None`, and the callers then choose what works everywhere.

use std::fmt;
use std::str::FromStr;

use flatwright_kubernetes::table::{Row, Table};

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

/// The release lines: what each was released as, and what it contains.
pub static LINES: Table = Table::new(include_str!("../../../facts/flatcar-releases.txt"));

/// What one release line contains.
#[derive(Clone, Copy)]
struct Line {
    major: u32,
    row: Row,
}

impl Line {
    fn all() -> impl Iterator<Item = Self> + Clone {
        LINES.section("lines").rows().filter_map(|row| Some(Self { major: row.name.parse().ok()?, row }))
    }

    fn systemd(self) -> Option<u32> {
        self.row.value("systemd")?.parse().ok()
    }

    /// Of the Ignitions that read specs 3: those before are nothing that a line is asked for.
    fn ignition(self) -> Option<(u32, u32)> {
        pair(self.row.value("ignition")?).filter(|version| version.0 >= 2)
    }

    fn max_spec(self) -> Option<(u32, u32)> {
        newest_spec(self.ignition()?)
    }

    /// The patches of a minor, in order.
    fn patches(self, minor: u32) -> impl Iterator<Item = u32> {
        let list = self.row.words().find_map(|word| word.strip_prefix(&minor.to_string())?.strip_prefix(':'));
        list.unwrap_or_default().split(',').filter_map(|patch| patch.parse().ok())
    }

    fn newest(self, minor: u32) -> Option<Release> {
        self.patches(minor).last().map(|patch| Release { major: self.major, minor, patch })
    }
}

/// Whether there is such a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existence {
    /// It is in the table.
    Known,
    /// It is not, and may have come later: the newest one of the line or of the channel.
    Later(Option<Release>),
    /// It is not, and lines or releases after it are: the newest one of the line or of the channel.
    Never(Option<Release>),
}

/// The Ignition version in which each stable config spec appeared, newest first.
const IGNITION_SPECS: [((u32, u32), (u32, u32)); 6] =
    [((2, 26), (3, 6)), ((2, 20), (3, 5)), ((2, 15), (3, 4)), ((2, 11), (3, 3)), ((2, 7), (3, 2)), ((2, 3), (3, 1))];

/// The first line that mounts `/etc` with `noexec` (flatcar/Flatcar#2166).
const FIRST_NOEXEC_ETC: u32 = 4628;

/// The first systemd that reads `.transfer` files; `.conf` is still read, with a warning.
const FIRST_TRANSFER_SYSTEMD: u32 = 257;

/// The first line that gets `.transfer` files. Some lines before it read them too, but what a spec compiles to does not change because a table knows more.
const FIRST_TRANSFER_LINE: u32 = 4593;

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

    /// Whether there is such a release.
    pub fn existence(self) -> Existence {
        let newest = || Line::all().filter_map(|line| line.newest(self.minor)).last();
        let Some(line) = self.line() else {
            let last = Line::all().last().map_or(0, |line| line.major);
            return if self.major > last { Existence::Later(newest()) } else { Existence::Never(newest()) };
        };
        if line.patches(self.minor).any(|patch| patch == self.patch) {
            return Existence::Known;
        }
        match line.newest(self.minor) {
            Some(newest) if newest < self => Existence::Later(Some(newest)),
            Some(newest) => Existence::Never(Some(newest)),
            // Lines get to a channel in their order.
            None if self.channel().is_none() || newest().is_some_and(|newest| newest.major > self.major) => {
                Existence::Never(newest())
            }
            None => Existence::Later(newest()),
        }
    }

    /// The major version of systemd, for lines in the table.
    pub fn systemd_major(self) -> Option<u32> {
        self.line().and_then(Line::systemd)
    }

    /// The Ignition version, for lines in the table.
    pub fn ignition_version(self) -> Option<(u32, u32)> {
        self.line().and_then(Line::ignition)
    }

    /// The containerd version, for lines in the table.
    pub fn containerd(self) -> Option<(u32, u32)> {
        pair(self.line()?.row.value("containerd")?)
    }

    /// Whether a line in the table has no images for Arm.
    pub fn is_amd64_only(self) -> Option<bool> {
        self.line().map(|line| line.row.has("amd64-only"))
    }

    /// The newest Ignition config spec the release reads, for lines in the table.
    pub fn max_ignition_spec(self) -> Option<(u32, u32)> {
        newest_spec(self.ignition_version()?)
    }

    /// Whether a config of this Ignition spec can be read. Also answers for lines outside the table where their order decides: what an older line reads, a
    /// newer one reads too.
    pub fn reads_ignition_spec(self, spec: (u32, u32)) -> Option<bool> {
        let is_at_least = |line: &Line| line.max_spec().is_some_and(|max| max >= spec);
        // Its own line, which is found without reading the others, has the answer most often.
        let lines = || self.line().into_iter().chain(Line::all());
        if lines().any(|line| line.major <= self.major && is_at_least(&line)) {
            return Some(true);
        }
        Line::all()
            .any(|line| line.major >= self.major && line.max_spec().is_some_and(|max| max < spec))
            .then_some(false)
    }

    /// Whether `/etc` is mounted `noexec`, so that nothing under it can be executed directly.
    pub const fn etc_is_noexec(self) -> bool {
        self.major >= FIRST_NOEXEC_ETC
    }

    /// Whether systemd reads `.transfer` files. Between two known lines that agree, the lines between agree too.
    pub fn reads_transfer_suffix(self) -> Option<bool> {
        let reads = |line: Line| line.systemd().map(|systemd| systemd >= FIRST_TRANSFER_SYSTEMD);
        let lines = || self.line().into_iter().chain(Line::all());
        if lines().any(|line| line.major <= self.major && reads(line) == Some(true)) {
            return Some(true);
        }
        Line::all().any(|line| line.major >= self.major && reads(line) == Some(false)).then_some(false)
    }

    fn line(self) -> Option<Line> {
        let row = LINES.section("lines").row(&self.major.to_string())?;
        Some(Line { major: self.major, row })
    }
}

/// All releases that are known, the oldest lines first.
pub fn all() -> impl Iterator<Item = Release> {
    Line::all().flat_map(|line| {
        (0..=9).flat_map(move |minor| line.patches(minor).map(move |patch| Release { major: line.major, minor, patch }))
    })
}

/// The newest release of each channel.
pub fn newest() -> impl Iterator<Item = (Channel, Release)> {
    Channel::ALL.into_iter().filter_map(|channel| {
        let of_channel = |line: Line| {
            (0..=3).filter_map(move |minor| line.newest(minor)).find(|release| release.channel() == Some(channel))
        };
        Some((channel, Line::all().filter_map(of_channel).last()?))
    })
}

fn pair(text: &str) -> Option<(u32, u32)> {
    let (major, minor) = text.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// The suffix of sysupdate transfer files: `.transfer` from the first line on that gets them, else `.conf`, which every release reads.
pub fn transfer_suffix(release: Option<Release>) -> &'static str {
    if release.is_some_and(|release| release.major >= FIRST_TRANSFER_LINE) { ".transfer" } else { ".conf" }
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
        assert_eq!(release("4230.2.3").systemd_major(), Some(256));
        assert_eq!(release("4230.2.3").containerd(), Some((1, 7)));
        assert_eq!(release("4757.1.0").max_ignition_spec(), Some((3, 5)));
        assert_eq!(release("3033.2.4").ignition_version(), None);
        assert_eq!(release("4231.2.3").systemd_major(), None);
        assert_eq!(release("2765.2.6").is_amd64_only(), Some(true));
    }

    #[test]
    fn the_order_of_lines_answers_where_it_decides() {
        assert_eq!(release("4757.1.0").reads_ignition_spec((3, 5)), Some(true));
        assert_eq!(release("4757.1.0").reads_ignition_spec((3, 6)), Some(false));
        assert_eq!(release("5000.1.0").reads_ignition_spec((3, 6)), None);
        assert_eq!(release("3815.2.0").reads_ignition_spec((3, 5)), Some(false));
        assert_eq!(release("4230.2.3").reads_ignition_spec((3, 4)), Some(true));
        assert_eq!(release("4230.2.3").reads_ignition_spec((3, 5)), Some(true));
    }

    #[test]
    fn releases_that_cannot_come_any_more_never_were() {
        let newest = |text: &str| Some(release(text));
        assert_eq!(release("4593.2.5").existence(), Existence::Known);
        assert_eq!(release("4593.2.99").existence(), Existence::Later(newest("4593.2.5")));
        assert_eq!(release("4081.3.99").existence(), Existence::Later(newest("4081.3.10")));
        assert_eq!(release("4628.2.0").existence(), Existence::Later(newest("4593.2.5")));
        assert_eq!(release("5000.0.0").existence(), Existence::Later(newest("4790.0.0")));
        assert_eq!(release("4547.2.0").existence(), Existence::Never(newest("4593.2.5")));
        assert_eq!(release("4594.2.0").existence(), Existence::Never(newest("4593.2.5")));
        assert!(matches!(release("4593.7.0").existence(), Existence::Never(_)));
        let channels: Vec<_> = super::newest().map(|(channel, release)| (channel, release.channel())).collect();
        assert!(channels.iter().all(|(channel, of_release)| Some(*channel) == *of_release) && channels.len() == 4);
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
