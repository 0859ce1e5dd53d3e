//! What the original programs report, as types: one variant for each rule, with what it is about. `Display` gives the original's words, byte for byte.
//!
//! Owns: the words, the codes, and which line or key a refusal of a whole config is about. Must not: check anything, or know where a config stands.

mod butane;
mod clc;
mod config;
mod data_url;
mod disk;
mod filesystem;
mod local;
mod luks;
mod node;
mod resource;
mod translation;
mod union;
mod unit;
mod unit_text;
mod user;
mod yaml;

pub use butane::{BootDevice, Header, Source};
pub use clc::{ContainerLinux, Locksmith, Service};
pub use config::{Config, Json, NotConfig};
pub use data_url::DataUrl;
pub use disk::{Disk, Raid};
pub use filesystem::{Filesystem, Virtiofs};
pub use local::LocalFile;
pub use luks::Luks;
pub use node::Node;
pub use resource::{Resource, S3, Within};
pub use translation::{Inode, Translation};
pub use union::{Problem, Problems};
pub use unit::Unit;
pub use unit_text::UnitText;
pub use user::User;
pub use yaml::{Mismatch, Mismatches, Yaml};
