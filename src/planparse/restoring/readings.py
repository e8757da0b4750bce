"""A printed word → what it may be read as: a place for the decoder, and the text that each candidate would print."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from planparse.restoring.candidates import bare_candidates, mangled_candidates, slip_candidates
from planparse.restoring.damage import State
from planparse.restoring.decoding import Place
from planparse.restoring.language_model import UNKNOWN, load_language_model
from planparse.restoring.tokens import is_acronym, is_roman, vocabulary_item
from planparse.text import is_syllable, match_case

Numbers = npt.NDArray[np.int64]
Logs = npt.NDArray[np.float32]

_MANGLED_LIMIT, _SLIP_LIMIT = 12, 5
"""Candidates of a word: 8 instead of 12 costs 0.1 % of the syllables of mangled pages, 16 gain nothing; a slip in right
text is nearly always among its nearest 5."""

SLIP = 0.0025
"""The share of words that right text is expected to have wrong before it is looked at."""

_STRANGER, _STRANGER_LETTER = -6.0, -2.0
"""log P that a printed word outside the vocabulary is meant so, and what each of its letters adds: names, English.
Least error on mangled pages among -4 to -8 and -0.5 to -3."""

_STRANGE_ACRONYM = -7.0
"""The same for an acronym: any letters make one."""

_BARE_MANGLED = -3.0
"""log P that a word of bare text lost more than its marks; from -2 to -6 nothing changes on stripped held-out text."""

_LOST_SPACE = -8.0
"""log P that the space between two words is lost: 36 of 113,000 words of mangled pages."""

_SHORTEST_PAIR = 5
"""Characters from which a word may be two: shorter ones are nearly always one."""

_ACRONYM_SIZE = 3
"""Up to so many capitals among small letters are a word whose letters look alike in both cases: BO for Bộ."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a printed word, or a part of one, may be read as.

    Attributes:
        printed: the characters read.
        offset: where in the printed word they begin.
        texts: what each candidate of `place` would print; the first stands for the printed form.
        place: the candidates, for the decoder.
        cautious: whether the text around is right, so that only a slip explains a change.
    """

    printed: str
    offset: int
    texts: tuple[str, ...]
    place: Place
    cautious: bool = False


def keep(printed: str, item: str) -> Reading:
    """Return the reading of what is never changed, and is `item` to the language model."""
    return Reading(
        printed, 0, (printed,), Place(np.array([load_language_model().number(item)]), np.zeros(1, np.float32))
    )


@lru_cache(maxsize=1 << 15)
def read_word(printed: str, state: State, *, upper: bool) -> tuple[Reading, ...]:
    """Return the readings of a word in a line in `state`: one, or two where two words run together.

    `upper` tells whether the line is a heading in capitals. A word that has marks no damaged text has is right.
    """
    if is_roman(printed) and (state is State.RIGHT or not upper):
        return (keep(printed, vocabulary_item(printed)),)
    if state is State.RIGHT:
        words, logs = slip_candidates(printed, _SLIP_LIMIT)
        logs = logs + np.float32(np.log(SLIP))
        return (_assemble(printed, words, logs, printed_log=0.0, upper=upper, cautious=True),)
    if is_syllable(printed) and any(char > "\xff" for char in printed):
        return (keep(printed, vocabulary_item(printed.lower() if upper else printed)),)
    cut = _cut(printed, state)
    if cut is None:
        return (_read_damaged(printed, state, upper=upper),)
    first, second = (_read_damaged(part, state, upper=upper) for part in (printed[:cut], printed[cut:]))
    return first, replace(second, offset=cut, texts=tuple(f" {text}" for text in second.texts))


def _read_damaged(printed: str, state: State, *, upper: bool) -> Reading:
    words, logs = mangled_candidates(printed, "english", _MANGLED_LIMIT)
    if state is State.BARE:
        words, logs = _with_bare(printed, words, logs)
    known = logs[words == _number(printed, upper=upper)]
    acronym = printed.isupper() and is_acronym(printed) and not upper
    stranger = _STRANGE_ACRONYM if acronym else _STRANGER + _STRANGER_LETTER * len(printed)
    return _assemble(printed, words, logs, printed_log=float(known[0]) if len(known) else stranger, upper=upper)


def _number(printed: str, *, upper: bool) -> int:
    return load_language_model().number(vocabulary_item(printed.lower() if upper else printed))


def _with_bare(printed: str, words: Numbers, logs: Logs) -> tuple[Numbers, Logs]:
    """Put the words that differ from `printed` in nothing but marks before all others."""
    bare, bare_logs = bare_candidates(printed)
    others = ~np.isin(words, bare)
    return np.concatenate([bare, words[others]]), np.concatenate([bare_logs, logs[others] + _BARE_MANGLED])


def _assemble(
    printed: str, words: Numbers, logs: Logs, *, printed_log: float, upper: bool, cautious: bool = False
) -> Reading:
    """Return the reading whose first candidate is the printed form; candidates that print the same are dropped."""
    model = load_language_model()
    number = _number(printed, upper=upper)
    texts = {printed: (number, printed_log)}
    for word, log in zip(words.tolist(), logs.tolist(), strict=True):
        if word != number:
            text = _in_case(model.words[word], printed, noisy=not (upper or cautious))
            if not (cautious and text.lower() == printed.lower()):
                texts.setdefault(text, (word, log))
    numbers, evidence = zip(*texts.values(), strict=True)
    return Reading(printed, 0, tuple(texts), Place(np.array(numbers), np.array(evidence, np.float32)), cautious)


def _in_case(word: str, printed: str, *, noisy: bool) -> str:
    """Return `word` in the case that `printed` shows; an acronym has its own. Where case is `noisy`, BO may be Bộ.

    >>> _in_case("bộ", "BO", noisy=True), _in_case("bộ", "BO", noisy=False), _in_case("TTg", "TTG", noisy=True)
    ('Bộ', 'BỘ', 'TTg')
    """
    if not word.islower():
        return word
    if noisy and printed.isupper() and len(printed) <= _ACRONYM_SIZE:
        return word[:1].upper() + word[1:]
    return match_case(word, printed)


def _cut(printed: str, state: State) -> int | None:
    """Return where a second word begins, if two words run together explain `printed` better than any one does."""
    model = load_language_model()
    if len(printed) < _SHORTEST_PAIR or printed.isupper() or vocabulary_item(printed) in model.numbers:
        return None
    words, logs = _syllables(printed, state)
    stranger = _STRANGER + _STRANGER_LETTER * len(printed) + float(model.unigrams()[model.number(UNKNOWN)])
    whole = (logs + model.unigrams()[words]).max(initial=stranger)
    cuts = range(2, len(printed) - 1)
    score, cut = max((_score_pair(printed[:cut], printed[cut:], state), cut) for cut in cuts)
    return cut if score + _LOST_SPACE > whole else None


def _score_pair(first: str, second: str, state: State) -> float:
    """Return log P of the best two syllables that stand for `first` and `second`, and of both as printed."""
    model = load_language_model()
    (firsts, first_logs), (seconds, second_logs) = _syllables(first, state), _syllables(second, state)
    if not (len(firsts) and len(seconds)):
        return -np.inf
    followers = model.followers(np.repeat(firsts, len(seconds)), np.tile(seconds, len(firsts)))
    before = first_logs + model.unigrams()[firsts]
    return float((before[:, None] + second_logs + followers.reshape(len(firsts), len(seconds))).max())


def _syllables(printed: str, state: State) -> tuple[Numbers, Logs]:
    """Return the syllables that `printed` may stand for; in bare text, those that lost their marks and nothing else."""
    if state is State.BARE:
        return bare_candidates(printed)
    words, logs = mangled_candidates(printed, "english", _MANGLED_LIMIT)
    spelt = np.array([is_syllable(load_language_model().words[word]) for word in words.tolist()], bool)
    return words[spelt], logs[spelt]
