"""The clockwork."""

from __future__ import annotations

import asyncio

import pytest

from bot.flow.schedule import Schedule


async def test_there_is_one_job_and_it_is_late_rather_than_dropped() -> None:
    async def tick() -> None:
        return

    schedule = Schedule(tick, seconds=0.01)
    schedule.start()
    jobs = schedule._scheduler.get_jobs()
    assert [(job.id, job.misfire_grace_time, job.coalesce, job.max_instances) for job in jobs] == [
        ("dispatch", None, True, 1)
    ]
    schedule.stop()


async def test_it_ticks_on_after_a_tick_that_failed(caplog: pytest.LogCaptureFixture) -> None:
    ticks: list[int] = []
    enough = asyncio.Event()

    async def tick() -> None:
        ticks.append(len(ticks))
        if len(ticks) == 1:
            raise RuntimeError("a bug")
        enough.set()

    schedule = Schedule(tick, seconds=0.01)
    schedule.start()
    await asyncio.wait_for(enough.wait(), 10)
    schedule.stop()
    assert "a tick failed" in caplog.text
    schedule.stop()
