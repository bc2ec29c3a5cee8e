# SPDX-License-Identifier: Apache-2.0
"""The program of the safety tests, and a real SMTP server."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from safety_program import opened, world

__all__ = ["opened", "world"]


class Mailbox:
    """A handler that keeps what it took."""

    def __init__(self, refuse: str = "") -> None:
        self.taken: list[Any] = []
        self.refuse = refuse

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if self.refuse and self.refuse in address:
            return f"550 {address} is not known here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken.append(envelope)
        return "250 OK"


def login(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and data == LoginPassword(b"peer", b"a-secret-password")
    return AuthResult(success=good, handled=False)


class _Controller(Controller):
    def __init__(self, handler: Any, *, starttls: ssl.SSLContext | None = None, **options: Any) -> None:
        self._starttls = starttls
        super().__init__(handler, hostname="127.0.0.1", port=free_port(), **options)

    def factory(self) -> SMTP:
        more = {"tls_context": self._starttls, "require_starttls": True} if self._starttls else {}
        return SMTP(self.handler, **self.SMTP_kwargs, **more)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("the command openssl makes the certificate of the test's mail server, and is not here")
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    wanted = (
        "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    )
    command = ["openssl", *wanted.split(), "-keyout", str(key), "-out", str(cert)]
    subprocess.run(command, check=True, capture_output=True)
    return cert, key


@pytest.fixture
def mail(certificate: tuple[Path, Path]) -> Iterator[Callable[..., tuple[Mailbox, dict[str, str]]]]:
    """Start a mail server; its mailbox, and the settings for it."""
    running: list[Controller] = []

    def start(
        tls: str = "starttls", *, refuse: str = "", auth: bool = False
    ) -> tuple[Mailbox, dict[str, str]]:
        cert, key = certificate
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(cert, key)
        box = Mailbox(refuse)
        options: dict[str, Any] = {"starttls": context} if tls == "starttls" else {}
        if tls == "implicit":
            options["ssl_context"] = context
        if auth:
            options |= {"authenticator": login, "auth_required": True, "auth_require_tls": tls == "starttls"}
        server = _Controller(box, **options)
        server.start()
        running.append(server)
        settings = {
            "host": "127.0.0.1",
            "port": str(server.port),
            "tls": tls,
            "sender": "Walking Together <alerts@example.org>",
            "ca": str(cert),
        }
        return box, settings

    yield start
    for server in running:
        server.stop()
