//! Why a plugin cannot be used, or gave no answer that can, as types.
//!
//! Owns: the words and codes. Must not: know what raises a limit; `failure` does.

use std::fmt;

use flatwright_diagnostic::Rule;

use crate::hook::Hook;
use crate::text::grouped;

/// What is wrong with a plugin.
#[derive(Clone, Debug, Rule)]
pub enum Fault {
    /// The file is not a WebAssembly component: empty, text, truncated, invalid, or a core module.
    #[rule("plugin-not-a-component", "plugin `{plugin}` {flaw}")]
    NotAComponent {
        /// The plugin's name in the spec.
        plugin: String,
        /// What it is instead.
        #[rule(debug)]
        flaw: File,
    },
    /// The component lacks `meta`, has no hook, or has one of another type.
    #[rule("plugin-wrong-world", "plugin `{plugin}` {flaw}")]
    WrongWorld {
        /// The plugin's name in the spec.
        plugin: String,
        /// What it exports.
        #[rule(debug)]
        flaw: Exports,
    },
    /// The component was built for a version of the plugin API that this compiler does not support.
    #[rule("plugin-api-version", "plugin `{plugin}` {flaw}")]
    ApiVersion {
        /// The plugin's name in the spec.
        plugin: String,
        /// Which version.
        #[rule(debug)]
        flaw: Api,
    },
    /// The component imports something else than `log`.
    #[rule(
        "plugin-forbidden-import",
        "plugin `{plugin}` imports {imports}, but plugins can reach nothing besides `{log}`"
    )]
    ForbiddenImport {
        /// The plugin's name in the spec.
        plugin: String,
        /// What it imports.
        imports: String,
        /// What it may import.
        #[rule(skip)]
        log: &'static str,
    },
    /// The component is larger, or made of more parts, than the host accepts.
    #[rule("plugin-too-large", "plugin `{plugin}` {what}")]
    TooLarge {
        /// The plugin's name in the spec.
        plugin: String,
        /// What is too large.
        #[rule(debug)]
        what: Bulk,
    },
    /// Compiling the component took more memory than it may.
    #[rule("plugin-compile-memory-limit", "plugin `{plugin}` needed more than {most} MiB of memory {doing}")]
    CompileMemoryLimit {
        /// The plugin's name in the spec.
        plugin: String,
        /// What it was doing.
        #[rule(debug)]
        doing: Doing,
        /// The limit.
        most: String,
    },
    /// Compiling the component took more processor time than it may.
    #[rule("plugin-compile-time-limit", "plugin `{plugin}` took more than {most} s of processor time {doing}")]
    CompileTimeLimit {
        /// The plugin's name in the spec.
        plugin: String,
        /// What it was doing.
        #[rule(debug)]
        doing: Doing,
        /// The limit.
        most: String,
    },
    /// Compiling the component was not done after ten times its processor time, because it hardly got any.
    #[rule("plugin-compile-stalled", "plugin `{plugin}` was not compiled within {most} s by the clock on the wall")]
    CompileStalled {
        /// The plugin's name in the spec.
        plugin: String,
        /// The limit.
        most: String,
    },
    /// The control group has less memory than compiling the component takes.
    #[rule(
        "plugin-compile-memory-room",
        "plugin `{plugin}` takes about {need} MiB of memory to compile, and the control group has too little left of its {limit} MiB"
    )]
    CompileRoom {
        /// The plugin's name in the spec.
        plugin: String,
        /// What compiling takes, about.
        need: String,
        /// What everything in the control group may take.
        limit: String,
    },
    /// Somebody ended the process that compiled the component.
    #[rule(
        "plugin-compile-killed",
        "the process that compiled plugin `{plugin}` was killed by signal {signal} ({name})"
    )]
    CompileKilled {
        /// The plugin's name in the spec.
        plugin: String,
        /// The signal.
        signal: i32,
        /// Its name.
        name: &'static str,
    },
    /// One call executed more instructions than it may.
    #[rule("plugin-fuel-limit", "plugin `{plugin}` used up its budget of {most} instructions {doing}")]
    FuelLimit {
        /// The plugin's name in the spec.
        plugin: String,
        /// What it was doing.
        #[rule(debug)]
        doing: Doing,
        /// The limit.
        most: String,
    },
    /// All calls of a compile together executed more instructions than they may.
    #[rule(
        "plugin-total-fuel-limit",
        "plugin `{plugin}` used up its budget of {most} instructions for the whole compile {doing}"
    )]
    TotalFuelLimit {
        /// The plugin's name in the spec.
        plugin: String,
        /// What it was doing.
        #[rule(debug)]
        doing: Doing,
        /// The limit.
        most: String,
    },
    /// A call needed more memory than it may.
    #[rule("plugin-memory-limit", "plugin `{plugin}` exceeded its memory limit of {most} MiB {doing}")]
    MemoryLimit {
        /// The plugin's name in the spec.
        plugin: String,
        /// What it was doing.
        #[rule(debug)]
        doing: Doing,
        /// The limit.
        most: String,
    },
    /// A call needed larger tables than it may.
    #[rule("plugin-table-limit", "plugin `{plugin}` exceeded its limit of {most} table elements {doing}")]
    TableLimit {
        /// The plugin's name in the spec.
        plugin: String,
        /// What it was doing.
        #[rule(debug)]
        doing: Doing,
        /// The limit.
        most: String,
    },
    /// A call recursed too deep.
    #[rule("plugin-stack-limit", "plugin `{plugin}` recursed too deep {doing}")]
    StackLimit {
        /// The plugin's name in the spec.
        plugin: String,
        /// What it was doing.
        #[rule(debug)]
        doing: Doing,
    },
    /// An answer was larger than it may be.
    #[rule("plugin-answer-limit", "plugin `{plugin}` gave more than {most} MiB of data {doing}")]
    AnswerLimit {
        /// The plugin's name in the spec.
        plugin: String,
        /// What it was doing.
        #[rule(debug)]
        doing: Doing,
        /// The limit.
        most: String,
    },
    /// A call gave more findings than its limit.
    #[rule("plugin-findings-limit", "plugin `{plugin}` gave more than {most} findings {doing}")]
    FindingsLimit {
        /// The plugin's name in the spec.
        plugin: String,
        /// What it was doing.
        #[rule(debug)]
        doing: Doing,
        /// The limit.
        most: String,
    },
    /// A call logged more than it may.
    #[rule("plugin-log-limit", "plugin `{plugin}` logged more than {most} {unit} {doing}")]
    LogLimit {
        /// The plugin's name in the spec.
        plugin: String,
        /// What it was doing.
        #[rule(debug)]
        doing: Doing,
        /// The limit.
        most: String,
        /// What is counted.
        unit: &'static str,
    },
    /// A call took longer than it may; the process ends.
    #[rule("plugin-time-limit", "plugin `{plugin}` ran for more than {most} s {doing}")]
    TimeLimit {
        /// The plugin's name in the spec.
        plugin: String,
        /// What it was doing.
        #[rule(debug)]
        doing: Doing,
        /// The limit.
        most: String,
    },
    /// The plugin trapped, panicked, or refused without saying why.
    #[rule("plugin-crashed", "plugin `{plugin}` {}{doing}", if *is_silent { "failed without saying why " } else { "crashed " })]
    Crashed {
        /// The plugin's name in the spec.
        plugin: String,
        /// What it was doing.
        #[rule(debug)]
        doing: Doing,
        /// Whether it gave an answer that says nothing.
        is_silent: bool,
    },
    /// The plugin's answer could not be read: its bindings are broken.
    #[rule("plugin-broken-bindings", "plugin `{plugin}` gave an answer that cannot be read {doing}")]
    BrokenBindings {
        /// The plugin's name in the spec.
        plugin: String,
        /// What it was doing.
        #[rule(debug)]
        doing: Doing,
    },
    /// The plugin's description has an unusable name, version or settings schema.
    #[rule("plugin-invalid-description", "{}{fact}", plugin.as_ref().map(|plugin| format!("plugin `{plugin}` gave an unusable answer while it described itself: ")).unwrap_or_default())]
    InvalidDescription {
        /// The plugin's name in the spec, if a spec has it.
        #[rule(debug)]
        plugin: Option<String>,
        /// What is wrong with which field.
        fact: String,
    },
    /// The plugin's answer breaks a rule of the hook.
    #[rule("plugin-invalid-answer", "plugin `{plugin}` gave an answer that breaks a rule {doing}: {fact}")]
    InvalidAnswer {
        /// The plugin's name in the spec.
        plugin: String,
        /// What it was doing.
        #[rule(debug)]
        doing: Doing,
        /// Which rule.
        fact: String,
    },
    /// What a plugin has to say about the user's input.
    #[rule("plugin-finding", "plugin `{plugin}`: {message}")]
    Finding {
        /// The plugin's name in the spec.
        #[rule(skip)]
        plugin: String,
        /// Its words.
        message: String,
    },
}

