//! What CAPZ's own templates say, for `--compat capz`: their texts and commands, known problems included.
//!
//! Owns: the literals that have to be equal to upstream's for the objects to be equal. Must not: be used by the default profile.

/// Replaces the placeholder by the VM's name. Silently writes an empty name if the metadata service does not answer.
pub(super) const HOSTNAME_COMMAND: &str = "sed -i \"s/@@HOSTNAME@@/$(curl -s -H Metadata:true --noproxy '*' 'http://169.254.169.254/metadata/instance?api-version=2020-09-01' | jq -r .compute.name)/g\" /etc/kubeadm.yml";

/// The kubeadm drop-in: no work-around for a `noexec` `/etc`.
pub(super) const KUBEADM_DROP_IN: &str = "[Unit]\nAfter=oem-cloudinit.service\n# kubeadm must run after containerd - see https://github.com/kubernetes-sigs/image-builder/issues/939.\nAfter=containerd.service\n";

/// The name of the sysupdate drop-in.
pub(super) const SYSUPDATE_DROP_IN_NAME: &str = "kubernetes.conf";

/// The sysupdate drop-in, with its files of fixed names in `/tmp`.
pub(super) const SYSUPDATE_DROP_IN: &str = "[Service]\nExecStartPre=/usr/bin/sh -c \"readlink --canonicalize /etc/extensions/kubernetes.raw > /tmp/kubernetes\"\nExecStartPre=/usr/lib/systemd/systemd-sysupdate -C kubernetes update\nExecStartPost=/usr/bin/sh -c \"readlink --canonicalize /etc/extensions/kubernetes.raw > /tmp/kubernetes-new\"\nExecStartPost=/usr/bin/sh -c \"if ! cmp --silent /tmp/kubernetes /tmp/kubernetes-new; then touch /run/reboot-required; fi\"\n";

/// The registry that upstream's Calico values pull from.
pub(super) const CALICO_REGISTRY: &str = "capzcicommunity.azurecr.io";
