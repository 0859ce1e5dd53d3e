//! An honest plugin, through every hook: what it got it gives back, its findings and log lines arrive, and the frozen plugin of every released version does the same.

#![expect(clippy::unwrap_used, reason = "tests")]
#![expect(clippy::disallowed_methods, reason = "golden plugins and the WIT package are files")]

mod support;

use flatwright_plugin_host::model::findings::ObjectReference;
use flatwright_plugin_host::model::findings::Place;
use flatwright_plugin_host::model::log::Level;
use flatwright_plugin_host::model::policy::{Bundle, MachineConfig, MachineConfigForm, Object, ObjectInterest};
use flatwright_plugin_host::{
    ApiVersion, Hook, Host, HostOptions, Limits, MemoryStore, Plugin, Source, inspect, with_description,
};
use support::values;

/// What the golden plugin's `kubeadm` hook uses. Changes with a release of wasmtime that counts otherwise, and then limits change for users.
const GOLDEN_FUEL: u64 = 2_991;

fn load(host: &Host, component: &[u8]) -> Plugin {
    let limits = Limits::default();
    host.load(Source::new("echo", component, &limits)).unwrap_or_else(|failure| panic!("{failure:#?}"))
}

fn echo_component() -> Vec<u8> {
    support::component(&support::wit(""), "all-hooks", &support::echo_core())
}

fn exercise(plugin: &Plugin) {
    assert_eq!(plugin.hooks(), Hook::ALL);
    assert_eq!((plugin.description().name.as_str(), plugin.description().version.as_str()), ("test-plugin", "1.2.3"));
    let session = plugin.session();
    let context = values::context();
    for image in values::images() {
        let outcome = session.customize_image(&context, &image).unwrap();
        assert_eq!(outcome.value.as_ref(), Some(&image));
        assert_eq!((outcome.logs[0].level, outcome.logs[0].message.as_str()), (Level::Info, "a test"));
    }
    let sysupdate = values::sysupdate();
    assert_eq!(session.customize_sysupdate(&context, &sysupdate).unwrap().value, Some(sysupdate));
    let kubeadm = values::kubeadm();
    assert_eq!(session.customize_kubeadm(&context, &kubeadm).unwrap().value, Some(kubeadm));
    let interests = session.select(&context).unwrap().value.unwrap();
    assert_eq!(interests.objects, ObjectInterest::Everything);
    assert_eq!(interests.machine_configs, [MachineConfigForm::Source, MachineConfigForm::Effective]);
    review(plugin);
}

fn review(plugin: &Plugin) {
    let reference =
        ObjectReference { api_version: "v1".into(), kind: "Kind".into(), namespace: None, name: "Name".into() };
    let bundle = Bundle {
        objects: vec![Object { reference: reference.clone(), group: Some(1), json: "{}".into() }],
        machine_configs: vec![MachineConfig {
            group: 0,
            form: MachineConfigForm::Source,
            initializes: true,
            text: String::new(),
        }],
    };
    let outcome = plugin.session().review(&values::context(), &bundle).unwrap();
    let [finding] = outcome.findings.as_slice() else { panic!("{outcome:?}") };
    assert!(matches!(&finding.place, Place::Object(place) if place.object == reference));
    assert_eq!(finding.diagnostic.message, "plugin `echo`: a fact");
    assert_eq!(finding.diagnostic.severity, flatwright_diagnostic::Severity::Warning);
}

#[test]
fn every_value_comes_back_as_it_went() {
    let host = Host::new(HostOptions::default());
    exercise(&load(&host, &echo_component()));
}

