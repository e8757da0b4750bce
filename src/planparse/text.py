"""Vietnamese letters: normal form, marks, case, the order of the alphabet.

Source of the facts: the Vietnamese alphabet (29 letters, five tone marks) and Decree 30/2020/NĐ-CP, appendix II,
on capitals. "Mark" is a tone mark (dấu thanh) or a letter mark (dấu phụ: ă â ê ô ơ ư đ).
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from unidecode import unidecode

POINT_LETTERS = "abcdđeghiklmnopqrstuvxy"
"""The letters that number points (điểm), in their order: no f, j, w or z."""

_ONSETS = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
_RHYMES = """
    a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt â âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oen oeo oet oi om on ong oong ooc
    op ot oc ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uc uê uêch uên uênh uêt ui um un ung
    uơ uôc uôi uôm uôn uông uôt up ut uy uya uych uyên uyêt uynh uyt uyp uyu ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn
    ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu iê yê uyê
"""
_TONES = "\u0300\u0301\u0303\u0309\u0323"


def nfc(text: str) -> str:
    """Return `text` in Unicode normal form C, where each Vietnamese letter is one code point."""
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


@lru_cache(maxsize=4096)
def _fold_letter(letter: str) -> str:
    folded = unidecode(letter).lower()
    if len(folded) == 1:
        return folded
    lowered = letter.lower()
    return lowered if len(lowered) == 1 else letter


def fold(text: str) -> str:
    """Return `text` in lower case without marks, one character for one character.

    Offsets into the result are offsets into `text`; a character with no single plain equal stays.

    >>> fold("Đơn vị CHỦ TRÌ")
    'don vi chu tri'
    """
    return "".join(map(_fold_letter, text))


def strip_marks(text: str) -> str:
    """Return `text` without marks, its case kept.

    >>> strip_marks("Đơn vị CHỦ TRÌ")
    'Don vi CHU TRI'
    """
    return "".join(plain.upper() if char.isupper() else plain for char, plain in zip(text, fold(text), strict=True))


def has_marks(text: str) -> bool:
    """Tell whether any Vietnamese mark stands in `text`, which is in NFC.

    >>> has_marks("đơn vị"), has_marks("don vi")
    (True, False)
    """
    return any(letter in "đĐ" or unicodedata.decomposition(letter) for letter in text if letter > "\x7f")


def strip_tone(text: str) -> str:
    """Return `text` without tone marks, letter marks kept.

    >>> strip_tone("thường")
    'thương'
    """
    decomposed = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(char for char in decomposed if char not in _TONES))


@lru_cache(maxsize=1)
def _plain_syllables() -> frozenset[str]:
    rhymes = _RHYMES.split()
    plain = set(rhymes)
    plain.update(onset + rhyme for onset in _ONSETS.split() for rhyme in rhymes)
    plain.update("g" + rhyme for rhyme in rhymes if rhyme.startswith("i"))
    return frozenset(plain)


@lru_cache(maxsize=65536)
def is_syllable(token: str) -> bool:
    """Tell whether `token` is spelt as a Vietnamese syllable (tiếng), in any case, with or without its tone.

    >>> is_syllable("Thường"), is_syllable("Thuong"), is_syllable("plan"), is_syllable("sé")
    (True, False, False, True)
    """
    lowered = token.lower()
    tones = sum(char in _TONES for char in unicodedata.normalize("NFD", lowered))
    plain = strip_tone(lowered)
    closed = plain.endswith(("c", "ch", "p", "t"))
    if tones > 1 or plain not in _plain_syllables():
        return False
    return not (closed and any(char in "\u0300\u0303\u0309" for char in unicodedata.normalize("NFD", lowered)))


def match_case(word: str, model: str) -> str:
    """Return `word` in the case of `model`: all capitals, a first capital, or small letters.

    >>> match_case("đơn", "PON"), match_case("đơn", "Pon"), match_case("đơn", "pon")
    ('ĐƠN', 'Đơn', 'đơn')
    """
    letters = [char for char in model if char.isalpha()]
    if len(letters) > 1 and all(char.isupper() for char in letters):
        return word.upper()
    if letters and letters[0].isupper():
        return word[:1].upper() + word[1:]
    return word.lower()


def is_upper(text: str, *, share: float = 0.8) -> bool:
    """Tell whether at least `share` of the letters of `text` are capitals, and there are some."""
    letters = list(filter(str.isalpha, text))
    return bool(letters) and sum(map(str.isupper, letters)) >= share * len(letters)


def squeeze(text: str) -> str:
    """Return `text` with each run of white space as one space, none at the ends."""
    return " ".join(text.split())
