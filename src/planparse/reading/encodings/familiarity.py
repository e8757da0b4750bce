"""How common a word is in Vietnamese: log P from the unigrams of the language model."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from planparse.data import STEPS_A_NAT, data_path
from planparse.text import is_syllable

RARE = -16.0
"""log P of a word that the model does not have and that is no syllable: below the least that the file holds."""
ODD = -10.0
"""log P of a syllable that the model does not have, such as "hoà", spelt as in older texts.

Of the marked words of ../shared/corpus/admin.txt.xz, 1 in 700 is not in the model, and 98 % are likelier than this."""


@lru_cache(maxsize=65536)
def familiarity(word: str) -> float:
    """Return log P(word) in any case, natural, between `RARE` and 0.

    >>> familiarity("Của") > familiarity("hoà") > familiarity("xyz")
    True
    """
    lowered = word.lower()
    log = _unigrams().get(lowered)
    return log if log is not None else ODD if is_syllable(lowered) else RARE


@cache
def _unigrams() -> dict[str, float]:
    words = json.loads(Path(data_path("language_model.json")).read_text(encoding="utf-8"))["words"]
    logs = np.load(data_path("language_model_unigram_logs.npy")).astype(float) / -STEPS_A_NAT
    return dict(zip(words, logs.tolist(), strict=True))
