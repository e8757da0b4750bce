"""Prose of assignment: "Giao Sở Nội vụ chủ trì, phối hợp với Sở Tài chính …" → a task with its units.

spaCy's token matcher finds the patterns, on words without marks; `units` of the field are kept as printed. Only a
sentence that says *chủ trì*, or *giao* and a body, assigns; "có trách nhiệm", "phối hợp", "đề nghị" do not.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import regex

from planparse.data import load_table
from planparse.document import merge_places
from planparse.outline import Assignment, AssignmentKind, Field, FieldKind, Passage
from planparse.segmenting.flow import CLOSING_PUNCTUATION
from planparse.segmenting.header import starts_with_body
from planparse.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spacy.matcher import Matcher
    from spacy.tokens import Doc, Span

    from planparse.outline import Node, Paragraph

MAX_UNIT_WORDS = 40
"""Words between the beginning of a sentence and "chủ trì", or of a list of units; the longest list read has 31."""

MAX_READ = 1000
"""Characters of a sentence in which units are looked for: they stand before the work that is assigned."""

_TOKEN = regex.compile(r"[\p{L}\d&./\-]*[\p{L}\d&/]|\S")
_SENTENCE = regex.compile(r"(?<=[.;])\s+(?=\p{Lu})")


@dataclass(frozen=True, slots=True)
class _Found:
    """An assignment in a text: character ranges of the lead and the coordinating units; None where not said."""

    lead: tuple[int, int] | None
    coordinating: tuple[int, int] | None


def find_assignments(nodes: Sequence[Node], assigned: set[tuple[str, ...]]) -> list[Assignment]:
    """Return the tasks that paragraphs of `nodes` assign; `assigned` are the paths that are tasks already."""
    found: list[Assignment] = []
    for root in nodes:
        for node in root.walk():
            if node.path not in assigned:
                found += _in_node(node)
    return found


def _in_node(node: Node) -> Iterator[Assignment]:
    heading = node.title
    governed = heading is not None and heading.text.lower().startswith("giao ")
    for paragraph in node.text:
        path = (*node.path, *paragraph.items)
        if one := _in_paragraph(paragraph, heading, path, governed=governed):
            yield one


def _in_paragraph(
    paragraph: Paragraph, heading: Passage | None, path: tuple[str, ...], *, governed: bool
) -> Assignment | None:
    passage = paragraph.passage
    for start, end in _sentences(passage.text):
        sentence = passage.text[start:end]
        found = _read_sentence(sentence[:MAX_READ])
        lead = _lead_of(found, sentence, passage, heading, governed=governed)
        if lead is None:
            continue
        fields = [Field(FieldKind.LEAD_UNITS, lead, (lead,))]
        if found and found.coordinating:
            value = _part(passage, sentence[slice(*found.coordinating)])
            fields.append(Field(FieldKind.COORDINATING_UNITS, value, (value,)))
        text = _part(passage, sentence)
        where = merge_places([*passage.where, *lead.where])
        return Assignment(path, AssignmentKind.PROSE, text, tuple(fields), where)
    return None


def _lead_of(
    found: _Found | None, sentence: str, passage: Passage, heading: Passage | None, *, governed: bool
) -> Passage | None:
    """Return who leads: whom the sentence names, else the heading where it is a body's name."""
    if found and found.lead:
        return _part(passage, sentence[slice(*found.lead)])
    if heading is None:
        return None
    name = regex.sub(r"^\s*[Gg]iao\s+", "", heading.text)
    name = regex.sub(r"\s*\([^)]*\)\s*$", "", name).rstrip(" :")
    is_body = starts_with_body(name.removeprefix("Các ").removeprefix("các "))
    return _part(heading, name) if is_body and (found or governed) else None


def _part(passage: Passage, text: str) -> Passage:
    """Return `text`, a part of `passage`, as a passage at the same place."""
    return Passage(
        text.strip(CLOSING_PUNCTUATION) if text != passage.text else text,
        passage.spans,
        passage.where,
        passage.confidence,
    )


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in _SENTENCE.finditer(text):
        yield start, gap.start()
        start = gap.end()
    yield start, len(text)


def _read_sentence(sentence: str) -> _Found | None:
    doc = _to_doc(sentence)
    matches = sorted(_matcher()(doc, as_spans=True), key=lambda span: (span.label_ == "giao", span.start, -span.end))
    for span in matches:
        if span.start <= MAX_UNIT_WORDS and (found := _read_match(doc, span)):
            return found
    return None


