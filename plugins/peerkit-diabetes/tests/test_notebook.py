# SPDX-License-Identifier: Apache-2.0
"""The person's own notebook: theirs alone, shared with whom they choose, in their own words."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from peerkit_diabetes import DiabetesNotebook, DiabetesRiskCheck, canrisk
from peerkit_diabetes.log import DiabetesLog
from peerkit_diabetes.notebook import CODES, PAGES
from peerkit_diabetes.pages import DiabetesPage

from peerkit import Decision, Malformed, NotFound, Person, Refused


def kept(house: Any) -> DiabetesNotebook:
    with house.kit.session(actor=house.maya) as s:
        book = DiabetesNotebook.begin(person=house.maya).say_barriers(("income", "kitchen"))
        book = book.write("feelings", "I am grieving over diabetes").ask("Why am I so tired?")
        book = book.add_support("Ana", helps="comes along").add_resource(words="the library")
        return s.save(book)


def test_nobody_reads_it_but_the_person(house: Any) -> None:
    book = kept(house)
    for other in (house.kai, house.noor, house.coordinator):
        with house.kit.session(actor=other) as s:
            with pytest.raises((NotFound, Refused)):
                s.get(DiabetesNotebook, book.id)
            with suppress(Refused):
                assert not s.find(DiabetesNotebook)
    with house.kit.session(actor=house.maya) as s:
        assert s.get(DiabetesNotebook, book.id).feelings == "I am grieving over diabetes"


def test_shared_with_whom_they_choose_until_they_say_otherwise(house: Any) -> None:
    book = kept(house)
    with house.kit.session(actor=house.maya) as s:
        s.save(s.get(DiabetesNotebook, book.id).share(house.kai))
    with house.kit.session(actor=house.kai) as s:
        assert s.get(DiabetesNotebook, book.id).questions[0].words == "Why am I so tired?"
    with house.kit.session(actor=house.maya) as s:
        s.save(s.get(DiabetesNotebook, book.id).unshare(house.kai))
    with house.kit.session(actor=house.kai) as s, pytest.raises((NotFound, Refused)):
        s.get(DiabetesNotebook, book.id)


def shared(house: Any) -> tuple[DiabetesNotebook, DiabetesRiskCheck, DiabetesPage]:
    """A notebook, an estimate of a risk and a page of a log that Maya lets Noor and Kai read."""
    to = (house.noor, house.kai)
    book = kept(house)
    with house.kit.session(actor=house.maya) as s:
        log = s.save(DiabetesLog.turn_on(person=house.maya))
        day = date(2027, 3, 1)
        page = DiabetesPage.show(person=log.person, readings=(), first=day, last=day, to=to)
        check = DiabetesRiskCheck.take(person=house.maya, answers=canrisk(age=50, sex="female"))
        return (
            s.save(s.get(DiabetesNotebook, book.id).share(to[0]).share(to[1])),
            s.save(check.share(to[0]).share(to[1])),
            s.save(page),
        )


@pytest.mark.parametrize("how", ["leave", "mark_died"])
def test_whoever_leaves_or_dies_reads_nothing_any_more(house: Any, how: str) -> None:
    held = shared(house)
    with house.coordinating() as s:
        by = Decision.of(house.noor, how="spoken")
        noor = s.get(Person, house.noor.id)
        s.save(noor.leave(by=by) if how == "leave" else noor.mark_died())
    for one in held:
        with house.kit.session(actor=house.maya) as s:
            assert s.get(type(one), one.id).shared_with == (house.kai.id,)
        with house.kit.session(actor=house.kai) as s:
            assert s.get(type(one), one.id)
        if how == "leave":
            with house.kit.session(actor=house.noor) as s, pytest.raises((NotFound, Refused)):
                s.get(type(one), one.id)


def test_two_who_leave_at_once_are_both_gone(house: Any) -> None:
    held = shared(house)
    with house.coordinating() as s:
        for one in (house.noor, house.kai):
            s.save(s.get(Person, one.id).leave(by=Decision.of(one, how="spoken")))
    with house.kit.session(actor=house.maya) as s:
        assert [s.get(type(one), one.id).shared_with for one in held] == [(), (), ()]


def test_nobody_is_named_who_is_not_there_now(house: Any) -> None:
    with house.coordinating() as s:
        s.save(s.get(Person, house.noor.id).leave(by=Decision.of(house.noor, how="spoken")))
    with pytest.raises(Refused) as refused:
        shared(house)
    assert refused.value.codes == ("unknown-person",) * 3


def test_a_supporter_writes_it_down_by_the_persons_word_and_does_not_share_it_by_that(house: Any) -> None:
    said = Decision.of(house.maya, how="spoken")
    with pytest.raises(Refused), house.kit.session(actor=house.kai) as s:
        s.save(DiabetesNotebook.begin(person=house.maya))
    with house.kit.session(actor=house.kai) as s:
        s.save(DiabetesNotebook.begin(person=house.maya, by=said).ask("What now?", by=said))
    with house.kit.session(actor=house.maya) as s:
        [book] = s.find(DiabetesNotebook)
    with pytest.raises(Refused), house.kit.session(actor=house.kai) as s:
        s.save(book.share(house.kai, by=said))


def test_one_a_person(house: Any) -> None:
    kept(house)
    with pytest.raises(Refused) as refused, house.kit.session(actor=house.maya) as s:
        s.save(DiabetesNotebook.begin(person=house.maya))
    assert refused.value.codes == ("diabetes-notebook",)


def test_questions_supports_and_places_come_and_go(house: Any) -> None:
    book = kept(house)
    with house.kit.session(actor=house.maya) as s:
        book = s.get(DiabetesNotebook, book.id)
        question = book.questions[0].id
        book = book.note_answer(question, "low iron").ask("And now?")
        assert [one.words for one in book.open_questions] == ["And now?"]
        book = book.drop_question(question).drop_support(book.supports[0].id)
        book = s.save(book.drop_resource(book.resources[0].id))
    assert ([one.words for one in book.questions], book.supports, book.resources) == (["And now?"], (), ())


@pytest.mark.parametrize("act", ["note_answer", "drop_question", "drop_support", "drop_resource"])
def test_a_part_that_is_not_there_is_refused(act: str) -> None:
    book = DiabetesNotebook.begin(person="01a22126-bdaf-7000-a240-c20f45de0c9c").ask("What now?")
    more = {"answer": "this"} if act == "note_answer" else {}
    with pytest.raises(Refused) as refused:
        getattr(book, act)("2", **more)
    assert refused.value.codes == ("unknown-part",)


@pytest.mark.parametrize(
    ("act", "given"),
    [
        ("say_barriers", {"codes": ("weight",)}),
        ("say_barriers", {"codes": "income"}),
        ("write", {"page": "diagnosis", "words": "secret"}),
        ("ask", {"words": "  "}),
        ("add_support", {"who": ""}),
        ("add_resource", {}),
    ],
)
def test_what_does_not_fit_says_where_and_quotes_nobody(act: str, given: dict[str, Any]) -> None:
    with pytest.raises(Malformed, match="diabetes_notebook") as wrong:
        getattr(DiabetesNotebook.begin(person="01a22126-bdaf-7000-a240-c20f45de0c9c"), act)(**given)
    assert "secret" not in str(wrong.value)


@given(
    pages=st.dictionaries(st.sampled_from(PAGES), st.text(max_size=40)),
    codes=st.lists(st.sampled_from(CODES), max_size=8),
)
def test_what_is_said_last_stands(pages: dict[str, str], codes: list[str]) -> None:
    book = DiabetesNotebook.begin(person="01a22126-bdaf-7000-a240-c20f45de0c9c")
    book = book.say_barriers(("income",)).say_barriers(tuple(codes))
    for page, words in pages.items():
        book = book.write(page, "before").write(page, words)
    assert book.barriers == tuple(dict.fromkeys(codes))
    assert {page: getattr(book, page) for page in PAGES} == {
        page: pages.get(page, "").strip() for page in PAGES
    }


def test_no_word_stands_in_a_repr(house: Any) -> None:
    book = kept(house)
    shown = f"{book!r} {book.questions!r} {book.supports!r} {book.resources!r}"
    for word in ("tired", "Ana", "library", "grieving"):
        assert word not in shown
