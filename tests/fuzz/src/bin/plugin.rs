//! Any bytes as a plugin, and (JSON after a line `%%`) as what it says about itself: no panic, and a plugin with a description embedded is a plugin still.
#![no_main]

use flatwright_fuzz::halves;
use flatwright_plugin_host::{inspect, with_description};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let (component, description) = halves(bytes);
    let found = inspect("plugin", component);
    if let Ok(description) = serde_json::from_slice(description) {
        let described = inspect("plugin", &with_description(component, &description));
        assert!(found.is_err() || described.is_ok(), "{described:?}");
    }
});
