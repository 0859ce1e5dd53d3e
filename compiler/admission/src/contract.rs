//! The two versions of the CAPI types that are served.

use crate::field::Field;

/// Which shape a CAPI object has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contract {
    V1Beta1,
    V1Beta2,
}

impl Contract {
    /// The shape of an object, by its `apiVersion`; unknown versions are read as the newest.
    pub(crate) fn of(object: &Field<'_>) -> Self {
        if object.get("apiVersion").text_or_empty().ends_with("/v1beta1") { Self::V1Beta1 } else { Self::V1Beta2 }
    }

    /// The path of a field that moved between the contracts.
    pub(crate) fn pick<T>(self, v1beta1: T, v1beta2: T) -> T {
        match self {
            Self::V1Beta1 => v1beta1,
            Self::V1Beta2 => v1beta2,
        }
    }
}
