# SPDX-License-Identifier: Apache-2.0
"""The matrix of rights through a sheet: each act that an import offers, by everybody, about somebody new and
about somebody whom the program knows. The town and the interpreter are those of `rights_matrix`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import rights_matrix as matrix

from peerkit import Refused
from peerkit.kinds import core_kind
from peerkit.sheet.columns import Given
from peerkit.sheet.importing import bring_in
from peerkit.sheet.reading import File

OFFERS = {
    "": ("", ""),
    "relationship.enquire": ("Asks,Signed form", "yes,binder 1"),
    "task.give": ("Asks", "yes"),  # asked without a paper, so that somebody asks them
    "peer_supporter.welcome": ("Role,Lived experience,Signed form", "volunteer,own,binder 1"),
    "consent.give": (
        "Consent to,Consent for,Consent covers,Consent form",
        "Clinic (fictional),care,own,binder 2",
    ),
}
"""What a row may bring in besides the person, and the columns that do."""

COUNT: Counter[bool] = Counter()


@pytest.fixture(scope="module")
def town() -> Iterator[Any]:
    settings = {
        "name": "Example program (fictional)",
        "coordinator": {"name": "Robin Example (fictional)"},
        "path": [{"role": "coordinator", "minutes": 30}],
    }
    built = matrix.Town("memory:", settings=settings)
    yield built
    built.kit.close()


def allowed(who: Any, whose: str, acts: list[str]) -> bool:
    """By the interpreter: each act, about this person, whom they may read if it is one who is there."""
    kinds = [(core_kind(name), act) for name, act in (one.split(".") for one in acts)]
    if who.name == "system":
        return False  # a sheet is a human's work
    if whose and not matrix.readable(core_kind("person"), who, {("id", whose)}):
        return False
    subjects = {
        kind.kind: {(field, place) for field, place in _places(kind, who, whose or "somebody new")}
        for kind, _ in kinds
    }
    return all(matrix.recorded(kind, act, who, subjects[kind.kind]) for kind, act in kinds)


def _places(kind: Any, who: Any, whose: str) -> Iterator[tuple[str, str]]:
    for field in kind.subject_fields:
        if field in {"id", "person"}:
            yield field, whose
        elif field == "owner":
            yield field, who.name


@pytest.mark.parametrize("whose", ["", "maya"], ids=["somebody-new", "somebody-known"])
@pytest.mark.parametrize("offer", OFFERS, ids=lambda one: one or "person.enrol")
@pytest.mark.parametrize("who", matrix.PEOPLE, ids=lambda one: f"{one.name}-{one.role}".rstrip("-"))
def test_a_row_comes_in_as_the_tables_say(
    town: Any, tmp_path: Path, who: Any, offer: str, whose: str
) -> None:
    heading, cells = OFFERS[offer]
    same = town.ids[whose] if whose else "new"
    path = tmp_path / "people.csv"
    path.write_text(f"Name,Same as,{heading}\n{who.name} {offer or 'alone'} {whose},{same},{cells}\n")
    before = town.kit.storage.position()
    enrols = ["person.enrol"]
    acts = [*([] if whose else enrols), *([offer] if offer else [])]
    fits = allowed(who, "", enrols) and allowed(who, whose, acts)
    COUNT[fits] += 1

    def brought() -> Any:
        return bring_in(town.kit, File(path, ""), Given(), actor=who.actor(town.ids), dry_run=False)

    if not allowed(who, "", enrols):
        with pytest.raises(Refused) as caught:
            brought()
        assert caught.value.codes == ("no-right",)
    else:
        [row] = brought().rows
        said = {*row.refusals, *(one.code for one in row.problems)}
        if fits:
            assert "no-right" not in said
            assert [kind for kind, _ in row.made] == [one.split(".")[0] for one in acts]
        else:
            assert said & {"no-right", "no-such-person"}
            assert not row.made
    new = [one for one in town.kit.changes(limit=1000).envelopes if one.position > before]
    if not fits:
        assert {one.kind for one in new} <= {"refusal", "read"}


def test_both_answers_were_met() -> None:
    """Counted over what ran before it, where that was all of it."""
    if COUNT.total() == len(matrix.PEOPLE) * len(OFFERS) * 2:
        assert COUNT[True] >= 15
        assert COUNT[False] >= 15
