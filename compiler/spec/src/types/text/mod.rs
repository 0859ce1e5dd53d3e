//! Scalars with a form: what a text must look like, in words, as a pattern for editors, and as the check that decides.

mod azure;
mod kubernetes;
mod machine;
mod network;
mod number;
mod plugin;
mod secret;

pub use azure::*;
pub use kubernetes::*;
pub use machine::*;
pub use network::*;
pub use number::*;
pub use plugin::*;
pub use secret::*;
