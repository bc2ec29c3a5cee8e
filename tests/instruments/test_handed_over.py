# SPDX-License-Identifier: Apache-2.0
"""What a host is handed: whole wording with its choices, numbers of any type, and what a set says that is not
finished."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from peerkit.errors import Malformed, NotFound
from peerkit.instruments import Instrument, in_language, load, with_wording
from peerkit.texts import for_locale

Definition = Callable[..., Instrument]
Text = Callable[..., str]


# -- a set that is not finished --------------------------------------------------------------------


def test_an_unfinished_set_says_so_and_not_that_all_is_well() -> None:
    some = load("asq").score({"q1": False, "q2": None, "q3": None, "q4": None})
    assert (some.level, some.complete) == ("none", False)
    assert "says nothing yet" in for_locale("en")(some.handover)
    assert "ne dit encore rien" in for_locale("fr")(some.handover)
    whole = load("asq").score(dict.fromkeys(("q1", "q2", "q3", "q4"), False))
    assert for_locale("en")(whole.handover).startswith("Nobody has to be told.")
    assert for_locale("en")(load("asq").score({"q1": True}).handover).startswith("Stay with the person")


# -- in a plain language ---------------------------------------------------------------------------


def regional(of: str, *tags: str) -> Instrument:
    """Québec's wording of an instrument once more, under other tags."""
    found = load(of)
    [french] = [text for text in found.texts if text.language == "fr-CA"]
    for tag in tags:
        found = with_wording(found, as_pack(found, french, tag))
    return found


def as_pack(instrument: Instrument, french: Any, tag: str) -> str:
    def table(pairs: Any) -> str:
        return "".join(f"{key} = 'mots {key}'\n" for key in pairs)

    return (
        f'format = 1\ninstrument = "{instrument.id}"\nversion = "{instrument.version}"\n[licence]\n'
        'status = "own-words"\nholder = "x"\nbasis = "x"\nchecked_on = 2026-11-28\n'
        "redistribution_permitted = true\nitem_text_included = true\n"
        f'[[texts]]\nlanguage = "{tag}"\nverified = true\nsource = "x"\ntitle = "x"\n'
        f"without = {sorted(french.without)}\n"
        f"[texts.items]\n{table(french.items)}"
        + "".join(f"[texts.answers.{name}]\n{table(labels)}" for name, labels in french.answers.items())
    )


def test_a_plain_language_takes_the_only_set_that_there_is() -> None:
    phq9 = load("phq-9")
    for tag in ("fr", "FR"):
        assert in_language(phq9, tag) is phq9
        assert phq9.wording(tag).language == "fr-CA"
        assert phq9.speaks(tag)
    for tag in ("fr-FR", "f", ""):  # another region's, no language
        assert not phq9.speaks(tag)


def test_two_regions_are_never_guessed_between() -> None:
    both = regional("phq-2", "fr-BE")
    assert not both.speaks("fr")
    for asked in (both.wording, lambda tag: in_language(both, tag)):
        with pytest.raises(NotFound, match="fr-CA and fr-BE"):
            asked("fr")
    assert in_language(both, "fr-BE").text("q1", "fr-BE") == "mots q1"
    plain = regional("phq-2", "fr-BE", "fr")
    assert plain.wording("fr").language == "fr"


def test_nothing_stands_in_the_place_of_what_alarms_nobody() -> None:
    with pytest.raises(NotFound, match="no answer to it alarms anybody"):
        in_language(load("poverty"), "fr")


# -- choices ---------------------------------------------------------------------------------------


def test_choices_are_what_score_takes_with_their_words() -> None:
    phq9, asq = load("phq-9"), load("asq")
    assert phq9.choices("q1", "fr-CA")[:2] == ((0, "Jamais"), (1, "Plusieurs jours"))
    assert [value for value, _words in asq.choices("q1", "en")] == [True, False]
    for value, words in phq9.choices("q1", "en"):
        assert phq9.score({"q1": value}).alerts == ()
        assert phq9.label("q1", "en", value=value) == words
    assert load("safety-conversation").choices("q1", "en") == ()
    with pytest.raises(NotFound):
        phq9.choices("q99", "en")
    with pytest.raises(NotFound):
        load("hits").choices("q1", "en")


# -- numbers ---------------------------------------------------------------------------------------


class Index:
    """An integer of another library's."""

    def __init__(self, value: int) -> None:
        self.value = value

    def __index__(self) -> int:
        return self.value


@pytest.mark.parametrize("same", [3, 3.0, Decimal(3), Decimal("3.00"), Index(3)])
def test_a_number_is_taken_whatever_its_type(definition: Definition, same: Any) -> None:
    for instrument in (load("phq-9"), definition("five-numbers")):
        assert instrument.score({"q1": same}) == instrument.score({"q1": 3})
        assert instrument.judge({"q1": same}) == instrument.judge({"q1": 3})
    assert load("phq-9").judge({"q9": same}).level == "now"


@pytest.mark.parametrize(
    "odd", [True, 3.5, Decimal("2.9999999999"), "3", Decimal("NaN"), Decimal("1E+999999"), float("inf"), [3]]
)
def test_what_is_not_exactly_a_number_is_no_answer(definition: Definition, odd: Any) -> None:
    for instrument in (load("phq-9"), definition("five-numbers")):
        with pytest.raises(Malformed):
            instrument.score({"q1": odd})
    for one in (1, 1.0, Decimal(1), Index(1)):
        assert load("asq").judge({"q1": one}).unreadable == ("q1",)  # true is true and nothing else


# -- wording and its licence -----------------------------------------------------------------------


@pytest.mark.parametrize("status", ["commercial", "permission-required", "unknown"])
def test_wording_that_asks_for_a_permission_has_one(text: Text, definition: Definition, status: str) -> None:
    changed = ('status = "public-domain"', f'status = "{status}"')
    with pytest.raises(Malformed, match="nothing permits it") as refused:
        definition("asq", changed)  # redistribution_permitted = true stands beside it
    assert refused.value.where == "asq.toml: licence.item_text_included"
    held = definition("asq", changed, ("checked_on = ", 'permission = "letter of 3 May"\nchecked_on = '))
    assert held.licence.permission
