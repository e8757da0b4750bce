"""Lines of a text in legacy encodings → Unicode, stretch by stretch, where the evidence is clear.

A hidden Markov model over the lines. Its states are what a line may be: a text in another language, Vietnamese in
Unicode, or one of the legacy encodings. A line's evidence is how common its marked words are in Vietnamese once
converted; a change of state from line to line is improbable, so that a line in doubt goes with its neighbours. The
posterior of each line (forward-backward algorithm; Rabiner, 1989) tells how sure the verdict is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
import regex

from planparse.reading.encodings.familiarity import RARE, familiarity
from planparse.reading.encodings.legacy import VISCII_CONTROLS, convert, put_back_lost_letters
from planparse.text import nfc

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

OTHER = -10.0
"""log P of a word in another language. Half of the marked words of ../shared/corpus/admin.txt.xz have at least -6.2
in Vietnamese, 98 % at least this; what a wrong conversion makes has -16 for the most part."""
CHANGE = 1e-3
"""Chance that the state changes from one line to the next. Of stretches of 3 lines within Unicode text 99 % are found
at this, of single lines, often of one word, 92 %; at 1e-2 it is 96 %, but then a list of Vietnamese words is harmed."""
SURE = 0.95
"""Posterior from which a line is converted."""
DOUBT = 0.9
"""Posterior of being right as it is below which a line that is left alone is warned of. None is among 60,000 phrases of
other languages and 40 MB of Vietnamese."""
NEAR = 10
"""Marked lines around a suspect one that are looked at: a stretch in a legacy encoding has suspect lines throughout."""
MAX_PIECE = 60
"""Characters of a run that may be a word; the longest syllable has 7, in VNI 10."""
BROKEN = -10.0
"""log P of bytes that are no UTF-8 within a text that is, against those of a valid word."""

LEFT = ("foreign", "unicode")
IN_TEXT = ("utf-8", "windows-1258", "tcvn3", "vni", "viscii")
IN_BYTES = ("windows-1252", "windows-1258", "tcvn3", "vni", "viscii")

Logs = npt.NDArray[np.float64]

# A word with what may stand for its letters: "®¬n", "ñôn", "\x02"
_PIECE = regex.compile(rf"[A-Za-z{VISCII_CONTROLS}\x80-\U0010ffff]+")
_MARKED = regex.compile(rf"[{VISCII_CONTROLS}\x80-\U0010ffff]")
_CONTROL = regex.compile(rf"[{VISCII_CONTROLS}]")
_SPACE = regex.compile(r"[\s\xa0]+")
_EDGE = regex.compile(r"^[\p{P}\p{Z}]+|[\p{P}\p{Z}]+$")
# Letters that no code of Latin-1 or windows-1252 stands for
_BEYOND = regex.compile(r"(?![ŒœŠšŸŽžƒˆ])[\p{L}\p{M}&&[^\x00-\xff]]", regex.V1)
_ESCAPED = regex.compile(r"[\udc80-\udcff]")
# What Vietnamese in UTF-8 has no use for: other letters, broken bytes, symbols that touch a letter
_SUSPECT = regex.compile(
    rf"[{VISCII_CONTROLS}\x80-\x9fªµºÄ-ÇËÎÏÐÑÖØÛÜÞßäåæçëîïðñöøûüþÿ\udc80-\udcff]|(?<=[A-Za-z])[¡-±´-¿×÷\u2212]|[¡-±´-¿×÷\u2212](?=[A-Za-z])"
)


class Finding(NamedTuple):
    """A legacy encoding (a key of `legacy.NAMES`) and the first line in it, from 1."""

    encoding: str
    line: int


@dataclass(slots=True)
class Mended:
    """Lines in Unicode, the encodings that some were converted from, and those that others may be in."""

    lines: list[str]
    converted: list[Finding] = field(default_factory=list)
    doubtful: list[Finding] = field(default_factory=list)


def is_suspect(text: str) -> bool:
    """Tell whether `text` has a character that Vietnamese in Unicode hardly ever has."""
    return _SUSPECT.search(text) is not None


def mend_lines(lines: Sequence[str]) -> Mended:
    """Convert the lines, in NFC, that are in a legacy encoding, each byte as its character of windows-1252 or Latin-1.

    Lines in doubt, and all others, stay as they are.
    """
    return _mend([_View(line, line) for line in lines], IN_TEXT, CHANGE)


def mend_bytes(lines: Iterable[bytes]) -> Mended:
    """Decode lines that are partly no UTF-8, converting those in a legacy encoding.

    Lines in doubt are read as windows-1252. Within a text in UTF-8, broken bytes become surrogate escapes.
    """
    views = [_View(nfc(line.decode("utf-8", "surrogateescape")), line.decode("latin-1")) for line in lines]
    return _mend(views, IN_BYTES, len(IN_BYTES) / (len(LEFT) + len(IN_BYTES)))


class _View(NamedTuple):
    """A line as it is left alone, and with each byte as its character of windows-1252 or Latin-1."""

    left: str
    codes: str


class _Verdict(NamedTuple):
    """What a line becomes, the encoding that it is or may be in, and whether that is sure."""

    text: str
    encoding: str
    is_sure: bool


def _mend(views: Sequence[_View], encodings: tuple[str, ...], legacy: float) -> Mended:
    """Mend lines; the first of a block is in a legacy encoding with the chance `legacy`."""
    mended = Mended([view.left for view in views])
    findings: dict[bool, dict[str, list[int]]] = {True: {}, False: {}}
    for block in _blocks(views):
        posteriors = _posteriors(np.array([_score(views[number], encodings) for number in block]), legacy)
        for place in np.flatnonzero(posteriors[:, : len(LEFT)].sum(axis=1) < DOUBT):
            number = block[place]
            verdict = _judge(views[number], posteriors[place], encodings)
            mended.lines[number] = verdict.text
            if not verdict.is_sure or verdict.text != views[number].left:
                findings[verdict.is_sure].setdefault(verdict.encoding, []).append(number)
    _complete(mended.lines, findings[True].get("tcvn3", []))
    mended.converted = [Finding(encoding, numbers[0] + 1) for encoding, numbers in findings[True].items()]
    mended.doubtful = [Finding(encoding, numbers[0] + 1) for encoding, numbers in findings[False].items()]
    return mended


def _complete(lines: list[str], numbers: Sequence[int]) -> None:
    """Put ư back into the lines from TCVN3 where they have none at all: a program dropped it."""
    if not any("ư" in lines[number] or "Ư" in lines[number] for number in numbers):
        for number in numbers:
            lines[number] = put_back_lost_letters(lines[number])


def _blocks(views: Sequence[_View]) -> list[list[int]]:
    """Return the marked lines around suspect ones, in runs; all other lines are as they should be."""
    marked = [number for number, view in enumerate(views) if _MARKED.search(view.codes)]
    suspect = [is_suspect(views[number].left) for number in marked]
    if not any(suspect):
        return []
    close = np.flatnonzero(np.convolve(suspect, np.ones(2 * NEAR + 1))[NEAR : NEAR + len(marked)])
    runs = np.split(close, np.flatnonzero(np.diff(close) > 1) + 1)
    return [[marked[place] for place in run] for run in runs]


def _judge(view: _View, posterior: Logs, encodings: tuple[str, ...]) -> _Verdict:
    """Convert a line from its likeliest encoding if that is sure; encodings that give the same text speak as one."""
    left, legacy = float(posterior[: len(LEFT)].sum()), posterior[len(LEFT) :].tolist()
    best = encodings[legacy.index(max(legacy))]
    text = convert(view.codes, best)
    if max(legacy) >= SURE:
        return _Verdict(text, best, is_sure=True)
    texts = [view.left, *(convert(view.codes, encoding) for encoding in encodings)]
    share = sum(chance for chance, other in zip([left, *legacy], texts, strict=True) if other == text)
    if share >= SURE:
        return _Verdict(text, best, is_sure=True)
    return _Verdict(
        convert(view.codes, "windows-1252") if _ESCAPED.search(view.left) else view.left, best, is_sure=False
    )


def _posteriors(scores: Logs, legacy: float) -> Logs:
    """Return the chance of each state, for each line, of `scores`: log P(line | state)."""
    states = scores.shape[1]
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    first = np.full(states, legacy / (states - len(LEFT)))
    first[: len(LEFT)] = (1 - legacy) / len(LEFT)
    chances = _sweep(weights, first) * weights * _sweep(weights[::-1], np.full(states, 1 / states))[::-1]
    posteriors: Logs = chances / chances.sum(axis=1, keepdims=True)
    return posteriors


def _sweep(weights: Logs, state: Logs) -> Logs:
    """Return the chance of each state that the lines before it leave, for each line."""
    move = CHANGE / (len(state) - 1)
    stay = 1 - CHANGE - move
    predicted = np.empty_like(weights)
    for number, weight in enumerate(weights):
        predicted[number] = state
        state = state * weight
        state = stay / state.sum() * state + move
    return predicted


def _score(view: _View, encodings: tuple[str, ...]) -> list[float]:
    """Return log P(line | state) for each state, less that of words of another language."""
    left, codes = [0.0] * len(LEFT), [0.0] * len(encodings)
    for piece, count in _pieces(view.left).items():
        left = [total + count * score for total, score in zip(left, _score_left(piece), strict=True)]
    for piece, count in _pieces(view.codes).items():
        codes = [total + count * score for total, score in zip(codes, _score_codes(piece, encodings), strict=True)]
    return left + codes


def _pieces(line: str) -> Counter[str]:
    """Count the runs of a line that may be marked words."""
    return Counter(piece[0] for piece in _PIECE.finditer(line) if _MARKED.search(piece[0]))


@lru_cache(maxsize=65536)
def _score_left(piece: str) -> tuple[float, float]:
    if _ESCAPED.search(piece):
        return BROKEN, BROKEN
    words = _score_words(piece)
    return (words if _CONTROL.search(piece) else 0.0), words


@lru_cache(maxsize=65536)
def _score_codes(piece: str, encodings: tuple[str, ...]) -> tuple[float, ...]:
    if len(piece) > MAX_PIECE:
        return (0.0,) * len(encodings)
    if _BEYOND.search(piece):
        return (RARE,) * len(encodings)
    return tuple(
        _score_1252(piece) if encoding == "windows-1252" else _score_words(convert(piece, encoding))
        for encoding in encodings
    )


def _score_1252(piece: str) -> float:
    """Score a piece as a word of another language, which bytes that make UTF-8 hardly are."""
    try:
        piece.encode("latin-1").decode()
    except UnicodeDecodeError:
        return 0.0
    return BROKEN


def _score_words(text: str) -> float:
    """Return how much more common the marked words of `text` are in Vietnamese than in another language, in nats."""
    return sum(map(_score_word, _SPACE.split(text))) if len(text) <= MAX_PIECE else 0.0


def _score_word(printed: str) -> float:
    word = _EDGE.sub("", printed)
    if len(word) > 1 and _CONTROL.search(word):
        return RARE - OTHER
    if word.isascii() or not any(map(str.isalpha, word)):
        return 0.0
    gain = familiarity(word) - OTHER
    return min(gain, 0.0) if len(word) == 1 else gain
