//! Rules evaluated on a small object with a schema, and without one.

use serde_json::{Value, json};

use super::{Fault, Val};
use crate::cel;
use crate::compile::compile;
use crate::node::Nodes;

const BUDGET: u64 = 1_000_000;

fn run(rule: &str, schema: &Value, object: &Value, old: Option<&Value>) -> Result<bool, String> {
    let (nodes, problems) = compile(schema);
    assert!(problems.is_empty(), "{problems:?}");
    let program = cel::compile(rule)?;
    let value = |value| Val::of(&nodes, Nodes::ROOT, value, false).map_err(|fault| format!("{fault:?}"));
    let old = old.map(value).transpose()?;
    match cel::run(&program, value(object)?, old, &mut BUDGET.clone()) {
        Ok(Val::Bool(holds)) => Ok(holds),
        Ok(other) => Err(format!("{other:?}")),
        Err(fault) => Err(format!("{fault:?}")),
    }
}

/// Rules that need no object.
#[track_caller]
fn holds(rules: &[&str]) {
    for rule in rules {
        assert_eq!(run(rule, &json!({"type": "boolean"}), &json!(true), None), Ok(true), "{rule}");
    }
}

#[track_caller]
fn fails(rules: &[&str]) {
    for rule in rules {
        let result = run(rule, &json!({"type": "boolean"}), &json!(true), None);
        assert!(result.is_err(), "{rule} gives {result:?}");
    }
}

#[test]
fn operators_bind_and_compute_as_in_the_specification() {
    holds(&[
        "1 + 2 * 3 == 7 && (1 + 2) * 3 == 9",
        "-7 / 2 == -3 && -7 % 2 == -1",
        "7.0 / 2.0 == 3.5",
        "1 == 1.0 && 1u == 1 && 2 > 1.5",
        "'a' + \"b\" == 'ab' && r'\\d' == '\\\\d'",
        "b'abc' == bytes('abc') && size(b'\\xff') == 1",
        "true ? 1 < 2 : false",
        "!false && !!true",
        "'b' in ['a', 'b'] && 'k' in {'k': 1} && !(1 in [])",
        "[1, 2] + [3] == [1, 2, 3] && {'a': 1} == {'a': 1.0}",
        "'a' != 1 && null == null",
        "'\\u00e9'.size() == 1 && \"\"\"a\nb\"\"\".contains('\\n')",
        "0x10 == 16 && 1e3 == 1000.0 && -9223372036854775808 < 0",
        "{'a': {'b': 1}}.a.b == 1 && [1, 2][1] == 2",
        "1 < 2 == true // a comment",
    ]);
    fails(&[
        "1 / 0 == 1",
        "9223372036854775807 + 1 > 0",
        "1 + 'a' == 2",
        "[1][1] == 1",
        "{'a': 1}.b == 1",
        "-'a' == 'a'",
    ]);
}

#[test]
fn logic_absorbs_errors_on_either_side() {
    holds(&["true || 1 / 0 == 1", "1 / 0 == 1 || true", "!(false && 1 / 0 == 1)", "!(1 / 0 == 1 && false)"]);
    holds(&["[0, 1].exists(x, 1 / x == 1)", "![0, 1].all(x, 1 / x == 2)"]);
    fails(&["1 / 0 == 1 && true", "[0, 1].all(x, 1 / x == 1)", "[0, 1].exists_one(x, 1 / x == 1)"]);
}

#[test]
fn macros_walk_lists_and_maps() {
    holds(&[
        "[1, 2, 3].all(x, x > 0) && ![1, 2].all(x, x > 1)",
        "[1, 2].exists(x, x == 2) && [1, 2, 2].exists_one(x, x == 1) && ![2, 2].existsOne(x, x == 2)",
        "[1, 2, 3].filter(x, x % 2 == 1) == [1, 3] && [1, 2].map(x, x * 2) == [2, 4]",
        "[1, 2, 3].map(x, x > 1, x * 2) == [4, 6]",
        "{'a': 1, 'b': 2}.all(k, k in ['a', 'b'])",
        "['x', 'y'].all(i, v, i < 2 && v != '') && {'a': 1}.exists(k, v, k == 'a' && v == 1)",
        "[1, 2].transformList(i, v, i + v) == [1, 3] && {'a': 1}.transformMap(k, v, v + 1) == {'a': 2}",
        "has({'a': 1}.a) && !has({'a': 1}.b)",
        "[[1, 2], [3]].all(l, l.all(x, x in [1, 2, 3]))",
    ]);
}

#[test]
fn optionals_open_safely() {
    holds(&[
        "optional.of(1).hasValue() && !optional.none().hasValue()",
        "{'a': 1}.?b.orValue(2) == 2 && {'a': 1}.?a.orValue(2) == 1",
        "[1][?5].orValue(7) == 7 && {'a': {'b': 1}}.?a.b.value() == 1",
        "optional.of(2).optMap(x, x * 2).value() == 4 && optional.none().or(optional.of(1)).value() == 1",
        "[?optional.none(), 1] == [1] && {?'a': optional.of(1)} == {'a': 1}",
        "!optional.ofNonZeroValue('').hasValue()",
    ]);
    fails(&["optional.none().value() == 1"]);
}

