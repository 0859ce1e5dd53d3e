//! What `validate` says of files of each kind, and at which line.

use flatwright::{NoWorld, Schemas, SpecFile, ValidateOptions, Validation, validate};
use flatwright_diagnostic::Severity;
use flatwright_render::{Findings, fix_findings};

fn file(name: &str, text: &str) -> SpecFile {
    SpecFile { name: name.to_owned(), bytes: text.as_bytes().to_vec() }
}

fn run(name: &str, text: &str, options: &ValidateOptions<'_>) -> Validation {
    validate(&[file(name, text)], &NoWorld, options)
}

/// `line:column severity code` of every finding.
fn told(validation: &Validation) -> Vec<String> {
    let findings = Findings::new(&validation.report, &validation.sources);
    let place = |finding: &flatwright_render::Finding<'_>| match &finding.span {
        Some(span) => format!("{}:{}", span.start.line, span.start.column),
        None => "-".to_owned(),
    };
    let line = |finding: &flatwright_render::Finding<'_>| {
        format!("{} {} {}", place(finding), finding.diagnostic.severity.word(), finding.diagnostic.code)
    };
    findings.list.iter().map(line).collect()
}

fn fixed(validation: &Validation) -> String {
    let findings = Findings::new(&validation.report, &validation.sources);
    fix_findings(&findings, false).sources.into_iter().map(|source| source.text).collect()
}

const CRD: &str = "\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: pools.example.com}
spec:
  group: example.com
  names: {kind: Pool, plural: pools}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
              vmSize: {type: string}
              version: {type: string}
            x-kubernetes-validations:
            - {rule: self.vmSize == oldSelf.vmSize, message: it cannot change}
";

#[test]
fn crds_judge_manifests_of_their_kind_and_leave_others_alone() {
    let schemas = Schemas::read(&[file("crd.yaml", CRD)]);
    let options = ValidateOptions { schemas: Some(&schemas), ..ValidateOptions::default() };
    let pool = "apiVersion: example.com/v1\nkind: Pool\nmetadata: {name: a}\nspec:\n  vmsize: x\n  version: 1.30\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\nanything: 1\n";
    let validation = run("pools.yaml", pool, &options);
    assert_eq!(told(&validation), ["5:3 error schema-unknown-field", "6:12 error schema-type"]);
    assert_eq!(fixed(&validation), pool.replace("vmsize", "vmSize").replace("1.30", "\"1.30\""));
    let newer = pool.replace("example.com/v1", "example.com/v2");
    assert_eq!(told(&run("pools.yaml", &newer, &options)), ["1:13 error unserved-version"]);
}

#[test]
fn crds_may_stand_in_the_stream() {
    let stream =
        format!("{CRD}---\napiVersion: example.com/v1\nkind: Pool\nmetadata: {{name: a}}\nspec: {{size: 1}}\n");
    assert_eq!(told(&run("-", &stream, &ValidateOptions::default())), ["27:8 error schema-unknown-field"]);
}

#[test]
fn objects_that_were_applied_before_are_judged_as_updates() {
    let schemas = Schemas::read(&[file("crd.yaml", CRD)]);
    let manifest = |size: &str, namespace: &str| {
        format!("apiVersion: example.com/v1\nkind: Pool\nmetadata: {{name: a{namespace}}}\nspec: {{vmSize: {size}}}\n")
    };
    let judged = |old: String| {
        let old = [file("old.yaml", &old)];
        let options = ValidateOptions { schemas: Some(&schemas), old: &old, ..ValidateOptions::default() };
        told(&run("new.yaml", &manifest("large", ""), &options))
    };
    assert_eq!(judged(manifest("small", "")), ["4:7 error schema-broken-rule"]);
    assert_eq!(judged(manifest("small", ", namespace: default")), ["4:7 error schema-broken-rule"]);
    assert!(judged(manifest("large", "")).is_empty());
    assert!(judged(manifest("small", ", namespace: other")).is_empty());
}

#[test]
fn lists_and_json_are_taken_apart() {
    let list = "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [\n{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"metadata\": {\"name\": \"a\"}},\n{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"metadata\": {\"name\": \"A_\"}}]}\n";
    assert_eq!(told(&run("list.json", list, &ValidateOptions::default())), ["3:61 error object-name-syntax"]);
}

