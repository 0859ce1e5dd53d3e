//! What is asked for: the key of an entry.
//!
//! Owns: the tables of the file with their keys and values. Must not: know what an entry became.

use std::fmt;

/// The tables of the file, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A Helm chart.
    Chart,
    /// A system extension for one architecture.
    Extension,
    /// A machine image.
    Image,
    /// A version of Kubernetes.
    Kubernetes,
    /// A plugin.
    Plugin,
    /// A release of Flatcar.
    Release,
}

/// What a value looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Any text of one line.
    Line,
    /// A text without blanks.
    Word,
    /// So many hexadecimal digits.
    Hex(usize),
    /// Words.
    Words,
}

/// A value of an entry.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) form: Form,
    pub(crate) is_required: bool,
}

const fn needed(name: &'static str, form: Form) -> Field {
    Field { name, form, is_required: true }
}

const fn optional(name: &'static str, form: Form) -> Field {
    Field { name, form, is_required: false }
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Chart, Self::Extension, Self::Image, Self::Kubernetes, Self::Plugin, Self::Release];

    /// Its name in the file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chart => "chart",
            Self::Extension => "extension",
            Self::Image => "image",
            Self::Kubernetes => "kubernetes",
            Self::Plugin => "plugin",
            Self::Release => "release",
        }
    }

    /// What is asked for, in the order in which entries are sorted.
    pub(crate) const fn keys(self) -> &'static [Field] {
        match self {
            Self::Chart => {
                const { &[needed("name", Form::Word), needed("repository", Form::Word), needed("asked", Form::Line)] }
            }
            Self::Extension => {
                const {
                    &[
                        needed("name", Form::Word),
                        needed("asked", Form::Word),
                        needed("architecture", Form::Word),
                        needed("url", Form::Word),
                    ]
                }
            }
            Self::Image => const { &[needed("name", Form::Word), needed("asked", Form::Line)] },
            Self::Kubernetes => const { &[needed("asked", Form::Line)] },
            Self::Plugin => const { &[needed("source", Form::Line)] },
            Self::Release => const { &[needed("channel", Form::Word), needed("asked", Form::Line)] },
        }
    }

    /// What it became.
    pub(crate) const fn values(self) -> &'static [Field] {
        match self {
            Self::Chart => {
                const { &[needed("locked", Form::Word), optional("digest", Form::Word), needed("read", Form::Line)] }
            }
            Self::Extension => {
                const { &[optional("sha256", Form::Hex(64)), optional("sha512", Form::Hex(128)), needed("read", Form::Line)] }
            }
            Self::Image => {
                const {
                    &[
                        needed("locked", Form::Word),
                        optional("architecture", Form::Word),
                        optional("generation", Form::Word),
                        needed("read", Form::Line),
                    ]
                }
            }
            Self::Kubernetes => const { &[needed("locked", Form::Word), needed("read", Form::Line)] },
            Self::Plugin => {
                const { &[needed("sha256", Form::Hex(64)), needed("api", Form::Word), needed("read", Form::Line)] }
            }
            Self::Release => {
                const {
                    &[
                        needed("locked", Form::Word),
                        optional("systemd", Form::Word),
                        optional("ignition", Form::Word),
                        optional("containerd", Form::Word),
                        optional("architectures", Form::Words),
                        needed("read", Form::Line),
                    ]
                }
            }
        }
    }
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ask {
    pub(crate) kind: Kind,
    pub(crate) keys: Vec<String>,
}

impl Ask {
    fn new<const N: usize>(kind: Kind, keys: [&str; N]) -> Self {
        debug_assert_eq!(kind.keys().len(), N);
        Self { kind, keys: keys.map(str::to_owned).to_vec() }
    }

    /// A release of Flatcar: the channel, and the version or range as written.
    pub fn release(channel: &str, asked: &str) -> Self {
        Self::new(Kind::Release, [channel, asked])
    }

    /// A version of Kubernetes or a range, as written; a version with its `v`.
    pub fn kubernetes(asked: &str) -> Self {
        Self::new(Kind::Kubernetes, [asked])
    }

    /// A system extension: its name, its version, `amd64` or `arm64`, and where its image is.
    pub fn extension(name: &str, version: &str, architecture: &str, url: &str) -> Self {
        Self::new(Kind::Extension, [name, version, architecture, url])
    }

    /// A machine image: `PUBLISHER/OFFER/SKU` or `GALLERY/DEFINITION`, and the version as written.
    pub fn image(name: &str, asked: &str) -> Self {
        Self::new(Kind::Image, [name, asked])
    }

    /// A chart: its name, the repository, and the version as written, `*` without one.
    pub fn chart(name: &str, repository: &str, asked: &str) -> Self {
        Self::new(Kind::Chart, [name, repository, asked])
    }

    /// A plugin: its file, relative to the lock.
    pub fn plugin(source: &str) -> Self {
        Self::new(Kind::Plugin, [source])
    }

    /// Its table.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// What `--update` names it by.
    pub fn name(&self) -> &str {
        match self.kind {
            Kind::Release => "flatcar",
            Kind::Kubernetes => "kubernetes",
            Kind::Chart | Kind::Extension | Kind::Image | Kind::Plugin => &self.keys[0],
        }
    }

    /// The version, range or source as written.
    pub fn asked(&self) -> &str {
        match self.kind {
            Kind::Extension => &self.keys[1],
            _ => self.keys.last().map_or("", String::as_str),
        }
    }

    /// One of its keys.
    pub fn key(&self, name: &str) -> Option<&str> {
        let index = self.kind.keys().iter().position(|field| field.name == name)?;
        self.keys.get(index).map(String::as_str)
    }
}

impl fmt::Display for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<_> = self.keys.iter().map(String::as_str).collect();
        match (self.kind, &keys[..]) {
            (Kind::Release, [channel, asked]) => write!(f, "Flatcar `{asked}` of channel `{channel}`"),
            (Kind::Kubernetes, [asked]) => write!(f, "Kubernetes `{asked}`"),
            (Kind::Extension, [name, version, architecture, _]) => {
                write!(f, "extension `{name}` `{version}` for `{architecture}`")
            }
            (Kind::Image, [name, asked]) => write!(f, "image `{name}` `{asked}`"),
            (Kind::Chart, [name, repository, "*"]) => write!(f, "chart `{name}` of `{repository}`"),
            (Kind::Chart, [name, repository, asked]) => write!(f, "chart `{name}` `{asked}` of `{repository}`"),
            _ => write!(f, "{} `{}`", self.kind.name(), keys.join(" ")),
        }
    }
}
