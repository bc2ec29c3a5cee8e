# SPDX-License-Identifier: Apache-2.0
"""Words as they are typed and as they stand in a directory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerkit.storage import words
from peerkit.storage.sqlite.schema import _TOKENS

LETTERS = st.text("abcdefgh", max_size=9)


@pytest.fixture(scope="module")
def fts() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute(f'CREATE VIRTUAL TABLE f USING fts5 (t, tokenize="{_TOKENS}")')
        db.execute("CREATE VIRTUAL TABLE v USING fts5vocab (f, 'row')")
        yield db


@pytest.mark.parametrize(
    "text",
    [
        "Daily Bread Food-Bank (since 1981), O'Brien's & Co.: 24/7!",
        "Café Élan, crème brûlée, garçon, Noël, œuvre, À LA CARTE",
        "cafe\u0301 e\u0301lan",  # accents that stand apart
        "El Niño, ¿cómo está usted?, pingüino, MAÑANA",
        "Straße, Übergröße, Łódź, Žižkov, Ørsted, İstanbul, ılık",
        "Người Việt, tiếng Việt, Đà Nẵng",
        "Помощь людям, Київ, ЁЛКА, й",
        "Ελλάδα, ΟΔΟΣ, λόγος, οδός",
        "مرحبا بك في المكتبة، السَّلامُ عَلَيْكُم",
        "שלום לכולם, שָׁלוֹם",
        "हिन्दी में सहायता, क्षेत्र",
        "தமிழ் உதவி, বাংলা সাহায্য, ਪੰਜਾਬੀ ਮਦਦ",
        "ᐃᓄᒃᑎᑐᑦ ᓀᐦᐃᔭᐍᐏᐣ",
        "日本語の図書館、한국어 도움, がぎぐ, 中文帮助",
        "ภาษาไทย ช่วยเหลือ",
        "snake_case, under_score, a.b@c.example, http://x.example/y?z=1",
    ],
)
def test_texts_are_parted_as_the_full_text_index_parts_them(fts: sqlite3.Connection, text: str) -> None:
    fts.execute("DELETE FROM f")
    fts.execute("INSERT INTO f VALUES (?)", (text,))
    assert {term for (term,) in fts.execute("SELECT term FROM v")} == set(words.tokens(text))


@given(st.text(st.characters(max_codepoint=0x17E)))
def test_european_letters_are_folded_as_the_full_text_index_folds_them(text: str) -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute(f'CREATE VIRTUAL TABLE f USING fts5 (t, tokenize="{_TOKENS}")')
        db.execute("CREATE VIRTUAL TABLE v USING fts5vocab (f, 'row')")
        db.execute("INSERT INTO f VALUES (?)", (text.replace("\0", " "),))
        assert {term for (term,) in db.execute("SELECT term FROM v")} == set(words.tokens(text))


@given(LETTERS, LETTERS)
def test_slips_are_counted_both_ways_alike(a: str, b: str) -> None:
    assert words.slips(a, b, 9) == words.slips(b, a, 9)
    assert (words.slips(a, b, 9) == 0) == (a == b)
    for most in range(3):
        assert words.slips(a, b, most) == min(words.slips(a, b, 9), most + 1)


@given(LETTERS.filter(bool), st.data())
def test_one_slip_of_the_finger_is_one(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    dropped, doubled = word[:at] + word[at + 1 :], word[:at] + "x" + word[at:]
    exchanged = word[:at] + "x" + word[at + 1 :]
    for typed in (dropped, doubled, exchanged):
        assert words.slips(typed, word, 3) == 1
    if at and word[at - 1] != word[at]:
        swapped = word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
        assert words.slips(swapped, word, 3) == 1


@pytest.mark.parametrize(
    ("better", "worse", "typed"),
    [
        ("shelter", "shelters", "shelter"),
        ("shelter", "sheltered", "sheltr"),
        ("suicide", "suite", "sucide"),
        ("counselling", "consulting", "councelling"),
        ("food", "foot", "food"),
    ],
)
def test_the_likelier_word_is_the_liker(better: str, worse: str, typed: str) -> None:
    assert words.likeness(typed, better) > words.likeness(typed, worse)


@given(st.text(max_size=12), st.text(max_size=12))
def test_likeness_lies_between_nothing_and_the_same(a: str, b: str) -> None:
    assert 0 <= words.likeness(a, b) <= 1
    assert words.likeness(a, a) == 1


def test_a_forgotten_blank() -> None:
    known = {"food", "bank", "legal", "aid"}.__contains__
    assert words.parted("foodbank", known) == ["food", "bank"]
    assert words.parted("legalaid", known) == ["legal", "aid"]
    assert words.parted("food", known) == ["food"]
    assert words.parted("somewhere", known) == ["somewhere"]
