//! Components that attack the code generator.

use std::fmt::Write as _;

use flatwright_plugin_host::Limits;
use flatwright_plugin_host::fault::Fault;

use crate::support::images_plugin;
use crate::{Attack, Ends};

/// Half a gigabyte and ten seconds, so that the tests are quick; the defaults are larger, the ends the same.
fn tight() -> Limits {
    Limits { compile_memory_mib: 512, compile_seconds: 10, ..Limits::default() }
}

pub(crate) fn attacks() -> Vec<Attack> {
    const EXHAUSTED: &[flatwright_diagnostic::Code] = &[Fault::COMPILE_MEMORY_LIMIT, Fault::COMPILE_TIME_LIMIT];
    vec![
        Attack::new("50,000 locals", Ends::With(&[Fault::TOO_LARGE], &["locals"]), || {
            images_plugin("unreachable", &format!("(func (local {}))", "i64 ".repeat(49_999)))
        })
        .seconds(1),
        Attack::new("a function of three megabytes", Ends::With(&[Fault::TOO_LARGE], &["a function of"]), || {
            images_plugin("unreachable", &format!("(func {})", "(drop (i64.const -1))".repeat(1 << 20)))
        })
        .seconds(2),
        Attack::new(
            "locals that live across many blocks",
            Ends::With(EXHAUSTED, &["while it was compiled", "limits.compile"]),
            locals_across_blocks,
        )
        .limits(tight())
        .seconds(15),
        Attack::new(
            "many functions of straight-line code",
            Ends::With(EXHAUSTED, &["while it was compiled"]),
            straight_line,
        )
        .limits(Limits { compile_memory_mib: 256, ..tight() })
        .seconds(15),
        Attack::new("an honest plugin under the same limit", Ends::Harmless(|first, second| first == second), || {
            crate::calls::counting(10)
        })
        .limits(Limits { compile_memory_mib: 256, ..tight() }),
        Attack::new("deep nesting", Ends::Harmless(|first, second| first == second), || {
            let layout = crate::support::Layout::new();
            let echo = crate::support::echo(&layout, layout.size("image-types", "image"));
            images_plugin(&echo, &format!("(func {}{})", "block ".repeat(20_000), "end ".repeat(20_000)))
        })
        .limits(Limits { compile_memory_mib: 1_536, ..tight() })
        .seconds(15),
        Attack::new("301 core instances", Ends::With(&[Fault::TOO_LARGE], &["core instances"]), || many_instances(301))
            .seconds(1),
        Attack::new(
            "a compiler that may not take a second",
            Ends::With(&[Fault::COMPILE_TIME_LIMIT], &["took more than 1 s", "limits.compileSeconds"]),
            locals_across_blocks,
        )
        .limits(Limits { compile_memory_mib: 65_536, compile_seconds: 1, ..Limits::default() })
        .seconds(5),
    ]
}

/// Thousands of variables, each alive in each of thousands of blocks: their product is what the code generator keeps.
fn locals_across_blocks() -> Vec<u8> {
    const LOCALS: usize = 4_000;
    let mut body = String::from("(func (param i32) (local ");
    body.push_str(&"i64 ".repeat(LOCALS));
    body.push_str(") (loop ");
    for local in 1..=LOCALS {
        write!(
            body,
            "(if (local.get 0) (then (local.set {local} (i64.add (local.get {}) (i64.const 1)))))",
            local % LOCALS + 1
        )
        .expect("a string");
    }
    body.push_str("(br_if 0 (local.get 0))))");
    images_plugin("unreachable", &body.repeat(4))
}

fn straight_line() -> Vec<u8> {
    let mut body = String::from("(func (param i64) (result i64) (local.get 0)");
    for number in 0..200_000 {
        write!(body, " i64.const {number} i64.mul").expect("a string");
    }
    body.push(')');
    images_plugin("unreachable", &body.repeat(5))
}

/// A component that instantiates one tiny module very often.
fn many_instances(count: usize) -> Vec<u8> {
    let mut text = String::from("(component (core module $m (memory 1))");
    text.push_str(&"(core instance (instantiate $m))".repeat(count));
    // The names of a plugin, so that only the instances are wrong.
    text.push_str("(component $empty) (instance $i (instantiate $empty))");
    for interface in ["meta", "images"] {
        write!(text, "(export \"flatwright:plugin/{interface}@0.1.0\" (instance $i))").expect("a string");
    }
    text.push(')');
    wat::parse_str(text).expect("assembles")
}
