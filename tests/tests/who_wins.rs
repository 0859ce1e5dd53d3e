//! The table of docs/plugins/who-wins.md: two plugins and a user on one value. Each row is compiled, and the page says what came out.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::fmt::Write as _;

use flatwright::{Format, Options, TemplateNames};
use flatwright_tests::{Compiled, Memory, compile_with, guest, is_blessing, repository};
use serde_json::Value;

const PAGE: &str = "docs/plugins/who-wins.md";

struct Row {
    what: &'static str,
    /// What the user writes, as lines of `machines`.
    user: &'static str,
    /// The steps of the first plugin and of the second.
    plugins: [&'static str; 2],
    /// Where the result is: a kind and a JSON Pointer in its object; or `units` or `files` of the machine config and a name.
    result: (&'static str, &'static str),
}

const ROWS: &[Row] = &[
    Row {
        what: "argument of the kubelet, in the calls for a group",
        user: "kubelet: {extraArgs: {max-pods: \"30\"}}",
        plugins: [
            "kubeadm: [{for: md-0, set: /node/kubelet_arguments/max-pods/value, to: \"40\"}]",
            "kubeadm: [{for: md-0, set: /node/kubelet_arguments/max-pods/value, to: \"50\"}]",
        ],
        result: (
            "KubeadmConfigTemplate",
            "/spec/template/spec/joinConfiguration/nodeRegistration/kubeletExtraArgs/1/value",
        ),
    },
    Row {
        what: "argument of the kubelet, in the call for the cluster",
        user: "kubelet: {extraArgs: {max-pods: \"30\"}}",
        plugins: [
            "kubeadm: [{for: cluster, set: /node/kubelet_arguments/max-pods/value, to: \"40\"}]",
            "kubeadm: [{for: cluster, set: /node/kubelet_arguments/max-pods/value, to: \"50\"}]",
        ],
        result: (
            "KubeadmConfigTemplate",
            "/spec/template/spec/joinConfiguration/nodeRegistration/kubeletExtraArgs/1/value",
        ),
    },
    Row {
        what: "label, in the call for the cluster and in that for a group",
        user: "nodeLabels: {env: user}",
        plugins: [
            "kubeadm: [{for: cluster, set: /node/registration/labels/env/1, to: first}]",
            "kubeadm: [{for: md-0, set: /node/registration/labels/env/1, to: second}]",
        ],
        result: (
            "KubeadmConfigTemplate",
            "/spec/template/spec/joinConfiguration/nodeRegistration/kubeletExtraArgs/1/value",
        ),
    },
    Row {
        what: "label, also in the argument `node-labels`",
        user: "nodeLabels: {env: user}",
        plugins: [
            "kubeadm: [{for: md-0, set: /node/kubelet_arguments/-, to: {name: node-labels, value: \"team=first\"}}]",
            "kubeadm: [{for: md-0, set: /node/kubelet_arguments/-, to: {name: node-labels, value: \"env=second\"}}]",
        ],
        result: (
            "KubeadmConfigTemplate",
            "/spec/template/spec/joinConfiguration/nodeRegistration/kubeletExtraArgs/1/value",
        ),
    },
    Row {
        what: "taints, added in the call for the cluster",
        user: "taints: [{key: user, effect: NoSchedule}]",
        plugins: [
            "kubeadm: [{for: cluster, set: /node/registration/taints/-, to: {key: first, effect: NoSchedule}}]",
            "kubeadm: [{for: cluster, set: /node/registration/taints, to: [{key: user, value: second, effect: NoSchedule}]}]",
        ],
        result: ("KubeadmConfigTemplate", "/spec/template/spec/joinConfiguration/nodeRegistration/taints"),
    },
    Row {
        what: "file of the bootstrap provider",
        user: "files: [{path: /etc/motd, content: user}]",
        plugins: [
            "kubeadm: [{for: cluster, set: /node/files/-, to: {path: /etc/motd, content: {Text: first}, append: false}}]",
            "kubeadm: [{for: md-0, set: /node/files/~1etc~1motd/content, to: {Text: second}}]",
        ],
        result: ("KubeadmConfigTemplate", "/spec/template/spec/files/1/content"),
    },
    Row {
        what: "commands after kubeadm",
        user: "postKubeadmCommands: [echo user]",
        plugins: [
            "kubeadm: [{for: cluster, set: /node/post_commands/-, to: echo first}]",
            "kubeadm: [{for: md-0, remove: /node/post_commands/0}]",
        ],
        result: ("KubeadmConfigTemplate", "/spec/template/spec/postKubeadmCommands"),
    },
    Row {
        what: "version of the machine image",
        user: "image: {marketplace: {offer: flatcar-container-linux-corevm-amd64, sku: stable, version: 4593.2.5}}",
        plugins: [
            "images: [{for: md-0, set: /Machine/Marketplace/version, to: 4593.2.6}]",
            "images: [{for: md-0, set: /Machine/Marketplace/version, to: 4593.2.7}]",
        ],
        result: ("AzureMachineTemplate", "/spec/template/spec/image/marketplace/version"),
    },
    Row {
        what: "unit that the flavor has",
        user: "nodeLabels: {}",
        plugins: [
            "sysupdate: [{for: md-0, set: /units/locksmithd.service/masked, to: false}]",
            "sysupdate: [{for: md-0, set: /units/locksmithd.service/masked, to: true}]",
        ],
        result: ("units", "locksmithd.service"),
    },
    Row {
        what: "unit of the user's machine config",
        user: "butane: {inline: {variant: flatcar, version: 1.0.0, systemd: {units: [{name: a.service, contents: \"[Service]\\nExecStart=/usr/bin/true\\n\"}]}}}",
        plugins: [
            "sysupdate: [{for: md-0, set: /units/-, to: {name: a.service, masked: true, drop_ins: []}}]",
            "sysupdate: []",
        ],
        result: ("units", "a.service"),
    },
    Row {
        what: "transfer",
        user: "nodeLabels: {}",
        plugins: [
            "sysupdate: [{for: md-0, set: /transfers/-, to: {component: tools, file_name: tools.transfer, contents: {Text: \"[Source]\\nType=url-file\\nPath=https://first.example.com/\\nMatchPattern=tools-@v.raw\\n[Target]\\nType=regular-file\\nPath=/opt/tools\\nMatchPattern=tools-@v.raw\\n\"}}}]",
            "sysupdate: [{for: md-0, set: /transfers/tools.transfer/contents, to: {Text: \"[Source]\\nType=url-file\\nPath=https://second.example.com/\\nMatchPattern=tools-@v.raw\\n[Target]\\nType=regular-file\\nPath=/opt/tools\\nMatchPattern=tools-@v.raw\\n\"}}]",
        ],
        result: ("files", "/etc/sysupdate.tools.d/tools.transfer"),
    },
];

fn compiled(row: &Row, puppet: &[u8]) -> Compiled {
    let spec = format!(
        "apiVersion: flatwright.dev/v1alpha1\nkind: FlatcarCluster\nmetadata: {{name: demo}}\nspec:\n  flavor: flatcar-sysext\n  kubernetes: {{version: v1.34.2}}\n  flatcar: {{version: 4593.2.5}}\n  azure: {{subscriptionID: 00000000-0000-0000-0000-000000000001, location: westeurope, identity: {{name: cluster-identity}}}}\n  machines:\n    {}\n  controlPlane: {{replicas: 3, vmSize: Standard_D4s_v5}}\n  pools: [{{name: md-0, replicas: 2, vmSize: Standard_D4s_v5}}]\n  plugins:\n  - {{name: first, source: files/puppet.wasm, settings: {{{}}}}}\n  - {{name: second, source: files/puppet.wasm, settings: {{{}}}}}\n",
        row.user, row.plugins[0], row.plugins[1],
    );
    let mut world = Memory::default();
    world.files.insert("files/puppet.wasm".to_owned(), puppet.to_vec());
    let options = Options { template_names: TemplateNames::Plain, ..Options::default() };
    compile_with(spec.as_bytes(), &world, &options)
}

fn outcome(row: &Row, compiled: &Compiled) -> String {
    if !compiled.errors().is_empty() {
        return "an error".to_owned();
    }
    let shown = |value: &Value| value.as_str().map_or_else(|| format!("`{value}`"), |text| format!("`{text}`"));
    let (kind, place) = row.result;
    let value = match kind {
        "units" => machine_config(compiled)["systemd"]["units"].as_array().and_then(|units| named(units, place)),
        "files" => machine_config(compiled)["storage"]["files"]
            .as_array()
            .and_then(|files| Some(named(files, place)?["contents"]["source"].clone())),
        _ => {
            let object = compiled.objects().into_iter().rfind(|object| object["kind"] == kind).unwrap();
            object.pointer(place).cloned()
        }
    };
    value.as_ref().map_or_else(|| "nothing".to_owned(), shown)
}

fn named(items: &[Value], name: &str) -> Option<Value> {
    items.iter().find(|item| item["name"] == name || item["path"] == name).cloned()
}

/// The stand-alone Ignition config of the pool.
fn machine_config(compiled: &Compiled) -> Value {
    let files = flatwright::files(&compiled.compilation.clusters, Format::Yaml);
    let file = files.iter().find(|file| file.path.ends_with("md-0.ign")).unwrap();
    serde_json::from_str(&file.text).unwrap()
}

#[test]
fn the_page_says_who_wins() {
    let Some(puppet) = guest("puppet") else { return };
    let mut page = String::from(
        "# Who wins\n\nTwo plugins and a user on one value. Plugins run in the order of the spec, and each sees what the one before left; so the last one wins, but for what the call for the\ncluster leaves alone, and for what no two can have. `flatwright explain SPEC PATH` shows the whole chain of a value.\n\nMade by a test (`cargo test --test who_wins`); do not edit.\n\n| value | user | first plugin | second plugin | the machines get | said |\n|---|---|---|---|---|---|\n",
    );
    for row in ROWS {
        let compiled = compiled(row, &puppet);
        let codes: BTreeSet<&str> =
            compiled.list.iter().map(|(code, ..)| code.as_str()).filter(|code| *code != "plugin-finding").collect();
        let said: Vec<String> = codes.into_iter().map(|code| format!("`{code}`")).collect();
        let cell = |text: &str| text.replace('|', "\\|");
        let said = if said.is_empty() { "nothing".to_owned() } else { said.join(", ") };
        let [first, second] = row.plugins.map(cell);
        writeln!(
            page,
            "| {} | `{}` | `{first}` | `{second}` | {} | {said} |",
            row.what,
            cell(row.user),
            cell(&outcome(row, &compiled))
        )
        .unwrap();
    }
    let path = repository().join(PAGE);
    if is_blessing() {
        std::fs::write(&path, &page).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), page, "{PAGE} is stale; BLESS=1 rewrites it");
}
