//! Core modules that nobody uses, as sections to append to a component: what they cost the code generator is what they are for.

/// Thousands of variables, each alive in each of thousands of blocks: their product is what the code generator keeps. Gigabytes.
pub fn hungry_module() -> Vec<u8> {
    const LOCALS: usize = 4_000;
    // One group of locals of type i64; `loop`.
    let mut body = [vec![1], number(LOCALS), vec![0x7e, 0x03, 0x40]].concat();
    for local in 1..=LOCALS {
        // if (local 0) { local = next + 1 }
        body.extend([0x20, 0, 0x04, 0x40, 0x20]);
        body.extend(number(local % LOCALS + 1));
        body.extend([0x42, 1, 0x7c, 0x21]);
        body.extend(number(local));
        body.push(0x0b);
    }
    body.extend([0x20, 0, 0x0d, 0, 0x0b, 0x0b]);
    module(0x7f, &[], &vec![body; 4])
}

/// So many functions of straight-line code: time, and little memory.
pub fn slow_module(functions: usize) -> Vec<u8> {
    const STEPS: usize = 2_000;
    let body = |function: usize| {
        // No locals; local 0; then i64.const and i64.mul, again and again.
        let steps = (0..STEPS).flat_map(|step| [0x42, ((step + function) % 60 + 1) as u8, 0x7e]);
        [0, 0x20, 0].into_iter().chain(steps).chain([0x0b]).collect()
    };
    module(0x7e, &[0x7e], &(0..functions).map(body).collect::<Vec<_>>())
}

/// A section with a core module of functions of one type: one parameter, these results.
fn module(parameter: u8, results: &[u8], bodies: &[Vec<u8>]) -> Vec<u8> {
    let types = [&[1, 0x60, 1, parameter], &number(results.len())[..], results].concat();
    let functions = [number(bodies.len()), vec![0; bodies.len()]].concat();
    let code: Vec<u8> = number(bodies.len()).into_iter().chain(bodies.iter().flat_map(|body| sized(body))).collect();
    let parts = [section(1, &types), section(3, &functions), section(10, &code)].concat();
    section(1, &[&b"\0asm\x01\0\0\0"[..], &parts].concat())
}

fn section(id: u8, bytes: &[u8]) -> Vec<u8> {
    [vec![id], sized(bytes)].concat()
}

fn sized(bytes: &[u8]) -> Vec<u8> {
    [number(bytes.len()), bytes.to_vec()].concat()
}

/// LEB128.
fn number(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value > 0x7f {
        bytes.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}
