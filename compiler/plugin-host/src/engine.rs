//! The wasmtime engine: every setting that decides what a plugin computes, and where its memory comes from.
//!
//! Owns: the settings, and the way from verified code to a component. Code-generation settings are the same in every process that compiles or runs plugins, or an artifact would not load; how instances are
//! allocated may differ.
//!
//! Determinism: NaNs are canonical, relaxed SIMD is off, there are no threads, no 64-bit memories and no async; fuel counts instructions, epochs (which count time) are
//! off; Cranelift is the only code generator, because others count fuel differently.

use std::fs::File;
use std::io::{Cursor, Read as _, Seek as _};
#[cfg(target_os = "linux")]
use std::os::fd::AsRawFd as _;

use wasmtime::component::{Component, Linker};
use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

use crate::artifact::{self, ArtifactKey, Facts, Verified};
use crate::cache::Stored;
#[cfg(feature = "compile")]
use crate::cpu::Cpu;
use crate::digest::Digest;
use crate::limits::{MOST_CORE_INSTANCES, MOST_MEMORIES, MOST_MEMORY_MIB, MOST_TABLE_ELEMENTS, MOST_TABLES};
use crate::store::State;

/// Instances that run at the same time; further calls wait. Calls are tens of microseconds long and do not get faster with threads.
pub(crate) const CONCURRENT_CALLS: usize = 8;
/// Must stay below the stack of the calling thread, or a deep recursion would kill the process. Rust's own threads have 2 MiB.
const STACK_BYTES: usize = 512 << 10;
/// Changes whenever the artifact format, the settings below, or what is checked of a component or its description before it is kept change: wasmtime's own hash does not see that.
const REVISION: u32 = 3;
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// An engine with what belongs to it: made once per process, on the first use of a plugin.
pub(crate) struct Runtime {
    pub(crate) engine: Engine,
    pub(crate) linker: Linker<State>,
    pub(crate) compatibility: Digest,
}

impl Runtime {
    pub(crate) fn new(pooling: bool) -> wasmtime::Result<Self> {
        let settings = for_running();
        let engine = match pooling.then(|| Engine::new(settings.clone().allocation_strategy(pool()))) {
            Some(Ok(engine)) => engine,
            // The pool reserves address space up front, which a small `ulimit -v` refuses. Allocating on demand is slower by some microseconds per call.
            Some(Err(_)) | None => Engine::new(&settings)?,
        };
        let linker = crate::api::linker(&engine)?;
        let compatibility = compatibility(&engine);
        Ok(Self { engine, linker, compatibility })
    }

    /// The component of an artifact that verifies. One that the runtime refuses (it checks its own version and the processor) is as good as none.
    pub(crate) fn load(&self, key: ArtifactKey, stored: Stored) -> Option<(Facts, Component)> {
        let bytes = match stored {
            Stored::Bytes(bytes) => bytes,
            Stored::File(mut file) => {
                let verified = artifact::verify(key, &mut file)?;
                if let Some(component) = self.map(&file) {
                    return Some((verified.facts, component));
                }
                let mut bytes = Vec::new();
                file.rewind().and_then(|()| file.read_to_end(&mut bytes)).ok()?;
                bytes
            }
        };
        let Verified { facts, code_bytes } = artifact::verify(key, &mut Cursor::new(&bytes))?;
        self.load_compiled(&bytes[..code_bytes]).ok().map(|component| (facts, component))
    }

    /// Code that was compiled for this engine.
    #[expect(unsafe_code, reason = "loading native code is unsafe by nature; see the safety comment")]
    pub(crate) fn load_compiled(&self, code: &[u8]) -> wasmtime::Result<Component> {
        // SAFETY: the bytes are what `compile_artifact` gave, either a moment ago or, by their checksum, when they were stored; the user owns both.
        unsafe { Component::deserialize(&self.engine, code) }
    }

    /// The component in a verified file, through the very file that was verified; `None` where the system cannot do that: no `/proc`, or a disk that may not be executed from.
    #[cfg(target_os = "linux")]
    #[expect(unsafe_code, reason = "loading native code is unsafe by nature; see the safety comment")]
    fn map(&self, file: &File) -> Option<Component> {
        let path = format!("/proc/self/fd/{}", file.as_raw_fd());
        // SAFETY: the file begins with what `compile_artifact` gave, by its checksum. Stores give only files that nobody writes to any more.
        unsafe { Component::deserialize_file(&self.engine, path) }.ok()
    }

    #[cfg(not(target_os = "linux"))]
    fn map(&self, _: &File) -> Option<Component> {
        None
    }
}

/// What a compiled component depends on besides itself, but for what the code generator found the processor to have: the runtime refuses code that a processor cannot
/// run, and code for a lesser one takes its place.
#[cfg(feature = "compile")]
fn compatibility(engine: &Engine) -> Digest {
    use std::env::consts;

    Digest::of_hash(&(VERSION, REVISION, consts::ARCH, consts::OS, engine.precompile_compatibility_hash()))
}

/// Nothing compiles, so nothing was compiled for this build.
#[cfg(not(feature = "compile"))]
fn compatibility(_: &Engine) -> Digest {
    Digest::of_hash(&(VERSION, REVISION))
}

