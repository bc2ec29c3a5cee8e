# SPDX-License-Identifier: Apache-2.0
"""What may be suggested, as data: words, goals such as many people have had, and what a goal asks for.

A goal that needs a kitchen is no goal for somebody without one. Who says what is short (a *barrier*) is given
a goal's version that does without, or is not given it; nobody is asked why, and nothing of it is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import attrs

from peerkit.errors import Malformed

NEEDS = (
    "money",
    "food-choice",
    "kitchen",
    "fridge",
    "fixed-address",
    "private-place",
    "transport",
    "phone",
    "internet",
    "care-nearby",
    "getting-about",
)
"""What a goal may need, by code: some money; a say in what one eats; somewhere to cook; somewhere cold; the
same place to sleep for weeks; a place to oneself; a way to get there; a phone; the internet; a health service
that takes one on; moving about without pain or help. A plugin may have codes of its own beside them."""

BARRIERS: Mapping[str, tuple[str, ...]] = {
    "income": ("money",),
    "housing": ("kitchen", "fridge", "fixed-address", "private-place"),
    "food": ("food-choice",),
    "transport": ("transport",),
    "access": ("care-nearby", "getting-about", "internet"),
}
"""What is short in somebody's life, by code, and the needs that cannot be counted on then. Each need is a
barrier by its own code as well: `kitchen` says no more than that there is none."""


def several(codes: Iterable[str]) -> tuple[str, ...]:
    """Codes of needs or barriers. Malformed for one text, which would be read letter by letter."""
    if isinstance(codes, str):
        raise Malformed("needs and barriers are several codes, as in ('transport',)", where="codes")
    return tuple(codes)


@attrs.frozen
class WordRow:
    """Words that a list looks for, and what could be said instead, with a source of their own.

    `verified` is False for a row that nobody has seen in a source; `note` says what else one should know.
    """

    look_for: tuple[str, ...]
    say: tuple[str, ...]
    source: str
    verified: bool = True
    note: str = ""


@attrs.frozen
class WordList:
    """Words with suggestions, for `suggest`: source, edition and locale stand beside them.

    `pairs` are words to look for and what could be said instead. `rows` gives those that name a source of
    their own; it is called when words are first asked for, so that a long list costs nothing before.
    """

    name: str
    locale: str
    source: str
    pairs: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    rows: Callable[[], Iterable[WordRow]] | None = None


@attrs.frozen
class GoalTemplate:
    """A goal such as many people have had, as data: `s.suggest("goal")` gives it with its `reason` and
    `source`, to whoever asks in its language (`locale`), first those of the area of life that is asked for.
    Texts marked by a plugin's own marker (`peerkit.texts.catalogue_of`) are one template for all languages,
    and `locale` says nothing then.

    `cost` says in words what it costs (`free`, `about 5 $ a week`), and `needs` names what it takes, by the
    codes of `peerkit.hooks.NEEDS` or of the plugin's own. `instead` has words that do without: a need, or
    several joined by a blank (`money kitchen`), and the goal for somebody without them. Who says that
    something is short (`barriers`) is given the version that does without all of it, which costs nothing
    where it does without `money`; where there is none, the template is left out.

    It is nobody's goal. `plan.suggest(found.what, source=found.source)` puts it forward, and the person
    adopts it in words of their own. `name`, `words`, `reason` and `source` are needed.

    ```python
    GoalTemplate(
        name="walk",
        words="Walk for ten minutes after supper",
        reason="short walks after meals are easier to keep up than long ones",
        source="Riverside diabetes group (fictional), 2026",
        area="health and rest",
        cost="free",
        needs=("getting-about",),
        instead={"getting-about": "Lift your arms ten times after supper, sitting down"},
    )
    ```
    """

    name: str
    words: str
    reason: str
    source: str
    area: str = ""
    locale: str = "en"
    cost: str = ""
    needs: tuple[str, ...] = attrs.field(default=(), converter=several)
    instead: Mapping[str, str] = attrs.field(factory=dict)

    def fitting(self, lacking: frozenset[str]) -> tuple[str, str, tuple[str, ...]] | None:
        """Words, cost and needs of the version for somebody who lacks these needs; None if there is none."""
        missing = lacking.intersection(self.needs)
        if not missing:
            return self.words, self.cost, self.needs
        versions = [(frozenset(key.split()), words) for key, words in self.instead.items()]
        fit = [one for one in versions if missing <= one[0]]
        if not fit:
            return None
        without, words = min(fit, key=lambda one: len(one[0]))
        cost = "" if "money" in without else self.cost
        return words, cost, tuple(one for one in self.needs if one not in without)

    def fault(self) -> str:
        """What is wrong with it, in words; empty if nothing."""
        for text in ("words", "reason", "source"):
            if not str(getattr(self, text)).strip():
                return f"the goal template {self.name} has no {text}"
        for key, words in self.instead.items():
            if not key.split() or not set(key.split()) <= set(self.needs):
                return f"the goal template {self.name} does without {key}, which is none of its needs"
            if not str(words).strip():
                return f"the goal template {self.name} has no words for going without {key}"
        return ""


@attrs.frozen
class Suggestion:
    """One suggestion, with its reason and the source of the reason. It never decides anything.

    `cost` says in words what a goal costs, empty where nobody said or it costs nothing; `needs` what it takes
    (`GoalTemplate`), and `area` the area of life that it is of, if any. One that needs what is short, by the
    question's barriers, is left out."""

    what: str
    reason: str
    source: str = ""
    record: str = ""
    weight: float = 0.0
    cost: str = ""
    needs: tuple[str, ...] = attrs.field(default=(), converter=several)
    area: str = ""


def lacking(barriers: Iterable[str], more: Iterable[str] = ()) -> frozenset[str]:
    """The needs that cannot be counted on, where these are short. `more` are codes of needs that plugins
    have. Malformed for a code that is neither a barrier nor a need."""
    needs = frozenset((*NEEDS, *more))
    found: set[str] = set()
    for one in barriers:
        if one not in BARRIERS and one not in needs:
            raise _unknown(needs)
        found |= {*BARRIERS.get(one, (one,))} | ({one} & needs)
    return frozenset(found)


def _unknown(needs: frozenset[str]) -> Malformed:
    """Says every code that there is, as it may be typed in the reader's language, with what it means."""
    from peerkit.texts import _, joined
    from peerkit.texts.labels import label

    fields = {**dict.fromkeys(BARRIERS, "barrier"), **dict.fromkeys(sorted(needs - {*BARRIERS}), "need")}
    typed = {code: label("", "shortage", code) if code in {*BARRIERS, *NEEDS} else code for code in fields}
    known = [_("{code} ({what})", code=typed[one], what=label("", fields[one], one)) for one in fields]
    return Malformed(_("a barrier is one of {known}", known=joined(known, ", ")), where="suggest.barriers")