#[test]
fn duplicate_keys_and_documents_that_are_no_objects_are_told() {
    let text = "apiVersion: v1\nkind: Secret\nkind: Secret\nmetadata: {name: a}\n---\n- 1\n---\nkind: Secret\n---\n";
    let expected = ["3:1 error duplicate-key", "6:1 error wrong-type", "8:1 error missing-key"];
    assert_eq!(told(&run("a.yaml", text, &ValidateOptions::default())), expected);
}

#[test]
fn a_machine_config_inside_a_manifest_is_told_at_its_own_lines() {
    let text = "\
apiVersion: bootstrap.cluster.x-k8s.io/v1beta2
kind: KubeadmConfigTemplate
metadata: {name: a}
spec:
  template:
    spec:
      format: ignition
      ignition:
        containerLinuxConfig:
          additionalConfig: |
            storage:
              files:
              - path: relative
                filesystem: root
                mode: 0644
            systemd:
              units:
              - name: a.service
                enabled: true
                contents: |
                  [Service]
                  ExecStart=/bin/true
                  Restart=perhaps
                  [Install]
                  WantedBy=multi-user.target
";
    let found = told(&run("a.yaml", text, &ValidateOptions::default()));
    assert_eq!(found, ["13:23 error relative-node-path", "23:27 error setting-value"]);
}

#[test]
fn machine_configs_and_settings_are_told_at_the_lines_of_their_own_tools() {
    for (name, text, expected) in [
        (
            "a.bu",
            "variant: flatcar\nversion: 1.1.0\nstorage:\n  files:\n  - path: a\n",
            "5:11 error relative-node-path",
        ),
        (
            "a.bu",
            "variant: flatcar\nversion: 1.1.0\nsystemd:\n  units:\n  - name: a.service\n    contents: |\n      [Service]\n      Restart=perhaps\n      ExecStart=/bin/true\n",
            "8:15 error setting-value",
        ),
        (
            "a.ign",
            "{\"ignition\": {\"version\": \"3.3.0\"}, \"storage\": {\"files\": [{\"path\": \"a\"}]}}",
            "error relative-node-path",
        ),
        ("a.ign", "{\"ignition\": {\"version\": \"9.0.0\"}}", "1:26 error unsupported-ignition-version"),
        ("a.bu", "version: 1.1.0\nvariant: flatcr\n", "2:10 error unknown-butane-variant"),
        ("a.bu", "variant: flatcar\nversion: 9.1.0\n", "2:10 error unknown-butane-version"),
        ("a.bu", "variant: flatcar\nversion: new\n", "2:10 error unreadable-butane-version"),
        ("a.clc", "storage: {files: [{path: a, filesystem: root, mode: 0644}]}\n", "error relative-node-path"),
        ("a.service", "[Service]\nExecStart=/bin/true\nRestart=perhaps\n", "3:9 error setting-value"),
        ("a.transfer", "[Source]\nType=nothing\n", "error unknown-transfer-type"),
        ("a.wasm", "text", "error plugin-not-a-component"),
        ("a.txt", "hello\n", "- error unknown-file-kind"),
        ("cluster.yaml", "apiVersion: flatwright.dev/v1alpha1\nkind: FlatcarCluster\nspec: {}\n", "error missing-key"),
    ] {
        let found = told(&run(name, text, &ValidateOptions::default()));
        assert!(found.iter().any(|line| line.ends_with(expected)), "{name} {text}: {found:?}");
    }
}

