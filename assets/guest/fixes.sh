#!/bin/sh
# The system's own security fixes, where it is one of Debian's kind.
# Source: apt's apt.systemd.daily(8), which stamps only what went well; unattended-upgrades' kernel hook.
set -u
verb=$1
stamps=/var/lib/apt/periodic
rules=/etc/apt/apt.conf.d/52clawcove-unattended
timers='apt-daily.timer apt-daily-upgrade.timer'

case $verb in
  # look: one line each of a name and a value; times in seconds since 1970, empty: never
  look)
    command -v apt-get > /dev/null 2>&1 || { echo 'not of that kind' >&2; exit 64; }
    echo "name $(. /etc/os-release 2> /dev/null && printf %s "${PRETTY_NAME:-}" | head -c 100)"
    automatic=yes
    command -v unattended-upgrade > /dev/null 2>&1 || automatic='no program'
    cmp -s /opt/clawcove/tools/52clawcove-unattended "$rules" || automatic='no rules'
    for timer in $timers; do
      systemctl is-active --quiet "$timer" && systemctl is-enabled --quiet "$timer" || automatic="no $timer"
    done
    # Somebody may have overruled it in a file that is read later.
    for wanted in APT::Periodic::Update-Package-Lists APT::Periodic::Unattended-Upgrade; do
      [ "$(apt-config dump --format '%v%n' "$wanted" 2> /dev/null)" = 1 ] || automatic="no $wanted"
    done
    echo "automatic $automatic"
    echo "asked $(stat -c %Y "$stamps/update-stamp" 2> /dev/null)"
    echo "fixed $(stat -c %Y "$stamps/upgrade-stamp" 2> /dev/null)"
    echo "restart $(stat -c %Y /run/reboot-required 2> /dev/null)"
    echo "up $(awk '$1 == "btime" { print $2 }' /proc/stat)"
    ;;
  # now: ends well only where all of them are there then
  now)
    install -D -m 644 /opt/clawcove/tools/52clawcove-unattended "$rules"
    if ! command -v unattended-upgrade > /dev/null 2>&1; then
      export DEBIAN_FRONTEND=noninteractive
      apt-get -q update && apt-get -qy install --no-install-recommends unattended-upgrades || exit 1
    fi
    systemctl unmask --quiet $timers apt-daily.service apt-daily-upgrade.service
    systemctl enable --quiet --now $timers
    rm -f "$stamps/update-stamp" "$stamps/upgrade-stamp"
    systemctl start apt-daily.service
    systemctl start apt-daily-upgrade.service
    [ -e "$stamps/update-stamp" ] && [ -e "$stamps/upgrade-stamp" ]
    ;;
esac