#[test]
fn strings_and_conversions() {
    holds(&[
        "'abc'.startsWith('a') && 'abc'.endsWith('c') && 'abc'.matches('^[a-c]+$')",
        "'tacocat'.charAt(3) == 'o' && 'hello'.indexOf('l') == 2 && 'hello'.lastIndexOf('l') == 3",
        "'a,b'.split(',') == ['a', 'b'] && ['a', 'b'].join('-') == 'a-b' && 'a b c'.split(' ', 2) == ['a', 'b c']",
        "'AbC'.lowerAscii() == 'abc' && 'x'.upperAscii() == 'X' && ' a '.trim() == 'a'",
        "'hello'.replace('l', 'L', 1) == 'heLlo' && 'tacocat'.substring(4) == 'cat' && 'abc'.reverse() == 'cba'",
        "'%s is %d, %.2f, %x'.format(['a', 3, 1.5, 255]) == 'a is 3, 1.50, ff'",
        "'a1b2'.find('[0-9]') == '1' && 'a1b2'.findAll('[0-9]') == ['1', '2'] && 'a1b2'.findAll('[0-9]', 1) == ['1']",
        "int('42') == 42 && string(1) == '1' && double('1.5') == 1.5 && uint(3) == 3u && bool('true')",
        "type(1) == int && type('a') == string && type([]) == list && type(type(1)) == type",
        "strings.quote('a\"b') == '\"a\\\\\"b\"'",
    ]);
    fails(&["int('x') == 1", "'abc'.charAt(9) == ''", "'a'.matches('(')"]);
}

#[test]
fn times_and_durations() {
    holds(&[
        "duration('1h') + duration('30m') == duration('90m') && duration('90m').getMinutes() == 90",
        "timestamp('2024-01-02T03:04:05Z').getFullYear() == 2024 && timestamp('2024-01-02T03:04:05Z').getMonth() == 0",
        "timestamp('2024-01-02T03:04:05Z') - timestamp('2024-01-02T03:04:00Z') == duration('5s')",
        "timestamp('2024-01-02T00:30:00Z').getHours('-02:00') == 22",
        "type(duration('1s')) == google.protobuf.Duration && string(duration('1500ms')) == '1.5s'",
    ]);
}

#[test]
fn the_libraries_of_kubernetes() {
    holds(&[
        "quantity('1Gi').isGreaterThan(quantity('1G')) && quantity('1500m').compareTo(quantity('1.5')) == 0",
        "quantity('2k').isInteger() && quantity('2k').asInteger() == 2000 && !isQuantity('x') && isQuantity('1e3')",
        "quantity('1').add(quantity('2')).sub(1) == quantity('2') && quantity('-1').sign() == -1",
        "isURL('https://a.b:80/c?x=1') && url('https://a.b:80/c').getHostname() == 'a.b' && url('https://a.b:80/c').getPort() == '80'",
        "url('https://a/b?k=1&k=2').getQuery()['k'] == ['1', '2'] && !isURL('a/b')",
        "isIP('::1') && ip('10.0.0.1').family() == 4 && ip('127.0.0.1').isLoopback() && ip.isCanonical('::1')",
        "cidr('10.0.0.0/8').containsIP('10.1.2.3') && cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16') && !isCIDR('10.0.0.0/33')",
        "cidr('10.1.2.3/8').masked() == cidr('10.0.0.0/8') && cidr('10.0.0.0/8').prefixLength() == 8",
        "[1, 2, 3].isSorted() && [1, 2].sum() == 3 && [3, 1].min() == 1 && ['a', 'b'].indexOf('b') == 1",
        "sets.contains([1, 2], [1]) && sets.equivalent([1, 2], [2, 1]) && sets.intersects([1], [1, 2])",
        "!format.dns1123Label().validate('a-b').hasValue() && format.named('uuid').value().validate('x').hasValue()",
        "semver('1.2.3').isLessThan(semver('1.10.0')) && semver('1.0.0-rc.1').compareTo(semver('1.0.0')) == -1 && isSemver('v1.0', true)",
    ]);
}

#[test]
fn formats_have_a_name_each() {
    holds(&[
        "!format.uuid().validate('00000000-0000-0000-0000-000000000001').hasValue()",
        "format.uri().validate('a b').hasValue() && !format.date().validate('2024-02-29').hasValue()",
        "!format.dns1123LabelPrefix().validate('a-').hasValue() && format.dns1123Label().validate('a-').hasValue()",
        "format.named('dns1035LabelPrefix').value().validate('1-').hasValue() && !format.named('nope').hasValue()",
    ]);
    assert!(cel::compile("format.nope().validate('a')").is_err());
}