/// What a plugin was doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// It was compiled.
    Compiling,
    /// It was instantiated.
    Starting,
    /// It described itself.
    Describing,
    /// A hook ran.
    Running(Hook),
}

/// What a file is instead of a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum File {
    /// Nothing.
    Empty,
    /// Something else.
    Foreign,
    /// WebAssembly as text.
    Text,
    /// A core module.
    CoreModule,
    /// A component that is invalid.
    Invalid,
}

/// What a component exports instead of the world of a plugin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exports {
    /// An interface without one of its functions.
    NoFunction(String),
    /// Functions of other types.
    OtherTypes(String),
    /// No description.
    NoMeta,
    /// No hook.
    NoHook,
    /// A hook in two versions.
    Twice(Hook),
}

/// What a component says of the plugin API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Api {
    /// A text that is not a version.
    Unversioned(String),
    /// A version that is not supported, and those that are.
    Unsupported(String, String),
    /// A hook that does not exist.
    UnknownHook(String),
}

/// What of a component is too large.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bulk {
    /// So many MiB, and how many there may be.
    Size(usize, usize),
    /// One of its parts, or how many there are.
    Parts {
        /// What has them.
        what: &'static str,
        /// How many.
        found: u64,
        /// Of what.
        unit: &'static str,
        /// How many there may be.
        most: u64,
    },
    /// Its imports or exports.
    Names,
    /// What it needs to start.
    Needs(Doing),
    /// What it makes of the code generator.
    Crash(Doing),
}

