//! What the compiler says and how it knows where: symbolic anchors, diagnostics, reports, and the origins of values.
//!
//! Owns: [`Path`], [`Anchor`], [`Code`], [`Rule`], [`Diagnostic`], [`Report`], [`Origin`], [`Traced`], nearest-name suggestions.
//! Must not: read a file, know a format, or turn an anchor into bytes. Only `flatwright-render` makes byte spans.

mod anchor;
mod code;
mod diagnostic;
mod nearest;
mod origin;
mod path;
mod report;
mod rule;

pub use anchor::{Anchor, Inner, NodeId, Part, Place, SourceId};
pub use code::Code;
pub use diagnostic::{Applicability, Diagnostic, Edit, Fix, Label, Severity, Target, Waiver};
pub use flatwright_derive::Rule;
pub use nearest::{nearest, nearest_within, suggest};
pub use origin::{Origin, Traced};
pub use path::{Path, Segment};
pub use report::{LeftOut, Report, Stopped};
pub use rule::{Datum, Rule};
