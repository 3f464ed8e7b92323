systemctl disable --now clawcove-computer.timer clawcove-computer.service
set -eu
nft list table inet clawcove_computer > /dev/null 2>&1 && nft delete table inet clawcove_computer
rm -rf /etc/clawcove-computer /etc/systemd/system/clawcove-computer.service /etc/systemd/system/clawcove-computer.timer /etc/apt/apt.conf.d/52clawcove-computer
systemctl daemon-reload
