//! Any text as a systemd unit or drop-in of any kind: no panic, and findings are at lines of the text.
#![no_main]

use flatwright_diagnostic::Report;
use flatwright_flatcar::unit::{UnitFile, check};
use flatwright_fuzz::place;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let first = text.lines().next().unwrap_or_default().trim_start_matches(['#', ' ']);
    for (is_drop_in, name) in [(false, None), (false, Some(first)), (true, Some("a.service")), (true, None)] {
        let is_enabled = !is_drop_in;
        let unit = UnitFile { name, is_drop_in, is_enabled, release: "4628.0.0".parse().ok(), ..UnitFile::default() };
        check(text, &unit, &place(text), &mut Report::new());
    }
});
