//! CLC.
