//! Any of them, as it stands in a report.

use std::fmt;

use flatwright_diagnostic::Rule;

use super::{
    BootDevice, Config, ContainerLinux, Disk, Filesystem, Header, LocalFile, Locksmith, Luks, Node, Raid, Resource,
    Service, Source, Unit, User, Yaml,
};
/// What an original program reports.
#[derive(Clone, Debug, PartialEq, Eq, Rule)]
pub enum Problem {
    /// Of files, directories and links.
    #[rule(transparent)]
    Node(Node),
    /// Of disks and partitions.
    #[rule(transparent)]
    Disk(Disk),
    /// Of arrays.
    #[rule(transparent)]
    Raid(Raid),
    /// Of file systems.
    #[rule(transparent)]
    Filesystem(Filesystem),
    /// Of encrypted volumes.
    #[rule(transparent)]
    Luks(Luks),
    /// Of what is fetched.
    #[rule(transparent)]
    Resource(Resource),
    /// Of units.
    #[rule(transparent)]
    Unit(Unit),
    /// Of accounts.
    #[rule(transparent)]
    User(User),
    /// Of the config as a whole.
    #[rule(transparent)]
    Config(Config),
    /// Of its YAML.
    #[rule(transparent)]
    Yaml(Yaml),
    /// Of files beside it.
    #[rule(transparent)]
    LocalFile(LocalFile),
    /// Of Butane's variant and version.
    #[rule(transparent)]
    Header(Header),
    /// Of Butane's own.
    #[rule(transparent)]
    Source(Source),
    /// Of Butane's `boot_device`.
    #[rule(transparent)]
    BootDevice(BootDevice),
    /// Of the Container Linux Config transpiler's own.
    #[rule(transparent)]
    ContainerLinux(ContainerLinux),
    /// Of updates and reboots.
    #[rule(transparent)]
    Locksmith(Locksmith),
    /// Of etcd and flannel.
    #[rule(transparent)]
    Service(Service),
}

/// What a report is about. It is compared by codes: words and positions are those of a text that nobody wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl FromIterator<Problem> for Problems {
    fn from_iter<I: IntoIterator<Item = Problem>>(problems: I) -> Self {
        Self(problems.into_iter().collect())
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let codes: Vec<&str> = self.0.iter().map(|problem| problem.code().name()).collect();
        f.write_str(&codes.join(" "))
    }
}

impl Problem {
    /// The line that the words name, for reports without a position.
    pub fn line(&self) -> Option<u32> {
        if let Self::Yaml(problem) = self { problem.line() } else { None }
    }

    /// The key that it is about, where it refuses a config as a whole.
    pub const fn key(&self) -> Option<&'static str> {
        match self {
            Self::Header(
                Header::NoVariant
                | Header::UnknownVariant { .. }
                | Header::ForeignVariant { .. }
                | Header::RemovedVariant,
            ) => Some("variant"),
            Self::Header(Header::UnreadableVersion | Header::UnknownVersion { .. }) => Some("version"),
            Self::Config(Config::UnreadableVersion | Config::UnsupportedVersion) => Some("ignition.version"),
            _ => None,
        }
    }
}

impl From<Node> for Problem {
    fn from(problem: Node) -> Self {
        Self::Node(problem)
    }
}

impl From<Disk> for Problem {
    fn from(problem: Disk) -> Self {
        Self::Disk(problem)
    }
}

impl From<Raid> for Problem {
    fn from(problem: Raid) -> Self {
        Self::Raid(problem)
    }
}

impl From<Filesystem> for Problem {
    fn from(problem: Filesystem) -> Self {
        Self::Filesystem(problem)
    }
}

impl From<Luks> for Problem {
    fn from(problem: Luks) -> Self {
        Self::Luks(problem)
    }
}

impl From<Resource> for Problem {
    fn from(problem: Resource) -> Self {
        Self::Resource(problem)
    }
}

impl From<Unit> for Problem {
    fn from(problem: Unit) -> Self {
        Self::Unit(problem)
    }
}

impl From<Config> for Problem {
    fn from(problem: Config) -> Self {
        Self::Config(problem)
    }
}

impl From<Yaml> for Problem {
    fn from(problem: Yaml) -> Self {
        Self::Yaml(problem)
    }
}

impl From<LocalFile> for Problem {
    fn from(problem: LocalFile) -> Self {
        Self::LocalFile(problem)
    }
}

impl From<Header> for Problem {
    fn from(problem: Header) -> Self {
        Self::Header(problem)
    }
}

impl From<Source> for Problem {
    fn from(problem: Source) -> Self {
        Self::Source(problem)
    }
}

impl From<BootDevice> for Problem {
    fn from(problem: BootDevice) -> Self {
        Self::BootDevice(problem)
    }
}

impl From<ContainerLinux> for Problem {
    fn from(problem: ContainerLinux) -> Self {
        Self::ContainerLinux(problem)
    }
}

impl From<Locksmith> for Problem {
    fn from(problem: Locksmith) -> Self {
        Self::Locksmith(problem)
    }
}

impl From<Service> for Problem {
    fn from(problem: Service) -> Self {
        Self::Service(problem)
    }
}

impl From<User> for Problem {
    fn from(problem: User) -> Self {
        Self::User(problem)
    }
}
