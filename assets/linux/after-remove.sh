#!/bin/sh
# Runs as root when the package is gone. What belongs to people, in their own folders, stays: "Remove" in
# ClawCove takes it away.

# A newer one takes its place: dpkg says "upgrade", rpm how many there are then.
case "$1" in upgrade | [1-9]*) exit 0 ;; esac

if [ -f /etc/apparmor.d/clawcove ]; then
  if [ -d /sys/kernel/security/apparmor ] && command -v apparmor_parser >/dev/null; then
    apparmor_parser --remove /etc/apparmor.d/clawcove >/dev/null 2>&1 || true
  fi
  rm -f /etc/apparmor.d/clawcove
fi
if command -v update-desktop-database >/dev/null; then
  update-desktop-database -q /usr/share/applications || true
fi
