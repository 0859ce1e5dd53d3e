#!/bin/sh
# @TITLE@
#
# All nodes of a cluster, from Kubernetes v@OLD@ to v@NEW@, in place. Made by `flatwright upgrade --in-place`; run it with a kubectl of the workload cluster's administrator,
# or let the Job of `upgrade-bundle.yaml` run it, which also brings `upgrade-node.sh` to the nodes.
#
# Reboots are held; the control planes get the new kubeadm and API server one after the other; then each node, control planes first, is drained, switched and given back.
# It can be stopped at any time and started again: what is done is not repeated.
set -eu

old_minor=@OLD_MINOR@
new=@NEW@
new_minor=@MINOR@
namespace=flatwright-upgrade
lock=weave.works/kured-node-lock
holder='{"nodeID":"flatwright-upgrade"}'
cordon=flatwright.dev/cordoned
kubectl=${KUBECTL:-kubectl}
pause=${FLATWRIGHT_PAUSE:-5}
tries=${FLATWRIGHT_TRIES:-240}

say() { printf '%s\n' "$*"; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

# Repeats a check until it holds.
wait_for() {
  what=$1
  shift
  left=$tries
  until "$@"; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || fail "waited in vain: $what"
    sleep "$pause"
  done
}

names() { "$kubectl" get nodes -l "$1" -o 'jsonpath={range .items[*]}{.metadata.name}{"\n"}{end}' | sort; }

on_node() {
  node=$1
  shift
  pod=$("$kubectl" -n "$namespace" get pods -l app=flatwright-upgrade-node --field-selector "spec.nodeName=$node" -o 'jsonpath={.items[0].metadata.name}')
  if [ -z "$pod" ]; then
    say "the DaemonSet of upgrade-bundle.yaml has no pod on $node" >&2
    return 1
  fi
  "$kubectl" -n "$namespace" exec "$pod" -- nsenter -t 1 -m -u -i -n -p -- /bin/sh /var/lib/flatwright-upgrade/upgrade-node.sh "$@"
}

minor_of() { printf '%s\n' "$1" | sed -n 's/^v\{0,1\}[0-9]*\.\([0-9]*\)\..*/\1/p'; }
kubelet_of() { "$kubectl" get node "$1" -o 'jsonpath={.status.nodeInfo.kubeletVersion}'; }

kured() { "$kubectl" get daemonsets -A -l app.kubernetes.io/name=kured -o 'jsonpath={range .items[*]}{.metadata.namespace}/{.metadata.name}{"\n"}{end}'; }
held_by() { "$kubectl" -n "${1%/*}" get daemonset "${1#*/}" -o "jsonpath={.metadata.annotations.weave\.works/kured-node-lock}"; }

# A node that is being rebooted has the lock: it is waited for.
take_lock() {
  [ "$(held_by "$1")" = "$holder" ] && return 0
  "$kubectl" -n "${1%/*}" annotate daemonset "${1#*/}" "$lock=$holder" >/dev/null 2>&1 || return 1
}

hold_reboots() {
  for daemon in $(kured); do
    say "holding reboots of kured in $daemon"
    wait_for "kured to finish a reboot" take_lock "$daemon"
  done
}

free_reboots() {
  for daemon in $(kured); do
    if [ "$(held_by "$daemon")" = "$holder" ]; then
      "$kubectl" -n "${daemon%/*}" annotate daemonset "${daemon#*/}" "$lock-"
    fi
  done
}

check_versions() {
  served=$("$kubectl" get --raw /version | sed -n 's/.*"gitVersion": *"v\([^"]*\)".*/\1/p')
  case $(minor_of "$served") in
  "$old_minor" | "$new_minor") ;;
  *) fail "the API server has v$served: this brings it from 1.$old_minor to v$new" ;;
  esac
}

api_servers_are_new() {
  for node in $control_planes; do
    tag=$("$kubectl" -n kube-system get pod "kube-apiserver-$node" -o 'jsonpath={.spec.containers[0].image}')
    ready=$("$kubectl" -n kube-system get pod "kube-apiserver-$node" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}')
    [ "${tag##*:}" = "v$new" ] && [ "$ready" = True ] || return 1
  done
}

is_done() { on_node "$1" status | grep -qx "$2: done"; }

# Starts a step on a node, unless it runs there; it may have failed, or the connection.
attempt() {
  where=$1
  marker=$2
  shift 2
  is_done "$where" "$marker" && return 0
  on_node "$where" detached "$@" || true
  is_done "$where" "$marker"
}

run_step() {
  say "$1: $3"
  wait_for "$1: $3 (on it: journalctl -u flatwright-upgrade)" attempt "$@"
}

is_switched() {
  [ "$(kubelet_of "$1")" = "v$new" ] &&
    [ "$("$kubectl" get node "$1" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}')" = True ] &&
    is_done "$1" start
}

# Whoever cordoned the node before goes on having it so.
drain() {
  if [ -z "$("$kubectl" get node "$1" -o "jsonpath={.metadata.annotations.flatwright\.dev/cordoned}")" ]; then
    before=upgrade
    if [ "$("$kubectl" get node "$1" -o 'jsonpath={.spec.unschedulable}')" = true ]; then before=user; fi
    "$kubectl" annotate node "$1" "$cordon=$before"
  fi
  "$kubectl" drain "$1" --ignore-daemonsets --delete-emptydir-data --timeout=30m --pod-selector 'app!=flatwright-upgrade'
}

give_back() {
  case $("$kubectl" get node "$1" -o "jsonpath={.metadata.annotations.flatwright\.dev/cordoned}") in
  upgrade) "$kubectl" uncordon "$1" ;;
  *) ;;
  esac
  "$kubectl" annotate node "$1" "$cordon-"
}

replace_kubelet() {
  if is_switched "$1"; then
    say "$1: has v$new"
  else
    say "$1: draining"
    drain "$1"
    run_step "$1" start switch
    wait_for "$1 with v$new" is_switched "$1"
  fi
  give_back "$1"
}

control_planes=$(names node-role.kubernetes.io/control-plane)
workers=$(names '!node-role.kubernetes.io/control-plane')
[ -n "$control_planes" ] || fail "there is no control plane"
check_versions
hold_reboots

# First the API servers: a kubelet may reach any of them through the load balancer.
first=--first
for node in $control_planes; do
  # shellcheck disable=SC2086 # no option is no argument
  run_step "$node" kubeadm prepare $first
  first=
done
wait_for "every API server to have v$new" api_servers_are_new

for node in $control_planes; do
  replace_kubelet "$node"
done
for node in $workers; do
  run_step "$node" kubeadm prepare
  replace_kubelet "$node"
done

for node in $control_planes $workers; do
  on_node "$node" release
done
free_reboots
say "every node has Kubernetes v$new"
say @AFTERWARDS@
