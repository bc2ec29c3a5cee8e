# SPDX-License-Identifier: Apache-2.0
"""What the kit writes about itself: reads, refusals, erasures."""

from __future__ import annotations

from typing import Self

from peerkit.model.acts import act
from peerkit.model.base import Operational, Own, Record, record
from peerkit.model.decision import Decision

_LOG = """
    of  from  act  to  who  strength
    -   -     log  =   kit  none
"""


@record(
    "read",
    """
    of  from  act         to  who  strength
    -   -     log         =   kit  none
    -   -     log_broken  =   kit  none
    """,
    subjects="person",
    kit_only=True,
)
class Read(Record):
    """Who read what of whom. Written before the value is returned, in a transaction of its own.

    `why` is the reader's reason, where one is asked for. It is kept for ever, so it names nobody.
    """

    person: Operational[tuple[str, ...]]
    reader: Operational[str]
    of: Operational[str]
    records: Operational[tuple[str, ...]]
    why: Own[str] = ""

    @classmethod
    @act
    def log(
        cls,
        *,
        person: tuple[str, ...],
        reader: str,
        of: str,
        records: tuple[str, ...],
        why: str = "",
        by: Decision | None = None,
    ) -> Self:
        """Somebody is about to read."""
        return cls(person=person, reader=reader, of=of, records=records, why=why)

    @classmethod
    @act
    def log_broken(
        cls,
        *,
        person: tuple[str, ...],
        reader: str,
        of: str,
        records: tuple[str, ...],
        glass: str,
        by: Decision | None = None,
    ) -> Self:
        """Somebody is about to read behind a broken glass; `why` names its record."""
        why = f"break_glass:{glass}"
        return cls(person=person, reader=reader, of=of, records=records, why=why)


@record("refusal", _LOG, kit_only=True)
class Refusal(Record):
    """A commit that was refused: codes, acts, kinds, ids and the actor, without content."""

    who: Operational[str]
    codes: Operational[tuple[str, ...]]
    acts: Operational[tuple[str, ...]] = ()
    kinds: Operational[tuple[str, ...]] = ()
    records: Operational[tuple[str, ...]] = ()

    @classmethod
    @act
    def log(
        cls,
        *,
        who: str,
        codes: tuple[str, ...],
        acts: tuple[str, ...] = (),
        kinds: tuple[str, ...] = (),
        records: tuple[str, ...] = (),
        by: Decision | None = None,
    ) -> Self:
        """Something was refused."""
        return cls(who=who, codes=codes, acts=acts, kinds=kinds, records=records)


@record("redaction", _LOG, subjects="erased", kit_only=True)
class Redaction(Record):
    """An erasure: which records lost their bodies, on what basis, asked for and decided by whom.

    `basis` is a code (`wish`, `law:gdpr-art-17`; see `kit.erase`); two different humans ask and decide. It
    can itself not be erased.
    """

    erased: Operational[tuple[str, ...]]
    basis: Operational[str]
    asked_by: Operational[str]
    decided_by: Operational[str]

    @classmethod
    @act
    def log(
        cls,
        *,
        erased: tuple[str, ...],
        basis: str,
        asked_by: str,
        decided_by: str,
        by: Decision | None = None,
    ) -> Self:
        """Records are erased in this commit."""
        return cls(erased=erased, basis=basis, asked_by=asked_by, decided_by=decided_by)
