"""Labels of fields: "Đơn vị chủ trì: …" → what the label means, even where OCR has damaged it.

A label is made of a few dozen words (`data/labels.toml`). Which field it names follows from the kinds of its words, so
that wordings nobody has listed ("Cơ quan chủ trì tham mưu thực hiện") are read too. Words are matched on folded text by
regex's fuzzy matching, one error for each five letters, with or without the spaces.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from typing import TYPE_CHECKING

import regex

from planparse.data import load_table
from planparse.language.lists import is_proper_list
from planparse.outline import FieldKind
from planparse.segmenting.rows import names_body
from planparse.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MAX_LABEL = 64
"""Characters of the longest label; the longest in use has 45 ("Đơn vị chủ trì tham mưu tổ chức thực hiện")."""
LETTERS_PER_ERROR = 5
"""One letter in four to five is wrong in the worst OCR text that still can be read."""
LETTERS_PER_ERROR_AFTER_BULLET = 2.3
"""A bullet and a colon around two or three words say nearly as much as the words: "-’Sém phém:" is "- Sản phẩm:"."""

MAX_OWN_WORDS = 2
"""Words of a label that are no label words; with more of them it is a sentence."""
MAX_PARTS = 5
"""Label words and own words of a label that has own words."""
MIN_DAMAGED_LETTERS = 6
"""Letters of a label word that may be matched with many errors; a shorter one is matched by chance."""
MAX_DAMAGED_WORDS = 5
"""Words of a label that is matched with many errors; a longer one is matched by chance."""

LEADS = frozenset({FieldKind.LEAD_UNITS, FieldKind.LEAD_AND_COORDINATING_UNITS})
"""The kinds of fields that say who leads."""
PARTNERS = frozenset({FieldKind.COORDINATING_UNITS, FieldKind.LEAD_AND_COORDINATING_UNITS})
"""The kinds of fields that say with whom."""
UNITS = LEADS | PARTNERS
"""The kinds of fields that name bodies."""
TASK_FIELDS = UNITS | {FieldKind.DELIVERABLES, FieldKind.TIME_FRAME}
"""The kinds of fields that make a text a task."""

_HEADS = {
    "time": FieldKind.TIME_FRAME,
    "product": FieldKind.DELIVERABLES,
    "result": FieldKind.DELIVERABLES,
    "content": FieldKind.DESCRIPTION,
    "document": FieldKind.DESCRIPTION,
    "form": FieldKind.OTHER,
    "status": FieldKind.OTHER,
    "other": FieldKind.OTHER,
}

_WORD = regex.compile(r"\p{L}+")
_NOISE = regex.compile(r"[^\p{L}\d\s,/&\-–]")
_COLON = regex.compile(r"\s?:|;(?=\s+\p{Lu})")
_OPENER = regex.compile(r"[.;(]\s*(?=\p{L})|(?<=\s)[-–+•]\s*(?=\p{Lu})|^\s*")
_OPENER_AFTER_LABEL = regex.compile(r"[.;,(]\s*(?=\p{L})|(?<=\s)[-–+•]\s*(?=\p{Lu})|^\s*")
_SEPARATOR = regex.compile(r"[\s,/&\-–]*(?:va\b)?[\s,/&\-–]*")
# "Họp giao ban. Phụ trách": a label begins behind what ends a sentence
_SENTENCES = regex.compile(r"\p{Ll}(?:\.\s+\p{Lu}|;\s+\p{L})")
# "Thời gian thực hiện sau khi …": a label whose colon is not printed
_BARE_TIME = regex.compile(
    r"(?:thoi gian|thoi han) (?:thuc hien|hoan thanh)(?=\s+(?:sau|truoc|tu|trong|den|quy|thang|nam)\b)"
)


_Pattern = tuple[regex.Pattern[str], regex.Pattern[str] | None, str]
"""A label word exactly, with OCR damage where it is long enough, and its kind."""


@dataclass(frozen=True, slots=True)
class Label:
    """A label in a text: `text[start:end]` with its colon, and what it means."""

    start: int
    end: int
    kind: FieldKind


def read_label(text: str, start: int = 0, *, bullet: bool = False) -> Label | None:
    """Return the label that stands at `text[start:]`; `bullet`: it is what follows a bullet.

    >>> read_label("Bon vi chu tri: Phong A").kind.value, read_label("Mục đích: nâng cao") is None
    ('lead_units', True)
    """
    window = text[start : start + MAX_LABEL]
    if colon := _COLON.search(window):
        words = window[: colon.start()]
        kind = classify_label(words, bullet=bullet)
        if kind is None and _is_done_by(words, text[start + colon.end() :]):
            kind = FieldKind.LEAD_UNITS
        if kind is not None and not _SENTENCES.search(words) and not is_proper_list(words.strip()):
            return Label(start, start + colon.end(), kind)
    folded = fold(window)
    skipped = len(folded) - len(folded.lstrip())
    if bare := _BARE_TIME.match(folded, skipped):
        return Label(start, start + bare.end(), FieldKind.TIME_FRAME)
    return None


def _is_done_by(label: str, value: str) -> bool:
    """Tell whether a label that only says "Thực hiện" names who does it: a body stands behind it."""
    return fold(label).strip() == "thuc hien" and names_body(value)


def find_labels(text: str) -> list[Label]:
    """Return every label of a task's field inside `text`: at its beginning, after punctuation or a dash (run-in).

    A comma is enough only where a label stands before it.

    >>> [one.kind.value for one in find_labels("Đơn vị chủ trì: Sở A; phối hợp: Sở B.")]
    ['lead_units', 'coordinating_units']
    """
    labels: list[Label] = []
    for colon in regex.finditer(":", text):
        floor = labels[-1].end if labels else 0
        openers = _OPENER_AFTER_LABEL if labels else _OPENER
        for opener in openers.finditer(text, max(floor, colon.start() - MAX_LABEL), colon.start()):
            label = read_label(text, opener.end())
            if label and label.end >= colon.end() and (label.kind in TASK_FIELDS or opener.end() == 0):
                labels.append(label)
                break
    return labels


def is_person_label(label: str) -> bool:
    """Tell whether a label asks for a person beside the unit that leads: "Lãnh đạo phụ trách"."""
    folded = fold(label).strip()
    return any(folded.startswith(fold(word)) for word in load_table("labels")["persons"])


@lru_cache(maxsize=8192)
def classify_label(label: str, *, bullet: bool = False) -> FieldKind | None:
    """Return what `label`, without its colon, means; None where it is not made of label words."""
    folded = fold_label(label)
    kinds = _label_kinds(folded, LETTERS_PER_ERROR)
    if kinds is None and bullet and len(folded.split()) <= MAX_DAMAGED_WORDS:
        kinds = _label_kinds(folded, LETTERS_PER_ERROR_AFTER_BULLET)
    return None if kinds is None else meaning(kinds)


def _label_kinds(folded: str, letters_per_error: float) -> tuple[str, ...] | None:
    kinds = word_kinds(folded, own=_may_be_own, letters_per_error=letters_per_error)
    return None if kinds and "own" in kinds and len(kinds) > MAX_PARTS else kinds


def fold_label(label: str) -> str:
    """Return `label` folded, without what is neither letter, digit nor separator."""
    return _NOISE.sub("", fold(label)).strip()


def meaning(kinds: tuple[str, ...]) -> FieldKind | None:
    """Return what a label or a column's head means, by the kinds of its words."""
    heads = [kind for kind in kinds if kind in _HEADS]
    lead, coordinate = "lead" in kinds, "coordinate" in kinds
    if heads and heads[0] in {"content", "document"} and (lead or coordinate) and "body" not in kinds[:1]:
        return FieldKind.DESCRIPTION
    if heads and not (lead or coordinate or _says_who_does(kinds, heads[0])):
        return _HEADS[heads[0]]
    if (lead or _does_before(kinds, "coordinate")) and coordinate:
        return FieldKind.LEAD_AND_COORDINATING_UNITS
    if lead or coordinate:
        return FieldKind.LEAD_UNITS if lead else FieldKind.COORDINATING_UNITS
    if ("body" in kinds or "person" in kinds) and "do" in kinds:
        return FieldKind.LEAD_UNITS
    return None


