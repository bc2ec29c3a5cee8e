# SPDX-License-Identifier: Apache-2.0
"""Whatever the files hold, totals add up, keys are unique, and nothing but peerkit's own errors comes out."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st
from peerkit_hsds import Listing, Report, plan, read
from peerkit_hsds.tables import LINKS, MAIN, MARKS, TABLES

import peerkit

NAMES = sorted({alias for aliases in TABLES.values() for alias in aliases})
COLUMNS = sorted(
    {"id", "name", "description", "taxonomy_ids", "parent_id", *LINKS, *MAIN.values()}.union(*MARKS.values())
)
ids = st.sampled_from(["", "1", "2", "3", " 2", "2.0", "A", "x" * 300])
words = st.one_of(
    ids, st.text(max_size=12), st.sampled_from(["Food", "Monday", "9:00", "NaN", "(410) 555-0100", "es"])
)
cells = st.one_of(ids, words)


def of_csv(table: list[list[str]], *, careless: bool) -> bytes:
    """The table as a program writes it, or as somebody careless does."""
    if careless:
        return "\n".join(",".join(row) for row in table).encode("utf-8", "surrogatepass")
    out = io.StringIO()
    csv.writer(out).writerows(table)
    return out.getvalue().encode("utf-8", "surrogatepass")


@st.composite
def tables(draw: st.DrawFn) -> dict[str, bytes]:
    files = {}
    for name in draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True)):
        header = draw(st.lists(st.sampled_from(COLUMNS), min_size=1, max_size=7, unique=True))
        width = len(header)
        rows = draw(st.lists(st.lists(cells, min_size=0, max_size=width + 1), max_size=8))
        files[f"{name}s.csv"] = of_csv([header, *rows], careless=draw(st.booleans()))
    return files


def everything(files: Mapping[str, bytes]) -> tuple[list[Listing], Report] | None:
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        try:
            with read(folder) as directory:
                return list(directory), directory.report
        except peerkit.PeerkitError:
            return None


def holds(found: tuple[list[Listing], Report] | None) -> None:
    if found is None:
        return
    listings, report = found
    assert report.adds_up
    assert all(how for file in report.files for how, _ in file.kept_as)
    assert len({listing.key for listing in listings}) == len(listings)
    for listing in listings:
        assert listing.name
        assert len(listing.digest) == 64
        json.dumps(attrs.asdict(listing)).encode()
        str(listing).encode()  # no half characters anywhere


@settings(deadline=None)
@given(tables())
def test_tables_of_anything_add_up(files: dict[str, bytes]) -> None:
    holds(everything(files))


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["services.csv", "phones.csv", "x.json", "y.ndjson"]), st.binary(max_size=300)
    )
)
def test_files_of_any_bytes_add_up(files: dict[str, bytes]) -> None:
    holds(everything(files))


values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), words),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from([*NAMES, *(f"{n}s" for n in NAMES), *COLUMNS]), inner, max_size=6),
    ),
    max_leaves=25,
)


@settings(deadline=None)
@given(
    st.lists(values, max_size=4),
    st.sampled_from(["services.json", "x.json", "x.ndjson", "organizations.json"]),
)
def test_json_of_anything_adds_up(entries: list[Any], name: str) -> None:
    text = "\n".join(map(json.dumps, entries)) if name.endswith(".ndjson") else json.dumps(entries)
    holds(everything({name: text.encode()}))


@settings(deadline=None)
@given(tables())
def test_the_order_of_reading_is_the_same_every_time(files: dict[str, bytes]) -> None:
    first, second = everything(files), everything(files)
    assert (first is None) == (second is None)
    if first and second:
        previous = {listing.key: listing.digest for listing in first[0]}
        assert {step.action for step in plan(previous, second[0])} <= {"same"}
        assert first[1] == second[1]


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("xy")),
    st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(["p", "q"])),
)
def test_a_plan_names_every_key_once(before: dict[str, str], now: dict[str, str]) -> None:
    listings = [Listing("service", key, name) for key, name in now.items()]
    digests = {listing.key: listing.digest for listing in listings}
    previous = {key: digests.get(key, "other") if digest == "x" else digest for key, digest in before.items()}
    steps = list(plan(previous, listings))
    assert [s.key for s in steps if s.listing] == list(now)
    assert sorted(s.key for s in steps) == sorted(set(before) | set(now))
    for step in steps:
        expected = (
            "gone"
            if step.key not in now
            else "new"
            if step.key not in before
            else "same"
            if previous[step.key] == digests[step.key]
            else "changed"
        )
        assert step.action == expected
