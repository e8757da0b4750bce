"""Where the facts of two plans differ, field by field."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from rapidfuzz.distance import Postfix, Prefix

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NOTHING = "(nothing)"
CONTEXT = 30
"""Characters shown around what differs in two long texts."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs: the path of the field, empty for the whole document, and the words for it."""

    path: str
    words: str

    def __str__(self) -> str:
        return f"{self.path}: {self.words}" if self.path else self.words


def compare_facts(expected: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[Difference]:
    """Yield the differences between two plans, each as JSON data (`Plan.facts`)."""
    left, right = ({**facts, "outline": _flatten(facts["outline"])} for facts in (expected, found))
    for name in left:
        yield from _compare(name, left[name], right[name])


def _flatten(items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return all items of an outline in one list, without their children; the ids tell the tree."""
    flat = []
    stack = list(reversed(items))
    while stack:
        item = dict(stack.pop())
        stack.extend(reversed(item.pop("children")))
        flat.append(item)
    return flat


def _compare(path: str, old: object, new: object) -> Iterator[Difference]:
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in old:
            yield from _compare(f"{path}.{name}", old[name], new[name])
    elif isinstance(old, list) and isinstance(new, list):
        named = path in {"outline", "tasks"}
        yield from _compare_named(path, old, new) if named else _compare_lists(path, old, new)
    else:
        yield Difference(path, _show_change(old, new))


def _compare_named(path: str, old: list[dict[str, Any]], new: list[dict[str, Any]]) -> Iterator[Difference]:
    """Compare what has ids: by id, and then the order."""
    left, right = ({one["id"]: one for one in items} for items in (old, new))
    for name in dict.fromkeys([*left, *right]):
        if name in left and name in right:
            yield from _compare(f"{path}.{name}", left[name], right[name])
        else:
            yield Difference(f"{path}.{name}", "missing" if name in left else f"not expected: {_show(right[name])}")
    if [name for name in left if name in right] != [name for name in right if name in left]:
        yield Difference(path, "in another order")


def _compare_lists(path: str, old: list[Any], new: list[Any]) -> Iterator[Difference]:
    """Compare values without ids; one that is new or gone does not make all after it differ."""
    left, right = ([json.dumps(one, sort_keys=True) for one in items] for items in (old, new))
    for _kind, i, i_end, j, j_end in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        pairs = min(i_end - i, j_end - j)
        for step in range(pairs):
            yield from _compare(f"{path}.{i + step + 1}", old[i + step], new[j + step])
        for place in range(i + pairs, i_end):
            yield Difference(f"{path}.{place + 1}", f"{_show(old[place])} → {NOTHING}")
        for place in range(j + pairs, j_end):
            yield Difference(f"{path}.{place + 1}", f"{NOTHING} → {_show(new[place])}")


def _show_change(old: object, new: object) -> str:
    if isinstance(old, str) and isinstance(new, str):
        start = Prefix.similarity(old, new)
        end = Postfix.similarity(old[start:], new[start:])
        return f"{_show_part(old, start, end)} → {_show_part(new, start, end)}"
    return f"{_show(old)} → {_show(new)}"


def _show_part(text: str, start: int, end: int) -> str:
    """Show a text without what it has in common with another before `start` and in its last `end` characters."""
    first, last = max(0, start - CONTEXT), min(len(text), len(text) - end + CONTEXT)
    return _show(("…" if first else "") + text[first:last] + ("…" if last < len(text) else ""))


def _show(value: object) -> str:
    return NOTHING if value is None else json.dumps(value, ensure_ascii=False)
