# SPDX-License-Identifier: Apache-2.0
"""What a sheet brings into a program, and what it never does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from peerkit import Consent, Decision, PeerSupporter, Person, Recipient, Relationship, Task
from peerkit.errors import Malformed, NotFound, Refused
from peerkit.kit import Kit
from peerkit.model.actor import Actor
from peerkit.sheet import importing
from peerkit.sheet.columns import Given
from peerkit.sheet.importing import bring_in
from peerkit.sheet.reading import File
from peerkit.sheet.report import Report
from peerkit.sheet.undoing import undo

Bring = Callable[..., Report]
Table = Callable[..., Path]


def people(kit: Kit) -> list[str]:
    return sorted(one.name for one in kit._find_all("person"))


def outcomes(report: Report) -> dict[int, str]:
    return {one.row: one.outcome for one in report.rows}


def reasons(report: Report) -> dict[int, list[tuple[str, str]]]:
    return {one.row: [(p.code, p.column) for p in one.problems] for one in report.rows if one.problems}


def test_a_person_is_enrolled_with_what_the_row_says(kit: Kit, bring: Bring, table: Table) -> None:
    report = bring(
        table(
            "Full Name,Pronouns,DOB,Language,Cell phone,Home phone,E-mail,Shoe size\n"
            "Maya Example,she/her,2000-02-29,English; Français,555-0101,555-0102,maya@example.org,38\n"
        )
    )
    assert report.totals == {"made": 1, "part": 0, "again": 0, "not": 0, "rows": 1}
    [maya] = [one for one in kit._find_all("person") if one.name == "Maya Example"]
    assert (maya.pronouns, maya.age_band, maya.languages) == ("she/her", "25-64", ("en", "fr"))
    assert maya.reach == ("phone:555-0101", "phone:555-0102", "email:maya@example.org")
    assert report.columns.left == (7,)
    assert [one.holder for one in kit._find_all("route", person=maya.id)] == [kit.first_coordinator]


def test_names_in_any_script_and_one_name_only(kit: Kit, bring: Bring, table: Table) -> None:
    names = ["李小龙", "محمد", "Ngozi", "Zoë Ó Briain", "ᐃᓄᒃ", "Σοφία"]
    report = bring(table("Nom\n" + "\n".join(names)))
    assert report.totals["made"] == 6
    assert set(names) <= set(people(kit))


def test_first_and_last_names_are_put_together(kit: Kit, bring: Bring, table: Table) -> None:
    bring(table("First name,Last name\nMaya,Example\nLou,\n"))
    assert {"Maya Example", "Lou"} <= set(people(kit))


def test_a_dry_run_changes_nothing_and_says_the_same(kit: Kit, bring: Bring, table: Table) -> None:
    file = table("Name,Asks for support,Born\nMaya,yes,2001-05-04\nLou,no,04/05/2001\nMaya,no,\n")
    before = kit.storage.position()
    dry = bring(file, dry_run=True)
    assert [one.name for one in kit._find_all("person")] == ["Robin Example"]
    assert kit._find_all("task") == []
    assert {one.kind for one in kit.changes(limit=100).envelopes if one.position > before} <= {"read"}
    real = bring(file)
    assert outcomes(dry) == outcomes(real) == {2: "part", 3: "not", 4: "not"}
    assert reasons(dry) == reasons(real)
    assert dry.id == ""


def test_asking_for_support_comes_in_by_paper_or_as_a_task(kit: Kit, bring: Bring, table: Table) -> None:
    report = bring(
        table(
            "Name,Asks for support,Hopes,Signed form,Signed on\n"
            "Maya,yes,CANARY walk again,binder 3,2026-03-04\n"
            "Lou,yes,CANARY hope,,\nTim,,CANARY hope,binder 4,\n"
        )
    )
    assert reasons(report) == {3: [("asks-without-paper", "B")], 4: [("asks-not-said", "C")]}
    [enquiry] = kit._find_all("relationship")
    [kept] = kit.storage.history("relationship", enquiry.id)
    [line] = kept.envelope.acts
    assert (line.name, line.how, line.decided_by) == ("enquire", "paper", enquiry.person)
    assert enquiry.hopes == "CANARY walk again"
    tasks = [one for one in kit._find_all("task") if one.what == "ask-about-support"]
    assert [(one.owner, one.note) for one in tasks] == [(kit.first_coordinator, "")]


def test_a_role_comes_in_by_paper_or_as_a_task(kit: Kit, bring: Bring, table: Table) -> None:
    bring(
        table(
            "Name,Role,Lived experience,Signed form\nTomas,volunteer,own,binder 1\n"
            "Ana,volunteer,,\nLou,participant,,\n"
        )
    )
    [role] = kit._find_all("peer_supporter")
    assert role.experience == "own"
    assert [one.what for one in kit._find_all("task")] == ["ask-about-role"]


def test_who_was_asked_and_has_said_it_is_asked_no_more(
    kit: Kit, robin: Actor, bring: Bring, table: Table
) -> None:
    bring(table("Name,Asks for support,Role,Lived experience\nMaya,yes,,\nLou,yes,volunteer,\n"))
    lou, maya = (next(one for one in kit._find_all("person") if one.name == name) for name in ("Lou", "Maya"))

    def waiting() -> set[tuple[str, str]]:
        held = kit._find_all("task", state="open")
        return {(one.person, one.what) for one in held if one.what.startswith("ask-about-")}

    with kit.session(robin) as s:
        s.save(Relationship.enquire(person=lou, by=Decision.of(lou, how="spoken")))
    assert waiting() == {(maya.id, "ask-about-support"), (lou.id, "ask-about-role")}
    with kit.session(robin) as s:
        s.save(PeerSupporter.welcome(lou, by=Decision.of(lou, how="spoken")))
    assert waiting() == {(maya.id, "ask-about-support")}
    done = [one for one in kit._find_all("task", state="done") if one.person == lou.id]
    assert {one.what for one in done} == {"ask-about-support", "ask-about-role"}


def test_no_consent_without_its_paper(kit: Kit, robin: Actor, bring: Bring, table: Table) -> None:
    with kit.session(robin) as s:
        desk = s.save(Recipient.add(name="Desk (fictional)"))
    report = bring(
        table(
            "Name,Consent to,Consent for,Consent covers,Consent until,Consent form\n"
            "Maya,Desk (fictional),care,own; contact,2027-01-31,binder 9\n"
            "Lou,Desk (fictional),care,own,,\nTim,Elsewhere,care,own,,binder 9\n"
            "Ana,Desk (fictional),,,,binder 9\n"
        )
    )
    assert outcomes(report) == {2: "made", 3: "part", 4: "part", 5: "part"}
    assert [held[0][0] for held in reasons(report).values()] == [
        "consent-without-paper",
        "no-such-recipient",
        "consent-not-whole",
    ]
    [consent] = kit._find_all("consent")
    assert isinstance(consent, Consent)
    assert (consent.recipient, consent.classes) == (desk.id, ("own", "contact"))
    assert consent.until is not None
    assert consent.until.isoformat() == "2027-02-01T05:00:00+00:00"  # the end of that day in Toronto
    [kept] = kit.storage.history("consent", consent.id)
    assert (kept.envelope.acts[0].how, kept.envelope.acts[0].strength) == ("paper", 3)


def test_the_same_again_changes_nothing(kit: Kit, bring: Bring, table: Table) -> None:
    text = "Name,Asks\nMaya,yes\nLou,no\n"
    first = bring(table(text))
    position = kit.storage.position()
    again = bring(table(text, name="copy of people.csv"))
    assert (again.totals["again"], again.id) == (2, "")
    assert [one.made[0] for one in again.rows] == [one.made[0] for one in first.rows]
    written = [one.kind for one in kit.changes(limit=1000).envelopes if one.position > position]
    assert set(written) <= {"read"}


def test_an_import_that_was_stopped_goes_on(
    kit: Kit, bring: Bring, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = table("Name\n" + "\n".join(f"Person {n}" for n in range(20)))
    real = importing._Doing.row

    def stopped(self: Any, want: Any) -> Any:
        if want.number == 11:
            raise KeyboardInterrupt
        return real(self, want)

    monkeypatch.setattr(importing._Doing, "row", stopped)
    with pytest.raises(KeyboardInterrupt):
        bring(file)
    monkeypatch.undo()
    report = bring(file)
    assert (report.totals["again"], report.totals["made"]) == (9, 11)
    assert len(people(kit)) == 21


def test_doubles_are_suggested_and_nobody_is_merged(
    kit: Kit, robin: Actor, bring: Bring, table: Table
) -> None:
    with kit.session(robin) as s:
        zoe = s.save(Person.enrol(name="Zoë Example", reach=("phone:555 0101",)))
    report = bring(table("Name,Phone\nzoe  EXAMPLE,\nSomebody Else,(555) 0101\n"))
    assert reasons(report) == {2: [("double", "")], 3: [("double", "")]}
    assert [one.problems[0].about for one in report.rows] == [(zoe.id,), (zoe.id,)]
    assert len(people(kit)) == 2
    text = (
        f"Name,Same as,Asks,Paper\nZoe Example,new,,\nZoe Example,{zoe.id},yes,binder 1\n"
        "Tim,nobody,yes,binder 1\n"
    )
    decided = bring(table(text))
    assert outcomes(decided) == {2: "made", 3: "part", 4: "not"}
    assert reasons(decided)[4] == [("no-such-person", "")]
    assert [one.person for one in kit._find_all("relationship")] == [zoe.id]
    assert len(people(kit)) == 3


def test_only_who_may_enrol_brings_in(kit: Kit, robin: Actor, table: Table) -> None:
    with kit.session(robin) as s:
        maya = s.save(Person.enrol(name="Maya"))
    with pytest.raises(Refused, match="right to enrol"):
        bring_in(kit, File(table("Name\nLou\n")), Given(), actor=Actor(maya.id), dry_run=False)


# -- undo ------------------------------------------------------------------------------------------


@pytest.fixture
def jo(kit: Kit, robin: Actor) -> Person:
    with kit.session(robin) as s:
        return s.save(Person.enrol(name="Jo Placeholder"))


def test_a_whole_import_is_taken_out_but_what_was_built_upon(
    kit: Kit, robin: Actor, jo: Person, bring: Bring, table: Table
) -> None:
    file = table("Name,Asks,Paper,Role,Experience\nMaya,yes,binder,,\nLou,yes,,,\nTomas,,binder,peer,own\n")
    report = bring(file)
    lou = report.rows[1].made[0][1]
    with kit.session(robin) as s:
        task = s.save(Task.give(owner=robin.person, what="call-back", person=lou))
    undone = undo(kit, report.id, actor=robin, asked_by=jo.id, decided_by=robin.person)
    assert [(one.row, one.taken) for one in undone] == [(2, True), (3, False), (4, True)]
    assert undone[1].built == (("task", task.id),)
    assert people(kit) == ["Jo Placeholder", "Lou", "Robin Example"]
    assert kit._find_all("relationship") == kit._find_all("peer_supporter") == []
    assert kit.verify().intact
    again = bring(file)  # what was taken out may come in anew
    assert outcomes(again) == {2: "made", 3: "again", 4: "made"}


def test_undo_needs_two_humans_and_an_import(
    kit: Kit, robin: Actor, jo: Person, bring: Bring, table: Table
) -> None:
    report = bring(table("Name\nMaya\n"))
    with pytest.raises(Refused, match="two humans"):
        undo(kit, report.id, actor=robin, asked_by=robin.person, decided_by=robin.person)
    with pytest.raises(NotFound):
        undo(kit, "0123456789abcdef", actor=robin, asked_by=jo.id, decided_by=robin.person)
    with pytest.raises(Malformed):
        undo(kit, "", actor=robin, asked_by=jo.id, decided_by=robin.person)
    assert "Maya" in people(kit)


def test_who_was_erased_does_not_come_back(
    kit: Kit, robin: Actor, jo: Person, bring: Bring, table: Table
) -> None:
    file = table("Name,Phone\nMaya,555-0101\n")
    report = bring(file)
    kit.erase(report.rows[0].made[0][1], basis="wish", asked_by=jo.id, decided_by=robin.person)
    assert outcomes(bring(file)) == {2: "again"}
    assert "Maya" not in people(kit)


def test_a_relationship_that_was_proposed_stays(
    kit: Kit, robin: Actor, jo: Person, bring: Bring, table: Table
) -> None:
    report = bring(table("Name,Asks,Paper,Role,Experience\nMaya,yes,binder,,\nTomas,,binder,peer,own\n"))
    enquiry = next(one for kind, one in report.rows[0].made if kind == "relationship")
    with kit.session(robin) as s:
        s.save(s.get(Relationship, enquiry).propose(report.rows[1].made[0][1]))
    undone = undo(kit, report.id, actor=robin, asked_by=jo.id, decided_by=robin.person)
    assert [one.taken for one in undone] == [False, False]
