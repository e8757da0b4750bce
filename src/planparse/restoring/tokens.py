"""A line → tokens: words that may be restored, and what is never touched (numbers, addresses, markers)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from typing import TYPE_CHECKING

import regex

from planparse.restoring.language_model import BOUNDARY, CODE, NUMBER
from planparse.text import has_marks, is_syllable, is_upper, nfc

if TYPE_CHECKING:
    from collections.abc import Iterator

UPPER_LINE = 0.6
"""Share of capitals from which a line is a heading in capitals: its words are not acronyms."""

_LONGEST_WORD = 30
"""Characters past which a run of letters is no word; the longest syllable has 7, and damage does not double it."""

_ADDRESS = r"""
    (?i: \w{2,8}://\S+ | www\.\S+
    | [\w.+-]{1,64}+ @ [\w-]{1,64} (?: \.[\w-]{1,64} )+
    | (?: [\w-]{1,64} \. ){1,8} (?: vn|com|net|org|gov|edu ) \b (?: /\S* )?
    | [\w-]{1,64}+ \. (?: docx?|xlsx?|pptx?|pdf|zip|jpe?g|png|html? ) \b )
"""
_PIECES = r"(?: [.,/\u2044:-]* [\p{L}\p{M}\p{N}]+ )*+ (?: [/-] (?=\s*$) )?"
_NUMBERED = rf"\d+ {_PIECES}"  # 4.0, 15/12/2023, 12/KH-VP, 12/QĐ- at the end of a line
_CLAUSE_END = r"[.;:!?…]+ | [\t ]{4,}"  # or a gap between columns

_MARKER = regex.compile(
    r"""
    [\s\-–—~_*•+.,·]*                                                # a dash or bullet, dirt before the marker
    (?: (?: [IVXLivxl1|!]{1,6} | \d{1,3}(?:\.\d{1,3})* | [\p{L}©¢€£ø§$&] ) [.)\]]+ (?=\s|\p{Lu}|$) )?   # II. 1.2. c)
    """,
    regex.VERBOSE,
)

_MARKER_SIGNS = ".,:;)]"
"""What stands behind a marker's number or letter, or is read there."""

_ROMAN = frozenset("IVX")
"""Letters of the numerals that plans need."""

_CLEAN = regex.compile(
    rf"""
    (?P<fixed> {_ADDRESS} )
    | (?P<number> {_NUMBERED} )
    | (?P<word> [\p{{L}}\p{{M}}]+ (?![\p{{N}}]) )
    | (?P<mixed> [\p{{L}}\p{{M}}\p{{N}}]+ )
    | (?P<end> {_CLAUSE_END} )
    """,
    regex.VERBOSE,
)


