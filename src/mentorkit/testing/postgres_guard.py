"""A program that runs a private PostgreSQL server until its own standard input ends.

`mentorkit.testing.databases` starts it and holds the other end of the pipe. The pipe closes
however the owner ends, by `kill -9` too, so that no server and no folder outlives its owner.
It imports the standard library alone: it runs as a script, without mentorkit.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from typing import Any

INITDB = ("--auth=trust", "--username=postgres", "--locale=C", "--encoding=UTF8", "--no-sync")


def run(binaries: str, user: str, parent: str, *options: str) -> int:
    """Serve as `user` ("" for oneself) from a fresh folder in `parent`; return the exit status."""
    with tempfile.TemporaryDirectory(prefix="mentorkit-postgres-", dir=parent) as folder:
        where = _place(folder, user)
        initdb = [f"{binaries}/initdb", "--pgdata=data", "--no-instructions", *INITDB]
        failed = subprocess.run(initdb, **where).returncode  # noqa: S603
        if failed:
            return failed
        command = [f"{binaries}/postgres", "-D", "data", *options]
        server = subprocess.Popen(command, **where)  # noqa: S603
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # the pipe alone says when to end
        threading.Thread(target=_end_with_input, args=(server,), daemon=True).start()
        return server.wait()


def _place(folder: str, user: str) -> dict[str, Any]:
    """Where and as whom the server's programs run."""
    place: dict[str, Any] = {"cwd": folder, "stdin": subprocess.DEVNULL}
    if user:
        shutil.chown(folder, user)
        place |= {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
    return place


def _end_with_input(server: subprocess.Popen[bytes]) -> None:
    os.read(0, 1)  # a byte, or the end of the pipe
    server.send_signal(signal.SIGINT)  # PostgreSQL's "fast shutdown": it does not wait for clients


if __name__ == "__main__":
    sys.exit(run(*sys.argv[1:]))
