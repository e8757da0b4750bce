"""What a line of a head is: the motto, the kind of a document, the name of a body, the first line of a preamble."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import regex
from rapidfuzz import fuzz

from planparse.data import load_table
from planparse.segmenting.paragraphs import is_row
from planparse.text import fold, is_upper

if TYPE_CHECKING:
    from planparse.document import Line

MAX_HEAD_LINE = 300
"""Characters of a line of a head; a title in one line of a web page's text has up to 250."""
MAX_MOTTO = 60
"""Characters from the motto to the line's end: its own 34 at most, with what a seal or a rule adds; a sentence that
names the Party goes on."""

_MOTTOES = {
    "cong hoa xa hoi chu nghia viet nam": 79.0,
    "doc lap - tu do - hanh phuc": 79.0,
    "dang cong san viet nam": 86.0,
}
"""What stands at the head of every document, of the state and of the Party, and the per cent of likeness
(`rapidfuzz.fuzz.partial_ratio`) at which a line holds it: seven letters wrong of 34, five of 27, three of 22."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_TYPE_ERRORS = "{e<=1}"


def is_type(text: str) -> bool:
    """Tell whether `text` is the kind of a document, alone on its line in capitals."""
    return is_upper(text) and bool(_types().fullmatch(fold(text).strip(" .:")))


def starts_head(line: Line) -> bool:
    """Tell whether a line can only stand in a head: the motto, or a kind of document alone on its line."""
    if len(line.text) > MAX_HEAD_LINE or is_row(line):
        return False
    motto = find_motto(fold(line.text))
    return is_type(line.text) or (motto is not None and len(line.text.rstrip()) - motto <= MAX_MOTTO)


def starts_with_body(text: str) -> bool:
    """Tell whether `text` begins as the name of a body does."""
    return bool(names("bodies").match(fold(text).lstrip()))


def find_motto(folded: str) -> int | None:
    """Return where the motto begins in a line, or the dirt before it; None where it does not stand at a word."""
    for motto, likeness in _MOTTOES.items():
        if len(folded) < likeness / 100 * len(motto):
            continue
        found = fuzz.partial_ratio_alignment(motto, folded, score_cutoff=likeness)
        if found:
            start = found.dest_start
            return start if not folded[:start].strip() else len(folded[: start + 1].rstrip(_LETTERS).rstrip("_|~"))
    return None


@cache
def _types() -> regex.Pattern[str]:
    return regex.compile("|".join(f"(?:{fold(one)}){_TYPE_ERRORS}" for one in load_table("frame")["types"]))


@cache
def names(key: str) -> regex.Pattern[str]:
    """Return what matches the folded words of table `key` of `frame.toml`."""
    words = sorted(load_table("frame")[key], key=len, reverse=True)
    return regex.compile(rf"(?:{'|'.join(regex.escape(fold(word)) for word in words)})(?![\p{{L}}])")


def is_opener(text: str) -> bool:
    """Tell whether `text` begins as a preamble does ("Căn cứ …"), and is no heading, nor goes on with one."""
    words = text.lstrip(" \"'`.,“_")
    return not is_upper(text) and not words[:1].islower() and bool(names("preamble_openers").match(fold(words)))
