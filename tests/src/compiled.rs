//! One compile in process, with what tests look at.

use flatwright::{Compilation, Format, Options, SpecFile};
use flatwright_render::{Findings, TextOptions, render_text};
use serde_json::Value;

use crate::Memory;

/// The outcome of a compile.
#[derive(Debug)]
pub struct Compiled {
    /// The stream, if there is no error.
    pub stream: Option<String>,
    /// The findings as text.
    pub findings: String,
    /// Each finding: code, severity word, 1-based line of its anchor, message.
    pub list: Vec<(String, String, Option<usize>, String)>,
    /// The whole outcome.
    pub compilation: Compilation,
}

impl Compiled {
    /// Whether a finding has this code and line.
    pub fn has(&self, code: &str, line: usize) -> bool {
        self.list.iter().any(|(found, _, at, _)| found == code && *at == Some(line))
    }

    /// The codes of the error findings.
    pub fn errors(&self) -> Vec<&str> {
        self.list.iter().filter(|(_, severity, ..)| severity == "error").map(|(code, ..)| code.as_str()).collect()
    }

    /// The objects as JSON, in order.
    pub fn objects(&self) -> Vec<Value> {
        let objects = self.compilation.clusters.iter().flat_map(|cluster| &cluster.objects);
        objects.map(|object| crate::to_json(&object.value)).collect()
    }
}

/// Compiles a text in an empty world.
pub fn compile_text(text: &str) -> Compiled {
    compile_with(text.as_bytes(), &Memory::default(), &Options::default())
}

/// Compiles bytes.
pub fn compile_with(bytes: &[u8], world: &Memory, options: &Options) -> Compiled {
    let files = [SpecFile { name: "cluster.yaml".to_owned(), bytes: bytes.to_vec() }];
    let compilation = flatwright::compile(&files, world, options);
    let findings = Findings::new(&compilation.report, &compilation.sources);
    let text = render_text(&findings, &TextOptions::default());
    let list = compilation
        .report
        .diagnostics()
        .iter()
        .map(|diagnostic| {
            let span = diagnostic.anchor.as_ref().and_then(|anchor| compilation.sources.resolve(anchor));
            let line = span.map(|span| span.start.line);
            (diagnostic.code.to_string(), diagnostic.severity.word().to_owned(), line, diagnostic.message.clone())
        })
        .collect();
    let stream = (!compilation.report.has_errors()).then(|| flatwright::stream(&compilation.clusters, Format::Yaml));
    Compiled { stream, findings: text, list, compilation }
}
