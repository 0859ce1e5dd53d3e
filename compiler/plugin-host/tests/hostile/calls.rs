//! Plugins that misbehave while they run.

use flatwright_plugin_host::Limits;
use flatwright_plugin_host::fault::Fault;

use crate::support::{Layout, component, core, echo, images_core, images_plugin, wit};
use crate::{Attack, Ends};

pub(crate) fn attacks() -> Vec<Attack> {
    let mut attacks = loops();
    attacks.extend(memory());
    attacks.extend(answers());
    attacks.extend(crashes());
    attacks.extend(state());
    attacks
}

fn attack(
    name: &'static str,
    code: &'static [flatwright_diagnostic::Code],
    texts: &'static [&'static str],
    body: &'static str,
) -> Attack {
    Attack::new(name, Ends::With(code, texts), move || images_plugin(body, ""))
}

fn little_fuel(fuel: u64) -> Limits {
    Limits { fuel, ..Limits::default() }
}

/// An honest plugin that counts so many rounds, of five instructions or so, and echoes.
pub(crate) fn counting(rounds: u32) -> Vec<u8> {
    let layout = Layout::new();
    let echo = echo(&layout, layout.size("image-types", "image"));
    let body = format!(
        "(local $i i32) (local.set $i (i32.const {rounds}))
         (loop (br_if 0 (local.tee $i (i32.sub (local.get $i) (i32.const 1))))) {echo}"
    );
    images_plugin(&body, "")
}

fn loops() -> Vec<Attack> {
    let spin = "(loop (br 0)) unreachable";
    vec![
        attack(
            "an endless loop",
            &[Fault::FUEL_LIMIT],
            &["10,000,000,000 instructions in hook `images`", "limits.fuel"],
            spin,
        )
        .seconds(20),
        Attack::new("an endless loop at the start", Ends::With(&[Fault::FUEL_LIMIT], &["while it started"]), || {
            images_plugin("unreachable", "(func $spin (loop (br 0))) (start $spin)")
        })
        .limits(little_fuel(1_000_000)),
        Attack::new("an endless loop in realloc", Ends::With(&[Fault::FUEL_LIMIT], &["in hook `images`"]), || {
            let core = images_core("unreachable", "").replace("(local $at i32)", "(local $at i32) (loop (br 0))");
            component(&wit(""), "image-plugin", &core)
        })
        .limits(little_fuel(1_000_000)),
        Attack::new("fuel just above the limit", Ends::With(&[Fault::FUEL_LIMIT], &["1,000,000"]), || {
            counting(210_000)
        })
        .limits(little_fuel(1_000_000)),
        Attack::new("fuel just below the limit", Ends::Harmless(|a, b| a == b), || counting(190_000))
            .limits(little_fuel(1_000_000)),
        Attack::new(
            "fuel of the whole compile",
            Ends::With(&[Fault::TOTAL_FUEL_LIMIT], &["whole compile", "limits.totalFuel"]),
            || counting(190_000),
        )
        .limits(Limits { total_fuel: 1_500_000, ..little_fuel(1_000_000) }),
        attack("a recursion", &[Fault::STACK_LIMIT], &["recursed too deep"], "(call $customize (local.get $args))"),
    ]
}

fn memory() -> Vec<Attack> {
    vec![
        attack(
            "a memory bomb",
            &[Fault::MEMORY_LIMIT],
            &["128 MiB", "it asked for", "limits.memoryMiB"],
            "(loop (if (i32.eq (i32.const -1) (memory.grow (i32.const 100))) (then unreachable)) (br 0)) unreachable",
        ),
        attack(
            "a memory bomb that does not give up",
            &[Fault::MEMORY_LIMIT],
            &["128 MiB", "limits.memoryMiB"],
            "(loop (drop (memory.grow (i32.const 100))) (br 0)) unreachable",
        ),
        Attack::new(
            "a table bomb that does not give up",
            Ends::With(&[Fault::TABLE_LIMIT], &["while it started"]),
            || {
                let spin = "(loop (drop (table.grow $t (ref.null func) (i32.const 10000))) (br 0))";
                images_plugin("unreachable", &format!("(table $t 1 funcref) (func $spin {spin}) (start $spin)"))
            },
        ),
        Attack::new(
            "four gigabytes from the start",
            Ends::With(&[Fault::MEMORY_LIMIT], &["while it started", "4,096 MiB"]),
            || {
                component(
                    &wit(""),
                    "image-plugin",
                    &images_core("unreachable", "")
                        .replace("(memory (export \"memory\") 4)", "(memory (export \"memory\") 65536)"),
                )
            },
        ),
        Attack::new(
            "a table bomb",
            Ends::With(&[Fault::TABLE_LIMIT], &["100,000 table elements", "limits.tableElements"]),
            || {
                let body = "(loop (if (i32.eq (i32.const -1) (table.grow $t (ref.null func) (i32.const 10000))) (then unreachable)) (br 0)) unreachable";
                images_plugin(body, "(table $t 1 funcref)")
            },
        ),
        Attack::new(
            "ten million table elements from the start",
            Ends::With(&[Fault::TABLE_LIMIT], &["while it started", "10,000,000"]),
            || images_plugin("unreachable", "(table $t 10000000 funcref)"),
        ),
    ]
}

