"""Texts against right texts: error rate of characters, accuracy of syllables."""

from __future__ import annotations

import unicodedata

import regex
from rapidfuzz.distance import LCSseq, Levenshtein

from planparse.score.figures import Score, TextFigure
from planparse.text import squeeze

_LATE_TONE = regex.compile("([ou])([aey])([\u0300\u0301\u0303\u0309\u0323])(?![\\p{L}\\p{M}])", regex.IGNORECASE)
_SYLLABLE = regex.compile(r"[\p{L}\p{M}\p{N}]+")


def comparable(text: str) -> str:
    """Return `text` in the form in which texts are compared: single spaces, tone marks in one place.

    >>> comparable("hoà  thuỷ") == comparable("hòa thủy"), comparable("Hoà") == comparable("hoà")
    (True, False)
    """
    decomposed = unicodedata.normalize("NFD", squeeze(text))
    return unicodedata.normalize("NFC", _LATE_TONE.sub(r"\1\3\2", decomposed))


def score_texts(predicted: str, gold: str) -> Score:
    """Score a text, as `planparse read` or `restore` gives it, against the right one."""
    left, right = predicted.splitlines(), gold.splitlines()
    if len(left) != len(right):
        left, right = [" ".join(left)], [" ".join(right)]
    return Score(sum(map(score_passage, left, right), start=TextFigure()))


def score_passage(predicted: str, gold: str) -> TextFigure:
    """Count the edits and the syllables of one text, whatever its line breaks."""
    predicted, gold = comparable(predicted), comparable(gold)
    syllables, right = _SYLLABLE.findall(predicted), _SYLLABLE.findall(gold)
    return TextFigure(Levenshtein.distance(predicted, gold), len(gold), LCSseq.similarity(syllables, right), len(right))
