# SPDX-License-Identifier: Apache-2.0
"""A one-page print of a plugin's own, with a chart on it, in English and in French."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from peerkit import Malformed, paper, texts


def chart(width: int, height: int, form: str = "PNG") -> bytes:
    made = BytesIO()
    Image.new("RGB", (width, height), "white").save(made, form)
    return made.getvalue()


@pytest.mark.parametrize(
    ("locale", "title", "words"), [("en", "A month", "Three weeks of sleep"), ("fr", "Un mois", "Où je dors")]
)
@pytest.mark.parametrize("size", [(800, 300), (300, 3000), (1, 1)])
def test_a_picture_stands_on_the_page_with_its_words(
    locale: str, title: str, words: str, size: tuple[int, int], tmp_path: Path
) -> None:
    pages = paper.Pages(title, locale=locale, foot=lambda number: f"{number}")
    pages.heading(words)
    pages.picture(chart(*size), f"{words}.", height=80)
    paper.keep(tmp_path / "mine.pdf", "mine", pages.bytes)
    made = PdfReader(tmp_path / "mine.pdf")
    [page] = made.pages
    [image] = page.images
    assert image.image is not None
    assert image.image.size == size
    assert f"{words}." in page.extract_text()
    assert made.metadata is not None
    assert made.metadata.title == title
    with pytest.raises(Malformed):
        paper.keep(tmp_path / "mine.pdf", "mine", pages.bytes)


def test_a_picture_that_does_not_fit_goes_to_the_next_page() -> None:
    pages = paper.Pages("Long", locale="en", size=paper.LARGE)
    for number in range(15):
        pages.line(f"line {number}")
    pages.picture(chart(600, 600, "JPEG"), "a square", height=120)
    made = PdfReader(BytesIO(pages.bytes()))
    assert [len(page.images) for page in made.pages] == [0, 1]


@pytest.mark.parametrize(
    ("image", "words"),
    [
        (b"", "words"),
        (b"<svg/>", "words"),
        (chart(9, 9)[:40], "words"),
        (chart(9, 9, "GIF"), "words"),
        (chart(9, 9), " "),
    ],
)
def test_what_is_no_picture_or_says_nothing_is_refused(image: bytes, words: str) -> None:
    with pytest.raises(Malformed, match="picture"):
        paper.Pages("A page", locale=texts.for_locale().locale).picture(image, words)
