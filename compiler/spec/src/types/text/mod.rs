//! Scalars with a form: what a text must look like, in words, as a pattern for editors, and as the check that decides.

mod azure;
mod kubernetes;
mod machine;
mod network;
mod number;
mod secret;

pub use azure::*;
pub use kubernetes::*;
pub use machine::*;
pub use network::*;
pub use number::*;
pub use secret::*;
