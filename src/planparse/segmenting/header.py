"""The head of a document: issuer, number, place and date, type, title; by Decree 30/2020/NĐ-CP, article 8."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import regex

from planparse.outline import Header
from planparse.segmenting.bullets import read_bullet
from planparse.segmenting.flow import CLOSING_PUNCTUATION, Flow, join_flows, line_flow
from planparse.segmenting.head_lines import (
    MAX_HEAD_LINE,
    find_motto,
    is_opener,
    is_type,
    names,
    starts_with_body,
)
from planparse.segmenting.markers import read_candidates
from planparse.segmenting.paragraphs import is_row
from planparse.text import fold, is_upper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planparse.document import Line
    from planparse.outline import Passage
    from planparse.segmenting.paragraphs import Measure

MAX_HEAD_LINES = 60
"""Lines in which a head is looked for; the longest seen, with a digital signature and a stamp, has 20."""
SCRAP_REACH = 4
"""Lines below a scrap of a stamp or of a date that a hand wrote within which the kind of the document must stand."""
MAX_TITLE_LINES = 8
CENTRED_INDENT = 20.0
"""Points from the left margin at which a line is centred rather than indented as a paragraph is (28 to 36)."""

_RULE = regex.compile(r"\s*(?:[-–—_=*.~\s]{3,}|\*\s*)$")
# "Số: 12/KH-VP Quảng Ngãi, ngày …"; "Số: 12/KH-VP", "Số 12-KH/TU"; "Số:      /KH-UBND"
_NUMBER = regex.compile(
    r"\s*s[oe06]\s?[:;.]?\s*(?P<number>\d{1,5}[a-z]?\s?(?:[/\-]\s?[\p{L}\d&.\-]*[\p{L}\d])+)"
    r"(?=\s+\p{L}[\p{L}\s.\-]*,\s*ngay\b)"
    r"|\s*s[oe06]\s?[:;.]?\s+(?P<number>(?=\S*[/\-])\S[^,]*?)(?=\s{2,}|$)|\s*s[oe06]\s?:\s*(?P<blank>\S.*)$"
)
# "Quảng Ngãi, ngày 05 tháng 01 năm 2024", also where a hand wrote day and month; "* Quảng Ngãi, …" beside a star
_DATE = regex.compile(
    r"(?:\s*\*)?(?P<place>[\p{L}\s.\-]+?)[,.]?\s*"
    r"(?P<date>ngay\b[^,;:]{0,8}?\bthang\b[^,;:]{0,8}?\bnam\s*\d{4})\s*$"
)
_ATTACHED = regex.compile(r"\s*\(\s*(?:ban hanh\s+)?kem theo\b")
_DECIDES = regex.compile(r"\s*(?:quyet dinh|quyet nghi|nghi quyet)\s*:\s*$")
_DIRT = "'\"`|_~ "


@dataclass(slots=True)
class HeadParts:
    """What is found in a head, while it is read."""

    bodies: list[Flow] = field(default_factory=list)
    number: Flow | None = None
    place: Flow | None = None
    date: Flow | None = None
    type: Flow | None = None
    title: list[Flow] = field(default_factory=list)
    furniture: list[Flow] = field(default_factory=list)


def read_header(lines: Sequence[Line], measure: Measure) -> tuple[Header, list[Flow], list[Line]]:
    """Return the header, the furniture of the head, and the lines that follow it."""
    parts = HeadParts()
    printed = [line for line in lines if line.text.strip()]
    used = _read_above_title(printed, parts)
    used = _read_title(printed, used, parts, measure)
    used = _read_below_title(printed, used, parts)
    rest = [line for line in lines if not printed or used == 0 or line.number > printed[used - 1].number]
    return _to_header(parts), parts.furniture, rest


def read_attached_head(lines: Sequence[Line], measure: Measure) -> tuple[list[Flow], list[Line]]:
    """Return the head of an attached plan, which repeats what the head of the document says, and the rest."""
    _, _, rest = read_header(lines, measure)
    taken = {line.number for line in lines} - {line.number for line in rest}
    return [line_flow(line) for line in lines if line.number in taken and line.text.strip()], list(rest)


def _read_above_title(printed: Sequence[Line], parts: HeadParts) -> int:
    """Read the lines down to the type, or to where the head ends; return how many were read."""
    used = 0
    for index, line in enumerate(printed[:MAX_HEAD_LINES]):
        if is_row(line) or _is_body_line(line):
            break
        if is_type(line.text):
            parts.type = line_flow(line)
            return index + 1
        if not _read_head_line(line, parts):
            if not any(is_type(below.text) for below in printed[index + 1 : index + 1 + SCRAP_REACH]):
                break
            parts.furniture.append(line_flow(line))
        used = index + 1
    return used


def _read_head_line(line: Line, parts: HeadParts) -> bool:
    """Sort one line above the type; False where it belongs to none of the head's parts."""
    flow, folded = line_flow(line), fold(line.text)
    if (motto := find_motto(folded)) is not None:
        parts.furniture.append(flow.cut(motto))
        flow = flow.cut(0, motto).strip()
        if not any(char.isalpha() for char in flow.text):
            parts.furniture += [flow] if flow else []
            return True
        parts.bodies.append(flow)
        return True
    if _RULE.match(folded) or names("stamps").match(folded.lstrip()):
        parts.furniture.append(flow)
        return True
    if _read_number(flow, folded, parts) or _read_date(flow, folded, parts):
        return True
    if is_upper(line.text):
        parts.bodies.append(flow)
        return True
    return False


