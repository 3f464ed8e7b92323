#!/bin/sh
# Loads the fence, in one piece: the rules as they lie here, and this system's own resolvers, which may be asked for names.
set -eu
{
  cat /etc/clawcove/fence.nft
  awk '$1 == "nameserver" && $2 ~ /^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$/ { print "add element inet clawcove resolvers { " $2 " }" }' /etc/resolv.conf
} | nft -f -
nft list table inet clawcove > /dev/null
