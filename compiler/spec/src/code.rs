//! The codes of findings about a spec.

use flatwright_diagnostic::{Code, Rule};

use crate::rules::{
    ArchitectureMismatch, Conflict, ControlPlaneReplicas, Decoding, Document, DuplicateName, EtcdDisk, FlatcarRelease,
    ImageReference, InvalidValue, MissingField, NameTooLong, NetworkRange, OutOfRange, PatchUpdates, ProviderSupport,
    RebootManager, UnknownKind, UnknownValue, UnreadableFile, UnsetVariable, VersionPair,
};

/// Every code of this crate.
pub fn all() -> Vec<Code> {
    [
        ArchitectureMismatch::codes(),
        Conflict::codes(),
        ControlPlaneReplicas::codes(),
        Decoding::codes(),
        Document::codes(),
        DuplicateName::codes(),
        EtcdDisk::codes(),
        FlatcarRelease::codes(),
        ImageReference::codes(),
        InvalidValue::codes(),
        MissingField::codes(),
        NameTooLong::codes(),
        NetworkRange::codes(),
        OutOfRange::codes(),
        PatchUpdates::codes(),
        ProviderSupport::codes(),
        RebootManager::codes(),
        UnknownKind::codes(),
        UnknownValue::codes(),
        UnreadableFile::codes(),
        UnsetVariable::codes(),
        VersionPair::codes(),
    ]
    .concat()
}