#[test]
fn bootstrap_data_that_cannot_be_made_or_booted_is_told() {
    let template = |spec: &str| {
        let head = "apiVersion: bootstrap.cluster.x-k8s.io/v1beta2\nkind: KubeadmConfigTemplate\nmetadata: {name: a}\n";
        run(
            "-",
            &format!("{head}spec: {{template: {{spec: {{format: ignition, {spec}}}}}}}\n"),
            &ValidateOptions::default(),
        )
    };
    assert_eq!(told(&template("users: [{name: ops, gecos: a b}]")), [""; 0]);
    assert_eq!(told(&template("users: [{name: ops, gecos: \"a: b\"}]")), ["4:25 error refused-bootstrap-template"]);
    assert_eq!(
        told(&template("joinConfiguration: {controlPlane: {localAPIEndpoint: {bindPort: 443}}}")),
        ["4:25 error control-plane-settings-of-worker"]
    );
    let twice = "files: [{path: /etc/a, content: a, permissions: \"0644\"}], ignition: {containerLinuxConfig: {additionalConfig: \"storage: {files: [{path: /etc/a, mode: 420}]}\"}}";
    assert_eq!(told(&template(twice)), ["4:25 error conflicting-inodes"]);
    assert_eq!(
        told(&template(&twice.replace("content: a", "content: \"${TEXT}\""))),
        ["4:25 warning conflicting-inodes"]
    );
    // A pool that says nothing of its namespace refers to the one that says `default`.
    let pool = "apiVersion: cluster.x-k8s.io/v1beta2\nkind: MachinePool\nmetadata: {name: a}\nspec: {clusterName: c, template: {spec: {clusterName: c, version: v1.34.2, \
                bootstrap: {configRef: {apiGroup: bootstrap.cluster.x-k8s.io, kind: KubeadmConfig, name: a}}, infrastructureRef: {apiGroup: infrastructure.cluster.x-k8s.io, kind: \
                AzureMachinePool, name: a}}}}\n---\napiVersion: bootstrap.cluster.x-k8s.io/v1beta2\nkind: KubeadmConfig\nmetadata: {name: a, namespace: default}\nspec: {format: \
                ignition, users: [{name: ops, gecos: \"a: b\"}]}\n";
    let found = told(&run("-", pool, &ValidateOptions::default()));
    assert!(found.contains(&"9:7 error refused-bootstrap-template".to_owned()), "{found:?}");
}

#[test]
fn what_fails_in_the_first_boot_of_manifests_is_told_where_they_say_it() {
    let template = |spec: &str| {
        let head = "apiVersion: bootstrap.cluster.x-k8s.io/v1beta2\nkind: KubeadmConfigTemplate\nmetadata: {name: a}\n";
        let text = format!("{head}spec: {{template: {{spec: {{format: ignition,\n{spec}}}}}}}\n");
        told(&run("-", &text, &ValidateOptions::default()))
    };
    let files = "files: [\n{path: /opt/a, permissions: \"0644\", content: a,\nowner: \"nobdy:root\"},\n{path: /opt/a/b, permissions: \"0644\", content: b}]";
    // Which release the nodes have is not known, and a newer one may have the user.
    assert_eq!(template(files), ["7:8 warning owner-unknown", "8:8 error below-a-file"]);
    let config = "ignition: {containerLinuxConfig: {\nadditionalConfig: \"storage: {links: [{path: /opt/a, filesystem: root, target: '/opt/b', hard: true}]}\"}}";
    assert_eq!(template(config), ["6:19 error hard-link-target-missing"]);
    assert_eq!(template(&config.replace("/opt/b", "/opt/${TARGET}")), ["6:19 warning hard-link-target-missing"]);
    assert_eq!(template(&config.replace(", hard: true", "")), [""; 0]);
}

#[test]
fn references_to_other_objects_are_errors_only_in_a_complete_set() {
    let text = "apiVersion: cluster.x-k8s.io/v1beta2\nkind: Cluster\nmetadata: {name: a}\nspec:\n  infrastructureRef: {apiGroup: infrastructure.cluster.x-k8s.io, kind: AzureCluster, name: b}\n";
    for (is_complete, severity) in [(false, Severity::Warning), (true, Severity::Error)] {
        let validation = run("a.yaml", text, &ValidateOptions { is_complete, ..ValidateOptions::default() });
        let found: Vec<_> =
            validation.report.diagnostics().iter().map(|found| (found.code.name(), found.severity)).collect();
        assert!(found.contains(&("missing-object", severity)), "{found:?}");
    }
}

