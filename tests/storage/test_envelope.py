# SPDX-License-Identifier: Apache-2.0
"""The stored envelope is canonical JSON, byte for byte, and reads as it was written."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from peerkit.ports import ActLine, Change
from peerkit.storage import chain

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
lines = st.builds(ActLine, texts, texts, texts, st.integers(0, 4))


@given(
    st.builds(
        Change,
        kind=texts,
        id=texts,
        expect=st.integers(0, 2**40),
        doc_version=st.integers(1, 9),
        subjects=st.lists(st.tuples(texts, texts), max_size=3).map(tuple),
        acts=st.lists(lines, max_size=3).map(tuple),
        actor=texts,
        body=st.just(b"{}"),
        role=texts,
        via=texts,
        module=texts,
        module_version=texts,
    ),
    st.integers(1, 2**53),
    st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=st.just(UTC) | zones),  # noqa: DTZ001
)
def test_the_envelope_is_canonical_json(change: Change, position: int, at: datetime) -> None:
    written = chain.envelope_json(change, position, at)

    plain: dict[str, Any] = json.loads(written)
    assert written == json.dumps(plain, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    read = chain.read_envelope(written, "s")
    assert (read.kind, read.id, read.version, read.doc_version) == (
        change.kind,
        change.id,
        change.version,
        change.doc_version,
    )
    assert (read.subjects, read.acts, read.actor, read.role) == (
        change.subjects,
        change.acts,
        change.actor,
        change.role,
    )
    assert (read.via, read.module, read.module_version) == (change.via, change.module, change.module_version)
    assert (read.position, read.at, read.at.tzinfo) == (position, at, UTC)
