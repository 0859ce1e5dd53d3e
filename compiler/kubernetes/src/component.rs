//! The components that kubeadm starts: their flags, feature gates, and the names that flags take, by version.
//!
//! Owns: reading `facts/kube-flags.txt` and `facts/feature-gates.txt`. Must not: judge a value, or report.

use crate::table::{Row, Span, Table, number};
use crate::version::Release;

/// Flags by component, and names by flag.
pub static FLAGS: Table = Table::new(include_str!("../../../facts/kube-flags.txt"));

/// Feature gates.
pub static GATES: Table = Table::new(include_str!("../../../facts/feature-gates.txt"));

/// A program that kubeadm starts with arguments of the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Component {
    /// `kube-apiserver`.
    ApiServer,
    /// `kube-controller-manager`.
    ControllerManager,
    /// `kube-scheduler`.
    Scheduler,
    /// `kubelet`.
    Kubelet,
    /// `etcd`, with versions of its own.
    Etcd,
}

impl Component {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::ApiServer, Self::ControllerManager, Self::Scheduler, Self::Kubelet, Self::Etcd];

    /// The program's name.
    pub const fn program(self) -> &'static str {
        match self {
            Self::ApiServer => "kube-apiserver",
            Self::ControllerManager => "kube-controller-manager",
            Self::Scheduler => "kube-scheduler",
            Self::Kubelet => "kubelet",
            Self::Etcd => "etcd",
        }
    }

    /// Whose versions its flags follow: `kubernetes` or `etcd`.
    pub const fn project(self) -> &'static str {
        if matches!(self, Self::Etcd) { "etcd" } else { "kubernetes" }
    }

    /// The name of a flag as the program looks it up: those of Kubernetes take `_` for `-`.
    pub fn canonical(self, name: &str) -> String {
        if self == Self::Etcd { name.to_owned() } else { name.replace('_', "-") }
    }

    /// The flag of this name.
    pub fn flag(self, name: &str) -> Option<Flag> {
        FLAGS.section(self.program()).row(name).map(Flag::read)
    }

    /// All flags of all versions.
    pub fn flags(self) -> impl Iterator<Item = Flag> + Clone {
        FLAGS.section(self.program()).rows().map(Flag::read)
    }
}

/// What a value must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// Whole numbers with commas between them.
    IntList,
    /// A number.
    Float,
    /// A duration such as `1m30s`.
    Duration,
    /// An IP address.
    Ip,
    /// A range of ports.
    PortRange,
    /// A quantity such as `512Mi`.
    Quantity,
    /// Texts with commas between them.
    List,
    /// Pairs with commas between them.
    Map,
    /// Any text.
    Text,
}

/// What a path is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A file that is read.
    File,
    /// A directory that is read.
    Directory,
    /// A file that is written.
    Output,
}

/// The values that a flag has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// Not listed.
    Any,
    /// These, with commas between them.
    OneOf(&'static str),
    /// The names of a section.
    Named(&'static str),
}

/// A flag.
#[derive(Clone, Copy, Debug)]
pub struct Flag {
    /// Its name without dashes.
    pub name: &'static str,
    /// The versions that have it.
    pub span: Span,
    /// What its value must be.
    pub kind: Kind,
    /// Its values.
    pub values: Values,
    /// What its path is for.
    pub role: Option<Role>,
    /// What to do where it is gone.
    pub instead: Option<&'static str>,
}

impl Flag {
    fn read(row: Row) -> Self {
        let kind = match row.words().next() {
            Some("bool") => Kind::Bool,
            Some("int") => Kind::Int,
            Some("int-list") => Kind::IntList,
            Some("float") => Kind::Float,
            Some("duration") => Kind::Duration,
            Some("ip") => Kind::Ip,
            Some("port-range") => Kind::PortRange,
            Some("quantity") => Kind::Quantity,
            Some("list") => Kind::List,
            Some("map") => Kind::Map,
            _ => Kind::Text,
        };
        let values = match (row.value("in"), row.value("one-of")) {
            (Some(section), _) => Values::Named(section),
            (None, Some(list)) => Values::OneOf(list),
            (None, None) => Values::Any,
        };
        let roles = [("file", Role::File), ("dir", Role::Directory), ("output", Role::Output)];
        let role = roles.into_iter().find(|(word, _)| row.has(word)).map(|(_, role)| role);
        Self { name: row.name, span: row.span(), kind, values, role, instead: row.hint }
    }
}

/// A name that a flag takes.
pub fn name(section: &str, name: &str) -> Option<Row> {
    FLAGS.section(section).row(name)
}

/// The names that a version has in a section.
pub fn names(section: &str, version: Option<Release>) -> impl Iterator<Item = &'static str> + Clone {
    let rows = FLAGS.section(section).rows();
    rows.filter(move |row| version.is_none_or(|version| row.span().has(version))).map(|row| row.name)
}

