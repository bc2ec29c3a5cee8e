# SPDX-License-Identifier: Apache-2.0
"""What plugins call their codes, gathered so that texts find it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from peerkit.hooks import Kind, Label, Supply
from peerkit.texts import Message, verbatim
from peerkit.texts.catalogue import Labels
from peerkit.texts.labels import place


def labels(supplies: Iterable[Supply]) -> Labels:
    """The words for every code that these describe."""
    return {at: said if isinstance(said, Message) else verbatim(said) for at, said in _described(supplies)}


def _described(supplies: Iterable[Supply]) -> Iterator[tuple[tuple[str, str], str]]:
    for supply in supplies:
        if isinstance(supply, Label):
            yield place(supply.kind, supply.field, supply.code), supply.words
        elif isinstance(supply, Kind):
            for (field, code), words in supply.labels.items():
                yield place("" if field == "kind" else supply.cls.kind, field, code), words
