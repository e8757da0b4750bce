"""What spaCy runs: the language "planparse", its tokenizer and its rules; entry points make them known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from confection import Config
from spacy.attrs import NORM
from spacy.language import BaseDefaults, Language
from spacy.pipeline import SpanRuler
from spacy.tokens import Doc
from spacy.util import registry

from planparse.data import load_table
from planparse.language import NAME, RULES, TOKEN
from planparse.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from spacy.tokens import Span
    from spacy.vocab import Vocab

FACTORY = "planparse_rules"
TOKENIZER = "planparse.Tokenizer.v1"
PHRASES = {"BODY": "names", "WITHIN_NAME": "not_names", "PLURAL": "plurals"}
"""Labels of what `data/units.toml` has word for word, in any case, with marks or without any."""


class Tokenizer:
    """Split text at white space and punctuation, numbers of documents kept whole; no character is lost."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Return the words of `text`.

        >>> [token.text for token in Tokenizer(Language().vocab)("số 12/KH-VP, Sở KH&CN.")]
        ['số', '12/KH-VP', ',', 'Sở', 'KH&CN', '.']
        """
        words: list[str] = []
        spaces: list[bool] = []
        for match in TOKEN.finditer(text):
            word = match[0]
            if word.startswith(" ") and words:  # spaCy's way: one space belongs to the word before it
                spaces[-1], word = True, word[1:]
            if word:
                words.append(word)
                spaces.append(False)
        return Doc(self.vocab, words=words, spaces=spaces)

    def to_bytes(self, **_: object) -> bytes:
        """Return nothing: the tokenizer has no state; spaCy asks when a pipeline is saved."""
        return b""

    def from_bytes(self, _data: bytes, **_: object) -> Tokenizer:
        """Return the tokenizer as it is."""
        return self

    def to_disk(self, _path: object, **_: object) -> None:
        """Write nothing."""

    def from_disk(self, _path: object, **_: object) -> Tokenizer:
        """Return the tokenizer as it is."""
        return self


@registry.tokenizers(TOKENIZER)  # type: ignore[untyped-decorator]  # spaCy types it in part
def make_tokenizer() -> Callable[[Language], Tokenizer]:
    """Return what makes the tokenizer of a pipeline."""
    return lambda nlp: Tokenizer(nlp.vocab)


class _Defaults(BaseDefaults):
    config = Config(
        {
            "nlp": {"tokenizer": {"@tokenizers": TOKENIZER}, "pipeline": [FACTORY]},
            "components": {FACTORY: {"factory": FACTORY}},
        }
    )
    lex_attr_getters = {**BaseDefaults.lex_attr_getters, NORM: fold}  # noqa: RUF012 (as above)


@registry.languages(NAME)
class PlanLanguage(Language):  # type: ignore[no-untyped-call]  # spaCy types it in part
    """Vietnamese as plans have it."""

    lang = NAME
    Defaults = _Defaults


@Language.factory(FACTORY)
def make_rules(nlp: Language, name: str) -> SpanRuler:
    """Return the rules of `data/rules.toml` and the names of `data/units.toml` as a component."""
    ruler = SpanRuler(nlp, name, spans_key=RULES, spans_filter=_longest, phrase_matcher_attr="LOWER")
    ruler.add_patterns(list(_patterns()))
    return ruler


def _longest(before: Iterable[Span], matched: Iterable[Span]) -> list[Span]:
    """Return all spans in their order, of those with one label and one beginning the longest."""
    longest: dict[tuple[int, str], Span] = {}
    for span in sorted([*before, *matched], key=lambda span: (span.start, span.end)):
        longest[span.start, span.label_] = span
    return list(longest.values())


def _patterns() -> Iterator[dict[str, Any]]:
    for label, key in PHRASES.items():
        for form in dict.fromkeys(form for phrase in load_table("units")[key] for form in _forms(phrase)):
            yield {"label": label, "pattern": form}
    yield from load_table("rules")["patterns"]


def _forms(phrase: str) -> tuple[str, str]:
    """Return a phrase as it is written with marks, and as OCR may have left it: without any."""
    return phrase.lower(), fold(phrase)
