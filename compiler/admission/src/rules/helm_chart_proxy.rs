//! `HelmChartProxy` (CAAPH `api/v1alpha1/helmchartproxy_webhook.go`).

use crate::check::Check;
use crate::code::{CHART_SOURCE, IMMUTABLE_FIELD};
use crate::field::Field;
use crate::rules::{limits, limits_table};
use crate::syntax::is_placeholder;

pub(crate) fn create(check: &mut Check<'_>, object: &Field<'_>) {
    limits::check(check, object, limits_table::HELM_CHART_PROXY);
    let url = object.get("spec.repoURL");
    let text = url.text_or_empty();
    if is_placeholder(text) || (url.is_set() && url.text().is_none()) {
        return;
    }
    let Some((scheme, rest)) = text.split_once("://") else {
        check
            .error(CHART_SOURCE, &url, format!("`repoURL` `{}` is not an absolute address", url.shown()))
            .hint("write `https://HOST/PATH` or `oci://HOST/PATH`");
        return;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if scheme.eq_ignore_ascii_case("oci") && scheme != "oci" {
        check.error(CHART_SOURCE, &url, format!("the scheme `{scheme}` is not lower case")).hint("write `oci://`");
    } else if scheme != "oci" && !scheme.eq_ignore_ascii_case("https") {
        check
            .error(CHART_SOURCE, &url, format!("the scheme `{scheme}` is not supported"))
            .note("add-on providers up to v0.6 took `http`; newer ones refuse it")
            .hint("use `https://` or `oci://`");
    } else if host.is_empty() {
        check.error(CHART_SOURCE, &url, "`repoURL` has no host").hint("write `https://HOST/PATH` or `oci://HOST/PATH`");
    } else if !is_parsed(text, host, rest) {
        check
            .error(CHART_SOURCE, &url, format!("`repoURL` `{}` cannot be read as an address", url.shown()))
            .hint("remove blanks from the host, write a port in digits and `%` as `%25`");
    }
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
        check
            .error(IMMUTABLE_FIELD, &after, "`reconcileStrategy` cannot change")
            .hint("make a new HelmChartProxy under a new name");
    }
}
