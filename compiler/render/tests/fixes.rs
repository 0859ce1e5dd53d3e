//! Fixes against a model: a change of the text must be the same change of the value, whatever the text's style, and must leave every comment.

use flatwright_diagnostic::{Anchor, Applicability, Edit, Fix, NodeId, Part, Path, Segment, SourceId};
use flatwright_render::{FixError, apply_fixes};
use flatwright_yaml::scalar::core;
use flatwright_yaml::{Kind, Limits, Map, Tree, Value, ValueKind, emit, emit_json, parse};
use proptest::prelude::*;

fn values() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        "[a-z]{1,6}",
        "[ -~é]{0,12}",
        Just("yes".to_owned()),
        Just("0644".to_owned()),
        Just("one\ntwo\n".to_owned()),
        Just("keeps\n\n\n".to_owned()),
        Just("strips".to_owned()),
    ];
    let leaf = prop_oneof![
        text.prop_map(Value::str),
        any::<i32>().prop_map(|number| Value::new(ValueKind::Int(number.into()))),
        any::<bool>().prop_map(|value| Value::new(ValueKind::Bool(value))),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| Value::new(ValueKind::Seq(items))),
            prop::collection::vec(("[a-z]{1,3}|[ -~]{1,5}", inner), 0..4).prop_map(|entries| {
                let mut map = Map::new();
                for (key, value) in entries {
                    map.insert(key, value);
                }
                Value::new(ValueKind::Map(map))
            }),
        ]
    })
}

/// What a text means, whatever its layout and the order of its keys.
fn meaning(tree: &Tree, node: NodeId) -> String {
    match tree.kind(node) {
        Kind::Scalar(text, style) => format!("{:?}", core(text, style, tree.tag(node))),
        Kind::Sequence(items) => {
            format!("[{}]", items.iter().map(|item| meaning(tree, *item)).collect::<Vec<_>>().join(", "))
        }
        Kind::Mapping(entries) => {
            let mut entries: Vec<_> = entries
                .iter()
                .map(|entry| format!("{:?}: {}", tree.scalar(entry.key), meaning(tree, entry.value)))
                .collect();
            entries.sort();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

fn meaning_of(text: &str) -> String {
    let (tree, error) = parse(text, &Limits::default());
    assert_eq!(error, None, "{text}");
    tree.roots().first().map_or_else(String::new, |root| meaning(&tree, *root))
}

fn at_path<'v>(mut value: &'v mut Value, path: &[Segment]) -> Option<&'v mut Value> {
    for segment in path {
        value = match segment {
            Segment::Key(key) => value.as_map_mut()?.get_mut(key)?,
            Segment::Index(index) => value.as_seq_mut()?.get_mut(*index)?,
        };
    }
    Some(value)
}

fn removed(mut value: Value, path: &Path) -> Option<Value> {
    let (last, parent) = path.segments().split_last()?;
    let parent = at_path(&mut value, parent)?;
    match last {
        Segment::Key(key) => {
            parent.as_map_mut()?.remove(key)?;
        }
        Segment::Index(index) => {
            parent.as_seq_mut()?.remove(*index);
        }
    }
    Some(value)
}

/// A text of the value in one of several styles, with comments where they can stand.
fn written(value: &Value, style: u8) -> String {
    match style {
        0 => emit(value),
        1 => emit_json(value),
        2 => emit_json(value).lines().map(str::trim).collect::<Vec<_>>().join(" "),
        3 => emit(value).replace('\n', "\r\n"),
        _ => {
            let text = emit(value);
            if text.contains(['|', '#']) { text } else { text.replace('\n', " # why\n") }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_change_of_the_text_is_the_same_change_of_the_value(
        value in values(),
        style in 0_u8..5,
        node in 0_u32..40,
        kind in 0_u8..4,
        wanted in "[a-z]{1,5}|[ -~]{1,8}|[0-9]{1,4}",
    ) {
        let text = written(&value, style);
        let (tree, error) = parse(&text, &Limits::default());
        prop_assert_eq!(&error, &None, "{}", text);
        let ids = (0..u32::try_from(tree.len()).expect("small")).map(NodeId);
        let keys: Vec<NodeId> = ids.clone().filter_map(|id| tree.key_of(id)).collect();
        let nodes: Vec<NodeId> = ids.filter(|id| !keys.contains(id)).collect();
        let node = nodes[node as usize % nodes.len()];
        let path = tree.path(node);
        let anchor = Anchor::node(SourceId(0), node);
        // Quoted, so that both sides mean the same string.
        let quoted = format!("{wanted:?}");
        let mut model = value;
        let (edit, expected) = match kind {
            0 => {
                let Some(target) = at_path(&mut model, path.segments()) else { return Ok(()) };
                *target = Value::str(wanted);
                (Edit::replace(anchor, quoted), Some(model))
            }
            1 => {
                let Some((Segment::Key(_), parent)) = path.segments().split_last() else { return Ok(()) };
                let Some(map) = at_path(&mut model, parent).and_then(Value::as_map_mut) else { return Ok(()) };
                let old = tree.key_of(node).and_then(|key| tree.scalar(key)).unwrap_or_default();
                if map.get(&wanted).is_some() { return Ok(()) }
                let Some(value) = map.remove(old) else { return Ok(()) };
                map.insert(wanted, value);
                (Edit::replace(Anchor { part: Part::Key, ..anchor }, quoted), Some(model))
            }
            2 => (Edit::remove(anchor), removed(model, &path)),
            _ => {
                let Some(map) = at_path(&mut model, path.segments()).and_then(Value::as_map_mut) else { return Ok(()) };
                if map.get("new key").is_some() { return Ok(()) }
                map.insert("new key", Value::str(wanted));
                (Edit::insert(anchor, "new key", quoted), Some(model))
            }
        };
        let fix = Fix { title: "change".into(), edits: vec![edit], applicability: Applicability::Certain };
        match apply_fixes(&text, &tree, std::slice::from_ref(&fix)) {
            Ok(after) => {
                let Some(expected) = expected else { return Ok(()) };
                let is_rootless = path.is_root() && kind == 2;
                prop_assert!(!is_rootless);
                prop_assert_eq!(meaning_of(&after), meaning_of(&emit(&expected)), "{}\n{:?}\n{}", text, fix, after);
                if kind != 2 {
                    prop_assert!(after.matches("# why").count() >= text.matches("# why").count());
                }
            }
            Err(FixError::Breaks(_, message)) => prop_assert!(false, "{text}\n{fix:?}\n{message}"),
            Err(_) => {}
        }
    }
}
