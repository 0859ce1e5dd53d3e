//! From component to native code.
//!
//! Owns: the trait through which the host has components compiled, the function that does it, and the sizes beyond which it is not even tried.
//!
//! Compilation is where an unknown component can do the most harm: a crafted one of a megabyte makes the code generator take gigabytes, and neither fuel nor memory
//! limits cover that. So a command line compiles in a child process that may die ([`crate::child`]), and only a library that knows its plugins compiles
//! [`InProcess`].

use crate::cpu::Cpu;
#[cfg(feature = "compile")]
use crate::engine::for_compiling;
use crate::fault::Bulk;
use crate::limits::{Limits, MOST_CORE_INSTANCES};
use crate::shape::Shape;

/// Larger files are not read any further.
pub(crate) const MOST_COMPONENT_BYTES: usize = 96 << 20;
/// Real plugins, interpreters included, stay below half a megabyte. Time and memory of the code generator grow faster than the size.
const LARGEST_FUNCTION: usize = 2 << 20;
/// Real plugins stay below 300.
const MOST_LOCALS: u64 = 5_000;
/// Real plugins have about ten.
const MOST_CORE_MODULES: usize = 100;

/// Compiles components. How far that is contained is up to the implementation.
pub trait Compiler: Send + Sync {
    /// Gives what [`compile_artifact`] gives for the component, within the limits' `compile_memory_mib` and `compile_seconds`.
    ///
    /// # Errors
    /// See [`CompileFailure`].
    fn compile(&self, component: &[u8], limits: &Limits) -> Result<Vec<u8>, CompileFailure>;

    /// How many components are worth compiling at the same time, at most. The default is one: the code generator has threads of its own.
    fn at_once(&self) -> usize {
        1
    }
}

/// Why there is no code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CompileFailure {
    /// The component is invalid.
    Invalid(String),
    /// It took more memory than `compile_memory_mib`.
    Memory,
    /// It took more processor time than this: `compile_seconds`, or the lower limit that processes have here.
    Time {
        /// Of all threads together.
        seconds: u64,
    },
    /// It lasted ten times `compile_seconds` by the clock on the wall.
    Stalled {
        /// Processor time that it got, where the system tells.
        cpu_seconds: Option<u64>,
    },
    /// The control group has too little memory. Not the plugin's fault.
    NoRoom(Shortage),
    /// Somebody else ended the compiler process. Not the plugin's fault.
    Killed {
        /// The signal.
        signal: i32,
        /// Its name.
        name: &'static str,
        /// Whether the machine ran out of memory meanwhile.
        lacks_memory: bool,
    },
    /// The compiler process died of something else: its last words.
    Crashed(String),
    /// The compiler could not be run at all. Not the plugin's fault.
    Unavailable(String),
}

/// Too little memory in a control group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shortage {
    /// What compiling takes, about.
    pub need_mib: u64,
    /// What the control group allows, for everything in it.
    pub limit_mib: u64,
    /// Whether the kernel ended the process; else it was ended before.
    pub was_killed: bool,
}

/// Compiles in this very process, without containment: for libraries whose plugins are known, and tests.
#[derive(Clone, Copy, Debug, Default)]
pub struct InProcess;

impl Compiler for InProcess {
    fn compile(&self, component: &[u8], _: &Limits) -> Result<Vec<u8>, CompileFailure> {
        compile_artifact(component)
    }
}

/// Compiles a component to native code. Pure, but unbounded in time and memory: see the module's description.
///
/// # Errors
/// [`CompileFailure::Invalid`] if the component is invalid, [`CompileFailure::Unavailable`] if no engine can be made here.
#[cfg(feature = "compile")]
pub fn compile_artifact(component: &[u8]) -> Result<Vec<u8>, CompileFailure> {
    compile_artifact_for(component, Cpu::NATIVE)
}

/// The same for other processors than this machine's. A host that lacks what the code uses does not load it.
///
/// # Errors
/// As [`compile_artifact`].
#[cfg(feature = "compile")]
pub fn compile_artifact_for(component: &[u8], cpu: Cpu) -> Result<Vec<u8>, CompileFailure> {
    let engine = for_compiling(cpu).map_err(|error| CompileFailure::Unavailable(format!("{error:#}")))?;
    engine.precompile_component(component).map_err(|error| CompileFailure::Invalid(format!("{error:#}")))
}

/// Refuses, because the feature `compile` is off.
///
/// # Errors
/// Always [`CompileFailure::Unavailable`].
#[cfg(not(feature = "compile"))]
pub fn compile_artifact(_: &[u8]) -> Result<Vec<u8>, CompileFailure> {
    Err(CompileFailure::Unavailable("this build has no code generator".to_owned()))
}

/// Refuses, because the feature `compile` is off.
///
/// # Errors
/// Always [`CompileFailure::Unavailable`].
#[cfg(not(feature = "compile"))]
pub fn compile_artifact_for(component: &[u8], _: Cpu) -> Result<Vec<u8>, CompileFailure> {
    compile_artifact(component)
}

/// What makes a component too large to be tried, as a fact and the bound.
pub(crate) fn oversize(shape: &Shape) -> Option<Bulk> {
    let facts = [
        ("a function of", shape.largest_function as u64, "bytes", LARGEST_FUNCTION as u64),
        ("a function with", shape.most_locals, "locals", MOST_LOCALS),
        ("it contains", shape.core_modules as u64, "modules", MOST_CORE_MODULES as u64),
        ("it makes", shape.core_instances as u64, "core instances", u64::from(MOST_CORE_INSTANCES)),
    ];
    let passed = facts.into_iter().find(|(_, found, _, most)| found > most);
    passed.map(|(what, found, unit, most)| Bulk::Parts { what, found, unit, most })
}
