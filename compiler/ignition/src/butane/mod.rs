//! Butane.
