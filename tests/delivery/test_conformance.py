# SPDX-License-Identifier: Apache-2.0
"""The channels that come with peerkit keep the notifier port's clauses."""

from __future__ import annotations

import email
import email.policy
import sys
from typing import Any

import pytest

from peerkit.delivery.channels.console import Console
from peerkit.delivery.channels.email import make
from peerkit.testing import NotifierConformance, Post

TO, SECRET = "ola.secret@example.org", "a-secret-password"


class TestConsole(NotifierConformance):
    """Standard error is what a pytest run reads; a closed one is a channel that cannot be reached."""

    @pytest.fixture
    def backend(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Post:
        came: list[str] = []

        def arrived() -> tuple[str, ...]:
            came.extend(line for line in capsys.readouterr().err.splitlines() if line)
            return tuple(came)

        def broken() -> Console:
            monkeypatch.setattr(sys, "stderr", None)
            return Console()

        return Post(Console, arrived, TO, broken)


class TestEmail(NotifierConformance):
    """Against a real server; the broken one is given a port at which nobody listens."""

    @pytest.fixture
    def backend(self, mail: Any, unused: int) -> Post:
        box, settings = mail(auth=True)
        login = {**settings, "user": "peer", "password": SECRET}

        def arrived() -> tuple[str, ...]:
            messages = [email.message_from_bytes(m.content, policy=email.policy.default) for m in box.taken]
            return tuple(str(one.get_content()) for one in messages)  # type: ignore[attr-defined]

        broken = {**login, "port": str(unused)}
        return Post(lambda: make(login), arrived, TO, lambda: make(broken), (SECRET,))

    @pytest.fixture
    def unused(self) -> int:
        import socket

        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            return int(one.getsockname()[1])