#[test]
fn certain_fixes_are_offered() {
    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g me";
    const ENCODED: &str = "c3NoLWVkMjU1MTkgQUFBQUMzTnphQzFsWkRJMU5URTVBQUFBSUFFQ0F3UUZCZ2NJQ1FvTERBME9EeEFSRWhNVUZSWVhHQmthR3h3ZEhoOGcgbWU=";
    let machine = |spec: &str| {
        format!(
            "apiVersion: infrastructure.cluster.x-k8s.io/v1beta1\nkind: AzureMachineTemplate\nmetadata: {{name: a}}\nspec:\n  template:\n    spec:\n      vmSize: Standard_D4s_v5\n{spec}"
        )
    };
    let cluster = |spec: &str| {
        format!(
            "apiVersion: infrastructure.cluster.x-k8s.io/v1beta1\nkind: AzureCluster\nmetadata: {{name: aa}}\nspec:\n{spec}"
        )
    };
    let config = |spec: &str| {
        format!(
            "apiVersion: bootstrap.cluster.x-k8s.io/v1beta2\nkind: KubeadmConfigTemplate\nmetadata: {{name: a}}\nspec:\n  template:\n    spec:\n      format: ignition\n{spec}"
        )
    };
    for (before, after) in [
        (machine("      sshPublicKey: \"\" # none\n      osDisk: {}\n"), machine("      osDisk: {}\n")),
        (machine(&format!("      sshPublicKey: {KEY}\n")), machine(&format!("      sshPublicKey: {ENCODED}\n"))),
        (
            machine("      osDisk: {diskSizeGB: 128Gi, cachingType: readonly}\n"),
            machine("      osDisk: {diskSizeGB: 128, cachingType: ReadOnly}\n"),
        ),
        (
            cluster(
                "  location: West Europe\n  networkSpec:\n    subnets: [{name: a, role: node, cidrBlocks: [10.1.0.5/16]}]\n",
            ),
            cluster(
                "  location: westeurope\n  networkSpec:\n    subnets: [{name: a, role: node, cidrBlocks: [10.1.0.0/16]}]\n",
            ),
        ),
        (
            config("      postKubeadmCommands: []\n      files:\n      - {path: /a, content: a, permissions: '644'}\n"),
            config("      files:\n      - {path: /a, content: a, permissions: \"0644\"}\n"),
        ),
        (
            config(&format!("      users: [{{name: core, sshAuthorizedKeys: [{ENCODED}]}}]\n")),
            config(&format!("      users: [{{name: core, sshAuthorizedKeys: [{KEY}]}}]\n")),
        ),
        (
            config("      joinConfiguration: {nodeRegistration: {kubeletExtraArgs: [{name: v, value: 2}]}}\n"),
            config("      joinConfiguration: {nodeRegistration: {kubeletExtraArgs: [{name: v, value: \"2\"}]}}\n"),
        ),
    ] {
        assert_eq!(fixed(&run("a.yaml", &before, &ValidateOptions::default())), after);
    }
}

#[test]
fn what_a_schema_refuses_is_mended() {
    let crd = CRD.replacen(
        "          spec:",
        "          extra:\n            type: object\n            properties:\n              mode: {type: string, enum: [Auto, Manual]}\n              version: {type: string}\n              count: {type: integer}\n              diskSizeGB: {type: integer}\n          spec:",
        1,
    );
    assert!(crd.contains("diskSizeGB"), "{crd}");
    let object = "---\napiVersion: example.com/v1\nkind: Pool\nmetadata: {name: a}\nextra:\n  modee: Auto # key\n  mode: Manaul\n  version: 1.10 # minor\n  count: \"3\"\n  diskSizeGB: 128Gi\n";
    let object = object.replace("  modee: Auto # key\n", "");
    let validation = run("a.yaml", &format!("{crd}{object}"), &ValidateOptions::default());
    let mended = object
        .replace("Manaul", "Manual")
        .replace("1.10 #", "\"1.10\" #")
        .replace("\"3\"", "3")
        .replace("128Gi", "128");
    assert_eq!(fixed(&validation), format!("{crd}{mended}"));
    // The key is near `mode` alone; beside `mode` itself it cannot be renamed.
    let misspelt = object.replace("mode: Manaul", "mdoe: Auto");
    let validation = run("a.yaml", &format!("{crd}{misspelt}"), &ValidateOptions::default());
    assert!(fixed(&validation).contains("  mode: Auto\n"));
    let twice = object.replace("mode: Manaul", "mode: Auto\n  mdoe: Auto");
    let validation = run("a.yaml", &format!("{crd}{twice}"), &ValidateOptions::default());
    assert!(fixed(&validation).contains("  mode: Auto\n  mdoe: Auto\n"));
}

