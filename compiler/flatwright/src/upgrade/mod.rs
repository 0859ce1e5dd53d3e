//! New versions for a spec: which they become, the edits of the file, and the plan of what that does to the machines; or scripts that raise Kubernetes on the machines that there are ([`in_place()`]).
//!
//! Owns: which versions may follow which (tables of `facts`), where in a spec a version stands, and what only a person can edit. Must not: edit YAML itself (`render` does),
//! compare clusters (`diff` does), or write a file: whoever calls writes what [`Upgraded`] holds.

mod apply;
mod asked;
mod choose;
pub(crate) mod code;
mod find;
mod in_place;
mod rules;
mod shown;

pub use apply::{Upgraded, upgrade};
pub use asked::{Asked, Edited, Wish};
pub use in_place::{InPlace, MARK, in_place};
pub use rules::Upgrade;
pub use shown::{json, lines, markdown, text};
