# SPDX-License-Identifier: Apache-2.0
"""The person answers what is written about them, and their words stand beside it for whoever reads that."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from peerkit import (
    Decision,
    Feedback,
    GoalPlan,
    Malformed,
    Meeting,
    NotFound,
    Progress,
    Reflection,
    Refused,
    Relationship,
    Reply,
    Review,
    Task,
)


@pytest.fixture
def pair(world: Any) -> Any:
    world.supporter("kai", supervisor=world.sol)
    world.match(world.maya, world.kai)
    return world


@pytest.fixture
def note(pair: Any) -> Any:
    plan = pair.save(GoalPlan.begin(person=pair.maya).add_goal("Swim again"), actor=pair.maya)
    note = Progress.note(plan=plan, goal=plan.goals[0].id, author=pair.kai, words="Gave up at once")
    return pair.save(note, actor=pair.kai)


def seen(world: Any, who: Any, about: Any) -> list[str]:
    with world.kit.session(actor=who) as s:
        try:
            return [one.words for one in s.find(Reply, about=about)]
        except Refused:
            return []


def test_the_person_answers_a_note_in_their_own_words_and_the_pair_reads_it(pair: Any, note: Any) -> None:
    words = "  I did NOT give up!! the pool was shut "
    made = pair.save(Reply.give(note, person=pair.maya, words=words), actor=pair.maya)
    assert (made.about, made.of, made.words) == (note.id, "progress", words)
    assert seen(pair, pair.maya, note) == seen(pair, pair.kai, note) == [words]
    for other in (pair.sol, pair.coordinator, pair.theo):
        assert not seen(pair, other, note)
        with pair.kit.session(actor=other) as s, pytest.raises(NotFound):
            s.get(Reply, made.id)
    with pair.kit.session(actor=pair.coordinator) as s:
        assert s.count(Reply) == 0
    log = pair.kit.log(actor=pair.maya)
    assert any(entry.records == (made.id,) and entry.what == "decided" for entry in log)


def test_whoever_reads_what_it_answers_reads_it_and_nobody_else(pair: Any) -> None:
    plan = pair.save(GoalPlan.begin(person=pair.maya), actor=pair.maya)
    review = pair.save(Review.plan(plan, on=pair.watch.at.date() + timedelta(days=30)), actor=pair.maya)
    pair.save(Reply.give(review, person=pair.maya, words="not that day"), actor=pair.maya)
    assert seen(pair, pair.coordinator, review) == seen(pair, pair.kai, review) == ["not that day"]
    assert not seen(pair, pair.sol, review)


def test_it_ends_for_the_supporter_with_walking_together(pair: Any, note: Any) -> None:
    pair.save(Reply.give(note, person=pair.maya, words="no"), actor=pair.maya)
    [walk] = pair.every(Relationship)
    pair.save(walk.end(), actor=pair.maya)
    assert not seen(pair, pair.kai, note)
    assert seen(pair, pair.maya, note) == ["no"]


def test_nobody_answers_for_another_and_a_spoken_answer_is_written_down(pair: Any, note: Any) -> None:
    with pytest.raises(Refused):
        pair.save(Reply.give(note, person=pair.maya, words="she agrees"), actor=pair.kai)
    spoken = Decision.of(pair.maya, how="spoken")
    made = pair.save(Reply.give(note, person=pair.maya, words="I did not", by=spoken), actor=pair.kai)
    gone = pair.save(made.take_back(by=spoken), actor=pair.kai)
    assert (gone.state, gone.words, seen(pair, pair.kai, note)) == ("taken_back", "", [""])


def test_only_what_is_about_them_and_theirs_to_read_is_answered(pair: Any, note: Any) -> None:
    others = pair.save(GoalPlan.begin(person=pair.theo), actor=pair.theo)
    his = pair.save(Reflection.write(author=pair.kai, words="hm"), actor=pair.kai)
    hidden = pair.save(Feedback.give(person=pair.maya, words="x", about=pair.kai), actor=pair.maya)
    pair.kit.concern("Something is not right.", about=pair.maya.id, names=(pair.kai.id,))
    from peerkit import Concern

    [concern] = pair.every(Concern)
    for about, who in ((others, pair.maya), (his, pair.maya), (hidden, pair.kai), (concern, pair.maya)):
        with pytest.raises(Refused) as no:
            pair.save(Reply.give(about, person=who, words="w"), actor=who)
        assert no.value.codes == ("nothing-answered",)
    with pytest.raises(Malformed):
        Reply.give(note, person=pair.maya, words=" ")
    nowhere = Meeting.plan(
        person=pair.maya, supporter=pair.kai, local=pair.watch.at.replace(tzinfo=None), timezone="UTC"
    )
    with pytest.raises(Refused):
        pair.save(Reply.give(nowhere, person=pair.maya, words="w"), actor=pair.maya)


def test_what_is_written_in_the_same_block_is_answered_too(pair: Any) -> None:
    with pair.kit.session(actor=pair.kai) as s:
        task = s.save(Task.give(owner=pair.kai, what="call", person=pair.maya))
        s.save(
            Reply.give(
                task, person=pair.maya, words="in the evening", by=Decision.of(pair.maya, how="spoken")
            )
        )
    assert seen(pair, pair.maya, task) == ["in the evening"]


def test_who_has_left_still_answers_and_a_merge_takes_it_along(pair: Any, note: Any) -> None:
    pair.save(Reply.give(note, person=pair.maya, words="no"), actor=pair.maya)
    twin = pair.save(type(pair.maya).enrol(name="Maya E. (fictional)"))
    own = pair.save(Reply.give(twin, person=twin, words="call me May"), actor=twin)
    pair.kit.merge(pair.maya, twin, reason="the same bicycle", actor=pair.coordinator)
    assert (pair.get(own).person, pair.get(own).about) == (pair.maya.id, pair.maya.id)
    assert seen(pair, pair.kai, pair.maya) == ["call me May"]
    pair.save(pair.get(pair.maya).leave(), actor=pair.maya)
    pair.save(Reply.give(note, person=pair.maya, words="still no"), actor=pair.maya)
    assert seen(pair, pair.maya, note) == ["no", "still no"]


def test_erasing_what_was_answered_leaves_the_reply_to_the_person_alone(pair: Any, note: Any) -> None:
    pair.save(Reply.give(note, person=pair.maya, words="no"), actor=pair.maya)
    pair.kit.erase(note, basis="wish", asked_by=pair.maya, decided_by=pair.coordinator)
    assert seen(pair, pair.maya, note.id) == ["no"]
    assert not seen(pair, pair.kai, note.id)


def test_a_reply_answers_no_reply(world: Any) -> None:
    """What one wants to add to one's own words is one more reply to the record itself."""
    task = world.save(Task.give(owner=world.coordinator, what="call", person=world.maya))
    first = world.save(Reply.give(task, person=world.maya, words="Not before ten"), actor=world.maya)
    with pytest.raises(Refused) as caught:
        world.save(Reply.give(first, person=world.maya, words="Or nine"), actor=world.maya)
    assert caught.value.codes == ("nothing-answered",)
