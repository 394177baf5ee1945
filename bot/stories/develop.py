"""Words of a headline that announce a later development of an event: a reaction to it, or its next state."""

from __future__ import annotations

import re

_REACTION = re.compile(
    r"\b(?:responds?|response|reacts?|reaction|hails?|welcomes?|condemns?|slams?|den(?:y|ies|ied)|appeals?|charged|arrested|"
    r"sentenced|pleads?|tipped|experts?|explained|analysis|what (?:it|this) means)\b"
    r"|(?:回应|反对|谴责|欢迎|否认|上诉|抗诉|起诉|辟谣|分析|解析|促请|敦促|要求|坚决|强烈)",
    re.IGNORECASE,
)
_STATE = re.compile(
    r"\b(?:approv(?:es?|ed|al)|clear(?:s|ed)|greenlights?|closes|closed|completes?|completed|finali[sz]es?|cancel(?:s|led|ed)|"
    r"calls? off|called off|scraps?|abandons?|withdraws?|terminat(?:es?|ed|ion)|blocks?|blocked|rejects?|rejected|"
    r"suspends?|lifts?|lifted)\b"
    r"|(?:批准|获批|通过审查|完成交割|完成收购|终止|取消|撤回|放弃|叫停|否决)",
    re.IGNORECASE,
)


def reaction(title: str) -> str:
    """The word of a headline by which it reacts to an event; empty if there is none."""
    found = _REACTION.search(title)
    return found.group() if found else ""


def state(title: str) -> str:
    """The word of a headline that says what became of something; empty if there is none."""
    found = _STATE.search(title)
    return found.group() if found else ""
