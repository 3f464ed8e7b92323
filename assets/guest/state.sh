#!/bin/sh
# The home's state and its copies: `state`, and `copies/NAME/state` with a note beside it. Every change is whole or not
# there at all: things come about under another name and are moved.
set -eu
cd /var/lib/clawcove
verb=$1
shift

# Takes an exchange back that was broken off between its two renames.
mend() {
  if [ ! -e state ] && [ -d copies/aside/state ]; then
    mv -T copies/aside/state state
    rm -rf copies/aside
  fi
}
# Room in which a copy comes about.
begin() {
  rm -rf copies/.making
  mkdir -m 700 copies/.making
}
# What has come about takes the place of an older one; on the disk before anybody says so. The note comes on standard input.
finish() {
  cat > copies/.making/note.json
  sync -f copies/.making
  rm -rf "copies/$1"
  mv -T copies/.making "copies/$1"
  sync copies
}

case $verb in
  # make USER: an empty state where there is none
  make)
    mend
    [ -e state ] || install -d -o "$1" -g "$1" -m 700 state
    ;;
  has) [ -d state ] && [ -n "$(find state -mindepth 1 -maxdepth 1 -print -quit)" ] ;;
  # copy NAME HOLD…: the copy is made by the command HOLD with words behind it
  copy)
    name=$1
    shift
    [ -d state ] || exit 66
    begin
    trap 'rm -rf copies/.making' EXIT
    "$@" cp --archive --reflink=auto -- state copies/.making/state
    finish "$name"
    trap - EXIT
    ;;
  begin) begin ;;
  # settle USER: what came out of an archive becomes the agent's, and no more than files
  settle)
    cd copies/.making
    find state -xdev \( -type b -o -type c -o -type p -o -type s \) -delete
    chown -hR "$1:$1" state
    find state -xdev -type f -perm /6000 -exec chmod a-s {} +
    chmod 700 state
    ;;
  finish) finish "$1" ;;
  # exchange NAME: note of what was the state on standard input
  exchange)
    mend
    if [ ! -d "copies/$1/state" ]; then
      [ -d copies/aside/state ] || exit 66
      exit 0
    fi
    begin
    cat > copies/.making/note.json
    sync -f copies/.making
    rm -rf copies/aside
    mv -T copies/.making copies/aside
    [ -e state ] || mkdir -m 700 state
    mv -T state copies/aside/state
    mv -T "copies/$1/state" state
    sync .
    rm -rf "copies/$1"
    ;;
  note) [ ! -d "copies/$1/state" ] || cat "copies/$1/note.json" ;;
  size) [ -d "copies/$1/state" ] || exit 66; du --summarize --apparent-size --block-size=1 -- "copies/$1/state" ;;
  drop) rm -rf "copies/$1" ;;
  tidy)
    mend
    rm -rf copies/.making copies/incoming copies/outgoing copies/rehearsal
    ;;
esac
