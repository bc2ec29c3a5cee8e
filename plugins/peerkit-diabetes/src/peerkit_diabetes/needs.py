# SPDX-License-Identifier: Apache-2.0
"""From what is short to services of the program's own directory. It suggests: nothing is sent, kept or begun
by it, and a question that nobody answers is nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

import attrs

from peerkit import Kit, Service, Session
from peerkit.instruments import Instrument
from peerkit.texts import Message
from peerkit_diabetes.notebook import DiabetesNotebook
from peerkit_diabetes.words import _

POVERTY, OWN = "poverty", "diabetes-needs"

FOOD, KITCHEN, HOUSING, INCOME = "food", "kitchen", "housing", "income"

TITLES: Mapping[str, Message] = MappingProxyType(
    {
        FOOD: _("Food"),
        KITCHEN: _("Cooking, and keeping food cold"),
        HOUSING: _("Housing"),
        INCOME: _("Income"),
    }
)
"""The needs that services are looked for, in order."""

WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        FOOD: ("food bank", "banque alimentaire", "community meal", "repas communautaire", "food"),
        KITCHEN: ("community kitchen", "cuisine collective", "community meal", "repas communautaire"),
        HOUSING: ("housing", "logement", "shelter", "hébergement"),
        INCOME: ("income", "revenu", "tax", "impôt", "financial", "financière", "benefits", "prestations"),
    }
)
"""What is looked for, the nearest first. Directories are in English or in French, so both stand there."""

_SAYS = {
    FOOD: r"foods?|meals?|groceries|aliment\w*|nourriture|repas",
    KITCHEN: r"kitchens?|meals?|cuisines?|repas",
    HOUSING: r"housing|homeless\w*|shelters?|rent|logements?|hebergements?|loyers?|refuges?",
    INCOME: r"incomes?|tax|taxes|benefits?|financial|revenus?|impots?|prestations?|financieres?",
}
_NAMED = {need: re.compile(rf"\b(?:{words})\b") for need, words in _SAYS.items()}
"""What an entry or a referral says that is for a need. A search forgives typing errors and takes any of its
words, so what it finds is looked at once more."""

_YES = MappingProxyType(
    {(POVERTY, "q1"): INCOME, (OWN, "money"): INCOME, **{(OWN, one): one for one in (FOOD, KITCHEN, HOUSING)}}
)
_SHORT = MappingProxyType(
    {
        "income": (INCOME,),
        "money": (INCOME,),
        "housing": (HOUSING,),
        "fixed-address": (HOUSING,),
        "food": (FOOD,),
        "food-choice": (FOOD,),
        "kitchen": (KITCHEN,),
        "fridge": (KITCHEN,),
    }
)
"""Which needs a barrier of the notebook speaks of. The others (a way to get there, a phone) are no
service."""

AGAINST: Mapping[str, Message] = MappingProxyType(
    {
        "full": _("no room, as far as is known"),
        "waiting_list": _("there is a waiting list"),
        "more_to_ask": _("they wanted to know more"),
        "stale": _("nobody has made sure of this entry for half a year"),
    }
)
"""What `Service.why_not` says, in words."""


@attrs.frozen
class Offer:
    """A service for one need (a key of `TITLES`): when somebody last made sure of its entry (None: nobody
    said), and what stands against going there now, as codes (`Service.why_not`)."""

    need: str
    service: Service
    assured: date | None
    against: tuple[str, ...]


def questions(kit: Kit, language: str) -> tuple[tuple[Instrument, str], ...]:
    """What is asked in a language, as questionnaires and their items: the poverty question where it has words
    in it, our own about money where it has none, and food, cooking and housing."""
    poverty, own = kit.instrument(POVERTY), kit.instrument(OWN)
    first = (poverty, "q1") if poverty.speaks(language) else (own, "money")
    return (first, *((own, item) for item in (FOOD, KITCHEN, HOUSING)))


def needs_of(answers: Mapping[tuple[str, str], object]) -> tuple[str, ...]:
    """The needs that somebody said yes to; `answers` by questionnaire and item, as `questions` names them. A
    no, and a question that is left open or declined, is none."""
    said = {need for key, need in _YES.items() if answers.get(key) is True}
    return tuple(one for one in TITLES if one in said)


def needs_in(notebook: DiabetesNotebook) -> tuple[str, ...]:
    """The needs that a notebook's barriers speak of."""
    said = {need for code in notebook.barriers for need in _SHORT.get(code, ())}
    return tuple(one for one in TITLES if one in said)


def named_in(texts: Iterable[str]) -> frozenset[str]:
    """The needs that some texts name, whatever their capitals and accents."""
    apart = unicodedata.normalize("NFD", " ".join(texts).casefold())
    said = "".join(one for one in apart if not unicodedata.combining(one))
    return frozenset(need for need, words in _NAMED.items() if words.search(said))


def services_for(
    s: Session, given: DiabetesNotebook | Iterable[str], *, near: str = "", limit: int = 5
) -> tuple[Offer, ...]:
    """Services of the directory for what is short: a notebook, or needs (`needs_of`). At most `limit` for
    each need, those first that nothing is known to stand against. `near` is a town, a postal code or a
    region, as the entry has it. Entries that are gone are left out; nothing is begun and nothing is sent."""
    wanted = needs_in(given) if isinstance(given, DiabetesNotebook) else tuple(given)
    today = s.kit.program.day(s.kit.clock.now())
    return tuple(one for need in wanted for one in _offers(s, need, near, limit, today))


def _offers(s: Session, need: str, near: str, limit: int, today: date) -> list[Offer]:
    place = {"cities": near} if near else {}
    found: dict[str, Service] = {}
    for words in WORDS[need]:
        for service in s.search(Service, words, limit=limit, state="listed", **place).readable:
            if need in named_in(_told(service)):
                found.setdefault(service.id, service)
    offers = [Offer(need, one, _assured(s.kit, one), one.why_not(today)) for one in found.values()]
    return sorted(offers, key=lambda one: len(set(one.against) - {"stale"}) > 0)[:limit]


def _told(service: Service) -> tuple[str, ...]:
    names = (service.name, service.alternate_name, service.organization, service.description)
    return (*names, *service.needs, *service.keywords)


def _assured(kit: Kit, service: Service) -> date | None:
    """The day on which somebody last made sure of an entry, of the program or at its source."""
    source = None if service.assured_at is None else kit.program.day(service.assured_at)
    return max((day for day in (service.assured_on, source) if day is not None), default=None)
