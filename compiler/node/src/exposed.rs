//! What is a secret by its form: passwords where hashes belong, keys and logins in files.
//!
//! Owns: the forms. Must not: know who may read what, or keep a secret longer than it takes to look at it.

/// Whether a text where the hash of a password belongs is the password itself. What locks an account (`*`, `!`, `!` before a hash) is none, nor are the old forms of
/// crypt(5): 13 letters of DES, `_` and 19 of BSDi.
pub(crate) fn is_plain_password(text: &str) -> bool {
    let hash = text.trim_start_matches('!');
    let is_letters = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"./".contains(&byte));
    let is_modular = hash.strip_prefix('$').and_then(|rest| rest.split_once('$')).is_some_and(|(method, rest)| {
        let is_name = |c: char| c.is_ascii_alphanumeric() || "-,_=".contains(c);
        !method.is_empty() && method.chars().all(is_name) && !rest.is_empty()
    });
    let is_old = match hash.strip_prefix('_') {
        Some(rest) => rest.len() == 19 && is_letters(rest),
        None => hash.len() == 13 && is_letters(hash),
    };
    !hash.is_empty() && !hash.starts_with('*') && hash != "x" && !is_modular && !is_old
}

/// What of a file's content nobody but its owner should read, in words. The path tells which format it has.
pub(crate) fn secret_in(path: &str, content: &[u8]) -> Option<&'static str> {
    let text = std::str::from_utf8(content).ok()?;
    if has_private_key(text) {
        return Some("a private key");
    }
    if has_registry_login(path, text) {
        return Some("the login of a registry");
    }
    let name = path.rsplit('/').next().unwrap_or_default();
    if name.ends_with("netrc") && text.split_whitespace().any(|word| word == "password") {
        return Some("a password");
    }
    let has_entry =
        |keys: &[&str]| text.lines().any(|line| setting(line, '=').is_some_and(|(key, _)| keys.contains(&key)));
    if name.ends_with(".netdev") && has_entry(&["PrivateKey", "PresharedKey"])
        || path.starts_with("/etc/wireguard/") && has_entry(&["PrivateKey", "PresharedKey"])
    {
        return Some("the key of a tunnel");
    }
    let keyed = |keys: &[&str]| {
        keys.iter().any(|key| text.contains(key))
            && text.lines().any(|line| setting(line, ':').is_some_and(|(key, _)| keys.contains(&key)))
    };
    let is_kind =
        |kind: &str| text.contains(kind) && text.lines().any(|line| setting(line, ':') == Some(("kind", kind)));
    if is_kind("EncryptionConfiguration") && keyed(&["secret"]) {
        return Some("the keys that etcd is encrypted with");
    }
    if is_kind("Config") && keyed(&["client-key-data", "token", "password"]) {
        return Some("the login of a user of the API server");
    }
    (keyed(&["aadClientSecret"])).then_some("the secret of a client of Azure")
}

/// A key in PEM or of age.
fn has_private_key(text: &str) -> bool {
    let is_begin = |line: &str| {
        let label = line.trim().strip_prefix("-----BEGIN ").and_then(|rest| rest.strip_suffix("-----"));
        label.is_some_and(|label| label.ends_with("PRIVATE KEY") || label.ends_with("PRIVATE KEY BLOCK"))
    };
    // Most texts have neither word, which is seen at once.
    ["PRIVATE KEY", "AGE-SECRET-KEY-1"].iter().any(|word| text.contains(word))
        && text.lines().any(|line| is_begin(line) || line.trim().starts_with("AGE-SECRET-KEY-1"))
}

/// What containerd, docker, podman and the kubelet read.
fn has_registry_login(path: &str, text: &str) -> bool {
    const LOGIN: &[&str] = &["auth", "password", "identitytoken", "registrytoken"];
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_docker = text.contains("\"auths\"") || matches!(name, ".dockercfg" | ".dockerconfigjson");
    // The lines of JSON may be few.
    let pieces = || text.split(['\n', ',', '{', '}']);
    if is_docker && pieces().any(|piece| setting(piece, ':').is_some_and(|(key, _)| LOGIN.contains(&key))) {
        return true;
    }
    let is_containerd = path.contains("containerd/") && name.ends_with(".toml");
    let is_login = |(key, _): (&str, &str)| LOGIN.contains(&key) || key.eq_ignore_ascii_case("authorization");
    is_containerd && text.lines().filter_map(|line| setting(line, '=')).any(is_login)
}

