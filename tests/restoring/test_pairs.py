"""Brackets and quotes without a partner."""

from __future__ import annotations

import pytest

from planparse.restoring.pairs import find_loose


def loose(text: str) -> list[tuple[int, int]]:
    lines = text.split("\n")
    return sorted(find_loose(lines, range(len(lines))))


@pytest.mark.parametrize(
    "text",
    [
        "Sở Nội vụ (cơ quan thường trực) chủ trì",
        "gửi về Sở (qua Phòng\nKế hoạch), [1], ‘một’ và 'hai'",
        "a) Xây dựng",
        "gồm: a) xây dựng; (ii) ban hành, 1) triển khai",
        "tổ(chức",
    ],
)
def test_pairs_and_markers_are_not_loose(text: str) -> None:
    assert loose(text) == []


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("kế hoạch (mg dụng", [(0, 9)]),
        ("cơ quan, tf) chức", [(0, 9)]),
        ("theo (đề án\n\nđã duyệt) của Sở", [(0, 5), (2, 3)]),
        ("theo (đề án\n1. Đã duyệt) của Sở", [(0, 5), (1, 6)]),
        ("tỉnh ’hướng dẫn", [(0, 5)]),
        ("(một (hai) ba", [(0, 0)]),
    ],
)
def test_what_is_not_closed_in_its_paragraph_or_was_not_opened_is_loose(
    text: str, places: list[tuple[int, int]]
) -> None:
    assert loose(text) == places
