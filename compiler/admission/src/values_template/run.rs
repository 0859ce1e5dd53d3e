//! Templates executed for the clusters of a set that they are for.

use std::collections::{BTreeMap, BTreeSet};

use flatwright_diagnostic::Diagnostic;
use flatwright_go::sprig::TextFunctions;
use flatwright_go::template::{self, Heap, Outcome, Position, RemarkKind, Template};
use flatwright_go::yaml3;

use super::data::{self, Given, Referred, TOP};
use super::rule::ValuesTemplate;
use super::shape::Place;
use super::text;
use crate::field::Field;
use crate::selector;
use crate::set::manifests::{Findings, Set, name, namespace};

/// What one run may cost: about the items and bytes that it makes.
const STEPS: usize = 200_000;

/// Runs of a whole set. Beyond these the templates are still read.
const RUNS: usize = 500;

/// A template, and the clusters that it is executed for.
pub(crate) struct Runs<'a> {
    proxy: usize,
    values: Field<'a>,
    /// By name; one without a name is no cluster of the set.
    clusters: Vec<(&'a str, Given<'a>)>,
}

/// Every template of the set for each cluster that it selects, or once without one.
pub(crate) fn runs<'a>(set: &Set<'a>) -> Vec<Runs<'a>> {
    let all = Clusters::of(set);
    let (mut found, mut left) = (Vec::new(), RUNS);
    for (index, proxy) in set.of_kind("HelmChartProxy") {
        let values = proxy.get("spec.valuesTemplate");
        if left == 0 || !values.text().is_some_and(|source| source.contains("{{")) {
            continue;
        }
        let own = proxy.get("spec.clusterSelector");
        let near = all.near(namespace(proxy), &own).iter();
        let selected = near.filter(|cluster| selector::matches(&own, &cluster.get("metadata.labels"))).take(left);
        let mut clusters: Vec<_> = selected.map(|cluster| (name(cluster), given(set, cluster))).collect();
        if clusters.is_empty() {
            clusters.push(("", Given::default()));
        }
        left -= clusters.len();
        found.push(Runs { proxy: index, values, clusters });
    }
    found
}

/// Executes templates.
pub(crate) fn execute(set: &Set<'_>, runs: &[Runs<'_>], findings: &mut Findings<'_>) {
    for Runs { proxy, values, clusters } in runs {
        let chart = set.get(*proxy).get("spec.chartName").text_or_empty();
        let mut reported = BTreeSet::new();
        for (cluster, given) in clusters {
            let Ok(template) = text::parse(&format!("{chart}-{cluster}"), values.text_or_empty()) else { break };
            if text::has_bad_calls(&template) {
                break;
            }
            for (key, rule, position) in judge(&template, given) {
                if reported.insert(key) {
                    report(findings, *proxy, values, &rule, position, cluster);
                }
            }
        }
    }
}

/// The clusters of a set, so that a proxy need not look at all of them: a set may have thousands of both.
struct Clusters<'s, 'a> {
    by_namespace: BTreeMap<&'a str, Vec<&'s Field<'a>>>,
    by_label: BTreeMap<(&'a str, &'a str, &'a str), Vec<&'s Field<'a>>>,
}

impl<'s, 'a> Clusters<'s, 'a> {
    fn of(set: &'s Set<'a>) -> Self {
        let mut clusters = Self { by_namespace: BTreeMap::new(), by_label: BTreeMap::new() };
        for (_, cluster) in set.of_kind("Cluster") {
            clusters.by_namespace.entry(namespace(cluster)).or_default().push(cluster);
            for (key, value) in cluster.get("metadata.labels").entries() {
                let label = (namespace(cluster), key, value.text_or_empty());
                clusters.by_label.entry(label).or_default().push(cluster);
            }
        }
        clusters
    }

    /// Those of a namespace that a selector may take: all, or those with the first label that it wants.
    fn near(&self, namespace: &'a str, selector: &Field<'a>) -> &[&'s Field<'a>] {
        let first = selector.get("matchLabels").entries().next().filter(|(_, value)| value.text().is_some());
        let found = match &first {
            Some((key, value)) => self.by_label.get(&(namespace, *key, value.text_or_empty())),
            None => self.by_namespace.get(namespace),
        };
        found.map_or(&[], Vec::as_slice)
    }
}

fn given<'a>(set: &Set<'a>, cluster: &Field<'a>) -> Given<'a> {
    let is_made_by_class = cluster.get("spec.topology").is_set();
    let referred = |key: &'static str| {
        let reference = cluster.get(key);
        match set.resolve(cluster, &reference) {
            Some(index) => Referred::Object(set.get(index).value()),
            None if reference.is_set() || is_made_by_class => Referred::Elsewhere,
            None => Referred::Nothing,
        }
    };
    Given {
        cluster: Some(cluster.value()),
        control_plane: referred("spec.controlPlaneRef"),
        infrastructure: referred("spec.infrastructureRef"),
    }
}