def _read_number(flow: Flow, folded: str, parts: HeadParts) -> bool:
    match = _NUMBER.match(folded)
    if not match or parts.number:
        return False
    group = "number" if match["number"] else "blank"
    parts.furniture.append(flow.cut(0, match.start(group)))
    parts.number = flow.cut(*match.span(group))
    rest = flow.cut(match.end())
    if rest.strip() and not _read_date(rest.strip(), fold(rest.strip().text), parts):
        parts.furniture.append(rest)
    return True


def _read_date(flow: Flow, folded: str, parts: HeadParts) -> bool:
    match = _DATE.match(folded)
    if not match or parts.date:
        return False
    parts.furniture.append(flow.cut(0, match.start("place")))
    parts.place = flow.cut(*match.span("place"))
    parts.date = flow.cut(*match.span("date"))
    parts.furniture.append(flow.cut(match.end("place"), match.start("date")))
    return True


def _is_body_line(line: Line) -> bool:
    """Tell whether a line is an item, the first line of a preamble, or too long for a head."""
    if len(line.text) > MAX_HEAD_LINE:
        return True
    if read_bullet(line.text):
        return not (_RULE.match(line.text) or _DATE.match(fold(line.text)))
    return any(one.cost < 1 for one in read_candidates(line.text)) or is_opener(line.text)


def _read_title(printed: Sequence[Line], used: int, parts: HeadParts, measure: Measure) -> int:
    start = used
    for line in printed[start : start + MAX_TITLE_LINES]:
        before = printed[used - 1] if used else None
        following = printed[used + 1] if used + 1 < len(printed) else None
        if is_row(line) or len(line.text) > MAX_HEAD_LINE:
            break
        if not _is_title_line(line, before, following, parts, measure):
            break
        parts.title.append(line_flow(line))
        used += 1
    return used


def _is_title_line(line: Line, before: Line | None, following: Line | None, parts: HeadParts, measure: Measure) -> bool:
    first = not parts.title
    text = line.text.strip()
    if _ATTACHED.match(fold(text)) or _RULE.match(text) or _DECIDES.match(fold(text)):
        return False
    if first and parts.type:
        return not any(one.cost < 1 for one in read_candidates(text))
    if _is_body_line(line):
        return False
    if first:
        return text[-1:] not in ".;:,"
    assert before is not None  # noqa: S101 (there is a title line above)
    capitals = is_upper(parts.title[0].text)
    if capitals:
        decides = starts_with_body(text) and following is not None and is_opener(following.text)
        return is_upper(text) and not (decides and before.text.rstrip()[-1:] not in ",;-–")
    if following and text[:1].isupper() and _begins_text(before, line, following, measure):
        return False
    if line.bbox:
        return measure.indent(line) > CENTRED_INDENT or text[:1].islower()
    return (
        line.number == before.number + 1
        and (text[:1].islower() or not starts_with_body(text))
        and text[-1:] not in ".;:"
    )


def _begins_text(before: Line, line: Line, following: Line, measure: Measure) -> bool:
    """Tell whether a line fills the page where the line of the title above it does not: a paragraph begins."""
    return measure.wrapped and measure.is_full(line, following) and not measure.is_full(before, line)


def _read_below_title(printed: Sequence[Line], used: int, parts: HeadParts) -> int:
    """Read what may stand between title and preamble: a rule, "(Kèm theo …)", the authority that decides."""
    while used < len(printed):
        line = printed[used]
        if len(line.text) > MAX_HEAD_LINE:
            break
        folded = fold(line.text)
        following = printed[used + 1] if used + 1 < len(printed) else None
        if _RULE.match(folded) or _ATTACHED.match(folded):
            parts.furniture.append(line_flow(line))
        elif is_upper(line.text) and starts_with_body(line.text) and following and is_opener(following.text):
            (parts.furniture if parts.bodies else parts.bodies).append(line_flow(line))
        else:
            break
        used += 1
    return used


def take_decides(lines: Sequence[Line]) -> tuple[list[Flow], list[Line]]:
    """Take "QUYẾT ĐỊNH:" out of a preamble: a heading of the form, not a paragraph."""
    short = [line for line in lines if len(line.text) <= MAX_HEAD_LINE]
    taken = [line_flow(line) for line in short if _DECIDES.match(fold(line.text)) and is_upper(line.text)]
    numbers = {flow.first.number for flow in taken}
    return taken, [line for line in lines if line.number not in numbers]


def _to_header(parts: HeadParts) -> Header:
    bodies = _join_bodies(parts.bodies)
    return Header(
        parent_body=bodies[-2] if len(bodies) > 1 else None,
        issuer=bodies[-1] if bodies else None,
        number=_passage(parts.number),
        place=_passage(parts.place),
        date=_passage(parts.date),
        type=_passage(parts.type),
        title=join_flows(parts.title).passage(drop=CLOSING_PUNCTUATION) if parts.title else None,
    )


def _join_bodies(flows: Sequence[Flow]) -> list[Passage]:
    """Join the lines of each body's name: "ỦY BAN NHÂN DÂN" / "TỈNH LAI CHÂU" is one."""
    groups: list[list[Flow]] = []
    for flow in flows:
        if groups and (not starts_with_body(flow.text) or names("places").match(fold(flow.text).lstrip())):
            groups[-1].append(flow)
        else:
            groups.append([flow])
    return [_clean(join_flows(group).passage(drop=CLOSING_PUNCTUATION + _DIRT)) for group in groups]


def _clean(passage: Passage) -> Passage:
    return replace(passage, text=passage.text.lstrip(_DIRT))


def _passage(flow: Flow | None) -> Passage | None:
    return flow.strip().passage(drop=CLOSING_PUNCTUATION) if flow and flow.text.strip() else None
