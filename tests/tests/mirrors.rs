//! A mirror on loopback: what is vendored is all that compiled machines ask for, and what is fetched is fetched once.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests run the program on a disk")]

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use flatwright_tests::{files_below, program, repository};
use sha2::{Digest, Sha256};

/// A static web server: a path is a file of a directory, and an answer has a tag by which it is asked again.
struct Server {
    host: String,
    log: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn new(root: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let log = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&log);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let (mut request, mut piece) = (Vec::new(), [0; 1024]);
                while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                    let Ok(count @ 1..) = stream.read(&mut piece) else { break };
                    request.extend_from_slice(&piece[..count]);
                }
                let request = String::from_utf8_lossy(&request).into_owned();
                let path = request.split(' ').nth(1).unwrap_or_default().trim_start_matches('/').to_owned();
                let (status, body) = match std::fs::read(root.join(&path)) {
                    Ok(body) => ("200 OK", body),
                    Err(_) => ("404 Not Found", Vec::new()),
                };
                let tag = hex(&Sha256::digest(&body));
                let is_known = status == "200 OK" && request.contains(&tag);
                let (status, body) = if is_known { ("304 Not Modified", Vec::new()) } else { (status, body) };
                seen.lock().unwrap().push(format!("{} {path}", &status[..3]));
                let head = format!(
                    "HTTP/1.1 {status}\r\nETag: \"{tag}\"\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                    body.len()
                );
                let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
            }
        });
        Self { host, log }
    }

    fn taken(&self) -> Vec<String> {
        std::mem::take(&mut self.log.lock().unwrap())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A run of the program with a cache directory of its own.
fn flatwright(directory: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(program());
    command.args(arguments).current_dir(directory).env("XDG_CACHE_HOME", directory.join("cache"));
    for proxy in ["ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"] {
        command.env_remove(proxy);
    }
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// A spec, and what its machines will ask for, as somebody downloaded it.
fn workspace() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let downloads = directory.path().join("downloads");
    std::fs::create_dir(&downloads).unwrap();
    let mut sums = String::new();
    for name in ["kubernetes-v1.35.9-x86-64.raw", "kubernetes-v1.35.9-arm64.raw", "wasmtime-24.0.0-x86-64.raw"] {
        let bytes = format!("the bytes of {name}").repeat(1000);
        sums.push_str(&format!("{}  {name}\n", hex(&Sha256::digest(bytes.as_bytes()))));
        std::fs::write(downloads.join(name), bytes).unwrap();
    }
    std::fs::write(downloads.join("SHA256SUMS"), sums).unwrap();
    std::fs::write(downloads.join("kured-5.11.0.tgz"), "a chart").unwrap();
    let digest = hex(&Sha256::digest(b"a chart"));
    let index = format!(
        "apiVersion: v1\nentries:\n  kured:\n  - {{version: 5.11.0, digest: {digest}, urls: [kured-5.11.0.tgz]}}\n"
    );
    std::fs::write(downloads.join("index.yaml"), index).unwrap();
    let feed = repository().join("compiler/lock/tests/lists/releases-stable.json");
    std::fs::copy(feed, downloads.join("releases-stable.json")).unwrap();
    let spec = std::fs::read_to_string(repository().join("tests/cli/lock.in/cluster.yaml")).unwrap();
    let spec = spec.replace("replicas: 3", "extensions: [{name: wasmtime, version: 24.0.0}], replicas: 3");
    std::fs::write(directory.path().join("cluster.yaml"), spec).unwrap();
    directory
}

#[test]
fn a_vendored_directory_has_all_that_machines_ask_for() {
    let directory = workspace();
    let here = directory.path();
    let run = |arguments: &[&str]| {
        let (code, out, err) = flatwright(here, arguments);
        assert_eq!(code, Some(0), "{arguments:?}\n{err}");
        out
    };
    run(&["lock", "cluster.yaml", "--from", "downloads", "--offline"]);
    let locked = std::fs::read_to_string(here.join("flatwright.lock")).unwrap();
    assert_eq!(locked.matches("sha512 = ").count(), 3, "of the bytes that are there: {locked}");
    let printed = run(&["vendor", "cluster.yaml", "mirror", "--from", "downloads", "--offline"]);
    assert!(
        printed.contains("{from: https://extensions.flatcar.org, to: https://MIRROR.EXAMPLE/extensions.flatcar.org}"),
        "{printed}"
    );

    // The same cluster, fetching from the mirror.
    let server = Server::new(here.join("mirror"));
    let spec = std::fs::read_to_string(here.join("cluster.yaml")).unwrap();
    let mirrors = format!(
        "  mirrors:\n  - {{from: https://extensions.flatcar.org, to: http://{}/extensions.flatcar.org}}\n  - {{from: https://kubereboot.github.io, to: https://mirror.example/kubereboot.github.io}}\n",
        server.host
    );
    std::fs::write(here.join("mirrored.yaml"), spec + &mirrors).unwrap();
    let network = ["--allow-host", server.host.as_str(), "--lock", "mirrored.lock"];
    let lists = ["--from", "downloads/releases-stable.json", "--from", "mirror/kubereboot.github.io"];
    run(&[&["lock", "mirrored.yaml"][..], &lists, &network].concat());
    assert!(server.taken().contains(&"200 extensions.flatcar.org/extensions/kubernetes/SHA256SUMS".to_owned()));
    run(&["compile", "mirrored.yaml", "-o", "out", "--locked", "--lock", "mirrored.lock"]);
    // What is mirrored is vendored from where it came.
    run(&["vendor", "mirrored.yaml", "again", "--from", "mirror", "--offline", "--lock", "mirrored.lock"]);

    let mut asked = BTreeSet::new();
    for path in files_below(&here.join("out")) {
        let text = std::fs::read_to_string(&path).unwrap();
        if path.extension().is_some_and(|extension| extension == "ign") {
            let config: serde_json::Value = serde_json::from_str(&text).unwrap();
            for file in config["storage"]["files"].as_array().unwrap() {
                let source = file["contents"]["source"].as_str().unwrap();
                match source.strip_prefix("data:,") {
                    None => {
                        let hash = file["contents"]["verification"]["hash"].as_str().unwrap();
                        asked.insert((source.to_owned(), hash.to_owned()));
                    }
                    Some(data) if file["path"].as_str().unwrap().contains("sysupdate.kubernetes") => {
                        let text = percent(data);
                        let path = text.lines().find_map(|line| line.strip_prefix("Path=http")).unwrap();
                        asked.insert((format!("http{path}SHA256SUMS"), String::new()));
                    }
                    Some(_) => {}
                }
            }
        }
        for word in text.split(['"', ' ', '\n', '\'']) {
            // The name of the API server inside of the cluster is asked for in it.
            let is_inside = word.starts_with("https://kubernetes.default.svc");
            assert!(
                !word.starts_with("https://") || is_inside || word.starts_with("https://mirror.example/"),
                "{}: {word}",
                path.display()
            );
        }
    }
    assert!(asked.len() >= 4, "{asked:?}");
    for (url, hash) in &asked {
        let path = url.strip_prefix(&format!("http://{}/", server.host)).unwrap_or_else(|| panic!("{url}"));
        let bytes = std::fs::read(here.join("mirror").join(path)).unwrap_or_else(|error| panic!("{url}: {error}"));
        let sum = hex(&Sha256::digest(&bytes));
        if hash.is_empty() {
            // sysupdate takes the images from beside the list, and compares.
            let directory = here.join("mirror").join(path.strip_suffix("SHA256SUMS").unwrap());
            let list = String::from_utf8(bytes).unwrap();
            assert!(list.lines().count() >= 2);
            for (sum, name) in list.lines().map(|line| line.split_once("  ").unwrap()) {
                assert_eq!(hex(&Sha256::digest(std::fs::read(directory.join(name)).unwrap())), sum);
            }
        } else {
            assert!(hash == &format!("sha256-{sum}") || hash.starts_with("sha512-"), "{url} {hash}");
        }
        let mirrored = here.join("again").join(path);
        assert!(mirrored.exists(), "{}", mirrored.display());
    }
    let index = std::fs::read_to_string(here.join("mirror/kubereboot.github.io/charts/index.yaml")).unwrap();
    assert!(
        index.contains("version: \"5.11.0\"")
            && here.join("mirror/kubereboot.github.io/charts/kured-5.11.0.tgz").exists()
    );
}

/// The text of a data URL.
fn percent(data: &str) -> String {
    let mut out = Vec::new();
    let mut bytes = data.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let hex: String = bytes.by_ref().take(2).map(char::from).collect();
            out.push(u8::from_str_radix(&hex, 16).unwrap());
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).unwrap()
}

