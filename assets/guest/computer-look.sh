#!/bin/sh
# What a computer is like that is to be there for OpenClaw alone: a line for each fact, and a line `sign NAME COUNT` for
# each sign that somebody lives with it. Only looks: what people's files are is told by their names and their number, and
# none of them is opened.
say() { printf '%s=%s\n' "$1" "$2"; }
has() { command -v "$1" > /dev/null 2>&1; }

say machine "$(uname -m)"
# `systemd 252 (252.39-1~deb12u1)`: the second one says more.
say systemd "$(systemctl --version 2> /dev/null | sed -n '1s/^systemd [0-9]* (\([0-9.]*\).*/\1/p')"
say runs "$([ -d /run/systemd/system ] && echo yes || echo no)"
say memory "$(awk '$1 == "MemTotal:" { print $2 }' /proc/meminfo)"
say disk "$(df -Pk /var/lib | awk 'NR == 2 { print $4 }')"
say groups "$([ -e /sys/fs/cgroup/cgroup.controllers ] || { [ -d /sys/fs/cgroup/memory ] && [ -d /sys/fs/cgroup/pids ]; } && echo yes || echo no)"
say fence "$(has nft && echo yes || echo no)"
for tool in apt-get dnf zypper pacman none; do has "$tool" && break; done
say packages "$tool"

# Whether its own security fixes come by themselves: on, off, or nobody here can tell.
case $tool in
  apt-get)
    upgrade=
    eval "$(apt-config shell upgrade APT::Periodic::Unattended-Upgrade 2> /dev/null)"
    if has unattended-upgrade && [ "${upgrade:-0}" != 0 ] && systemctl is-enabled --quiet apt-daily-upgrade.timer 2> /dev/null
    then say fixes on; else say fixes off; fi
    ;;
  dnf)
    on=off
    for timer in dnf-automatic-install dnf-automatic dnf5-automatic; do
      systemctl is-enabled --quiet "$timer.timer" 2> /dev/null && on=on
    done
    say fixes "$on"
    ;;
  *) say fixes unknown ;;
esac

sign() { [ "$2" -lt "$3" ] || printf 'sign %s %s\n' "$1" "$2"; }
# How many of these are there; in every home, links not followed.
there() {
  count=0
  for pattern; do
    for home in $homes; do
      for path in "$home"/$pattern; do [ -e "$path" ] && [ ! -L "$path" ] && count=$((count + 1)); done
    done
  done
  echo "$count"
}
# Root's own comes first, and is nobody's.
people=$(getent passwd | awk -F: '$3 == 0 || $3 >= 1000 && $3 < 60000 && $7 !~ /(nologin|false)$/ && $1 != "openclaw" { print $6 }')
homes=
people_count=-1
for home in $people; do
  case $home in /?*) [ -d "$home" ] && homes="$homes $home" && people_count=$((people_count + 1)) ;; esac
done
sign accounts "$people_count" 2
sign browser "$(there '.mozilla/firefox/*/places.sqlite' 'snap/firefox/common/.mozilla/firefox/*/places.sqlite' \
  '.var/app/*/.mozilla/firefox/*/places.sqlite' '.config/google-chrome/*/History' '.config/chromium/*/History' \
  'snap/chromium/common/chromium/*/History' '.config/BraveSoftware/*/*/History' '.config/microsoft-edge/*/History' \
  '.config/vivaldi/*/History' '.config/opera/History' '.var/app/*/config/*/*/History')" 1
sign mail "$(there '.thunderbird/*/prefs.js' 'snap/thunderbird/common/.thunderbird/*/prefs.js' \
  '.local/share/evolution/mail/local/.#evolution' '.local/share/evolution/mail/*/folders.db' '.local/share/geary/account_*' \
  '.local/share/local-mail/*' 'Maildir' 'Mail')" 1
sign synced "$(there 'Dropbox' 'Nextcloud' 'ownCloud' 'OneDrive' 'MEGA' 'pCloudDrive' '.config/syncthing' \
  '.local/state/syncthing' '.config/insync' 'Nutstore Files' '坚果云')" 1
sign messages "$(there '.config/Signal' '.config/Slack' '.config/discord' '.config/Element' '.config/QQ' '.xwechat' \
  '.config/weixin' 'xwechat_files' 'Documents/xwechat_files' '.config/LarkShell' '.local/share/TelegramDesktop/tdata' \
  '.config/whatsapp-for-linux' 'snap/*/common/.config/Signal' '.var/app/org.signal.Signal' '.var/app/org.telegram.desktop')" 1
sign passwords "$(there '.password-store' '*.kdbx' 'Documents/*.kdbx' '.config/1Password' '.config/Bitwarden' \
  '.config/keepassxc')" 1
# A few files come with a system.
sign documents "$(there 'Documents/*' 'Pictures/*' 'Desktop/*' 'Videos/*' 'Music/*' '文档/*' '图片/*' '桌面/*' '视频/*' '音乐/*' \
  'Dokumente/*' 'Bilder/*' 'Schreibtisch/*')" 10
exit 0
