"""What is installed, what is missing, how to get it."""

from __future__ import annotations

import platform
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planparse import __version__
from planparse.errors import ToolError
from planparse.reading.engines import engine_names, known_engines, tesseract
from planparse.restoring.language_model import load_language_model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planparse.config import Config

INSTALL_TESSERACT = {
    "Debian, Ubuntu": "sudo apt-get install tesseract-ocr tesseract-ocr-vie",
    "Fedora": "sudo dnf install tesseract tesseract-langpack-vie",
    "macOS": "brew install tesseract tesseract-lang",
    "Windows": "winget install UB-Mannheim.TesseractOCR, and choose Vietnamese in the installer",
}
REINSTALL = {"all systems": "pip install --force-reinstall planparse"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that planparse needs: its name, what was found, and, where it is missing, commands by system."""

    name: str
    found: str
    commands: dict[str, str] | None = None

    @property
    def good(self) -> bool:
        """Whether it is there and works."""
        return self.commands is None

    def __str__(self) -> str:
        line = f"{'ok' if self.good else 'MISSING':<8}{self.name}: {self.found}"
        return "\n".join([line, *(f"{'':<8}{system}: {way}" for system, way in (self.commands or {}).items())])


def examine(config: Config) -> list[Finding]:
    """Look for all that planparse needs, Tesseract's model by reading an empty page with it."""
    return [
        Finding("planparse", f"{__version__}, Python {platform.python_version()}, {platform.platform()}"),
        *_examine_tesseract(config.language),
        Finding("OCR engines", f"{', '.join(known_engines())}; {' and '.join(engine_names(config))} read"),
        _examine_language_model(),
    ]


def _examine_tesseract(language: str) -> Iterator[Finding]:
    try:
        version, languages = tesseract.ask()
    except ToolError as error:
        yield Finding("Tesseract", error.what, INSTALL_TESSERACT)
        return
    yield Finding("Tesseract", f"{version}, {shutil.which('tesseract')}")
    if language not in languages:
        yield Finding(f"Tesseract's model {language!r}", f"only {', '.join(languages) or 'none'}", INSTALL_TESSERACT)
        return
    try:
        tesseract.try_model(language)
    except ToolError as error:
        yield Finding(f"Tesseract's model {language!r}", error.what, INSTALL_TESSERACT)
    else:
        yield Finding(f"Tesseract's model {language!r}", f"works; there are {', '.join(languages)}")


def _examine_language_model() -> Finding:
    try:
        model = load_language_model()
    except (OSError, ValueError) as error:
        return Finding("language model", str(error), REINSTALL)
    return Finding("language model", f"{len(model.words)} syllables")
