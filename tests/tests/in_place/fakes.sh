# The programs of a fake node and of a fake cluster, in one file: `fakes.sh NAME ARGUMENTS`. The state is below $SIM; the node is $FLATWRIGHT_NODE.
# shellcheck shell=sh
set -u
name=$1
shift
node=${FLATWRIGHT_NODE:-operator}
own=$SIM/state/$node
root=$SIM/nodes/$node

printf '%s %s %s\n' "$node" "$name" "$*" >> "$SIM/log"
count=$(($(cat "$SIM/count") + 1))
printf '%s' "$count" > "$SIM/count"
# The power fails before or after the effect of one call: everything of the run dies.
dies() { if [ "$(cat "$SIM/dies")" = "$count $1" ]; then kill -KILL 0; fi; }
dies before

patch_of() { printf '%s' "$1" | sed 's/.*v\(1\.[0-9]*\.[0-9]*\).*/\1/'; }
oldest_api() {
  for one in "$SIM"/nodes/*/etc/kubernetes/manifests/kube-apiserver.yaml; do patch_of "$(grep image: "$one")"; echo; done | sort -V | head -n 1
}
newer() { [ "$1" != "$2" ] && [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | tail -n 1)" = "$1" ]; }
done_with() { dies after; exit "${1:-0}"; }

case $name in
systemctl)
  case $* in
  "is-active --quiet "*) if [ -e "$own/active/$3" ]; then done_with 0; else done_with 3; fi ;;
  "stop "*) rm -f "$own/active/$2" ;;
  "start "* | "restart "*)
    : > "$own/active/$2"
    if [ "$2" = kubelet.service ]; then
      cp "$own/merged" "$own/running"
      if newer "$(cat "$own/running")" "$(oldest_api)"; then echo "VIOLATION $node" >> "$SIM/log"; fi
      if [ "$(cat "$own/cordoned" 2>/dev/null)" != true ]; then echo "VIOLATION $node not drained" >> "$SIM/log"; fi
    fi
    ;;
  daemon-reload) ;;
  *) echo "systemctl $*: unknown" >&2; exit 99 ;;
  esac
  ;;
systemd-sysext) patch_of "$(readlink "$root/etc/extensions/kubernetes.raw")" > "$own/merged" ;;
systemd-run)
  while [ "${1#--}" != "$1" ]; do shift; done
  "$@" >> "$SIM/detached" 2>&1
  ;;
mountpoint) if [ -e "$own/mounted" ]; then done_with 0; else done_with 1; fi ;;
mount)
  mkdir -p "$4/usr/bin"
  printf '#!/bin/sh\nexec sh "$FAKES" kubeadm %s "$@"\n' "$(patch_of "$3")" > "$4/usr/bin/kubeadm"
  chmod +x "$4/usr/bin/kubeadm"
  : > "$own/mounted"
  ;;
umount)
  rm -rf "$1/usr"
  rm -f "$own/mounted"
  ;;
kubelet) printf 'Kubernetes v%s\n' "$(cat "$own/merged")" ;;
kubeadm)
  version=$1
  shift
  manifest=$root/etc/kubernetes/manifests/kube-apiserver.yaml
  case $* in
  "version -o short") printf 'v%s\n' "$version" ;;
  "upgrade apply --yes v$version")
    [ -e "$manifest" ] || exit 1
    printf '    image: registry.k8s.io/kube-apiserver:v%s\n' "$version" > "$manifest"
    printf '%s' "$version" > "$SIM/config"
    ;;
  "upgrade node")
    # kubeadm refuses a cluster of another minor than its own.
    [ "$(cat "$SIM/config")" = "$version" ] || { echo "kubeadm: the cluster has $(cat "$SIM/config")" >&2; exit 1; }
    if [ -e "$manifest" ]; then printf '    image: registry.k8s.io/kube-apiserver:v%s\n' "$version" > "$manifest"; fi
    ;;
  *) echo "kubeadm $*: unknown" >&2; exit 99 ;;
  esac
  ;;
sysupdate)
  directory=${1#--definitions=}
  [ "$(find "$directory" -type f | wc -l)" = 1 ] || exit 1
  if grep -q CurrentSymlink "$directory"/*; then exit 1; fi
  pattern=$(sed -n 's/^MatchPattern=//p' "$directory"/*)
  target=$(sed -n '/^\[Target\]/,$ s/^Path=//p' "$directory"/*)
  file=$(printf '%s' "$pattern" | sed "s/@v/$3/; s/%a/x86-64/")
  mkdir -p "$root$target"
  echo image > "$root$target/$file"
  ;;
kubectl)
  if [ "${1:-}" = --kubeconfig ]; then shift 2; fi
  case $* in
  "get --raw /version") printf '{\n  "gitVersion": "v%s"\n}\n' "$(oldest_api)" ;;
  "get nodes -l node-role"*) ls "$SIM/nodes" | grep ^cp ;;
  "get nodes -l !node-role"*) ls "$SIM/nodes" | grep ^w ;;
  "get node "*)
    of=$SIM/state/$3
    case $5 in
    *unschedulable*) cat "$of/cordoned" 2>/dev/null ;;
    *kubeletVersion*) printf 'v%s' "$(cat "$of/running")" ;;
    *Ready*) if [ -e "$of/active/kubelet.service" ]; then printf True; else printf Unknown; fi ;;
    *annotations*) cat "$of/annotation" 2>/dev/null ;;
    esac
    ;;
  "annotate node "*-) rm -f "$SIM/state/$3/annotation" ;;
  "annotate node "*) printf '%s' "${4#*=}" > "$SIM/state/$3/annotation" ;;
  "drain "*)
    for other in "$SIM"/state/*; do
      if [ "$(cat "$other/annotation" 2>/dev/null)" = upgrade ] && [ "$other" != "$SIM/state/$2" ]; then echo "VIOLATION two nodes at once" >> "$SIM/log"; fi
    done
    printf true > "$SIM/state/$2/cordoned"
    ;;
  "uncordon "*) rm -f "$SIM/state/$2/cordoned" ;;
  "get daemonsets "*) echo kube-system/kured ;;
  "-n kube-system get daemonset kured "*) cat "$SIM/lock" 2>/dev/null ;;
  "-n kube-system annotate daemonset kured "*-) rm -f "$SIM/lock" ;;
  "-n kube-system annotate daemonset kured "*)
    # Another holder is not replaced: it reboots, and is done after a while.
    if [ -e "$SIM/lock" ]; then rm -f "$SIM/lock"; done_with 1; fi
    printf '%s' "${6#*=}" > "$SIM/lock"
    ;;
  "-n kube-system get pod kube-apiserver-"*)
    of=${5#kube-apiserver-}
    case $7 in
    *image*) sed 's/.*image: //' "$SIM/nodes/$of/etc/kubernetes/manifests/kube-apiserver.yaml" ;;
    *) printf True ;;
    esac
    ;;
  "-n flatwright-upgrade get pods "*) printf 'pod-%s' "${8#spec.nodeName=}" ;;
  "-n flatwright-upgrade exec "*)
    target=${4#pod-}
    # A stopped kubelet carries no connection.
    [ -e "$SIM/state/$target/active/kubelet.service" ] || exit 1
    while [ "$1" != /bin/sh ]; do shift; done
    shift 2
    FLATWRIGHT_NODE=$target FLATWRIGHT_ROOT=$SIM/nodes/$target sh "$SCRIPTS/upgrade-node.sh" "$@"
    answer=$?
    # The API server, or the kubelet, is restarted by what was asked for: the connection is lost.
    case $* in detached*) answer=1 ;; esac
    done_with $answer
    ;;
  *) echo "kubectl $*: unknown" >&2; exit 99 ;;
  esac
  ;;
*) echo "$name: unknown" >&2; exit 99 ;;
esac
done_with 0
