"""Labels of fields: "Đơn vị chủ trì: …" → what the label means, even where OCR has damaged it.

A label is made of a few dozen words (`data/labels.toml`). Which field it names follows from the kinds of its words, so
that wordings nobody has listed ("Cơ quan chủ trì tham mưu thực hiện") are read too. Words are matched on folded text by
regex's fuzzy matching, one error for each five letters, with or without the spaces.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

import regex

from planparse.data import load_table
from planparse.outline import FieldKind
from planparse.segmenting.unit_lists import is_proper_list
from planparse.text import fold

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

TASK_FIELDS = frozenset(
    {
        FieldKind.LEAD_UNITS,
        FieldKind.COORDINATING_UNITS,
        FieldKind.LEAD_AND_COORDINATING_UNITS,
        FieldKind.DELIVERABLES,
        FieldKind.TIME_FRAME,
    }
)

_WORD = regex.compile(r"\p{L}+")
_NOISE = regex.compile(r"[^\p{L}\d\s,/&\-–]")
_COLON = regex.compile(r"\s?:|;(?=\s+\p{Lu})")
_OPENER = regex.compile(r"[.;(]\s*(?=\p{L})|(?<=\s)[-–+•]\s*(?=\p{Lu})|^\s*")
_OPENER_AFTER_LABEL = regex.compile(r"[.;,(]\s*(?=\p{L})|(?<=\s)[-–+•]\s*(?=\p{Lu})|^\s*")
_SEPARATOR = regex.compile(r"[\s,/&\-–]*(?:va\b)?[\s,/&\-–]*")
# "Thời gian thực hiện sau khi …": a label whose colon is not printed
_BARE_TIME = regex.compile(
    r"(?:thoi gian|thoi han) (?:thuc hien|hoan thanh)(?=\s+(?:sau|truoc|tu|trong|den|quy|thang|nam)\b)"
)


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
    for colon in _COLON.finditer(window):
        kind = classify_label(window[: colon.start()], bullet=bullet)
        if kind is not None and not is_proper_list(window[: colon.start()].strip()):
            return Label(start, start + colon.end(), kind)
        break
    folded = fold(window)
    skipped = len(folded) - len(folded.lstrip())
    if bare := _BARE_TIME.match(folded, skipped):
        return Label(start, start + bare.end(), FieldKind.TIME_FRAME)
    return None


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
    folded = _NOISE.sub("", fold(label)).strip()
    kinds = _word_kinds(folded)
    if kinds is None and bullet and len(folded.split()) <= MAX_DAMAGED_WORDS:
        kinds = _word_kinds(folded, LETTERS_PER_ERROR_AFTER_BULLET)
    return None if kinds is None else _meaning(kinds)


@lru_cache(maxsize=8192)
def classify_column(head: str) -> str | None:
    """Return a column head's `FieldKind` value, or "number" or "measure"; None where it says neither."""
    kinds = _word_kinds(_NOISE.sub("", fold(head)).strip())
    if kinds is None:
        return None
    for special in ("number", "measure"):
        if special in kinds:
            return special
    meaning = _meaning(kinds)
    return None if meaning is None else meaning.value


def _meaning(kinds: tuple[str, ...]) -> FieldKind | None:
    heads = [kind for kind in kinds if kind in {"time", "product", "content", "other"}]
    lead, coordinate = "lead" in kinds, "coordinate" in kinds
    if heads and heads[0] == "content" and (lead or coordinate) and "body" not in kinds[:1]:
        return FieldKind.DESCRIPTION
    if heads and not (lead or coordinate):
        return {
            "time": FieldKind.TIME_FRAME,
            "product": FieldKind.DELIVERABLES,
            "content": FieldKind.DESCRIPTION,
            "other": FieldKind.OTHER,
        }[heads[0]]
    if lead and coordinate:
        return FieldKind.LEAD_AND_COORDINATING_UNITS
    if lead or coordinate:
        return FieldKind.LEAD_UNITS if lead else FieldKind.COORDINATING_UNITS
    if "body" in kinds and "do" in kinds:
        return FieldKind.LEAD_UNITS
    return None


def _word_kinds(folded: str, letters_per_error: float = LETTERS_PER_ERROR) -> tuple[str, ...] | None:
    """Return the kinds of the label words that `folded` consists of; None where a word is none of them."""
    kinds: list[str] = []
    position = 0
    while position < len(folded):
        found = _longest_word(folded, position, letters_per_error) or _own_word(folded, position, kinds)
        if found is None:
            return None
        kind, position = found
        kinds.append(kind)
        gap = _SEPARATOR.match(folded, position)
        position = gap.end() if gap else position
    return None if "own" in kinds and len(kinds) > MAX_PARTS else tuple(kinds) or None


def _own_word(folded: str, position: int, kinds: list[str]) -> tuple[str, int] | None:
    """Pass over a word of the document's own ("Thời gian thanh tra dự kiến") once the label's meaning is plain."""
    plain = "time" in kinds[:1] or "lead" in kinds or "coordinate" in kinds
    if not plain or kinds.count("own") >= MAX_OWN_WORDS:
        return None
    word = _WORD.match(folded, position)
    return ("own", word.end()) if word else None


def _longest_word(folded: str, position: int, letters_per_error: float) -> tuple[str, int] | None:
    best: tuple[int, int, str] | None = None
    for exact, fuzzy, kind in _patterns(letters_per_error):
        match = exact.match(folded, position) or (fuzzy and fuzzy.match(folded, position))
        if match:
            errors = sum(match.fuzzy_counts)
            rank = (match.end() - position - 3 * errors, match.end(), kind)
            best = max(best, rank) if best else rank
    return (best[2], best[1]) if best else None


@cache
def _patterns(letters_per_error: float) -> tuple[tuple[regex.Pattern[str], regex.Pattern[str] | None, str], ...]:
    patterns = []
    for kind, words in load_table("labels")["words"].items():
        for word in words:
            folded = fold(word)
            body = r"\s*".join(regex.escape(part) for part in folded.split())
            letters = len(folded.replace(" ", ""))
            errors = int(letters / (letters_per_error if letters >= MIN_DAMAGED_LETTERS else LETTERS_PER_ERROR))
            fuzzy = regex.compile(rf"(?b)(?:{body}){{e<={errors}}}(?![\p{{L}}\d])") if errors else None
            patterns.append((regex.compile(rf"{body}(?![\p{{L}}\d])"), fuzzy, kind))
    return tuple(patterns)
