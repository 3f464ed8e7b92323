#!/bin/sh
# What is done with the home as a service, in one go each: every call into the system may take its time.
set -eu
tools=/opt/clawcove/tools
verb=$1
shift

# Begins anew with the rules as they lie here.
raise_fence() { systemctl start clawcove-fence.service && systemctl reload clawcove-fence.service || exit 70; }

case $verb in
  # settle USER NOTE: everything that a home needs of the system; says whether the image of that note is there.
  # CLAWCOVE_CHANGED tells whether files were laid that systemd has to know of.
  settle)
    sh "$tools/accounts.sh" "$1"
    sh "$tools/state.sh" make "$1"
    updates=/etc/apt/apt.conf.d/52clawcove-unattended
    # The system's own security updates come by themselves, where it is one of Debian's kind.
    [ ! -d "${updates%/*}" ] || cmp -s "$tools/52clawcove-unattended" "$updates" ||
      install -m 644 "$tools/52clawcove-unattended" "$updates"
    [ "${CLAWCOVE_CHANGED:-}" != yes ] || systemctl daemon-reload
    [ ! -s "$2" ] || echo image-is-there
    ;;
  # run FENCE IMAGE FOLDER COMMAND…: once, with what lies in the folder, which goes afterwards. Everything that the
  # command stands on comes first: systemd-run calls it a success when that fails (seen on 252).
  run)
    fence=$1 image=$2 given=$3
    shift 3
    [ "$fence" != fenced ] || raise_fence
    systemctl start "$image" run-clawcovetmp.mount || exit 71
    code=0
    "$@" || code=$?
    rm -rf "$given"
    exit "$code"
    ;;
  start)
    raise_fence
    systemctl reset-failed "$1" 2> /dev/null || true
    systemctl enable --quiet clawcove-fence.service "$1"
    systemctl start "$1"
    ;;
  # stop UNIT SLICE: who stops a home doesn't want it back with the system's next start; what runs beside it ends with it
  stop)
    systemctl disable --quiet "$1" 2> /dev/null || true
    systemctl stop "$1" "$2" 2> /dev/null || true
    systemctl reset-failed "$1" 2> /dev/null || true
    ;;
esac
