# SPDX-License-Identifier: Apache-2.0
"""A supporter's page at a large size against a small one: fifty relationships, and what is due."""

from __future__ import annotations

import os
from pathlib import Path

import attrs

import peerkit
from benchmarks.large import BESIDE, large
from benchmarks.lines import Line, Setup, line
from benchmarks.measuring import Compared, Side, compare, take_turns
from benchmarks.program import opened
from peerkit import Actor, PeerSupporter, Relationship


@attrs.define
class Page:
    """The page of one supporter of a program."""

    kit: peerkit.Kit
    file: Path
    supporter: str

    @classmethod
    def of(cls, file: Path) -> Page:
        """Some supporter's, from the middle of the file."""
        kit = opened(file)
        with kit.session(actor=Actor.system("benchmark")) as s:
            found = s.find(PeerSupporter, limit=1000)
        return cls(kit, file, found[len(found) // 2].person)

    def show(self) -> None:
        """Read it, as this supporter."""
        with self.kit.session(actor=self.supporter) as s:
            beside = s.find(Relationship, state="agreed", limit=100)
            due = s.due(limit=20)
        assert len(beside) <= BESIDE
        assert beside
        assert due

    def forget(self) -> None:
        """Close the program, have the operating system drop the file's pages, and open it anew."""
        self.kit.close()
        with self.file.open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        self.kit = opened(self.file)


def warm_and_cold(setup: Setup) -> list[Line]:
    """The page shown again and again, and shown as the first thing after the program was opened."""
    many, few = setup.size.many, setup.size.few
    files = [large(setup.kept, many), large(setup.kept, few), large(setup.kept / "again", few)]
    pages = [Page.of(file) for file in files]
    try:
        warm, cold = _warm(pages, setup), _cold(pages, setup) if hasattr(os, "posix_fadvise") else None
    finally:
        for page in pages:
            page.kit.close()
    work, against = f"a supporter's page at {many:,} records", f"at {few:,}"
    lines = [line(f"{work}, warm", against, 1.3, warm)]
    if cold is not None:
        told = "the first read of a program just opened, the file's pages dropped from memory"
        lines.append(line(f"{work}, cold", against, 1.3, cold, told))
    return lines


NAMES = ("many", "few", "again")


def _warm(pages: list[Page], setup: Setup) -> Compared:
    ours, theirs, again = (Side(name, page.show, page.file) for name, page in zip(NAMES, pages, strict=True))
    return compare(ours, theirs, again, max(1, setup.size.rounds // 4))


def _cold(pages: list[Page], setup: Setup) -> Compared:
    sides = [Side(name, page.show, None, page.forget) for name, page in zip(NAMES, pages, strict=True)]
    series = take_turns(sides, setup.size.processes, warm=1)
    return Compared(series["many"], series["few"], series["again"], None, None)
