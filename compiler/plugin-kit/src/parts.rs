//! What of a template belongs to which hook.
//!
//! Owns: the marks of parts in templates – a comment `hook: images, policy` before, a comment `end` behind –, and the few places that name all hooks of a plugin.

use flatwright_plugin_host::Hook;

/// What a hook of the templates does.
const fn does(hook: Hook) -> &'static str {
    match hook {
        Hook::Images => "refuses images without a version",
        Hook::Sysupdate => "updates nodes on Sundays",
        Hook::Kubeadm => "limits how many pods a node may run",
        Hook::Policy => "limits the length of names",
    }
}

/// One sentence about a plugin with these hooks, without a capital and a full stop.
fn summary(hooks: &[Hook]) -> String {
    match hooks {
        [] => String::new(),
        [one] => does(*one).to_owned(),
        [others @ .., last] => {
            let others: Vec<_> = others.iter().map(|hook| does(*hook)).collect();
            format!("{} and {}", others.join(", "), does(*last))
        }
    }
}

/// A file of a template with the parts of these hooks.
pub(crate) fn fitting(path: &str, text: &str, hooks: &[Hook]) -> String {
    // What has nothing in it any more stands on one line.
    const EMPTY: [(&str, &str); 3] = [
        ("struct Settings {\n}", "struct Settings {}"),
        ("\"properties\": {\n    },", "\"properties\": {},"),
        ("properties: {\n  },", "properties: {},"),
    ];
    let names: Vec<_> = hooks.iter().map(|hook| hook.name()).collect();
    let mut fitting = String::with_capacity(text.len());
    let mut is_wanted = true;
    for line in text.lines() {
        let comment = line.trim_start().trim_start_matches(['/', '#']).trim_start();
        let is_comment = comment.len() < line.trim_start().len();
        if let Some(listed) = comment.strip_prefix("hook: ").filter(|_| is_comment) {
            is_wanted = listed.split(", ").any(|hook| names.contains(&hook));
        } else if comment == "end" && is_comment {
            is_wanted = true;
        } else if is_wanted {
            fitting.push_str(line);
            fitting.push('\n');
        }
    }
    let kubeadm = does(Hook::Kubeadm);
    let capital = |text: &str| text[..1].to_uppercase() + &text[1..];
    let sentence = summary(hooks);
    let mut fitting = fitting.replace(kubeadm, &sentence).replace(&capital(kubeadm), &capital(&sentence));
    for (empty, short) in EMPTY {
        fitting = fitting.replace(empty, short);
    }
    if path == "src/lib.rs" {
        fitting = fitting.replace(": kubeadm);", &format!(": {});", names.join(", ")));
    }
    if path.starts_with("wit/") {
        let export = "    export flatwright:plugin/kubeadm@0.1.0;\n";
        let exports = names.iter().map(|name| export.replace("kubeadm", name));
        fitting = fitting.replace(export, &exports.collect::<String>());
    }
    if !hooks.contains(&Hook::Kubeadm) {
        fitting = fitting.replace(", settings: {maxPods: 64}", "");
        if path == "settings.schema.json" {
            let (before, rest) = fitting.split_once("\"properties\": {").expect("invariant: the schema has properties");
            let (_, after) = rest.split_once("\n  },\n").expect("invariant: the properties end");
            fitting = format!("{before}\"properties\": {{}},\n{after}");
        }
    }
    fitting
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_other_hooks_are_left_out() {
        let text = "a\n  // hook: images, policy\nb\n  // end\n# hook: kubeadm\nc\n# end\nd // end\n";
        assert_eq!(fitting("x", text, &[Hook::Policy]), "a\nb\nd // end\n");
        assert_eq!(fitting("x", text, &[Hook::Kubeadm]), "a\nc\nd // end\n");
        assert_eq!(fitting("x", text, &[Hook::Sysupdate]), "a\nd // end\n");
    }

    #[test]
    fn the_summary_is_one_sentence() {
        let all = summary(&Hook::ALL);
        assert!(all.starts_with("refuses images without a version, updates") && all.contains(" and "), "{all}");
        assert_eq!(summary(&[Hook::Policy]), "limits the length of names");
    }
}
