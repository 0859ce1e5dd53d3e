#!/bin/sh
# @TITLE@
#
# One node of a cluster, from Kubernetes v@OLD@ to v@NEW@, in place. Made by `flatwright upgrade --in-place`; run it as root on the node.
#
#   upgrade-node.sh prepare --first   on one control plane, before any other node: `kubeadm upgrade apply`
#   upgrade-node.sh prepare           on the other control planes, one after the other, then on workers: `kubeadm upgrade node`
#   upgrade-node.sh switch            when every API server has v@NEW@ and the node is drained: the new kubelet
#   upgrade-node.sh release           when all nodes are done: updates and reboots go on
#   upgrade-node.sh status            what is done
#
# Every step can be repeated; one that was interrupted goes on where it stopped. `upgrade-cluster.sh` runs all of them in the order that is safe.
set -eu

old=@OLD@
new=@NEW@
minor=@MINOR@
root=${FLATWRIGHT_ROOT:-}
work=$root/var/lib/flatwright-upgrade/v$new
# What a reboot undoes is remembered where a reboot forgets it.
run=$root/run/flatwright-upgrade
manifest=$root/etc/kubernetes/manifests/kube-apiserver.yaml
kubelet_config=$root/etc/kubernetes/kubelet.conf
link=$root/etc/extensions/kubernetes.raw
transfers=$root/etc/sysupdate.kubernetes.d
sysupdate=${FLATWRIGHT_SYSUPDATE:-/usr/lib/systemd/systemd-sysupdate}
mounted=$run/image

say() { printf '%s\n' "$*"; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

case ${FLATWRIGHT_MACHINE:-$(uname -m)} in
@ARCHITECTURES@
*) fail "no node group of the spec has machines like this one" ;;
esac
image_file=$root$image

# Runs a step that was not done before.
once() {
  name=$1
  shift
  if [ -e "$work/$name.done" ]; then
    say "$name: done before"
  else
    say "$name"
    "$@"
    : > "$work/$name.done"
  fi
}

# What updates or reboots the node meanwhile stops, and is started again in the end.
hold() {
  for unit in @SERVICE@.timer @SERVICE@.service systemd-sysupdate.timer systemd-sysupdate-update.timer systemd-sysupdate-reboot.timer locksmithd.service; do
    if systemctl is-active --quiet "$unit"; then
      grep -qx "$unit" "$work/held" 2>/dev/null || printf '%s\n' "$unit" >> "$work/held"
      systemctl stop "$unit"
    fi
  done
}

# The update config of the new minor, aside: without the link, so that fetching switches nothing.
config() {
  mkdir -p "$work/definitions"
  write_transfer "$work/transfer"
  grep -v '^CurrentSymlink=' "$work/transfer" > "$work/definitions/$transfer"
}

fetch() {
  if [ ! -s "$image_file" ]; then
    "$sysupdate" --definitions="$work/definitions" update "$instance"
  fi
  [ -s "$image_file" ] || fail "$image_file is not there after the update"
}

mount_image() {
  mkdir -p "$mounted"
  mountpoint -q "$mounted" || mount -o ro,loop "$image_file" "$mounted"
  [ -x "$mounted/usr/bin/kubeadm" ] || fail "there is no kubeadm in $image_file"
  found=$("$mounted/usr/bin/kubeadm" version -o short)
  [ "$found" = "v$new" ] || fail "the kubeadm of $image_file is $found"
}

run_kubeadm() {
  if [ "$1" = first ]; then
    [ -e "$manifest" ] || fail "this node is no control plane: the first one has to be"
    "$mounted/usr/bin/kubeadm" upgrade apply --yes "v$new"
  else
    "$mounted/usr/bin/kubeadm" upgrade node
  fi
}

prepare() {
  mkdir -p "$work" "$run"
  hold
  once config config
  once fetch fetch
  mount_image
  once kubeadm run_kubeadm "$1"
}

api() { kubectl --kubeconfig "$kubelet_config" "$@"; }

# A kubelet is never newer than the API server, and never takes over while pods run.
may_switch() {
  [ -e "$work/kubeadm.done" ] || fail "run \`prepare\` first"
  if [ -e "$manifest" ] && ! grep -q "kube-apiserver:v$new\$" "$manifest"; then
    fail "the API server of this node does not have v$new yet"
  fi
  served=$(api get --raw /version | sed -n 's/.*"gitVersion": *"v\([^"]*\)".*/\1/p')
  [ "$served" = "$new" ] || fail "the API server has v$served, not v$new: no kubelet may be newer"
  node=${FLATWRIGHT_NODE:-$(uname -n | tr '[:upper:]' '[:lower:]')}
  cordoned=$(api get node "$node" -o 'jsonpath={.spec.unschedulable}')
  [ "$cordoned" = true ] || fail "drain it first: kubectl drain $node --ignore-daemonsets --delete-emptydir-data"
}

swap() {
  mkdir -p "$root/etc/extensions" "$transfers"
  ln -sfn "$image" "$link.new"
  mv -fT "$link.new" "$link"
  cp "$work/transfer" "$transfers/.$transfer.new"
  mv -f "$transfers/.$transfer.new" "$transfers/$transfer"
  for file in "$transfers"/kubernetes-v*.transfer "$transfers"/kubernetes-v*.conf; do
    [ "$file" = "$transfers/$transfer" ] || rm -f "$file"
  done
}

start() {
  systemd-sysext refresh
  systemctl daemon-reload
  systemctl restart kubelet.service
  found=$(kubelet --version)
  [ "$found" = "Kubernetes v$new" ] || fail "the kubelet says $found"
}

switch() {
  mkdir -p "$work" "$run"
  if [ -e "$work/start.done" ]; then
    say "start: done before"
    return
  fi
  may_switch
  hold
  # A loop of the old image would keep the merge from being renewed.
  if mountpoint -q "$mounted"; then umount "$mounted"; fi
  systemctl stop kubelet.service
  once swap swap
  once start start
}

release() {
  [ -e "$work/start.done" ] || fail "the kubelet of v$new does not run yet"
  if mountpoint -q "$mounted"; then umount "$mounted"; fi
  if [ -e "$work/held" ]; then
    while read -r unit; do
      # What ran once and is over is not repeated.
      case $unit in
      @SERVICE@.service) ;;
      *) systemctl start "$unit" ;;
      esac
    done < "$work/held"
    rm -f "$work/held"
  fi
  rm -rf "$run"
  : > "$work/release.done"
  say "this node has Kubernetes v$new"
  say @AFTERWARDS@
}

status() {
  for name in config fetch kubeadm swap start release; do
    if [ -e "$work/$name.done" ]; then say "$name: done"; else say "$name: to do"; fi
  done
}

case ${1:-} in
prepare)
  case ${2:-} in
  --first) prepare first ;;
  "") prepare other ;;
  *) fail "unknown option $2" ;;
  esac
  ;;
switch) switch ;;
# Apart from whoever asks: `prepare` restarts the API server and `switch` the kubelet, which carry that connection. Never twice at once.
detached)
  shift
  if systemctl is-active --quiet flatwright-upgrade.service; then
    say "running"
  else
    systemd-run --collect --unit=flatwright-upgrade /bin/sh "$0" "$@"
  fi
  ;;
release) release ;;
status) status ;;
*)
  printf 'usage: %s prepare [--first] | switch | release | status   (v%s to v%s, minor %s)\n' "$0" "$old" "$new" "$minor" >&2
  exit 2
  ;;
esac
