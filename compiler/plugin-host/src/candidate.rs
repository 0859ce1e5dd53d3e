//! From bytes to something that can be called.
//!
//! Owns: the order of the checks, what is found in the store and what is put there.

use std::sync::Arc;
use std::time::Duration;

use flatwright_diagnostic::Diagnostic;
use wasmtime::component::Component;

use crate::api::v0_1::Functions;
use crate::artifact::{self, ArtifactKey, Facts};
use crate::compile::{self, CompileFailure, MOST_COMPONENT_BYTES, Shortage};
use crate::digest::Digest;
use crate::failure::{self, Checked, Failure, Site};
use crate::fault::{Bulk, Doing, Exports, Fault, File};
use crate::limits::{Limit, Limits};
use crate::loaded::{Loaded, Ran, Starts};
use crate::model::meta::Description;
use crate::options::Progress;
use crate::shape::{NotAComponent, Shape};
use crate::shared::Shared;
use crate::store::State;
use crate::text::{grouped, word};
use crate::world::{ApiVersion, World};

/// What may become a plugin.
pub(crate) struct Candidate<'a> {
    shared: &'a Arc<Shared>,
    name: Arc<str>,
    limits: Limits,
    key: ArtifactKey,
}

impl<'a> Candidate<'a> {
    pub(crate) fn new(
        shared: &'a Arc<Shared>,
        name: &str,
        component: Digest,
        limits: &Limits,
    ) -> Result<Self, Failure> {
        let key = ArtifactKey { component, compatibility: shared.runtime()?.compatibility };
        Ok(Self { shared, name: word(name).into(), limits: limits.clamped(), key })
    }

    /// The plugin, if the store has an artifact that verifies. What an artifact was made of needs no second look.
    pub(crate) fn find(&self) -> Result<Option<Loaded>, Failure> {
        let Some(stored) = self.shared.options.artifacts.get(&self.key) else { return Ok(None) };
        let Some((facts, component)) = self.shared.runtime()?.load(self.key, stored) else { return Ok(None) };
        let starts = Starts { memory: facts.largest_memory, table: facts.largest_table };
        self.check_start(starts)?;
        self.link(&component, facts.world, starts, facts.description).map(Some)
    }

    pub(crate) fn compile(&self, component: &[u8]) -> Result<Loaded, Failure> {
        let (shape, world) = examine(&self.name, component)?;
        self.check_start(Starts { memory: shape.largest_memory, table: shape.largest_table })?;
        if let Some(what) = compile::oversize(&shape) {
            return Err(too_large(&self.name, what).into());
        }
        let progress = |progress| {
            if let Some(on_progress) = &self.shared.options.on_progress {
                on_progress(progress);
            }
        };
        let most = Duration::from_secs(self.limits.wall_compile_seconds());
        let _claim = self.shared.options.artifacts.claim(&self.key, most, &|| progress(Progress::Waiting(&self.name)));
        // Whoever had the claim may have made it.
        if let Some(found) = self.find()? {
            progress(Progress::Compiled(&self.name));
            return Ok(found);
        }
        progress(Progress::Compiling(&self.name));
        let compiled = self.shared.options.compiler.compile(component, &self.limits);
        progress(Progress::Compiled(&self.name));
        let code = compiled.map_err(|failure| self.uncompiled(failure))?;
        let component = self.shared.runtime()?.load_compiled(&code).map_err(|error| {
            let site = Site::new(&self.name, Doing::Starting);
            failure::explain(&error, &State::new(&self.limits), &site, &self.limits, Limit::Fuel)
        })?;
        let starts = Starts { memory: shape.largest_memory, table: shape.largest_table };
        let mut loaded = self.link(&component, world.clone(), starts, Description::default())?;
        self.try_instance(&loaded)?;
        loaded.description = loaded.describe()?;
        let Starts { memory: largest_memory, table: largest_table } = starts;
        let facts = Facts { world, largest_memory, largest_table, description: loaded.description.clone() };
        self.shared.options.artifacts.put(&self.key, &artifact::encode(self.key, &facts, &code));
        Ok(loaded)
    }

    /// What a plugin starts with is known beforehand; the runtime would say it too, but after compiling and in other words.
    fn check_start(&self, Starts { memory, table }: Starts) -> Checked<()> {
        let hit = |limit, wanted: String| {
            let site = Site::new(&self.name, Doing::Starting);
            Err(failure::limit_hit(&site, &self.limits, limit, Some(wanted)).into())
        };
        if memory > self.limits.memory_mib << 20 {
            return hit(Limit::Memory, format!("it starts with {} MiB", grouped(memory.div_ceil(1 << 20))));
        }
        if table > self.limits.table_elements {
            return hit(Limit::TableElements, format!("it starts with {}", grouped(table)));
        }
        Ok(())
    }

    /// The same component under this name and these limits.
    pub(crate) fn again(&self, loaded: &Loaded) -> Result<Loaded, Failure> {
        self.check_start(loaded.starts)?;
        Ok(Loaded { name: Arc::clone(&self.name), limits: self.limits.clone(), ..loaded.clone() })
    }

    fn link(
        &self,
        component: &Component,
        world: World,
        starts: Starts,
        description: Description,
    ) -> Result<Loaded, Failure> {
        // The names were checked, so what does not link is an interface of ours with other contents.
        let instances = self
            .shared
            .runtime()?
            .linker
            .instantiate_pre(component)
            .map_err(|error| self.wrong_types(world.api, &error))?;
        let functions = Functions::find(component, &world.hooks)
            .map_err(|missing| self.wrong_world(Exports::NoFunction(missing)))?;
        Ok(Loaded {
            shared: Arc::clone(self.shared),
            name: Arc::clone(&self.name),
            limits: self.limits.clone(),
            digest: self.key.component,
            world,
            starts,
            description,
            instances,
            functions,
        })
    }

