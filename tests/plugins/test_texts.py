# SPDX-License-Identifier: Apache-2.0
"""A plugin's own texts: said in French wherever the core says them, from the plugin's own catalogue."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, Self

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

import peerkit
from peerkit import (
    Decision,
    Malformed,
    Objection,
    Operational,
    Own,
    Person,
    PluginError,
    Record,
    act,
    hookimpl,
    record,
    texts,
)
from peerkit.hooks import Kind, Label, Suggestion, Supply
from peerkit.texts.po import Entry, entries, written

FRENCH = """
msgid ""
msgstr "Plural-Forms: nplurals=2; plural=n > 1;\\n"

msgid "Bring {n} beans."
msgid_plural "unused"
msgstr[0] "x"
msgstr[1] "y"

msgid "{n} bean"
msgid_plural "{n} beans"
msgstr[0] "{n} haricot"
msgstr[1] "{n} haricots"

msgctxt "of a visit"
msgid "open"
msgstr "ouverte"

#, fuzzy
msgid "guessed"
msgstr "deviné"

msgid "Wrong {name}"
msgstr "Faux {nom}"

msgid "planned in the garden"
msgstr "prévue au jardin"

msgid "plan an afternoon"
msgstr "prévoir un après-midi"

msgid "visit to a garden"
msgstr "visite au jardin"

msgid "what is wished for"
msgstr "ce qu’on souhaite"

msgid "look after a visit"
msgstr "s’occuper d’une visite"

msgid "the gardener is away"
msgstr "la personne du jardin est absente"

msgid "Water the beans"
msgstr "Arroser "
"les haricots"

msgid "Show the garden."
msgstr "Montrer le jardin."

