"""The foot of a document: recipients (Nơi nhận) and signature, by Decree 30/2020/NĐ-CP, article 8."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import regex

from planparse.data import load_table
from planparse.outline import Passage, Signature
from planparse.segmenting.bullets import read_bullet
from planparse.segmenting.flow import CLOSING_PUNCTUATION, Flow, join_flows, line_flow
from planparse.segmenting.head_lines import starts_head
from planparse.segmenting.paragraphs import is_row
from planparse.text import fold, is_upper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planparse.document import Line

MAX_FOOT_LINES = 80
"""Lines of the longest foot; a resolution sent to forty bodies has 60."""
MAX_FOOT_LINE = 500
"""Characters of a line of a foot; a page holds no 200 in a row, with the gap between two columns."""
MAX_NAME_WORDS = 7
"""Words of a signer's name with academic title: "PGS. TS. Nguyễn Thị Minh Phương"."""
MAX_SCRAP_WORDS, SCRAP_REACH = 3, 3
"""Words of a line of scraps within a foot, and the lines below it in which the foot goes on."""
SIGNATURE_LINES = 6
"""Lines above "Nơi nhận" in which a signature printed before it is looked for."""

# "Nơi nhận:"
_RECIPIENTS = regex.compile(r"\s*(?b)(?:noi nhan){e<=2}\s?[:;.]?")
_APPENDIX = regex.compile(r"\s*phu luc\b")
# "- Bộ Nội vụ (b/c);          PHÓ CHỦ TỊCH": two columns on one line
_COLUMN_GAP = regex.compile(r"\s{3,}|\t+")
# "CHỦ TỊCH Võ Tấn Đức": position and name on one line
_POSITION_AND_NAME = regex.compile(r"(?P<position>(?:\p{Lu}{2,}[.,]?\s+)+)(?P<name>(?:\p{Lu}\p{Ll}+\s*){2,5})$")
_NAME = regex.compile(r"(?:\p{Lu}[\p{L}.]*+\s*+)++")


@dataclass(slots=True)
class FootParts:
    """What is found in a foot, while it is read."""

    recipients: list[list[Flow]] = field(default_factory=list)
    authority: list[Flow] = field(default_factory=list)
    position: list[Flow] = field(default_factory=list)
    name: Flow | None = None
    furniture: list[Flow] = field(default_factory=list)

    def copy(self) -> FootParts:
        """Return what is found so far, to try a line on that may not belong to the foot."""
        recipients = [[*flows] for flows in self.recipients]
        return FootParts(recipients, [*self.authority], [*self.position], self.name, [*self.furniture])


@dataclass(frozen=True, slots=True)
class Foot:
    """Recipients and signature, what is printed around them, and the lines of which they were read."""

    recipients: tuple[Passage, ...]
    signature: Signature | None
    furniture: tuple[Flow, ...]
    start: int
    end: int


def find_foot(lines: Sequence[Line]) -> Foot | None:
    """Return the first foot among `lines`, which hold no empty ones; `start` and `end` are indices into them."""
    start = next((index for index, line in enumerate(lines) if _is_recipients(line)), None)
    if start is None:
        start = next((i for i, line in enumerate(lines) if _opens_signature(line) and not is_row(line)), None)
        return _read_foot(lines, start) if start is not None else None
    first = start
    while first > max(0, start - SIGNATURE_LINES) and _is_signature_line(lines[first - 1]):
        first -= 1
    has_authority = any(_authority(line.text) or _position(line.text) for line in lines[first:start])
    return _read_foot(lines, first if has_authority else start)


def _opens_signature(line: Line) -> bool:
    """Tell whether a signature begins with `line`: an authority, or a position with a name ("THỦ TƯỚNG Lê Văn An")."""
    signed = _POSITION_AND_NAME.match(line.text.strip())
    return _authority(line.text) or bool(signed and _position(signed["position"]))


def _is_recipients(line: Line) -> bool:
    left = _columns(line)[0].text
    match = _RECIPIENTS.match(fold(left))
    return match is not None and not is_row(line) and not left[match.end() :].strip()


def _is_signature_line(line: Line) -> bool:
    text = line.text.strip()
    return not is_row(line) and (is_upper(text) or _is_name(text)) and not read_bullet(text) and text[-1:] not in ".;:,"


def _is_name(text: str) -> bool:
    words = text.split()
    return 1 < len(words) <= MAX_NAME_WORDS and bool(_NAME.fullmatch(text)) and not is_upper(text)


