"""Heads of documents: what stands in them, and what a hand or a stamp leaves of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import planparse

if TYPE_CHECKING:
    from planparse.plan import Header

BODY = ["Căn cứ Kế hoạch số 12/KH-UBND ngày 02/01/2024 của UBND tỉnh;", "I. MỤC ĐÍCH", "1. Một."]


def _header(*lines: str) -> Header:
    return planparse.parse_text("\n".join([*lines, *BODY]) + "\n").header


def test_a_date_line_that_a_hand_ruined_does_not_end_the_head() -> None:
    header = _header("SỞ NỘI VỤ", "Lâm Bình, ngày ÄÍ tháng #È năm 2024", "KẾ HOẠCH", "Cải cách hành chính")
    assert (header.place, header.date, header.title) == ("Lâm Bình", None, "Cải cách hành chính")


def test_a_scrap_above_the_kind_of_the_document_does_not_end_the_head() -> None:
    header = _header("SỞ NỘI VỤ", "Số: 15/KH-SNV", "ngày Ấ4 tháng", "KẾ HOẠCH", "Cải cách hành chính")
    assert (header.number, header.type, header.title) == ("15/KH-SNV", "Kế hoạch", "Cải cách hành chính")


def test_a_date_beside_the_star_of_the_party_and_the_number_below() -> None:
    header = _header(
        "ĐẢNG ỦY XÃ PHÚ LONG", "*     Phú Long, ngày 12 tháng 01 năm 2026", "Số 07-KH/ĐU", "KẾ HOẠCH", "học tập"
    )
    assert (header.number, header.place, str(header.date)) == ("07-KH/ĐU", "Phú Long", "2026-01-12")


def test_a_line_of_a_title_may_begin_as_a_preamble_does() -> None:
    header = _header("SỞ NỘI VỤ", "KẾ HOẠCH", "Công tác cải cách hành chính", "năm 2024 của Sở Nội vụ")
    assert header.title == "Công tác cải cách hành chính năm 2024 của Sở Nội vụ"


def test_a_preamble_without_a_kind_of_document_above_it_stays() -> None:
    plan = planparse.parse_text("Mở đầu là một đoạn văn.\n" + "\n".join(BODY) + "\n")
    assert plan.preamble[0] == "Mở đầu là một đoạn văn."


def test_a_paragraph_that_fills_the_page_is_no_line_of_the_title() -> None:
    text = [
        "Nhân dịp tổng kết công tác phòng, chống thiên tai và tìm kiếm cứu nạn năm 2025 trên",
        "địa bàn, thực hiện chỉ đạo của cấp trên và căn cứ tình hình thực tế của địa phương ta,",
        "Ủy ban nhân dân xã thông báo một số nội dung để các thôn biết và tổ chức thực hiện.",
    ]
    header = _header("ỦY BAN NHÂN DÂN XÃ A", "THÔNG BÁO", "Về việc trực ban", "và báo cáo năm 2025", *text)
    assert header.title == "Về việc trực ban và báo cáo năm 2025"


def test_the_motto_beside_the_issuer_behind_dirt_takes_no_word_of_it() -> None:
    header = _header("ỦY BAN NHÂN DÂN_CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "TỈNH LÂM BÌNH", "KẾ HOẠCH", "Một")
    assert header.issuer == "ỦY BAN NHÂN DÂN TỈNH LÂM BÌNH"
