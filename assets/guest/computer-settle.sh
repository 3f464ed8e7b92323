#!/bin/sh
# Makes a computer ready for a home: what that takes of programs, its own security updates, its closed door, and the
# folder that it shares with nobody. Changes nothing the second time.
# Arguments: the agent's user number, the folder.
set -eu
agent=$1 shared=$2
export DEBIAN_FRONTEND=noninteractive
has() { command -v "$1" > /dev/null 2>&1; }

if has apt-get; then
  missing=
  has nft || missing="$missing nftables"
  has unattended-upgrade || missing="$missing unattended-upgrades"
  [ -z "$missing" ] || { apt-get update -q && apt-get install -yq --no-install-recommends $missing; } >&2
  systemctl enable --quiet --now apt-daily.timer apt-daily-upgrade.timer
elif has dnf; then
  has nft || dnf install -yq nftables >&2
  rpm -q --quiet dnf-automatic || rpm -q --quiet dnf5-plugin-automatic || dnf install -yq dnf-automatic >&2
  on=
  for timer in dnf-automatic-install dnf-automatic dnf5-automatic; do
    systemctl is-enabled --quiet "$timer.timer" 2> /dev/null && on=yes
  done
  [ -n "$on" ] || systemctl enable --quiet --now dnf-automatic-install.timer 2> /dev/null ||
    systemctl enable --quiet --now dnf5-automatic.timer
elif has zypper; then
  has nft || zypper --non-interactive --quiet install nftables >&2
elif has pacman; then
  has nft || pacman -S --needed --noconfirm nftables >&2
fi
has nft || { echo "nftables is not there, and nobody here knows how to install it" >&2; exit 69; }

systemctl is-enabled --quiet clawcove-inbound.service || systemctl enable --quiet clawcove-inbound.service
# Begins anew with the rules as they lie here.
systemctl start clawcove-inbound.service && systemctl reload clawcove-inbound.service || exit 70

[ "$(stat -c '%u:%g:%a' "$shared" 2> /dev/null)" = "$agent:$agent:700" ] ||
  { install -d -m 711 "${shared%/*}" && install -d -o "$agent" -g "$agent" -m 700 "$shared"; }
