//! Any bytes through the spec parser: no panic, and a spec that does not decode has an error.
#![no_main]

use flatwright::Contract;
use flatwright_diagnostic::{Report, SourceId};
use flatwright_spec::{Decode, Decoder, read_documents, types::FlatcarCluster};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut report = Report::new();
    let source = SourceId(0);
    let (tree, documents) = read_documents(bytes, source, &mut report);
    let Some(tree) = tree else {
        assert!(report.has_errors());
        return;
    };
    let environment = |name: &str| (name.len() == 1).then(|| "1".to_owned());
    for document in documents {
        let before = report.has_errors();
        let mut decoder = Decoder { tree: &tree, source, environment: &environment, report: &mut report };
        match FlatcarCluster::decode(&mut decoder, document.root) {
            Some(spec) if !report.has_errors() => flatwright_spec::check(&spec, Contract::default(), None, &mut report),
            Some(_) => {}
            None => assert!(before || report.has_errors(), "a failed decode has no finding"),
        }
    }
});
