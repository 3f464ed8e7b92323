#!/bin/sh
# Unpacks one layer of an image from standard input, whole or not at all, as overlayfs wants it.
# Arguments: how it is packed (gzip, zstd, none), its name, and the names of the layers below it, lowest first.
# Source: OCI image spec, "Image Layer Filesystem Changeset"; Linux, Documentation/filesystems/overlayfs.
set -eu
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

# "Nothing of what lies below in this folder": every single thing of that is taken away instead, as far as this layer
# doesn't bring its own.
find . -xdev -name .wh..wh..opq -exec sh -c '
  making=$1 layers=$2 marker=$3
  folder=${marker%/*}
  rm -f "$marker"
  shift 3
  for below; do
    path=$layers/$below
    rest=${folder#.}
    while [ -n "$rest" ]; do
      rest=${rest#/}
      path=$path/${rest%%/*}
      case $rest in */*) rest=/${rest#*/} ;; *) rest= ;; esac
      [ ! -L "$path" ] && [ -d "$path" ] || continue 2
    done
    (cd "$path" && find . -mindepth 1 -exec sh -c "
      folder=\$1
      shift
      for lower; do
        lower=\${lower#./}
        here=\$folder/\$lower
        case \$lower in */*) parent=\$folder/\${lower%/*} ;; *) parent=\$folder ;; esac
        if [ ! -e \"\$here\" ] && [ ! -L \"\$here\" ] && [ -d \"\$parent\" ] && [ ! -L \"\$parent\" ]; then
          mknod \"\$here\" c 0 0
        fi
      done
    " opaque "$making/$folder" {} +)
  done
' opaque "$making" "$layers" {} "$@" \;

# "This one of what lies below is gone."
find . -xdev -name '.wh.*' -exec sh -c '
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
