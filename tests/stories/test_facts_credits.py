"""Whom a report credits, who an outlet is, and who did it themselves."""

from __future__ import annotations

from time import perf_counter

import pytest

from bot.stories.credits import credit
from bot.stories.outlets import is_own, outlet_key, publishes_unchanged, same_outlet


@pytest.mark.parametrize(
    ("summary", "original"),
    [
        ("Lumen has opened a lab in Turin. Source: Tech in Asia", "Tech in Asia"),
        ("Lumen has opened a lab. Source: Valley Robot Letter. It is large.", "Valley Robot Letter"),
        ("Delta leads the round, according to a Reuters report.", "Reuters"),
        ("According to the Financial Times, the deal is near.", "Financial Times"),
        ("Bloomberg reported on Monday that the two are in talks.", "Bloomberg"),
        ("On Monday Bloomberg reported that the two are in talks.", "Bloomberg"),
        ("The talks were first reported by The Harbour Gazette on Friday.", "The Harbour Gazette"),
        ("The Information first reported the talks.", "The Information"),
        ("Lumen raises money (via TechCrunch).", "TechCrunch"),
        ("TURIN, March 1 (Reuters) - Lumen said on Sunday", "Reuters"),
        ("据路透社报道，流明机器人完成新一轮融资。", "Reuters"),
        ("據路透社報導，流明機器人完成新一輪融資。", "Reuters"),
        ("据《华尔街日报》3 月 1 日报道，双方正在洽谈。", "The Wall Street Journal"),
        ("今天上午，The Information 援引知情人士消息称，双方正在洽谈。", "The Information"),
        ("路透社星期五（3月1日）引述两名知情人士报道，双方正在洽谈。", "Reuters"),
        ("据港湾机器人报报道，流明机器人完成融资。", "港湾机器人报"),
        ("流明机器人完成融资。来源：36氪", "36Kr"),
        ("36氪获悉，流明机器人完成融资。", "36Kr"),
    ],
)
def test_the_original_is_read_from_what_the_report_says(summary: str, original: str) -> None:
    assert credit("Lumen has news", summary, "Wamda") == original


@pytest.mark.parametrize(
    ("title", "original"),
    [
        ("Lumen weighs a merger - Bloomberg", "Bloomberg"),
        ("Lumen weighs a merger (WSJ)", "The Wall Street Journal"),
        ("彭博：流明机器人考虑合并", "Bloomberg"),
        ("Lumen weighs a merger - sources", ""),
    ],
)
def test_the_original_is_read_from_the_headline(title: str, original: str) -> None:
    assert credit(title, "", "Wamda") == original


@pytest.mark.parametrize(
    "summary",
    [
        "Delta was right, according to Citi.",
        "According to people familiar with the matter, it is near.",
        "Harbour reported on Wednesday record revenue.",
        "Image source: Getty Images",
        "Photo: Lumen. Source: the company",
        "An open source: Robot OS is free.",
        "The robot is steered via Satellite",
        "The Financial Times previously reported that talks were held.",
        "图片来源：视觉中国",
        "据外媒报道，双方正在洽谈。",
        "据知情人士透露，双方正在洽谈。",
        "《金融时报》此前报道称，双方正在洽谈。",
        "",
    ],
)
def test_whoever_is_quoted_is_no_original(summary: str) -> None:
    assert credit("Lumen has news", summary, "Wamda") == ""


@pytest.mark.parametrize(
    ("summary", "source"),
    [
        ("36氪获悉，流明机器人完成融资。", "36kr"),
        ("Reuters reported it.", "路透社"),
        ("Source: EdSurge News", "edsurge.com"),
    ],
)
def test_an_outlet_does_not_credit_itself(summary: str, source: str) -> None:
    assert credit("Lumen has news", summary, source) == ""


@pytest.mark.parametrize(
    "unit",
    [
        "A",
        "Aa ",
        "the ",
        "据",
        "报道",
        "Source: ",
        "来源",
        "(",
        "据路透社",
        "according to A ",
        "A'&+-",
        " via a-",
        "1月",
        "Reuters reported in March ",
    ],
)
def test_hostile_text_is_read_at_once(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    began = perf_counter()
    credit(text, text, "Wamda")
    assert perf_counter() - began < 1


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("路透社", "Reuters"),
        ("TechCrunch: Robotics", "TechCrunch"),
        ("techcrunch.com", "TechCrunch"),
        ("therobotreport.com", "The Robot Report"),
        ("36氪", "36Kr"),
        ("caixin-latest", "Caixin"),
        ("Fortune Business Insights", "fortunebusinessinsights"),
        ("Wamda", "wamda"),
    ],
)
def test_an_outlet_has_one_key_whatever_it_is_called(name: str, key: str) -> None:
    assert outlet_key(name) == key


def test_two_outlets_are_not_one() -> None:
    assert not same_outlet("Reuters", "Bloomberg")


@pytest.mark.parametrize(
    ("source", "link", "party", "own"),
    [
        ("Lumen", "https://www.lumen.ai/news/1", "Lumen AI", True),
        ("Feed", "https://lumen.ai/news/1", "Lumen AI", True),
        ("NVIDIA Blog", "https://blogs.example/1", "nvidia", True),
        ("流明机器人官方", "", "流明机器人", True),
        ("TechCrunch", "https://techcrunch.com/1", "nvidia", False),
        ("Reuters", "https://reuters.com/1", "Reuters", False),
        ("Robot Letter", "https://news.example/lumen", "Lumen AI", False),
    ],
)
def test_a_party_publishes_its_own_news(source: str, link: str, party: str, own: bool) -> None:
    assert is_own(source, link, [party]) is own


@pytest.mark.parametrize(
    ("source", "link", "unchanged"),
    [
        ("PR Newswire", "", True),
        ("Feed", "https://www.businesswire.com/news/1", True),
        ("Feed", "https://www.sec.gov/Archives/1", True),
        ("Feed", "https://www.gov.br/cade/1", True),
        ("巨潮资讯", "", True),
        ("Feed", "https://notsec.gov.example/1", False),
        ("Feed", "javascript:alert(1)", False),
        ("Reuters", "https://reuters.com/1", False),
    ],
)
def test_wires_and_filings_publish_unchanged(source: str, link: str, unchanged: bool) -> None:
    assert publishes_unchanged(source, link) is unchanged