impl fmt::Display for Doing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compiling => f.write_str("while it was compiled"),
            Self::Starting => f.write_str("while it started"),
            Self::Describing => f.write_str("while it described itself"),
            Self::Running(hook) => write!(f, "in hook `{hook}`"),
        }
    }
}

impl fmt::Display for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "is an empty file",
            Self::Foreign => "is not WebAssembly",
            Self::Text => "is WebAssembly text; plugins are binary components",
            Self::CoreModule => "is a core module, not a component",
            Self::Invalid => "is not a valid component",
        })
    }
}

impl fmt::Display for Exports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFunction(name) => write!(f, "exports the interface but not the function `{name}`"),
            Self::OtherTypes(api) => write!(f, "has the names of plugin API {api}, but other types"),
            Self::NoMeta => f.write_str("is a component that exports no `meta`"),
            Self::NoHook => f.write_str("is a component that exports no hook"),
            Self::Twice(hook) => {
                write!(f, "is a component that exports `{hook}` twice, of which one would be called")
            }
        }
    }
}

impl fmt::Display for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unversioned(version) => {
                write!(f, "does not say which version of the plugin API it was built for: `{version}`")
            }
            Self::Unsupported(api, supported) => {
                write!(f, "was built for plugin API {api}; this compiler supports {supported}")
            }
            Self::UnknownHook(export) => {
                write!(f, "exports the hook `{export}`, which this compiler would never call")
            }
        }
    }
}

impl fmt::Display for Bulk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Size(size, most) => write!(f, "is larger than any plugin may be: {size} MiB, at most {most}"),
            Self::Parts { what, found, unit, most } => {
                let (found, most) = (grouped(*found), grouped(*most));
                write!(f, "is larger than any plugin may be: {what} {found} {unit}, at most {most}")
            }
            Self::Names => f.write_str("is larger than any plugin may be: more than a thousand imports or exports"),
            Self::Needs(doing) => write!(f, "needs more than the host gives {doing}"),
            Self::Crash(doing) => write!(f, "made the code generator crash {doing}"),
        }
    }
}
