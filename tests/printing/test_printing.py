# SPDX-License-Identifier: Apache-2.0
"""What is printed, who may, and what stands in the person's log about it."""

from __future__ import annotations

import stat
from datetime import UTC, date
from pathlib import Path
from typing import Any

import attrs
import pytest
from made_fonts import WESTERN, font
from pypdf import PdfReader

import peerkit
from peerkit import (
    Actor,
    Consent,
    Decision,
    GoalPlan,
    PeerSupporter,
    Person,
    Recipient,
    Relationship,
    Signature,
)
from peerkit.errors import Malformed, NotFound
from peerkit.kit import Kit
from peerkit.model.credential import Letter
from peerkit.model.program import Governance
from peerkit.model.signing import fingerprint
from peerkit.model.training import Practicum
from peerkit.printing.letting import print_to
from peerkit.texts import for_locale
from peerkit.training import letters

SETTINGS = {
    "name": "Riverside Peer Support (fictional)",
    "coordinator": {"name": "Robin Example"},
    "path": [{"role": "coordinator", "minutes": 15}],
    "timezone": "America/Toronto",
}


@attrs.frozen
class Scene:
    kit: Kit
    robin: Actor
    maya: Actor
    tomas: Actor
    stranger: Actor
    relationship: str
    plan: str
    consent: str
    folder: Path

    def print(self, what: str, record: str, actor: Actor, name: str = "out.pdf", **more: Any) -> Path:
        path = self.folder / name
        print_to(self.kit, what, record, path, actor=actor, say=for_locale(more.pop("lang", "en")), **more)
        return path


@pytest.fixture
def scene(tmp_path: Path) -> Any:
    with peerkit.open(f"sqlite:///{tmp_path / 'a.db'}", settings=SETTINGS, discover=False) as kit:
        robin = Actor(kit.first_coordinator)
        with kit.session(robin) as s:
            maya, tomas, lou = (s.save(Person.enrol(name=n)) for n in ("Maya Ngô", "Tomas Sample", "Lou"))
            s.save(PeerSupporter.welcome(tomas, by=Decision.of(tomas, how="spoken")))
            desk = s.save(Recipient.add(name="Desk (fictional)"))
        with kit.session(maya) as s:
            walk = s.save(Relationship.enquire(person=maya))
            plan = GoalPlan.begin(person=maya, hopes="Sleep", strengths=("I cook",)).add_goal(
                "Walk to the library", why="I like the quiet", importance=8
            )
            plan = s.save(plan.add_step(plan.goals[0].id, "Find my boots"))
            consent = s.save(
                Consent.give(person=maya, recipient=desk, classes=("own", "contact"), purpose="care")
            )
        with kit.session(robin) as s:
            s.save(s.get(Relationship, walk).propose(tomas))
        with kit.session(tomas) as s:
            s.save(
                s.get(Relationship, walk).take_on(part="A companion, no counsellor", limits="Danger goes on")
            )
        with kit.session(maya) as s:
            s.save(
                s.get(Relationship, walk).agree(
                    helps="Tea\nSilence", does_not_help="Advice", rhythm="Tuesdays"
                )
            )
        ids = (Actor(maya.id), Actor(tomas.id), Actor(lou.id), walk.id, plan.id, consent.id)
        yield Scene(kit, robin, *ids, tmp_path)


def text(path: Path) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).split())


def test_an_agreement_is_printed_in_plain_words(scene: Scene) -> None:
    path = scene.print("agreement", scene.relationship, scene.tomas)
    said = text(path)
    for words in (
        "Our agreement",
        "Maya Ngô and Tomas Sample",
        "Silence",
        "Advice",
        "Tuesdays",
        "no counsellor",
    ):
        assert words in said
    assert f"relationship/{scene.relationship}, version 4" in said
    with scene.kit.session(scene.tomas) as s:
        assert fingerprint(s.get(Relationship, scene.relationship)) in said.replace(" ", "")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_agreement_says_what_the_two_hold_to_learned_and_were_shown(scene: Scene) -> None:
    with scene.kit.session(scene.tomas) as s:
        held = s.get(Relationship, scene.relationship)
        s.save(held.reword(values=("value-3", "our-own")).learn("To ask before I help"))
    said = text(scene.print("agreement", scene.relationship, scene.tomas))
    for words in (
        *("What we hold to", "Self-determination", "our-own", "Peer Support Canada", "third party's copy"),
        *("What we learned from each other", "To ask before I help"),
    ):
        assert words in said
    assert "in version" not in said  # this program has written no policy


