"""What the words over a column mean."""

from __future__ import annotations

from typing import Any

import pytest

from planparse.segmenting.heads import column_meaning, head_words


@pytest.mark.cases("segmenting/heads")
def test_heads_mean_one_thing_by_the_kinds_of_their_words(case: dict[str, Any]) -> None:
    heads = [" ".join(head.split()) for head in case["given"].split(";")]
    read = {head: column_meaning(head_words(head)) or "" for head in heads}
    assert read == dict.fromkeys(heads, case["expect"])
