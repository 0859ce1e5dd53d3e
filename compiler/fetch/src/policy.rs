//! The limits of a run.

use std::time::Duration;

/// The limits of a run.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Hosts that the user vouches for, with their ports where they are not the usual ones: they may be private, and may be asked without TLS. In lower case.
    pub hosts: Vec<String>,
    /// The most bytes of an answer.
    pub largest: u64,
    /// The most redirects.
    pub most_redirects: usize,
    /// How often a request is made again after what may pass.
    pub retries: u32,
    /// How long to wait before the first of them; twice as long before the next.
    pub pause: Duration,
    /// How long a connection may take, and the silence in an answer.
    pub patience: Duration,
    /// How long a request may take as a whole.
    pub most_time: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            hosts: Vec::new(),
            largest: 256 << 20,
            most_redirects: 5,
            retries: 2,
            pause: Duration::from_millis(500),
            patience: Duration::from_secs(20),
            most_time: Duration::from_secs(300),
        }
    }
}
