# SPDX-License-Identifier: Apache-2.0
"""What somebody said appears where it is kept, and nowhere else: no log, error, traceback, notice or repr."""

from __future__ import annotations

import logging
import traceback
from typing import Any

import attrs
import pytest

from peerkit import Malformed, PeerkitError, UnsavedScreen
from peerkit.model.response import NEEDS

CANARY = "kanarienvogel-7431"
YES = True


class Loud:
    """An object that says it in every way."""

    def __repr__(self) -> str:
        return CANARY


def everything_said(world: Any, heard: list[str]) -> None:
    """Say the canary in every field of the lane, and force the errors on the way."""

    def hear(*things: object) -> None:
        heard.extend(f"{thing!r} {thing}" for thing in things)

    screen = world.screen(by="ola")
    hear(screen)
    for item, value in [("q4-how", CANARY), ("q5", Loud()), (CANARY, CANARY), (Loud(), {CANARY: [CANARY]})]:
        hear(screen.answer(item, value))
    hear(screen.finish())
    hear(world.kit.concern(f"{CANARY} and more", world.maya, names=[world.sam]))
    hear(world.kit.concern(Loud(), CANARY, CANARY, names=[CANARY, Loud()], level=CANARY))
    alerts = world.kit.alerts(world.cora)
    hear(world.kit.alerts(), alerts)
    for number, _ in enumerate(world.alerts):
        try:
            hear(world.respond("cora", "act", number, words=CANARY, reason=CANARY))
            hear(world.respond("cora", "meet", number, need="person_told", words=CANARY))
            hear(world.respond("cora", "close_incomplete", number, reasons=dict.fromkeys(NEEDS, CANARY)))
        except PeerkitError as error:
            heard.append("".join(traceback.format_exception(error)))
    for wrong in (CANARY, "\ud800"):
        for call in (
            lambda wrong=wrong: world.respond("cora", wrong),
            lambda wrong=wrong: world.respond("cora", "meet", need=wrong),
            lambda wrong=wrong: world.kit.concern(wrong, occurred=wrong),
            lambda wrong=wrong: world.screen(instrument=wrong, about=wrong, occurred=wrong),
        ):
            try:
                hear(call())
            except PeerkitError as error:
                heard.append("".join(traceback.format_exception(error)))
    world.clock.forward(hours=30)
    hear(world.kit.deliver(), world.kit.health(), world.kit.warnings())
    kinds = ("answer", "concern", "alert", "safety_response", "delivery", "task", "risk_screen")
    hear(*(record for kind in kinds for record in world.all(kind)))


def test_nothing_that_was_said_leaves_the_records(
    world: Any, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    heard: list[str] = []
    everything_said(world, heard)
    world.wire.broken = {"sam", "ola", "cora", "sue"}
    world.clock.forward(hours=1)
    heard.append(repr(world.kit.deliver()))
    out = capfd.readouterr()
    heard += [out.out, out.err, caplog.text]
    heard += [repr(attrs.asdict(message)) for message in world.wire.sent]
    found = [text for text in heard if CANARY in text]
    assert found == []
    stored = [
        one.body or b"" for a in world.all("answer") for one in world.kit.storage.history("answer", a.id)
    ]
    assert any(CANARY.encode() in body for body in stored)  # it was really said


def test_an_index_holds_nothing_that_was_said(world: Any) -> None:
    heard: list[str] = []
    everything_said(world, heard)
    for row in world.kit.storage.dump(limit=1000):
        assert CANARY not in repr(row["idx"])
        assert CANARY not in row["envelope"]


def test_an_unsaved_screen_quotes_nothing(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = world.screen()

    def broken(*_: Any, **__: Any) -> Any:
        raise ValueError(CANARY)

    monkeypatch.setattr(type(world.kit.storage), "commit", broken)
    for call in (
        lambda: screen.answer("q4-how", CANARY),
        lambda: world.kit.concern(CANARY, world.maya),
        lambda: world.screen(instrument=CANARY),
        screen.finish,
    ):
        with pytest.raises(UnsavedScreen) as raised:
            call()
        error = raised.value
        told = "".join(traceback.format_exception(error.with_traceback(None)))
        assert CANARY not in told + repr(error.steps) + str(error.steps)


def test_raised_levels_that_do_not_fit_are_not_quoted() -> None:
    from peerkit import Program
    from peerkit.safety.settings import check

    program = Program.found(settings={"name": "Made up", "raised": (CANARY,), "sandbox": True})
    with pytest.raises(Malformed) as raised:
        check(program, [])
    assert CANARY not in str(raised.value)
