//! The one thing a plugin can reach: the compiler's log.
//!
//! Owns: the macros. A call may write 1,000 lines and 256 KiB by default; the compiler shows `warn` and `error` unless the user asks for more.

use crate::bindings::base::flatwright::plugin::log::Level;

/// Writes one line. Natively, in tests, it goes to standard error.
#[doc(hidden)]
pub fn write(level: &str, message: &str) {
    let level = match level {
        "trace" => Level::Trace,
        "debug" => Level::Debug,
        "info" => Level::Info,
        "warn" => Level::Warn,
        _ => Level::Error,
    };
    #[cfg(target_arch = "wasm32")]
    crate::bindings::base::flatwright::plugin::log::log(level, message);
    #[cfg(not(target_arch = "wasm32"))]
    eprintln!("{level:?}: {message}");
}

/// Sends the message of a panic to the log, whose last lines the compiler shows when a plugin crashes. Natively the test runner does that.
pub(crate) fn log_panics() {
    #[cfg(target_arch = "wasm32")]
    std::panic::set_hook(Box::new(|panic| write("error", &panic.to_string())));
}

/// Logs a step, for the deepest look.
#[macro_export]
macro_rules! trace {
    ($($text:tt)+) => { $crate::__private::write("trace", &format!($($text)+)) };
}

/// Logs something for the author of the plugin.
#[macro_export]
macro_rules! debug {
    ($($text:tt)+) => { $crate::__private::write("debug", &format!($($text)+)) };
}

/// Logs something for a user who asks for more.
///
/// ```
/// let group = "md-0";
/// flatwright_plugin_sdk::info!("node group `{group}` keeps its image");
/// ```
#[macro_export]
macro_rules! info {
    ($($text:tt)+) => { $crate::__private::write("info", &format!($($text)+)) };
}

/// Logs that something is odd. What is wrong with the user's input belongs in the report instead.
#[macro_export]
macro_rules! warn {
    ($($text:tt)+) => { $crate::__private::write("warn", &format!($($text)+)) };
}

/// Logs that something failed. The last lines are shown when the plugin crashes.
#[macro_export]
macro_rules! error {
    ($($text:tt)+) => { $crate::__private::write("error", &format!($($text)+)) };
}
