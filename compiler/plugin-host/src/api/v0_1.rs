//! Plugin API 0.1: the newest, so its types are the model's own.

use wasmtime::component::{Component, ComponentExportIndex, ComponentNamedList, Instance, Lift, Linker, Lower};
use wasmtime::{Result, Store, StoreContextMut};

use crate::hook::Hook;
use crate::model::cluster::Context;
use crate::model::findings::PluginDiagnostic;
use crate::model::images::{CustomizedImage, Image};
use crate::model::kubeadm::{CustomizedKubeadm, KubeadmSettings};
use crate::model::log::Level;
use crate::model::meta::Description;
use crate::model::policy::{Bundle, Interests};
use crate::model::sysupdate::{CustomizedSysupdate, SysupdateConfig};
use crate::store::State;

/// What a `customize` gives: the changed value, or findings that say why not.
pub(crate) type Customized<T> = std::result::Result<T, Vec<PluginDiagnostic>>;

/// Names are looked up once per plugin; the runtime takes any patch of the same minor.
fn interface(name: &str) -> String {
    format!("flatwright:plugin/{name}@0.1.0")
}

pub(crate) fn add_log(linker: &mut Linker<State>) -> Result<()> {
    linker.instance(&interface("log"))?.func_wrap(
        "log",
        |mut store: StoreContextMut<'_, State>, (level, message): (Level, String)| {
            store.data_mut().log(level, &message)
        },
    )
}

/// Where the functions of one plugin are.
#[derive(Clone)]
pub(crate) struct Functions {
    describe: ComponentExportIndex,
    images: Option<ComponentExportIndex>,
    sysupdate: Option<ComponentExportIndex>,
    kubeadm: Option<ComponentExportIndex>,
    select: Option<ComponentExportIndex>,
    review: Option<ComponentExportIndex>,
}

impl Functions {
    /// Finds the functions of the hooks that the component exports; the name of one that is missing otherwise.
    pub(crate) fn find(component: &Component, hooks: &[Hook]) -> std::result::Result<Self, String> {
        let function = |interface_name: &str, name: &str| {
            let instance = component.get_export_index(None, interface(interface_name));
            instance
                .and_then(|instance| component.get_export_index(Some(&instance), name))
                .ok_or_else(|| format!("{interface_name}.{name}"))
        };
        let of = |hook: Hook, name: &str| hooks.contains(&hook).then(|| function(hook.name(), name)).transpose();
        Ok(Self {
            describe: function("meta", "describe")?,
            images: of(Hook::Images, "customize")?,
            sysupdate: of(Hook::Sysupdate, "customize")?,
            kubeadm: of(Hook::Kubeadm, "customize")?,
            select: of(Hook::Policy, "select")?,
            review: of(Hook::Policy, "review")?,
        })
    }

    /// Checks the types of all functions, which the runtime does only when a function is looked up in an instance.
    pub(crate) fn check_types(&self, store: &mut Store<State>, instance: &Instance) -> Result<()> {
        type Customize<'a, Q, A> = ((&'a Context, &'a Q), (Customized<A>,));
        self.check::<((), (Description,))>(store, instance, Some(&self.describe))?;
        self.check::<Customize<'_, Image, CustomizedImage>>(store, instance, self.images.as_ref())?;
        self.check::<Customize<'_, SysupdateConfig, CustomizedSysupdate>>(store, instance, self.sysupdate.as_ref())?;
        self.check::<Customize<'_, KubeadmSettings, CustomizedKubeadm>>(store, instance, self.kubeadm.as_ref())?;
        self.check::<((&Context,), (Interests,))>(store, instance, self.select.as_ref())?;
        self.check::<((&Context, &Bundle), (Vec<PluginDiagnostic>,))>(store, instance, self.review.as_ref())
    }

    fn check<S: Signature>(
        &self,
        store: &mut Store<State>,
        instance: &Instance,
        function: Option<&ComponentExportIndex>,
    ) -> Result<()> {
        function.map_or(Ok(()), |function| {
            instance.get_typed_func::<S::Parameters, S::Results>(store, function).map(|_| ())
        })
    }

    pub(crate) fn describe(&self, store: &mut Store<State>, instance: &Instance) -> Result<Description> {
        call::<_, (Description,)>(store, instance, Some(&self.describe), ()).map(|(description,)| description)
    }

    pub(crate) fn images(
        &self,
        store: &mut Store<State>,
        instance: &Instance,
        question: (&Context, &Image),
    ) -> Result<Customized<CustomizedImage>> {
        call::<_, (_,)>(store, instance, self.images.as_ref(), question).map(|(answer,)| answer)
    }

    pub(crate) fn sysupdate(
        &self,
        store: &mut Store<State>,
        instance: &Instance,
        question: (&Context, &SysupdateConfig),
    ) -> Result<Customized<CustomizedSysupdate>> {
        call::<_, (_,)>(store, instance, self.sysupdate.as_ref(), question).map(|(answer,)| answer)
    }

    pub(crate) fn kubeadm(
        &self,
        store: &mut Store<State>,
        instance: &Instance,
        question: (&Context, &KubeadmSettings),
    ) -> Result<Customized<CustomizedKubeadm>> {
        call::<_, (_,)>(store, instance, self.kubeadm.as_ref(), question).map(|(answer,)| answer)
    }

    pub(crate) fn select(&self, store: &mut Store<State>, instance: &Instance, context: &Context) -> Result<Interests> {
        call::<_, (_,)>(store, instance, self.select.as_ref(), (context,)).map(|(answer,)| answer)
    }

    pub(crate) fn review(
        &self,
        store: &mut Store<State>,
        instance: &Instance,
        question: (&Context, &Bundle),
    ) -> Result<Vec<PluginDiagnostic>> {
        call::<_, (_,)>(store, instance, self.review.as_ref(), question).map(|(answer,)| answer)
    }
}

/// A pair of parameters and results, so that a signature can be named in one place.
trait Signature {
    type Parameters: ComponentNamedList + Lower;
    type Results: ComponentNamedList + Lift + 'static;
}

impl<P: ComponentNamedList + Lower, R: ComponentNamedList + Lift + 'static> Signature for (P, R) {
    type Parameters = P;
    type Results = R;
}

fn call<P, R>(
    store: &mut Store<State>,
    instance: &Instance,
    function: Option<&ComponentExportIndex>,
    question: P,
) -> Result<R>
where
    P: ComponentNamedList + Lower,
    R: ComponentNamedList + Lift + 'static,
{
    let function = function.expect("invariant: a hook is only called if the component exports it");
    instance.get_typed_func::<P, R>(&mut *store, function)?.call(&mut *store, question)
}
