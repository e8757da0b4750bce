"""Letters of other alphabets that look like Vietnamese ones, put right within a Latin word.

Source of the pairs: Unicode Technical Standard 39, confusables.txt (prototypes of one Latin letter).
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import regex

from planparse.text import is_syllable

_CYRILLIC = str.maketrans("АВЕКМНОРСТУХІЅЈԚԜҮһаеорсухіѕјԛԝԁӏү", "ABEKMHOPCTYXISJQWYhaeopcyxisjqwdly")
_GREEK = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοϲϳ", "ABEZHIKMNOPTYXocj")
_SURE = _CYRILLIC | _GREEK
# Alike in some typefaces; and what stands for Đ and Ư where a keyboard or a font lacked them
_LIKELY = str.maketrans("кмнтвγαικνρυωÐðƉɖƢƣ", "kmntbyaikvpuwĐđĐđƯư")
_OTHER = r"[\p{Cyrillic}\p{Greek}]"
_MIXED_WORD = regex.compile(rf"\b(?=\w*\p{{Latin}})(?=\w*(?:{_OTHER}|[ÐðƉɖƢƣ]))\w+")
# "а) Mục đích" with a Cyrillic а, in a line without a word of that alphabet
_LONE_LETTER = regex.compile(rf"(?<!\w){_OTHER}(?!\w)")
_OTHER_WORD = regex.compile(rf"{_OTHER}{{2}}")
_TRIGGER = regex.compile(rf"{_OTHER}|[ÐðƉɖƢƣ]")


def mend_look_alikes(text: str) -> tuple[str, int | None]:
    r"""Return `text`, in NFC, with look-alikes replaced, and the first line, from 1, where one was; None if none was.

    A word in another alphabet altogether stays. What only may be meant is replaced where it makes a syllable.

    >>> mend_look_alikes("\u0421ông an tỉnh, QÐ-UBND, \u041c\u0438\u0440")[0]
    'Công an tỉnh, QĐ-UBND, Мир'
    """
    if not _TRIGGER.search(text):
        return text, None
    lines = text.split("\n")
    first = None
    for number, line in enumerate(lines):
        if _TRIGGER.search(line) and (mended := _mend_line(line)) != line:
            lines[number] = mended
            first = first or number + 1
    return "\n".join(lines), first


def _mend_line(line: str) -> str:
    mended = _MIXED_WORD.sub(lambda word: _mend_word(word[0]), line)
    if regex.search(r"\p{Latin}", mended) and not _OTHER_WORD.search(mended):
        mended = _LONE_LETTER.sub(lambda letter: letter[0].translate(_SURE), mended)
    return mended


@lru_cache(maxsize=4096)
def _mend_word(word: str) -> str:
    """Replace base letters, marks kept (а with two combining marks becomes ấ), where all of the word becomes Latin."""
    parts = unicodedata.normalize("NFD", word)
    likely = unicodedata.normalize("NFC", parts.translate(_SURE | _LIKELY))
    if is_syllable(likely) or _is_acronym(word):
        return likely
    sure = unicodedata.normalize("NFC", parts.translate(_SURE))
    return word if _TRIGGER.search(sure) else sure


def _is_acronym(word: str) -> bool:
    """Tell whether a word is letters of an acronym with Đ among them: QÐ, HÐND; a word in Icelandic has vowels."""
    return word.isupper() and not regex.search(r"[AEIOUYÞÖÆ]", word)