def _says_who_does(kinds: tuple[str, ...], head: str) -> bool:
    """Tell whether a body that carries out is named first: "Người thực hiện và kết quả"."""
    return head in {"product", "result"} and kinds[0] in {"body", "person"} and _does_before(kinds, head)


def _does_before(kinds: tuple[str, ...], kind: str) -> bool:
    return "do" in kinds and kind in kinds and kinds.index("do") < kinds.index(kind)


def word_kinds(
    folded: str,
    *,
    own: Callable[[Sequence[str]], bool],
    letters_per_error: float = LETTERS_PER_ERROR,
    vocabularies: tuple[str, ...] = ("words",),
) -> tuple[str, ...] | None:
    """Return the kinds of the label words that `folded` consists of; None where a word is none of them.

    Args:
        folded: the label, folded.
        own: whether, after words of these kinds, a word of the document's own may stand; its kind is "own".
        letters_per_error: letters of a word for each that may be wrong.
        vocabularies: the tables of `data/labels.toml` that the words are from.
    """
    patterns = _patterns(letters_per_error, vocabularies)
    printed_well = _split_kinds(folded, [(exact, None, kind) for exact, _, kind in patterns], lambda _: False)
    return printed_well or _split_kinds(folded, patterns, own)


def _split_kinds(
    folded: str, patterns: Sequence[_Pattern], own: Callable[[Sequence[str]], bool]
) -> tuple[str, ...] | None:
    kinds: list[str] = []
    position = 0
    while position < len(folded):
        found = _longest_word(folded, position, patterns)
        if found is None and own(kinds):
            found = _own_word(folded, position)
        if found is None:
            return None
        kind, position = found
        kinds.append(kind)
        gap = _SEPARATOR.match(folded, position)
        position = gap.end() if gap else position
    return tuple(kinds) or None


