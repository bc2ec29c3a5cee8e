# SPDX-License-Identifier: Apache-2.0
"""The lifecycle diagrams of the site show every state and every move of the tables, and call nobody."""

from __future__ import annotations

import re
import runpy
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).resolve().parents[2]
DRAWING: dict[str, Any] = runpy.run_path(str(Path(__file__).with_name("diagrams.py")))
drawn, read, BLOCK = DRAWING["drawn"], DRAWING["read"], DRAWING["BLOCK"]
PAGE = (ROOT / "docs" / "reference" / "kinds.md").read_text(encoding="utf-8")
EDGES = [found["edges"] for found in BLOCK.finditer(PAGE)]


def texts(figure: str) -> list[str]:
    return [one.text or "" for one in ET.fromstring(figure).iter("text")]


def test_every_diagram_of_the_page_is_found() -> None:
    assert len(EDGES) == PAGE.count("```mermaid") > 20


@pytest.mark.parametrize("edges", EDGES, ids=map(str, range(len(EDGES))))
def test_every_state_and_every_act_is_drawn_once_for_each_place_it_leads_to(edges: str) -> None:
    states, lines, _ = read(edges)
    assert sorted(texts(drawn(edges))) == sorted([*states, *(line.act for line in lines)])
    moves = {(source, line.act, line.target) for line in lines for source in line.sources}
    written = set(re.findall(r"(\S+) --> (\S+): (\w+)", edges))
    assert {(source, act, target) for source, target, act in written} == moves


@pytest.mark.parametrize("edges", EDGES, ids=map(str, range(len(EDGES))))
def test_nothing_lies_on_anything_else(edges: str) -> None:
    figure = ET.fromstring(drawn(edges))
    boxes = [(float(one.attrib["x"]), float(one.attrib["width"])) for one in figure.iter("rect")]
    assert all(left + wide < after for (left, wide), (after, _) in pairwise(boxes))
    rows = [float(one.attrib["y"]) for one in figure.iter("text") if one.attrib["text-anchor"] == "end"]
    assert len(set(rows)) == len(rows)


def test_no_picture_calls_anybody() -> None:
    page = DRAWING["on_page_markdown"](PAGE)
    assert "```mermaid" not in page
    figures = re.findall(r'<figure class="states".*?</figure>', page)
    assert len(figures) == len(EDGES)
    assert not [one for one in figures if re.search(r"script|href|url\(|https?:", one)]


def test_what_it_shows_is_told_to_whoever_hears_the_page() -> None:
    figure = ET.fromstring(drawn("    [*] --> open: give\n    open --> done: done\n    done --> [*]\n"))
    [picture] = figure.iter("svg")
    assert picture.attrib["aria-label"] == "give: new to open; done: open to done"


def test_a_line_that_is_none_is_said() -> None:
    with pytest.raises(ValueError, match="no line of a diagram"):
        read("    open -> done\n")
