"""Roles: who leads and who coordinates, where one field names both.

"Sở Y tế chủ trì, phối hợp với Sở Nội vụ; Công an tỉnh", "Chủ trì: Sở Y tế; phối hợp: Sở Nội vụ", "Sở Y tế (chủ trì), Sở
Nội vụ". Where nothing says so, all units of a field for leads lead, and of a column for both the first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from planparse.normalizing.units import (
    has_work,
    make_units,
    read_clauses,
    read_units,
    split_clauses,
    split_names,
)
from planparse.text import fold

if TYPE_CHECKING:
    from planparse.plan import Unit

    Roles = tuple[tuple[Unit, ...], tuple[Unit, ...]]

_TOGETHER = regex.compile(
    r"(?:\bchu tri\b)?[\s,]*(?:\bva )?"
    r"\bphoi hop(?: (?:chat che|thuong xuyen|chu dong|thuc hien))*(?: (?:voi|cung))?\b(?!\))\s*:?"
)
_LABEL = regex.compile(r"[\s\-+]*(?:(?:co quan|don vi) )?(?P<role>chu tri|phoi hop)[\p{L} ]{0,25}:\s*")
_LEADING = regex.compile(r"\bchu tri\b(?!\s*\))")
_IN_BRACKETS = regex.compile(r"\(\s*(?:(?:co quan|don vi) )?(?P<role>chu tri|phoi hop|dau moi|thuong truc)\b")
# "do Sở Y tế làm đầu mối"
_APPOINTED = regex.compile(
    r"[\s,]*\bdo (?P<who>[^;\n]+?) (?:(?:la|lam) )?(?:(?:co quan|don vi) )?(?:chu tri|dau moi|thuong truc)\b"
)


def read_roles(text: str, *, both: bool) -> Roles:
    """Return who leads and who coordinates; `both`: the field is for the two of them.

    >>> [[unit.name for unit in role] for role in read_roles("Sở Y tế chủ trì, phối hợp với Sở Nội vụ", both=False)]
    [['Sở Y tế'], ['Sở Nội vụ']]
    """
    folded = fold(text)
    together = _TOGETHER.search(folded) or _IN_BRACKETS.search(folded) or _APPOINTED.search(folded)
    if not together and (not both or _each_has_work(text)):
        return read_units(text), ()
    if not together and not _LEADING.search(folded):
        units = read_units(text)
        return units[:1], units[1:]
    leads, partners = _parted(text)
    lead_units, partner_units = make_units(iter(leads)), make_units(iter(partners))
    leading = {unit.name for unit in lead_units}
    return lead_units, tuple(unit for unit in partner_units if unit.name not in leading)


def _each_has_work(text: str) -> bool:
    clauses = [clause for clause in split_clauses(text) if clause.strip()]
    return len(clauses) > 1 and all(map(has_work, clauses))


def _parted(text: str) -> tuple[list[str], list[str]]:
    """Return the names of who leads and of who coordinates: clause by clause, the role of one goes on in the next."""
    leads: list[str] = []
    partners: list[str] = []
    role = leads
    for clause in read_clauses(text):
        folded = fold(clause)
        if label := _LABEL.match(folded):
            role = leads if label["role"] == "chu tri" else partners
            role += split_names(clause[label.end() :])
        elif appointed := _APPOINTED.search(folded):
            leads += split_names(clause[slice(*appointed.span("who"))])
            partners += split_names(clause[: appointed.start()])
            role = partners
        elif together := _TOGETHER.search(folded):
            before = [*split_names(clause[: together.start()])]
            after = [*split_names(clause[together.end() :])]
            (leads if after else partners).extend(before)
            partners += after
            role = partners
        elif leading := _LEADING.search(folded):
            leads += split_names(clause[: leading.start()])
            role = partners
        else:
            role = _sort_marked([*split_names(clause)], leads, partners, role)
    return leads, partners


def _sort_marked(names: list[str], leads: list[str], partners: list[str], role: list[str]) -> list[str]:
    """Sort the names of a clause by what stands behind each, as "(chủ trì)"; return the role that goes on."""
    marks = [match["role"] if (match := _IN_BRACKETS.search(fold(name))) else "" for name in names]
    unmarked = partners if any(mark not in {"", "phoi hop"} for mark in marks) else role
    for name, mark in zip(names, marks, strict=True):
        {"": unmarked, "phoi hop": partners}.get(mark, leads).append(name)
    return unmarked
