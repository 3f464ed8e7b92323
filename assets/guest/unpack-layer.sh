#!/bin/sh
# Unpacks one layer of an image from standard input, whole or not at all, as overlayfs wants it.
# Arguments: how it is packed (gzip, zstd, none), its name, and the names of the layers below it, lowest first.
# Source: OCI image spec, "Image Layer Filesystem Changeset"; Linux, Documentation/filesystems/overlayfs.
set -eu

# Every single thing that lies below is taken away, as far as this layer doesn't bring its own. Arguments: the layer, the
# layers' folder, the names of those below in one word, the markers.
begin_anew() {
  making=$1 layers=$2 below=$3
  shift 3
  for marker; do
    folder=${marker%/*}
    rm -f "$making/$marker"
    for name in $below; do
      path=$layers/$name rest=${folder#.}
      while [ -n "$rest" ]; do
        rest=${rest#/}
        path=$path/${rest%%/*}
        case $rest in */*) rest=/${rest#*/} ;; *) rest= ;; esac
        [ ! -L "$path" ] && [ -d "$path" ] || continue 2
      done
      (cd "$path" && find . -mindepth 1 -exec sh "$0" --take-away "$making/$folder" {} +)
    done
  done
}
# Arguments: a folder of the layer, paths in it.
take_away() {
  folder=$1
  shift
  for path; do
    here=$folder/$path
    [ ! -e "$here" ] && [ ! -L "$here" ] && [ -d "${here%/*}" ] && [ ! -L "${here%/*}" ] || continue
    mknod "$here" c 0 0
  done
}
# find can't run functions.
case $1 in
  --begin-anew) shift; begin_anew "$@"; exit ;;
  --take-away) shift; take_away "$@"; exit ;;
esac

packed=$1 name=$2
shift 2
layers=/opt/clawcove/layers
[ ! -d "$layers/$name" ] || { cat > /dev/null; exit 0; }
making=$layers/.making-$name
rm -rf "$making"
mkdir -m 755 "$making"
trap 'rm -rf "$making"' EXIT

# An empty folder of its own for every layer: tar lays no link that leads outside before everything else is in its
# place, and no other layer's link lies in the way.
case $packed in
  gzip) gzip -dc ;;
  zstd) zstd -dc ;;
  none) cat ;;
esac | tar --extract --directory="$making" --numeric-owner --same-owner --preserve-permissions --file=-
# A broken pipe end is tar's to notice; what the unpacker says of a damaged layer was verified before by its digest.

cd "$making"
# Devices are for the system to give; nothing becomes somebody else by being run.
find . -xdev \( -type b -o -type c -o -type p -o -type s \) -delete
find . -xdev -type f -perm /6000 -exec chmod a-s {} +

# "Nothing of what lies below in this folder."
find . -xdev -name .wh..wh..opq -exec sh "$0" --begin-anew "$making" "$layers" "$*" {} +

# "This one of what lies below is gone."
find . -xdev -name '.wh.*' -exec sh -euc '
  for marker; do
    gone=${marker##*/.wh.}
    rm -f "$marker"
    case $gone in "" | . | ..) continue ;; esac
    [ -e "${marker%/*}/$gone" ] || [ -L "${marker%/*}/$gone" ] || mknod "${marker%/*}/$gone" c 0 0
  done
' gone {} +

cd /
sync -f "$making"
mv -T "$making" "$layers/$name"
trap - EXIT
