"""Bytes of a text file → text in NFC: UTF-8, UTF-16, windows-1258, legacy encodings, told by what the bytes are."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

import regex

from planparse.errors import InputDamagedError
from planparse.reading.encodings.legacy import NAMES
from planparse.reading.encodings.look_alikes import mend_look_alikes
from planparse.reading.encodings.mojibake import Mended, is_suspect, mend_bytes, mend_lines
from planparse.text import nfc
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
# The same without NEL, a letter in VISCII; bytes have these alone
_HARD_END = regex.compile(r"\r\n|[\r\n\x0b\u2028\u2029]")
_KEPT_END = regex.compile(r"(\r\n|[\r\n])")
_BYTE_END = regex.compile(rb"\r\n|[\r\n\x0b]")
# zero-width and soft hyphen characters, byte order marks, bidirectional controls
_INVISIBLE = regex.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_CONTROL = regex.compile(r"[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f]")


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
    read = _decode(data)
    text = read.text
    cleaned = _clean(text)
    controls = len(_CONTROL.findall(text.replace("\x00", "") if "\x00" in text and text.strip("\x00") else text))
    if not cleaned.text.strip() and controls:
        raise InputDamagedError("no text, only control characters", where, "give a text file in UTF-8")
    if controls > MAX_CONTROL_SHARE * len(text):
        raise InputDamagedError("not a text file", where, "give a PDF, an image, or text in UTF-8")
    return Decoded(cleaned.text, (*read.warnings, *cleaned.warnings))


def clean(text: str) -> Decoded:
    """Bring `text` to NFC; convert legacy encodings, drop what cannot be printed, mend look-alikes, with warnings."""
    read = _mend(Decoded(text, ()))
    cleaned = _clean(read.text)
    return Decoded(cleaned.text, (*read.warnings, *cleaned.warnings))


def convert(text: str) -> str:
    """Return `text` with the lines converted that are in a legacy encoding; all else, line ends too, as it is."""
    if not is_suspect(nfc(text)):
        return text
    pieces = _KEPT_END.split(text)
    pieces[::2] = mend_lines(list(map(nfc, pieces[::2]))).lines
    return "".join(pieces)


def _clean(text: str) -> Decoded:
    warnings = []
    text = _LINE_END.sub("\n", text)
    if control := _CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        warnings.append(_warning(WarningCode.CONTROL_CHARACTERS, "control characters are dropped", line))
        text = _CONTROL.sub("", text)
    text = nfc(_INVISIBLE.sub("", text))
    text, mixed = mend_look_alikes(text)
    if mixed:
        warnings.append(_warning(WarningCode.LOOK_ALIKES, "letters of other scripts that look like Latin ones", mixed))
    return Decoded(text, tuple(warnings))


def _decode(data: bytes) -> Decoded:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _mend(_with_replacements(data[len(bom) :], encoding))
    if guessed := _guess_utf16(data):
        return _mend(_with_replacements(data, guessed))
    try:
        return _mend(Decoded(data.decode("utf-8"), ()))
    except UnicodeDecodeError:
        return _mend_bytes(data)


def _mend(read: Decoded) -> Decoded:
    """Convert the lines that are in a legacy encoding."""
    text = nfc(read.text)
    if not is_suspect(text):
        return Decoded(text, read.warnings)
    mended = mend_lines(_HARD_END.split(text))
    return Decoded("\n".join(mended.lines), (*read.warnings, *_encoding_warnings(mended)))


def _mend_bytes(data: bytes) -> Decoded:
    """Decode bytes that are not UTF-8 throughout."""
    mended = mend_bytes(_BYTE_END.split(data))
    text = "\n".join(mended.lines)
    read = _with_replacements(text.encode("utf-8", "surrogateescape"), "utf-8")
    return Decoded(read.text, (*_encoding_warnings(mended), *read.warnings))


def _encoding_warnings(mended: Mended) -> tuple[PlanWarning, ...]:
    return (
        *(
            _warning(WarningCode.ENCODING, f"{NAMES[name]} was converted; check it against the original", line)
            for name, line in mended.converted
        ),
        *(
            _warning(WarningCode.ENCODING, f"may be {NAMES[name]}; left as it is", line)
            for name, line in mended.doubtful
        ),
    )


def _guess_utf16(data: bytes) -> str | None:
    half = max(1, len(data) // 2)
    if data[1::2].count(0) >= MIN_UTF16_ZEROS * half and len(data) % 2 == 0 and data[0::2].count(0) == 0:
        return "utf-16-le"
    if data[0::2].count(0) >= MIN_UTF16_ZEROS * half and len(data) % 2 == 0 and data[1::2].count(0) == 0:
        return "utf-16-be"
    return None


def _with_replacements(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, "replace")
    if "\ufffd" not in text:
        return Decoded(text, ())
    line = text.count("\n", 0, text.index("\ufffd")) + 1
    return Decoded(text, (_warning(WarningCode.INVALID_BYTES, f"bytes that are no {encoding.upper()}", line),))


def _warning(code: WarningCode, message: str, line: int) -> PlanWarning:
    return PlanWarning(code, f"{message} (first on line {line})", WarningPlace(1, (line, line)))
