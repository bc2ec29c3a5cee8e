# SPDX-License-Identifier: Apache-2.0
"""The track by itself: which experience and which credentials are enough, on which day."""

from __future__ import annotations

from datetime import date, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from peerkit_families import lacking

from peerkit import Credential, PeerSupporter, Person, Program, training

KAI = Person.enrol(name="Kai (fictional)")
PROGRAM = Program(name="Riverside (fictional)", recognizes=("core-essentials",))
DAY = date(2027, 1, 4)
EVERY = ("family-peer-support", "psc-family-peer-supporter", "certified-parent-peer-specialist")
OTHERS = ("core-essentials", "peer-support-canada", "group-facilitation", "diabetes-application")


def role(experience: str) -> PeerSupporter:
    return PeerSupporter.welcome(KAI, experience=experience)


def credential(what: str, until: date | None = None) -> Credential:
    return Credential.issue(person=KAI, what=what, issued_by="Riverside (fictional)", since=DAY, until=until)


def still(
    roles: list[PeerSupporter], held: list[Credential], on: date = DAY, *, groups: bool = False
) -> dict[str, str]:
    return {one.id: one.why for one in lacking(PROGRAM, roles, held, on, groups=groups)}


@pytest.mark.parametrize("what", EVERY)
@pytest.mark.parametrize("experience", ["family", "both"])
def test_experience_as_family_and_any_credential_of_the_track_are_enough(what: str, experience: str) -> None:
    assert still([role(experience)], [credential(what)]) == {}


def test_ones_own_experience_is_another_and_no_credential_stands_in_for_it() -> None:
    held = [credential(what) for what in (*EVERY, *OTHERS)]
    assert still([role("own")], held, groups=True) == {"experience": "missing"}
    assert still([role("own"), role("both")], held) == {}
    assert still([role("own").update(experience="both")], held) == {}
    assert still([role("family").step_down()], held) == {"experience": "missing"}


def test_no_training_of_other_peer_supporters_stands_in_for_the_track() -> None:
    held = [credential(what) for what in OTHERS]
    assert still([role("both")], held) == {"track": "missing"}


def test_groups_ask_for_facilitation_too() -> None:
    assert still([role("family")], [credential(EVERY[0])], groups=True) == {"facilitation": "missing"}


def test_the_last_day_counts_and_what_rests_or_was_taken_back_does_not() -> None:
    held = [credential(EVERY[0], until=DAY + timedelta(days=3))]
    assert still([role("family")], held, DAY + timedelta(days=3)) == {}
    assert still([role("family")], held, DAY + timedelta(days=4)) == {"track": "lapsed"}
    assert still([role("family")], [held[0].suspend()]) == {"track": "lapsed"}
    assert still([role("family")], [held[0].withdraw()]) == {"track": "lapsed"}
    assert still([role("family")], held, DAY - timedelta(days=1)) == {"track": "missing"}


@given(st.permutations((*EVERY, *OTHERS)), st.integers(0, 7), st.booleans())
def test_more_credentials_never_open_anything_and_their_order_counts_for_nothing(
    whats: list[str],
    number: int,
    groups: bool,  # noqa: FBT001  # drawn
) -> None:
    held, roles = [credential(what) for what in whats], [role("family")]
    assert set(still(roles, held, groups=groups)) <= set(still(roles, held[:number], groups=groups))
    assert still(roles, held[::-1], groups=groups) == still(roles, held, groups=groups)


def test_whatever_is_missing_says_how_to_get_it() -> None:
    for one in lacking(PROGRAM, [], [], DAY, groups=True):
        assert "`" in one.told
        assert "not there yet" in one.told


def test_its_course_is_a_rule_with_what_no_source_says() -> None:
    text = (files("peerkit_families") / "courses" / "family-peer-support.toml").read_text(encoding="utf-8")
    rule = training.parse(text)
    assert rule.our_reading
    assert {one.publisher for one in rule.sources} == {
        "Peer Support Canada",
        "Substance Abuse and Mental Health Services Administration (SAMHSA)",
    }
    assert [(one.id, one.training_minutes, one.practicum_minutes) for one in rule.outcomes] == [
        ("not-yet", 0, 0),
        ("trained", 40 * 60, 0),
        ("experienced", 40 * 60, 120 * 60),
    ]
