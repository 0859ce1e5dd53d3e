//! Any text as a transfer file of systemd-sysupdate: no panic, and findings are at lines of the text.
#![no_main]

use flatwright_diagnostic::Report;
use flatwright_flatcar::sysupdate::{TransferFile, check};
use flatwright_fuzz::place;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let file_name = ["kubernetes.transfer", "noop.conf", "x"].get(text.len() % 4).copied();
    let transfer = TransferFile { file_name, ..TransferFile::default() };
    check(text, &transfer, &place(text), &mut Report::new());
});
