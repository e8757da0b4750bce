"""Read the bullet (gạch đầu dòng) at the beginning of a line."""

from __future__ import annotations

from dataclasses import dataclass

import regex

_BULLET = regex.compile(
    r"[\s.,:;'’‘`\"_]{0,3}(?P<glyph>[-–—‐‑−~_]|[+*]|[•●▪■◦·○►])[_:.]?(?:\s*)(?=[^\s\d)\]]|\s\d|\d\d?[\s/.])"
)
_BULLET_CLASSES = {**dict.fromkeys("-–—‐‑−~_", "-"), **dict.fromkeys("•●▪■◦·○►", "•"), "+": "+", "*": "*"}


@dataclass(frozen=True, slots=True)
class Bullet:
    """A bullet (gạch đầu dòng): the class of its glyph and where the text after it begins."""

    glyph: str
    end: int


def read_bullet(text: str) -> Bullet | None:
    """Return the bullet that `text` begins with.

    >>> read_bullet("-Đơn vị").glyph, read_bullet("+ Kế hoạch").end, read_bullet("2021 - 2025")
    ('-', 2, None)
    """
    match = _BULLET.match(text)
    return Bullet(_BULLET_CLASSES[match["glyph"]], match.end()) if match else None