/// An answer `ok(machine(id(…)))` whose string has this pointer and length.
fn id_answer(pointer: &str, length: &str) -> String {
    format!(
        "(i32.store8 (i32.const 4096) (i32.const 0))
         (i32.store8 (i32.const 4100) (i32.const 0)) (i32.store8 (i32.const 4104) (i32.const 3))
         (i32.store (i32.const 4108) {pointer}) (i32.store (i32.const 4112) {length})
         (i32.const 4096)"
    )
}

/// An answer `err(findings)` whose list has this pointer and length.
fn findings_answer(pointer: &str, length: &str) -> String {
    format!(
        "(i32.store8 (i32.const 4096) (i32.const 1)) (i32.store (i32.const 4100) {pointer}) (i32.store (i32.const 4104) {length})
         (i32.const 4096)"
    )
}

fn answer(
    name: &'static str,
    code: &'static [flatwright_diagnostic::Code],
    texts: &'static [&'static str],
    body: String,
) -> Attack {
    Attack::new(name, Ends::With(code, texts), move || images_plugin(&body, ""))
}

fn answers() -> Vec<Attack> {
    let broken = &[Fault::BROKEN_BINDINGS];
    let (ptr, big) = ("(i32.const 65536)", "(i32.const 100000000)");
    let grown = "(drop (memory.grow (i32.const 1900)))";
    vec![
        answer("a gigantic string", &[Fault::ANSWER_LIMIT], &["16 MiB", "limits.answerMiB"], format!("{grown} {}", id_answer(ptr, big))),
        answer("a gigantic list", &[Fault::ANSWER_LIMIT], &["16 MiB"], format!("{grown} {}", findings_answer(ptr, "(i32.const 1000000)"))),
        answer("a string beyond the memory", broken, &["out of bounds"], id_answer(ptr, "(i32.const -1)")),
        answer("a string at the end of the world", broken, &["out of bounds"], id_answer("(i32.const -4)", "(i32.const 8)")),
        answer("a list beyond the memory", broken, &["out of bounds"], findings_answer("(i32.const 131072)", "(i32.const 100000)")),
        answer("a list that is not aligned", broken, &["not aligned"], findings_answer("(i32.const 65537)", "(i32.const 1)")),
        attack("an answer that is not aligned", broken, &["not aligned"], "(i32.const 4097)"),
        attack("an answer beyond the memory", broken, &["out of bounds"], "(i32.const -16)"),
        attack("an unknown case", broken, &["discriminant"], "(i32.store8 (i32.const 4096) (i32.const 0)) (i32.store8 (i32.const 4100) (i32.const 77)) (i32.const 4096)"),
        attack("an unknown result", broken, &["discriminant"], "(i32.store8 (i32.const 4096) (i32.const 9)) (i32.const 4096)"),
        Attack::new("an unknown severity", Ends::With(broken, &["discriminant"]), || {
            images_plugin(&findings_answer("(i32.const 8192)", "(i32.const 1)"), "(data (i32.const 8192) \"\\63\")")
        }),
        Attack::new("invalid utf-8", Ends::With(broken, &["utf-8"]), || {
            images_plugin(&id_answer("(i32.const 8192)", "(i32.const 2)"), "(data (i32.const 8192) \"\\ff\\fe\")")
        }),
        answer("an empty list of errors", &[Fault::CRASHED], &["without saying why"], findings_answer("(i32.const 0)", "(i32.const 0)")),
        answer("another kind of answer", &[Fault::INVALID_ANSWER], &["another kind of image"], id_answer("(i32.const 1024)", "(i32.const 4)").replace("(i32.store8 (i32.const 4100) (i32.const 0))", "(i32.store8 (i32.const 4100) (i32.const 2)) (i32.store (i32.const 4104) (i32.const 0)) (i32.store (i32.const 4108) (i32.const 0)) (return (i32.const 4096))")),
        Attack::new("a message with escape sequences", Ends::With(&[Fault::FINDING], &["\\u{1b}]0;owned\\u{7}\\u{202e}"]), || {
            let message = "(data (i32.const 9216) \"\\1b]0;owned\\07\\e2\\80\\ae\")";
            let finding = "(data (i32.const 8192) \"\\02\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\24\\00\\00\\0d\\00\\00\\00\\00\")";
            images_plugin(&findings_answer("(i32.const 8192)", "(i32.const 1)"), &format!("{message} {finding}"))
        }),
    ]
}

