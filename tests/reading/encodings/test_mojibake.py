"""Which lines of a text are in a legacy encoding, and which are not: text that must come out as it is."""

from __future__ import annotations

import lzma
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planparse.reading.encodings import clean, decode
from planparse.reading.encodings.mojibake import Finding, is_suspect, mend_bytes, mend_lines
from planparse.warning import WarningCode

ROOT = Path(__file__).parents[3]
SHARED = ROOT.parent / "shared"

VIETNAMESE = """\
Căn cứ Luật Tổ chức chính quyền địa phương;
Theo đề nghị của Giám đốc Sở Nội vụ,
Có gì, làm đó; là quà cho má, bà và các cô.
1. Rà soát các văn bản
ĐƠN VỊ CHỦ TRÌ: SỞ TƯ PHÁP"""
ENGLISH = """\
The naïve café owner paid £12.50 for ½ lb of crème brûlée — “délicieux”, he said.
Temperature 25 ± 2 °C, 10 µm filter, 5 µg/ml, 3 × 4 m², §5 ¶2, © 2024 Größe & Söhne®"""
FRENCH = """\
L'été dernier, où étiez-vous ? Là-bas, près de la forêt, à côté du château.
Nous avons été reçus par le préfet ; sa réponse, très brève, nous a déçus.
« Ça va bientôt être prêt », répéta-t-il à la mère âgée du maître d'hôtel."""
GERMAN = """\
Die Größe der Häuser überraschte die Schüler; fünf Bäume müssen gefällt werden.
Über den Flüssen hängen schöne, große Brücken. Tschüß, Herr Müller!"""
SPANISH = """\
El señor Núñez compró un piñón; mañana irá con su niña a la montaña.
¿Qué día llegó usted? ¡Él está aquí, sí, más allá del jardín! Té, café y azúcar."""
PORTUGUESE = "A situação não é fácil: há três opções, avô e avó, mãe e irmãos, pão, coração, à noite, às três."
NORDIC = "Å være på øya: æ, ø, å. Það er gott að búa á Íslandi. Många frågar på svenska om ö och ä."
CODES = """\
Số: 1789/QĐ-UBND; 12/KH-VP; e-mail: vanphong@quangngai.gov.vn; http://example.vn/tin-tuc?id=12&trang=3
ĐT: 0255.3822.696 – Fax: (0255) 3.822.697; TK 3711.0.1234567; 25 °C ± 0,5; 1 200 m²"""
OCR = """\
Thuc hién Quyét dinh sé 1879/Qb-UBND ngay 15/12/2023 caa Chu tich
- Tiép tuc trién khai ¢ hiéu qua Nghi quyét sé 04-NQ/TU ngay 18/10/2021
cua Tinh üy va Nghi quyét s6 93/NQ-HDPND; ning lyc canh tranh cia tinh."""

TCVN3 = ["Céng hoµ x· héi chñ nghÜa ViÖt Nam", "§éc lËp - Tù do - H¹nh phóc"]
VNI = ["Ñôn vò chuû trì: Sôû Noäi vuï", "Thôøi gian thöïc hieän: quyù III"]


@pytest.mark.parametrize("text", [VIETNAMESE, ENGLISH, FRENCH, GERMAN, SPANISH, PORTUGUESE, NORDIC, CODES, OCR])
def test_right_text_goes_through_unchanged(text: str) -> None:
    assert mend_lines(text.split("\n")).lines == text.split("\n")
    cleaned = clean(text)
    assert cleaned.text == text
    assert cleaned.warnings == ()


@pytest.mark.parametrize("text", [ENGLISH, FRENCH, GERMAN, SPANISH, PORTUGUESE, CODES, OCR])
def test_right_text_between_lines_of_vietnamese_goes_through_unchanged(text: str) -> None:
    mixed = f"{VIETNAMESE}\n{text}\n{VIETNAMESE}"
    assert clean(mixed).text == mixed
    assert clean(mixed).warnings == ()


@pytest.mark.parametrize("text", [ENGLISH, FRENCH, GERMAN, SPANISH, PORTUGUESE, NORDIC])
def test_bytes_in_windows_1252_are_read_as_such(text: str) -> None:
    decoded = decode(text.encode("cp1252"), where="plan.txt")
    assert decoded.text == text
    assert [warning.message.split()[0] for warning in decoded.warnings] == ["windows-1252"]


def test_other_languages_in_utf_8_stay_where_bytes_are_broken() -> None:
    decoded = decode(FRENCH.encode() + b"\nprix: \xff\n" + FRENCH.encode(), where="plan.txt")
    assert decoded.text.split("\n")[:3] == FRENCH.split("\n")


def test_unicode_vietnamese_is_not_even_suspected() -> None:
    assert not is_suspect(VIETNAMESE)
    assert is_suspect(TCVN3[0])
    assert is_suspect(VNI[0])


