//! Files that are no plugin, or a plugin of another world.

use flatwright_plugin_host::fault::Fault;

use crate::support::{DESCRIBE, FRAME, component, images_core, images_plugin, wit};
use crate::{Attack, Ends};

pub(crate) fn attacks() -> Vec<Attack> {
    let not = |name, texts, bytes: &'static [u8]| {
        Attack::new(name, Ends::With(&[Fault::NOT_A_COMPONENT], texts), move || bytes.to_vec()).seconds(1)
    };
    let world =
        |name, code: &'static [_], texts, make: fn() -> Vec<u8>| Attack::new(name, Ends::With(code, texts), make);
    vec![
        not("an empty file", &["is an empty file"], b""),
        not("a text file", &["is not WebAssembly"], b"apiVersion: v1\n"),
        not("webassembly text", &["is WebAssembly text"], b"\n  (component)\n"),
        not("half a header", &["not a valid component"], b"\0asm\x0d"),
        not("a core module", &["is a core module", "flatwright plugin build"], b"\0asm\x01\0\0\0"),
        world("a truncated file", &[Fault::NOT_A_COMPONENT], &["not a valid component", "digest"], || {
            let mut whole = images_plugin("unreachable", "");
            whole.truncate(whole.len() / 2);
            whole
        }),
        world("a component cut between sections", &[Fault::WRONG_WORLD], &["exports no `meta`"], || {
            b"\0asm\x0d\0\x01\0".to_vec()
        }),
        world("flipped bits", &[Fault::NOT_A_COMPONENT, Fault::WRONG_WORLD], &[], || {
            let mut bytes = images_plugin("unreachable", "");
            let middle = bytes.len() / 2;
            bytes[middle..middle + 64].iter_mut().for_each(|byte| *byte ^= 0x55);
            bytes
        }),
        world("no describe", &[Fault::WRONG_WORLD], &["exports no `meta`", "images@0.1.0"], || {
            let core = images_core("unreachable", "").replace("(export \"flatwright:plugin/meta@0.1.0#describe\")", "");
            component(&wit("world w { import log; export images; }"), "w", &core)
        }),
        world("no hook", &[Fault::WRONG_WORLD], &["exports no hook", "`images`"], || {
            let core =
                images_core("unreachable", "").replace("(export \"flatwright:plugin/images@0.1.0#customize\")", "");
            component(&wit(""), "base", &core)
        }),
        world("another world altogether", &[Fault::WRONG_WORLD], &["exports `some:other/thing@1.0.0`"], || {
            let more = "world w { export some:other/thing@1.0.0; } package some:other@1.0.0 { interface thing { run: func(); } }";
            component(&wit(more), "w", "(module (func (export \"some:other/thing@1.0.0#run\")))")
        }),
        world("a newer api", &[Fault::API_VERSION], &["built for plugin API 0.2.0", "newer flatwright"], || {
            of_version("0.2.0")
        }),
        world(
            "an older api",
            &[Fault::API_VERSION],
            &["built for plugin API 0.0.9", "newer version of the plugin"],
            || of_version("0.0.9"),
        ),
        world("a hook of the future", &[Fault::API_VERSION], &["addons", "newer flatwright"], || {
            let more = "interface addons { customize: func(); } world w { include image-plugin; export addons; }";
            let items = "(func (export \"flatwright:plugin/addons@0.1.0#customize\"))";
            component(&wit(more), "w", &images_core("unreachable", items))
        }),
        world("another signature", &[Fault::WRONG_WORLD], &["other types"], || {
            let changed = wit("").replace("third-party: bool", "third-party: u64");
            component(&changed, "image-plugin", &images_core("unreachable", ""))
        }),
        world("a function of another name", &[Fault::WRONG_WORLD], &["images.customize"], || {
            let changed = wit("").replace(
                "customize: func(context: context, image: image)",
                "change: func(context: context, image: image)",
            );
            component(
                &changed,
                "image-plugin",
                &images_core("unreachable", "").replace("images@0.1.0#customize", "images@0.1.0#change"),
            )
        }),
        world(
            "wasi sockets",
            &[Fault::FORBIDDEN_IMPORT],
            &["wasi:sockets/tcp@0.2.0", "no WASI", "wasm32-unknown-unknown"],
            || importing("wasi:sockets@0.2.0", "tcp", "connect"),
        ),
        world("wasi files", &[Fault::FORBIDDEN_IMPORT], &["wasi:filesystem/preopens@0.2.0", "componentize -s"], || {
            importing("wasi:filesystem@0.2.0", "preopens", "get-directories")
        }),
        world("an import of its own", &[Fault::FORBIDDEN_IMPORT], &["evil:host/shell@1.0.0", "settings"], || {
            importing("evil:host@1.0.0", "shell", "run")
        }),
        world("a function in a types interface", &[Fault::WRONG_WORLD], &["other types", "cluster"], || {
            let changed = wit("").replace("interface cluster {", "interface cluster { escape: func();");
            let core = images_core("(call $escape) unreachable", "").replacen(
                "(module",
                "(module (import \"flatwright:plugin/cluster@0.1.0\" \"escape\" (func $escape))",
                1,
            );
            component(&changed, "image-plugin", &core)
        }),
        world("a start that traps", &[Fault::CRASHED], &["while it started", "divide by zero"], || {
            images_plugin("unreachable", "(func $s (drop (i32.div_u (i32.const 1) (i32.const 0)))) (start $s)")
        }),
        with("64-bit memories", "(memory $large i64 1) (func (drop (memory.size $large)))"),
        with("shared memories", "(memory $shared 1 2 shared)"),
        with("threads", "(func (drop (i32.atomic.load (i32.const 0))))"),
        with("garbage collection", "(type $s (struct (field i32))) (func (drop (struct.new $s (i32.const 1))))"),
        with("external references", "(table 10 externref)"),
        with("exceptions", "(tag $t) (func (throw $t))"),
        with(
            "relaxed simd",
            "(func (drop (f32x4.relaxed_madd (v128.const i32x4 0 0 0 0) (v128.const i32x4 0 0 0 0) (v128.const i32x4 0 0 0 0))))",
        ),
        of_the_golden("async", &[Fault::NOT_A_COMPONENT], &["build it without"], "(type (future u8))"),
        of_the_golden(
            "streams",
            &[Fault::NOT_A_COMPONENT],
            &["build it without"],
            "(type $s (stream u8)) (core func (canon stream.new $s))",
        ),
        of_the_golden(
            "a resource of the host's",
            &[Fault::WRONG_WORLD],
            &["resource implementation is missing"],
            "(import \"flatwright:plugin/extra@0.1.0\" (instance (export \"r\" (type (sub resource)))))",
        ),
        of_the_golden(
            "another log",
            &[Fault::WRONG_WORLD],
            &["other types", "log@0.1.7"],
            "(import \"flatwright:plugin/log@0.1.7\" (instance (export \"log\" (func))))",
        ),
        of_the_golden(
            "a hook in two versions",
            &[Fault::WRONG_WORLD],
            &["exports `images` twice"],
            "(export \"flatwright:plugin/images@0.1.1\" (instance $flatwright:plugin/images@0.1.0-shim-instance))",
        ),
        world("an unusable description", &[Fault::INVALID_DESCRIPTION], &["`name`", "Evil\\u{1b}[31m"], || {
            let items = "(data (i32.const 1024) \"Evil\\1b[31mxx\")";
            images_plugin("unreachable", items)
        }),
        world(
            "a description that never ends",
            &[Fault::FUEL_LIMIT],
            &["described itself", "1,000,000,000", "is fixed"],
            || {
                component(
                    &wit(""),
                    "image-plugin",
                    &crate::support::core("(loop (br 0)) unreachable", "unreachable", ""),
                )
            },
        ),
        world("a description larger than its limit", &[Fault::ANSWER_LIMIT], &["1 MiB"], || {
            let describe = DESCRIBE
                .replace("(i32.store (i32.const 36) (i32.const 6))", "(i32.store (i32.const 36) (i32.const 2000000))");
            let core = crate::support::core(&describe, "unreachable", "");
            component(
                &wit(""),
                "image-plugin",
                &core.replace("(memory (export \"memory\") 4)", "(memory (export \"memory\") 64)"),
            )
        }),
    ]
}