fn crashes() -> Vec<Attack> {
    let crashed = &[Fault::CRASHED];
    let log = |rounds: &str, length: &str| {
        format!(
            "(local $i i32) (local.set $i (i32.const {rounds})) (loop (call $log (i32.const 2) (i32.const 0) (i32.const {length})) (br_if 0 (local.tee $i (i32.sub (local.get $i) (i32.const 1))))) unreachable"
        )
    };
    vec![
        attack("unreachable", crashed, &["crashed in hook `images`", "gave up", "in "], "unreachable"),
        attack("a division by zero", crashed, &["divide by zero"], "(i32.div_u (i32.const 1) (i32.const 0))"),
        attack("a read outside the memory", crashed, &["outside its memory"], "(i32.load (i32.const -4))"),
        Attack::new(
            "a panic with a message",
            Ends::With(crashed, &["it logged: panicked at \\u{1b}[2J src/lib.rs:7"]),
            || {
                let items = "(data (i32.const 8192) \"panicked at \\1b[2J src/lib.rs:7\")";
                images_plugin("(call $log (i32.const 4) (i32.const 8192) (i32.const 29)) unreachable", items)
            },
        ),
        Attack::new("a null function", Ends::With(crashed, &["crashed"]), || {
            images_plugin("(call_indirect $t (i32.const 0)) unreachable", "(table $t 1 funcref)")
        }),
        Attack::new("a description that panics", Ends::With(crashed, &["while it described itself"]), || {
            component(&wit(""), "image-plugin", &core("unreachable", "unreachable", ""))
        }),
        answer("a flood of log lines", &[Fault::LOG_LIMIT], &["1,000 lines", "limits.logLines"], log("1000000", "4")),
        answer("a flood of log text", &[Fault::LOG_LIMIT], &["256 KiB", "limits.logKiB"], log("1000000", "65536")),
        Attack::new("a log line beyond the memory", Ends::With(&[Fault::BROKEN_BINDINGS], &["out of bounds"]), || {
            images_plugin("(call $log (i32.const 2) (i32.const -1) (i32.const 100)) unreachable", "")
        }),
        Attack::new("a log level of its own", Ends::With(&[Fault::BROKEN_BINDINGS], &["discriminant"]), || {
            images_plugin("(call $log (i32.const 200) (i32.const 0) (i32.const 1)) unreachable", "")
        }),
    ]
}

/// A plugin that logs one character, which is `what`, and echoes.
fn telling(what: &str, items: &str) -> Vec<u8> {
    let layout = Layout::new();
    let echo = echo(&layout, layout.size("image-types", "image"));
    let body = format!(
        "(i32.store8 (i32.const 8192) (i32.add (i32.const 48) (i32.and (i32.const 31) {what})))
         (call $log (i32.const 2) (i32.const 8192) (i32.const 1)) {echo}"
    );
    images_plugin(&body, items)
}

fn state() -> Vec<Attack> {
    let same = || Ends::Harmless(|first, second| first == second && first.contains("message: \"1\""));
    vec![
        Attack::new("a counter in a global", same(), || {
            let count = "(block (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))";
            telling(count, "(global $n (mut i32) (i32.const 0))")
        }),
        Attack::new("a counter in memory", same(), || {
            let count = "(block (result i32) (i32.store (i32.const 8200) (i32.add (i32.load (i32.const 8200)) (i32.const 1))) (i32.load (i32.const 8200)))";
            telling(count, "")
        }),
        Attack::new("a counter in a grown page", same(), || {
            let count = "(block (result i32)
                (if (i32.lt_u (memory.size) (i32.const 10)) (then (drop (memory.grow (i32.const 10)))))
                (i32.store (i32.const 600000) (i32.add (i32.load (i32.const 600000)) (i32.const 1))) (i32.load (i32.const 600000)))";
            telling(count, "")
        }),
        Attack::new("different answers from nan bits", Ends::Harmless(|first, second| first == second), || {
            let nan = "(i32.reinterpret_f32 (f32.div (f32.const 0) (f32.const 0)))";
            telling(&format!("(i32.shr_u {nan} (i32.const 18))"), "")
        }),
    ]
}
