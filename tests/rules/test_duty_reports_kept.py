# SPDX-License-Identifier: Apache-2.0
"""A duty report where records are erased, joined and taken out: it is its author's, and about somebody."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from duty_house import CODE, LATER, MADE, considered, reads, reported, settled, waiting

from peerkit import DutyReport
from peerkit.errors import NotFound, Refused

World = Any


@pytest.fixture
def town(world: World) -> World:
    return settled(world)


def test_what_waits_is_not_erased_and_who_is_erased_does_not_take_anothers_proof_along(town: World) -> None:
    erase, asked = town.kit.erase, {"basis": "wish", "decided_by": town.coordinator}
    waits = considered(town)
    with pytest.raises(Refused) as caught:
        erase(waits, asked_by=town.kai, **asked)
    assert caught.value.codes == ("relied-on",)
    made = reported(town)
    town.save(town.get(town.maya).leave(), actor=town.maya)
    done = erase(town.maya, asked_by=town.maya, **asked)
    assert ("duty_report", made.id) in done.shared  # a human looks: it is also kai's
    assert town.get(made).words == "canary words"
    erase(made, asked_by=town.pat, **asked)
    with town.kit.session(actor=town.kai) as s, pytest.raises(NotFound):
        s.get(DutyReport, made)
    [*_, line] = [one for one in town.kit.changes(limit=1000).envelopes if one.id == made.id]
    assert [one.name for one in line.acts] == ["reported"]  # when, and by whose id, stays
    assert line.actor == town.kai.id
    assert town.kit.verify().intact


def test_one_in_which_nobody_else_stands_its_author_erases_alone(town: World) -> None:
    nobody = town.save(considered(town).reported(**MADE), actor=town.kai)
    shared = town.save(nobody.share(town.sol), actor=town.kai)
    alone = {"basis": "wish", "asked_by": town.kai, "decided_by": town.kai}
    with pytest.raises(Refused) as caught:
        town.kit.erase(shared, **alone)
    assert caught.value.codes == ("two-humans",)
    town.save(shared.unshare(town.sol), actor=town.kai)
    assert town.kit.erase(nobody, **alone).versions == 4
    assert not town.every(DutyReport)


def test_joined_records_take_it_along_and_its_two_humans_are_not_one(town: World) -> None:
    made = reported(town, begun={"about": town.again})
    assert reads(town, town.again, made)
    town.kit.merge(town.maya, town.again, reason="the same birthday", actor=town.coordinator)
    now = town.get(made)
    assert (now.about, now.person, now.author) == (town.maya.id, (town.maya.id,), town.kai.id)
    assert reads(town, town.maya, made)
    town.save(DutyReport.consider(CODE, author=town.lee, about=town.vic), actor=town.lee)
    with pytest.raises(Refused) as caught:
        town.kit.merge(town.lee, town.vic, reason="the same birthday", actor=town.coordinator)
    assert "seen-together" in caught.value.codes


def test_a_reminder_moves_with_its_author(town: World) -> None:
    town.save(DutyReport.consider(CODE, author=town.lee), actor=town.lee)
    town.kit.merge(town.kai, town.lee, reason="the same birthday", actor=town.coordinator)
    [task] = waiting(town)
    assert task.owner == town.kai.id
    [report] = town.every(DutyReport)
    town.save(report.not_reported(reason="No"), actor=town.kai)
    assert not waiting(town)


def test_each_takes_out_what_is_theirs_of_it(town: World, tmp_path: Path) -> None:
    told = reported(town)
    untold = town.save(considered(town, about=town.maya).reported(**MADE, **LATER), actor=town.kai)
    nobody = town.save(considered(town).reported(**MADE), actor=town.kai)
    town.save(untold.share(town.sol), actor=town.kai)

    def taken(who: str) -> set[str]:
        file = tmp_path / f"{who}.pdf"
        town.kit.take_out(file, passphrase="four words are enough", actor=getattr(town, who))
        with pikepdf.open(file, password="four words are enough") as pdf:
            found = json.loads(pdf.attachments["take-out.json"].get_file().read_bytes())
        return {one["id"] for one in found["records"] if one["kind"] == "duty_report"}

    assert taken("maya") == {told.id}
    assert taken("kai") == {nobody.id}  # the others are about somebody else too
    assert taken("sol") == set()
