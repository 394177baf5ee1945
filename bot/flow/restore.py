"""The first start on a backup: what happened after it was made is unknown here, and nobody is to hear it again.

The bot went on after the backup was made, so places were told what the store still holds back, and what feeds had since.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from bot.daytime import zone_of
from bot.flow.digest import due
from bot.people import Sent
from bot.ports import COPIED_AT, Transaction

_ALL = 1_000_000
_EVER = timedelta(days=3650)


def resume(tx: Transaction, now: datetime, zone: tzinfo) -> str:
    """Make a store that was restored from a backup one to go on with; answers what was done, "" if it was not restored.

    - What waits in the outbox is dropped.
    - A digest that was due since then is taken for sent, with what it had in it. One that is due later is still sent.
    - What is new at the next good poll of each feed counts as told: it is stored and can be looked up, and later reports of
      the same events are no news.
    - Ids go on far later, so that buttons of messages that this store does not know lead nowhere, and not to other stories.

    `zone` is that of places that have not said theirs.
    """
    copied = tx.settings.get(COPIED_AT)
    if not copied:
        return ""
    dropped = tx.outbox.abandon("it waited when the backup was made")
    tx.stories.leap()
    feeds = [feed for feed in tx.feeds.all() if feed.baselined and feed.body_key]
    tx.feeds.save([replace(feed, baselined=False, due_at=min(feed.due_at, now)) for feed in feeds])
    digests = _skip_digests(tx, now, zone)
    tx.settings.set(COPIED_AT, "")
    return (
        f"the database was restored from a backup made {copied}: what {len(feeds)} feeds have published since is stored at "
        f"their next poll and not told; {dropped} messages that waited then, and {digests} digests due since, are not sent"
    )


def _skip_digests(tx: Transaction, now: datetime, zone: tzinfo) -> int:
    """Forget digests that were due by now; answers how many."""
    skipped = 0
    for place in tx.digests.due(now + _EVER, _ALL):
        entries = tx.digests.entries(place)
        if not entries:
            continue
        hours = tx.hours.get(place)
        here = zone_of(hours, zone)
        at = due(hours, tx.digests.sent(place), min(one.at for one in entries), here)
        if at is not None and at <= now:
            tx.digests.clear(place, Sent(at, at.astimezone(here).date()))
            skipped += 1
    return skipped