#[test]
fn hostile_bytes_give_a_finding() {
    let deep = "[".repeat(100_000);
    let bomb = format!(
        "a: &a [x]\n{}",
        (0..60)
            .map(|n| format!(
                "b{n}: &b{n} [*{0}, *{0}, *{0}]\n",
                if n == 0 { "a".to_owned() } else { format!("b{}", n - 1) }
            ))
            .collect::<String>()
    );
    for text in
        [&deep, &bomb, "\0\0", "\u{feff}", "---\n---\n", "<<: 1\nkind: A\napiVersion: b\n", "? [a]\n: 1\nkind: x\n"]
    {
        for kind in flatwright::Kind::ALL {
            let validation = run("x", text, &ValidateOptions { kind: Some(kind), ..ValidateOptions::default() });
            drop(told(&validation));
        }
        assert!(!run("x", text, &ValidateOptions::default()).report.diagnostics().is_empty(), "{text:.40}");
    }
}

/// A class with two variables, and a cluster of it.
const CLASS: &str = r#"
apiVersion: cluster.x-k8s.io/v1beta2
kind: ClusterClass
metadata: {name: flatcar}
spec:
  variables:
  - name: size
    required: true
    schema: {openAPIV3Schema: {type: string, pattern: "^Standard_", default: Standard_B2s}}
  - name: disk
    required: false
    schema:
      openAPIV3Schema:
        type: object
        required: [gib]
        properties:
          gib: {type: integer, minimum: 30, enum: [64, 128], example: 64}
          tier: {type: string, default: P10}
---
apiVersion: cluster.x-k8s.io/v1beta2
kind: Cluster
metadata: {name: demo}
spec:
  topology:
    classRef: {name: flatcar}
    version: v1.34.2
    variables:
    - {name: size, value: Standard_B4ms}
    - {name: disk, value: {gib: 64}}
    workers:
      machineDeployments:
      - class: workers
        name: md-0
        variables:
          overrides:
          - {name: disk, value: {gib: 128}}
          - {name: size, value: "${VM_SIZE}"}
"#;

#[test]
fn variables_fit_the_schemas_of_their_class() {
    let found = |from: &str, to: &str| {
        assert!(CLASS.contains(from), "{from}");
        let said = told(&run("class.yaml", &CLASS.replacen(from, to, 1), &ValidateOptions::default()));
        said.into_iter().filter(|line| line.contains(" schema-") || line.contains("-variable")).collect::<Vec<_>>()
    };
    let same = found("Standard_B2s", "Standard_B2s");
    let cases: [(&str, &str, &[&str]); 9] = [
        // What the class itself gives; its clusters are not held against it then.
        ("default: Standard_B2s", "default: B2s", &["9:78 error schema-pattern"]),
        ("example: 64", "example: x", &["17:71 error schema-type", "17:71 error schema-unlisted-value"]),
        ("enum: [64, 128]", "enum: [64, 16]", &["17:56 error schema-number-too-small"]),
        ("default: P10", "default: 10", &["18:41 error schema-type"]),
        // What the cluster sets.
        ("value: Standard_B4ms", "value: B4ms", &["28:27 error schema-pattern"]),
        ("value: {gib: 64}", "value: {gib: 64, teir: P20}", &["29:37 error schema-unknown-field"]),
        ("value: {gib: 128}", "value: {}", &["36:26 error schema-required"]),
        ("value: {gib: 128}", "value: {gib: 32}", &["36:39 error schema-unlisted-value"]),
        ("{name: size, value: \"", "{name: siez, value: \"", &["37:20 error unknown-class-variable"]),
    ];
    for (from, to, expected) in cases {
        let new: Vec<_> = found(from, to).into_iter().filter(|line| !same.contains(line)).collect();
        assert_eq!(new, expected, "{to}");
    }
}