def _read_match(doc: Doc, span: Span) -> _Found | None:
    """Read one match of "chủ trì …" or "giao …": the units before it and the list after "phối hợp với"."""
    if span.label_ == "giao":
        end = _list_end(doc, span.end)
        return _Found(_range(doc, span.end, end), None) if end > span.end else None
    lead = _lead_before(doc, span)
    if lead is None:
        return None
    coordinating = None
    if span.label_ == "chu_tri_phoi_hop":
        end = _list_end(doc, span.end)
        coordinating = _range(doc, span.end, end) if end > span.end else None
    return _Found(lead if lead[1] > lead[0] else None, coordinating)


def _lead_before(doc: Doc, span: Span) -> tuple[int, int] | None:
    """Return the range of the units before "chủ trì": empty at the sentence's beginning, None where none is named."""
    start = 0
    words = [token.norm_ for token in doc[: span.start]]
    if words[:1] == ["giao"]:
        start = 1
    if span.start == start or words[:2] == ["la", "co"] or words[:3] == ["la", "don", "vi"]:
        return (0, 0)
    named = doc[start : span.start].text
    end = _list_end(doc, start)
    rest = [token.norm_ for token in doc[min(end, span.start) : span.start]]
    if not starts_with_body(regex.sub(r"^[Cc]ác\s+", "", named)) or not _may_follow(rest):
        return None
    return _range(doc, start, min(end, span.start))


def _may_follow(words: Sequence[str]) -> bool:
    """Tell whether `words` may stand between a body's name and "chủ trì"."""
    joined = " ".join(words).strip(" ,")
    return joined == "" or bool(_fillers().fullmatch(joined)) or joined.startswith(("tren co so", "can cu"))


@cache
def _fillers() -> regex.Pattern[str]:
    return regex.compile(rf"(?:{'|'.join(fold(one) for one in load_table('assignments')['before_lead'])})")


def _list_end(doc: Doc, start: int) -> int:
    """Return the token after the list of units that begins at `start`: it ends at a duty's verb or a full stop."""
    depth = 0
    for index in range(start, min(len(doc), start + MAX_UNIT_WORDS)):
        token = doc[index]
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth > 0:
            continue
        if token.text in {".", ";", ":"} or _verb_at(doc, index):
            return index
    return min(len(doc), start + MAX_UNIT_WORDS)


def _verb_at(doc: Doc, index: int) -> bool:
    if doc[index].text[:1].isupper():
        return False
    words = [token.text.lower() for token in doc[index : index + 3]]
    return any(" ".join(words[:count]) in _verbs() for count in (1, 2, 3))


@cache
def _verbs() -> frozenset[str]:
    return frozenset(load_table("assignments")["verbs"])


def _range(doc: Doc, start: int, end: int) -> tuple[int, int]:
    span = doc[start:end]
    return (span.start_char, span.end_char)


@cache
def _matcher() -> Matcher:
    from spacy.matcher import Matcher  # noqa: PLC0415 (a second to import, needed by plans with prose only)

    matcher = Matcher(_vocab())
    comma: dict[str, Any] = {"ORTH": ",", "OP": "?"}
    adverbs = {"NORM": {"IN": ["chat", "che", "chu", "dong", "thuong", "xuyen", "cung"]}, "OP": "*"}
    lead: list[dict[str, Any]] = [{"NORM": "chu"}, {"NORM": "tri"}]
    together: list[dict[str, Any]] = [
        comma,
        {"NORM": "va", "OP": "?"},
        {"NORM": "phoi"},
        {"NORM": "hop"},
        adverbs,
        {"NORM": {"IN": ["voi", "cung"]}, "OP": "?"},
    ]
    matcher.add("chu_tri_phoi_hop", [[*lead, *together]], greedy="LONGEST")
    matcher.add("chu_tri", [lead])
    matcher.add("giao", [[{"NORM": "giao", "IS_SENT_START": True}], [{"NORM": "giao", "IS_TITLE": True}]])
    return matcher


@cache
def _vocab():  # type: ignore[no-untyped-def]  # noqa: ANN202 (spaCy ships no type for it)
    from spacy.vocab import Vocab  # noqa: PLC0415 (as above)

    return Vocab()


def _to_doc(text: str) -> Doc:
    """Return `text` as tokens whose norm is the folded word."""
    from spacy.tokens import Doc  # noqa: PLC0415 (as above)

    words: list[str] = []
    spaces: list[bool] = []
    for match in _TOKEN.finditer(text):
        words.append(match[0])
        spaces.append(text[match.end() : match.end() + 1].isspace())
    doc = Doc(_vocab(), words=words, spaces=spaces)
    for token in doc:
        token.norm_ = fold(token.text)
    return doc
