//! The first look at a document: variant and version.

use crate::codec::Decoder;
use crate::codec::{YamlDecoder, record};
use crate::ignition3::Semver;
use crate::problem::Header;
use flatwright_go::yaml3::Tree;

use super::failure::Refused;
use super::version::Version;

record! {
    /// The fields that every variant has.
    CommonFields {
        /// The version of the format.
        version: String = "version";
        /// The variant.
        variant: String = "variant";
    }
}

/// Finds the version of a document.
///
/// # Errors
/// Why there is none.
pub(super) fn version_of(tree: &Tree) -> Result<Version, Refused> {
    let mut fields = CommonFields::default();
    let mut decoder = YamlDecoder::new(tree, 0, go_name);
    if let Some(root) = tree.root() {
        decoder.record(root, &mut fields);
    }
    if let Some(problem) = decoder.problem() {
        return Err(Refused::Unread(problem));
    }
    if fields.variant.is_empty() {
        return Err(Refused::Source(Header::NoVariant.into()));
    }
    let Some(semver) = Semver::parse(&fields.version) else {
        return Err(Refused::Source(Header::UnreadableVersion.into()));
    };
    let known = Version::ALL.into_iter().find(|version| {
        version.variant_str() == fields.variant && Semver::parse(version.as_str()).as_ref() == Some(&semver)
    });
    known.ok_or_else(|| Refused::Source(unknown(fields.variant, &semver).into()))
}

/// Variants of Butane for other systems than Flatcar and Fedora CoreOS.
const FOREIGN: [(&str, &str); 3] = [("openshift", "OpenShift"), ("fiot", "Fedora IoT"), ("r4e", "RHEL for Edge")];

fn unknown(variant: String, version: &Semver) -> Header {
    if variant == "rhcos" && version.numbers == [0, 1, 0] {
        return Header::RemovedVariant;
    }
    if let Some((_, system)) = FOREIGN.into_iter().find(|(foreign, _)| *foreign == variant) {
        return Header::ForeignVariant { variant, system };
    }
    let [major, minor, patch] = version.numbers;
    let mut text = format!("{major}.{minor}.{patch}");
    if !version.prerelease.is_empty() {
        text.push('-');
        text.push_str(&version.prerelease);
    }
    if !version.metadata.is_empty() {
        text.push('+');
        text.push_str(&version.metadata);
    }
    let is_known = Version::ALL.iter().any(|version| version.variant_str() == variant);
    if is_known {
        Header::UnknownVersion { variant, version: text }
    } else {
        Header::UnknownVariant { variant, version: text }
    }
}

fn go_name(_: &str, _: u8) -> String {
    "config.commonFields".to_owned()
}