def test_a_consent_says_who_else_decides_about_data(scene: Scene) -> None:
    assert "Who else decides" not in text(scene.print("consent", scene.consent, scene.maya, "before.pdf"))
    body = Governance(body="Example Health Council (fictional)", community="First Nations", code="ocap")
    with scene.kit.session(scene.robin) as s:
        s.save(scene.kit.program.update(settings={"governance": (body,)}))
    said = text(scene.print("consent", scene.consent, scene.maya))
    for words in ("Who else decides about data", "Example Health Council (fictional)", "OCAP"):
        assert words in said
    [page] = scene.kit.disclose(GoalPlan, to=scene.maya.person, purpose="export", actor=scene.maya)
    assert page.governance == (body,)


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"community": "First Nations"}, "settings.governance[0]"),
        ({"body": " ", "community": "First Nations"}, "settings.governance[0].body"),
        ({"body": "B", "community": "C", "code": "Ask us"}, "settings.governance[0].code"),
    ],
    ids=["no body", "an empty body", "words for a code"],
)
def test_a_body_that_is_none_is_told_where(wrong: dict[str, str], where: str) -> None:
    with pytest.raises(Malformed) as no:
        peerkit.open("memory:", settings={**SETTINGS, "governance": [wrong]}, discover=False)
    assert no.value.where == where


def test_a_signature_stands_on_the_page_with_its_hash(scene: Scene) -> None:
    with scene.kit.session(scene.maya) as s:
        signed = s.save(
            Signature.sign(s.get(GoalPlan, scene.plan), signer=scene.maya.person, signed_as="person")
        )
    said = text(scene.print("plan", scene.plan, scene.maya))
    assert said.replace(" ", "").count(signed.sha256) >= 2
    assert "another version" not in said
    with scene.kit.session(scene.maya) as s:
        s.save(s.get(GoalPlan, scene.plan).reword(hopes="Rest"))
    assert "another version" in text(scene.print("plan", scene.plan, scene.maya, "later.pdf"))


def test_a_plan_has_strengths_hopes_goals_and_steps(scene: Scene) -> None:
    said = text(scene.print("plan", scene.plan, scene.maya, large=True))
    for words in (
        "I cook",
        "Sleep",
        "Walk to the library",
        "Why: I like the quiet",
        "8 of 10",
        "Find my boots",
    ):
        assert words in said


def test_large_print_is_larger(scene: Scene) -> None:
    sizes: dict[bool, set[float]] = {False: set(), True: set()}
    for large, found in sizes.items():
        path = scene.print("plan", scene.plan, scene.maya, f"{large}.pdf", large=large)

        def visit(_text: str, _cm: Any, _tm: Any, _font: Any, size: float, held: set[float] = found) -> None:
            held.add(size)

        for page in PdfReader(path).pages:
            page.extract_text(visitor_text=visit)
    assert 14 in sizes[False]
    assert 18 in sizes[True]


def test_a_consent_and_a_word_not_to_share(scene: Scene) -> None:
    given = text(scene.print("consent", scene.consent, scene.maya))
    assert "My consent to share" in given
    assert "Desk (fictional)" in given
    assert "Until I say otherwise" in given
    with scene.kit.session(scene.maya) as s:
        refused = s.save(Consent.refuse(person=scene.maya.person))
    said = text(scene.print("consent", refused.id, scene.maya, "not.pdf"))
    assert "My word not to share" in said
    assert "anybody" in said
    with scene.kit.session(scene.maya) as s:
        s.save(s.get(Consent, scene.consent).withdraw())
    assert "took this back" in text(scene.print("consent", scene.consent, scene.maya, "back.pdf"))


def test_it_speaks_french(scene: Scene) -> None:
    said = text(scene.print("plan", scene.plan, scene.maya, lang="fr"))
    assert "Mon plan" in said
    assert "Walk to the library" in said  # her own words stay hers


