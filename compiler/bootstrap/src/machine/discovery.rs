//! How a joining machine finds its cluster: what the provider adds to the user's discovery.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flatwright_go::yaml2;
use serde_json::{Map, Value, json};

use super::{Environment, Failure};
use crate::input::File;
use crate::kubeadm::is_defined;
use crate::rules::Refused;

/// Fills in endpoint, token and hashes; with a discovery file, its server and CA instead.
pub(super) fn complete(join: &mut Value, environment: &Environment<'_>) -> Result<(), Failure> {
    let discovery = &mut join["discovery"];
    if is_defined(&discovery["file"]) {
        return complete_file(&mut discovery["file"], environment);
    }
    let token = &mut discovery["bootstrapToken"];
    if token["caCertHashes"].as_array().is_none_or(Vec::is_empty) {
        token["caCertHashes"] = environment.ca_cert_hashes.into();
    }
    if is_empty_text(&token["apiServerEndpoint"]) {
        let endpoint = environment.endpoint_text().ok_or_else(no_endpoint)?;
        token["apiServerEndpoint"] = endpoint.into();
    }
    if is_empty_text(&token["token"]) {
        token["token"] = environment.token.into();
    }
    if token["caCertHashes"].as_array().is_none_or(Vec::is_empty) {
        token["unsafeSkipCAVerification"] = true.into();
    }
    Ok(())
}

fn complete_file(file: &mut Value, environment: &Environment<'_>) -> Result<(), Failure> {
    let kubeconfig = &mut file["kubeConfig"];
    if !is_defined(kubeconfig) {
        return Ok(());
    }
    let cluster = &mut kubeconfig["cluster"];
    if is_empty_text(&cluster["server"]) {
        let endpoint = environment.endpoint_text().ok_or_else(no_endpoint)?;
        cluster["server"] = format!("https://{endpoint}").into();
    }
    if is_empty_text(&cluster["certificateAuthorityData"]) {
        cluster["certificateAuthorityData"] = STANDARD.encode(environment.pki.cluster.cert.as_bytes()).into();
    }
    Ok(())
}

/// The kubeconfig file that a completed `discovery.file` asks for.
pub(super) fn kubeconfig(file: &Value) -> Option<File> {
    let source = &file["kubeConfig"];
    if !is_defined(source) {
        return None;
    }
    let mut cluster = Map::new();
    cluster.insert("server".into(), text(&source["cluster"]["server"]));
    for (from, to) in [
        ("tlsServerName", "tls-server-name"),
        ("insecureSkipTLSVerify", "insecure-skip-tls-verify"),
        ("certificateAuthorityData", "certificate-authority-data"),
        ("proxyURL", "proxy-url"),
    ] {
        let value = &source["cluster"][from];
        if !is_empty_text(value) && *value != false {
            cluster.insert(to.into(), value.clone());
        }
    }
    let mut user = Map::new();
    let provider = &source["user"]["authProvider"];
    if is_defined(provider) {
        user.insert("auth-provider".into(), json!({"name": text(&provider["name"]), "config": provider["config"]}));
    }
    let exec = &source["user"]["exec"];
    if is_defined(exec) {
        let version = if is_empty_text(&exec["apiVersion"]) {
            json!("client.authentication.k8s.io/v1")
        } else {
            exec["apiVersion"].clone()
        };
        user.insert(
            "exec".into(),
            json!({
                "command": text(&exec["command"]),
                "args": exec["args"],
                "env": exec["env"],
                "apiVersion": version,
                "provideClusterInfo": exec["provideClusterInfo"] == true,
                "interactiveMode": "Never",
            }),
        );
    }
    let config = json!({
        "clusters": [{"name": "default", "cluster": cluster}],
        "contexts": [{"name": "default", "context": {"cluster": "default", "user": "default"}}],
        "current-context": "default",
        "users": [{"name": "default", "user": user}],
    });
    Some(File {
        path: file["kubeConfigPath"].as_str().unwrap_or_default().to_owned(),
        owner: "root:root".into(),
        permissions: "0640".into(),
        content: yaml2::marshal(&config),
        ..File::default()
    })
}

fn no_endpoint() -> Failure {
    Failure::new(Refused::NoEndpoint)
}

fn text(value: &Value) -> Value {
    value.as_str().unwrap_or_default().into()
}

fn is_empty_text(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(str::is_empty)
}
