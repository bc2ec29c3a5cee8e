# SPDX-License-Identifier: Apache-2.0
"""A real terminal: `peerkit` as a process of its own on a pseudo-terminal, typed at and looked at."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from beside import DISABLED

PATIENCE = 60.0
"""Seconds after which a terminal that shows nothing has hung; nothing is measured by it."""

PRESSES = 3

_STYLE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """What stands on it is `screen`, without colours; `expect` waits for a text behind the last one."""

    def __init__(self, master: int, process: subprocess.Popen[bytes]) -> None:
        self._master, self.process = master, process
        self.screen = ""
        self._seen = 0

    def expect(self, text: str) -> None:
        """Wait until this text is shown behind what was expected before; words may stand on several lines."""
        words = re.compile(r"\s+".join(re.escape(word) for word in text.split()))
        while (found := words.search(self.screen, self._seen)) is None:
            assert self._more(), f"{text!r} never came:\n{self.screen[self._seen :]}"
        self._seen = found.end()

    def type(self, line: str) -> None:
        """Type a line and press Enter."""
        os.write(self._master, line.encode() + b"\n")

    def interrupt(self) -> None:
        """Press Ctrl-C, and again where nothing comes of it: one may be lost while Python cleans up."""
        for _ in range(PRESSES):
            pressed = len(self.screen)
            os.write(self._master, b"\x03")
            while select.select([self._master], [], [], PATIENCE / PRESSES)[0] and self._more():
                if self.screen[pressed:].replace("^C", "").strip():
                    return
            if self.process.poll() is not None:
                return

    def kill(self) -> None:
        """SIGKILL: no code of its runs any more."""
        self.process.kill()
        self.process.wait(PATIENCE)

    def hang_up(self) -> None:
        """Close the window."""
        os.close(self._master)
        self._master = -1
        self.process.wait(PATIENCE)

    def ended(self) -> int:
        """The exit code, once everything was shown."""
        while self._more():
            pass
        return self.process.wait(PATIENCE)

    def _more(self) -> bool:
        ready, _, _ = select.select([self._master], [], [], PATIENCE)
        if not ready:
            return False
        with suppress(OSError):  # Linux says so when the other end is closed
            data = os.read(self._master, 65536)
            self.screen += _STYLE.sub("", data.decode(errors="replace")).replace("\r", "")
            return bool(data)
        return False

    def close(self) -> None:
        """End what is left of it."""
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)
        if self._master >= 0:
            os.close(self._master)


@contextmanager
def terminal(*arguments: str, width: int = 100, **variables: str) -> Iterator[Terminal]:
    """`peerkit` with these arguments at a terminal of this width."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PEERKIT_")}
    env = {**kept, "PEERKIT_DISABLE_PLUGINS": DISABLED, "TERM": "xterm", "LC_ALL": "C.UTF-8", **variables}

    def own() -> None:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever runs tests in the background ignores it

    process = subprocess.Popen(
        [sys.executable, "-m", "peerkit", *arguments],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=env,
        start_new_session=True,
        preexec_fn=own,  # noqa: PLW1509  # the terminal is to be its own, and a test has one thread
    )
    os.close(slave)
    made = Terminal(master, process)
    try:
        yield made
    finally:
        made.close()
