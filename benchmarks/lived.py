# SPDX-License-Identifier: Apache-2.0
"""A program in which people lived, by `peerkit.simulating`: many copies of a year against that year alone.

Other than in `benchmarks.large` everything that there is has a true history: refusals, alerts, consents taken
back, people who left and died. The two whom one looks at are the same in both files.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import attrs

import peerkit
from benchmarks.lines import Line, Setup, line
from benchmarks.measuring import Side, compare
from benchmarks.program import opened, remove
from peerkit import Actor, Relationship
from peerkit.simulating import live, multiply

MANY = {"full": 200_000, "quick": 20_000, "tiny": 1_500}
COHORT = {"people": 10, "years": 1.0, "seed": 1}


def looked_at(setup: Setup) -> list[Line]:
    """A supporter's page, and the whole history of a relationship, in a simulated program."""
    many, few, again = _files(setup)
    one = Look.of(few)
    looks = [Look.of(many, one.relation.id), one, Look.of(again, one.relation.id)]
    try:
        lines, told = [], f"{looks[0].records():,} records"
        for work, what in (("a supporter's page", Look.page), ("a relationship's history", Look.history)):
            ours, theirs, again = (
                Side(name, lambda look=look, what=what: what(look), look.file)
                for name, look in zip(("many", "few", "again"), looks, strict=True)
            )
            found = compare(ours, theirs, again, max(1, setup.size.rounds // 4))
            lines.append(line(f"{work} in a simulated program, warm", "one copy of it", None, found, told))
    finally:
        for look in looks:
            look.kit.close()
    return lines


@attrs.define
class Look:
    """One supporter of a simulated program, and whom they walk with."""

    kit: peerkit.Kit
    file: Path
    relation: Relationship

    @classmethod
    def of(cls, file: Path, relation: str = "") -> Look:
        """These two, or the first two who walk together."""
        kit = opened(file)
        with kit.session(actor=Actor.system("benchmark")) as s:
            found = s.get(Relationship, relation) if relation else s.find(Relationship, state="agreed")[0]
        return cls(kit, file, found)

    def page(self) -> None:
        """Whom they walk with, and what is due, read by the supporter."""
        with self.kit.session(actor=self.relation.supporter) as s:
            assert s.find(Relationship, state="agreed", limit=100)
            s.due(limit=20)

    def history(self) -> None:
        """How the two came together."""
        with self.kit.session(actor=Actor.system("benchmark")) as s:
            assert len(s.history(Relationship, self.relation.id)) > 1

    def records(self) -> int:
        """How much there is in all, by the kinds' counts."""
        return sum(self.kit.storage.count(peerkit.ports.Query(kind)) for kind in peerkit.kinds.PLACES)


def _files(setup: Setup) -> tuple[Path, Path, Path]:
    """Many copies, the cohort alone, and the same again; made if they are not kept from an earlier run."""
    setup.kept.mkdir(parents=True, exist_ok=True)
    records = MANY[setup.size.name]
    many, few = setup.kept / f"lived-{records}.db", setup.kept / "lived.db"
    for file in (many, few):
        if not file.exists():
            making = file.with_suffix(".making")
            remove(making)
            url = f"sqlite:///{making}?synchronous=off"
            if file is many:
                multiply(url, records=records, **COHORT)
            else:
                live(url, **COHORT)
            making.rename(file)  # closed, it has no companions
    again = setup.folder / "lived-again.db"
    shutil.copy(few, again)
    return many, few, again
