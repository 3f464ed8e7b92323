# Takes away everything of ours from a computer that was there for OpenClaw, our key last: after that nobody of us
# comes in any more. What was there before stays. Argument: our line in the list of keys.
set -u
line=$1
systemctl disable --quiet --now clawcove-openclaw.service clawcove-rehearsal.service clawcove-fence.service \
  clawcove-inbound.service 2> /dev/null
systemctl stop 'clawcove-*' 'opt-clawcove-*' run-clawcovetmp.mount 2> /dev/null
for table in clawcove clawcove_inbound; do
  ! nft list table inet "$table" > /dev/null 2>&1 || nft delete table inet "$table" || exit 70
done
if getent passwd openclaw > /dev/null; then
  pkill -KILL -u openclaw
  userdel openclaw || exit 71
fi
! getent group openclaw > /dev/null || groupdel openclaw || exit 71
rm -rf /etc/systemd/system/clawcove-* /etc/systemd/system/*.wants/clawcove-* /etc/systemd/system/opt-clawcove-* \
  /etc/systemd/system/run-clawcovetmp.mount /run/systemd/system/clawcove-* /run/clawcove* \
  /etc/apt/apt.conf.d/52clawcove-unattended /etc/clawcove /opt/clawcove /var/lib/clawcove || exit 72
systemctl daemon-reload
systemctl reset-failed 'clawcove-*' 2> /dev/null

keys=/root/.ssh/authorized_keys
if [ -f "$keys" ]; then
  grep -vxF -- "$line" "$keys" > "$keys.clawcove"
  chmod 600 "$keys.clawcove"
  mv "$keys.clawcove" "$keys" || exit 73
  [ -s "$keys" ] || rm "$keys"
fi
rm -rf /usr/local/lib/clawcove
