//! JSON texts of the host as Rust values: settings and objects.
//!
//! Owns: reading JSON for serde, with messages in `serde_json`'s words. Every compile hashes, verifies and maps each plugin's code, and `serde_json`'s messages bring
//! the standard library's printing of floating point numbers into every plugin: with it a plugin is twice as large. Must not: know what the texts are about.

mod deserialize;
mod error;
mod text;

use serde::de::DeserializeOwned;

pub(crate) use error::Error;
use text::Text;

/// Reads a whole text as one value.
///
/// # Errors
/// The text is no JSON, or the value does not fit the type.
pub(crate) fn from_str<T: DeserializeOwned>(json: &str) -> Result<T, Error> {
    let mut text = Text::new(json);
    let value = T::deserialize(&mut text)?;
    text.end()?;
    Ok(value)
}

#[cfg(test)]
mod tests;
