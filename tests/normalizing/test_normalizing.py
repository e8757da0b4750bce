"""Times, units and references: cases; and what holds for any text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import planparse
from planparse.normalizing.references import read_own_reference, read_references
from planparse.normalizing.roles import read_roles
from planparse.normalizing.time_frames import find_time, is_impossible, read_time_frame
from planparse.normalizing.unit_names import is_same_unit
from planparse.normalizing.units import read_units

WORDS = st.lists(
    st.sampled_from(
        [
            *[
                "Quý",
                "tháng",
                "năm",
                "ngày",
                "trước",
                "từ",
                "đến",
                "2024",
                "30/6",
                "II",
                "IV/2025",
                ";",
                ",",
                ".",
                "thường",
                "xuyên",
                "theo",
                "-",
                "99",
                "hằng",
                "định",
                "kỳ",
            ]
        ]
    )
).map(" ".join)


@pytest.mark.cases("normalizing/time_frames")
def test_time_frame(case: dict[str, Any]) -> None:
    frame = read_time_frame(case["given"]["text"], case["given"].get("year"))
    assert frame is not None
    found = {
        "start": str(frame.start or "") or None,
        "end": str(frame.end or "") or None,
        "recurrence": frame.recurrence,
        "condition": frame.condition,
        "milestones": [one.text for one in frame.milestones] or None,
    }
    assert {key: value for key, value in found.items() if value is not None} == case["expect"]


@pytest.mark.cases("normalizing/units")
def test_units(case: dict[str, Any]) -> None:
    assert ["*" * unit.collective + unit.name for unit in read_units(case["given"])] == case["expect"]


@pytest.mark.cases("normalizing/roles")
def test_roles(case: dict[str, Any]) -> None:
    fields = {"field_for_leads": False, "field_for_both": True}
    found = {
        field: [[unit.name for unit in role] for role in read_roles(case["given"], both=both)]
        for field, both in fields.items()
    }
    assert found == case["expect"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sở GDĐT", "Sở Giáo dục và Đào tạo"),
        ("Sở NN&MT tỉnh", "Sở Nông nghiệp và Môi trường tỉnh"),
        ("UBND các xã", "Ủy ban nhân dân các xã"),
        ("Sở VHTTDL", "Sở Văn hóa, Thể thao và Du lịch"),
    ],
)
def test_an_abbreviation_names_the_same_unit(one: str, other: str) -> None:
    assert is_same_unit(one, other)


@pytest.mark.parametrize(("one", "other"), [("Sở TC", "Sở Nội vụ"), ("UBND xã", "UBND huyện"), ("Sở", "Sở Y tế")])
def test_other_names_are_other_units(one: str, other: str) -> None:
    assert not is_same_unit(one, other)


def test_names_of_any_length_are_compared() -> None:
    assert is_same_unit("Sở " + "a " * 5000, "Sở " + "A " * 5000)


def test_a_text_too_long_for_a_time_is_kept_unread() -> None:
    frame = read_time_frame("trước 30/6/2025 và sau đó, " * 100, None)
    assert frame is not None
    assert (frame.end, frame.milestones) == (None, ())


@pytest.mark.cases("normalizing/references")
def test_references(case: dict[str, Any]) -> None:
    found = [
        [one.type, one.number or "", str(one.date or ""), one.issuer or ""] for one in read_references(case["given"])
    ]
    assert found == case["expect"]


def test_a_line_under_the_title_names_the_document_itself() -> None:
    own = read_own_reference(["Nội dung", "(Kèm theo Kế hoạch số 12/KH-UBND ngày 01/3/2025 của UBND tỉnh)"])
    assert own is not None
    assert own.number == "12/KH-UBND"


def test_what_a_decision_encloses_is_another_document() -> None:
    assert read_own_reference(["Ban hành kèm theo Quyết định này Kế hoạch thực hiện Chỉ thị số 5/CT-TTg"]) is None


@pytest.mark.parametrize("text", ["31/02/2024", "tháng 13/2024", "Quý V/2024"])
def test_a_date_that_cannot_be_is_noticed(text: str) -> None:
    assert is_impossible(text)


@pytest.mark.parametrize("text", ["30/6/2024", "Quý IV/2024", "tháng 12", "Thường xuyên"])
def test_a_date_that_can_be_is_not(text: str) -> None:
    assert not is_impossible(text)


def test_an_empty_time_is_none() -> None:
    assert read_time_frame(" . ", 2024) is None


@pytest.mark.parametrize(
    ("sentence", "time"),
    [
        ("Sở Y tế chủ trì, hoàn thành trước ngày 30/6/2025.", "trước ngày 30/6/2025"),
        ("Giao Sở Y tế báo cáo chậm nhất là ngày 15 tháng 12 năm 2025.", "chậm nhất là ngày 15 tháng 12 năm 2025"),
        ("Giao Sở Y tế kiểm tra từ ngày 05/3/2026 đến ngày 20/3/2026.", "từ ngày 05/3/2026 đến ngày 20/3/2026"),
        ("Giao Sở Y tế chủ trì, gửi báo cáo trước ngày 15/12 hằng năm.", "trước ngày 15/12 hằng năm"),
        ("Giao Sở Y tế chủ trì, định kỳ 6 tháng báo cáo.", "định kỳ 6 tháng"),
        ("Giao Sở Y tế báo cáo trước 17h00 ngày 20/6/2026.", "trước 17h00 ngày 20/6/2026"),
        ("Giao Sở Y tế chủ trì, hoàn thành Quý II/2026.", "Quý II/2026"),
        ("Giao Sở Y tế chi trả vào tháng 01 và tháng 7 hàng năm.", "vào tháng 01 và tháng 7 hàng năm"),
    ],
)
def test_prose_names_its_time_as_a_bare_phrase(sentence: str, time: str) -> None:
    frame = find_time(sentence, None)
    assert frame is not None
    assert frame.text == time


def test_prose_without_a_date_has_no_time() -> None:
    assert find_time("Sở Nội vụ chủ trì, định kỳ báo cáo theo quy định.", 2024) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "Giao Sở Xây dựng chủ trì rà soát Quy hoạch thời kỳ 2021 - 2030, tầm nhìn đến năm 2050.",
        "Giao Sở Nội vụ báo cáo trước ngày 31 tháng 01 của năm quyết toán.",
        "Giao Sở Y tế chủ trì, hoàn thành 3/4 chỉ tiêu.",
    ],
)
def test_prose_that_names_no_time_of_the_work_has_none(sentence: str) -> None:
    assert find_time(sentence, 2026) is None


@given(WORDS)
def test_the_words_of_a_time_stay(text: str) -> None:
    frame = read_time_frame(text, 2024)
    assert frame is None or (
        frame.text in " ".join(text.split()) and not (frame.start and frame.end and frame.start > frame.end)
    )


@given(st.text(max_size=200))
def test_no_text_is_refused(text: str) -> None:
    read_time_frame(text, None)
    find_time(text, None)
    read_references(text)
    read_roles(text, both=True)
    assert all(unit.name for unit in read_units(text))


@pytest.mark.parametrize(
    ("printed", "number", "place"),
    [
        ("Số: 12 /KH-SNV Hoa Sơn, ngày 05 tháng 01 năm 2024", "12/KH-SNV", "Hoa Sơn"),
        ("Số:      /KH-UBND", "/KH-UBND", None),
        ("Số 36-HD/VPTW", "36-HD/VPTW", None),
    ],
)
def test_a_number_is_read_without_the_room_around_it(printed: str, number: str, place: str | None) -> None:
    """The place that follows on the same line is no part of it."""
    plan = planparse.parse_text(f"SỞ NỘI VỤ\n{printed}\nKẾ HOẠCH\nTuyên truyền\nCăn cứ Luật A;\nI. MỤC ĐÍCH\n1. Một.\n")
    assert (plan.header.number, plan.header.place) == (number, place)


def test_a_title_goes_on_with_a_line_that_begins_with_a_body() -> None:
    """Only the body that decides, above "Căn cứ", is no part of it."""
    head = "BỘ A\nSố: 1/QĐ-A\nQUYẾT ĐỊNH\nBAN HÀNH QUY CHẾ CỦA\nBAN CHỈ ĐẠO SỐ\nBỘ TRƯỞNG BỘ A\nCăn cứ Luật A;\n"
    plan = planparse.parse_text(head + "Điều 1. Ban hành.\nĐiều 2. Thi hành.\n")
    assert plan.header.title == "BAN HÀNH QUY CHẾ CỦA BAN CHỈ ĐẠO SỐ"


def test_scraps_within_a_foot_do_not_end_it() -> None:
    """A seal leaves letters below the foot's heading."""
    text = "KẾ HOẠCH\nA\nI. MỘT\n1. Hai./.\nNơi nhận:\nNÓ 7\n- Sở Nội vụ;\n- Lưu: VT.\nGIÁM ĐỐC\nNguyễn Văn An\n"
    plan = planparse.parse_text(text)
    assert plan.recipients == ("Sở Nội vụ", "Lưu: VT")
    assert plan.signature is not None
    assert plan.signature.name == "Nguyễn Văn An"


def test_a_foot_in_two_columns_has_both() -> None:
    """The heading of the recipients may stand beside the authority of the signature."""
    foot = "Nơi nhận:      TM. ỦY BAN NHÂN DÂN\n- Sở Nội vụ;     CHỦ TỊCH\n- Lưu: VT.     Nguyễn Văn An\n"
    plan = planparse.parse_text(f"KẾ HOẠCH\nA\nI. MỘT\n1. Hai./.\n{foot}")
    assert plan.recipients == ("Sở Nội vụ", "Lưu: VT")
    assert plan.signature is not None
    assert plan.signature.authority == "TM. ỦY BAN NHÂN DÂN"
