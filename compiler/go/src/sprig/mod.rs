//! sprig, the function library that programs of Kubernetes add to `text/template`.
//!
//! Owns: its functions, as its documentation and a stock Go say. Must not: know whose templates they are.
//! Executed is what always gives the same; a text outside of ASCII is left alone where Go's and Rust's tables of letters differ.

mod argument;
mod collections;
mod encode;
mod lists;
mod maps;
mod numbers;
mod paths;
mod texts;
mod values;

use std::sync::LazyLock;

use crate::template::{self, Called, Executed, Functions, Heap, Table, Value, call_one_of};

/// Every function of sprig.
pub fn table() -> Table {
    Table::parse(include_str!("../../../../facts/sprig.txt"))
}

/// What `HermeticTxtFuncMap` leaves out: functions that ask the clock, the environment, the network or chance.
pub const WORLDLY: &[&str] = &[
    "date",
    "date_in_zone",
    "date_modify",
    "now",
    "htmlDate",
    "htmlDateInZone",
    "dateInZone",
    "dateModify",
    "randAlphaNum",
    "randAlpha",
    "randAscii",
    "randNumeric",
    "randBytes",
    "uuidv4",
    "env",
    "expandenv",
    "getHostByName",
];

/// The functions of sprig over those of Go, as `template.New("…").Funcs(sprig.TxtFuncMap())` has them.
#[derive(Clone, Copy, Debug, Default)]
pub struct TextFunctions;

static ALL: LazyLock<Table> = LazyLock::new(|| table().over(&template::built_in()));

/// The lists of functions that are executed. sprig's come before Go's own.
const EXECUTED: &[&[Executed]] = &[
    collections::FUNCTIONS,
    encode::FUNCTIONS,
    lists::FUNCTIONS,
    maps::FUNCTIONS,
    numbers::FUNCTIONS,
    paths::FUNCTIONS,
    texts::FUNCTIONS,
    values::FUNCTIONS,
    template::EXECUTED,
];

/// The names of the functions that are executed; the result of any other is unknown.
pub fn executed() -> impl Iterator<Item = &'static str> {
    EXECUTED.iter().flat_map(|list| list.iter().map(|(name, ..)| *name)).chain(["and", "or"])
}

impl Functions for TextFunctions {
    fn table(&self) -> &Table {
        &ALL
    }

    fn call(&self, name: &str, heap: &mut Heap, arguments: &[Value]) -> Called {
        EXECUTED
            .iter()
            .find_map(|list| call_one_of(list, name, heap, arguments))
            .unwrap_or_else(|| Ok(Value::unknown()))
    }
}
