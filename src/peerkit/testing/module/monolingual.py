# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: D102  # hooks do what their class says is wrong with it
"""Modules broken on purpose in one way: what they bring is there in one language."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from peerkit.hooks import Label, Resource, Supply
from peerkit.testing.module.garden import ENGLISH, Garden
from peerkit.texts import Message


class English(Garden):
    """Brings a goal in one language."""

    def more(self) -> Iterable[Supply]:
        yield ENGLISH


class Marking(Garden):
    """Brings a goal and a book whose texts are marked, and that nobody put into French."""

    def more(self) -> Iterable[Supply]:
        yield attrs.evolve(ENGLISH, words=Message("Water the beans"))
        grow = Message("How beans grow.")
        yield Resource(id="beans", title="Beans", publisher="Us", about="toolkits", purpose=grow)


class Stated(Garden):
    """Says a state of its kind in words that nobody put into French."""

    labels = {("state", "planned"): Message("over for the garden")}  # noqa: RUF012


class Labelling(Garden):
    """Brings a code for a kind of peerkit's, in words that nobody put into French."""

    def more(self) -> Iterable[Supply]:
        yield Label("task", "what", "garden-visit", Message("look after a visit"))
