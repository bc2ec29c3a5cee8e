# SPDX-License-Identifier: Apache-2.0
"""Letters of hours and certificates say what the records say, and whoever is shown one can ask later."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerkit import Credential, Letter, Malformed, Person, Practicum, Program, Refused, training
from peerkit.testing import make

DAY = timedelta(days=1)
TODAY = date(2026, 3, 2)


@pytest.fixture
def kai(world: Any) -> Any:
    world.supporter("kai", supervisor=world.sol)
    return world.kai


@pytest.fixture
def entries(world: Any, kai: Any) -> list[Any]:
    made = []
    for days, minutes, work in ((3, 90, "one_to_one"), (2, 60, "group"), (1, 45, "one_to_one")):
        entry = Practicum.log(
            person=kai, mentor=world.sol, day=TODAY - days * DAY, minutes=minutes, work=work
        )
        made.append(world.save(world.save(entry, actor=kai).confirm(), actor=world.sol))
    unconfirmed = Practicum.log(person=kai, mentor=world.sol, day=TODAY, minutes=600)
    return [*made, world.save(unconfirmed, actor=kai)]


def written(world: Any, entries: list[Any]) -> training.Content:
    return training.letter(world.get(world.kai), entries, program=world.kit.program, on=TODAY)


def verify(world: Any, sha256: str, on: date = TODAY) -> str:
    with world.kit.session(actor=world.coordinator) as s:
        return training.verify(s, sha256, on=on).state


def refused(world: Any, letter: Any) -> tuple[str, ...]:
    with pytest.raises(Refused) as caught:
        world.save(letter)
    return caught.value.codes


def test_it_says_the_confirmed_hours(world: Any, entries: list[Any]) -> None:
    content = written(world, entries)
    assert content.totals == (("groups", 60), ("one to one", 135))
    assert content.total == 195
    assert content.lines[0] == (
        "Example program (fictional) confirms that Kai Example (fictional) did 3 hours and 15 minutes of "
        "peer support work with it, from Friday 27 February 2026 to Sunday 1 March 2026."
    )
    assert content.sha256 in content.lines[-1]
    assert "Kai" not in repr(content)


def test_the_hash_is_made_as_the_page_says(world: Any, entries: list[Any]) -> None:
    content = written(world, entries)
    ledger = [
        {"id": one.id, "day": one.day.isoformat(), "minutes": one.minutes, "work": one.work}
        for one in sorted(entries[:3], key=lambda entry: entry.id)
    ]
    said = {
        "form": "peerkit letter 1",
        "of": "hours",
        "person": world.kai.id,
        "name": "Kai Example (fictional)",
        "program": "Example program (fictional)",
        "on": "2026-03-02",
        "records": ledger,
    }
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert content.sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_whoever_is_shown_it_can_ask_later(world: Any, entries: list[Any]) -> None:
    content = written(world, entries)
    assert verify(world, content.sha256) == "unknown"
    letter = world.save(training.issue(content))
    assert verify(world, f"  {content.sha256.upper()} ") == "holds"
    world.save(world.get(world.kai).update(name="Kaya Example (fictional)"), actor=world.kai)
    assert verify(world, content.sha256) == "holds"  # who they are now called is nobody's to ask
    world.save(world.get(entries[0]).strike(), actor=world.sol)
    assert verify(world, content.sha256) == "changed"
    world.save(letter.void())
    assert verify(world, content.sha256) == "void"


def test_who_may_not_read_the_records_learns_nothing(world: Any, entries: list[Any]) -> None:
    content = written(world, entries)
    world.save(training.issue(content))
    with world.kit.session(actor=world.kai) as s:
        assert training.verify(s, content.sha256, on=TODAY).state == "holds"
    with world.kit.session(actor=world.maya) as s:
        assert training.verify(s, content.sha256, on=TODAY) == training.Verification("unknown")


@pytest.mark.parametrize(
    "lie",
    [
        {"name": "Somebody Else"},
        {"program": "Another program"},
        {"on": TODAY + DAY},
        {"sha256": "0" * 64},
        {"rests_on": ()},
    ],
    ids=lambda lie: next(iter(lie)),
)
def test_nobody_gives_out_what_the_records_do_not_say(world: Any, entries: list[Any], lie: Any) -> None:
    assert refused(world, training.issue(attrs.evolve(written(world, entries), **lie))) == ("letter-differs",)


def test_nor_under_another_name_whose_hash_fits(world: Any, entries: list[Any]) -> None:
    feigned = attrs.evolve(world.get(world.kai), name="Somebody Else")
    content = training.letter(feigned, entries, program=world.kit.program, on=TODAY)
    assert refused(world, training.issue(content)) == ("letter-differs",)
    renamed = attrs.evolve(world.kit.program, name="Another program")
    content = training.letter(world.get(world.kai), entries, program=renamed, on=TODAY)
    assert refused(world, training.issue(content)) == ("letter-differs",)


def test_nor_hours_that_nobody_confirmed_or_somebody_elses(world: Any, entries: list[Any]) -> None:
    feigned = attrs.evolve(entries[3], state="confirmed")
    content = written(world, [*entries[:3], feigned])
    assert content.total == 795
    assert refused(world, training.issue(content)) == ("letter-differs",)
    with pytest.raises(Malformed):
        training.letter(world.get(world.maya), entries, program=world.kit.program, on=TODAY)
    with pytest.raises(Malformed):
        written(world, entries[3:])


def test_a_certificate_holds_as_long_as_its_credential(world: Any, kai: Any) -> None:
    course = Credential.issue(
        person=kai,
        what="core-essentials",
        level="level-1r",
        issued_by="Example body",
        since=TODAY,
        until=TODAY + 30 * DAY,
        number="A-17",
    )
    credential = world.save(course)
    content = training.certificate(world.get(kai), credential, program=world.kit.program, on=TODAY)
    assert content.lines[0] == (
        "Example program (fictional) confirms that Kai Example (fictional) holds: core-essentials "
        "(level-1r), issued by Example body, Monday 2 March 2026."
    )
    assert content.lines[1:3] == ("It holds until Wednesday 1 April 2026.", "Its number is A-17.")
    world.save(training.issue(content))
    assert verify(world, content.sha256, TODAY + 30 * DAY) == "holds"
    assert verify(world, content.sha256, TODAY + 31 * DAY) == "changed"
    world.save(credential.suspend())
    assert verify(world, content.sha256) == "changed"
    with pytest.raises(Malformed):
        training.certificate(world.get(kai), world.get(credential), program=world.kit.program, on=TODAY)


def test_of_a_check_it_says_that_it_was_done(world: Any, kai: Any) -> None:
    done = world.save(
        Credential.check_done(person=kai, what="vulnerable-sector-check", done_by="Example police", on=TODAY)
    )
    content = training.certificate(world.get(kai), done, program=world.kit.program, on=TODAY)
    assert "this check was done: vulnerable-sector-check, by Example police" in content.lines[0]


def test_it_is_said_in_french_and_its_hash_stays(world: Any, entries: list[Any]) -> None:
    content = written(world, entries)
    french = content.in_language("fr-CA")
    assert french.title == "Attestation d’heures"
    assert "3 heures et 15 minutes" in french.lines[0]
    assert "vendredi 27 février 2026" in french.lines[0]
    assert [work for work, _ in french.totals] == ["groupes", "à deux"]
    assert french.sha256 == content.sha256
    assert training.issue(french).sha256 == content.sha256


@given(
    st.lists(
        st.tuples(st.integers(1, 1440), st.sampled_from(["one_to_one", "group"])), min_size=1, max_size=8
    ),
    st.randoms(use_true_random=False),
)
def test_the_same_records_give_the_same_hash_and_others_another(many: Any, random: Any) -> None:
    person, program = make(Person, version=1), make(Program)
    held = [
        make(Practicum, person=person.id, day=TODAY, minutes=minutes, work=work, state="confirmed")
        for minutes, work in many
    ]
    mixed = list(held)
    random.shuffle(mixed)
    content = training.letter(person, held, program=program, on=TODAY)
    assert training.letter(person, mixed, program=program, on=TODAY) == content
    assert content.total == sum(minutes for _, minutes in content.totals) == sum(m for m, _ in many)
    letter = training.issue(content)
    assert isinstance(letter, Letter)
    assert training.agrees(letter, mixed, TODAY)
    one = held[0]
    other = attrs.evolve(one, minutes=one.minutes % 1440 + 1)
    assert not training.agrees(letter, [other, *held[1:]], TODAY)
    assert not training.agrees(letter, held[1:], TODAY)
