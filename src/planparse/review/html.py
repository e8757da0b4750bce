"""The page's template filled: escaped, under a content-security policy that allows its own style and script only."""

from __future__ import annotations

import base64
import hashlib
import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

TEMPLATES = "templates"


def render(**values: Any) -> str:  # noqa: ANN401 (what the template takes)
    """Fill the template; style and script go into it as they are, their digests into its policy."""
    style_text, script_text = _read("review.css"), _read("review.js")
    policy = (
        f"default-src 'none'; img-src data:; style-src {_digest(style_text)}; script-src {_digest(script_text)}; "
        "base-uri 'none'; form-action 'none'"
    )
    page = _environment().get_template("review.html.j2")
    own = {"style": Markup(style_text), "script": Markup(script_text)}  # noqa: S704 (our own files, not what was read)
    return page.render(policy=policy, words=load_words(), **own, **values)


@lru_cache(maxsize=1)
def load_words() -> dict[str, dict[str, str]]:
    """Return what the page says itself: for each language, words by name."""
    return tomllib.loads(_read("words.toml"))


@lru_cache(maxsize=1)
def _environment() -> Environment:
    loader = PackageLoader(__package__, TEMPLATES)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _read(name: str) -> str:
    return files(__package__).joinpath(TEMPLATES, name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