def test_ones_own_print_is_a_take_out_and_anothers_a_read_with_its_reason(scene: Scene) -> None:
    scene.print("plan", scene.plan, scene.maya, "own.pdf")
    [left] = scene.kit._find_all("disclosure")
    assert (left.recipient, left.basis, left.records) == (scene.maya.person, "own", (scene.plan,))
    scene.print("plan", scene.plan, scene.tomas, "tomas.pdf")
    assert len(scene.kit._find_all("disclosure")) == 1
    reads = [one for one in scene.kit._find_all("read") if one.why == "printed"]
    assert [(one.reader, one.person) for one in reads] == [(scene.tomas.person, (scene.maya.person,))]


@pytest.mark.parametrize("what", ["agreement", "plan", "consent"])
def test_who_may_not_read_prints_nothing(scene: Scene, what: str) -> None:
    record = {"agreement": scene.relationship, "plan": scene.plan, "consent": scene.consent}[what]
    with pytest.raises(NotFound):
        scene.print(what, record, scene.stranger)
    assert not (scene.folder / "out.pdf").exists()


def test_a_file_that_is_there_is_not_touched(scene: Scene) -> None:
    (scene.folder / "out.pdf").write_text("mine", encoding="utf-8")
    with pytest.raises(Malformed, match="there already"):
        scene.print("plan", scene.plan, scene.maya)
    assert (scene.folder / "out.pdf").read_text(encoding="utf-8") == "mine"
    assert scene.kit._find_all("disclosure") == []


def test_the_foot_fits_on_the_page_in_large_print_too(scene: Scene) -> None:
    for large in (False, True):
        path = scene.print("plan", scene.plan, scene.maya, f"foot-{large}.pdf", large=large)
        lowest: list[float] = []

        def visit(said: str, _cm: Any, tm: Any, _font: Any, _size: float, held: list[float] = lowest) -> None:
            if said.strip():
                held.append(tm[5])

        page = PdfReader(path).pages[0]
        page.extract_text(visitor_text=visit)
        assert "Page 1" in text(path)
        assert min(lowest) > 10


def test_control_characters_and_long_words_do_not_break_a_page(scene: Scene) -> None:
    with scene.kit.session(scene.maya) as s:
        plan = s.get(GoalPlan, scene.plan)
        s.save(plan.add_goal("x" * 5000 + " ☐ \x1b[31m\u202e").add_goal("long words " * 3000))
    assert len(PdfReader(scene.print("plan", scene.plan, scene.maya, large=True)).pages) > 3


def test_a_letter_of_hours_is_made_from_the_records_and_bears_their_hash(scene: Scene) -> None:
    with scene.kit.session(scene.tomas) as s:
        told = {"person": scene.tomas.person, "mentor": scene.robin.person, "day": date(2026, 11, 2)}
        hours = s.save(Practicum.log(**told, minutes=90))
    with scene.kit.session(scene.robin) as s:
        entry = s.save(s.get(Practicum, hours).confirm())
        person = s.get(Person, scene.tomas.person)
        today = scene.kit.clock.now().astimezone(UTC).date()
        content = letters.letter(person, [entry], program=scene.kit.program, on=today)
        given = s.save(letters.issue(content))
    said = text(scene.print("letter", given.id, scene.tomas))
    assert "Tomas Sample" in said
    assert "1 h 30 min" in said
    assert given.sha256 in said.replace(" ", "")
    with scene.kit.session(scene.robin) as s:
        s.save(s.get(Letter, given).void())
    with pytest.raises(Malformed, match="taken back"):
        scene.print("letter", given.id, scene.tomas, "void.pdf")
    assert not (scene.folder / "void.pdf").exists()


def test_a_name_that_no_font_can_draw_is_printed_with_one_that_can_or_not_at_all(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("peerkit.fonts.FONTS", (str(font(scene.folder / "western.ttf", WESTERN)),))
    with scene.kit.session(scene.maya) as s:
        s.save(s.get(Person, scene.maya.person).update(name="李小龙"))
    with pytest.raises(Malformed, match="Han: 3"):
        scene.print("agreement", scene.relationship, scene.tomas)
    assert not (scene.folder / "out.pdf").exists()
    han = font(scene.folder / "han.ttf", "李小龙")
    path = scene.print("agreement", scene.relationship, scene.tomas, fonts=[han])
    assert "李小龙 and Tomas Sample" in text(path)
