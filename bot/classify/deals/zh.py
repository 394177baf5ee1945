"""What Chinese texts say of deals: financings, takeovers and listings, clause by clause."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.classify.deals.drafts import Draft, Said
from bot.classify.deals.zh_buying import find_buying
from bot.classify.deals.zh_clauses import HAN, Text
from bot.classify.deals.zh_funding import FundingReader
from bot.classify.deals.zh_listing import find_listing
from bot.classify.deals.zh_names import head, short_form
from bot.classify.passages import Passage

TRIGGERS: tuple[str, ...] = (
    "融资", "领投", "跟投", "参投", "投资", "注资", "战投", "收购", "并购", "入股", "增资", "参股", "股权", "股份",
    "控股", "上市", "IPO", "招股", "递表", "募资", "募集", "集资", "筹资", "筹集", "定增", "认购", "私有化", "合并",
    "股东", "轮", "聆讯", "挂牌", "科创板", "港交所", "估值", "入主", "出售", "转让",
)  # fmt: skip
"""Words one of which every deal in Chinese has."""

_ANY = re.compile("|".join(TRIGGERS))
_BUYING = re.compile(
    "收购|并购|控股|买下|吃下|吞下|拿下|入主|私有化|接手|受让|购买|竞购|取得|购得|吞并|收编|合并|出售|转让|卖给|揽入"
)
_LISTING = re.compile("上市|IPO|招股|递表|聆讯|挂牌|敲钟|登陆|过会|公开募股|公开发行|辅导")
_MOST = 60
"""More financings than this, or more purchases and listings, are no news report; the rest is not looked at."""
_HAN = re.compile(f"[{HAN}]")


def find(passages: Sequence[Passage]) -> list[Draft]:
    """Every deal that a clause of the passages reports, in the order of the text; several drafts may be of one deal."""
    funding = FundingReader()
    others: list[Draft] = []
    texts = [Text(passage) for passage in passages if _HAN.search(passage.text)]
    company: Said | None = None
    for text in texts:
        for sentence in text.sentences():
            first, last = sentence[0].start, sentence[-1].end
            words = text.masked[first:last]
            if not _ANY.search(words):
                continue
            listing = find_listing(text, sentence, funding.company or company) if _LISTING.search(words) else None
            bought = find_buying(text, sentence, company) if _BUYING.search(words) else []
            others += ([listing] if listing else []) + bought
            funding.read(text, sentence, offering=listing is not None)
            company = company or (listing.target if listing else None) or (bought[0].acquirer if bought else None)
        company = company or funding.company or _first_named(text)
    _one_buyer(others)
    drafts = [_shortened(draft, texts) for draft in _fuller(funding.drafts()[:_MOST]) + others[:_MOST]]
    drafts = [draft for draft in drafts if not (draft.type == "funding" and _of_a_listing(draft, others))]
    order = {id(passage): number for number, passage in enumerate(passages)}
    return sorted(drafts, key=lambda draft: (order[id(draft.passage)], draft.start))


def _shortened(draft: Draft, texts: Sequence[Text]) -> Draft:
    """With the name by which the item goes on to call the company."""
    return replace(draft, target=short_form(draft.target, texts)) if draft.target else draft


def _of_a_listing(draft: Draft, others: Sequence[Draft]) -> bool:
    """Whether a sum raised is that of a listing which another clause tells of."""
    return (
        bool(draft.money)
        and not (draft.stage or draft.investors)
        and any(
            other.type == "ipo" and other.money and draft.money and other.money[3:5] == draft.money[3:5]
            for other in others
        )
    )


def _one_buyer(drafts: list[Draft]) -> None:
    """Leave the buyer of a purchase to the clause that tells of it first."""
    told: dict[str, Draft] = {}
    for at, draft in enumerate(drafts):
        if draft.type != "acquisition" or draft.target is None:
            continue
        first = told.setdefault(draft.target.words.replace(" ", ""), draft)
        if (
            first is not draft
            and first.acquirer
            and draft.acquirer
            and first.acquirer.words not in draft.acquirer.words
        ):
            drafts[at] = replace(draft, acquirer=None)


def _fuller(drafts: Sequence[Draft]) -> list[Draft]:
    """With investors by the fullest name that the item gives them: "上汽" in the title, "上汽创投" in the summary."""
    named = {said.words: said for draft in drafts for said in draft.investors}

    def full(said: Said) -> Said:
        longer = [other for words, other in named.items() if words.startswith(said.words) and words != said.words]
        return longer[0] if len(longer) == 1 and longer[0].passage is not said.passage else said

    return [
        replace(draft, investors=tuple(map(full, draft.investors)), lead=tuple(map(full, draft.lead)))
        if draft.investors
        else draft
        for draft in drafts
    ]


def _first_named(text: Text) -> Said | None:
    """Whom a text begins with."""
    first = next(text.sentences(), None)
    return head(text, first[0].start, first[0].end) if first else None
