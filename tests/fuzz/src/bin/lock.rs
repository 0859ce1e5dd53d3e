//! Any bytes as a lock and as a list of versions: no panic; what is read as a lock is the same after it is written, and the same bytes from then on.
#![no_main]

use flatwright_lock::Lock;
use flatwright_lock::known::Known;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(lock) = Lock::parse(bytes) {
        let text = lock.render();
        let again = Lock::parse(text.as_bytes()).expect("what is written can be read");
        assert!(lock.changes(&again).is_empty(), "an entry is another one after writing");
        assert_eq!(again.render(), text);
    }
    // Whatever it is, it is one list or none.
    let _ = Known::default().add("list", bytes);
});
