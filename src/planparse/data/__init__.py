"""Knowledge as tables: cached loaders, each file read on first use. README.md tells where each file is from."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

STEPS_A_NAT = 16
"""Log probabilities of the language model are bytes, sixteenths of a nat below zero: a byte reaches down to e^-16."""


@cache
def load_table(name: str) -> dict[str, Any]:
    """Return the TOML table `name`.toml of this folder."""
    return tomllib.loads((files(__name__) / f"{name}.toml").read_text(encoding="utf-8"))


def data_path(name: str) -> str:
    """Return the path of the file `name` of this folder, for what maps files into memory."""
    return str(files(__name__) / name)
