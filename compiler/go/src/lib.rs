//! Texts as Go's libraries read and write them, because the programs that a cluster meets are written in Go.
//!
//! Owns: what those libraries accept, what they make of it, and the words with which they refuse it. Must not: know what a text is for – neither Ignition nor
//! Kubernetes has a word here.

pub mod base64;
pub mod duration;
pub mod gzip;
pub mod json;
pub mod literal;
pub mod number;
pub mod path;
pub mod quote;
pub mod regexp;
pub mod sprig;
pub mod template;
pub mod timestamp;
pub mod unquote;
pub mod url;
pub mod yaml2;
pub mod yaml3;
