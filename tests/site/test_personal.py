"""Numbers and addresses of persons are found however they are written, and what only looks like one is let be."""

import pytest

from projections.standard.personal import HIDDEN, found, hidden

ID_NUMBER = "990101198005170015"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"证件{ID_NUMBER}号", "an identity number"),
        ("990101 19800517 0015", "an identity number"),
        ("990101-1980-0517-001X", "an identity number"),
        ("９９０１０１１９８００５１７００１５", "an identity number"),
        ("账号6222020200112233445", "a long number"),
        ("990101800517001", "a long number"),
        ("13800000001", "a mobile number"),
        ("+86 138-0000-0001", "a mobile number"),
        ("138\u200b0000\u200b0001", "a mobile number"),
        ("１３８００００００01", "a mobile number"),
        ("一三八零零零零〇〇〇一", "a mobile number"),
        ("①③⑧00000001", "a mobile number"),
        ("010-66012345", "a telephone number"),
        ("（0755）6601234", "a telephone number"),
        ("联系方式：6601 2345", "a telephone number"),
        ("家住静安里七号", "a home address"),
        ("幸福小区3号楼2单元502室", "a home address"),
        ("见~1|ada|e1|name|AAAA", "a sealed text"),
    ],
)
def test_it_is_found(text: str, kind: str):
    assert kind in {hit.kind for hit in found(text)}
    assert HIDDEN in hidden(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-13、2026-11-14两次会议，到会15人",
        "示委〔2026〕12号文，2026年第4季度，12345678.90元",
        "收缴党费1,380,000.01元，共138笔",
        "地点3号楼201室，时间14:30",
        "一三五学习日，二四六值班",
        "",
    ],
)
def test_it_is_let_be(text: str):
    assert found(text) == []
    assert hidden(text) == text


def test_only_the_number_is_taken_out():
    assert hidden("请拨打电话：6601 2345，或写信") == f"请拨打电话：{HIDDEN}，或写信"
    assert hidden("地址：静安里小区3幢502室。") == f"地址：{HIDDEN}。"
    assert hidden("13800000001、13800000002") == f"{HIDDEN}、{HIDDEN}"


def test_an_id_of_a_member_is_a_word_of_its_own():
    assert hidden("由ada负责，见adamant与ada-2", {"ada"}) == f"由{HIDDEN}负责，见adamant与ada-2"
    assert [hit.kind for hit in found("ada.", {"ada"})] == ["a member's id"]
    assert found("ada") == []


def test_what_overlaps_is_taken_out_once():
    assert hidden("电话：13800000001", {"13800000001"}) == f"电话：{HIDDEN}"
