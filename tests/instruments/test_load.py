# SPDX-License-Identifier: Apache-2.0
"""Finding definitions: peerkit's own, supplied ones, versions, wording packs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib import resources

import attrs
import pytest

from peerkit.errors import Malformed, NotFound
from peerkit.instruments import Instrument, installed, load, parse, with_wording

Definition = Callable[..., Instrument]
Text = Callable[..., str]

# A version is never edited once it was used. A red line here asks for a new version beside the old file.
SHIPPED = {
    "asq": ("1.0", "b41f17df26c1ba1a61b268091128468f42c29fe618d70ef0bc6648846a8939d5"),
    "gad-7": ("1.0", "2940698e609088931bdc3a14da5a95a4a59f42b43b04a764e7ce5f39c05b7fa8"),
    "k10": ("1.0", "fe1b36ac6ea65704a161e054d39761d1fae75fc6e4c5620c0f868ac2713ce902"),
    "k10-0-4": ("1.0", "4e5a2a3db8d8b8407713e5e8d7b580b832f8af1a01cf88f478cd17f09e4d1e20"),
    "k6": ("1.0", "39eee2a2fca85b08563bb600fbcc6fe5038a106e59a3b8d2b167d2410def211a"),
    "phq-2": ("1.0", "c6246ef563b9a6ce7caef3b8e0aabd1d1a61448523ff8aab3428bcbcfc827a57"),
    "phq-9": ("1.0", "c6bb0514b63d3a14761b8b00e122841438c1c1c75d6686e7e62a55fbad22babd"),
    "poverty": ("1.0", "bfd2308adbb50d35a663ebc079159e9c77ff565844258d94cb21ccd8cf8376d4"),
    "readiness": ("1.0", "c3383025a5b3ccc32459429f1920e75000220be41af289bc4c560fc28beae0f9"),
    "safety-conversation": ("1.0", "9879c631d96a1bdb705a2af7eea3a2c0930ecd1c700e1d6230cf2909b89a8aa8"),
    "audit-c": ("1.0", "531ebcf298129160dc67c813a261a21ab22a763d23fba778199e96f8c3ba2ea3"),
    "c-ssrs-screener": ("1.0", "4da741e2b0d9ec9957295b42d37532ccd32c20687074f9c458a878198f383d25"),
    "dast-10": ("1.0", "80cffee7c9b65bbeb2236ce9775758eb12486db73fddd4be98fe059a142391d5"),
    "hits": ("1.0", "4edd50d67ec202ec7ad09c16212f9a8809413606b5faef97fb82fbcb96be583f"),
    "hunger-vital-sign": ("1.0", "746f21f5fa2c6ddfd07480ff3646f659493b807ceb56583090dae245b76cb3cd"),
    "who-5": ("1.0", "b478902b9c8c3c63b0f8abab7e2db390b62dda7f0cb5002db03600539bacfd23"),
}
OURS = ('id = "phq-9"', 'id = "our-nine"')


def test_what_ships() -> None:
    assert set(installed()) == set(SHIPPED)


@pytest.mark.parametrize("id_", installed())
def test_a_shipped_version_is_never_edited(id_: str) -> None:
    instrument = load(id_)
    data = (resources.files("peerkit.instruments") / "data" / f"{id_}.toml").read_bytes()
    assert instrument.sha256 == hashlib.sha256(data).hexdigest()
    assert (instrument.version, instrument.sha256) == SHIPPED[id_]


@pytest.mark.parametrize("id_", installed())
def test_what_ships_with_wording_may_be_passed_on(id_: str) -> None:
    instrument = load(id_)
    if instrument.texts:
        assert instrument.licence.redistribution_permitted
        assert instrument.licence.notice
    assert not instrument.licence.permission  # an organization's own permission is nothing that ships


def test_an_unknown_id_names_the_closest(definition: Definition) -> None:
    with pytest.raises(NotFound, match="did you mean phq-9"):
        load("PHQ9")  # which is none of the twelve that are named
    with pytest.raises(NotFound, match="did you mean asq"):
        load("asqq")
    with pytest.raises(NotFound, match="did you mean our-nine"):
        load("our-nin", supplied=[definition("phq-9", OURS)])
    for odd in ("", "../asq", "asq@1.0", "ASQ", "x" * 10_000, "asq.toml", None):
        with pytest.raises(NotFound):
            load(odd)


def test_a_supplied_definition_works_as_ours_do(definition: Definition) -> None:
    theirs = definition("phq-9", OURS)
    assert load("our-nine", [theirs]) is theirs
    assert load("asq", [theirs]) == load("asq")
    with pytest.raises(NotFound):
        load("our-nine")


def test_the_newest_version_is_taken_unless_another_is_asked_for(definition: Definition) -> None:
    versions = [
        definition("phq-9", OURS, ('version = "1.0"', f'version = "{v}"')) for v in ("0.9", "0.10", "0.2")
    ]
    assert load("our-nine", versions).version == "0.10"
    assert load("our-nine", versions, version="0.2").version == "0.2"
    for same in ("1.0", "1", "1.0.0", "01.00"):
        assert load("asq", version=same) == load("asq")
    assert load("our-nine", versions, version="0.2.0").version == "0.2"
    for missing in ("9", "", "1.0.x", "0.20"):
        with pytest.raises(NotFound):
            load("our-nine", versions, version=missing)
        with pytest.raises(NotFound, match=r"the newest is 1\.0"):
            load("asq", version=missing)


def test_a_version_of_very_many_digits_stands_in_nobodys_way(definition: Definition) -> None:
    long = definition("phq-9", OURS, ('version = "1.0"', f'version = "{"9" * 5000}"'))
    one = definition("phq-9", OURS)
    assert load("our-nine", [long]) is long
    assert load("our-nine", [long, one]) is one  # nobody numbers by that: it is older than any that one reads


def test_nobody_replaces_a_definition_that_ships(text: Text, definition: Definition) -> None:
    milder = parse(text("phq-9", ('id = "phq-9"', 'id = "asq"')), source="milder.toml")
    for wanted in ("asq", "phq-9"):
        with pytest.raises(Malformed, match=r"peerkit ships an instrument of this id.*milder\.toml"):
            load(wanted, [milder])


def test_one_version_in_two_spellings_is_one(definition: Definition) -> None:
    one = definition("phq-9", OURS)
    other = definition("phq-9", OURS, ('version = "1.0"', 'version = "1.0.0"'))
    with pytest.raises(Malformed, match="supplied twice"):
        load("our-nine", [one, other])


def test_two_different_definitions_of_one_version_are_refused_and_both_named(text: Text) -> None:
    ours = text("phq-9", OURS)
    one = parse(ours, source="one.toml")
    other = parse(ours + "\n", source="other.toml")
    assert one != other
    with pytest.raises(Malformed, match=r"one\.toml and by other\.toml"):
        load("our-nine", [one, other])
    assert load("our-nine", [one, parse(ours, source="copy.toml")]) == one


def test_a_definition_is_a_value(definition: Definition, text: Text) -> None:
    phq9 = definition("phq-9")
    assert phq9 == parse(text("phq-9").encode())
    assert len({phq9, parse(text("phq-9"))}) == 1
    assert repr(phq9) == "<Instrument phq-9 1.0>"
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        phq9.version = "2"
    with pytest.raises(TypeError):
        phq9.by_id["q1"] = phq9.items[1]


PACK = """
format = 1
instrument = "c-ssrs-screener"
version = "1.0"