/// A feature gate in one version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gate {
    /// What it is without a setting, where that is known.
    pub default: Option<bool>,
    /// Whether it cannot be set to anything else.
    pub is_locked: bool,
}

/// What is known about a feature gate in a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GateState {
    /// No version has a gate of this name.
    Unknown,
    /// This version is the first one that has it.
    Later(Release),
    /// The version has it.
    Has(Gate),
    /// This version was the first one without it.
    Gone(Release),
}

/// A feature gate of a project (`kubernetes`, `kubeadm`, `etcd`) in a version. The two that stand for many are no gates here.
pub fn gate(project: &str, name: &str, version: Release) -> GateState {
    let Some(row) = GATES.section(project).row(name) else { return GateState::Unknown };
    if let Some(gone) = row.span().gone.filter(|gone| *gone <= version) {
        return GateState::Gone(gone);
    }
    let stages = row.words().filter_map(|word| {
        let (since, stage) = word.split_once(':')?;
        Some((number(since)?, stage))
    });
    match stages.clone().filter(|(since, _)| *since <= version).last() {
        Some((_, stage)) => {
            let (stage, is_locked) = stage.strip_suffix('!').map_or((stage, false), |stage| (stage, true));
            let default = if stage.ends_with('?') { None } else { Some(stage.ends_with('+')) };
            GateState::Has(Gate { default, is_locked })
        }
        None => stages.clone().next().map_or(GateState::Unknown, |(since, _)| GateState::Later(since)),
    }
}

/// The feature gates that a version of a project has.
pub fn gates(project: &'static str, version: Release) -> impl Iterator<Item = &'static str> + Clone {
    let names = GATES.section(project).rows().map(|row| row.name);
    names.filter(move |name| matches!(gate(project, name, version), GateState::Has(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Release {
        Release::parse(text).unwrap()
    }

    #[test]
    fn flags_come_and_go() {
        let flag = Component::ApiServer.flag("cloud-provider").unwrap();
        assert!(flag.span.has(version("v1.32.9")) && !flag.span.has(version("v1.33.0")));
        assert!(!Component::ApiServer.flag("authentication-config").unwrap().span.has(version("v1.28.0")));
        assert_eq!(Component::Kubelet.flag("max-pods").unwrap().kind, Kind::Int);
        assert!(Component::Kubelet.flag("max-pod").is_none());
        assert_eq!(Component::ApiServer.flag("audit-policy-file").unwrap().role, Some(Role::File));
    }

    #[test]
    fn gates_have_stages() {
        let state = |name, text| gate("kubernetes", name, version(text));
        assert_eq!(state("APIListChunking", "v1.30.0"), GateState::Has(Gate { default: Some(true), is_locked: true }));
        assert_eq!(state("APIListChunking", "v1.33.0"), GateState::Gone(version("v1.33.0")));
        assert_eq!(state("APIServerWebhookAuthenticationToken", "v1.30.0"), GateState::Later(version("v1.37.0")));
        assert_eq!(state("APIListChunkin", "v1.30.0"), GateState::Unknown);
        assert!(matches!(gate("kubeadm", "RootlessControlPlane", version("v1.35.0")), GateState::Has(_)));
    }

    #[test]
    fn every_row_is_of_the_form_that_the_head_explains() {
        for component in Component::ALL {
            let rows = FLAGS.section(component.program()).rows();
            assert!(rows.clone().count() > 50, "{component:?}");
            assert!(rows.clone().map(|row| row.name).is_sorted(), "{component:?}");
            for row in rows {
                let kind = row.words().next().unwrap_or_default();
                let kinds = [
                    "bool",
                    "int",
                    "int-list",
                    "float",
                    "duration",
                    "ip",
                    "port-range",
                    "quantity",
                    "list",
                    "map",
                    "string",
                ];
                assert!(kinds.contains(&kind), "{}", row.name);
                if let Some(section) = row.value("in") {
                    assert!(FLAGS.section(section).rows().count() > 10, "{}", row.name);
                }
            }
        }
        for project in ["kubernetes", "kubeadm", "etcd"] {
            assert!(GATES.section(project).rows().count() > 5, "{project}");
            assert!(GATES.covers(project).is_some(), "{project}");
        }
    }
}
