"""kill -9 at any moment: whatever the operating system leaves of a life, the next one loses nothing and says nothing twice."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.bench.kill import lives, rows

KILLS = 12


def test_killed_lives_lose_nothing_and_say_nothing_twice(tmp_path: Path) -> None:
    tale = asyncio.run(lives(KILLS, tmp_path))
    broken = {row["case"]: row["ours"] for row in rows(tale) if row["peer"] == "promise"}
    assert broken == {
        "alerts lost": 0,
        "alerts said twice in the terminal": 0,
        "alerts said twice in Slack": 0,
        "databases that are not whole": 0,
        "lives that left a child": 0,
    }
    assert len(tale.left) == KILLS
    assert sum(map(len, tale.due.values())) >= 2 * KILLS
    at_work = [one for one in tale.left if one.polling or one.claimed or one.unrecorded]
    assert at_work, "the moments no longer fit: nobody was killed at work"
