//! Two states of clusters → what will happen: a plan by node group, what the API server refuses, and what must not be removed yet.
//!
//! Owns: which objects belong together, which changes roll machines, and the plan's texts. Pure functions over objects; whoever calls has read them. Must not: know where the
//! states come from, or have rules of admission (`updates` asks for them).

mod change;
mod group;
mod input;
mod json;
mod keep;
mod live;
mod markdown;
mod plan;
mod shown;
mod state;
mod text;

pub use change::Change;
pub use group::{Action, GroupPlan};
pub use input::{Compared, Input, diff, is_spec};
pub use json::json;
pub use markdown::{escaped, markdown};
pub use plan::{ClusterPlan, OtherObject, Place, Plan};
pub use text::text;