msgid "As a map."
msgstr "En carte."
"""
VISIT = """
of  from  act   to       who     strength
-   -     plan  planned  person  said
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("texts")
    (made / "fr" / "LC_MESSAGES").mkdir(parents=True)
    (made / "fr" / "LC_MESSAGES" / "garden.po").write_text(FRENCH, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def marker(folder: Path) -> texts.Catalogue:
    return texts.catalogue_of(folder, "garden")


FR = texts.for_locale("fr")


def test_a_message_is_said_from_its_own_catalogue(marker: texts.Catalogue) -> None:
    assert FR(marker("Water the beans")) == "Arroser les haricots"
    assert FR(texts._("Water the beans")) == "Water the beans"  # the core's has no such text
    assert [FR(marker.many("{n} bean", "{n} beans", n)) for n in (0, 1, 2)] == [
        "0 haricot",
        "1 haricot",
        "2 haricots",
    ]
    assert (FR(marker.about("of a visit", "open")), FR(marker("open"))) == ("ouverte", "open")


def test_what_is_guessed_or_does_not_fit_stays_english(marker: texts.Catalogue) -> None:
    assert FR(marker("guessed")) == "guessed"
    assert FR(marker("Wrong {name}", name="Rosa")) == "Wrong Rosa"
    nowhere = texts.catalogue_of("/nowhere", "garden")
    assert FR(nowhere("Water the beans")) == "Water the beans"


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_a_message_that_was_copied_or_sent_can_be_said(again: Any, marker: texts.Catalogue) -> None:
    made = again(marker("Water the beans"))
    assert FR(made) == "Arroser les haricots"
    assert texts.for_locale("en")(FR(made)) == "Water the beans"
    assert FR(texts.joined([made, texts._("the person")], " / ")) == "Arroser les haricots / la personne"


def test_a_hosts_own_words_go_first(
    marker: texts.Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "fr" / "LC_MESSAGES"
    place.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    own = head + 'msgid "Water the beans"\nmsgstr "Voir aux fèves"\n'
    with (place / "garden.mo").open("wb") as file:
        write_mo(file, read_po(BytesIO(own.encode())))
    monkeypatch.setenv("PEERKIT_TEXTS", str(tmp_path))
    said = texts.for_locale("fr")
    assert said(marker("Water the beans")) == "Voir aux fèves"
    assert said(marker("planned in the garden")) == "prévue au jardin"


def test_two_plugins_of_one_domain_are_strangers(marker: texts.Catalogue, tmp_path: Path) -> None:
    (tmp_path / "fr" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "fr" / "LC_MESSAGES" / "garden.po").write_text(
        FRENCH.replace('"Arroser "', '"Inonder "'), encoding="utf-8"
    )
    other = texts.catalogue_of(tmp_path, "garden")
    assert (FR(other("Water the beans")), FR(marker("Water the beans"))) == (
        "Inonder les haricots",
        "Arroser les haricots",
    )


@pytest.mark.parametrize("domain", ["", "peerkit", "../x", "Garden", "a b"])
def test_a_domain_that_is_none_is_refused(domain: str) -> None:
    with pytest.raises(Malformed, match="domain"):
        texts.catalogue_of("/somewhere", domain)


@pytest.mark.parametrize("broken", ['msgid "a\nmsgstr "b"', "nonsense", 'msgid "a"\nmsgstr "b" c', "\x00"])
def test_a_broken_catalogue_says_english(broken: str, tmp_path: Path) -> None:
    (tmp_path / "fr" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "fr" / "LC_MESSAGES" / "garden.po").write_text(broken)
    assert FR(texts.catalogue_of(tmp_path, "garden")("a")) == "a"


PRINTED = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\0\4")
)


@given(st.dictionaries(st.tuples(PRINTED, PRINTED.filter(bool)), PRINTED.filter(bool), max_size=5))
def test_any_catalogue_is_read_as_other_tools_read_it(held: dict[tuple[str, str], str]) -> None:
    head = Entry(said=["Content-Type: text/plain; charset=utf-8\n"])
    made = written([head, *(Entry(0, ctx, source, "", [said]) for (ctx, source), said in held.items())])
    assert {(one.context, one.source): one.said[0] for one in entries(made) if one.source} == held
    for message in read_po(BytesIO(made.encode())):
        if message.id:
            assert held[message.context or "", str(message.id)] == message.string


# -- in a kit ----------------------------------------------------------------------------------------


@record("garden_afternoon", VISIT, subjects="person", module="garden")
class GardenAfternoon(Record):
    """An afternoon in the garden."""

    person: Operational[str]
    day: Operational[date]
    wish: Own[str] = ""
    state: Operational[str] = "planned"

    @classmethod
    @act
    def plan(cls, *, person: Any, day: date, wish: str = "", by: Decision | None = None) -> Self:
        return cls(person=peerkit.ref(person), day=day, wish=wish)


class Garden:
    name = "garden"

    def __init__(self, marker: texts.Catalogue, *more: Supply, labels: Any = None) -> None:
        self._ = marker
        self.more = more
        _ = marker
        self.labels = labels or {
            ("state", "planned"): _("planned in the garden"),
            ("act", "plan"): _("plan an afternoon"),
            ("kind", "garden_afternoon"): _("visit to a garden"),
            ("field", "wish"): _("what is wished for"),
        }

    @hookimpl
    def peerkit_supply(self) -> Iterator[Supply]:
        rights = "role kind read acts\nown:person garden_afternoon yes *"
        yield Kind(GardenAfternoon, rights=rights, labels=self.labels)
        yield Label("task", "what", "garden-visit", self._("look after a visit"))
        yield from self.more

    @hookimpl
    def peerkit_check(self, proposal: Any) -> Iterator[Objection]:
        for one, _proposed in proposal.of(GardenAfternoon, "plan"):
            if one.day.year > 2030:
                yield Objection("garden-away", self._("the gardener is away"), one.kind, one.id)

    @hookimpl
    def peerkit_suggest(self, question: Any) -> Iterator[Suggestion]:
        if question.topic == "goal":
            yield Suggestion(self._("Water the beans"), "a garden is near")


def test_codes_of_a_module_are_said_in_the_language_of_the_texts(marker: texts.Catalogue) -> None:
    with peerkit.open("memory:", plugins=[Garden(marker)], discover=False) as kit:
        fr, en = kit.plugins.texts("fr-CA"), kit.plugins.texts("en")
        assert fr.label("garden_afternoon", "state", "planned") == "prévue au jardin"
        assert en.label("garden_afternoon", "state", "planned") == "planned in the garden"
        assert fr.label("", "kind", "garden_afternoon") == "visite au jardin"
        assert fr.label("task", "what", "garden-visit") == "s’occuper d’une visite"
        assert fr.label("garden_afternoon", "state", "unknown") == "unknown"
        assert fr.label("relationship", "state", "agreed") == FR.label("relationship", "state", "agreed")
    with peerkit.open("memory:", discover=False) as kit:  # the other kit knows nothing of it
        assert kit.plugins.texts("fr").label("task", "what", "garden-visit") == "garden visit"


def test_a_persons_log_and_suggestions_speak_their_language(marker: texts.Catalogue) -> None:
    with peerkit.open("memory:", plugins=[Garden(marker)], discover=False, strict=True) as kit:
        with kit.session() as s:
            maya = s.save(Person.enrol(name="Maya", languages=("fr",)))
        with kit.session(actor=maya) as s:
            s.save(GardenAfternoon.plan(person=maya, day=date(2027, 5, 1)))
        [told] = [one.text for one in kit.log(actor=maya) if "garden_afternoon" in one.kinds]
        assert "prévoir un après-midi" in told
        assert "visite au jardin" in told
        with kit.session(actor=maya) as s:
            [found] = s.suggest("goal", locale="fr")
        assert found.what == "Arroser les haricots"
        assert type(found.what) is str  # it goes into a record as it is


@pytest.mark.parametrize(
    ("labels", "why"),
    [
        ({("act", "dig"): "dig"}, "none of its acts"),
        ({("field", "soil"): "soil"}, "none of its fields"),
        ({("mood", "good"): "good"}, "none of its fields"),
        ({("kind", "person"): "human"}, "another kind"),
        ({("state", "planned"): "  "}, "no words"),
    ],
)
def test_a_label_of_nothing_is_refused(labels: Any, why: str, marker: texts.Catalogue) -> None:
    with pytest.raises(PluginError, match=why):
        peerkit.open("memory:", plugins=[Garden(marker, labels=labels)], discover=False, strict=True)


@pytest.mark.parametrize(
    "label",
    [
        Label("task", "what", "match", "x"),
        Label("garden_afternoon", "state", "planned", "x"),
        Label("task", "what", "garden-visit", "twice"),
        Label("task", "what", "beans", " "),
    ],
)
def test_a_label_of_somebody_elses_code_is_refused(label: Label, marker: texts.Catalogue) -> None:
    with pytest.raises(PluginError, match="label"):
        peerkit.open("memory:", plugins=[Garden(marker, label)], discover=False, strict=True)
