# SPDX-License-Identifier: Apache-2.0
"""What only French shows: options, numbers, answers and units as they are typed in French."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import click
import pytest
from click.testing import CliRunner
from peerkit_diabetes import log_commands, typed
from peerkit_diabetes.commands import gates
from peerkit_diabetes.log import Target
from peerkit_diabetes.numbers import ends
from peerkit_diabetes.words import _

from peerkit import commands
from peerkit.cli import out, speaking


def test_options_that_are_peerkits_own_are_told_in_french() -> None:
    with speaking.speaking("fr"):
        helped = [one.help for one in speaking.localized(gates, _).params if isinstance(one, click.Option)]
    assert "Afficher du JSON, à lire par un programme." in helped
    assert not [one for one in helped if one and one.startswith("Print")]


def test_a_reading_has_a_comma_in_french() -> None:
    reading = SimpleNamespace(
        what="glucose", off_scale="", value=Decimal("3.6"), second=None, unit="mmol/L", moment=""
    )
    for language, number in (("fr", "3,6 mmol/L"), ("en", "3.6 mmol/L")):
        with speaking.speaking(language):
            assert commands.say(log_commands.shown(reading)).endswith(number)


@pytest.mark.parametrize(
    "said", ["4,0 7,0 mmol/l", "4,0 à 7,0 mmol/L", "4.0 to 7.0 MMOL/L", "4,0-7,0 mmol/L"]
)
def test_two_ends_as_people_type_them(said: str) -> None:
    found = typed.limits(said)
    assert (found["low"].replace(",", "."), found["high"].replace(",", ".")) in {("4.0", "7.0"), ("4.0", "7")}
    assert found["unit"] == "mmol/L"


@pytest.mark.parametrize(
    ("language", "typed", "found"),
    [
        ("fr", "Oui", True),
        ("fr", "o", True),
        ("fr", "n", False),
        ("fr", "y", None),
        ("en", "y", True),
        ("en", "2", False),
    ],
)
def test_a_yes_is_a_yes_in_the_language(language: str, typed: str, *, found: bool | None) -> None:
    with speaking.speaking(language):
        assert commands.means(typed) is found


def test_feet_are_said_by_number_or_words() -> None:
    with speaking.speaking("fr"):
        assert typed.reading("feet", "1") == {"found": "nothing_new"}
        assert typed.reading("feet", "something_new") == {"found": "something_new"}


def test_no_line_begins_with_a_colon() -> None:
    @click.command()
    def told() -> None:
        for width in range(8):
            out.line(_("{who}: {what}", who="a" * (70 + width), what="b" * 20))

    with speaking.speaking("fr"):
        printed = CliRunner().invoke(told).output
    assert printed
    assert not [one for one in printed.splitlines() if one.lstrip().startswith(":")]


def test_limits_and_aims_have_commas_in_french() -> None:
    aim = Target(what="a1c", unit="%", low=None, high=Decimal("7.0"))
    assert ends(aim, "fr") == "below 7,0 %"
    both = {"low": Decimal(100), "second_low": Decimal(60), "high": Decimal(130), "second_high": Decimal(80)}
    pressure = Target(what="blood_pressure", unit="mmHg", **both)
    assert ends(pressure, "fr") == "from 100/60 to 130/80 mmHg"
