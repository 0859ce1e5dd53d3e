//! Go templates: the parser, the check of calls and the bounded execution never panic, and every place lies in the text.
#![no_main]

use flatwright_go::sprig::TextFunctions;
use flatwright_go::template::{self, Functions, Heap, Items, Position, Value};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let lines = text.matches('\n').count() + 1;
    let holds = |position: Position| assert!((1..=lines).contains(&position.line) && position.column > 0);
    match template::parse("t", text, &|name| TextFunctions.table().get(name).is_some()) {
        Err(error) => holds(error.position),
        Ok(template) => {
            template::bad_calls(&template, TextFunctions.table()).iter().for_each(|call| holds(call.position));
            let mut heap = Heap::new(20_000);
            let list = heap.list(Items::Any, vec![Value::text("a"), Value::int64(1), Value::Nil, Value::unknown()]);
            let list = list.expect("the budget is larger");
            let entries = [("a".into(), list), ("b".into(), Value::unknown()), ("c".into(), Value::text("ä1"))];
            let data = heap.map(false, entries.into(), None).expect("the budget is larger");
            let outcome = template::execute(&template, &TextFunctions, heap, &data);
            outcome.remarks.iter().for_each(|remark| holds(remark.position));
            outcome.error.iter().for_each(|error| holds(error.position));
            for line in 1..4 {
                holds(outcome.position_of_line(&template, line));
            }
        }
    }
});
