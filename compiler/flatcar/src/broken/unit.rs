//! Units as a whole: what they must have, what they are called, how they are used.

use flatwright_diagnostic::Rule;

/// A unit that lacks what its kind must have, or has what excludes each other: systemd refuses to load it.
#[derive(Debug, Rule)]
#[rule(group = "incomplete-unit")]
pub(crate) enum Incomplete {
    /// A service that runs nothing.
    #[rule("service-without-command", "a service without `ExecStart` does nothing")]
    NoCommand,
    /// A service that only stops.
    #[rule("service-that-only-stops", "a service without `ExecStart` must stay active to be stopped")]
    OnlyStops,
    /// A service that runs several commands at once.
    #[rule("several-start-commands", "a service of type `{kind}` has {count} `ExecStart`")]
    SeveralCommands { kind: String, count: usize },
    /// A service that ends, and would be started again and again.
    #[rule("restarted-oneshot", "a service of type `oneshot` has `Restart={restart}`")]
    RestartedOneshot { restart: String },
    /// A service that waits for a name it does not say.
    #[rule("dbus-service-without-name", "a service of type `dbus` has no `BusName`")]
    NoBusName,
    /// A mount of nothing.
    #[rule("mount-without-what", "a mount has no `What`")]
    MountOfNothing,
    /// A swap on nothing.
    #[rule("swap-without-what", "a swap has no `What`")]
    SwapOnNothing,
    /// A timer, path or socket unit that waits for nothing.
    #[rule("unit-without-trigger", "{fact} without a setting such as `{key}`")]
    NoTrigger {
        #[rule(skip)]
        fact: &'static str,
        key: &'static str,
    },
}

/// A unit name that is not valid, or does not follow from the path in the unit.
#[derive(Debug, Rule)]
#[rule(group = "unit-name")]
pub(crate) enum Name {
    /// No name of a unit.
    #[rule("invalid-unit-name", "`{name}` is not a unit name")]
    Invalid { name: String },
    /// A path from which no name follows.
    #[rule("unit-path-with-dots", "`{path}` has `..` in it, so no unit name follows from it")]
    Dots { path: String },
    /// A name that does not follow from the path.
    #[rule("unit-name-not-of-path", "the unit is named `{name}`, but `{key}={path}` wants `{wanted}`")]
    NotOfPath { name: String, key: String, path: String, wanted: String },
}

/// Units that do not do what they are there for.
#[derive(Debug, Rule)]
pub(crate) enum Use {
    /// An enabled unit that nothing will start.
    #[rule("unit-not-installable", "the unit is enabled, but its `[Install]` section names nothing that starts it")]
    NotInstallable,
    /// A second command of a service that may have one.
    #[rule("command-added-by-drop-in", "the drop-in adds a second `ExecStart` to `{unit}`")]
    AddedCommand { unit: String },
    /// A device by a name that may be another's after the next boot.
    #[rule("unstable-device-name", "`{device}` of `{key}` may be another disk after the next boot")]
    UnstableDevice { device: String, key: String },
    /// A command under `/etc`, which is mounted `noexec`.
    #[rule("noexec-etc", "`{key}` runs `{program}`, but `/etc` {certainty} mounted `noexec`")]
    NoexecEtc {
        key: String,
        program: String,
        #[rule(skip)]
        certainty: &'static str,
    },
}
