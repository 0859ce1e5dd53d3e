//! The contracts of Cluster API that the output may follow.

/// Which contract the CAPI kinds follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Contract {
    /// Deprecated; not served any more from CAPI v1.16 on.
    V1Beta1,
    /// The current one, from CAPI v1.11 on.
    #[default]
    V1Beta2,
}

impl Contract {
    /// Its name, as in an apiVersion.
    pub const fn name(self) -> &'static str {
        match self {
            Self::V1Beta1 => "v1beta1",
            Self::V1Beta2 => "v1beta2",
        }
    }

    /// Whether a release of Cluster API, by major and minor number, serves it.
    pub fn is_served_by(self, release: (u64, u64)) -> bool {
        match self {
            Self::V1Beta1 => release < (1, 16),
            Self::V1Beta2 => release >= (1, 11),
        }
    }

    /// The other one.
    pub const fn other(self) -> Self {
        match self {
            Self::V1Beta1 => Self::V1Beta2,
            Self::V1Beta2 => Self::V1Beta1,
        }
    }
}
