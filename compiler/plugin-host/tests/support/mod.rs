//! Plugins for the tests, assembled from a few lines of WebAssembly text: an honest one that echoes, and a frame for hostile ones.

#![allow(dead_code, reason = "each test binary uses its own part")]

pub(crate) mod values;

use std::fmt::Write as _;

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::{Resolve, SizeAlign, Type, TypeId};

/// The WIT package's files, in the order of the worlds first.
const WIT: [(&str, &str); 8] = [
    ("worlds", include_str!("../../../../wit/flatwright-plugin/worlds.wit")),
    ("cluster", include_str!("../../../../wit/flatwright-plugin/cluster.wit")),
    ("findings", include_str!("../../../../wit/flatwright-plugin/findings.wit")),
    ("images", include_str!("../../../../wit/flatwright-plugin/images.wit")),
    ("kubeadm", include_str!("../../../../wit/flatwright-plugin/kubeadm.wit")),
    ("log", include_str!("../../../../wit/flatwright-plugin/log.wit")),
    ("meta", include_str!("../../../../wit/flatwright-plugin/meta.wit")),
    ("policy", include_str!("../../../../wit/flatwright-plugin/policy.wit")),
];
const SYSUPDATE: &str = include_str!("../../../../wit/flatwright-plugin/sysupdate.wit");

/// The whole package as one text, with more items of the test's own.
pub(crate) fn wit(more: &str) -> String {
    const HEADER: &str = "package flatwright:plugin@0.1.0;";
    let mut text = format!("{HEADER}\n");
    for file in WIT.iter().map(|(_, text)| *text).chain([SYSUPDATE]) {
        let (_, items) = file.split_once(HEADER).expect("every file names the package");
        text.push_str(items);
    }
    text + more
}

/// Encodes a core module in text form as a component of a world.
pub(crate) fn component(wit: &str, world: &str, core: &str) -> Vec<u8> {
    let mut resolve = Resolve::new();
    let package = resolve.push_str("plugin.wit", wit).unwrap_or_else(|error| panic!("{error:?}"));
    let world = resolve.select_world(&[package], Some(world)).unwrap_or_else(|error| panic!("{error:?}"));
    let mut module = wat::parse_str(core).unwrap_or_else(|error| panic!("{error}\n{core}"));
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).expect("embeds");
    let mut encoder = ComponentEncoder::default().module(&module).unwrap_or_else(|error| panic!("{error:?}"));
    encoder.encode().unwrap_or_else(|error| panic!("{error:?}"))
}

/// Where the values of the canonical ABI lie.
pub(crate) struct Layout {
    resolve: Resolve,
    sizes: SizeAlign,
}

impl Layout {
    pub(crate) fn new() -> Self {
        let mut resolve = Resolve::new();
        resolve.push_str("plugin.wit", &wit("")).unwrap_or_else(|error| panic!("{error:?}"));
        let mut sizes = SizeAlign::default();
        sizes.fill(&resolve);
        Self { resolve, sizes }
    }

    fn named(&self, interface: &str, name: &str) -> TypeId {
        let found = self.resolve.interfaces.iter().find(|(_, i)| i.name.as_deref() == Some(interface));
        found.expect("the interface exists").1.types[name]
    }

    pub(crate) fn size(&self, interface: &str, name: &str) -> usize {
        self.sizes.size(&Type::Id(self.named(interface, name))).size_wasm32()
    }

    /// The offset of the second parameter, after the context. Nothing is aligned to more than 4 bytes.
    pub(crate) fn value_offset(&self) -> usize {
        self.size("cluster", "context").next_multiple_of(4)
    }
}

