#!/bin/sh
# Makes the agent's account and the folders of a home; changes nothing the second time.
# Arguments: the agent's user number.
set -eu
id=$1
holder=$(getent passwd "$id" | cut -d: -f1 || true)
if [ -n "$holder" ] && [ "$holder" != openclaw ]; then
  echo "user number $id belongs to somebody else" >&2
  exit 65
fi
getent group openclaw > /dev/null || groupadd --gid "$id" openclaw
getent passwd openclaw > /dev/null ||
  useradd --uid "$id" --gid "$id" --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin openclaw
[ "$(id -u openclaw):$(id -g openclaw):$(id -G openclaw)" = "$id:$id:$id" ] || {
  echo "the account openclaw is not as it was made" >&2
  exit 65
}

folder() { [ "$(stat -c '%u:%g:%a' "$4" 2> /dev/null)" = "$1:$2:$3" ] || install -d -o "$1" -g "$2" -m "$3" "$4"; }
for name in '' /layers /images /empty; do folder 0 0 755 "/opt/clawcove$name"; done
folder 0 0 711 /var/lib/clawcove
folder 0 0 700 /var/lib/clawcove/copies
folder "$id" "$id" 700 /var/lib/clawcove/cache

# What every image lacks: the places on which a home's own things are mounted. It lies on top of the image's layers.
top=/opt/clawcove/top
for name in '' /etc /run /run/clawcove /home; do folder 0 0 755 "$top$name"; done
folder "$id" "$id" 755 "$top/home/node"
for name in .openclaw .cache shared; do folder "$id" "$id" 700 "$top/home/node/$name"; done
for name in resolv.conf hosts hostname; do [ -e "$top/etc/$name" ] || : > "$top/etc/$name"; done
