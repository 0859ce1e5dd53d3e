//! Getting what is at a URL, for the few commands whose business that is.
//!
//! Owns: which URLs may be asked – specs come from strangers –, redirects, limits, retries, roots of trust and proxies. Must not: be reached by a compile, keep anything, or send a
//! credential: there is none that it knows.

mod address;
mod client;
mod fault;
mod policy;
mod roots;
mod url;

pub use client::{Answer, Client, Progress, Validators};
pub use fault::Fault;
pub use policy::Policy;
pub use roots::Roots;
