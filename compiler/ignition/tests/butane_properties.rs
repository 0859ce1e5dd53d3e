//! What holds for Butane whatever the input: no panic, results that validate, and no way out of the files directory.

use flatwright_ignition::butane::{FileKind, FilesDir, Options, Refused, Version, report, schema, translate};
use flatwright_ignition::problem::Yaml;
use flatwright_ignition::{EntryKind, ignition3};
use proptest::prelude::*;

/// A files directory with one file, which counts what is asked of it.
struct OneFile;

impl FilesDir for OneFile {
    fn name(&self) -> &str {
        "files"
    }
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        assert!(path == "files" || path.starts_with("files/"), "{path} is outside");
        assert!(!path.split('/').any(|part| part == ".."), "{path} is not clean");
        if path == "files/a" { Ok(b"text\n".to_vec()) } else { Err(format!("open {path}: no such file or directory")) }
    }
    fn stat(&self, path: &str) -> Result<FileKind, String> {
        self.lstat(path)
    }
    fn lstat(&self, path: &str) -> Result<FileKind, String> {
        match path {
            "files" => Ok(FileKind::Directory),
            "files/a" => Ok(FileKind::Regular { is_executable: true }),
            _ => Err(format!("lstat {path}: no such file or directory")),
        }
    }
    fn list(&self, _: &str) -> Result<Vec<String>, String> {
        Ok(vec!["a".to_owned()])
    }
    fn read_link(&self, path: &str) -> Result<String, String> {
        Err(format!("readlink {path}: invalid argument"))
    }
}

fn run(text: &[u8]) -> flatwright_ignition::butane::Translation {
    let translation = translate(text, &Options { files: Some(&OneFile), ..Options::default() });
    let style = report::Style { name: "x.bu", has_color: true };
    let _ = report::pretty(&translation.entries, text, &style);
    translation
}

/// Fragments that make documents which get far.
fn fragment() -> impl Strategy<Value = String> {
    let words = [
        "variant: flatcar\n",
        "variant: fcos\n",
        "version: 1.1.0\n",
        "version: 1.6.0\n",
        "version: 1.2.0-experimental\n",
        "storage:\n",
        "  files:\n",
        "    - path: /a\n",
        "      contents: {inline: x}\n",
        "      contents: {local: a}\n",
        "      mode: 0644\n",
        "      mode: 644\n",
        "  trees:\n",
        "    - local: .\n",
        "  filesystems:\n",
        "    - {device: /dev/a, format: ext4, path: /var/a, with_mount_unit: true}\n",
        "  luks:\n",
        "    - {name: a, device: /dev/b, clevis: {tpm2: true}}\n",
        "  disks:\n",
        "    - {device: /dev/c, partitions: [{number: 1, label: root}, {label: b}]}\n",
        "systemd:\n",
        "  units:\n",
        "    - {name: var-a.mount, enabled: true, contents: \"[Unit]\\nA=b\\n\"}\n",
        "boot_device:\n",
        "  mirror: {devices: [/dev/x, /dev/y]}\n",
        "  layout: x86_64\n",
        "grub: {users: [{name: a, password_hash: b}]}\n",
        "passwd:\n",
        "  users:\n",
        "    - {name: core, ssh_authorized_keys_local: [a, ../a]}\n",
        "&x ",
        "*x",
        "<<: *x\n",
        "? ",
        ": ",
        "- ",
        "|\n",
        ">-\n",
        "'",
        "\"",
        "{",
        "}",
        "[",
        "]",
        ",",
        "#",
        "%",
        "!!binary ",
        "\t",
        "\r",
        "\n",
        "  ",
        "\u{85}",
        "é",
    ];
    proptest::collection::vec(proptest::sample::select(words.to_vec()), 0..40).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_give_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        run(&bytes);
        let _ = ignition3::validate(&bytes);
    }

    #[test]
    fn documents_that_get_far_give_results_that_validate(text in fragment()) {
        for head in ["", "variant: flatcar\nversion: 1.1.0\n", "variant: fcos\nversion: 1.6.0\n"] {
            let translation = run(format!("{head}{text}").as_bytes());
            prop_assert_eq!(translation.ignition.is_some(), translation.failure.is_none());
            if translation.ignition.is_some() {
                let parsed = ignition3::validate(translation.json.as_bytes());
                let errors: Vec<_> = parsed.entries.iter().filter(|entry| entry.kind == EntryKind::Error).collect();
                prop_assert!(parsed.failure.is_none() && errors.is_empty(), "{errors:?} in {}", translation.json);
                prop_assert_eq!(parsed.config.map(|(config, _)| config), translation.ignition);
            }
        }
    }

    #[test]
    fn contents_arrive_as_they_are(bytes in proptest::collection::vec(any::<u8>(), 0..300), width in 1_usize..5) {
        let text: String = bytes.iter().map(|byte| char::from(b' ' + byte % 95).to_string().repeat(width)).collect();
        let quoted = serde_json::to_string(&text).expect("a string");
        let source = format!("variant: flatcar\nversion: 1.1.0\nstorage: {{files: [{{path: /a, contents: {{inline: {quoted}}}}}]}}\n");
        let config = run(source.as_bytes()).ignition.expect("translates");
        let contents = &config.storage.files[0].contents;
        prop_assert_eq!(decode(contents), text.into_bytes());
    }
}