@cache
def _alternatives(key: str) -> regex.Pattern[str]:
    words = sorted(load_table("frame")[key], key=len, reverse=True)
    return regex.compile(rf"(?:{'|'.join(regex.escape(fold(word)) for word in words)})")


def _authority(text: str) -> bool:
    """Tell whether `text` begins as "TM. ỦY BAN NHÂN DÂN" does."""
    match = _alternatives("authorities").match(fold(text).lstrip())
    rest = text.strip()[match.end() :] if match else ""
    return bool(match) and rest[:1] in {".", " ", ","} and is_upper(text) and len(rest.strip(" .,")) > 1


def _position(text: str) -> bool:
    return is_upper(text) and bool(_alternatives("positions").match(fold(text).strip()))


def _read_foot(lines: Sequence[Line], start: int) -> Foot:
    parts = FootParts()
    end = start
    window = lines[start : start + MAX_FOOT_LINES]
    for place, line in enumerate(window):
        if is_row(line) or (end > start and (_APPENDIX.match(fold(line.text)) or starts_head(line))):
            break
        more = parts.copy()
        if all(_sort(flow, more) for flow in _columns(line)):
            parts = more
        elif _is_scrap(line, window[place + 1 : place + 1 + SCRAP_REACH]):
            parts.furniture.append(line_flow(line))
        else:
            break
        end += 1
    return Foot(
        tuple(join_flows(flows).passage(drop=CLOSING_PUNCTUATION) for flows in parts.recipients),
        _signature(parts),
        tuple(parts.furniture),
        start,
        end,
    )


def _is_scrap(line: Line, below: Sequence[Line]) -> bool:
    """Tell whether a short line is what a seal or a hand leaves in the middle of a foot, which goes on below it."""
    goes_on = any(read_bullet(one.text) or _authority(one.text) or _position(one.text) for one in below)
    return goes_on and len(line.text.split()) <= MAX_SCRAP_WORDS


def _columns(line: Line) -> list[Flow]:
    """Split a line that holds a recipient and, to its right, the signature; or a signer's position and name."""
    flow = line_flow(line)
    if len(line.text) > MAX_FOOT_LINE:
        return [flow]
    for gap in _COLUMN_GAP.finditer(line.text):
        right = line.text[gap.end() :]
        if line.text[: gap.start()].strip() and (is_upper(right) or _is_name(right.strip())):
            return [flow.cut(0, gap.start()), flow.cut(gap.end())]
    signed = _POSITION_AND_NAME.match(line.text)
    if signed and (_position(signed["position"]) or _authority(signed["position"])):
        return [flow.cut(0, signed.start("name")), flow.cut(signed.start("name"))]
    return [flow]


def _sort(flow: Flow, parts: FootParts) -> bool:
    """Put one piece of the foot where it belongs; False where the foot has ended."""
    text = flow.text.strip()
    if match := _RECIPIENTS.match(fold(flow.text)):
        parts.furniture.append(flow.cut(0, match.end()))
        return not flow.cut(match.end()).strip()
    if bullet := read_bullet(flow.text):
        parts.furniture.append(flow.cut(0, bullet.end))
        parts.recipients.append([flow.cut(bullet.end)])
    elif _authority(text):
        parts.authority.append(flow)
    elif is_upper(text) and (parts.position or parts.authority or _position(text)):
        (parts.position if _position(text) or parts.position else parts.authority).append(flow)
    elif parts.name is None and (parts.authority or parts.position) and _is_name(text):
        parts.name = flow
    elif not any(char.isalnum() for char in text):
        parts.furniture.append(flow)
    elif parts.recipients and not parts.position and not parts.authority:
        parts.recipients[-1].append(flow)
    else:
        return _sort_rest(flow, parts)
    return True


def _sort_rest(flow: Flow, parts: FootParts) -> bool:
    """Keep what a seal or a digital signature leaves between position and name; anything else ends the foot."""
    if parts.name is None and parts.position and len(flow.text.split()) <= MAX_NAME_WORDS:
        parts.furniture.append(flow)
        return True
    return False


def _signature(parts: FootParts) -> Signature | None:
    if not (parts.authority or parts.position):
        return None
    return Signature(
        authority=join_flows(parts.authority).passage() if parts.authority else None,
        position=join_flows(parts.position).passage() if parts.position else None,
        name=parts.name.strip().passage() if parts.name else None,
    )
