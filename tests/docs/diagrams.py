# SPDX-License-Identifier: Apache-2.0
"""Draws the lifecycle diagrams of the site: a hook of mkdocs, which calls `on_page_markdown`.

The pages keep Mermaid's text, which other readers of Markdown draw themselves. A browser would need a script
from somewhere for that, and the site calls no third party. So each diagram becomes an inline picture while
the site is built: the states stand from left to right, each act is a line of its own, with a dot at each
state from which it may happen and an arrow to the one it leads to. Nothing can lie on anything else.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any, NamedTuple

BLOCK = re.compile(r"^```mermaid\nstateDiagram-v2\n(?P<edges>.*?)^```$", re.MULTILINE | re.DOTALL)
EDGE = re.compile(r"^ *(?P<source>\S+) --> (?P<target>\S+?)(?:: (?P<act>\w+))?$")
OUTSIDE = "[*]"
"""Where records come from and, once nothing leads on, stay."""

LETTER = 7.4
"""The width of a letter at 12 pixels, generously."""
ROW, HEAD, GAP, PAD = 24, 30, 14, 9


class Line(NamedTuple):
    """An act: from which states it happens, and to which one it leads."""

    act: str
    sources: tuple[str, ...]
    target: str


def read(edges: str) -> tuple[list[str], list[Line], set[str]]:
    """The states in their order, the acts in theirs, and the states that nothing leaves."""
    lines: dict[tuple[str, str], list[str]] = {}
    states: list[str] = []
    last: set[str] = set()
    for text in edges.strip().splitlines():
        found = EDGE.match(text)
        if found is None:
            raise ValueError(f"no line of a diagram: {text}")
        source, target, act = found["source"], found["target"], found["act"]
        if target == OUTSIDE:
            last.add(source)
            continue
        lines.setdefault((act, target), []).append(source)
        states += [one for one in (source, target) if one not in (*states, OUTSIDE)]
    return states, [Line(act, tuple(froms), target) for (act, target), froms in lines.items()], last


def drawn(edges: str) -> str:
    """The picture, as one block of HTML."""
    states, lines, last = read(edges)
    gutter = max((len(line.act) for line in lines), default=0) * LETTER + 2 * GAP
    middle = {OUTSIDE: gutter}
    right = gutter + GAP
    boxes = []
    for state in states:
        wide = len(state) * LETTER + 2 * PAD
        middle[state] = right + wide / 2
        boxes.append((state, right, wide))
        right += wide + GAP
    high = HEAD + ROW * len(lines) + PAD
    said = "; ".join(in_words(line) for line in lines)
    figure = (
        '<figure class="states" style="overflow-x:auto;margin:1em 0"><svg role="img" '
        f'aria-label="{escape(said)}" viewBox="0 0 {right:.0f} {high}" width="{right:.0f}" height="{high}" '
        'style="font:12px monospace" fill="currentColor" stroke="none">'
    )
    parts = [figure]
    for state, left, wide in boxes:
        ends = 2.2 if state in last else 1
        parts.append(
            f'<path d="M{middle[state]:.1f} {HEAD - 4}V{high}" stroke="currentColor" opacity=".18"/>'
            f'<rect x="{left:.1f}" y="4" width="{wide:.1f}" height="22" rx="11" fill="none" '
            f'stroke="currentColor" stroke-width="{ends}"/>'
            f'<text x="{middle[state]:.1f}" y="19" text-anchor="middle">{escape(state)}</text>'
        )
    for number, line in enumerate(lines):
        parts.append(row(line, middle, HEAD + ROW * number + ROW / 2, gutter))
    return "".join([*parts, "</svg></figure>"])


def row(line: Line, middle: dict[str, float], y: float, gutter: float) -> str:
    """One act: its name at the left, dots at its sources, an arrow to its target."""
    to = middle[line.target]
    ends = [to, *(middle[source] for source in line.sources)]
    out = [f'<text x="{gutter - GAP:.1f}" y="{y + 4}" text-anchor="end">{escape(line.act)}</text>']
    if min(ends) < max(ends):
        out.append(f'<path d="M{min(ends):.1f} {y}H{max(ends):.1f}" stroke="currentColor" opacity=".6"/>')
    for source in line.sources:
        at = middle[source]
        if at == to:  # it stays where it is
            out.append(f'<circle cx="{at:.1f}" cy="{y}" r="6.5" fill="none" stroke="currentColor"/>')
        if source == OUTSIDE:  # it begins here
            out.append(f'<circle cx="{at:.1f}" cy="{y}" r="4" fill="none" stroke="currentColor"/>')
        else:
            out.append(f'<circle cx="{at:.1f}" cy="{y}" r="3.2"/>')
    sides = sorted({(end > to) - (end < to) for end in ends} - {0})
    return "".join([*out, *(f'<path d="M{to:.1f} {y}l{side * 9} -4.5v9z"/>' for side in sides)])


def in_words(line: Line) -> str:
    """An act for whoever hears the page: `adopt: suggested, aside to adopted`."""
    froms = ", ".join("new" if one == OUTSIDE else one for one in line.sources)
    return f"{line.act}: {froms} to {line.target}"


def on_page_markdown(markdown: str, **_: Any) -> str:
    """mkdocs asks for each page: its diagrams become pictures."""
    return BLOCK.sub(lambda found: drawn(found["edges"]), markdown)
