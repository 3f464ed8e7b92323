#!/bin/sh
# What can be seen of a home's processes, as records: path, what it is of that path, contents, each ended by a zero byte.
# Arguments: the unit of the home, its slice.
unit=$1 slice=$2
bound=262144
say() { printf '%s\0%s\0' "$1" "$2"; }
text() { say "$1" text; head -c "$bound" "$1" 2> /dev/null | tr -d '\0'; printf '\0'; }
link() { say "$1" link; readlink "$1" 2> /dev/null | tr -d '\n'; printf '\0'; }
# The records about what is in a folder are all there are.
listed() { say "$1" listed; printf '\0'; }

cgroup=$(systemctl show --property=ControlGroup --value "$unit")
for root in /sys/fs/cgroup /sys/fs/cgroup/systemd; do [ -d "$root$cgroup" ] && break; done
main=$(systemctl show --property=MainPID --value "$unit")
say main text; printf '%s\0' "$main"
text /proc/sys/kernel/random/boot_id
text /proc/self/mountinfo
[ "${main:-0}" -gt 0 ] || exit 0

for pid in $(find "$root$cgroup" -name cgroup.procs -exec cat {} + 2> /dev/null | head -n 500); do
  at=/proc/$pid
  say "$at" stat; printf 'd 555\0'
  for name in status uid_map gid_map limits cgroup mountinfo; do text "$at/$name"; done
  for kind in cgroup ipc mnt net pid user uts; do link "$at/ns/$kind"; done
  # Whole records, however many sockets somebody opens.
  find "$at/fd" -maxdepth 1 -lname 'socket:*' -printf '%p\0link\0%l\0' 2> /dev/null | head -z -n 9000
  listed "$at/fd"
done
listed /proc
for name in tcp tcp6; do text "/proc/$main/net/$name"; done
for kind in cgroup ipc mnt net pid user uts; do link "/proc/1/ns/$kind"; done

# Limits of the cgroups between the home and its slice, of either kind.
for name in memory.max pids.max; do text "/sys/fs/cgroup$cgroup/$name"; text "/sys/fs/cgroup${cgroup%/*}/$name"; done
for at in "$cgroup" "${cgroup%/*}"; do
  text "/sys/fs/cgroup/memory$at/memory.limit_in_bytes"
  text "/sys/fs/cgroup/pids$at/pids.max"
done

# What lies where programs usually are, and where engines listen: kind, mode; never through a link.
inside=/proc/$main/root
for path in bin sbin usr usr/bin usr/sbin usr/local usr/local/bin usr/local/sbin run run/podman run/containerd run/crio \
  run/buildkit run/host-services run/docker.sock run/podman/podman.sock run/containerd/containerd.sock run/crio/crio.sock \
  run/buildkit/buildkitd.sock run/host-services/docker.proxy.sock; do
  find "$inside/$path" -maxdepth 0 -printf '%p\0stat\0%y %m\0' 2> /dev/null
done
[ -d "$inside" ] && listed "$inside"
for path in bin sbin usr/bin usr/sbin usr/local/bin usr/local/sbin; do
  [ -d "$inside/$path" ] && [ ! -L "$inside/$path" ] || continue
  find "$inside/$path" -mindepth 1 -maxdepth 1 -printf '%p\0stat\0%y %m\0' 2> /dev/null && listed "$inside/$path"
done
exit 0
