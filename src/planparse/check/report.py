"""What a check found, to read and for CI."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planparse.check.differences import Difference

_NOT_XML = regex.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
"""Characters that XML 1.0 has no way to write (section 2.2)."""


@dataclass(frozen=True, slots=True)
class Result:
    """The differences of one sample, and those that are known failures."""

    name: str
    differences: tuple[Difference, ...]
    known: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The results of all samples, and of what has no sample; the files that were skipped."""

    results: tuple[Result, ...]
    skipped: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether anything is not as expected."""
        return any(result.differences for result in self.results)

    def to_text(self) -> str:
        """Return the report to read, the sum in its last line."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        for result in self.results:
            yield f"{result.name}: {_count(len(result.differences), 'difference')}"
            yield from (f"  {difference}" for difference in result.differences)
            yield from (f"  known: {difference}" for difference in result.known)
        yield from (f"{name}: skipped, not of a type that is read" for name in self.skipped)
        different = sum(bool(result.differences) for result in self.results)
        known = sum(len(result.known) for result in self.results)
        parts = [f"{len(self.results) - different} as expected", f"{different} different"]
        parts += [f"{len(self.skipped)} skipped", _count(known, "known failure")]
        yield ", ".join(parts)

    def to_junit(self) -> str:
        """Return the report as JUnit's XML."""
        failures = sum(bool(result.differences) for result in self.results)
        counts = {"tests": len(self.results) + len(self.skipped), "failures": failures, "skipped": len(self.skipped)}
        root = ET.Element("testsuites")
        suite = ET.SubElement(root, "testsuite", {"name": "planparse check", "errors": "0"} | _strings(counts))
        for result in self.results:
            case = ET.SubElement(suite, "testcase", {"classname": "planparse.check", "name": _clean(result.name)})
            if result.differences:
                failure = ET.SubElement(case, "failure", {"message": _count(len(result.differences), "difference")})
                failure.text = _clean("\n".join(map(str, result.differences)))
            if result.known:
                ET.SubElement(case, "system-out").text = _clean("\n".join(f"known: {one}" for one in result.known))
        for name in self.skipped:
            case = ET.SubElement(suite, "testcase", {"classname": "planparse.check", "name": _clean(name)})
            ET.SubElement(case, "skipped", {"message": "not of a type that is read"})
        ET.indent(root)
        return ET.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _strings(counts: dict[str, int]) -> dict[str, str]:
    return {name: str(count) for name, count in counts.items()}


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _clean(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
