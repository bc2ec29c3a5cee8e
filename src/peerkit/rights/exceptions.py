# SPDX-License-Identifier: Apache-2.0
"""What is kept from people about whom it is: the exceptions to *nothing about me without me*, as rows.

Each says from whom (the fields of the record in which they stand; `*`: everybody), unless they also stand in
another field, why, and by when peerkit's developers look again whether it still has to be so. `shown` are
those whose log (`Kit.log`) shows that it exists, without its content.
"""

from __future__ import annotations

from datetime import date

import attrs

from peerkit.ports import Envelope

ROWS = """
kind         act         from          unless                     shown   review      because
concern      *     about,names,maybe   author                     about   2027-11-28  shows-author
duty_report  *           *             author,person,shared_with  -       2027-11-28  own-duty
reflection   *           *             author                     -       2027-11-28  own-account
feedback     *           about         person,shared_with         -       2027-11-28  persons-words
read         log_broken  person        -                          person  2027-11-28  told-otherwise
"""

BECAUSE = {
    "shows-author": "it would show who voiced a concern to those whom it concerns, and who may make them pay",
    "own-duty": "it is about somebody's own duty by law, and that it is known may endanger whom it protects",
    "own-account": "it is a supporter's own account of how they are, and nobody else's to read",
    "persons-words": "what a person says of their supporter is the person's to share with them",
    "told-otherwise": "a human tells the person what was read behind a broken glass, and so does their log, "
    "unless telling now would endanger somebody",
}
"""Why, by code."""


@attrs.frozen
class Exempt:
    """One row: what is kept from whom, why, and until when that holds without another look."""

    kind: str
    act: str
    kept_from: frozenset[str]
    unless: frozenset[str]
    shown: frozenset[str]
    review: date
    because: str

    def keeps(self, envelope: Envelope, human: str) -> bool:
        """Whether the record is kept from this human."""
        if envelope.kind != self.kind or self.act not in {"*", *(line.name for line in envelope.acts)}:
            return False
        mine = {relation for relation, one in envelope.subjects if one == human}
        return ("*" in self.kept_from or not mine.isdisjoint(self.kept_from)) and mine.isdisjoint(self.unless)


def parse(text: str) -> tuple[Exempt, ...]:
    """The rows of a text like `ROWS`."""
    found: list[Exempt] = []
    for line in text.strip().splitlines()[1:]:
        kind, act, held, unless, shown, review, because = line.split()
        kept, but, told = (frozenset(one.split(",")) - {"-"} for one in (held, unless, shown))
        found.append(Exempt(kind, act, kept, but, told, date.fromisoformat(review), because))
    return tuple(found)


EXCEPTIONS = parse(ROWS)
"""The exceptions, each with its reason and the day by which it is looked at again."""


def kept_from(envelope: Envelope, human: str) -> Exempt | None:
    """The exception by which a record is kept from a human, if there is one."""
    return next((one for one in EXCEPTIONS if one.keeps(envelope, human)), None)
