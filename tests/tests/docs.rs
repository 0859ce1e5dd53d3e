//! Every code has a page and every page a code; the examples in README and guides are real; generated references are up to date.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read the repository")]

use std::collections::BTreeSet;
use std::path::PathBuf;

use flatwright_tests::{blocks, compile_text, files_below, golden, repository};
use serde_json::Value;

/// The names that the rules of all crates give: read from the sources, so that a crate that nothing here depends on counts as well.
fn declared() -> BTreeSet<String> {
    let sources = files_below(&repository().join("compiler"));
    let mut codes = BTreeSet::new();
    let is_of_product = |path: &PathBuf| {
        path.extension().is_some_and(|e| e == "rs")
            && !["compiler/diagnostic/", "compiler/derive/"].iter().any(|own| path.to_string_lossy().contains(own))
    };
    for path in sources.into_iter().filter(is_of_product) {
        let text = std::fs::read_to_string(&path).unwrap();
        // `#[rule("code", …)]`, with a line break after the parenthesis where the words are long.
        let rules =
            text.split("#[rule(").skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"')?.split_once('"'));
        codes.extend(rules.map(|(code, _)| code.to_owned()));
        let groups = text.split("#[rule(group = \"").skip(1).filter_map(|rest| rest.split_once('"'));
        codes.extend(groups.map(|(group, _)| group.to_owned()));
    }
    codes
}

fn pages() -> Vec<(String, String)> {
    files_below(&repository().join("docs/diagnostics"))
        .into_iter()
        .map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap()))
        .collect()
}

fn complain(problems: &[String]) {
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let declared = declared();
    let pages: BTreeSet<String> = pages().into_iter().map(|(code, _)| code).collect();
    let unwritten = declared.difference(&pages).map(|code| format!("docs/diagnostics/{code}.md is missing"));
    let stale = pages.difference(&declared).map(|code| format!("docs/diagnostics/{code}.md is about no code"));
    complain(&unwritten.chain(stale).collect::<Vec<_>>());
}

#[test]
fn every_code_of_the_compiler_is_declared() {
    let declared = declared();
    for code in flatwright::codes() {
        assert!(declared.contains(code.name()), "{code}");
    }
}

#[test]
fn specs_in_readme_and_guides_compile() {
    let guides = files_below(&repository().join("docs"))
        .into_iter()
        .filter(|path| !path.to_string_lossy().contains("diagnostics"));
    for path in
        guides.chain([repository().join("README.md")]).filter(|path| path.extension().is_some_and(|e| e == "md"))
    {
        let text = std::fs::read_to_string(&path).unwrap();
        for (info, body) in
            blocks(&text).into_iter().filter(|(info, _)| matches!(*info, "yaml,spec" | "yaml,spec,good"))
        {
            let compiled = compile_text(&body);
            assert!(compiled.errors().is_empty(), "{} ({info}): {}", path.display(), compiled.findings);
        }
    }
}

#[test]
fn the_spec_reference_is_what_the_schema_says() {
    golden(&repository().join("docs/spec.md"), Some(&reference(&flatwright_spec::schema()))).unwrap();
}

/// docs/spec.md: one table per record, in the order in which a reader meets them.
fn reference(schema: &Value) -> String {
    let mut text = String::from(
        "# The spec: `flatwright.dev/v1alpha1` `FlatcarCluster`\n\nMade from the schema (`flatwright schema`); do not edit. \
         Every scalar may be or contain `${env:NAME}` or `${env:NAME:-default}`, except file contents, commands and machine configs. \
         Keys in bold are required.\n",
    );
    let mut order: Vec<String> = vec!["FlatcarCluster".to_owned()];
    let mut next = 0;
    while next < order.len() {
        let name = order[next].clone();
        next += 1;
        let definition = &schema["$defs"][&name];
        text.push_str(&format!("\n## {name}\n\n{}\n\n", definition["description"].as_str().unwrap_or_default()));
        text.push_str("| key | value | meaning |\n|---|---|---|\n");
        for (key, property) in definition["properties"].as_object().into_iter().flatten() {
            let is_required = definition["required"].as_array().is_some_and(|keys| keys.iter().any(|one| one == key));
            let key = if is_required { format!("**`{key}`**") } else { format!("`{key}`") };
            let meaning = property["description"].as_str().unwrap_or_default().replace('|', "\\|").replace('\n', " ");
            text.push_str(&format!("| {key} | {} | {meaning} |\n", kind(property, &mut order)));
        }
    }
    text
}

/// What a value is, in words; records are linked and remembered.
fn kind(schema: &Value, order: &mut Vec<String>) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix("#/$defs/")) {
        if !order.iter().any(|known| known == name) {
            order.push(name.to_owned());
        }
        return format!("[{name}](#{})", name.to_lowercase());
    }
    if let Some(first) = schema["anyOf"].get(0) {
        let is_either = schema["anyOf"][1]["type"] == "object";
        return if is_either { "a file, or `inline`".to_owned() } else { kind(first, order) };
    }
    if let Some(words) = schema["oneOf"].as_array() {
        let words: Vec<_> =
            words.iter().map(|word| format!("`{}`", word["const"].as_str().unwrap_or_default())).collect();
        return words.join(", ");
    }
    if schema["items"].is_object() {
        return format!("list of {}", kind(&schema["items"], order));
    }
    if schema["additionalProperties"].is_object() {
        return format!("mapping to {}", kind(&schema["additionalProperties"], order));
    }
    match (schema["type"].as_str(), schema["minimum"].as_i64(), schema["maximum"].as_i64()) {
        (Some("integer"), Some(least), Some(most)) => format!("{least} to {most}"),
        (Some("boolean"), ..) => "`true` or `false`".to_owned(),
        (Some("string"), ..) => "text".to_owned(),
        (None, ..) if schema["type"].is_null() => "anything".to_owned(),
        _ => "text or number".to_owned(),
    }
}
