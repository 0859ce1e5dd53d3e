//! How long Butane takes: a small node, a thousand files, ten thousand files, a thousand that gzip makes shorter.

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use flatwright_ignition::butane::{Options, translate};

fn small() -> String {
    let mut text = String::from(
        "variant: flatcar\nversion: 1.1.0\npasswd:\n  users:\n    - name: core\n      ssh_authorized_keys: [ssh-ed25519 AAAA node]\nstorage:\n  links:\n    - path: /etc/extensions/kubernetes.raw\n      target: /opt/extensions/kubernetes.raw\n      hard: false\n  files:\n",
    );
    for i in 0..6 {
        let _ = write!(
            text,
            "    - path: /etc/sysctl.d/{i}.conf\n      mode: 0644\n      contents:\n        inline: |\n          net.ipv4.ip_forward = 1\n          vm.max_map_count = 262144\n          # line {i}\n"
        );
    }
    text.push_str("systemd:\n  units:\n    - name: kubeadm.service\n      enabled: true\n      contents: |\n        [Unit]\n        Description=Bootstrap\n        [Service]\n        ExecStart=/bin/true\n        [Install]\n        WantedBy=multi-user.target\n");
    text
}

fn files(count: usize) -> String {
    config(count, |i| format!("          key = value {i}\n          other = thing\n          name = host-{i}\n"))
}

fn packed_files(count: usize) -> String {
    config(count, |_| format!("          {}\n", "x".repeat(70)))
}

fn config(count: usize, contents: impl Fn(usize) -> String) -> String {
    let mut text = String::from("variant: flatcar\nversion: 1.1.0\nstorage:\n  files:\n");
    for i in 0..count {
        let _ = write!(
            text,
            "    - path: /etc/app/conf.d/file-{i}.conf\n      mode: 0644\n      user:\n        name: core\n      contents:\n        inline: |\n{}",
            contents(i)
        );
    }
    text
}

fn butane(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("butane");
    for (name, text) in [
        ("small node", small()),
        ("1,000 files", files(1_000)),
        ("10,000 files", files(10_000)),
        ("1,000 packed files", packed_files(1_000)),
    ] {
        let result = translate(text.as_bytes(), &Options::default());
        assert!(result.failure.is_none() && result.entries.is_empty(), "the input is clean");
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| translate(black_box(text.as_bytes()), &Options::default()));
        });
    }
    group.finish();
}

criterion_group!(benches, butane);
criterion_main!(benches);