#[test]
fn other_bytes_than_the_locked_ones_are_not_vendored() {
    let directory = workspace();
    let here = directory.path();
    assert_eq!(flatwright(here, &["lock", "cluster.yaml", "--from", "downloads", "--offline"]).0, Some(0));
    std::fs::write(here.join("downloads/kubernetes-v1.35.9-arm64.raw"), "other bytes").unwrap();
    let (code, _, err) = flatwright(here, &["vendor", "cluster.yaml", "mirror", "--from", "downloads", "--offline"]);
    assert_eq!(code, Some(2));
    assert!(
        err.contains("is not what is locked, and is left out") && err.contains("no network may be reached"),
        "{err}"
    );
    assert!(files_below(&here.join("mirror")).iter().all(|path| !path.ends_with("kubernetes-v1.35.9-arm64.raw")));
    // And a spec that is not locked is not vendored.
    std::fs::remove_file(here.join("flatwright.lock")).unwrap();
    assert_eq!(flatwright(here, &["vendor", "cluster.yaml", "mirror", "--offline"]).0, Some(1));
}

#[test]
fn a_list_is_fetched_once_and_kept_where_nobody_else_writes() {
    let directory = workspace();
    let here = directory.path();
    std::fs::create_dir_all(here.join("served/ext/kubernetes")).unwrap();
    std::fs::create_dir_all(here.join("served/ext/wasmtime")).unwrap();
    for name in ["kubernetes", "wasmtime"] {
        std::fs::copy(here.join("downloads/SHA256SUMS"), here.join("served/ext").join(name).join("SHA256SUMS"))
            .unwrap();
    }
    let server = Server::new(here.join("served"));
    let spec = std::fs::read_to_string(here.join("cluster.yaml")).unwrap();
    let own = format!("  sysupdate: {{bakery: \"http://{}/ext\"}}\n", server.host);
    std::fs::write(here.join("cluster.yaml"), spec.replace("kured: {}", "kured: {version: 5.11.0}") + &own).unwrap();
    let lock = |more: &[&str]| {
        let fixed =
            ["lock", "cluster.yaml", "--from", "downloads/releases-stable.json", "--from", "downloads/index.yaml"];
        flatwright(here, &[&fixed[..], more].concat())
    };
    let allowed = ["--allow-host", server.host.as_str()];
    // Nobody vouches for it: a spec may come from a stranger.
    let (code, _, err) = lock(&[]);
    assert_eq!(code, Some(1));
    assert!(err.contains("is not `https://`") && server.taken().is_empty(), "{err}");
    let (code, _, err) = lock(&["--offline"]);
    assert_eq!((code, server.taken().len()), (Some(1), 0), "{err}");
    assert!(err.contains("it was not fetched before, and no network may be reached"), "{err}");
    let (code, _, err) = lock(&allowed);
    assert_eq!(code, Some(0), "{err}");
    assert_eq!(server.taken(), ["200 ext/kubernetes/SHA256SUMS"], "which has the other extension as well");
    // Again, with nothing but what was kept; then asked whether it changed.
    std::fs::remove_file(here.join("flatwright.lock")).unwrap();
    assert_eq!(lock(&["--offline"]).0, Some(0));
    assert_eq!(server.taken(), Vec::<String>::new());
    assert_eq!(lock(&[&["--update"][..], &allowed].concat()).0, Some(0));
    assert_eq!(server.taken(), ["304 ext/kubernetes/SHA256SUMS"]);
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &std::fs::metadata(here.join("cache/flatwright/fetched")).unwrap().permissions(),
    );
    assert_eq!(mode & 0o777, 0o700);
    // What was kept is believed only as a whole.
    for path in files_below(&here.join("cache/flatwright/fetched")) {
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.push(b'x');
        std::fs::write(&path, bytes).unwrap();
    }
    std::fs::remove_file(here.join("flatwright.lock")).unwrap();
    assert_eq!(lock(&["--offline"]).0, Some(1));
}

#[test]
fn what_a_server_says_is_told_and_nothing_is_written() {
    let directory = workspace();
    let here = directory.path();
    let server = Server::new(here.join("nothing"));
    let spec = std::fs::read_to_string(here.join("cluster.yaml")).unwrap();
    let own = format!("  sysupdate: {{bakery: \"http://{}/ext\"}}\n", server.host);
    std::fs::write(here.join("cluster.yaml"), spec.replace("kured: {}", "kured: {version: 5.11.0}") + &own).unwrap();
    let fixed =
        ["lock", "cluster.yaml", "--from", "downloads/releases-stable.json", "--allow-host", server.host.as_str()];
    let (code, _, err) = flatwright(here, &fixed);
    assert_eq!(code, Some(1));
    assert!(err.contains("there is nothing at this URL (404)"), "{err}");
    assert!(!here.join("flatwright.lock").exists());
    let (code, _, err) = flatwright(here, &[&fixed[..], &["--ca-file", "cluster.yaml"]].concat());
    assert_eq!(code, Some(2), "{err}");
    // A compile never asks, whatever it is given.
    server.taken();
    flatwright(here, &["compile", "cluster.yaml"]);
    assert_eq!(server.taken(), Vec::<String>::new());
}
