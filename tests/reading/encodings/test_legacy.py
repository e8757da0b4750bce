"""Legacy encodings → Unicode, on text that the tests encode themselves.

The encoders are written from published tables, not from those of viparse: VISCII from RFC 1456, TCVN3 from
TCVN 5712:1993 (VN3), VNI from the table `VNI` of xvnkb. The first two were compared with glibc's.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planparse.reading.encodings import clean, decode
from planparse.reading.encodings.legacy import NAMES, convert, convert_run, draws_capitals, encoding_of_font
from planparse.warning import WarningCode

SHARED = Path(__file__).parents[4] / "shared"

PLAN = """\
UBND TỈNH HÀ GIANG
SỞ NỘI VỤ
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
KẾ HOẠCH
Đào tạo, bồi dưỡng cán bộ, công chức năm 2003
I. MỤC ĐÍCH, YÊU CẦU
1. Nâng cao kỹ năng soạn thảo văn bản của cán bộ xã, phường, thị trấn.
2. Việc mở lớp phải thiết thực, tiết kiệm, đúng đối tượng.
II. NỘI DUNG
a) Đơn vị chủ trì: Trường Chính trị tỉnh
b) Đơn vị phối hợp: các huyện, thị xã
c) Thời gian thực hiện: quý III năm 2003
đ) Sản phẩm: báo cáo kết quả, danh sách học viên"""
LINES = PLAN.split("\n")
HALF = len(LINES) // 2

TONES = {"\u0301": "ù", "\u0300": "ø", "\u0309": "û", "\u0303": "õ", "\u0323": "ï"}
CIRCUMFLEX = {"": "â", "\u0301": "á", "\u0300": "à", "\u0309": "å", "\u0303": "ã", "\u0323": "ä"}
BREVE = {"": "ê", "\u0301": "é", "\u0300": "è", "\u0309": "ú", "\u0303": "ü", "\u0323": "ë"}
VNI_SINGLE = {"đ": "ñ", "ơ": "ô", "ư": "ö", "ị": "ò", "ỉ": "æ", "ĩ": "ó", "ỵ": "î", "í": "í", "ì": "ì"}
TCVN3_ROWS = {
    0xA1: "ĂÂÊÔƠƯĐăâêôơưđ",
    0xB5: "àảãáạ",
    0xBB: "ằẳẵắ",
    0xC6: "ặầẩẫấậè",
    0xCE: "ẻẽéẹềểễếệìỉ",
    0xDC: "ĩíịò",
    0xE1: "ỏõóọồổỗốộờởỡớợù",
    0xF1: "ủũúụừửữứựỳỷỹýỵ",
}
VISCII_ROWS = {
    0x02: "Ẳ",
    0x05: "ẴẪ",
    0x14: "Ỷ",
    0x19: "Ỹ",
    0x1E: "Ỵ",
    0x80: "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ",
    0xA0: "ÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ",
    0xC0: "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡư",
    0xE0: "àáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ",
}


def to_bytes(rows: dict[int, str]) -> dict[str, str]:
    return {letter: chr(first + place) for first, row in rows.items() for place, letter in enumerate(row)}


TCVN3 = to_bytes(TCVN3_ROWS)
VISCII = to_bytes(VISCII_ROWS)
SMALL = "".join(VISCII_ROWS[0xE0]).replace("Ữ", "") + "".join(TCVN3_ROWS.values())[7:]
MARKED = "".join(sorted(set(SMALL + SMALL.upper())))
WORDS = st.text(alphabet=MARKED + "bcdghklmnpqrstvxyaeiou .,;:-/0123456789\n")
SMALL_WORDS = st.text(alphabet=MARKED.lower() + "bcdghklmnpqrstvxyaeiou .,;:/0123456789\n")


def to_vni(letter: str) -> str:
    """Encode a letter in VNI: the letter, its mark; a capital has a capital mark."""
    if letter.lower() in VNI_SINGLE:
        small = VNI_SINGLE[letter.lower()]
    else:
        base, *marks = list(unicodedata.normalize("NFD", letter.lower()))
        tone = next((mark for mark in marks if mark in TONES), "")
        if "\u0302" in marks or "\u0306" in marks:
            small = base + (CIRCUMFLEX if "\u0302" in marks else BREVE)[tone]
        else:
            horned = {"o\u031b": "ô", "u\u031b": "ö"}.get(base + "".join(mark for mark in marks if mark == "\u031b"))
            small = (horned or base) + TONES.get(tone, "")
    return small.upper() if letter.isupper() else small


def encode(text: str, encoding: str) -> str:
    """Encode as text, each byte as its character of Latin-1; TCVN3 has no capitals with tone marks."""
    if encoding == "vni":
        return "".join(map(to_vni, text))
    table = TCVN3 if encoding == "tcvn3" else VISCII
    return "".join(table.get(letter) or table.get(letter.lower(), letter) for letter in text)


def spell(text: str, encoding: str) -> str:
    """What remains of `text` in an encoding: all of it, but for the case of letters in TCVN3."""
    return text.lower() if encoding == "tcvn3" else text


def encodings_of(data: bytes) -> list[str]:
    warnings = decode(data, where="plan.txt").warnings
    assert {warning.code for warning in warnings} <= {WarningCode.ENCODING}
    return [warning.message.split(" was converted")[0] for warning in warnings]


@pytest.mark.parametrize(
    ("encoding", "printed", "meant"),
    [
        pytest.param("tcvn3", "Céng hoµ x· héi chñ nghÜa ViÖt Nam", "Cộng hoà xã hội chủ nghĩa Việt Nam", id="TCVN3"),
        pytest.param("vni", "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam", id="VNI"),
        pytest.param("viscii", "Cµng hòa xã hµi chü nghîa Vi®t Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam", id="VISCII"),
        pytest.param("windows-1258", "Viêòt Nam ðôòc lâòp", "Việt Nam độc lập", id="windows-1258"),
        pytest.param("utf-8", "Viá»‡t Nam Ä‘á»™c láº\xadp", "Việt Nam độc lập", id="UTF-8"),
        pytest.param(
            "vni",
            "Uûy ban nhaân daân; kyù teân; baûy; saúng; chæ thò",
            "Ủy ban nhân dân; ký tên; bảy; sẳng; chỉ thị",
            id="small mark of a capital",
        ),
        pytest.param("vni", "lyù; loî; Î", "lý; loỵ; Ỵ", id="letters that viparse lacks"),
        pytest.param("tcvn3", "n\u2212íc, Th«ng t\xad", "nước, Thông tư", id="soft hyphen"),
        pytest.param("tcvn3", "\x93®¬n vÞ\x94 \x96 chñ tr×", "“đơn vị” – chủ trì", id="quotation marks"),
        pytest.param("viscii", "H“i ð°ng — Quäng Nam", "HỘi đồng — Quảng Nam", id="windows-1252 letters"),
    ],
)
def test_well_known_phrases_are_converted(encoding: str, printed: str, meant: str) -> None:
    assert convert(printed, encoding) == meant


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        pytest.param("QUYÕT §ÞNH", "QUYẾT ĐỊNH", id="heading"),
        pytest.param("ñY BAN NH¢N D¢N", "ỦY BAN NHÂN DÂN", id="a small letter first"),
        pytest.param("Së NéI Vô", "SỞ NỘI VỤ", id="words with one plain letter"),
        pytest.param("Sè: 12/KH-UBND", "Số: 12/KH-UBND", id="a number is no heading"),
        pytest.param("Sè: 12/KH-TU", "Số: 12/KH-TU", id="a number with a syllable"),
        pytest.param("Së Y TÕ", "Sở Y Tế", id="first capitals"),
        pytest.param("UBND TØNH vµ Së KH-§T", "UBND TỈNH và Sở KH-ĐT", id="one word of a line"),
    ],
)
def test_capitals_of_tcvn3_are_mended_where_the_letters_around_are_capitals(printed: str, meant: str) -> None:
    assert convert(printed, "tcvn3") == meant


@given(WORDS, st.sampled_from(["vni", "viscii"]))
def test_any_vietnamese_text_comes_back(text: str, encoding: str) -> None:
    assert convert(encode(text, encoding), encoding) == text


@given(SMALL_WORDS)
def test_any_small_vietnamese_text_comes_back_from_tcvn3(text: str) -> None:
    assert convert(encode(text, "tcvn3"), "tcvn3") == text


@given(st.text(), st.sampled_from(sorted(NAMES)))
def test_any_text_is_converted_to_nfc(text: str, encoding: str) -> None:
    assert unicodedata.is_normalized("NFC", convert(text, encoding))


@pytest.mark.parametrize("encoding", ["tcvn3", "vni", "viscii"])
def test_bytes_of_a_legacy_encoding_are_read_with_a_warning_that_names_it(encoding: str) -> None:
    data = encode(PLAN, encoding).encode("latin-1")
    assert spell(decode(data, where="plan.txt").text, encoding) == spell(PLAN, encoding)
    assert encodings_of(data) == [NAMES[encoding]]


@pytest.mark.parametrize("encoding", ["tcvn3", "vni", "viscii"])
def test_text_that_was_decoded_as_latin_1_is_read_the_same(encoding: str) -> None:
    data = encode(PLAN, encoding)
    assert clean(data).text == decode(data.encode("latin-1"), where="plan.txt").text
    assert [warning.code for warning in clean(data).warnings] == [WarningCode.ENCODING]


@pytest.mark.parametrize("first", ["tcvn3", "vni", "viscii"])
@pytest.mark.parametrize("second", ["tcvn3", "vni", "viscii"])
def test_two_encodings_in_one_file_are_told_apart(first: str, second: str) -> None:
    upper, lower = "\n".join(LINES[:HALF]), "\n".join(LINES[HALF:])
    data = f"{encode(upper, first)}\n{encode(lower, second)}".encode("latin-1")
    text = decode(data, where="plan.txt").text
    assert text.lower() == PLAN.lower()
    assert encodings_of(data) == list(dict.fromkeys((NAMES[first], NAMES[second])))


@pytest.mark.parametrize("encoding", ["tcvn3", "vni", "viscii"])
def test_a_legacy_half_beside_utf_8_is_converted_alone(encoding: str) -> None:
    legacy = encode("\n".join(LINES[:HALF]), encoding).encode("latin-1")
    data = legacy + b"\n" + "\n".join(LINES[HALF:]).encode()
    lines = decode(data, where="plan.txt").text.split("\n")
    assert spell("\n".join(lines[:HALF]), encoding) == spell("\n".join(LINES[:HALF]), encoding)
    assert lines[HALF:] == LINES[HALF:]
    assert encodings_of(data) == [NAMES[encoding]]


@pytest.mark.parametrize("encoding", ["tcvn3", "vni", "viscii"])
def test_three_legacy_lines_amid_unicode_are_converted_with_their_place(encoding: str) -> None:
    stretch = encode("\n".join(LINES[7:10]), encoding)
    cleaned = clean("\n".join([*LINES[:7], stretch, *LINES[10:]]))
    assert cleaned.text == PLAN
    assert [warning.where.lines for warning in cleaned.warnings if warning.where] == [(8, 8)]


@pytest.mark.parametrize(
    ("font", "encoding", "capitals"),
    [
        (".VnTime", "tcvn3", False),
        (".VnTimeH", "tcvn3", True),
        ("ABCDEF+.VnTimeH", "tcvn3", True),
        (".VnTimeH,Bold", "tcvn3", True),
        (".VnTimeH-BoldItalic", "tcvn3", True),
        (".VnArial NarrowH", "tcvn3", True),
        (".VnHelvetIns", "tcvn3", False),
        (".VNTIME", "tcvn3", False),
        ("VNI-Times", "vni", False),
        ("XYZABC+VNI-Helve-Bold", "vni", False),
        ("VI Times", "viscii", False),
        ("VI Times Hoa", "viscii", True),
        ("TimesNewRomanPSMT", None, False),
        ("Vnivers", None, False),
        ("ABCDEF+Arial-BoldMT", None, False),
        ("VIKING", None, False),
        ("", None, False),
    ],
)
def test_the_name_of_a_font_tells_its_encoding(font: str, encoding: str | None, capitals: bool) -> None:  # noqa: FBT001 (a case)
    assert (encoding_of_font(font), draws_capitals(font)) == (encoding, capitals)


@pytest.mark.parametrize(
    ("text", "font", "meant"),
    [
        ("QuyÕt", ".VnTime", "Quyết"),
        ("QuyÕt", ".VnTimeH", "QUYẾT"),
        ("®Þnh", "ABCDEF+.VnArialH,Bold", "ĐỊNH"),
        ("hoäi", "VNI-Times", "hội"),
        ("hoäi", "Arial", "hoäi"),
        ("12/2003/Q§-UB", ".VnTime", "12/2003/QĐ-UB"),
        ("đơn", ".VnTime", "đơn"),
        ("e\u0302\u0301", "Arial", "ế"),
    ],
)
def test_a_word_of_a_text_layer_is_converted_by_its_font(text: str, font: str, meant: str) -> None:
    assert convert_run(text, font) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("n-íc", "nước"),
        ("t-", "tư"),
        ("t\ufffe", "tư"),
        ("Th-¬ng", "Thương"),
        ("§-êng", "Đường"),
        ("-u", "ưu"),
        ("tr-êng", "trường"),
        ("tÕ-x·", "tế-xã"),
        ("kinh-tÕ", "kinh-tế"),
        ("KH-UBND", "KH-UBND"),
        ("2001-2005", "2001-2005"),
        ("15-CT/TU", "15-CT/TU"),
        ("-", "-"),
        ("-V¨n", "-Văn"),
        ("tr-êng-líp", "trường-lớp"),
    ],
)
def test_a_hyphen_of_a_text_layer_is_the_letter_where_that_makes_a_word(text: str, meant: str) -> None:
    assert convert_run(text, ".VnTime") == meant


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared")
@pytest.mark.parametrize("encoding", ["tcvn3", "vni", "viscii"])
def test_every_line_of_the_shared_plans_comes_back(encoding: str) -> None:
    paths = [*SHARED.glob("plans/*/text.txt"), *SHARED.glob("gold/*.truth.txt")]
    assert paths
    for path in paths:
        text = "".join(letter if letter in MARKED or letter.isascii() else " " for letter in path.read_text("utf-8"))
        text = clean(text).text
        read = decode(encode(text, encoding).encode("latin-1"), where=path.name).text
        assert read.lower() == text.lower()
