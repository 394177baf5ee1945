"""A small gazetteer, and items and watchlists in one line each."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.classify.knowledge.seeds import Classes, Entity, Knowledge, Terms, Topic
from bot.model import TERMINAL, Item, Person, Watchlist

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

KNOWLEDGE = Knowledge(
    entities=(
        Entity("alibaba", "company", "Alibaba", ("阿里巴巴", "Alibaba Group")),
        Entity("alibaba-cloud", "investor", "Alibaba Cloud", ("阿里云",), parent="alibaba"),
        Entity("qwen", "lab", "Qwen", ("通义千问", "Tongyi Qianwen"), parent="alibaba-cloud"),
        Entity("unitree", "company", "Unitree", ("宇树科技", "宇树"), classes=("robotics",)),
        Entity("agility", "company", "Agility Robotics", classes=("robotics", "humanoid")),
        Entity(
            "figure",
            "company",
            "Figure",
            ("Figure AI",),
            classes=("robotics",),
            ambiguous=("Figure",),
            context=("humanoid",),
        ),
        Entity("amazon", "company", "Amazon", ambiguous=("Amazon",), forbid=("rainforest",)),
        Entity("apple", "company", "Apple"),
        Entity("apple-records", "company", "Apple Records", ("Apple",), ambiguous=("Apple",), context=("album",)),
        Entity("eddie-wu", "person", "Eddie Wu", ("吴泳铭",)),
    ),
    topics=(
        Topic(
            "robotics",
            "Robotics",
            ("robots", "机器人"),
            exclude=("robots.txt", "robot check", "聊天机器人"),
            groups=(
                Terms(0.7, ("robot", "robots", "robotics", "机器人")),
                Terms(0.3, ("robot vacuum", "drone")),
            ),
            classes=(Classes(0.45, ("robotics",)), Classes(0.6, ("humanoid",))),
        ),
        Topic(
            "physical-ai", "Physical AI", ("embodied ai", "具身智能"), groups=(Terms(0.7, ("embodied ai", "具身智能")),)
        ),
    ),
)


def item(title: str = "", summary: str = "", source: str = "", lang: str = "") -> Item:
    return Item("0" * 24, title, "https://e.org/1", summary, NOON, "", lang, source, "", None, 1, None, None)


def watchlist(query: str, number: int = 1) -> Watchlist:
    return Watchlist(number, TERMINAL, f"list {number}", query, Person("terminal:me"), NOON)


def watchlists(*queries: str) -> list[Watchlist]:
    return [watchlist(query, number) for number, query in enumerate(queries, 1)]
