# SPDX-License-Identifier: Apache-2.0
"""What plugs into the program of a simulated year: two channels, a questionnaire with every level, and a part
that raises where it is asked when it is told to."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from peerkit import Objection, hookimpl
from peerkit.delivery.channels import NotSent
from peerkit.hooks import Instrument, NotifierChannel, Supply
from peerkit.ports import Message

if TYPE_CHECKING:
    from year.world import Year

CHANNELS = ("mail", "text")


@attrs.define(eq=False)
class Channel:
    """One channel. What it takes lies in somebody's hand a moment later."""

    name: str
    year: Year
    real = False

    def send(self, message: Message) -> None:
        """Fail, hang, kill or hand over, as the post is at present."""
        year, post = self.year, self.year.post
        address = f"{self.name}:{message.to}"
        year.ledger.sends(message.reference, year.now)
        if self.name in post.hanging:
            post.hung = True
            post.sent["hung"] += 1
            return
        if self.name in post.down:
            post.sent["failed"] += 1
            raise ConnectionError
        if year.dice.happens(post.dies) and year.dice.happens(0.5):
            post.killed = True  # before it went out
            return
        if address in post.dead or year.dice.happens(post.bounces):
            post.sent["bounced"] += 1
            raise NotSent("bounced")
        post.sent["taken"] += 1
        if year.on_notice is not None:
            year.on_notice(year.cast.reach.get(address, ""), message.reference, message.urgent)
        if year.dice.happens(post.dies):
            post.killed = True  # and nobody wrote down that it did
        elif year.dice.happens(post.together):
            year.another_delivers()


@attrs.define(eq=False)
class Parts:
    """The plugin. `raising` names the hooks that raise at present; `objecting`, that its check objects."""

    year: Any = None
    raising: set[str] = attrs.field(factory=set)
    objecting: bool = False
    name = "year-parts"

    @hookimpl
    def peerkit_supply(self) -> Iterable[Supply]:
        text = (Path(__file__).parents[1] / "how-it-goes.toml").read_text(encoding="utf-8")
        made = [NotifierChannel(name, lambda _, name=name: Channel(name, self.year)) for name in CHANNELS]
        return [*made, Instrument(text, "how-it-goes.toml")]

    @hookimpl
    def peerkit_check(self, proposal: Any) -> Iterable[Objection]:
        self._raise("check")
        return [Objection("year-parts", "made up", "", "")] if self.objecting else []

    @hookimpl
    def peerkit_respond(self, proposal: Any) -> Iterable[Any]:
        self._raise("respond")
        return []

    @hookimpl
    def peerkit_observe(self, page: Any, view: Any) -> None:
        self._raise("observe")

    def _raise(self, hook: str) -> None:
        if hook in self.raising:
            raise RuntimeError(hook)
