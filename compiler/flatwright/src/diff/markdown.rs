//! The plan as Markdown, for a comment on a pull request. Names are escaped: what a spec says is no markup.

use std::fmt::Write as _;

use super::plan::{ClusterPlan, Plan};
use super::text::{field, headline, row};

/// The plan as Markdown, ending in a newline.
pub fn markdown(plan: &Plan) -> String {
    let mut out = String::new();
    for cluster in &plan.clusters {
        self::cluster(cluster, &mut out);
    }
    if out.is_empty() {
        out.push_str("There are no clusters on either side.\n");
    }
    out
}

fn cluster(cluster: &ClusterPlan, out: &mut String) {
    let _ = writeln!(out, "### {}\n", escaped(&headline(cluster)));
    if !cluster.groups.is_empty() {
        out.push_str("| group | happens | machines | at a time | order | because of |\n|---|---|---|---|---|---|\n");
        for group in &cluster.groups {
            let cells: Vec<String> = row(group).iter().map(|cell| escaped(cell)).collect();
            let _ = writeln!(out, "| {} |", cells.join(" | "));
        }
        out.push('\n');
    }
    let details = cluster.groups.iter().filter(|group| !group.changes.is_empty() || !group.notes.is_empty());
    for group in details {
        let _ = writeln!(out, "<details><summary>{}</summary>\n", escaped(&group.name));
        for change in &group.changes {
            let _ = writeln!(out, "- {}: {}", escaped(&change.object), escaped(&field(change)));
        }
        group.notes.iter().for_each(|note| {
            let _ = writeln!(out, "- {}", escaped(note));
        });
        out.push_str("\n</details>\n\n");
    }
    for other in &cluster.others {
        let _ = writeln!(out, "- {}: {}", escaped(&other.object), other.action.word());
    }
    if !cluster.others.is_empty() {
        out.push('\n');
    }
    if !cluster.pruned.is_empty() {
        out.push_str("Deleted by who prunes:\n\n");
        cluster.pruned.iter().for_each(|object| {
            let _ = writeln!(out, "- {}", escaped(object));
        });
        out.push('\n');
    }
    if !cluster.kept.is_empty() {
        out.push_str("Not to be removed before the rollouts are done:\n\n");
        cluster.kept.iter().for_each(|template| {
            let _ = writeln!(out, "- {}", escaped(template));
        });
        out.push('\n');
    }
}

/// A text that Markdown shows as it is: every character that could begin markup, a mention or a link is a reference.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | ' ' | '-' | '.' | ',' | ':' | '/' | '+' | '=' | '%' | '→' | '…' => {
                out.push(c);
            }
            c if c.is_control() => out.push(' '),
            c if c.is_alphanumeric() => out.push(c),
            c => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
        }
    }
    // A web address would become a link.
    out.replace("://", "&#58;//")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_name_is_markup() {
        let text = escaped("<b>*x*</b> @team #1 `c` [a](http://e) |");
        assert!(!text.contains(['<', '>', '*', '@', '`', '[', '(', '|']), "{text}");
        assert!(!text.contains("http://"), "{text}");
    }
}
