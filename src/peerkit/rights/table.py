# SPDX-License-Identifier: Apache-2.0
"""The rights table in force, and its compilation to a scope."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from peerkit.kinds import sensitive
from peerkit.model.base import Record, about
from peerkit.ports import Allow, Envelope
from peerkit.rights.exceptions import EXCEPTIONS, kept_from
from peerkit.rights.grants import CAME_OF, Grants
from peerkit.rights.lines import Row
from peerkit.storage.conditions import visible

HIDING = frozenset({"reply", *(one.kind for one in EXCEPTIONS)})
"""Kinds of which some records inside a scope stay hidden, besides what is behind a wall or `shut`."""

SUPPORTED = frozenset(
    {
        "meeting",
        "goal_plan",
        "progress",
        "measure",
        "feedback",
        "reply",
        "referral",
        "risk_screen",
        "answer",
        "safety_response",
    }
)
"""The core's kinds that hold what somebody said or was asked as a person supported: about somebody who works
here, no office opens them. Of a module's, each that says which of its subjects it supports and holds what is
close to somebody."""

OFFICES = frozenset({"cover", "stand-in", "supervisor", "on-call", "coordinator", "privacy"})
"""The roles that nobody is given by the person themselves; over whoever stands in a field (`supervisor:NAME`)
too."""

THEIRS = frozenset({"person", "owner", "asked_too"})
"""As what somebody stands in a record that stays theirs, though it came of a concern that names them: it is
about them, or theirs to do."""

LAPSES = ("own:supporter", "relationship")
"""The line (role and kind) that ends by the clock, the program's `supporter_reads_days` after the end."""


