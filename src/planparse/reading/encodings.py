"""Bytes of a text file → text in NFC: UTF-8, UTF-16, windows-1258, told by what the bytes are.

windows-1258 writes tones as combining marks after the letter; Python decodes it, NFC joins letter and tone.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

import regex

from planparse.errors import InputDamagedError
from planparse.text import has_marks, nfc
from planparse.warning import PlanWarning, WarningCode, WarningPlace

MAX_CONTROL_SHARE = 0.05
"""Share of control characters beyond which bytes are no text: 1 in 10,000 in OCR text, a quarter in random bytes."""
MIN_UTF16_ZEROS = 0.2
"""Share of zero bytes at one parity that UTF-16 of Vietnamese has; ASCII and marked letters alternate with them."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LINE_END = regex.compile(r"\r\n|[\r\n\x0b\x85\u2028\u2029]")
# zero-width and soft hyphen characters, byte order marks, bidirectional controls
_INVISIBLE = regex.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_CONTROL = regex.compile(r"[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f]")
# Letters of Cyrillic and Greek that look like Latin ones
_LOOK_ALIKES = str.maketrans("АВЕКМНОРСТХаеорсухіΑΒΕΗΙΚΜΝΟΡΤΥΧο", "ABEKMHOPCTXaeopcyxiABEHIKMNOPTYXo")
_MIXED_WORD = regex.compile(r"\b(?=\w*\p{Latin})(?=\w*[\p{Cyrillic}\p{Greek}])\w+")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file, in NFC with line feeds at line ends, and what was odd about its bytes."""

    text: str
    warnings: tuple[PlanWarning, ...]


def decode(data: bytes, *, where: str) -> Decoded:
    """Decode the bytes of a text file named `where`.

    Raises:
        InputDamagedError: the bytes are no text.
    """
    raw, warnings = _decode(data)
    cleaned = clean(raw)
    controls = len(_CONTROL.findall(raw.replace("\x00", "") if "\x00" in raw and raw.strip("\x00") else raw))
    if not cleaned.text.strip() and controls:
        raise InputDamagedError("no text, only control characters", where, "give a text file in UTF-8")
    if controls > MAX_CONTROL_SHARE * len(raw):
        raise InputDamagedError("not a text file", where, "give a PDF, an image, or text in UTF-8")
    return Decoded(cleaned.text, (*warnings, *cleaned.warnings))


def clean(text: str) -> Decoded:
    """Bring `text` to NFC; drop what cannot be printed, mend look-alikes, each with a warning."""
    warnings = []
    text = _LINE_END.sub("\n", text)
    if control := _CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        warnings.append(_warning(WarningCode.CONTROL_CHARACTERS, "control characters are dropped", line))
        text = _CONTROL.sub("", text)
    text = nfc(_INVISIBLE.sub("", text))
    if mixed := _MIXED_WORD.search(text):
        line = text.count("\n", 0, mixed.start()) + 1
        warnings.append(_warning(WarningCode.LOOK_ALIKES, "letters of other scripts that look like Latin ones", line))
        text = _MIXED_WORD.sub(lambda match: match[0].translate(_LOOK_ALIKES), text)
    return Decoded(text, tuple(warnings))


def _decode(data: bytes) -> tuple[str, tuple[PlanWarning, ...]]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _with_replacements(data[len(bom) :], encoding)
    if guessed := _guess_utf16(data):
        return _with_replacements(data, guessed)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        pass
    legacy = _decode_1258(data)
    if legacy is not None:
        message = "read as windows-1258; check the marks against the original"
        return legacy, (PlanWarning(WarningCode.ENCODING, message),)
    return _with_replacements(data, "utf-8")


def _guess_utf16(data: bytes) -> str | None:
    half = max(1, len(data) // 2)
    if data[1::2].count(0) >= MIN_UTF16_ZEROS * half and len(data) % 2 == 0 and data[0::2].count(0) == 0:
        return "utf-16-le"
    if data[0::2].count(0) >= MIN_UTF16_ZEROS * half and len(data) % 2 == 0 and data[1::2].count(0) == 0:
        return "utf-16-be"
    return None


def _decode_1258(data: bytes) -> str | None:
    """Decode as windows-1258; None where most of the bytes are right UTF-8, or no Vietnamese comes out."""
    valid = data.decode("utf-8", "ignore")
    if any(ord(char) > 0x7F for char in valid) and has_marks(nfc(valid)):  # noqa: PLR2004 (ASCII ends there)
        return None
    try:
        text = nfc(data.decode("cp1258"))
    except UnicodeDecodeError:
        return None
    return text if has_marks(text) else None


def _with_replacements(data: bytes, encoding: str) -> tuple[str, tuple[PlanWarning, ...]]:
    text = data.decode(encoding, "replace")
    if "\ufffd" not in text:
        return text, ()
    line = text.count("\n", 0, text.index("\ufffd")) + 1
    return text, (_warning(WarningCode.INVALID_BYTES, f"bytes that are no {encoding.upper()}", line),)


def _warning(code: WarningCode, message: str, line: int) -> PlanWarning:
    return PlanWarning(code, f"{message} (first on line {line})", WarningPlace(1, (line, line)))
