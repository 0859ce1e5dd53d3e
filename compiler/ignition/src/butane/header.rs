//! The first look at a document: variant and version.

use crate::codec::Decoder;
use crate::codec::{YamlDecoder, record};
use crate::ignition3::Semver;
use flatwright_go::yaml3::Tree;

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
/// The last line of the original.
pub(super) fn version_of(tree: &Tree) -> Result<Version, String> {
    let mut fields = CommonFields::default();
    let mut decoder = YamlDecoder::new(tree, 0, go_name);
    if let Some(root) = tree.root() {
        decoder.record(root, &mut fields);
    }
    if let Some(problem) = decoder.problem() {
        return Err(format!("Error unmarshaling yaml: {problem}"));
    }
    if fields.variant.is_empty() {
        return Err("error parsing variant; must be specified".to_owned());
    }
    let Some(semver) = Semver::parse(&fields.version) else {
        return Err("error parsing version; must be a valid semver".to_owned());
    };
    let known = Version::ALL.into_iter().find(|version| {
        version.variant_str() == fields.variant && Semver::parse(version.as_str()).as_ref() == Some(&semver)
    });
    known.ok_or_else(|| unknown(&fields.variant, &semver))
}

fn unknown(variant: &str, version: &Semver) -> String {
    if variant == "rhcos" && version.numbers == [0, 1, 0] {
        return "rhcos variant has been removed; use openshift variant instead: https://coreos.github.io/butane/upgrading-openshift/"
            .to_owned();
    }
    let [major, minor, patch] = version.numbers;
    let mut text = format!("No translator exists for variant {variant} with version {major}.{minor}.{patch}");
    if !version.prerelease.is_empty() {
        text.push('-');
        text.push_str(&version.prerelease);
    }
    if !version.metadata.is_empty() {
        text.push('+');
        text.push_str(&version.metadata);
    }
    text
}

fn go_name(_: &str, _: u8) -> String {
    "config.commonFields".to_owned()
}
