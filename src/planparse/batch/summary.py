"""What a run did, kept in a few numbers however many documents it had."""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planparse.batch.manifest import Entry
    from planparse.errors import PlanparseError
    from planparse.places import Place

SLOWEST = 5
"""Documents that are named as the slowest."""
SLOW = 10.0
"""Seconds from which a document is named: on a page or two of a scan nobody waits so long."""


@dataclass(slots=True)
class Summary:
    """What a run did.

    Attributes:
        manifest: where each document has its line.
        done, unchanged: plans that were written, and that were there already.
        failures: documents that failed, by the code of the error.
        read: pages that were read so far, those of documents too that are not finished.
        pages, seconds: of the documents that were done: their pages, and the work that they took.
        to_review: documents with fields that a person should check, and the fields.
        slowest: the documents that took longest, with their seconds.
    """

    manifest: Place
    done: int = 0
    unchanged: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    read: int = 0
    pages: int = 0
    seconds: float = 0.0
    to_review: Counter[str] = field(default_factory=Counter)
    slowest: list[tuple[float, str]] = field(default_factory=list)

    def add(self, entry: Entry) -> None:
        """Count a document that is settled."""
        if entry.error:
            self.failures[entry.error["code"]] += 1
        else:
            self.done += 1
        self.pages += entry.pages or 0
        self.seconds += entry.seconds
        if entry.to_review:
            self.to_review += Counter(documents=1, fields=entry.to_review)
        heapq.heappush(self.slowest, (entry.seconds, entry.input))
        self.slowest = heapq.nlargest(SLOWEST, self.slowest)

    @property
    def failed(self) -> int:
        """How many documents failed."""
        return self.failures.total()

    def to_data(self) -> dict[str, Any]:
        """Return it for machines."""
        return {
            "manifest": str(self.manifest),
            "done": self.done,
            "unchanged": self.unchanged,
            "failed": self.failed,
            "failures": dict(sorted(self.failures.items())),
            "pages": self.pages,
            "seconds": round(self.seconds, 3),
            "to_review": {"documents": self.to_review["documents"], "fields": self.to_review["fields"]},
            "slowest": [{"input": name, "seconds": seconds} for seconds, name in self.slowest],
        }

    def to_text(self) -> str:
        """Return it for people; its last line says it all."""
        lines = [f"failed, {code}: {count}" for code, count in self.failures.most_common()]
        if self.to_review:
            lines.append(f"to review: {self.to_review['fields']} fields in {self.to_review['documents']} documents")
        lines += [f"slowest: {name}, {seconds:.1f} s" for seconds, name in self.slowest if seconds >= SLOW]
        ending = f"{self.done} done, {self.unchanged} unchanged, {self.failed} failed: see {self.manifest}"
        return "\n".join([*lines, ending])


class Watcher:
    """Is told how a run goes; this one keeps it to itself."""

    def update(self, summary: Summary) -> None:
        """Take what was done so far."""

    def fail(self, error: PlanparseError) -> None:
        """Take why a document failed."""
