"""What spaCy runs: the language "planparse", its tokenizer and its rules; entry points make them known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confection import Config
from spacy.attrs import NORM
from spacy.language import BaseDefaults, Language
from spacy.pipeline import SpanRuler
from spacy.tokens import Doc
from spacy.util import registry

from planparse.data import load_table
from planparse.language import NAME, RULES
from planparse.language.bodies import opens_name
from planparse.language.lists import list_end
from planparse.language.words import split_words
from planparse.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from spacy.tokens import Span
    from spacy.vocab import Vocab

FACTORY = "planparse_rules"
BODIES = "planparse_bodies"
TOKENIZER = "planparse.Tokenizer.v1"


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
        end = 0
        for word in split_words(text):
            _add_white_space(text[end : word.start], words, spaces)
            words.append(word.text)
            spaces.append(False)
            end = word.end
        _add_white_space(text[end:], words, spaces)
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


def _add_white_space(gap: str, words: list[str], spaces: list[bool]) -> None:
    """Add what stands between two words, as spaCy has it: one space belongs to the word before it."""
    if gap.startswith(" ") and words:
        spaces[-1], gap = True, gap[1:]
    if gap:
        words.append(gap)
        spaces.append(False)


@registry.tokenizers(TOKENIZER)  # type: ignore[untyped-decorator]  # spaCy types it in part
def make_tokenizer() -> Callable[[Language], Tokenizer]:
    """Return what makes the tokenizer of a pipeline."""
    return lambda nlp: Tokenizer(nlp.vocab)


class _Defaults(BaseDefaults):
    config = Config(
        {
            "nlp": {"tokenizer": {"@tokenizers": TOKENIZER}, "pipeline": [FACTORY, BODIES]},
            "components": {FACTORY: {"factory": FACTORY}, BODIES: {"factory": BODIES}},
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
    """Return the rules of `data/rules.toml` as a component."""
    ruler = SpanRuler(nlp, name, spans_key=RULES, spans_filter=_longest)
    ruler.add_patterns(load_table("rules")["patterns"])
    return ruler


def _longest(before: Iterable[Span], matched: Iterable[Span]) -> list[Span]:
    """Return all spans in their order, of those with one label and one beginning the longest."""
    longest: dict[tuple[int, str], Span] = {}
    for span in sorted([*before, *matched], key=lambda span: (span.start, span.end)):
        longest[span.start, span.label_] = span
    return list(longest.values())


@Language.component(BODIES)
def mark_bodies(doc: Doc) -> Doc:
    """Add each list of bodies that `planparse.language.lists` finds."""
    words = split_words(doc.text)
    index = 0
    while index < len(words):
        end = list_end(words, index) if opens_name(words, index) else index
        if end > index:
            span = doc.char_span(words[index].start, words[end - 1].end, label="BODIES")
            doc.spans[RULES].append(span)
        index = max(end, index + 1)
    return doc
