# SPDX-License-Identifier: Apache-2.0
"""E-mail through any SMTP server, with the standard library.

Settings, as environment variables `PEERKIT_EMAIL_…` or as the mapping that `make` takes: `host`, `port`,
`tls` (`starttls`, the default; `implicit`; `none`, for a server on this machine), `user`, `password`,
`sender`, `timeout` in seconds (5), `ca` (a file of certificates to trust instead of the system's).
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from typing import Any

import attrs

from peerkit.delivery.channels import NotSent
from peerkit.errors import Malformed
from peerkit.ports import Message

PORTS = {"starttls": 587, "implicit": 465, "none": 25}


@attrs.frozen
class Settings:
    """Where and how mail is handed over."""

    host: str
    port: int
    tls: str
    sender: str
    user: str = ""
    password: str = attrs.field(default="", repr=False)
    timeout: float = 5.0
    ca: str = ""

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Settings:
        """Malformed names the setting that is missing or does not fit, never its value."""
        tls = str(given.get("tls") or "starttls")
        if tls not in PORTS:
            raise Malformed(f"it is one of {', '.join(PORTS)}", where="email.tls")
        for name in ("host", "sender"):
            if not given.get(name):
                raise Malformed(f"set it, for example as PEERKIT_EMAIL_{name.upper()}", where=f"email.{name}")
        if "@" not in parseaddr(str(given["sender"]))[1]:
            raise Malformed("it is an address that mail comes from", where="email.sender")
        try:
            port, timeout = int(given.get("port") or PORTS[tls]), float(given.get("timeout") or 5)
        except (TypeError, ValueError):
            raise Malformed("port and timeout are numbers", where="email.port") from None
        if not 0 < port < 65536 or not 0 < timeout <= 60:
            raise Malformed("a port is from 1 to 65535, a timeout at most 60 seconds", where="email.port")
        texts = {name: str(given.get(name) or "") for name in ("user", "password", "ca")}
        return cls(str(given["host"]), port, tls, str(given["sender"]), timeout=timeout, **texts)


class Email:
    """Hands one message to the server. `send` returns once the server took it, or raises NotSent."""

    name = "email"
    real = True

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def __repr__(self) -> str:
        return "<Email>"

    def send(self, message: Message) -> None:
        """See `ports.Notifier.send`."""
        try:
            mail = self._mail(message)
        except (ValueError, TypeError, IndexError, AttributeError):
            raise NotSent("email", "bad-address", "the address cannot be written to") from None
        try:
            with self._server() as server:
                server.send_message(mail, to_addrs=[message.to])
        except Exception as error:  # noqa: BLE001  # a reply of the server may quote the address
            raise _told(error) from None

    def _mail(self, message: Message) -> EmailMessage:
        if "@" not in message.to:
            raise ValueError
        mail = EmailMessage()
        mail["From"], mail["To"] = self._settings.sender, message.to
        mail["Subject"] = message.subject
        mail["Date"] = formatdate(localtime=False)
        mail["Message-ID"] = make_msgid(domain=parseaddr(self._settings.sender)[1].rpartition("@")[2])
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: so that nobody's auto-reply answers it
        if message.urgent:
            mail["Importance"], mail["X-Priority"] = "high", "1"
        mail.set_content(f"{message.text}\n\n{message.reference}\n" if message.reference else message.text)
        return mail

    def _server(self) -> smtplib.SMTP:
        one = self._settings
        if one.tls == "implicit":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                one.host, one.port, timeout=one.timeout, context=self._context()
            )
        else:
            server = smtplib.SMTP(one.host, one.port, timeout=one.timeout)
        try:
            if one.tls == "starttls":
                server.starttls(context=self._context())
            if one.user:
                self._login(server)
        except BaseException:
            server.close()
            raise
        return server

    def _login(self, server: smtplib.SMTP) -> None:
        try:
            server.login(self._settings.user, self._settings.password)
        except smtplib.SMTPException as error:  # some servers answer a wrong password by hanging up
            if not isinstance(error.__context__, TimeoutError):
                raise smtplib.SMTPAuthenticationError(535, b"") from None
            raise

    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._settings.ca or None)


def _told(error: Exception) -> NotSent:
    """What went wrong, in words that quote nothing of the server's reply."""
    found = error.__context__ if isinstance(error.__context__, TimeoutError) else error
    for kinds, code, sentence in _TROUBLE:
        if isinstance(found, kinds):
            return NotSent("email", code, sentence)
    return NotSent("email", "failed", f"the message was not handed over ({type(error).__name__})")


_TROUBLE: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str, str], ...] = (
    (smtplib.SMTPAuthenticationError, "login", "the server refused the login: look at PEERKIT_EMAIL_USER"),
    (smtplib.SMTPRecipientsRefused, "refused", "the server refused the recipient"),
    (smtplib.SMTPSenderRefused, "sender", "the server refused the sender: look at PEERKIT_EMAIL_SENDER"),
    (smtplib.SMTPDataError, "refused", "the server refused the message"),
    (smtplib.SMTPNotSupportedError, "tls", "the server offers no encryption: look at PEERKIT_EMAIL_TLS"),
    (smtplib.SMTPServerDisconnected, "gone", "the server hung up"),
    (ssl.SSLError, "tls", "no encrypted connection: look at the server's certificate"),
    (TimeoutError, "timeout", "the server did not answer in time"),
    (smtplib.SMTPException, "failed", "the server did not take the message"),
    (OSError, "unreachable", "the server cannot be reached: look at PEERKIT_EMAIL_HOST"),
)


def make(settings: Mapping[str, Any]) -> Email:
    """A notifier from its settings; Malformed names the one that does not fit."""
    return Email(Settings.of(settings))