/// What every test plugin has: memory, a bump allocator, the import of `log`, and a description.
pub(crate) const FRAME: &str = r#"
  (import "flatwright:plugin/log@0.1.0" "log" (func $log (param i32 i32 i32)))
  (memory (export "memory") 4)
  (data (i32.const 1024) "test-plugin" "1.2.3" "a test")
  (global $heap (mut i32) (i32.const 131072))
  (func $allocate (export "cabi_realloc") (param $old i32) (param $was i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
    (global.set $heap (i32.add (local.get $at) (local.get $size)))
    (if (i32.gt_u (global.get $heap) (i32.mul (memory.size) (i32.const 65536)))
      (then (if (i32.eq (i32.const -1) (memory.grow (i32.add (i32.div_u (local.get $size) (i32.const 65536)) (i32.const 1))))
        (then unreachable))))
    (local.get $at))
"#;

/// `meta.describe`, as the body that most plugins have.
pub(crate) const DESCRIBE: &str = r#"
    (i32.store (i32.const 16) (i32.const 1024)) (i32.store (i32.const 20) (i32.const 11))
    (i32.store (i32.const 24) (i32.const 1035)) (i32.store (i32.const 28) (i32.const 5))
    (i32.store (i32.const 32) (i32.const 1040)) (i32.store (i32.const 36) (i32.const 6))
    (i32.store (i32.const 40) (i32.const 0)) (i32.store (i32.const 52) (i32.const 0))
    (i32.const 16)
"#;

/// A plugin of the hook `images` from the body of its `customize` (parameter `$args`, result: where the answer is) and further items.
pub(crate) fn images_core(customize: &str, items: &str) -> String {
    core(DESCRIBE, customize, items)
}

/// Like [`images_core`], with a body for `describe` too.
pub(crate) fn core(describe: &str, customize: &str, items: &str) -> String {
    format!(
        r#"(module {FRAME}
  (func (export "flatwright:plugin/meta@0.1.0#describe") (result i32) {describe})
  (func $customize (export "flatwright:plugin/images@0.1.0#customize") (param $args i32) (result i32) {customize})
  {items})"#
    )
}

/// A component with the hook `images`.
pub(crate) fn images_plugin(customize: &str, items: &str) -> Vec<u8> {
    component(&wit(""), "image-plugin", &images_core(customize, items))
}

/// Gives the answer back as it came: the body of a `customize` whose value has this size.
pub(crate) fn echo(layout: &Layout, size: usize) -> String {
    let offset = layout.value_offset();
    let findings = 4 + size;
    format!(
        "(i32.store8 (i32.const 4096) (i32.const 0))
         (memory.copy (i32.const 4100) (i32.add (local.get $args) (i32.const {offset})) (i32.const {size}))
         (i32.store (i32.const {}) (i32.const 0)) (i32.store (i32.const {}) (i32.const 0))
         (i32.const 4096)",
        4096 + findings,
        4100 + findings,
    )
}

/// An honest plugin with every hook: gives back every value as it came, asks for everything, and reviews with one finding.
pub(crate) fn echo_core() -> String {
    let layout = Layout::new();
    let mut core =
        format!("(module {FRAME}\n(func (export \"flatwright:plugin/meta@0.1.0#describe\") (result i32) {DESCRIBE})");
    for (hook, value) in [
        ("images", ("image-types", "image")),
        ("sysupdate", ("sysupdate-types", "sysupdate-config")),
        ("kubeadm", ("kubeadm-types", "kubeadm-settings")),
    ] {
        let body = echo(&layout, layout.size(value.0, value.1));
        writeln!(core, "(func (export \"flatwright:plugin/{hook}@0.1.0#customize\") (param $args i32) (result i32) (call $log (i32.const 2) (i32.const 1040) (i32.const 6)) {body})").expect("a string");
    }
    core.push_str(POLICY);
    core.push(')');
    core
}

/// `select` gives `everything` and the forms `source` and `effective`; `review` gives one finding about an object.
const POLICY: &str = r#"
  (data (i32.const 2048) "\00\02" )
  (data (i32.const 2064) "v1KindNamea fact" "no-code")
  (func (export "flatwright:plugin/policy@0.1.0#select") (param i32) (result i32)
    (i32.store8 (i32.const 4096) (i32.const 2))
    (i32.store (i32.const 4108) (i32.const 2048)) (i32.store (i32.const 4112) (i32.const 2))
    (i32.const 4096))
  (func (export "flatwright:plugin/policy@0.1.0#review") (param i32) (result i32)
    (i32.store (i32.const 4096) (i32.const 4104)) (i32.store (i32.const 4100) (i32.const 1))
    (i32.store8 (i32.const 4104) (i32.const 1))
    (i32.store8 (i32.const 4108) (i32.const 1)) (i32.store (i32.const 4112) (i32.const 2080)) (i32.store (i32.const 4116) (i32.const 7))
    (i32.store (i32.const 4120) (i32.const 2074)) (i32.store (i32.const 4124) (i32.const 6))
    (i32.store8 (i32.const 4128) (i32.const 3))
    (i32.store (i32.const 4132) (i32.const 2064)) (i32.store (i32.const 4136) (i32.const 2))
    (i32.store (i32.const 4140) (i32.const 2066)) (i32.store (i32.const 4144) (i32.const 4))
    (i32.store8 (i32.const 4148) (i32.const 0))
    (i32.store (i32.const 4160) (i32.const 2070)) (i32.store (i32.const 4164) (i32.const 4))
    (i32.const 4096))
"#;
