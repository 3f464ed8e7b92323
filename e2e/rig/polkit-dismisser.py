"""An authentication agent for one process that presses Cancel at every administrator prompt.

Usage: python3 polkit-dismisser.py PID. Says "ready" once, and "asked" for each prompt.
"""

import sys

import gi

gi.require_version("Polkit", "1.0")
gi.require_version("PolkitAgent", "1.0")
from gi.repository import Gio, GLib, Polkit, PolkitAgent  # noqa: E402


class Dismisser(PolkitAgent.Listener):
    def do_initiate_authentication(
        self, action, message, icon, details, cookie, identities, cancellable, callback, *data
    ):
        print("asked", flush=True)
        answer = Gio.Task.new(self, cancellable, callback)
        answer.return_error(
            GLib.Error.new_literal(Polkit.Error.quark(), "dismissed", Polkit.Error.CANCELLED)
        )

    def do_initiate_authentication_finish(self, result):
        return result.propagate_boolean()


caller = Polkit.UnixProcess.new_for_owner(int(sys.argv[1]), 0, -1)
# The registration lives as long as the listener does.
dismisser = Dismisser()
registration = dismisser.register(
    PolkitAgent.RegisterFlags.NONE, caller, "/org/clawcove/rig/dismisser", None
)
print("ready", flush=True)
GLib.MainLoop().run()