def _may_be_own(kinds: Sequence[str]) -> bool:
    """Tell whether a label's meaning is plain, so that other words may follow ("Thời gian thanh tra dự kiến")."""
    plain = "time" in kinds[:1] or "lead" in kinds or "coordinate" in kinds
    return plain and kinds.count("own") < MAX_OWN_WORDS


def _own_word(folded: str, position: int) -> tuple[str, int] | None:
    word = _WORD.match(folded, position)
    return ("own", word.end()) if word else None


def _longest_word(folded: str, position: int, patterns: Sequence[_Pattern]) -> tuple[str, int] | None:
    best: tuple[int, int, str] | None = None
    for exact, fuzzy, kind in patterns:
        match = exact.match(folded, position) or (fuzzy and fuzzy.match(folded, position))
        if match:
            errors = sum(match.fuzzy_counts)
            rank = (match.end() - position - 3 * errors, match.end(), kind)
            best = max(best, rank) if best else rank
    return (best[2], best[1]) if best else None


@cache
def _patterns(letters_per_error: float, vocabularies: tuple[str, ...]) -> tuple[_Pattern, ...]:
    patterns = []
    for kind, words in chain.from_iterable(load_table("labels")[name].items() for name in vocabularies):
        for word in words:
            folded = fold(word)
            body = r"\s*".join(regex.escape(part) for part in folded.split())
            letters = len(folded.replace(" ", ""))
            errors = int(letters / (letters_per_error if letters >= MIN_DAMAGED_LETTERS else LETTERS_PER_ERROR))
            fuzzy = regex.compile(rf"(?b)(?:{body}){{e<={errors}}}(?![\p{{L}}\d])") if errors else None
            patterns.append((regex.compile(rf"{body}(?![\p{{L}}\d])"), fuzzy, kind))
    return tuple(patterns)