def test_stretches_of_two_encodings_are_found_with_their_first_lines() -> None:
    unicode = VIETNAMESE.split("\n")
    mended = mend_lines([*unicode, *TCVN3, *unicode, *VNI, *unicode])
    assert mended.lines[5:7] == ["Cộng hoà xã hội chủ nghĩa Việt Nam", "Độc lập - Tự do - Hạnh phúc"]
    assert mended.lines[12:14] == ["Đơn vị chủ trì: Sở Nội vụ", "Thời gian thực hiện: quý III"]
    assert [*mended.lines[:5], *mended.lines[7:12], *mended.lines[14:]] == unicode * 3
    assert mended.converted == [Finding("tcvn3", 6), Finding("vni", 13)]
    assert mended.doubtful == []


def test_a_line_in_doubt_goes_with_its_neighbours() -> None:
    """A lone "tê tr×nh" is little evidence; between lines of TCVN3 there is no doubt."""
    assert mend_lines(["tê tr×nh"]).lines == ["tê tr×nh"]
    assert mend_lines([*TCVN3, "tê tr×nh", *TCVN3]).lines[2] == "tờ trình"


def test_the_letter_that_programs_drop_is_put_back_where_no_line_has_it() -> None:
    """0xAD, ư in TCVN3, is the soft hyphen of Latin-1."""
    lines = ["quyÕt ®Þnh cña bé trëng bé tµi chÝnh", "vÒ viÖc söa ®æi møc thuÕ, trêng hîp ®îc miÔn"]
    assert mend_lines(lines).lines == [
        "quyết định của bộ trưởng bộ tài chính",
        "về việc sửa đổi mức thuế, trường hợp được miễn",
    ]


def test_a_name_that_is_spelt_without_that_letter_stays_beside_lines_that_have_it() -> None:
    lines = ["Phã Thñ t\xadíng ChÝnh phñ", "Hå §øc Phíc"]
    assert mend_lines(lines).lines == ["Phó Thủ tướng Chính phủ", "Hồ Đức Phớc"]


def test_a_line_that_stays_in_doubt_is_left_with_a_warning() -> None:
    lines = [*VIETNAMESE.split("\n"), "Ph¹m Minh ChÝnh", *VIETNAMESE.split("\n")]
    cleaned = clean("\n".join(lines))
    assert cleaned.text.split("\n") == lines
    assert [(warning.code, warning.message) for warning in cleaned.warnings] == [
        (WarningCode.ENCODING, "may be TCVN3 (ABC); left as it is (first on line 6)")
    ]


def test_letters_of_viscii_in_the_place_of_control_characters_survive() -> None:
    """RFC 1456 has Ỷ at 0x14, and most marked capitals from 0x80 to 0x9F, NEL (0x85: Ầ) among them."""
    lines = ["K\x8a HO\x80CH C\x9cA U\x14 BAN NHÂN DÂN T\x9bNH", "V\x8b TU\x85N L\x8d", "Ðµc l§p - Tñ do"]
    meant = ["KẾ HOẠCH CỦA UỶ BAN NHÂN DÂN TỈNH", "VỀ TUẦN LỄ", "Độc lập - Tự do"]
    assert clean("\n".join(lines)).text.split("\n") == meant
    decoded = decode("\n".join(lines).encode("latin-1"), where="plan.txt")
    assert decoded.text.split("\n") == meant
    assert [warning.code for warning in decoded.warnings] == [WarningCode.ENCODING]


def test_bytes_that_are_broken_within_utf_8_are_kept_as_escapes() -> None:
    mended = mend_bytes(
        [line.encode() for line in VIETNAMESE.split("\n")] + ["chủ tr\udcc3".encode(errors="surrogateescape")]
    )
    assert mended.lines == [*VIETNAMESE.split("\n"), "chủ tr\udcc3"]
    assert mended.converted == []


@given(st.lists(st.text(alphabet=st.characters(exclude_characters="\r\n"))))
def test_as_many_lines_come_out_as_go_in(lines: list[str]) -> None:
    assert len(mend_lines(lines).lines) == len(lines)


@given(st.lists(st.binary()))
def test_as_many_lines_come_out_of_bytes_as_go_in(lines: list[bytes]) -> None:
    assert len(mend_bytes(lines).lines) == len(lines)


def test_the_licence_goes_through_unchanged() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert clean(text).text == text


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared")
@pytest.mark.parametrize("name", ["admin", "legal", "general"])
def test_nothing_of_the_corpus_is_converted(name: str) -> None:
    with lzma.open(SHARED / "corpus" / f"{name}.txt.xz", "rt", encoding="utf-8") as file:
        lines = file.read(2_000_000).split("\n")
    assert mend_lines(lines).lines == lines


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared")
def test_nothing_of_the_shared_texts_is_converted() -> None:
    paths = [*SHARED.glob("plans/*/text.txt"), *SHARED.glob("gold/*.txt"), *SHARED.glob("scans/**/*.txt")]
    assert paths
    for path in paths:
        lines = path.read_text(encoding="utf-8").split("\n")
        mended = mend_lines(lines)
        assert mended.lines == lines
        assert mended.doubtful == []
