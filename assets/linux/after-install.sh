#!/bin/sh
# Runs as root when the Debian or RPM package has been unpacked. Whatever fails here, ClawCove is installed.
app=/opt/ClawCove

# Chromium shuts its pages in with user namespaces. Only where ordinary people have none, it needs its
# old helper, which has to be root's own; everywhere else nothing of ClawCove runs as root.
if ! unshare --user true 2>/dev/null || [ "$(cat /proc/sys/kernel/unprivileged_userns_clone 2>/dev/null)" = 0 ]; then
  chmod 4755 "$app/chrome-sandbox"
else
  chmod 0755 "$app/chrome-sandbox"
fi

# Ubuntu's list of programs that may make user namespaces. An AppArmor that can't read the profile doesn't
# need it.
profile="$app/resources/apparmor-profile"
if command -v apparmor_parser >/dev/null && apparmor_parser --skip-kernel-load --skip-cache "$profile" >/dev/null 2>&1; then
  cp -f "$profile" /etc/apparmor.d/clawcove
  if [ -d /sys/kernel/security/apparmor ]; then
    apparmor_parser --replace --write-cache --skip-read-cache /etc/apparmor.d/clawcove || true
  fi
fi

if command -v update-desktop-database >/dev/null; then
  update-desktop-database -q /usr/share/applications || true
fi
if command -v gtk-update-icon-cache >/dev/null; then
  gtk-update-icon-cache -q /usr/share/icons/hicolor || true
fi
