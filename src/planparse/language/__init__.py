"""The language of plans: words, where the names of bodies begin and end, where their work begins.

Segmenting and normalizing ask the same questions, so that the answers are here: `words`, `bodies`, `work`, `lists`.
spaCy programs have them as a pipeline: `load()`, or `spacy.blank("planparse")` where planparse is installed. planparse
itself does without it: spaCy takes seconds to import.

What a `Doc` made here tells: `token.lower_` keeps the marks, `token.norm_` has none; `doc.text` is the text, character
for character; `doc.spans[RULES]` holds what the rules found, by `span.label_`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.language import Language
    from spacy.tokens import Doc, Span

NAME = "planparse"
"""Under which spaCy knows the language."""
RULES = "planparse"
"""The key of `doc.spans` under which the rules put what they found."""


@cache
def load() -> Language:
    """Return the pipeline, made once.

    >>> doc = load()("Giao Sở Y tế chủ trì")
    >>> [(span.label_, span.text) for span in doc.spans[RULES]]
    [('ASSIGNS', 'Giao'), ('LEADS', 'chủ trì'), ('BODIES', 'Sở Y tế')]
    """
    import spacy  # noqa: PLC0415 (seconds to import, of which many texts have no use)

    from planparse.language import vietnamese  # noqa: F401, PLC0415 (registers the language, where not installed too)

    return spacy.blank(NAME)


def to_doc(text: str) -> Doc:
    """Return `text` as words, with what the rules found."""
    return load()(text)


def found(doc: Doc, label: str) -> Iterator[Span]:
    """Yield what the rules found under `label`, in the order of the text; the longest where several begin.

    >>> doc = to_doc("Quyết định số 1789/QĐ-UBND")
    >>> [span.text for span in found(doc, "NUMBER")]
    ['1789/QĐ-UBND']
    """
    return (span for span in doc.spans[RULES] if span.label_ == label)
