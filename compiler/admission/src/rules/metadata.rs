//! Names, labels and annotations, of the object and of the machines it makes.

use flatwright_diagnostic::Rule;
use flatwright_kubernetes::name::{self, Flaw, LONGEST_LABEL};
use flatwright_kubernetes::{is_placeholder, manifest};

use crate::check::Check;
use crate::field::{Field, shown};
use crate::rules::size;

/// Names that a kind does not allow.
#[derive(Debug, Rule)]
#[rule(group = "admission-object-name")]
pub(crate) enum ObjectName {
    /// A name that no object may have.
    #[rule("object-name-syntax", "`{name}` is not an object name")]
    Syntax { name: String },
    /// A name that does not fit a label.
    #[rule("name-longer-than-label", "the name has {length} characters, {LONGEST_LABEL} are allowed")]
    LongerThanLabel { length: usize },
}

/// Labels and annotations that Kubernetes refuses.
#[derive(Debug, Rule)]
#[rule(group = "admission-label-syntax")]
pub(crate) enum LabelSyntax {
    /// The key of either.
    #[rule("label-key-syntax", "the key `{key}` of `{map}` {flaw}")]
    Key { key: String, map: &'static str, flaw: Flaw },
    /// The value of a label.
    #[rule("label-value-syntax", "the label value `{value}` {flaw}")]
    Value { value: String, flaw: Flaw },
}

/// The groups whose objects have names with colons and capitals (`pkg/apis/rbac/validation`, `pkg/apis/certificates/validation`).
const FREELY_NAMED: &[&str] = &["rbac.authorization.k8s.io", "certificates.k8s.io"];

/// What the API server asks of every object.
pub(crate) fn check(check: &mut Check<'_>, object: &Field<'_>) {
    let name = object.get("metadata.name");
    if let Some(text) = name.text().filter(|text| !is_placeholder(text)) {
        let group = manifest::group(object.get("apiVersion").text_or_empty());
        // `system:node-proxier` is one: these names need only fit a path.
        let (is_name, hint) = if FREELY_NAMED.contains(&group) {
            (name::is_path_segment(text), "leave out `/` and `%`")
        } else {
            let hint = "use lower-case letters, digits, `-` and `.`; start and end with a letter or digit";
            (name::dns_subdomain(text).is_ok(), hint)
        };
        if !is_name {
            check.refuse(&name, &ObjectName::Syntax { name: name.shown() }).hint(hint);
        }
    }
    labels(check, &object.get("metadata"));
    size::object(check, object);
}

/// Labels and annotations of an object or of its template. Annotation values may be anything.
pub(crate) fn labels(check: &mut Check<'_>, metadata: &Field<'_>) {
    size::annotations(check, metadata);
    for (map, has_values) in [("labels", true), ("annotations", false)] {
        for (key, value) in metadata.get(map).entries() {
            if is_placeholder(key) {
                continue;
            }
            if let Err(flaw) = if has_values { name::qualified(key) } else { name::annotation_key(key) } {
                check
                    .refuse(&value, &LabelSyntax::Key { key: shown(key), map, flaw })
                    .hint("write keys as `name` or `example.com/name`");
            }
            let text = value.text().filter(|text| has_values && !is_placeholder(text));
            if let Some(Err(flaw)) = text.map(name::label_value) {
                check
                    .refuse(&value, &LabelSyntax::Value { value: value.shown(), flaw })
                    .hint("use at most 63 letters, digits, `-`, `_` and `.`");
            }
        }
    }
}

/// Kinds whose name becomes a label value.
pub(crate) fn label_sized_name(check: &mut Check<'_>, object: &Field<'_>) {
    let name = object.get("metadata.name");
    let length = name.text_or_empty().len();
    if length > LONGEST_LABEL {
        check
            .refuse(&name, &ObjectName::LongerThanLabel { length })
            .hint("shorten it: the name becomes a label value on every machine");
    }
}

/// The name of a cluster, which the webhooks write into a label.
pub(crate) fn cluster_name(check: &mut Check<'_>, object: &Field<'_>) {
    let name = object.get("spec.clusterName");
    let text = name.text().filter(|text| !is_placeholder(text));
    if let Some(Err(flaw)) = text.map(name::label_value) {
        check
            .refuse(&name, &LabelSyntax::Value { value: name.shown(), flaw })
            .note("the webhook writes it into the label `cluster.x-k8s.io/cluster-name`")
            .hint("write the name of the Cluster object");
    }
}
