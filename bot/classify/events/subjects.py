"""Whom a headline is about: its grammatical subject, as far as a reader without a parser can tell."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.classify.events.words import lower
from bot.classify.passages import Name, Passage
from bot.model import EventType

_EARLY = 40  # a text that begins otherwise is about something else
_REACH = 90  # characters from the beginning of a sentence to its subject
_SENTENCE_END = re.compile(r"[。!?\n]|\.(?=\s[A-Z])")
_HAN = re.compile(r"[\u4e00-\u9fff]")
# What may precede the subject of an English sentence without being part of it.
_OPENING = re.compile(
    r"\s*+(?:(?:exclusive|breaking|report|reports|update|watch|news|analysis|scoop|video|in brief|press release|"
    r"just in|rumou?r)\s*[:|-]\s*|"
    r"\[[^\]]{0,30}\]\s*|\([^)]{0,30}\)\s*|[a-z .]{2,30} -{1,2} |[\"'])*+"
)
# After one of these words in English no subject follows; they are looked for before a name.
_NO_SUBJECT = re.compile(
    r"\b(?:how|why|what|when|where|who|which|with|in|on|at|for|from|to|of|by|as|after|before|amid|over|against|"
    r"than|like|unlike|about|into|"
    r"former|ex|via|if|is|are|was|were|has|have|had|will|can|could|may|says?|said|vs\.?|versus|through|under|"
    r"inside|and|or|but|near|despite|"
    r"[a-z]{3,}(?:ises|izes|ires|oins|aises|eads|akes|nches|eils|ells|uys|igns|osts|hes|ires|ets|ints|rows|ands|"
    r"pens|loys|ests|acks|tops|alls|"
    r"icks|ares|ills|eals|ows|ades|ides|isks|ights|ents|irms|eeks|oses|ears))\b(?!['-])|[.;:?!]\s|ex-"
)
# What makes the name before it a description of somebody else, or of a thing of another.
_DESCRIBES = re.compile(
    r"(?:-(?:backed|owned|based|like|style|led|funded|founded|powered|trained|inspired)\b|"
    r"(?:'s)?\s(?:(?:co-?founder|chief|ceo|cto|cfo|coo|president|"
    r"chairman|chair|boss|founder|engineers?|exec(?:utive)?s?|vp|director|head|analysts?|veterans?|alum(?:ni|s)?|"
    r"researchers?|scientists?|employees?|workers?|"
    r"rivals?|competitors?|challengers?|spin-?offs?|spinouts?|suppliers?|partner|investor|unit|subsidiary|arm|"
    r"parent|owner|customer|clone|shareholder|lawyer|"
    r"spokes\w+|insiders?|driver|drivers|unveiling|leader|lead|managing|senior|vice|legend|dealer|users?)\b))"
)
_AND = re.compile(r"\s*(?:,|and|&|/|, and|×|x)\s*")
_WITH = re.compile(
    r"(?:partner\w*|collaborat\w*|teams? up|teamed up|joins? forces|works?|working|deals?|agreements?|alliance|"
    r"tie-up|contract\w*|mou)\s(?:[\w-]+\s){0,3}?(?:with|to)\s+$"
)
_TEAM_OF = re.compile(r"\b(?:within|inside|in|at|under)\s(?:its\s|the\s)?(?:\w+\s){0,2}?$")
_PASSIVE = re.compile(
    r"\b(?:unveiled|developed|launched|built|made|created|designed|announced|introduced|released|presented|shown|"
    r"demonstrated|founded|formed|published)\sby\s(?:the\s)?(?:[a-z-]+\s){0,4}?$"
)
# The same in Chinese.
_ZH_OPENING = re.compile(
    r"(?:\s|[「『\"《【\[][^」』\"》】\]]{0,4}[」』\"》】\]]|(?:独家|首发|快讯|突发|重磅|最新|官宣|消息称|外媒|外媒称|消息人士|知情人士|据悉|近日|日前|今日|昨日|传闻|传|"
    r"曝|爆料|财联社|36氪|36氪获悉)"
    r"[:,|丨]?|报道称|报道|[:,|丨]|[\d年月日\s]{2,12}(?:消息)?,?)*+"
)
_ZH_NO_SUBJECT = re.compile(
    r"[由被获与和向在对为从据前原如像比给让把跟]|支持|投资|旗下|收购|发布|推出|完成|宣布|领投|称|表示|加入|加盟|入职|创办|创立|拟|将|[。:;!?]"
)
_ZH_DESCRIBES = re.compile(
    r"\s?(?:等(?:机构|公司)?)?(?:支持|投资|参投|领投|入股|持股|收购|控股|孵化|注资)的|旗下|系|(?:前|原|离职)?(?:员工|高管|工程师|科学家|副总裁|总裁|高级|研究员|"
    r"联合创始人|创始人|联创|董事长|掌门|ceo|cto|首席|总经理|负责人|分析师|劲敌|(?:最大)?(?:竞争)?对手|竞品|供应商|概念|前|出身)"
)
_ZH_OF = re.compile("的")
_ZH_AND = re.compile(r"\s*(?:与|和|、|及|携手|联合|联手|牵手|携|跟|x|×)\s*")
_ZH_CLAUSE = re.compile(r"[,:|!?。;]|(?<=[\u4e00-\u9fff\d]) (?=[\u4e00-\u9fff])")
_ZH_TEAM_OF = re.compile(r"(?:在|于)(?:其|旗下)?$|旗下$")
_ZH_PASSIVE = re.compile(r"由$")
_ZH_MADE = re.compile(r"(?:联合|共同|自主)?(?:打造|研发|开发|推出|设计|发布|制造|研制|建设|运营)")


def subjects(passage: Passage, event: EventType = "other") -> Iterator[Name]:
    """The names that the title, or the text's first sentence, is about.

    That is its subject with what is coordinated with it, a passive's agent ("unveiled by X"), and by the event the partner of
    a partnership ("with X") and the company in which a team is formed ("inside X").
    """
    sentence = _first_sentence(passage)
    names = [name for name in passage.names[:12] if name.end <= sentence]
    if not names:
        return
    chinese = _HAN.search(passage.text[:sentence]) is not None
    if passage.field != "title" and names[0].start > _EARLY:
        return
    low = lower(passage.text[:sentence])
    head = list(_chinese(low, names) if chinese else _english(low, names))
    yield from head
    for name in names:
        if name not in head and _takes_part(low, name, event, chinese):
            yield name


def _first_sentence(passage: Passage) -> int:
    """Where it ends; all of a title, at most 300 characters."""
    if passage.field == "title":
        return min(len(passage.text), 300)
    end = _SENTENCE_END.search(passage.text, 0, 300)
    return end.start() if end else min(len(passage.text), 300)


def _takes_part(low: str, name: Name, event: EventType, chinese: bool) -> bool:
    before = low[max(0, name.start - 48) : name.start]
    if (_ZH_PASSIVE if chinese else _PASSIVE).search(before):
        return not chinese or _ZH_MADE.match(low, name.end) is not None
    if event == "partnership":
        return bool((_ZH_AND if chinese else _WITH).search(before, len(before) - 2 if chinese else 0))
    return event == "team" and bool((_ZH_TEAM_OF if chinese else _TEAM_OF).search(before))


def _english(low: str, names: list[Name]) -> Iterator[Name]:
    opening = _OPENING.match(low)
    at = opening.end() if opening else 0
    for number, name in enumerate(names):
        if name.start < at and number:  # another entity of the same spelling
            continue
        if name.start - at > _REACH or _NO_SUBJECT.search(low, at, name.start):
            return
        describes = _DESCRIBES.match(low, name.end)
        if describes is None:
            yield from _coordinated(low, names[number:], _AND)
            return
        at = describes.end()


def _chinese(low: str, names: list[Name]) -> Iterator[Name]:
    opening = _ZH_OPENING.match(low)
    at = opening.end() if opening else 0
    for number, name in enumerate(names):
        if name.start < at and number:
            continue
        clause = max((end.end() for end in _ZH_CLAUSE.finditer(low, at, name.start)), default=at)
        if name.start - clause > _REACH // 2 or _ZH_NO_SUBJECT.search(low, clause, name.start):
            return
        owns = number + 1 < len(names) and names[number + 1].start == name.end + 1 and low[name.end] == "的"
        describes = (_ZH_OF if owns else _ZH_DESCRIBES).match(low, name.end)
        if describes is None:
            yield from _coordinated(low, names[number:], _ZH_AND)
            return
        at = describes.end()


def _coordinated(low: str, names: list[Name], joint: re.Pattern[str]) -> Iterator[Name]:
    """The first name and those joined to it, with all entities that share its place."""
    first = names[0]
    yield first
    at, start = first.end, first.start
    for name in names[1:]:
        if name.start == start or joint.fullmatch(low, at, name.start):
            yield name
            at, start = name.end, name.start
        else:
            return
