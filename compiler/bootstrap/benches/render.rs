//! How long one control-plane machine takes: the rendering with keys and certificates, and what Flatcar makes of it.

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use flatwright_bootstrap::placeholders::Pki;
use flatwright_bootstrap::{CapiVersion, Input, Renderer, render};
use flatwright_ignition::translate;

fn input() -> Input {
    let mut additional_config = String::from("storage:\n  files:\n");
    for i in 0..8 {
        let _ = write!(
            additional_config,
            "  - path: /etc/app/{i}.conf\n    filesystem: root\n    mode: 0644\n    contents:\n      inline: |\n        [Transfer]\n        Verify=false\n        [Source]\n        Path=https://extensions.example/{i}/\n"
        );
    }
    additional_config.push_str("systemd:\n  units:\n  - name: kubeadm.service\n    dropins:\n    - name: 10-flatcar.conf\n      contents: |\n        [Unit]\n        After=containerd.service\n");
    Input {
        write_files: Pki::of("demo").files(&serde_json::Value::Null),
        pre_kubeadm_commands: vec!["sed -i s/@@HOSTNAME@@/$(hostname)/ /etc/kubeadm.yml".to_owned(); 3],
        kubeadm_command: "kubeadm init --config /etc/kubeadm.yml ".to_owned(),
        kubeadm_config: "apiServer:\n  extraArgs:\n  - name: cloud-provider\n    value: external\n".repeat(30),
        additional_config,
        strict: Some(true),
        ..Input::default()
    }
}

fn machine(criterion: &mut Criterion) {
    let input = input();
    let config = render(&input, CapiVersion::default()).ignition.expect("the input is good");
    let mut group = criterion.benchmark_group("machine");
    group.bench_function("render", |bencher| bencher.iter(|| render(black_box(&input), CapiVersion::default())));
    group.bench_function("render a second", |bencher| {
        let mut renderer = Renderer::default();
        bencher.iter(|| renderer.render(black_box(&input), CapiVersion::default()));
    });
    group.bench_function("translate to 3.1", |bencher| bencher.iter(|| translate::to_3_1(black_box(&config))));
    group.bench_function("count", |bencher| bencher.iter(|| black_box(&config).json_length()));
    group.finish();
}

criterion_group!(benches, machine);
criterion_main!(benches);
