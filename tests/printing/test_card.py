# SPDX-License-Identifier: Apache-2.0
"""A safety plan as a card for the wallet: all of it, in order, at a size that can be read, and no name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

import peerkit
from peerkit import Actor, Malformed, NotFound, Person, SafetyPlan
from peerkit.model.safety_plan import SECTIONS
from peerkit.printing import card
from peerkit.printing.letting import print_to
from peerkit.safety.own_plan import TITLES
from peerkit.testing import make
from peerkit.texts import for_locale

POINT = 72 / 25.4


def pages(made: bytes, folder: Path) -> list[Any]:
    path = folder / "card.pdf"
    path.write_bytes(made)
    return list(PdfReader(path).pages)


def drawn(made: bytes, folder: Path) -> str:
    """The words of all pages, without blanks."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages(made, folder)))


def plan_of(said: list[tuple[str, str, str]]) -> SafetyPlan:
    plan = make(SafetyPlan)
    for section, words, reach in said:
        plan = plan.add(section, words, reach=reach)
    return plan


def places(page: Any) -> list[tuple[float, float, float]]:
    """Where text begins (mm from the left and from the top) and how large it is (points)."""
    found: list[tuple[float, float, float]] = []
    height = float(page.mediabox.height)

    def visit(text: str, _cm: Any, at: Any, _font: Any, size: float) -> None:
        if text.strip():
            found.append((at[4] / POINT, (height - at[5]) / POINT, size))

    page.extract_text(visitor_text=visit)
    return found


SAID = st.lists(
    st.tuples(
        st.sampled_from(SECTIONS),
        st.text("abc ", min_size=1, max_size=900).filter(str.strip),
        st.sampled_from(("", "555-0100", "Ana, any evening")),
    ),
    min_size=1,
    max_size=12,
)


@pytest.mark.parametrize("large", [False, True])
@settings(max_examples=8, deadline=None)
@given(said=SAID)
def test_whatever_is_in_it_is_on_it_and_inside_of_the_panels(
    tmp_path_factory: pytest.TempPathFactory, said: list[tuple[str, str, str]], large: Any
) -> None:
    folder = tmp_path_factory.mktemp("card")
    plan = plan_of(said)
    made = card.card(plan, for_locale("en"), large=large, fonts=())
    text = drawn(made, folder)
    for section in SECTIONS:
        for number, entry in enumerate(plan.of(section), start=1):
            whole = re.sub(r"\s", "", f"{number}.{entry.words}")
            letters = iter(text)
            assert all(one in letters for one in whole)  # in order; the numbers of panels may stand between
    smallest = card.LARGE if large else card.SIZE
    for page in pages(made, folder):
        left = (215.9 - card.COLUMNS * card.WIDTH) / 2
        for x, y, size in places(page):
            if size == card.SIZE - 2 or (y < card.TOP and size == card.SIZE):
                continue  # the panels' numbers, and what is said above them
            assert size >= smallest
            inside = (x - left) % card.WIDTH, (y - card.TOP) % card.HEIGHT
            assert card.PADDING <= inside[0] < card.WIDTH - card.PADDING
            assert inside[1] <= card.HEIGHT - card.FOOT
            assert y < card.TOP + card.ROWS * card.HEIGHT


def test_more_words_take_more_panels_and_more_sheets(tmp_path: Path) -> None:
    few = card.card(plan_of([("alone", "Tea", "")]), for_locale("en"), large=False, fonts=())
    many = card.card(
        plan_of([("alone", "Tea with Ana " * 40, "")] * 9), for_locale("en"), large=False, fonts=()
    )
    assert "1/1" in drawn(few, tmp_path)
    assert len(pages(few, tmp_path)) == 1
    assert len(pages(many, tmp_path)) > 1


def test_a_part_that_goes_on_in_the_next_panel_has_its_heading_again(tmp_path: Path) -> None:
    said = [("alone", "Tea with Ana " * 12, "")] * 9
    text = drawn(card.card(plan_of(said), for_locale("en"), large=False, fonts=()), tmp_path)
    panels = int(re.findall(r"/(\d+)", text)[-1])
    assert panels > 1
    assert text.count(re.sub(r"\s", "", str(TITLES["alone"]))) == panels


def test_headings_are_in_the_language_and_the_words_as_they_are(tmp_path: Path) -> None:
    said = [("alone", "Tea", ""), ("help", "أختي", "555-0100")]
    text = drawn(card.card(plan_of(said), for_locale("fr"), large=False, fonts=()), tmp_path)
    assert re.sub(r"\s", "", for_locale("fr")(TITLES["alone"])) in text
    assert "Tea" in text
    assert "555-0100" in text


@pytest.fixture
def kit(tmp_path: Path) -> Any:
    with peerkit.open(f"sqlite:///{tmp_path / 'a.db'}", settings=SETTINGS, discover=False) as opened:
        yield opened


SETTINGS = {
    "name": "Riverside Peer Support (fictional)",
    "coordinator": {"name": "Robin Example"},
    "path": [{"role": "coordinator", "minutes": 15}],
}


def test_who_prints_it_is_told_in_the_log_and_no_name_stands_on_it(kit: Any, tmp_path: Path) -> None:
    with kit.session(Actor(kit.first_coordinator)) as s:
        maya, kai, lou = (s.save(Person.enrol(name=name)) for name in ("Maya Ngo", "Kai Sample", "Lou"))
    with kit.session(maya) as s:
        plan = SafetyPlan.begin(person=maya).add("alone", "Tea").suggest("alone", "Perhaps a walk")
        plan = s.save(plan.share(kai))
    for who, what in ((maya, "left"), (kai, "read")):
        to = tmp_path / f"{what}.pdf"
        print_to(kit, "card", plan.id, to, actor=Actor(who.id), say=for_locale("en"))
        text = drawn(to.read_bytes(), tmp_path)
        assert "Tea" in text
        assert not any(word in text for word in ("Maya", "Riverside", "Perhaps", plan.id))
        assert kit.log(actor=maya)[0].what == what
    with pytest.raises(NotFound):
        print_to(kit, "card", plan.id, tmp_path / "no.pdf", actor=Actor(lou.id), say=for_locale("en"))
    with pytest.raises(Malformed):
        print_to(kit, "card", plan.id, tmp_path / "left.pdf", actor=Actor(maya.id), say=for_locale("en"))
