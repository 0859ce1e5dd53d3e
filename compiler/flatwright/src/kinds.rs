//! One object → what the API server says of it: the mutating webhooks' defaults, the schema of its kind, the validating webhooks.
//!
//! Owns: which of them speaks where several would, and how much a built-in schema counts where another release of the provider was named.
//! Must not: have rules of its own, or know where an object stands.

use std::collections::BTreeMap;
use std::str::FromStr;

use flatwright_admission::code::EMPTY_CONTAINER;
use flatwright_admission::{Options, check_create, check_update, defaulted, kind_of};
use flatwright_diagnostic::{Diagnostic, Path, Severity};
use flatwright_kubernetes::crds::{Provider, definitions};
use flatwright_schema::code::{BEYOND_32_BITS, UNKNOWN_FIELD};
use flatwright_schema::{Schema, built_in};
use serde_json::Value as Json;

/// The releases of providers in the management cluster, by the providers' short names (`capi`, `capz`, `caaph`), as far as somebody named them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Releases(BTreeMap<String, String>);

/// One release of one provider, as `capz=v1.24`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    provider: String,
    version: String,
}

impl FromStr for Release {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut known: Vec<&str> = definitions().map(|definition| definition.provider.name).collect();
        known.dedup();
        let (provider, version) = text.split_once('=').ok_or("write NAME=VERSION, such as `capz=v1.24`")?;
        if !known.contains(&provider) {
            return Err(format!("the providers are {}", known.join(", ")));
        }
        if !version.trim_start_matches('v').starts_with(|first: char| first.is_ascii_digit()) {
            return Err("a version such as `v1.24` or `v1.24.2` is asked for".to_owned());
        }
        Ok(Self { provider: provider.to_owned(), version: version.to_owned() })
    }
}

impl FromIterator<Release> for Releases {
    fn from_iter<T: IntoIterator<Item = Release>>(releases: T) -> Self {
        Self(releases.into_iter().map(|release| (release.provider, release.version)).collect())
    }
}

impl Releases {
    /// The releases that a spec names.
    pub(crate) fn of_spec<'a>(named: impl IntoIterator<Item = (&'static str, &'a str)>) -> Self {
        Self(named.into_iter().map(|(provider, version)| (provider.to_owned(), version.to_owned())).collect())
    }

    /// The release that was named of a provider, if the built-in schemas are not of it.
    pub(crate) fn other(&self, provider: Provider) -> Option<&str> {
        self.0.get(provider.name).map(String::as_str).filter(|release| !provider.serves(release))
    }
}

/// The schema of a kind, and where it is from.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a> {
    pub(crate) schema: &'a Schema,
    /// Of a built-in one, the provider; CRDs that were given hold for certain.
    provider: Option<Provider>,
}

impl<'a> Known<'a> {
    /// A schema of CRDs that were given.
    pub(crate) const fn given(schema: &'a Schema) -> Self {
        Self { schema, provider: None }
    }

    /// The built-in schema of a kind.
    pub(crate) fn built_in(api_version: &str, kind: &str) -> Option<Self> {
        built_in(api_version, kind).map(|known| Self { schema: known.schema, provider: Some(known.provider) })
    }
}

/// What the API server says of one object, as paths in it.
///
/// Where CRDs were given, what they say comes first. The built-in schemas say the same as the rules beside them where both look at a value: then the rules speak,
/// which know more of it.
pub(crate) fn findings(
    object: &Json,
    old: Option<&Json>,
    known: Option<Known<'_>>,
    releases: &Releases,
    options: &Options,
) -> Vec<Diagnostic> {
    let provider = known.and_then(|known| known.provider);
    let mut found = match known {
        Some(Known { schema, .. }) => schema.validate(&defaulted(object), old.map(defaulted).as_ref()),
        None => Vec::new(),
    };
    if kind_of(object).is_some() {
        // The webhooks read the object into Go's types, and cannot.
        let beyond = found.iter_mut().filter(|finding| finding.code == BEYOND_32_BITS);
        beyond.for_each(|finding| finding.severity = Severity::Error);
    }
    let options = Options { schema_limits: known.is_none() || provider.is_some(), ..*options };
    let mut judged = match old {
        Some(old) => check_update(old, object, &options),
        None => check_create(object, &options),
    };
    if let Some(provider) = provider {
        // What is no field need not be filled.
        let unknown = refused(found.iter().filter(|finding| finding.code == UNKNOWN_FIELD));
        judged.retain(|finding| {
            finding.code != EMPTY_CONTAINER || !finding.object_path.as_ref().is_some_and(|path| unknown.contains(path))
        });
        let told = refused(judged.iter());
        found.retain(|finding| finding.object_path.as_ref().is_none_or(|path| !told.contains(path)));
        found.iter_mut().for_each(|finding| weigh(finding, provider, releases));
    } else {
        // The webhooks are not asked about what the schema refuses.
        let told = refused(found.iter());
        let is_told = |finding: &Diagnostic| finding.object_path.as_ref().is_some_and(|path| told.contains(path));
        judged.retain(|finding| finding.severity != Severity::Error || !is_told(finding));
    }
    found.extend(judged);
    found
}

fn refused<'f>(found: impl Iterator<Item = &'f Diagnostic>) -> Vec<Path> {
    let errors = found.filter(|finding| finding.severity == Severity::Error);
    errors.filter_map(|finding| finding.object_path.clone()).collect()
}

/// What another release says is not known: then a finding is a warning.
pub(crate) fn weigh(finding: &mut Diagnostic, provider: Provider, releases: &Releases) {
    let Provider { name, releases: known, day } = provider;
    if let Some(release) = releases.other(provider) {
        finding.severity = finding.severity.min(Severity::Warning);
        finding.note(format!("an error in {name} {known}, whose schemas are built in; {release} may differ"));
    } else if finding.code == UNKNOWN_FIELD {
        finding.note(format!("the fields are those of {name} {known}, read on {day}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_named_by_provider_and_version() {
        for text in ["capz", "capz=", "capz=main", "azure=v1.24", "=v1"] {
            assert!(text.parse::<Release>().is_err(), "{text}");
        }
        let releases: Releases = ["capz=v1.2.3".parse().unwrap()].into_iter().collect();
        let provider = |name| Provider { name, releases: "v1.26", day: "2026-08-19" };
        assert_eq!(releases.other(provider("capz")), Some("v1.2.3"));
        assert_eq!(releases.other(provider("capi")), None);
        let same: Releases = ["capz=1.26.7".parse().unwrap()].into_iter().collect();
        assert_eq!(same.other(provider("capz")), None);
    }
}
