"""viparse: text in TCVN3 (ABC), VNI or VISCII → Unicode; and what PDF fonts of these encodings are called.

A legacy encoding gives its own letters to the codes of Latin-1, so that "Việt" stands as "ViÖt" (TCVN3), "Vieät" (VNI)
or "Vi®t" (VISCII) in a text that is not read with its font. UTF-8 and windows-1258 that were read as windows-1252 look
alike ("Viá»‡t", "Viêòt") and are converted here too.

Sources of the facts: TCVN 5712:1993 (VN3, the encoding of the .Vn fonts), RFC 1456 (VISCII), the table `VNI` of xvnkb,
Microsoft's best-fit tables of windows-1252 and windows-1258.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

import regex

from planparse.reading.encodings.familiarity import familiarity
from planparse.text import is_syllable, nfc

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = {
    "tcvn3": "TCVN3 (ABC)",
    "vni": "VNI",
    "viscii": "VISCII",
    "windows-1258": "windows-1258",
    "windows-1252": "windows-1252",
    "utf-8": "UTF-8 read as windows-1252",
}
"""The encodings that `convert` knows, as messages name them."""

VISCII_CONTROLS = "\x02\x05\x06\x14\x19\x1e"
"""Control characters that are letters in VISCII (RFC 1456): Ẳ Ẵ Ẫ Ỷ Ỹ Ỵ."""

_VNI_MENDED = {"aú": "ẳ", "AÚ": "Ẳ", "î": "ỵ", "Î": "Ỵ"}
"""What viparse 0.1.31 lacks of VNI; from the table `VNI` of xvnkb (github.com/lamdao/xvnkb, vni.h)."""

_SPECIALS = {code: bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xA0)}
"""Codes 0x80 to 0x9F → the punctuation that windows-1252 has there; five have none."""
_CODES = {ord(char): chr(code) for code, char in _SPECIALS.items()}
_FROM_1258 = {code: bytes([code]).decode("cp1258", "replace") for code in range(0x80, 0x100)}
# "á»‡", the three bytes of ệ
_UTF8_SEQUENCE = regex.compile(r"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_RUN = regex.compile(r"[^\t\n\f ]+")
_WORD = regex.compile(r"\p{L}+")
_EDGES = regex.compile(r"^\P{L}+|\P{L}+$")
_INNER_CAPITAL = regex.compile(r"\p{L}\p{Lu}")
# "trởng", "TRỜNG": ơ stands before ng, c and u only after ư
_AFTER_LOST_LETTER = regex.compile(r"(?<![ưƯ])[ơờớởỡợ](?=ng|c|u)", regex.IGNORECASE)
_SMALL = regex.compile(r"[a-z]")
# "ABCDEF+.VnTimeH,Bold", "VNI-Times", "VI Times Hoa"
_FONT = regex.compile(
    r"(?:[A-Z]{6}\+)?(?:(?P<tcvn3>\.(?i:vn))|(?P<vni>(?i:vni))(?![a-z])|(?P<viscii>VI[ _-]?(?=Times|Arial)))"
)
_CAPITALS_FONT = regex.compile(r"(?:[a-z]H| H| ?Hoa)(?=$|[ ,_-]|Bold|Italic|MT)")
# "n-íc", as "nước" comes out of a PDF, "t-" (tư), "-u" (ưu)
_HYPHENS = regex.compile(r"[-\ufffe]")


def encoding_of_font(name: str) -> str | None:
    """Return the encoding that a PDF font's name implies: "tcvn3", "vni", "viscii" or None.

    >>> encoding_of_font("ABCDEF+.VnTimeH"), encoding_of_font("VNI-Times"), encoding_of_font("Times New Roman")
    ('tcvn3', 'vni', None)
    """
    found = _FONT.match(name)
    return found.lastgroup if found else None


def draws_capitals(name: str) -> bool:
    """Tell whether a legacy font draws its small letters as capitals, since TCVN3 lacks most marked capitals.

    Such a font stands beside one for small letters and ends in H, or Hoa.

    >>> draws_capitals(".VnTimeH"), draws_capitals(".VnTime"), draws_capitals(".VnHelvetIns")
    (True, False, False)
    """
    return encoding_of_font(name) is not None and _CAPITALS_FONT.search(name) is not None


def convert(text: str, encoding: str) -> str:
    """Convert text in a legacy encoding, each byte of which stands as its character of windows-1252 or Latin-1.

    The result is NFC. What the encoding does not know passes through.

    >>> convert("Céng hoµ x· héi", "tcvn3"), convert("Coäng hoøa xaõ hoäi", "vni")
    ('Cộng hoà xã hội', 'Cộng hòa xã hội')
    """
    return nfc(_CONVERTERS[encoding](text))


@lru_cache(maxsize=65536)
def convert_run(text: str, fontname: str) -> str:
    """Convert a word of a PDF's text layer by the name of its font; the result is NFC.

    A word of a font that is none of a legacy encoding stays. A font of capitals gives capitals.

    >>> convert_run("quyÕt", "ABCDEF+.VnTimeH"), convert_run("n-íc", ".VnTime"), convert_run("né", "Arial")
    ('QUYẾT', 'nước', 'né')
    """
    encoding = encoding_of_font(fontname)
    if encoding is None:
        return nfc(text)
    if encoding == "tcvn3":
        text = _letters_for_hyphens(text)
    converted = convert(text, encoding)
    return converted.upper() if draws_capitals(fontname) else converted


def put_back_lost_letters(text: str) -> str:
    """Put ư back where spelling calls for it, in text from TCVN3 that has none.

    It is the soft hyphen of Latin-1 there, which many programs drop.

    >>> put_back_lost_letters("bộ trởng, TRỜNG, thơ")
    'bộ trưởng, TRƯỜNG, thơ'
    """
    return _AFTER_LOST_LETTER.sub(lambda horned: ("Ư" if horned[0].isupper() else "ư") + horned[0], text)


def _letters_for_hyphens(text: str) -> str:
    """Give back the ư that a PDF's text layer has as a hyphen, or at a line's end as U+FFFE.

    0xAD is ư in TCVN3, and a hyphen in the encoding WinAnsi of PDF fonts (PDF 1.7, appendix D). It is the letter where
    the two sides make a commoner word with it than the rarer one of them is.
    """
    if not _HYPHENS.search(text):
        return text
    done, *rest = _HYPHENS.split(text)
    marks = _HYPHENS.findall(text)
    for mark, side in zip(marks, rest, strict=True):
        sides = [familiarity(_from_tcvn3(part)) for part in (done, side) if part]
        joined = f"{done}\xad{side}"
        done = joined if sides and familiarity(_from_tcvn3(joined)) > min(sides) else f"{done}{mark}{side}"
    return done


def _from_tcvn3(text: str) -> str:
    lines = _with_charmap(text, "tcvn3").translate(_SPECIALS).split("\n")
    return "\n".join(map(_raise_capitals, lines))


def _raise_capitals(line: str) -> str:
    """Give a line its marked capitals: TCVN3 types "QUYÕT" with a small ế, for a font that draws capitals.

    A word is in capitals where a capital follows a letter and no small plain letter is there; a line, where such a word
    is a syllable and no number ("Sè: 12/KH-TU"), and no small plain letter is anywhere.
    """
    if not _SMALL.search(line) and any(map(_is_capital_syllable, line.split())):
        return line.upper()
    return _WORD.sub(lambda word: word[0].upper() if _is_in_capitals(word[0]) else word[0], line)


def _is_in_capitals(word: str) -> bool:
    return _INNER_CAPITAL.search(word) is not None and not _SMALL.search(word)


def _is_capital_syllable(token: str) -> bool:
    word = _EDGES.sub("", token)
    return _is_in_capitals(word) and is_syllable(word)


def _from_vni(text: str) -> str:
    return _with_charmap(text, "vni").translate(_SPECIALS)


def _from_viscii(text: str) -> str:
    """Convert VISCII; a dash or quotation mark of windows-1252 is a letter only where it touches one."""
    return _with_charmap(_RUN.sub(lambda run: _letters_for_specials(run[0]), text), "viscii")


def _letters_for_specials(run: str) -> str:
    return run.translate(_CODES) if _WORD.search(run) else run


def _from_1258(text: str) -> str:
    return text.translate(_CODES).translate(_FROM_1258)


def _from_1252(text: str) -> str:
    return text.translate(_SPECIALS)


def _from_utf8(text: str) -> str:
    decoded = _UTF8_SEQUENCE.sub(
        lambda found: found[0].encode("latin-1").decode("utf-8", "replace"), text.translate(_CODES)
    )
    return decoded.translate(_SPECIALS)


_CONVERTERS: dict[str, Callable[[str], str]] = {
    "tcvn3": _from_tcvn3,
    "vni": _from_vni,
    "viscii": _from_viscii,
    "windows-1258": _from_1258,
    "windows-1252": _from_1252,
    "utf-8": _from_utf8,
}


@cache
def _charmap(encoding: str) -> Callable[[str], str]:
    """Load a table of viparse; only when a text is suspected, since viparse takes 50 ms to import."""
    from viparse.normalize.encodings import CHARMAPS  # noqa: PLC0415 (see above)
    from viparse.normalize.tables import build_charmap, convert  # noqa: PLC0415 (see above)

    pairs = dict(CHARMAPS[encoding].pairs)
    if encoding == "vni":
        pairs |= _VNI_MENDED
        pairs = _small_marks(pairs) | pairs
    charmap = build_charmap(encoding, pairs.items())
    return lambda text: convert(text, charmap)


def _with_charmap(text: str, encoding: str) -> str:
    return _charmap(encoding)(text)


def _small_marks(pairs: dict[str, str]) -> dict[str, str]:
    """Let a capital stand with the mark of a small letter as well: "Uû" is Ủ as "UÛ" is."""
    return {
        pair[0] + pair[1].lower(): letter
        for pair, letter in pairs.items()
        if len(pair) == 2 and pair.isupper()  # noqa: PLR2004 (a letter and its mark)
    }