/// An engine that only compiles. It reserves nothing.
#[cfg(feature = "compile")]
#[expect(unsafe_code, reason = "features of a processor are unsafe by nature; see the safety comment")]
pub(crate) fn for_compiling(cpu: Cpu) -> wasmtime::Result<Engine> {
    let mut settings = settings();
    if let Some(features) = cpu.features() {
        // With a target, the code generator does not look at this machine's processor.
        let system = if cfg!(target_os = "macos") { "apple-darwin" } else { "unknown-linux-gnu" };
        settings.target(&format!("{}-{system}", std::env::consts::ARCH))?;
        for feature in features {
            // SAFETY: the runtime loads no code whose features the processor that it runs on lacks.
            unsafe { settings.cranelift_flag_enable(feature) };
        }
    }
    settings
        .cranelift_nan_canonicalization(true)
        // Smaller artifacts: nothing unwinds through a plugin.
        .native_unwind_info(cfg!(windows));
    Engine::new(&settings)
}

/// Settings without a code generator, which takes longer to make than a call takes.
fn for_running() -> Config {
    #[cfg_attr(not(feature = "compile"), expect(unused_mut, reason = "there is no code generator"))]
    let mut settings = settings();
    #[cfg(feature = "compile")]
    settings.enable_compiler(false);
    settings
}

/// What every process has in common.
fn settings() -> Config {
    let mut config = Config::new();
    config
        .wasm_relaxed_simd(false)
        .relaxed_simd_deterministic(true)
        .wasm_memory64(false)
        .concurrency_support(false)
        .consume_fuel(true)
        .max_wasm_stack(STACK_BYTES)
        // Smaller artifacts: backtraces name functions, not offsets.
        .generate_address_map(false);
    config
}

fn pool() -> InstanceAllocationStrategy {
    let components = u32::try_from(CONCURRENT_CALLS).expect("invariant: a small constant");
    let mut pool = PoolingAllocationConfig::default();
    pool.total_component_instances(components)
        .total_core_instances(components * MOST_CORE_INSTANCES)
        .max_core_instances_per_component(MOST_CORE_INSTANCES)
        .total_memories(components * MOST_MEMORIES)
        .max_memories_per_component(MOST_MEMORIES)
        .total_tables(components * MOST_TABLES)
        .max_tables_per_component(MOST_TABLES)
        .table_elements(usize::try_from(MOST_TABLE_ELEMENTS).expect("invariant: a small constant"))
        .max_memory_size(usize::try_from(MOST_MEMORY_MIB << 20).expect("invariant: at least 32-bit addresses"))
        // Resetting a few pages by hand is faster than giving them back; with `pagemap_scan` only the dirty ones.
        .linear_memory_keep_resident(2 << 20)
        .table_keep_resident(64 << 10)
        .pagemap_scan(Enabled::Auto);
    InstanceAllocationStrategy::Pooling(pool)
}

#[cfg(all(test, feature = "compile"))]
mod tests {
    use super::*;

    #[test]
    fn code_compiled_by_one_engine_is_loaded_by_the_others() {
        let component =
            wat::parse_str("(component (core module $m (func (export \"f\"))) (core instance (instantiate $m)))");
        let compiling = for_compiling(Cpu::NATIVE).expect("this machine has a code generator");
        let code = compiling.precompile_component(&component.expect("is well-formed")).expect("is valid");
        for pooling in [true, false] {
            let runtime = Runtime::new(pooling).expect("this machine has address space");
            runtime.load_compiled(&code).expect("settings agree");
        }
    }

    /// Loads code in an engine whose processor claims these features.
    #[expect(unsafe_code, reason = "no code is run here: claiming fewer features is safe")]
    fn loads(code: &[u8], claims: fn(&str) -> Option<bool>) -> Result<(), String> {
        let mut settings = for_running();
        // SAFETY: nothing is run.
        unsafe { settings.detect_host_feature(claims) };
        let engine = Engine::new(&settings).expect("this machine has address space");
        // SAFETY: a code generator of this process made it.
        let loaded = unsafe { Component::deserialize(&engine, code) };
        loaded.map(drop).map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn code_for_a_baseline_is_loaded_by_a_processor_that_has_no_more() {
        let none: fn(&str) -> Option<bool> = |_| Some(false);
        let second: fn(&str) -> Option<bool> =
            |name| Some(["sse3", "ssse3", "sse4.1", "sse4.2", "popcnt", "cmpxchg16b"].contains(&name));
        let component = wat::parse_str(
            "(component (core module $m (func (export \"f\") (param i64 f64 v128) (result v128)
               (drop (i64.popcnt (local.get 0))) (drop (i64.ctz (local.get 0))) (drop (f64.nearest (local.get 1)))
               (i8x16.popcnt (i8x16.swizzle (local.get 2) (local.get 2))))) (core instance (instantiate $m)))",
        );
        let component = component.expect("is well-formed");
        let compiled = |cpu| for_compiling(cpu).unwrap().precompile_component(&component).unwrap();
        let names = Cpu::names();
        let lowest = compiled(Cpu::named(names.first().expect("this architecture has names")).expect("is known"));
        loads(&lowest, none).expect("the lowest needs nothing");
        Runtime::new(false).unwrap().load_compiled(&lowest).expect("more is no harm");
        if cfg!(target_arch = "x86_64") {
            let code = compiled(Cpu::named("x86-64-v2").expect("is known"));
            loads(&code, second).expect("it has all that the baseline has");
            let refused = loads(&code, none).expect_err("it lacks what the baseline has");
            assert!(refused.contains("not available on the host"), "{refused}");
            assert!(loads(&compiled(Cpu::named("x86-64-v3").expect("is known")), second).is_err());
        }
        assert_eq!(Cpu::named("pentium"), None);
    }
}
