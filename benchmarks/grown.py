# SPDX-License-Identifier: Apache-2.0
"""A directory grown to many entries: one city's, again for made-up towns, with made-up names in it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path
from typing import Any

from peerkit_hsds import entry, read

import peerkit
from benchmarks.program import coordinator_of, opened
from peerkit import Service

BATCH = 1000
SEED = 211
_SYLLABLES = (
    *("al", "ber", "cor", "den", "el", "fal", "gar", "hol", "in", "jas", "kel", "lor"),
    *("mer", "nor", "os", "per", "quin", "ros", "sel", "tor", "ul", "ver", "wes", "yar", "zel"),
)


def names(seed: int = SEED) -> Iterator[str]:
    """Made-up proper names of two to four syllables, always the same ones in the same order."""
    dice = random.Random(seed)
    while True:
        yield "".join(dice.choices(_SYLLABLES, k=dice.randint(2, 4))).title()


def entries(source: Path, many: int) -> Iterator[dict[str, Any]]:
    """So many entries. What an entry says of its work stays; its town, and a name in its own name, are new.

    The key of a copy is that of its original and a number, so that a judged answer is known in every copy.
    """
    with read(source) as directory:
        originals = [entry(listing, source="grown") for listing in directory]
    invented = names()
    for number in islice(count(), -(-many // len(originals))):
        town = next(invented)
        for held in originals[: many - number * len(originals)]:
            yield _moved(held, number, town, next(invented)) if number else held


def _moved(held: dict[str, Any], number: int, town: str, name: str) -> dict[str, Any]:
    moved = dict(held)
    moved["source_key"] = f"{held['source_key']}#{number}"
    moved["name"] = f"{held['name'].replace('Baltimore', town)}, {name}"
    moved["organization"] = held["organization"].replace("Baltimore", town)
    moved["description"] = held["description"].replace("Baltimore", town)
    moved["cities"] = (town, f"{number:05}", "MD")
    return moved


def grown(file: Path, source: Path, many: int) -> None:
    """Make the program in the file, unless it is there already."""
    if file.exists():
        return
    making = file.with_name(f"making-{file.name}")
    with opened(making, synchronous="off") as kit:
        coordinator = coordinator_of(kit)
        found = entries(source, many)
        while batch := list(islice(found, BATCH)):
            _list(kit, coordinator, batch)
    making.rename(file)  # closed, it has no companions


def _list(kit: peerkit.Kit, coordinator: peerkit.Person, batch: Sequence[dict[str, Any]]) -> None:
    with kit.session(actor=coordinator) as s:
        for one in batch:
            s.save(Service.list(entry=one))
