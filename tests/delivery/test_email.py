# SPDX-License-Identifier: Apache-2.0
"""E-mail, against a real SMTP server: encrypted, content-free, and its errors name no address."""

from __future__ import annotations

import email
import email.policy
import socket
from typing import Any

import pytest

from peerkit import Malformed
from peerkit.delivery.channels import NotSent
from peerkit.delivery.channels.email import make
from peerkit.delivery.sending import FLOOR, SUBJECT
from peerkit.ports import Message

TO = "ola.secret@example.org"
NOTICE = Message(TO, SUBJECT, FLOOR, "r3f3r3nc3", urgent=True)


def read(envelope: Any) -> Any:
    return email.message_from_bytes(envelope.content, policy=email.policy.default)


@pytest.mark.parametrize("tls", ["starttls", "implicit", "none"])
def test_a_notice_arrives_and_says_nothing(mail: Any, tls: str) -> None:
    box, settings = mail(tls)
    make(settings).send(NOTICE)
    (envelope,) = box.taken
    assert envelope.rcpt_tos == [TO]
    message = read(envelope)
    assert message["Subject"] == "Please open your work app"
    assert message.get_content().splitlines() == [FLOOR, "", "r3f3r3nc3"]
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Importance"] == "high"
    assert message["Message-ID"].endswith("@example.org>")


def test_with_a_login(mail: Any) -> None:
    box, settings = mail(auth=True)
    make({**settings, "user": "peer", "password": "a-secret-password"}).send(NOTICE)
    assert len(box.taken) == 1
    assert "a-secret-password" not in repr(
        make({**settings, "user": "peer", "password": "a-secret-password"})
    )


def failing(settings: dict[str, str], message: Message = NOTICE) -> NotSent:
    with pytest.raises(NotSent) as raised:
        make(settings).send(message)
    error = raised.value
    told = f"{error!r} {error} {error.__cause__!r}"
    assert TO not in told
    assert "secret" not in told
    assert error.__cause__ is None
    return error


def test_a_wrong_password(mail: Any) -> None:
    _, settings = mail(auth=True)
    assert failing({**settings, "user": "peer", "password": "another-secret"}).code == "login"


def test_a_recipient_that_is_refused(mail: Any) -> None:
    _, settings = mail(refuse="ola")
    assert failing(settings).code == "refused"


def test_a_certificate_that_nobody_trusts(mail: Any) -> None:
    box, settings = mail()
    assert failing({**settings, "ca": ""}).code == "tls"
    assert box.taken == []


def test_a_server_without_encryption_gets_nothing(mail: Any) -> None:
    box, settings = mail("none")
    assert failing({**settings, "tls": "starttls"}).code == "tls"
    assert box.taken == []


def test_no_server(mail: Any) -> None:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    _, settings = mail()
    assert failing({**settings, "port": str(port)}).code == "unreachable"


def test_a_server_that_never_answers(mail: Any) -> None:
    _, settings = mail()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert failing({**settings, "port": str(port), "timeout": "0.2"}).code == "timeout"


@pytest.mark.parametrize("to", ["", "ola", "ola@example.org\r\nBcc: all@example.org", "ö\ud800@example.org"])
def test_an_address_that_is_none(mail: Any, to: str) -> None:
    box, settings = mail()
    assert failing(settings, Message(to, SUBJECT, FLOOR)).code in {"bad-address", "refused", "failed", "tls"}
    assert box.taken == []


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"host": ""}, "email.host"),
        ({"sender": ""}, "email.sender"),
        ({"sender": "no address"}, "email.sender"),
        ({"tls": "ssl"}, "email.tls"),
        ({"port": "smtp"}, "email.port"),
        ({"port": "99999"}, "email.port"),
        ({"timeout": "3600"}, "email.port"),
    ],
)
def test_a_setting_that_does_not_fit_is_named(change: dict[str, str], where: str) -> None:
    settings = {"host": "mail.example.org", "sender": "a@example.org", **change}
    with pytest.raises(Malformed) as raised:
        make(settings)
    assert raised.value.where == where


# -- the whole way ---------------------------------------------------------------------------------------


def test_an_urgent_alert_reaches_a_mailbox(opened: Any, mail: Any, tmp_path: Any, monkeypatch: Any) -> None:
    box, settings = mail()
    for name, value in settings.items():
        monkeypatch.setenv(f"PEERKIT_EMAIL_{name.upper()}", value)
    world = opened(
        f"sqlite:///{tmp_path / 'p.db'}?synchronous=off",
        more={
            "on_call": [{"name": "Ola", "reach": [f"email:{TO}"]}],
            "path": [{"role": "on-call", "minutes": 10}],
            "notifiers": ["email"],
        },
    )
    world.screen().answer("q5", True)  # noqa: FBT003  # an answer
    (envelope,) = box.taken
    message = read(envelope)
    assert message.get_content().splitlines() == [FLOOR, "", world.alert().reference]
    (delivery,) = world.all("delivery")
    assert (delivery.to, delivery.channel, delivery.result) == (world.ola, "email", "handed-over")
    assert TO.encode() not in b"".join(
        one.body or b"" for one in world.kit.storage.history("delivery", delivery.id)
    )


def test_without_settings_the_channel_is_a_problem_and_the_alert_stays(
    opened: Any, tmp_path: Any, monkeypatch: Any
) -> None:
    monkeypatch.delenv("PEERKIT_EMAIL_HOST", raising=False)
    world = opened(f"sqlite:///{tmp_path / 'p.db'}?synchronous=off", more={"notifiers": ["email"]})
    world.screen().answer("q5", True)  # noqa: FBT003  # an answer
    assert world.alert().state == "open"
    told = " ".join(p.sentence for p in world.kit.health().problems if p.code == "channel")
    assert "email" in told


def test_a_storage_that_forgets_reaches_no_real_people(opened: Any, mail: Any, monkeypatch: Any) -> None:
    box, settings = mail()
    for name, value in settings.items():
        monkeypatch.setenv(f"PEERKIT_EMAIL_{name.upper()}", value)
    world = opened(more={"on_call": [{"name": "Ola", "reach": [f"email:{TO}"]}], "notifiers": ["email"]})
    world.screen().answer("q5", True)  # noqa: FBT003  # an answer
    assert box.taken == []
    assert any("forgets" in p.sentence for p in world.kit.health().problems)