class Rights:
    """The table in force: the core's rows and those that plugins bring for their own kinds."""

    def __init__(
        self,
        rows: Iterable[Row],
        *,
        answered: Callable[[str], tuple[str, Envelope] | None] = lambda _: None,
        colleagues: Callable[[], frozenset[str]] = frozenset,
        came_of: Callable[[str, frozenset[str]], frozenset[str]] = lambda *_: frozenset(),
        private: frozenset[str] = frozenset(),
        brought: Mapping[type[Record], str] | None = None,
    ) -> None:
        """`answered` gives what a reply (its id) answers, with the first subject field of that kind;
        `colleagues` who works in the program; `came_of` the ids of a kind's records that came of concerns
        (their ids). `private` kinds are read by whom their rows name, and by no part of a program. `brought`
        are the kinds of plugins, and the field of each that names who is supported."""
        self._answered = answered
        self._colleagues = colleagues
        self._came_of = came_of
        self._private = private
        self._brought = dict(brought or {})
        self._by_kind: dict[str, list[Row]] = {}
        for row in rows:
            self._by_kind.setdefault(row.kind, []).append(row)

    def rows(self) -> tuple[Row, ...]:
        """The whole table, for a host to show or compare."""
        return tuple(row for rows in self._by_kind.values() for row in rows)

    def knows(self, kind: str, grants: Grants) -> bool:
        """Whether the actor has any row of this kind to read by; if not, `find` is refused.

        That a concern names them is not told by a refusal: those rows count, and reach nothing.
        """
        return self._all(kind, grants) or any(
            row.read and self._reach(row, "person", grants) != frozenset()
            for row in self._by_kind.get(kind, ())
        )

    @property
    def roles(self) -> frozenset[str]:
        """The roles that an actor may be narrowed to: those of the table, and `person` for what is about
        themselves."""
        held = {row.role.partition(":")[0] for rows in self._by_kind.values() for row in rows}
        return frozenset(held - {"own", "alone", "anyone"}) | {"person"}

    def allow(self, kind: str, relation: str, grants: Grants) -> Allow:
        """The compiled scope: which records of a kind may be read. `relation` is its first subject field."""
        return self._allow(kind, relation, grants)

    def _allow(self, kind: str, relation: str, grants: Grants, but: str = "") -> Allow:
        """`allow`, of every line but this role's."""
        if self._all(kind, grants):
            return None
        pairs: set[tuple[str, str]] = set()
        for row in self._by_kind.get(kind, ()):
            if not row.read or row.role == but or (grants.named and row.shuts):
                continue
            reach = self._reach(row, relation, grants)
            if reach is None:
                return None
            pairs |= reach
        return frozenset(pairs)

    def shut(self, kind: str, grants: Grants) -> frozenset[str]:
        """The ids of records inside the scope that are shut to this actor by themselves: what has lapsed, and
        what came of a concern that names them or may be about them."""
        lapsed = self._lapsed(kind, grants)
        if not grants.complaints or kind not in CAME_OF:
            return lapsed
        return lapsed | self._came_of(kind, grants.complaints)

    def _lapsed(self, kind: str, grants: Grants) -> frozenset[str]:
        """Relationships that are over for too long, unless something else than having been the supporter
        opens them."""
        if kind != LAPSES[1] or not grants.lapsed:
            return frozenset()
        other = self._allow(kind, "person", grants, but=LAPSES[0])
        if other is None:
            return frozenset()
        return frozenset(one for one, subjects in grants.lapsed.items() if other.isdisjoint(subjects))

    def hides(self, envelope: Envelope, grants: Grants) -> bool:
        """Whether a record inside the scope stays hidden all the same: what an exception keeps from the actor
        (`rights.exceptions`), from a part of the program too if it is kept from everybody; what is about
        somebody behind a wall, unless they stand in the record themselves; what somebody who works here said
        as a person supported, from whoever reads it by an office alone; a reply from everybody else who may
        not read what it answers; and what is `shut`, unless it is about them or their own to do."""
        if kept_from(envelope, grants.actor.person) is not None:
            return True
        persons = about(envelope.subjects)
        if grants.actor.person not in persons and not grants.walled.isdisjoint(persons):
            return True
        if self._is_colleagues(envelope, grants):
            return True
        if envelope.kind == "reply":
            return "system" not in grants.roles and self._not_theirs(envelope, grants)
        mine = {relation for relation, one in envelope.subjects if one == grants.actor.person}
        return mine.isdisjoint(THEIRS) and envelope.id in self.shut(envelope.kind, grants)

    def supported(self, kind: str) -> str:
        """The subject field of a kind of a plugin's that names who is supported; empty if it has none."""
        cls = next((one for one in self._brought if one.kind == kind), None)
        return "" if cls is None or self._brought[cls] not in cls.subject_fields else self._brought[cls]

    def apart(self, kind: str, grants: Grants) -> Allow:
        """Which records of a kind are to be looked at one by one, since an office does not open those of
        somebody who works here; an empty set for none."""
        if kind not in self._supported or OFFICES.isdisjoint(grants.roles):
            return frozenset()
        _, supported = self._supported[kind]
        return frozenset((supported, one) for one in self._colleagues())

    @cached_property
    def _supported(self) -> dict[str, tuple[str, str]]:
        """The kinds that no office opens of somebody who works here: the first subject field of each, and the
        one that names who is supported."""
        brought = {
            one.kind: (one.subject_fields[0], field)
            for one, field in self._brought.items()
            if field in one.subject_fields and sensitive(one)
        }
        return {**dict.fromkeys(SUPPORTED, ("person", "person")), **brought}

    def _is_colleagues(self, envelope: Envelope, grants: Grants) -> bool:
        """Whether it is the record of somebody who works here, and nothing opens it to the actor but an
        office: not they themselves, nor a relationship, nor a word of theirs, nor an alert. Who broke the
        glass reads by their office what they read of everybody, of what is not private."""
        if envelope.kind not in self._supported or OFFICES.isdisjoint(grants.roles):
            return False
        first, supported = self._supported[envelope.kind]
        theirs = self._colleagues() & {one for field, one in envelope.subjects if field == supported}
        if not theirs:
            return False
        glass = grants.reach("break-glass")
        if envelope.kind not in self._private and (glass is None or theirs <= glass):
            return False
        return not any(
            row.read
            and row.role.partition(":")[0] not in OFFICES
            and not (grants.named and row.shuts)
            and self._touches(row, first, grants, envelope.subjects)
            for row in self._by_kind.get(envelope.kind, ())
        )

    def _not_theirs(self, reply: Envelope, grants: Grants) -> bool:
        """Whether a reply is neither the actor's own nor beside something that they may read."""
        if ("person", grants.actor.person) in reply.subjects and grants.actor.role in {"", "person"}:
            return False
        if (found := self._answered(reply.id)) is None:
            return True
        relation, answered = found
        allow = self.allow(answered.kind, relation, grants)
        return not visible(allow, answered.subjects) or self.hides(answered, grants)

    def may(self, act: str, record: Record, grants: Grants) -> bool:
        """Whether the actor may record this act on this record."""
        if "system" in grants.roles:
            return True
        relation = record.subject_fields[0] if record.subject_fields else ""
        persons = about(record.subjects)
        walled = not grants.walled.isdisjoint(persons)
        if walled and grants.actor.person not in persons:
            return False
        return any(
            row.may(act)
            and (not walled or row.role.startswith("own:"))  # who stands in it, and no office of theirs
            and not (grants.named and row.shuts)
            and not ((row.role, row.kind) == LAPSES and record.id in grants.lapsed)
            and self._touches(row, relation, grants, record.subjects)
            for row in self._by_kind.get(record.kind, ())
        )

    @classmethod
    def _touches(cls, row: Row, relation: str, grants: Grants, subjects: tuple[tuple[str, str], ...]) -> bool:
        """Whether the line reaches a record with these subjects: what `_reach` says, without listing it."""
        if ":" not in row.role:
            persons = grants.reach(row.role)
            if persons is None or not relation:  # a kind about nobody: having the role at all is enough
                return persons is None or bool(persons)
            return any(r == relation and one in persons for r, one in subjects)
        if row.role.startswith("alone:"):
            return (row.role[6:], grants.actor.person) in subjects and len({one for _, one in subjects}) == 1
        reach = cls._reach(row, relation, grants)
        return reach is None or not reach.isdisjoint(subjects)

    def _all(self, kind: str, grants: Grants) -> bool:
        """Whether a part of the program asks, of a kind that is not somebody's alone."""
        return "system" in grants.roles and kind not in self._private

    @staticmethod
    def _reach(row: Row, relation: str, grants: Grants) -> Allow:
        if row.role.startswith("own:"):
            if row.role in {"own:person", "own:id"} and grants.actor.role not in {"", "person"}:
                return frozenset()  # acting in one of their roles: what is about themselves stays shut
            return frozenset({(row.role[4:], grants.actor.person)})
        role, _, field = row.role.partition(":")
        persons = grants.reach(role)
        if field:
            return frozenset((field, person) for person in persons or ())
        if persons is None or (persons and not relation):
            return None
        return frozenset((relation, person) for person in persons)
