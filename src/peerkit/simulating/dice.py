# SPDX-License-Identifier: Apache-2.0
"""Chance from a seed, and plainly fictional names."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from peerkit.errors import PluginError
from peerkit.simulating.tables import Table
from peerkit.texts import _

if TYPE_CHECKING:
    from faker import Faker

T = TypeVar("T")

FICTIONAL = "(fictional)"
"""Stands behind the name of everybody and of every body."""

LOCALES = ("en_CA", "en_CA", "en_CA", "fr_CA", "fr_CA", "uk_UA", "zh_CN", "hi_IN", "ar_AA", "pt_BR")
"""Where names come from: one in so many. Any script; what has only one name comes by chance."""


class Dice:
    """One source of chance for a whole program: the same seed, the same throws."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  # made-up people need no strong randomness
        self._dealt: dict[str, list[str]] = {}
        self._fakers = _fakers(seed)

    def bits(self, many: int) -> int:
        """So many random bits."""
        return self._random.getrandbits(many)

    def happens(self, probability: float) -> bool:
        """Whether something of this probability happens now."""
        return self._random.random() < probability

    def between(self, least: float, most: float) -> float:
        """A number between the two."""
        return least + (most - least) * self._random.random()

    def whole(self, least: int, most: int) -> int:
        """A whole number from `least` to `most`."""
        return self._random.randint(least, most)

    def pick(self, several: Sequence[T]) -> T:
        """One of several."""
        return several[self._random.randrange(len(several))]

    def minutes(self, least: float, most: float) -> timedelta:
        """A time between so many minutes, in whole seconds."""
        return timedelta(seconds=self.whole(int(least * 60), int(most * 60)))

    def draw(self, table: Table) -> str:
        """One of the table's ways, by weight."""
        return self._random.choices(list(table), list(table.values()))[0]

    def deal(self, name: str, table: Table) -> str:
        """Each of the table's ways once, in its order; then one by weight. `name` tells tables apart."""
        dealt = self._dealt.setdefault(name, [])
        way = next((one for one in table if one not in dealt), None) or self.draw(table)
        dealt.append(way) if way not in dealt else None
        return way

    def again(self, name: str, way: str) -> None:
        """A way that was dealt did not come to pass: it is owed again."""
        dealt = self._dealt.get(name, [])
        if way in dealt:
            dealt.remove(way)

    def owed(self, name: str, table: Table) -> Iterator[str]:
        """The ways that were not dealt yet; each counts as dealt when it is given."""
        for _turn in range(len(table) - len(self._dealt.get(name, ()))):
            yield self.deal(name, table)

    def person(self) -> str:
        """A made-up name of somebody, that says so."""
        fake = self._fakers[self._random.randrange(len(self._fakers))]
        name = fake.first_name() if self.happens(0.05) else f"{fake.first_name()} {fake.last_name()}"
        return f"{name} {FICTIONAL}"

    def body(self, what: str) -> str:
        """A made-up name of a body or service, that says so."""
        return f"{self._fakers[0].last_name()} {what} {FICTIONAL}"


def _fakers(seed: int) -> list[Faker]:
    try:
        from faker import Faker
    except ImportError:
        raise PluginError(_("simulating needs Faker: install peerkit[simulate]")) from None
    made = {locale: Faker(locale) for locale in dict.fromkeys(LOCALES)}
    for number, one in enumerate(made.values()):
        one.seed_instance(seed + number)
    return [made[locale] for locale in LOCALES]