fn decode(contents: &ignition3::Resource) -> Vec<u8> {
    use std::io::Read;
    let source = contents.source.as_deref().expect("has a source");
    let bytes = match source.strip_prefix("data:;base64,") {
        Some(data) => base64(data),
        None => {
            let mut out = Vec::new();
            let mut rest = source.strip_prefix("data:,").expect("a data URL").bytes();
            while let Some(byte) = rest.next() {
                if byte == b'%' {
                    let digits = [rest.next().expect("a digit"), rest.next().expect("a digit")];
                    out.push(u8::from_str_radix(std::str::from_utf8(&digits).expect("ASCII"), 16).expect("hex"));
                } else {
                    out.push(byte);
                }
            }
            out
        }
    };
    if contents.compression.as_deref() == Some("gzip") {
        let mut out = Vec::new();
        flate2::read::GzDecoder::new(&*bytes).read_to_end(&mut out).expect("gzip");
        return out;
    }
    bytes
}

fn base64(text: &str) -> Vec<u8> {
    let digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let values: Vec<u32> = text.chars().filter_map(|digit| digits.find(digit)).map(|value| value as u32).collect();
    values
        .chunks(4)
        .flat_map(|chunk| {
            let bits = chunk.iter().enumerate().fold(0, |bits, (i, value)| bits | value << (18 - 6 * i));
            bits.to_be_bytes()[1..chunk.len()].to_vec()
        })
        .collect()
}

#[test]
fn every_version_translates_its_own_header() {
    for version in Version::ALL {
        let text = format!("variant: {}\nversion: {}\n", version.variant_str(), version.as_str());
        let translation = run(text.as_bytes());
        assert_eq!(translation.version, Some(version));
        assert_eq!(translation.json, format!("{{\"ignition\":{{\"version\":\"{}\"}}}}", version.ignition().as_str()));
    }
}

#[test]
fn schemas_know_the_fields_of_their_version() {
    let units = |version| schema(version)["$defs"]["Unit"]["properties"].as_object().expect("properties").clone();
    assert!(!units(Version::flatcar(0)).contains_key("contents_local"));
    assert!(units(Version::flatcar(1)).contains_key("contents_local"));
    assert!(schema(Version::flatcar(1))["$defs"]["Config"]["properties"].get("boot_device").is_none());
    assert!(schema(Version::fcos(7))["$defs"]["FcosConfig"]["properties"].get("boot_device").is_some());
    let old = ignition3::schema(ignition3::Version::V3_1);
    assert!(old["$defs"]["Storage"]["properties"].get("luks").is_none());
}

#[test]
fn deep_and_wide_documents_end_soon() {
    let head = "variant: flatcar\nversion: 1.1.0\nx: ";
    for body in
        ["[".repeat(20_000), "{a: ".repeat(20_000), "- ".repeat(20_000), "? ".repeat(20_000), "a: b\n".repeat(50_000)]
    {
        run(format!("{head}{body}").as_bytes());
        run(format!("{head}\n{body}").as_bytes());
    }
    let keys: String = (0..50_000).map(|i| format!("k{i}: 1\n")).collect();
    assert_eq!(run(format!("{head}1\n{keys}").as_bytes()).entries.len(), 50_001);
    let mut bomb = String::from("variant: flatcar\nversion: 1.1.0\npasswd:\n  users:\n");
    bomb.push_str("    - {name: a, groups: &g [");
    bomb.push_str(&"x, ".repeat(10_000));
    bomb.push_str("]}\n");
    bomb.push_str(&"    - {name: b, groups: *g}\n".repeat(5_000));
    let refused = Refused::Source(Yaml::ExcessiveAliases.into());
    assert_eq!(run(bomb.as_bytes()).failure, Some(refused.into()));
}
