"""How well the main event of an item is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from bot.classify.knowledge.seeds import Knowledge
from bot.classify.match import Matcher
from bot.evals.gold import Labelled


def score_events(knowledge: Knowledge, labelled: Sequence[Labelled]) -> Iterator[dict[str, Any]]:
    """Accuracy over all items that have an event, macro F1 over its types, one row for each type and each error."""
    matcher = Matcher(knowledge)
    told = [(matcher.read(one.item)[0].event, str(one.gold["event"]), one) for one in labelled if one.gold.get("event")]
    said: Counter[str] = Counter(ours for ours, _, _ in told)
    wanted: Counter[str] = Counter(gold for _, gold, _ in told)
    hit: Counter[str] = Counter(gold for ours, gold, _ in told if ours == gold)
    f1 = {event: 2 * hit[event] / (said[event] + wanted[event]) for event in wanted}
    yield {
        "eval": "events",
        "case": "all",
        "n": len(told),
        "accuracy": round(sum(hit.values()) / len(told), 4) if told else None,
        "macro_f1": round(sum(f1.values()) / len(f1), 4) if f1 else None,
    }
    for event in sorted(wanted):
        yield {"eval": "events", "case": event, "n": wanted[event], "said": said[event], "f1": round(f1[event], 4)}
    for ours, gold, one in told:
        if ours != gold:
            yield {"eval": "events", "case": "error", "ours": ours, "gold": gold, "title": one.item.title}
