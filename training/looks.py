"""Print how the words of right, bare, mangled, ruined and foreign text look: the table in planparse.restoring.damage.

python training/looks.py CORPUS PAGES
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from corpus import read_lines
from noise_factory import ENGINES, read_pages
from planparse.restoring.looks import Look, look_shares
from planparse.text import strip_marks

if TYPE_CHECKING:
    from collections.abc import Iterable


def show(name: str, *texts: Iterable[str]) -> None:
    """Print the shares of one kind of text, the mean of several texts."""
    shares = [look_shares(lines) for lines in texts]
    print(f"{name:8}", *(f"{look.name} {sum(one[look] for one in shares) / len(shares):.4f}" for look in Look))


def lines_read(pages: Path, engine: str) -> Iterable[str]:
    """Return all lines that `engine` read."""
    return (read for lines in read_pages(pages, engine) for read, _ in lines)


def main() -> None:
    """Print all shares."""
    parser = argparse.ArgumentParser(description="Count how words look.")
    parser.add_argument("corpus", type=Path, help="folder with admin.txt.xz")
    parser.add_argument("pages", type=Path, help="folder that training/noise_factory.py wrote")
    options = parser.parse_args()
    right = list(read_lines(options.corpus, "admin"))[::20]
    show("RIGHT", right)
    show("BARE", map(strip_marks, right))
    show("MANGLED", lines_read(options.pages, "eng"))
    show("RUINED", *(lines_read(options.pages, engine) for engine in ENGINES if engine not in ("eng", "vie")))
    show("FOREIGN", (Path(__file__).parents[1] / "LICENSE").read_text(encoding="utf-8").splitlines())


if __name__ == "__main__":
    main()
