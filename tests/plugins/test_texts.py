# SPDX-License-Identifier: Apache-2.0
"""A plugin's own texts: said in French wherever the core says them, from the plugin's own catalogue."""

from __future__ import annotations

import copy
import importlib
import pickle
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, Self

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from click.testing import CliRunner
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
from peerkit.cli import main
from peerkit.cli.app import App
from peerkit.hooks import Kind, Label, Suggestion, Supply
from peerkit.testing import texts_of, untranslated
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


# -- at the keyboard ---------------------------------------------------------------------------------

PACKAGE = '''
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
import click
from peerkit import Objection, Operational, Record, Task, act, hookimpl, record, texts
from peerkit.hooks import Access, Command, Kind, Label

_ = texts.catalogue_of(Path(__file__).parent / "texts", "garden")

@record("plot", """
of  from  act   to     who     strength
-   -     take  taken  person  said
""", subjects="person", module="garden")
class Plot(Record):
    person: Operational[str]
    size: Operational[int]
    state: Operational[str] = "taken"
    @classmethod
    @act
    def take(cls, *, person: str, size: int, by=None):
        return cls(person=person, size=size)

@hookimpl
def peerkit_supply():
    yield Access(writes={"task"})
    rights = "role kind read acts\\nown:person plot yes *\\ncoordinator plot yes *"
    yield Kind(Plot, rights=rights, labels={("act", "take"): _("take a plot"), ("kind", "plot"): _("plot")})
    yield Label("task", "what", "plot-care", _("look after a plot"))
    yield Command("garden show", _("Show the garden."), lambda: show)

@hookimpl
def peerkit_check(proposal):
    for one, _proposed in proposal.of(Plot, "take"):
        if one.size > 9:
            yield Objection("too-wide", _("the plot is too wide"), one.kind, one.id)

@hookimpl
def peerkit_respond(proposal):
    for one, _proposed in proposal.of(Plot, "take"):
        yield Task.give(owner=one.person, what="plot-care", about=one, person=one.person)

@click.command()
@click.option("--map", "as_map", is_flag=True, help="As a map.")
@click.pass_obj
def show(app, as_map):
    """Show the garden."""
    with app.kit() as kit, kit.session(app.actor(kit)) as s:
        click.echo(app.say(_.many("{n} bean", "{n} beans", 3)))
'''
WORDS = {
    "take a plot": "prendre une parcelle",
    "plot": "parcelle",
    "look after a plot": "prendre soin d’une parcelle",
    "Show the garden.": "Montrer le jardin.",
    "As a map.": "En carte.",
    "the plot is too wide": "la parcelle est trop large",
    "{n} bean": "{n} haricot",
}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """An installed plugin, whose French was begun with the command and filled by hand."""
    root = tmp_path_factory.mktemp("site")
    (root / "plot_garden").mkdir()
    (root / "plot_garden" / "__init__.py").write_text(PACKAGE, encoding="utf-8")
    info = root / "plot_garden-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: plot-garden\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[peerkit.plugins]\nplots = plot_garden\n")
    begun = [sys.executable, "-m", "peerkit.testing.texts", "plot_garden:_", "fr"]
    env = {"PYTHONPATH": str(root)}
    done = subprocess.run(begun, capture_output=True, text=True, env=env, check=False)
    assert done.stdout.endswith(": 7 to translate\n"), done.stderr
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(root))
        yield importlib.import_module("plot_garden")
        sys.modules.pop("plot_garden")


def fill(package: Any) -> Path:
    [path] = Path(package.__file__).parent.rglob("*.po")
    held = list(entries(path.read_text(encoding="utf-8")))
    for one in held[1:]:
        one.said = [WORDS[one.source] if n == 0 else WORDS[one.source] + "s" for n in range(len(one.said))]
    path.write_text(written(held), encoding="utf-8")
    return path


def test_what_is_missing_is_told(package: Any) -> None:
    path = fill(package)
    whole = path.read_text(encoding="utf-8")
    assert untranslated(package._, package, "fr") == ()
    try:
        for old, new, why in (
            ('"parcelle"', '""', "not translated: plot"),
            ('msgid "plot"', 'msgid "plots"', "missing: plot"),
            ('msgid "plot"', '#, fuzzy\nmsgid "plot"', "only guessed: plot"),
            ('"{n} haricots"', '"{x} haricots"', "other placeholders: {n} bean"),
        ):
            assert old in whole
            path.write_text(whole.replace(old, new), encoding="utf-8")
            assert any(why in one for one in untranslated(package._, package, "fr")), why
        assert (
            any("no text any more" in one for one in untranslated(package._, package, "fr", more=["x"]))
            is False
        )
        assert untranslated(package._, package, "fr", more=["from data"])[-1] == "missing: from data"
    finally:
        path.write_text(whole, encoding="utf-8")
    with pytest.raises(Malformed, match="no such catalogue"):
        untranslated(package._, package, "de")


def test_texts_that_are_put_together_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "glued.py").write_text("_ = str\nx = _('a' + 'b')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(Malformed, match=r"glued\.py:2"):
        texts_of(importlib.import_module("glued"))


def test_the_command_line_says_all_of_it_in_french(
    package: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(package)
    monkeypatch.delenv("PEERKIT_NO_PLUGIN_AUTOLOAD", raising=False)
    monkeypatch.setenv("PEERKIT_DISABLE_PLUGINS", "diabetes,families,hsds")
    url = f"sqlite:///{tmp_path / 'p.db'}"
    settings = {
        "name": "Test",
        "coordinator": {"name": "Robin Specimen", "reach": ["console:robin"]},
        "on_call": [{"name": "Jo Placeholder", "reach": ["console:jo"]}],
        "uncovered": "always",
    }
    with peerkit.open(url, settings=settings) as kit:
        robin = kit.first_coordinator
        kit.link("login", "robin", robin)
        with kit.session(actor=robin) as s:
            plot = s.save(package.Plot.take(person=robin, size=3))

    def run(*args: str) -> str:
        done = CliRunner().invoke(
            main, [*args, "--lang", "fr"], obj=App(login="robin"), env={"COLUMNS": "200"}
        )
        return " ".join(done.output.split())

    assert "prendre soin d’une parcelle" in run("due", "--db", url)
    assert "prendre une parcelle" in run("history", f"plot/{plot.id}", "--db", url)
    assert "parcelle" in run("log", "--db", url)
    assert "Montrer le jardin." in run("garden", "--help")
    assert "En carte." in run("garden", "show", "--help")
    assert run("garden", "show", "--db", url) == "3 haricots"
    wide = tmp_path / "wide.json"
    wide.write_text(f'{{"person": "{robin}", "size": 12}}')
    refused = run("act", "plot", "take", "--with", str(wide), "--db", url)
    assert "la parcelle est trop large" in refused
