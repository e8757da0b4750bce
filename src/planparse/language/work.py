"""Where the name of a body ends and its work begins: at a verb that is no part of the name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planparse.language.bodies import GENERAL, is_plural, opens_name
from planparse.language.words import is_phrase, phrase_length

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planparse.language.words import Word

VERBS = ("verbs", "weak_verbs")


def verb_at(words: Sequence[Word], index: int) -> bool:
    """Tell whether a verb stands at `words[index]`: one of `data/assignments.toml`, strong or weak."""
    return phrase_length(words, index, *VERBS) > 0


def opens_phrase(words: Sequence[Word], index: int) -> bool:
    """Tell whether a phrase that is no part of a name begins at `words[index]`: how, when, what for."""
    return phrase_length(words, index, "phrase_openers", "adverbs") > 0


def begins_work(words: Sequence[Word], index: int) -> bool:
    """Tell whether a verb at `words[index]`, behind a name, is what the body does, and no part of its name."""
    length = phrase_length(words, index, *VERBS)
    if not length or any(word.capital for word in words[index : index + length][:2]):
        return False
    if is_within_name(words, index) or _is_purpose(words, index) or carries_on(words, index):
        return False
    return not phrase_length(words, index, "verbs") or not _is_second_syllable(words, index)


def is_within_name(words: Sequence[Word], index: int) -> bool:
    """Tell whether a word behind a name surely belongs to it: a capital, a number, a body that looks like a verb."""
    word = words[index]
    return word.capital or word.text.isdigit() or _is_organization(words, index) or _is_longer(words, index)


def carries_on(words: Sequence[Word], index: int) -> bool:
    """Tell whether `words[index]` belongs to the name before it ("dự án đầu tư xây dựng", "Bộ Ngoại giao")."""
    if index and words[index - 1].text in {"-", "–"}:
        return True
    starts = range(max(0, index - 2), index + 1)
    return any(start + phrase_length(words, start, "compounds") > index for start in starts)


def _is_purpose(words: Sequence[Word], index: int) -> bool:
    """Tell whether a verb directly behind its kind says what a body is for ("Hội đồng thẩm định", "Quỹ hỗ trợ")."""
    if not phrase_length(words, index, "weak_verbs", "purposes"):
        return False
    starts = range(max(0, index - 2), index)
    return any(words[start].capital and is_phrase(words[start:index], "purposeful") for start in starts)


def _is_longer(words: Sequence[Word], index: int) -> bool:
    """Tell whether a body in small letters stands there that begins as a verb does: "hợp tác xã"."""
    return phrase_length(words, index, *GENERAL) > phrase_length(words, index, *VERBS) > 0


def _is_organization(words: Sequence[Word], index: int) -> bool:
    """Tell whether "tổ chức" is a body: plural, of a kind, or in a list with no other verb than of a duty behind it."""
    if [word.lower for word in words[index : index + 2]] != ["tổ", "chức"]:
        return False
    if index and is_plural(words, index - 1):
        return True
    kind = [word.lower for word in words[index + 2 : index + 4]] in (["chính", "trị"], ["xã", "hội"])
    listed = index > 0 and words[index - 1].lower in {",", "và"}
    acts = verb_at(words, index + 2) and words[index + 2].lower not in {"chủ", "có", "chịu"}
    return kind or (listed and not acts)


def _is_second_syllable(words: Sequence[Word], index: int) -> bool:
    """Tell whether a verb of one syllable may end a word that began before it ("Đào tạo", "đăng ký").

    Behind a proper name, whose syllables all have capitals, it does not ("tỉnh Hòa Bình trình").
    """
    if index == 0 or not is_phrase(words[index : index + 1], "verbs"):
        return False
    before = words[index - 1]
    proper = index > 1 and words[index - 2].capital and not opens_name(words, index - 2)
    opens_word = before.capital and not before.acronym and not proper
    return opens_word or is_phrase(words[index - 1 : index + 1], "weak_verbs")