    /// Instantiates once, so that a plugin that cannot start or has functions of other types fails before the first hook.
    fn try_instance(&self, loaded: &Loaded) -> Result<(), Failure> {
        let tried = loaded.run(Doing::Starting, &self.limits, Limit::Fuel, self.limits.fuel, |store, instance| {
            Ok(loaded.functions.check_types(store, instance))
        });
        match tried {
            Ok(Ran { answer: Ok(()), .. }) => Ok(()),
            Ok(Ran { answer: Err(error), .. }) => Err(self.wrong_types(loaded.world.api, &error).into()),
            Err(stopped) => Err(stopped.failure),
        }
    }

    fn wrong_world(&self, flaw: Exports) -> Diagnostic {
        failure::error(&Fault::WrongWorld { plugin: self.name.to_string(), flaw })
    }

    fn wrong_types(&self, api: ApiVersion, error: &wasmtime::Error) -> Diagnostic {
        let mut diagnostic = self.wrong_world(Exports::OtherTypes(api.to_string()));
        let facts = error.chain().map(|cause| crate::text::line(&cause.to_string())).collect::<Vec<_>>().join(": ");
        diagnostic.note(facts);
        diagnostic.hint(format!("build it with the WIT package of version {api}, unchanged"));
        diagnostic
    }

    fn uncompiled(&self, failure: CompileFailure) -> Failure {
        let site = Site::new(&self.name, Doing::Compiling);
        match failure {
            CompileFailure::Invalid(reason) => invalid(&self.name, &reason).into(),
            CompileFailure::Memory => failure::limit_hit(&site, &self.limits, Limit::CompileMemory, None).into(),
            CompileFailure::Time { seconds } => {
                if seconds >= self.limits.compile_seconds {
                    return failure::limit_hit(&site, &self.limits, Limit::CompileSeconds, None).into();
                }
                let most = grouped(seconds);
                let rule = Fault::CompileTimeLimit { plugin: site.plugin(), doing: site.doing, most };
                let mut diagnostic = failure::error(&rule);
                diagnostic.note(format!(
                    "that is the limit of processes here, below the plugin's {}",
                    self.limits.compile_seconds
                ));
                diagnostic.hint("raise the limit of processor time (`ulimit -t`)");
                diagnostic.into()
            }
            CompileFailure::Stalled { cpu_seconds } => failure::stalled(&site, &self.limits, cpu_seconds).into(),
            CompileFailure::NoRoom(Shortage { need_mib, limit_mib, was_killed }) => {
                failure::no_room(&site, need_mib, limit_mib, was_killed).into()
            }
            CompileFailure::Killed { signal, name, lacks_memory } => {
                failure::killed(&site, signal, name, lacks_memory).into()
            }
            CompileFailure::Crashed(reason) => {
                let mut diagnostic = too_large(&self.name, Bulk::Crash(site.doing));
                diagnostic.note(crate::text::line(&reason));
                diagnostic.into()
            }
            CompileFailure::Unavailable(reason) => {
                Failure::Environment { doing: format!("compile plugin `{}`", self.name), reason }
            }
        }
    }
}

/// Reads shape and world, or says why the bytes are no plugin.
pub(crate) fn examine(name: &str, component: &[u8]) -> Checked<(Shape, World)> {
    if component.len() > MOST_COMPONENT_BYTES {
        return Err(too_large(name, Bulk::Size(component.len() >> 20, MOST_COMPONENT_BYTES >> 20)).into());
    }
    let shape = Shape::read(component).map_err(|reason| not_a_component(name, &reason))?;
    let world = World::read(name, &shape)?;
    Ok((shape, world))
}

fn not_a_component(name: &str, reason: &NotAComponent) -> Diagnostic {
    let error = |flaw| failure::error(&Fault::NotAComponent { plugin: name.to_owned(), flaw });
    let mut diagnostic = match reason {
        NotAComponent::Empty => error(File::Empty),
        NotAComponent::Foreign => error(File::Foreign),
        NotAComponent::TextFormat => error(File::Text),
        NotAComponent::CoreModule => error(File::CoreModule),
        NotAComponent::Malformed(reason) => return invalid(name, reason),
        NotAComponent::TooManyNames => return too_large(name, Bulk::Names),
    };
    diagnostic.hint(match reason {
        NotAComponent::CoreModule => "wrap it with `flatwright plugin build`, or `wasm-tools component new`",
        NotAComponent::TextFormat => "assemble it with `wasm-tools parse`",
        _ => "give the path of a `.wasm` component, such as `flatwright plugin build` writes",
    });
    diagnostic
}

fn invalid(name: &str, reason: &str) -> Diagnostic {
    let mut diagnostic = failure::error(&Fault::NotAComponent { plugin: name.to_owned(), flaw: File::Invalid });
    diagnostic.note(crate::text::line(reason));
    // The runtime has no type for this one; the hostile suite notices when its texts change.
    let is_refused =
        ["enabled", "disabled", "disallowed", "the component model"].iter().any(|mark| reason.contains(mark));
    diagnostic.hint(if is_refused {
        "plugins do without threads, 64-bit memories, garbage collection, exceptions, relaxed SIMD and async: build it without"
    } else {
        "the file is damaged or was made by a tool newer than this compiler: build it again, or compare its digest"
    });
    diagnostic
}

fn too_large(name: &str, what: Bulk) -> Diagnostic {
    failure::error(&Fault::TooLarge { plugin: name.to_owned(), what })
}
