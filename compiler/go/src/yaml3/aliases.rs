//! How much of a document may come through aliases: the original's guard against texts that multiply.

/// More than any real config. The original only counts nodes, so a long text and many aliases to it would fill its memory.
const MAX_BYTES: usize = 1 << 28;

/// Nodes that were decoded, and how many of them through an alias.
#[derive(Clone, Copy, Debug, Default)]
pub struct AliasShare {
    decoded: u64,
    aliased: u64,
    bytes: usize,
}

impl AliasShare {
    /// Counts a node. `false` if there are too many through aliases.
    pub fn count(&mut self, is_aliased: bool) -> bool {
        self.decoded += 1;
        self.aliased += u64::from(is_aliased);
        self.aliased <= 100 || self.decoded <= 1000 || self.is_allowed()
    }

    /// Counts the bytes of a text. `false` if there are too many.
    pub fn take(&mut self, bytes: usize) -> bool {
        self.bytes = self.bytes.saturating_add(bytes);
        self.bytes <= MAX_BYTES
    }

    fn is_allowed(self) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "the original computes with floats too")]
        let (aliased, decoded) = (self.aliased as f64, self.decoded as f64);
        let allowed = if decoded <= 400_000.0 {
            0.99
        } else if decoded >= 4_000_000.0 {
            0.10
        } else {
            0.99 - 0.89 * (decoded - 400_000.0) / (4_000_000.0 - 400_000.0)
        };
        aliased / decoded <= allowed
    }
}
