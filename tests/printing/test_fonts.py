# SPDX-License-Identifier: Apache-2.0
"""Names and words in any script: drawn, or refused with what is lacking, and never silently left out."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_fonts import WESTERN, font
from pypdf import PdfReader

from peerkit import fonts
from peerkit.errors import Malformed
from peerkit.paper import Pages
from peerkit.texts import verbatim

HAN, DEVANAGARI, ARABIC = "李小龙", "हिन्दी", "محمد"


@pytest.fixture
def western(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with one font, for languages of Western Europe."""
    monkeypatch.delenv(fonts.MORE_FONTS, raising=False)
    path = font(tmp_path / "western.ttf", WESTERN)
    monkeypatch.setattr(fonts, "FONTS", (str(path),))
    return path


def pages(*lines: str, **more: object) -> bytes:
    page = Pages("A page", locale="en", extra="print", **more)  # type: ignore[arg-type]
    for one in lines:
        page.line(verbatim(one))
    return page.bytes()


def text(made: bytes, tmp_path: Path) -> str:
    path = tmp_path / "made.pdf"
    path.write_bytes(made)
    return " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).split())


def test_letters_that_no_font_has_are_refused_by_number_and_script_alone(western: Path) -> None:
    with pytest.raises(Malformed) as refused:
        pages(f"{HAN} and {DEVANAGARI} 🌻", HAN)
    said = str(refused.value)
    assert "Han: 3" in said
    assert f"Devanagari: {len(set(DEVANAGARI))}" in said
    assert "signs and pictures: 1" in said
    assert "--font" in said
    assert not set(said) & set(HAN + DEVANAGARI + "🌻")


def test_a_font_that_is_named_draws_what_the_others_lack(western: Path, tmp_path: Path) -> None:
    han = font(tmp_path / "han.ttf", HAN)
    said = text(pages(f"{HAN} and Zoë", fonts=[han]), tmp_path)
    assert f"{HAN} and Zoë" in said


def test_several_fonts_help_in_their_order(western: Path, tmp_path: Path) -> None:
    named = [font(tmp_path / "a.ttf", HAN[:2]), font(tmp_path / "b.ttf", HAN)]
    assert HAN in text(pages(HAN, fonts=named), tmp_path)
    with pytest.raises(Malformed, match="Han: 1"):
        pages(HAN, fonts=named[:1])


def test_the_environment_names_fonts_for_good(
    western: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(fonts.MORE_FONTS, str(font(tmp_path / "han.ttf", HAN)))
    assert HAN in text(pages(HAN), tmp_path)


def test_what_is_no_font_is_malformed_and_says_where(western: Path, tmp_path: Path) -> None:
    (tmp_path / "no.ttf").write_text("no font", encoding="utf-8")
    for name in ("no.ttf", "missing.ttf"):
        with pytest.raises(Malformed) as refused:
            pages("words", fonts=[tmp_path / name])
        assert refused.value.where == str(tmp_path / name)


def test_an_accent_of_its_own_is_drawn_with_its_letter(western: Path, tmp_path: Path) -> None:
    assert "Zoë" in text(pages("Zoe\u0308"), tmp_path)


def test_what_is_invisible_anyway_is_not_lacking(western: Path, tmp_path: Path) -> None:
    said = text(pages("one\u202ftwo\u3000three\u200dfour\x1bfive\ufe0f\u00adsix"), tmp_path)
    assert "one two three" in said


def test_without_any_font_there_is_helvetica_and_it_is_asked_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "FONTS", ())
    said = text(pages("☐ cœur “é” – 5 €", "☒ l’été"), tmp_path)
    assert "[ ] cœur “é” – 5 €" in said
    assert "[x] l’été" in said
    with pytest.raises(Malformed, match="Greek: 1"):
        pages("Ω")


def test_where_a_page_may_not_be_refused_a_note_and_marks_stand_on_it(western: Path, tmp_path: Path) -> None:
    noted = {"lacking": lambda case: f"NOTE {case.told()} as {case.mark}"}
    said = text(pages(f"I am {HAN}", "plain", **noted), tmp_path)
    assert said.index("NOTE Han: 3 as \ufffd") < said.index("I am \ufffd\ufffd\ufffd")
    assert "NOTE" not in text(pages("plain", **noted), tmp_path)


def test_a_font_that_breaks_while_it_is_drawn_costs_no_take_out(
    western: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: fonts.Case, pdf: object) -> None:
        if self.fonts:
            raise ValueError(HAN)

    monkeypatch.setattr(fonts.Case, "bring", broken)
    with pytest.raises(Malformed, match="cannot be put on a page") as refused:
        pages("words")
    assert HAN not in str(refused.value)
    assert "words" in text(pages("words", lacking=lambda case: case.mark), tmp_path)


def test_words_from_the_right_stand_at_the_right_and_our_sentences_at_the_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = font(tmp_path / "both.ttf", WESTERN + ARABIC + " ")
    monkeypatch.setattr(fonts, "FONTS", (str(path),))

    def where(line: str) -> float:
        page = Pages("", locale="en", extra="print")
        page.line(line)
        (tmp_path / "at.pdf").write_bytes(page.bytes())
        found: list[float] = []

        def visit(said: str, _cm: object, tm: list[float], _font: object, _size: float) -> None:
            if said.strip():
                found.append(tm[4])

        PdfReader(tmp_path / "at.pdf").pages[0].extract_text(visitor_text=visit)
        return min(found)

    assert where(verbatim(ARABIC)) > 400
    assert where(f"{ARABIC} and Tomas") < 100