[licence]
status = "permission-required"
holder = "Research Foundation for Mental Hygiene"
basis = "Licensed to our organization for this program."
permission = "licence 2026-014, signed by the director"
checked_on = 2026-11-22
redistribution_permitted = false
item_text_included = true

[[texts]]
language = "fr-CA"
verified = true
source = "the licensed form"
title = "Formulaire"
[texts.items]
q1 = "un"
q2 = "deux"
q3 = "trois"
q4 = "quatre"
q5 = "cinq"
q6 = "six"
q6_3m = "sept"
[texts.answers.yes-no]
true = "Oui"
false = "Non"
"""


def test_a_wording_pack_gives_words_and_changes_no_rule() -> None:
    bare = load("c-ssrs-screener")
    with pytest.raises(NotFound, match="none in any language"):
        bare.text("q1", "fr-CA")
    assert bare.score({"q2": True, "q4": True}).band == "high"  # it scores without words
    worded = with_wording(bare, PACK)
    assert worded.text("q6_3m", "fr-CA") == "sept"
    assert worded.label("q1", "fr-CA", value=False) == "Non"
    assert worded.text("q1", "fr") == "un"  # the only French that there is
    with pytest.raises(NotFound):
        worded.text("q1", "fr-FR")  # Québec's wording is not another region's
    assert worded.sha256 == bare.sha256
    assert worded.wording("fr-CA").sha256 == hashlib.sha256(PACK.encode()).hexdigest()
    assert worded.triage == bare.triage
    assert with_wording(worded, PACK.replace('"un"', '"1"')).text("q1", "fr-CA") == "1"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('version = "1.0"', 'version = "1.1"', "is not for"),
        ('instrument = "c-ssrs-screener"', 'instrument = "asq"', "is not for"),
        ('permission = "licence 2026-014, signed by the director"', "", "nothing permits it"),
        ("item_text_included = true", "item_text_included = false", "none is included"),
        ('q6_3m = "sept"', "", "must be given"),
        ('false = "Non"', "", "must be given"),
        ("format = 1", "format = 1\ntriage = []", "no field here"),
        ("format = 1", "format = 9", "format 1"),
    ],
)
def test_a_wording_pack_that_does_not_fit_is_refused(old: str, new: str, says: str) -> None:
    assert old in PACK
    with pytest.raises(Malformed, match=says) as caught:
        with_wording(load("c-ssrs-screener"), PACK.replace(old, new, 1), source="pack.toml")
    assert caught.value.where.startswith("pack.toml")