#[test]
fn the_frozen_plugin_of_every_released_version_runs() {
    let golden = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let newest = golden.join(format!("{}.wat", ApiVersion::LATEST));
    // A new version freezes its plugin on the first run; from then on the file never changes.
    if !newest.exists() {
        std::fs::write(&newest, wasmprinter::print_bytes(echo_component()).unwrap()).unwrap();
    }
    for file in std::fs::read_dir(golden).unwrap().map(|entry| entry.unwrap().path()) {
        let component = wat::parse_file(&file).unwrap();
        let version = inspect("golden", &component).unwrap().world.api.to_string();
        assert_eq!(file.file_stem().unwrap().to_str().unwrap(), version);
        let plugin = load(&Host::new(HostOptions::default()), &component);
        exercise(&plugin);
        let call = plugin.session().customize_kubeadm(&values::context(), &values::kubeadm()).unwrap();
        assert_eq!(call.fuel, GOLDEN_FUEL, "instructions are counted alike on every machine");
    }
}

#[test]
fn the_released_package_has_not_changed() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit");
    let read = |directory: &str| {
        let mut files: Vec<_> =
            std::fs::read_dir(root.join(directory)).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
            .iter()
            .map(|path| (path.file_name().unwrap().to_owned(), std::fs::read_to_string(path).unwrap()))
            .collect::<Vec<_>>()
    };
    let released = format!("released/{}", ApiVersion::LATEST);
    assert_eq!(
        read("flatwright-plugin"),
        read(&released),
        "the package changed: give it a new version, freeze a copy under `wit/released`, and add an adapter and a golden plugin"
    );
}

#[test]
fn a_warm_plugin_is_the_same_plugin() {
    let store = std::sync::Arc::new(MemoryStore::default());
    let host = || {
        let artifacts = Box::new(std::sync::Arc::clone(&store));
        Host::new(HostOptions {
            artifacts,
            on_progress: None,
            compiler: Box::new(Once::default()),
            ..HostOptions::default()
        })
    };
    let component = echo_component();
    let cold = load(&host(), &component);
    let never = HostOptions { artifacts: Box::new(store.clone()), compiler: Box::new(Never), ..HostOptions::default() };
    let warm = load(&Host::new(never), &component);
    assert_eq!(cold.description(), warm.description());
    exercise(&warm);
    let fuel =
        |plugin: &Plugin| plugin.session().customize_image(&values::context(), &values::images()[0]).unwrap().fuel;
    assert_eq!(fuel(&cold), fuel(&warm));
}

#[test]
fn without_a_pool_answers_and_fuel_are_the_same() {
    let component = echo_component();
    let fuel = |pooling| {
        let plugin = load(&Host::new(HostOptions { pooling, ..HostOptions::default() }), &component);
        exercise(&plugin);
        plugin.session().customize_kubeadm(&values::context(), &values::kubeadm()).unwrap().fuel
    };
    assert_eq!(fuel(true), fuel(false));
}

#[test]
fn an_embedded_description_is_seen_and_harmless() {
    let component = echo_component();
    let plugin = load(&Host::new(HostOptions::default()), &component);
    let embedded = with_description(&component, plugin.description());
    let inspection = inspect("echo", &embedded).unwrap();
    assert_eq!(inspection.shape.description.as_ref(), Some(plugin.description()));
    assert_ne!(inspection.digest, plugin.digest().to_string());
    exercise(&load(&Host::new(HostOptions::default()), &embedded));
}

#[test]
fn many_threads_share_a_plugin() {
    let host = Host::new(HostOptions::default());
    let plugin = load(&host, &echo_component());
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| (0..50).for_each(|_| review(&plugin)));
        }
    });
}

/// Compiles at most once.
#[derive(Default)]
struct Once(std::sync::atomic::AtomicBool);

impl flatwright_plugin_host::Compiler for Once {
    fn compile(&self, component: &[u8], _: &Limits) -> Result<Vec<u8>, flatwright_plugin_host::CompileFailure> {
        assert!(!self.0.swap(true, std::sync::atomic::Ordering::SeqCst), "compiled twice");
        flatwright_plugin_host::compile_artifact(component)
    }
}

/// Must not be asked.
struct Never;

impl flatwright_plugin_host::Compiler for Never {
    fn compile(&self, _: &[u8], _: &Limits) -> Result<Vec<u8>, flatwright_plugin_host::CompileFailure> {
        panic!("a warm plugin was compiled")
    }
}
