"""Who put money in, and into whom, in one Chinese clause."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.classify.deals.drafts import Said
from bot.classify.deals.zh_clauses import Clause, Text
from bot.classify.deals.zh_investors import investors
from bot.classify.deals.zh_names import is_company, target

_MANNER = (
    r"(?:联合|共同|独家|独立|战略|战略布局|继续|持续|超额|再次|连续|领衔|重磅|大力|跟随|多轮|多次|再度|加倍|坚定|进一步|大额|携手|联席|"
    r"分别|均|也|还|进行|了)*+"
)
_PUT_IN = re.compile(
    rf"{_MANNER}(?:(?P<strong>领投(?!方|机构|人)|跟投(?!方|机构|人)|参投(?!方|机构|人)|合投(?!资)|追投|加投|独投)|(?P<weak>入局|加盟|入场|加持|押注|加注|加码|"
    r"追加|增持|认购|增资(?!扩股|至|到)|入股(?!的)|战投|参与(?=$|了|投资|本轮|此轮|该轮|跟投|其中|认购|的|,|、|此次|战略|新|联合|[^,]{2,40}融资|[A-H]\d?\+*\s?轮)|跟进(?=$|投资)|超募|注资|出手|下注|站台|出资(?!总额|额|比例|人)|"
    r"支持(?!者|多|的)|助力(?=$)|投资(?=$|[,了\s]|支持|本轮|此轮|完成|[A-Z]?轮)))(?:投资|跟投|了|支持|认购)*"
)
_BY = re.compile(
    r"(?<![自缘理经])由|(?:已|再|喜)?获得?(?!悉|批|准|奖|评|选)|引入了?|引进了?|迎来|得到|拿到|来自|(?:融资|投资|领投方|跟投方|投资方|其中|方)(?:为|是)"
)
_THIS = re.compile(
    r"^[\s\"\x01]*(?:(?:本轮|此轮|该轮|此次|本次|这轮|这一轮|该笔|这笔|这次|其中|两轮|A\+?轮)(?:系列|战略|股权|天使)*(?:融资|投资)?(?:的)?(?:资金)?[:\s]?)"
)
LISTED_AS = re.compile(
    r"(?<!其)(?P<who>领投方|跟投方|参投方|投资方|投资机构|投资人|投资者|支持方|出资方|新股东|新增股东|参与方|认购方|资方|参与机构|投资股东|参与者|股东方|机构方|"
    r"领投机构|跟投机构|投资阵容)"
    r"(?:阵容|名单|中|里|则|还|主要|预计|既|共|分别|新增|也|均|除)*(?:包括了?|包含了?|有|为|是|涵盖了?|囊括了?|:|来自|含|云集|汇集)+\s?(?:了|有|为|是)?"
    r"|引入(?=[^,]{0,60}战略投资者)(?:了|包括)*|(?:其余|剩余)?资金来自|(?:本轮|此轮|此次)(?:融资)?(?:汇集|汇聚|集结|云集|吸引|引入|获得?)了?"
)
_IS_INVESTOR = re.compile(
    r"(?:为|是|担任|作为)(?:本轮|此轮|该轮|此次|融资|的)*(?:独家|唯一|主要|联合|共同)*(?:投资方|投资人|领投方|领投人|投资机构)$"
)
_HOLDERS = re.compile(
    r"新增(?:了)?(?P<list>(?!股东|注册|投资|订单)[^;]{2,160}?)(?:等)?(?:在内的?[^,]{0,14})?(?:(?:为|成为)(?:公司|新)*|等?在内的(?:多[位家名])?[^,]{0,6}?|等(?:多[家位名]|[一两三四五六七八九十\d]+[家位名])?(?:新|重量级)?)(?:股东|合伙人)|新增(?:多[位家名]|[一两三四五六七八九十\d]+[位家名])?(?:新)?股东(?:包括|为|:)?"
    r"(?P<after>[^;。]{2,160})"
)
_CAPITAL = re.compile(r",?(?:公司)?(?:注册资本|法定代表人|同时|原股东|并|持股|企业类型)")
_STOPS_OBJECT = re.compile(
    r"^(?:的|等|[,、]|方|并|完成|其|本轮|此轮|该轮|该公司|[A-H]\+*轮|天使|种子|Pre|数?[千百十]?[万亿]|过|近|超)"
)
_GOES_ON = re.compile(r"^(?:以及|和|及|还有|[^,]*?、)[^,]{2,80}$|^[^,]{2,60}等[^,]{0,14}$")
_BREAKS = re.compile(
    r"担任|财务顾问|独家顾问|资金|用于|本轮|融资|完成|成立|公司|专注|领投|跟投|参投|追投|加注|加码|持续"
)


_GOT = re.compile(r"(?:获得?(?!悉|批|准|奖|评|选|了?新|了?首|了?一|了?数|了?近|了?超|了?[\d\s])|拿到|引入|引进)了?")
_KIND_OF_MONEY = re.compile(
    r"(?:独家|联合|共同)?(?:战略|股权|追加|新一轮|首轮|多轮|大额|巨额|系列|亿级|融资|投资|注资)"
)


_FUND_LIKE = re.compile(r"(?:资本|基金|投资|创投|集团|风投|控股|Capital|Ventures)$")


class Parties(NamedTuple):
    """Who a clause says put money in; `target` where it says into whom ("京东领投RoboScience"), `at` the words for it."""

    investors: tuple[Said, ...]
    lead: tuple[Said, ...]
    target: Said | None = None
    at: tuple[int, int] = (0, 0)
    sure: bool = False
    begins: int = 0


NOBODY = Parties((), ())


def parties(text: Text, clause: Clause, later: Sequence[Clause], *, funding: bool) -> Parties:
    """The investors that a clause names, and those of `later` clauses where the list goes on.

    `funding` says that a financing is being told; without it only words that leave no doubt count.
    """
    masked = text.masked
    if _HOLDERS.search(masked, clause.start, later[-1].end if later else clause.end) and (
        found := _holders(text, clause, later)
    ):
        return found
    if alone := _IS_INVESTOR.search(masked, clause.start, clause.end):
        names = investors(text, clause.start, alone.start())
        if names:
            return Parties(names, names if "领" in alone[0] else (), None, alone.span(), sure=True, begins=clause.start)
    listed = LISTED_AS.search(masked, clause.start, clause.end)
    start = listed.end() if listed else clause.start
    found = _put_in(text, start, clause.end, funding=funding or bool(listed), said=bool(listed))
    if listed and not found.investors:
        end = clause.end
        for one in later:
            if not _GOES_ON.match(masked[one.start : one.end]) or _BREAKS.search(masked, one.start, one.end):
                break
            end = one.end
        names = investors(text, start, end)
        lead = names if (listed["who"] or "").startswith("领投") else ()
        return Parties(names, lead, None, listed.span(), sure=True, begins=listed.start())
    return found if found.investors or not funding else _got_from(text, clause)


def _got_from(text: Text, clause: Clause) -> Parties:
    """ "获京东近2亿元战略投资": who gave it stands between the verb and the sum or round."""
    masked = text.masked
    for found in _GOT.finditer(masked, clause.start, clause.end):
        ends = text.starts_in(found.end(), clause.end)
        if words := _KIND_OF_MONEY.search(masked, found.end(), clause.end):
            ends.append(words.start())
        end = _list_end(text, found.end(), min(ends, default=clause.end if found[0].startswith("引") else found.end()))
        names = investors(text, found.end(), end) if 2 <= end - found.end() <= 40 else ()
        if names and (ends or all(_FUND_LIKE.search(one.words) for one in names)):
            return Parties(names, (), None, found.span(), sure=True, begins=found.start())
    return NOBODY


def _holders(text: Text, clause: Clause, later: Sequence[Clause]) -> Parties | None:
    """The new shareholders of a change in the register."""
    found = _HOLDERS.search(text.masked, clause.start, later[-1].end if later else clause.end)
    if not found or not clause.start <= found.start() < clause.end:
        return None
    start, end = found.span("list") if found["list"] else found.span("after")
    if cut := _CAPITAL.search(text.masked, start, end):
        end = cut.start()
    names = investors(text, start, end)
    return (
        Parties(names, (), None, (found.start(), found.start() + 2), sure=True, begins=found.start()) if names else None
    )


def _put_in(text: Text, start: int, end: int, *, funding: bool, said: bool) -> Parties:
    """Lists of names, each before its verb."""
    masked = text.masked
    everyone: dict[str, Said] = {}
    leads: dict[str, Said] = {}
    into: Said | None = None
    at, begins, sure, previous = (0, 0), 0, False, start
    for found in _PUT_IN.finditer(masked, start, end):
        left, by = _list_start(masked, previous, found.start())
        strong = bool(found["strong"])
        if not (strong or funding or by == "由") or _of_a_name(masked, found):
            continue
        if said and not strong and found[0] in {"投资", "战投"}:  # the end of the last name
            continue
        names = investors(text, left, _list_end(text, left, found.start()) if by else found.start())
        if not names and not strong:
            continue
        everyone.update((one.words, one) for one in names if one.words not in everyone)
        if found["strong"] == "领投":
            leads.update((one.words, one) for one in names)
        if strong and not by and not said and into is None and not _STOPS_OBJECT.match(masked[found.end() : end]):
            into = _object(text, found.end(), end)
        if names and not begins:
            begins, at = left, found.span()
        sure = sure or strong or bool(by)
        previous = found.end()
    return Parties(tuple(everyone.values()), tuple(leads.values()), into, at, sure, begins) if everyone else NOBODY


def _of_a_name(masked: str, found: re.Match[str]) -> bool:
    """Whether the verb is the end of a name ("道彤投资领投" has one verb, not two)."""
    return found[0].endswith(("投资", "战投")) and bool(
        re.match(
            r"领投|跟投|参投|联合|共同|独家|、|和|及|与|等|旗下|基金|公司|集团", masked[found.end() : found.end() + 2]
        )
    )


def _list_start(masked: str, start: int, end: int) -> tuple[int, str]:
    """Where a list of investors begins, and the word before it (由, 获, ...) if there is one."""
    last = None
    for last in _BY.finditer(masked, start, end):  # noqa: B007
        pass
    if last is not None:
        return last.end(), last[0]
    if this := _THIS.match(masked[start:end]):
        return start + this.end(), "this"
    colon = masked.rfind(":", start, end)
    if colon >= 0:
        start = colon + 1
    while start < end and masked[start] in "的、, ":
        start += 1
    return start, ""


def _list_end(text: Text, start: int, end: int) -> int:
    """Where a list ends before its verb: at the sum or round that was got ("获甲乙资本千万级天使轮投资")."""
    end = min(text.starts_in(start + 2, end), default=end)
    while end > start and text.masked[end - 1] in "约近超逾过达的\x01 ":
        end -= 1
    return end


def _object(text: Text, start: int, end: int) -> Said | None:
    """The company that somebody leads a round of."""
    one = target(text, start, end)
    return one if one and (is_company(text, one) or len(one.words) <= 8) else None
