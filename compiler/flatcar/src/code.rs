//! The diagnostic codes of this crate. Each has a page under `docs/diagnostics/`.

flatwright_diagnostic::codes! {
    /// A line that is no header, comment or assignment, or a file that systemd refuses to read.
    SYSTEMD_SYNTAX = "systemd-syntax";
    /// A section or key that systemd does not know there.
    UNKNOWN_SETTING = "unknown-setting";
    /// A value that systemd cannot read, and ignores.
    INVALID_SETTING = "invalid-setting";
    /// A unit that lacks what its kind must have, or has what excludes each other: systemd refuses to load it.
    INCOMPLETE_UNIT = "incomplete-unit";
    /// A unit name that is not valid, or does not follow from the path in the unit.
    UNIT_NAME = "unit-name";
    /// An enabled unit that nothing will start.
    UNIT_NOT_INSTALLABLE = "unit-not-installable";
    /// A command under `/etc`, which is mounted `noexec`.
    NOEXEC_ETC = "noexec-etc";
    /// A transfer without source or target, or with two that do not fit together.
    TRANSFER_RESOURCES = "transfer-resources";
    /// A match pattern that sysupdate refuses.
    TRANSFER_PATTERN = "transfer-pattern";
    /// A transfer file that the release does not find under this name.
    TRANSFER_FILE_NAME = "transfer-file-name";
    /// A transfer whose checksums are verified though nothing signs them, or are protected by nothing.
    TRANSFER_VERIFICATION = "transfer-verification";
}