#[test]
fn the_manifest_is_seen_through_its_schema() {
    let schema = json!({"type": "object", "properties": {
        "count": {"type": "integer"}, "ratio": {"type": "number"}, "either": {"x-kubernetes-int-or-string": true},
        "namespace": {"type": "string"}, "a-b": {"type": "string"}, "at": {"type": "string", "format": "date-time"},
        "ttl": {"type": "string", "format": "duration"}, "data": {"type": "string", "format": "byte"},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "set": {"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}},
        "args": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
            "items": {"type": "object", "properties": {"name": {"type": "string"}, "value": {"type": "string"}}}},
    }});
    let object = json!({
        "count": 2, "ratio": 2, "either": "50%", "namespace": "n", "a-b": "x", "at": "2024-01-01T00:00:00Z", "ttl": "1h",
        "data": "YWJj", "labels": {"x/y": "z"}, "set": ["a", "b"],
        "args": [{"name": "a", "value": "1"}, {"name": "b", "value": "2"}],
    });
    let old = json!({"set": ["b", "a"], "args": [{"name": "b", "value": "2"}, {"name": "a", "value": "1"}]});
    for rule in [
        "self.count == 2 && self.ratio == 2.0 && type(self.ratio) == double",
        "type(self.either) == string && self.either.endsWith('%')",
        "self.__namespace__ == 'n' && self.a__dash__b == 'x' && self.`a-b` == 'x'",
        "self.at < timestamp('2025-01-01T00:00:00Z') && self.ttl == duration('60m') && self.data == b'abc'",
        "self.labels['x/y'] == 'z' && 'x/y' in self.labels && self.labels.all(k, self.labels[k] != '')",
        "self.set == oldSelf.set && self.args == oldSelf.args",
        "self.set + ['b', 'c'] == ['a', 'b', 'c']",
        "size(self.args + oldSelf.args) == 2",
        "self.args.exists_one(x, x.name == 'a') && self.args[1].value == '2'",
        "has(self.count) && !has(oldSelf.count)",
    ] {
        assert_eq!(run(rule, &schema, &object, Some(&old)), Ok(true), "{rule}");
    }
}

#[test]
fn nulls_unknown_fields_and_reserved_names() {
    let any = json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true, "properties": {"known": {"type": "integer"}}});
    let schema = json!({"type": "object", "properties": {
        "none": {"type": "array", "items": {"type": "string", "format": "duration"}},
        "field": {"type": "string", "nullable": true}, "any": {"type": "array", "items": any}, "all": {"type": "integer"},
        "map": {"type": "object", "additionalProperties": {"type": "string", "nullable": true}},
        "pairs": {"type": "array", "items": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["k"],
            "items": {"type": "object", "properties": {"k": {"type": "string"}, "v": {"type": "string"}}}}},
    }});
    let object = json!({
        "none": [], "field": null, "map": {"a": null, "b": "x"}, "all": 3,
        "any": [{"known": 1, "x": 1}, {"known": 1, "x": 2}, {"known": 1, "x": 1}],
        "pairs": [[{"k": "a", "v": "1"}, {"k": "b", "v": "2"}], [{"k": "b", "v": "3"}, {"k": "a", "v": "1"}]],
    });
    for rule in [
        "!has(self.field) && type(self.map['a']) == null_type && self.map.size() == 2",
        "self.any[0] != self.any[1] && self.any[0] == self.any[2] && self.any[0].known == 1",
        "self.all == 3 && self.map.filter(k, k == 'b') == ['b']",
        "self.pairs[0] + self.pairs[1] == self.pairs[1] && self.pairs[0] == [self.pairs[0][1], self.pairs[0][0]]",
        "self.none.sum() == duration('0') && dyn([]).sum() == 0",
        "duration('1h2m3s4ms').getMilliseconds() == 3723004",
    ] {
        assert_eq!(run(rule, &schema, &object, None), Ok(true), "{rule}");
    }
    assert!(run("self.field == ''", &schema, &object, None).is_err());
}

#[test]
fn rules_that_are_not_understood_are_refused_when_compiled() {
    for rule in
        ["self.", "1 +", "nothing(1)", "self.nothing()", "'a", "has(1)", "[1].all(1, true)", "a ? b", "#", "(1", "`a"]
    {
        assert!(cel::compile(rule).is_err(), "{rule}");
    }
}

#[test]
fn cost_and_depth_are_bounded() {
    let deep = format!("{}1{}", "(".repeat(10_000), ")".repeat(10_000));
    assert!(cel::compile(&deep).is_err());
    assert!(cel::compile(&"-".repeat(5_000)).is_err());
    let chain = vec!["true"; 5_000].join(" && ");
    assert!(cel::compile(&chain).is_ok());
    let list = format!("[{}]", vec!["1"; 100].join(","));
    let rule = format!("{list}.all(a, {list}.all(b, {list}.all(c, {list}.all(d, a + b + c + d > 0))))");
    let program = cel::compile(&rule).unwrap();
    assert!(matches!(cel::run(&program, Val::Null, None, &mut BUDGET.clone()), Err(Fault::OutOfBudget)));
    let growing = "[1,1,1,1,1,1,1,1,1,1].map(a, [1,1,1,1,1,1,1,1,1,1]).map(x, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'.replace('a', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa').replace('a', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa').replace('a', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa').replace('a', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')) == []";
    let program = cel::compile(growing).unwrap();
    assert!(matches!(cel::run(&program, Val::Null, None, &mut BUDGET.clone()), Err(Fault::OutOfBudget)));
}
