# SPDX-License-Identifier: Apache-2.0
"""The parts of a questionnaire's definition, as immutable values. `parse` makes them, nobody else need."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import TypeAlias

import attrs

from peerkit.instruments.answers import AnswerSet
from peerkit.instruments.codes import Code
from peerkit.instruments.conditions import Condition
from peerkit.levels import Level, worst

TOTAL = "total"
"""The id of an instrument's raw total among its scores."""

LONGEST_WAIT = 24 * 60 * 60
"""For how many seconds a rule may wait for an answer: then an unfinished screen is abandoned anyway."""

CONVERSATION = "safety-conversation"
"""The instrument that peerkit has worded itself, for where another has no words in somebody's language."""


@attrs.frozen
class Item:
    """One question. Its wording stands in the text sets, one for each language.

    `when` is its branching: it is asked only if that holds, always where there is none. An item that
    is not `required` may stay unanswered in a complete screen.
    """

    id: str
    answers: AnswerSet
    required: bool = True
    code: Code | None = None
    when: Condition | None = None


@attrs.frozen
class Score:
    """How a number is made of answers, and of other scores.

    `method` and `missing` are names in `scoring.METHODS` and `scoring.MISSING`; `missing_at_most` is
    the limit of a policy that has one. The result is `raw * times + plus`, rounded half up to
    `decimals` places. Hidden items never count. A score among the `parts` counts with its own result,
    unrounded; it is missing where it has none, and hidden where all of its items are. No item counts twice.
    Where nobody knows whether one of its items was to be asked (`triage.Reading`), there is no score.
    """

    id: str
    method: str
    items: tuple[str, ...]
    missing: str = "strict"
    missing_at_most: int = 0
    times: Decimal = Decimal(1)
    plus: Decimal = Decimal(0)
    decimals: int = 2
    code: Code | None = None
    parts: tuple[Score, ...] = ()

    @property
    def every_item(self) -> tuple[str, ...]:
        """Its items, and those of its parts."""
        return (*self.items, *(item for part in self.parts for item in part.every_item))


@attrs.frozen
class Band:
    """A range of the total, both ends included, and its code. Codes are the publisher's words for it."""

    low: Decimal
    high: Decimal
    code: str


@attrs.frozen
class Rule:
    """One row of the triage: when it holds, who must know (`level`), and the band it means, if any.

    A rule with `waits_for` is about time: it holds once `when` does and one of those items is still
    unanswered at the end of the screen, or `seconds` after `when` began to hold.
    """

    id: str
    level: Level
    when: Condition
    band: str | None = None
    waits_for: tuple[str, ...] = ()
    seconds: int = 0


@attrs.frozen
class TaskRule:
    """Something for a human to do that is no alert. `at_end` waits until nothing is left to ask."""

    id: str
    level: Level
    when: Condition
    at_end: bool = False


@attrs.frozen
class Ages:
    """Age groups that rules can ask for: group to age bands, and the group of everybody else.

    An age that is not known, and one that no group lists, belong to `unknown`.
    """

    groups: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    unknown: str = ""

    def group(self, band: object) -> str:
        """The group of an age band."""
        if isinstance(band, str):
            for group, bands in self.groups.items():
                if band in bands:
                    return group
        return self.unknown


@attrs.frozen
class Audience:
    """For whom the publisher made it, in years; none where there is no limit."""

    min_age: int | None = None
    max_age: int | None = None
    note: str = ""


@attrs.frozen
class Licence:
    """On what ground the definition, and its wording if it has any, may be used and passed on.

    Wording without ground is refused: `redistribution_permitted`, or `permission`, the reference of
    the permission that an organization holds for itself. `notice` goes wherever the wording goes.
    """

    status: str
    holder: str
    basis: str
    checked_on: dt.date
    redistribution_permitted: bool
    item_text_included: bool
    notice: str = ""
    source: str = ""
    permission: str = ""


@attrs.frozen
class TextSet:
    """The whole wording in one language, from one source. Two sets are never mixed.

    `items` has the text of every item but those `without` one: a source may lack an item that need not
    be asked, and it is not asked in that language then. `notice`, of the licence record beside it, goes
    wherever the wording goes, and `source` with it. `answers` has, for each set of answers to choose
    from, the label of every option, by its value as text (`true`, `0`). Where a wording came as a pack of
    its own, `sha256` is that file's.
    """

    language: str
    verified: bool
    source: str
    title: str
    items: Mapping[str, str]
    answers: Mapping[str, Mapping[str, str]]
    introduction: str = ""
    sha256: str = ""
    without: frozenset[str] = frozenset()
    notice: str = ""


def _by_id(definition: Definition) -> Mapping[str, Item]:
    return MappingProxyType({item.id: item for item in definition.items})


def _sums(texts: tuple[TextSet, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((text.language, text.sha256) for text in texts)


@attrs.frozen(kw_only=True, repr=False)
class Definition:
    """A whole definition, as its file says. Two are equal that come from the same bytes.

    `sha256` is the hash of the file's bytes, kept with every screen beside id and version: a version is
    never edited once it was used. `source` is the file's name. `raises` are the levels that a program
    has raised. `code` is that of the questionnaire, or of its result where it has none; a score may have one
    of its own. One with a `pack` (`clinical`) is off until a program names who receives what it finds; a
    blank one is on.
    """

    id: str
    version: str
    sha256: str
    raises: tuple[tuple[str, Level], ...] = ()
    texts: tuple[TextSet, ...] = attrs.field(default=(), eq=_sums)
    source: str = attrs.field(default="", eq=False)
    title: str = attrs.field(eq=False)
    pack: str = attrs.field(default="", eq=False)
    licence: Licence = attrs.field(eq=False)
    audience: Audience = attrs.field(factory=Audience, eq=False)
    code: Code | None = attrs.field(default=None, eq=False)
    items: tuple[Item, ...] = attrs.field(eq=False)
    order: tuple[str, ...] = attrs.field(default=(), eq=False)
    """Items with branching, each after those that it depends on."""
    scores: tuple[Score, ...] = attrs.field(default=(), eq=False)
    """The raw total, id `total`, where there is one; then whatever else is computed."""
    bands: tuple[Band, ...] = attrs.field(default=(), eq=False)
    triage: tuple[Rule, ...] = attrs.field(default=(), eq=False)
    tasks: tuple[TaskRule, ...] = attrs.field(default=(), eq=False)
    ages: Ages = attrs.field(factory=Ages, eq=False)
    by_id: Mapping[str, Item] = attrs.field(
        init=False, eq=False, default=attrs.Factory(_by_id, takes_self=True)
    )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id} {self.version}>"

    @property
    def worst(self) -> Level:
        """The most urgent level of any rule."""
        return worst(*(rule.level for rule in self.triage))


Number: TypeAlias = tuple[tuple[int, str], ...]
"""A version to compare and to order."""


def number(version: str) -> Number:
    """A version as a number to compare and to order: 1.0, 1.00 and 1 are the same, and older than 1.10.
    Whatever has a hundred digits numbers nothing."""
    parts = [part.lstrip("0") for part in version.split(".") if len(part) < 100]
    while parts and not parts[-1]:
        parts.pop()
    return tuple((len(part), part) for part in parts)


def label_key(value: bool | int | str) -> str:  # noqa: FBT001  # an answer, not a switch
    """Under which key a text set keeps the label of an answer."""
    return str(value).lower() if isinstance(value, bool) else str(value)
