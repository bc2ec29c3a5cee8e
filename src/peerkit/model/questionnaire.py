# SPDX-License-Identifier: Apache-2.0
"""A program's own questionnaires: definitions and wording, kept as the files they came as."""

from __future__ import annotations

import hashlib
import re
import tomllib
from typing import Self

from peerkit.codes import is_code, is_language
from peerkit.errors import Malformed
from peerkit.model.acts import act
from peerkit.model.base import Operational, Part, Public, Record, part, record
from peerkit.model.decision import Decision

LONGEST = 5_000_000
"""So many signs a file has at most: ten thousand questions in several languages, and no more. Own choice."""

_EDITION = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9}){0,3}", re.ASCII)


@part
class File(Part):
    """The text of a file as it was given, to the last sign: its hash is kept with every screen."""

    text: Public[str]


@record(
    "questionnaire",
    """
    of  from      act       to         who     strength
    -   -         add       standing   anyone  none
    -   standing  withdraw  withdrawn  anyone  none
    """,
)
class Questionnaire(Record):
    """A questionnaire of the program's own (`sort` is `definition`), or the words for one whose wording
    peerkit may not ship (`wording`), as the TOML text of its file.

    `instrument` and `edition` are the id and the version that the file is of, `sha256` the hash of its
    bytes, `languages` those of the wording in it; all of them are read from the text. `no_alerts` says that
    it is meant so if no answer alarms anybody. A version is never edited once it was used: a changed
    definition is a new version. No record goes away, so that an old answer is always judged by what was
    asked; and since none is ever erased, nobody's name or words belong in it.
    """

    file: File
    sort: Operational[str]
    instrument: Operational[str]
    edition: Operational[str]
    sha256: Operational[str]
    languages: Operational[tuple[str, ...]] = ()
    no_alerts: Operational[bool] = False
    state: Operational[str] = "standing"

    @classmethod
    @act
    def add(cls, text: str, *, no_alerts: bool = False, by: Decision | None = None) -> Self:
        """It is brought in. Whether the text is a definition, or fits one, is checked with the commit
        (`unfit-questionnaire`), and that some answer alarms somebody (`no-alert-rules`) unless `no_alerts`
        says that none is meant to. Malformed for what is no text, or a longer one than five million signs."""
        if type(text) is not str or len(text) > LONGEST:
            raise Malformed(
                f"a file's text is needed, of {LONGEST} signs at most", where="questionnaire.text"
            )
        try:
            raw = text.encode()
        except UnicodeEncodeError:
            raise Malformed("this is not UTF-8 text", where="questionnaire.text") from None
        sort, instrument, edition, languages = _head(text)
        return cls(
            file=File(text=text),
            sort=sort,
            instrument=instrument,
            edition=edition,
            sha256=hashlib.sha256(raw).hexdigest(),
            languages=languages,
            no_alerts=no_alerts,
        )

    @act
    def withdraw(self, *, by: Decision | None = None) -> Self:
        """No screen begins with it any more. What was answered to it is still judged by it."""
        return self


def _head(text: str) -> tuple[str, str, str, tuple[str, ...]]:
    """Sort, id, version and languages of a file. What cannot be read is empty here: the check's own reader
    says what is wrong with it, and where."""
    try:
        held = tomllib.loads(text)
    except (ValueError, RecursionError, ArithmeticError):
        return "definition", "", "", ()
    sort, key = ("wording", "instrument") if "instrument" in held else ("definition", "id")
    found, version, sets = held.get(key), held.get("version"), held.get("texts")
    languages = [
        one["language"]
        for one in (sets if isinstance(sets, list) else ())
        if isinstance(one, dict) and isinstance(one.get("language"), str) and is_language(one["language"])
    ]
    return (
        sort,
        found if isinstance(found, str) and is_code(found) else "",
        version if isinstance(version, str) and _EDITION.fullmatch(version) else "",
        tuple(dict.fromkeys(languages)),
    )
