set -eu
umask 022
export DEBIAN_FRONTEND=noninteractive
has() { command -v "$1" > /dev/null 2>&1; }

# The programs it takes, and the system's own security fixes by themselves.
if has apt-get; then
  has nft && has unattended-upgrade || { apt-get update || true; apt-get install -y --no-install-recommends nftables unattended-upgrades; }
  printf '%s\n' 'APT::Periodic::Update-Package-Lists "1";' 'APT::Periodic::Unattended-Upgrade "1";' > /etc/apt/apt.conf.d/52clawcove-computer
  systemctl enable --now apt-daily.timer apt-daily-upgrade.timer
elif has dnf; then
  dnf install -y nftables dnf-automatic
  systemctl enable --now dnf-automatic-install.timer || systemctl enable --now dnf5-automatic.timer
fi

# Nothing comes in from the network but what lets its person in (SSH), where that is so already.
port=
for unit in ssh.service sshd.service ssh.socket sshd.socket; do
  systemctl is-active --quiet "$unit" && port=$(sshd -T | awk '$1 == "port" { print "tcp dport " $2 " accept" }') && break
done
install -d -m 755 /etc/clawcove-computer
cat > /etc/clawcove-computer/inbound.nft << END
table inet clawcove_computer {}
delete table inet clawcove_computer
table inet clawcove_computer {
chain in {
type filter hook input priority -10
policy drop
iif lo accept
ct state established,related accept
meta l4proto { 1, 58 } accept
udp dport { 68, 546 } accept
$port
meta l4proto tcp reject with tcp reset
}
}
END

# Laid at every start, and again every five minutes should somebody have taken it away.
cat > /etc/systemd/system/clawcove-computer.service << 'END'
[Unit]
Description=The closed door of this computer, kept by ClawCove
DefaultDependencies=no
Before=network-pre.target
Wants=network-pre.target
After=local-fs.target
[Service]
Type=oneshot
ExecStart=nft -f /etc/clawcove-computer/inbound.nft
[Install]
WantedBy=multi-user.target
END
cat > /etc/systemd/system/clawcove-computer.timer << 'END'
[Unit]
Description=Looks after the closed door of this computer
[Timer]
OnUnitInactiveSec=5min
[Install]
WantedBy=timers.target
END
systemctl daemon-reload
systemctl enable clawcove-computer.service
systemctl start clawcove-computer.service
systemctl enable --now clawcove-computer.timer