type Finding = ((Position, usize), ValuesTemplate, Position);

/// What is wrong with a template that is executed with these objects; the first part tells findings apart.
fn judge(template: &Template, given: &Given<'_>) -> Vec<Finding> {
    let mut heap = Heap::new(STEPS);
    let Ok(top) = data::top(&mut heap, given, &template.reads()) else { return Vec::new() };
    let outcome = template::execute(template, &TextFunctions, heap, &top);
    let mut found = Vec::new();
    for remark in &outcome.remarks {
        let rule = match &remark.kind {
            RemarkKind::AbsentField { field, of } => ValuesTemplate::UnknownField {
                field: field.clone(),
                of: of.clone(),
                nearest: nearest(field, of, given),
            },
            RemarkKind::NoValue => ValuesTemplate::NoValue,
        };
        found.push(((remark.position, 0), rule, remark.position));
    }
    if let Some(error) = &outcome.error {
        let rule = ValuesTemplate::Fails { fault: error.fault.to_string() };
        found.push(((error.position, 1), rule, error.position));
    }
    found.extend(result(template, &outcome));
    found
}

/// A result that is known must be a mapping of YAML.
fn result(template: &Template, outcome: &Outcome) -> Option<Finding> {
    let text = outcome.text.as_deref()?;
    let (rule, line) = match yaml3::parse_first(text.as_bytes()) {
        Err(error) => (ValuesTemplate::NotYaml { problem: error.problem.to_string() }, error.problem_line as usize + 1),
        Ok(tree) => {
            let root = tree.root()?;
            let what = match tree.kind(root) {
                yaml3::Kind::Mapping(_) => return None,
                yaml3::Kind::Scalar(..) if matches!(tree.value(root), "" | "~" | "null" | "Null" | "NULL") => {
                    return None;
                }
                yaml3::Kind::Sequence(_) => "a list",
                _ => "a single value",
            };
            (ValuesTemplate::NotMapping { what }, tree.node(root).line as usize)
        }
    };
    let position = outcome.position_of_line(template, line);
    Some(((position, 2), rule, position))
}

fn report(
    findings: &mut Findings<'_>,
    index: usize,
    values: &Field<'_>,
    rule: &ValuesTemplate,
    position: Position,
    cluster: &str,
) {
    let inner = text::inner(position);
    let is_final = !values.text_or_empty().contains("${");
    let check = findings.on(index);
    let finding: &mut Diagnostic = match rule {
        ValuesTemplate::UnknownField { .. } | ValuesTemplate::NoValue => check.warn(values, rule),
        rule => check.certain(is_final, values, rule),
    };
    finding.inside(inner);
    if !cluster.is_empty() {
        finding.note(format!("for the cluster `{cluster}`"));
    }
    if let ValuesTemplate::UnknownField { nearest: Some(nearest), .. } = rule {
        finding.hint(format!("did you mean `{nearest}`?"));
    }
}

/// The field that was probably meant.
fn nearest(field: &str, of: &str, given: &Given<'_>) -> Option<&'static str> {
    let known = match of.strip_prefix('.').filter(|path| !path.is_empty()) {
        None => TOP.iter().copied().collect(),
        Some(path) => {
            let mut steps = path.split('.');
            let (top, kind) = match steps.next()? {
                "Cluster" => ("Cluster", Some("Cluster")),
                "ControlPlane" => ("ControlPlane", kind_of(&given.control_plane)),
                name => (name, kind_of(&given.infrastructure)),
            };
            let place = Place::of_kind(kind?, top)?;
            let place = steps.try_fold(place, |place, step| {
                let (name, index) = step.strip_suffix("[…]").map_or((step, false), |name| (name, true));
                let next = place.step(name).ok()??;
                if index { next.inside() } else { Some(next) }
            })?;
            place.names()
        }
    };
    flatwright_diagnostic::nearest(field, known)
}

fn kind_of<'a>(referred: &Referred<'a>) -> Option<&'a str> {
    let Referred::Object(json) = referred else { return None };
    json.get("kind")?.as_str()
}