/// A plugin whose core module uses a feature that plugins do without.
fn with(feature: &'static str, items: &'static str) -> Attack {
    let ends = Ends::With(&[Fault::NOT_A_COMPONENT], &["not a valid component", "build it without"]);
    Attack::new(feature, ends, move || images_plugin("unreachable", items))
}

/// An honest plugin with one more item.
fn of_the_golden(
    name: &'static str,
    codes: &'static [flatwright_diagnostic::Code],
    texts: &'static [&'static str],
    item: &'static str,
) -> Attack {
    const GOLDEN: &str = include_str!("../golden/0.1.0.wat");
    Attack::new(name, Ends::With(codes, texts), move || {
        let (items, end) = GOLDEN.rsplit_once("(@producers").expect("the encoder names itself last");
        wat::parse_str(format!("{items}{item}(@producers{end}")).expect("assembles")
    })
}

/// A plugin for another version of the API.
fn of_version(version: &str) -> Vec<u8> {
    let other = |text: &str| text.replace("0.1.0", version);
    component(&other(&wit("")), "image-plugin", &other(&images_core("unreachable", "")))
}

/// A plugin that imports a function of another package.
fn importing(package: &str, interface: &str, function: &str) -> Vec<u8> {
    let (name, version) = package.split_once('@').expect("a version");
    let module = format!("{name}/{interface}@{version}");
    let more = format!(
        "world w {{ include image-plugin; import {module}; }} package {package} {{ interface {interface} {{ {function}: func(); }} }}"
    );
    let import = format!("(module (import \"{module}\" \"{function}\" (func $reach))");
    let core = images_core("(call $reach) unreachable", "").replacen("(module", &import, 1);
    assert!(core.contains(FRAME), "the frame stays whole");
    component(&wit(&more), "w", &core)
}
