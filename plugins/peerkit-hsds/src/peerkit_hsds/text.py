# SPDX-License-Identifier: Apache-2.0
"""Bytes to text, and text to text that can be stored: no step loses a word, each says what it mended."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator
from typing import IO, Any

from attrs import define

FIELD_LIMIT = 4 * 1024 * 1024
"""Characters in one field; the largest honest ones are polygons of service areas."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_HALF = re.compile("[\ud800-\udfff]")
_ESCAPED = re.compile("[\udc80-\udcff]")


def clean(text: str) -> tuple[str, bool]:
    """The text without blanks at its ends, with LF for every line end; and whether anything was taken out.

    NUL and other control characters go, because no storage or terminal takes them; half characters (lone
    surrogates) become U+FFFD, because they cannot be written as UTF-8.
    """
    mended = False
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _FORBIDDEN.search(text):
        bare = _FORBIDDEN.sub("", _HALF.sub("\ufffd", text))
        mended = bare != text
        text = bare
    return text.strip(), mended


def fold(text: str) -> str:
    """The text as one compares it: no accents, no capitals, single blanks."""
    return " ".join(bare(text).split())


def bare(text: str) -> str:
    """The text without accents and capitals."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return text.casefold()


def one_line(text: str) -> str:
    """The text with every run of blanks and line breaks as one blank."""
    return " ".join(text.split())


class _Raw(io.RawIOBase):
    """A member of a zip archive, which is not quite the file that Python's decoders want."""

    def __init__(self, binary: IO[bytes]) -> None:
        super().__init__()
        self._binary = binary
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._binary.read(len(buffer))
        buffer[: len(piece)] = piece
        self._read += len(piece)
        return len(piece)

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        return self._read


@define
class Lines(Iterator[str]):
    """The lines of a file, decoded; knows which line it is on and which were not UTF-8.

    UTF-8 with or without its mark, and UTF-16 with one. Bytes that are no UTF-8 are read as Windows-1252,
    which is what the rest of such a file nearly always is: alone, so that one careless paste does not spoil
    what is right. A line end is any of LF, CRLF, CR. A line longer than `FIELD_LIMIT` comes in pieces, of
    which all but the last have no line end.
    """

    stream: io.TextIOWrapper
    buffer: io.BufferedReader
    utf16: bool
    number: int = 0
    mended: int = 0
    first_mended: int = 0
    _open: bool = False

    @classmethod
    def of(cls, binary: IO[bytes]) -> Lines:
        """Lines of an open file; closing them closes the file."""
        buffered = binary if isinstance(binary, io.BufferedReader) else io.BufferedReader(_Raw(binary))
        mark = buffered.peek(4)[:4]
        utf16 = mark.startswith((b"\xff\xfe", b"\xfe\xff"))
        encoding, errors = ("utf-16", "replace") if utf16 else ("utf-8-sig", "surrogateescape")
        text = io.TextIOWrapper(buffered, encoding=encoding, errors=errors, newline="")
        return cls(text, buffered, utf16)

    def __next__(self) -> str:
        line = self.stream.readline(FIELD_LIMIT + 2)
        if not line:
            raise StopIteration
        if not self._open:
            self.number += 1
        self._open = line[-1] not in "\r\n"
        return self._mend(line)

    def read(self, size: int) -> str:
        """The next piece of the file, lines or not, for those who look for other ends than line ends."""
        piece = self.stream.read(size)
        mended = self._mend(piece)
        self.number += piece.count("\n")
        return mended

    def _mend(self, text: str) -> str:
        if text.isascii() or not _ESCAPED.search(text):
            return text
        self.mended += 1
        self.first_mended = self.first_mended or max(self.number, 1)
        return _ESCAPED.sub(lambda m: bytes([ord(m[0]) - 0xDC00]).decode("cp1252", "replace"), text)

    def position(self) -> int:
        """Bytes read so far, for a progress bar; a little ahead of the line given out."""
        return self.buffer.tell()

    def close(self) -> None:
        """Close the file."""
        self.stream.close()
