//! `HelmChartProxy` (CAAPH `api/v1alpha1/helmchartproxy_webhook.go`).

use flatwright_diagnostic::{Fix, Rule};

use crate::check::Check;
use crate::field::{Field, shown};
use crate::rules::{limits, limits_table};
use flatwright_kubernetes::is_placeholder;

/// What the webhook refuses of a repository's address.
#[derive(Debug, Rule)]
#[rule(group = "admission-chart-source")]
pub(crate) enum ChartRepository {
    /// An address without a scheme.
    #[rule("relative-chart-repository", "`repoURL` `{url}` is not an absolute address")]
    Relative { url: String },
    /// Another scheme than `https` and `oci`.
    #[rule("chart-repository-scheme", "the scheme `{scheme}` is not supported")]
    Scheme { scheme: String },
    /// `OCI`.
    #[rule("chart-repository-scheme-case", "the scheme `{scheme}` is not lower case")]
    SchemeCase { scheme: String },
    /// An address of nothing.
    #[rule("chart-repository-without-host", "`repoURL` has no host")]
    NoHost,
    /// What Go's URL parser refuses.
    #[rule("chart-repository-syntax", "`repoURL` `{url}` is not a valid address")]
    Syntax { url: String },
}

/// Changes that an add-on does not take.
#[derive(Debug, Rule)]
#[rule(group = "admission-immutable-field")]
pub(crate) enum FixedInChartProxy {
    /// Another strategy.
    #[rule("reconcile-strategy-changed", "`reconcileStrategy` cannot change")]
    Strategy,
}

pub(crate) fn create(check: &mut Check<'_>, object: &Field<'_>) {
    limits::check(check, object, limits_table::HELM_CHART_PROXY);
    let url = object.get("spec.repoURL");
    let text = url.text_or_empty();
    if is_placeholder(text) || (url.is_set() && url.text().is_none()) {
        return;
    }
    let Some((scheme, rest)) = text.split_once("://") else {
        check
            .refuse(&url, &ChartRepository::Relative { url: without_login(text) })
            .hint("write `https://HOST/PATH` or `oci://HOST/PATH`");
        return;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if scheme.eq_ignore_ascii_case("oci") && scheme != "oci" {
        check
            .refuse(&url, &ChartRepository::SchemeCase { scheme: shown(scheme) })
            .hint("write `oci://`")
            .fix(Fix::rewrite(text, format!("oci://{rest}")));
    } else if scheme != "oci" && !scheme.eq_ignore_ascii_case("https") {
        check
            .refuse(&url, &ChartRepository::Scheme { scheme: shown(scheme) })
            .note("add-on providers up to v0.6 took `http`; newer ones refuse it")
            .hint("use `https://` or `oci://`");
    } else if host.is_empty() {
        check.refuse(&url, &ChartRepository::NoHost).hint("write `https://HOST/PATH` or `oci://HOST/PATH`");
    } else if !is_parsed(text, host, rest) {
        check
            .refuse(&url, &ChartRepository::Syntax { url: without_login(text) })
            .hint("remove blanks from the host, write a port in digits and `%` as `%25`");
    }
}

/// The address for a message: what stands before an `@` may be a password.
fn without_login(text: &str) -> String {
    text.rsplit_once('@').map_or_else(|| shown(text), |(_, rest)| format!("…@{}", shown(rest)))
}

/// What Go's URL parser asks: no control characters, no blanks in the host, a port of digits, and `%` before two hexadecimal digits.
fn is_parsed(text: &str, host: &str, rest: &str) -> bool {
    let (_, host) = host.rsplit_once('@').unwrap_or(("", host));
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    let is_escape = |tail: &str| tail.as_bytes().get(..2).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
    let port = match host.rsplit_once(']') {
        Some((_, after)) => after.strip_prefix(':'),
        None => host.split_once(':').map(|(_, port)| port),
    };
    !text.contains(|c: char| c.is_ascii_control())
        && !host.contains([' ', '<', '>', '"', '\\', '^', '`', '{', '|', '}'])
        && port.is_none_or(|port| port.bytes().all(|b| b.is_ascii_digit()))
        && path.split('%').skip(1).all(is_escape)
}

pub(crate) fn update(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    create(check, new);
    let [before, after] = [old, new].map(|object| object.get("spec.reconcileStrategy"));
    let word = |field: &Field<'_>| field.text().filter(|text| !text.is_empty()).unwrap_or("Continuous").to_owned();
    if word(&before) != word(&after) {
        check.refuse(&after, &FixedInChartProxy::Strategy).hint("make a new HelmChartProxy under a new name");
    }
}