/// Key and value of a line of `key: value` or `key = "value"`, where there is a value.
fn setting(line: &str, separator: char) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(separator)?;
    let bare = |text: &'_ str| -> (usize, usize) {
        let is_around = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '-' | '[');
        let start = text.len() - text.trim_start_matches(is_around).len();
        let end = text.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',')).len();
        (start, end.max(start))
    };
    let ((from, to), (start, end)) = (bare(key), bare(value));
    let (key, value) = (&key[from..to], &value[start..end]);
    (!key.is_empty() && !value.is_empty() && !key.starts_with('#')).then_some((key, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_and_locks_are_no_passwords() {
        for hash in [
            "*",
            "!",
            "!!",
            "!*",
            "*LK*",
            "x",
            "",
            "$6$salt$hash",
            "$y$j9T$salt$hash",
            "$2b$12$abcdefghijklmnopqrstuv",
            "!$6$rounds=5000$salt$hash",
            "$argon2id$v=19$m=65536",
            "ab0123456789.",
            "_J9..rasmBYk8r9AiWNc",
            "$6$flatwright-stand-in(secret a b)....",
        ] {
            assert!(!is_plain_password(hash), "{hash}");
        }
        for password in
            ["hunter2", "correct horse", "$ecret", "$6$", "$$", "abcdefghijkl", "p@ss:word", "_short", "!hunter2"]
        {
            assert!(is_plain_password(password), "{password}");
        }
    }

    #[test]
    fn keys_and_logins_are_found_by_their_formats() {
        for (path, content) in [
            ("/etc/x", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"),
            ("/etc/x", "text\n  -----BEGIN PRIVATE KEY-----\n"),
            ("/etc/age", "# a\nAGE-SECRET-KEY-1QQQ\n"),
            ("/var/lib/kubelet/config.json", "{\"auths\": {\"a.example\": {\"auth\": \"eA==\"}}}"),
            ("/etc/containerd/conf.d/a.toml", "[plugins.\"x\".registry.configs.\"a\".auth]\n  password = \"x\"\n"),
            ("/etc/containerd/certs.d/a/hosts.toml", "[host.\"https://a\".header]\n  authorization = \"Basic eA==\"\n"),
            ("/opt/.netrc", "machine a login b password c\n"),
            ("/etc/systemd/network/wg0.netdev", "[WireGuard]\nPrivateKey=AAAA\n"),
            (
                "/etc/kubernetes/enc.yaml",
                "kind: EncryptionConfiguration\nresources:\n- providers:\n  - aescbc:\n      keys:\n      - name: a\n        secret: AAAA\n",
            ),
            ("/etc/kubernetes/user.conf", "kind: Config\nusers:\n- name: a\n  user:\n    token: abc\n"),
            ("/etc/kubernetes/azure.json", "{\n  \"aadClientSecret\": \"x\"\n}"),
        ] {
            assert!(secret_in(path, content.as_bytes()).is_some(), "{path}: {content}");
        }
        for (path, content) in [
            ("/etc/x", "-----BEGIN CERTIFICATE-----\n-----BEGIN PUBLIC KEY-----\n"),
            ("/etc/docker/config.json", "{\"auths\": {}}"),
            ("/etc/docker/config.json", "{\"auths\": {\"a\": {}}, \"credsStore\": \"x\"}"),
            ("/etc/containerd/certs.d/a/hosts.toml", "server = \"https://a\"\n# password = \"x\"\n"),
            ("/etc/systemd/network/wg0.netdev", "[WireGuard]\nPrivateKeyFile=/etc/wg.key\n"),
            ("/etc/kubernetes/enc.yaml", "kind: EncryptionConfiguration\nresources:\n- providers:\n  - identity: {}\n"),
            ("/etc/kubernetes/kubeadm.yaml", "kind: ClusterConfiguration\ntoken: a\n"),
            ("/etc/kubernetes/azure.json", "{\n  \"aadClientSecret\": \"\"\n}"),
            ("/etc/app.conf", "password = secret\n"),
        ] {
            assert_eq!(secret_in(path, content.as_bytes()), None, "{path}: {content}");
        }
        assert_eq!(secret_in("/etc/x", b"\xff-----BEGIN PRIVATE KEY-----"), None);
    }
}
