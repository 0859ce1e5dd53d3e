//! What can be called, and how every call runs: a fresh store and instance, limits set, everything dropped afterwards. Nothing that a guest did in one call can be
//! seen in another.

use std::sync::Arc;

use wasmtime::component::{Instance, InstancePre};
use wasmtime::{Result as WasmResult, Store};

use crate::api::v0_1::Functions;
use crate::description;
use crate::digest::Digest;
use crate::failure::{self, Failure, Site};
use crate::fault::Doing;
use crate::limits::{Limit, Limits};
use crate::model::meta::Description;
use crate::shared::Shared;
use crate::store::State;
use crate::world::World;

/// The largest memory and the largest table that a component starts with, in bytes and elements.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Starts {
    pub(crate) memory: u64,
    pub(crate) table: u64,
}

/// A component with its functions found.
#[derive(Clone)]
pub(crate) struct Loaded {
    pub(crate) shared: Arc<Shared>,
    pub(crate) name: Arc<str>,
    pub(crate) limits: Limits,
    pub(crate) digest: Digest,
    pub(crate) world: World,
    pub(crate) starts: Starts,
    pub(crate) description: Description,
    pub(crate) instances: InstancePre<State>,
    pub(crate) functions: Functions,
}

/// A call that came to an end.
pub(crate) struct Ran<T> {
    pub(crate) answer: T,
    pub(crate) state: State,
    pub(crate) fuel: u64,
}

/// A call that did not.
pub(crate) struct Stopped {
    pub(crate) failure: Failure,
    pub(crate) fuel: u64,
}

impl Loaded {
    /// Runs `call` in a fresh instance with so much fuel, which comes from the limit `source`.
    pub(crate) fn run<T>(
        &self,
        doing: Doing,
        limits: &Limits,
        source: Limit,
        fuel: u64,
        call: impl FnOnce(&mut Store<State>, &Instance) -> WasmResult<T>,
    ) -> Result<Ran<T>, Stopped> {
        let site = Site::new(&self.name, doing);
        let before = |failure| Stopped { failure, fuel: 0 };
        let runtime = self.shared.runtime().map_err(before)?;
        let watchdog = self.shared.watchdog().map_err(before)?;
        let _turn = self.shared.turn();
        let _watch = watchdog.map(|watchdog| watchdog.watch(&site, limits));
        let mut store = Store::new(&runtime.engine, State::new(limits));
        store.limiter(|state| state);
        store.set_hostcall_fuel(usize::try_from(limits.answer_mib << 20).unwrap_or(usize::MAX));
        // How much fuel starting takes depends on the machine (copy-on-write), so it has a budget of its own and is not counted.
        let started = store.set_fuel(limits.fuel).and_then(|()| self.instances.instantiate(&mut store));
        let instance = started.map_err(|error| {
            let site = Site::new(&self.name, Doing::Starting);
            before(failure::explain(&error, store.data(), &site, limits, Limit::Fuel))
        })?;
        let answer = store.set_fuel(fuel).and_then(|()| call(&mut store, &instance));
        let fuel = fuel - store.get_fuel().unwrap_or(0);
        match answer {
            Ok(answer) => Ok(Ran { answer, state: store.into_data(), fuel }),
            Err(error) => Err(Stopped { failure: failure::explain(&error, store.data(), &site, limits, source), fuel }),
        }
    }

    pub(crate) fn describe(&self) -> Result<Description, Failure> {
        let limits = self.limits.for_describe();
        let described = self.run(Doing::Describing, &limits, Limit::Fuel, limits.fuel, |store, instance| {
            self.functions.describe(store, instance)
        });
        let description = described.map_err(|stopped| stopped.failure)?.answer;
        description::check(&Site::new(&self.name, Doing::Describing), &description)?;
        Ok(description)
    }
}