class Kind(Enum):
    """What a token is to the restorer."""

    WORD = auto()
    NUMBER = auto()
    CODE = auto()
    FIXED = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a line: `text` stands at `start`."""

    kind: Kind
    text: str
    start: int


def marker_end(line: str) -> int:
    """Return where the text of `line` begins, after its bullet or outline marker.

    >>> [line[marker_end(line):] for line in ("I1. NHIEM VU", "-Pon vi", "a) Xay", "S6 12")]
    ['NHIEM VU', 'Pon vi', 'Xay', 'S6 12']
    """
    match = _MARKER.match(line)
    end = match.end() if match else 0
    return end + len(line[end:]) - len(line[end:].lstrip())


def as_marker(other: str, printed: str) -> str:
    """Return what a second engine read of a marker, with the marker's sign where it read another one, or none.

    Where no sign stands behind a Roman numeral, an L at its end is an I and the full stop.

    >>> [as_marker(other, "3.") for other in ("3,", "8", "3)", "3 Rà")], as_marker("IL", "II.")
    (['3.', '8.', '3.', '3 Rà'], 'II.')
    """
    core, bare = other.rstrip(_MARKER_SIGNS), printed.rstrip(_MARKER_SIGNS)
    sign = printed[len(bare) :]
    if not (core.isalnum() and bare.isalnum() and sign):
        return other
    numeral = core[:-1] + "I"
    ends_in_stop = core == other and core[-1] == "L" and sign == "." and set(numeral) <= _ROMAN
    return (numeral if ends_in_stop else core) + sign


def tokenize(text: str) -> Iterator[Token]:
    """Yield the tokens of `text` that is right.

    >>> [token.text for token in tokenize("Số 1789/QĐ-UBND, khổ A4")]
    ['Số', '1789/QĐ-UBND', 'khổ', 'A4']
    """
    for match in _CLEAN.finditer(text):
        yield Token(_kind(match), match.group(), match.start())


_WHOLE = regex.compile(
    rf"""
    (?P<fixed> \W* (?: {_ADDRESS} | (?: \p{{Lu}}\. ){{2,}} \p{{Lu}}? ) \W* )
    | [^\p{{L}}\p{{N}}]*+
      (?: (?P<number> \d[\d.,/\u2044:-]*\d | \d )
        | (?P<code> \d[\p{{L}}\p{{N}}]* [/\u2044-] {_PIECES} | (?: \d{{2,}} | [237] ) \p{{L}}{{1,2}} ) )
      [^\p{{L}}\p{{N}}]*+
    """,
    regex.VERBOSE,
)


def peel(piece: str) -> tuple[str, str, str]:
    """Return the signs before the core of a piece, the core, and the signs after it.

    >>> peel("(khu,vuc):"), peel("...")
    (('(', 'khu,vuc', '):'), ('...', '', ''))
    """
    signs = "".join(char for char in piece if not char.isalnum())
    core = piece.lstrip(signs)
    lead = piece[: len(piece) - len(core)]
    bare = core.rstrip(signs)
    return lead, bare, core[len(bare) :]


def classify(piece: str) -> Kind:
    """Return what all that stands between two spaces is: a number, a document number, an address, or else words.

    A number with a letter is as a document number; but of single digits only those that look like no letter.

    >>> [classify(piece).name for piece in ("(12/2023),", "1789/QD-UBND;", "(a@b.vn)", "45a", "khu,vuc", "1)6")]
    ['NUMBER', 'CODE', 'FIXED', 'CODE', 'WORD', 'WORD']
    """
    match = _WHOLE.fullmatch(piece)
    return (
        {"fixed": Kind.FIXED, "number": Kind.NUMBER, "code": Kind.CODE}[match.lastgroup or ""] if match else Kind.WORD
    )


def pieces(line: str, start: int) -> Iterator[tuple[str, int]]:
    """Yield what stands between spaces in `line` from `start` on, and where it begins."""
    place = start
    for piece in line[start:].split():
        place = line.index(piece, place)
        yield piece, place
        place += len(piece)


def _kind(match: regex.Match[str]) -> Kind:
    if len(match.group()) > _LONGEST_WORD:
        return Kind.FIXED
    if match.lastgroup == "number":
        return Kind.CODE if any(char.isalpha() for char in match.group()) else Kind.NUMBER
    return {"word": Kind.WORD, "end": Kind.END}.get(match.lastgroup or "", Kind.FIXED)


def vocabulary_items(line: str) -> Iterator[str]:
    """Yield what the language model sees in a line that is right.

    >>> list(vocabulary_items("1. Căn cứ Quyết định số 12/QĐ-UBND ngày 05/01/2024: UBND tỉnh"))
    ['căn', 'cứ', 'quyết', 'định', 'số', '<code>', 'ngày', '<number>', '<s>', 'UBND', 'tỉnh']
    """
    text = line.lower() if is_upper(line, share=UPPER_LINE) else line
    for match in _CLEAN.finditer(text, marker_end(text)):
        yield vocabulary_item(match.group())


_NEW_PLACEMENT = regex.compile(r"(?<!q)(?: o[àáảãạèéẻẽẹ] | u[ỳýỷỹỵ] )$", regex.VERBOSE)


def _move_tone(match: regex.Match[str]) -> str:
    """Return oà as òa: the model knows words with the tone on the first of the two vowels."""
    vowels = match.group()
    base, tone = tuple(unicodedata.normalize("NFD", vowels[1]))
    return nfc(vowels[0] + tone + base)


@lru_cache(maxsize=1 << 20)
def vocabulary_item(text: str) -> str:
    """Return how the language model names a token: a class, an acronym as printed, a word in small letters.

    >>> vocabulary_item("Hoà"), vocabulary_item("quý"), vocabulary_item("HĐND"), vocabulary_item("2/9")
    ('hòa', 'quý', 'HĐND', '<number>')
    """
    if not any(map(str.isalnum, text)):
        return BOUNDARY
    if not text.isalpha():
        return CODE if any(char.isalpha() for char in text) else NUMBER
    return text if is_acronym(text) else _NEW_PLACEMENT.sub(_move_tone, text.lower())


def is_roman(token: str) -> bool:
    """Tell whether `token` looks like a Roman numeral of more than one letter."""
    return len(token) > 1 and set(token) <= _ROMAN


def is_acronym(token: str) -> bool:
    """Tell whether `token`, in a line that is not all capitals, is an acronym or a word of mixed case.

    >>> [is_acronym(token) for token in ("UBND", "TTg", "TU", "MỘT", "Sở", "xã")]
    [True, True, True, False, False, False]
    """
    if token.isupper():
        short = len(token) == len("TU") and not has_marks(token)
        return len(token) > 1 and (short or not is_syllable(token))
    return any(char.isupper() for char in token[1:])
