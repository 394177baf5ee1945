"""What bot.repositories.Audit promises."""

from __future__ import annotations

from dataclasses import replace

from bot.model import Place, own_place
from bot.people import AUDIT_KEPT, Change
from bot.ports import Store
from tests.contract.makers import HERE, ME, MINUTE, NOW, SECOND, THERE

ADDED = Change(NOW, HERE, ME, "watch add", 'robots "humanoid robot"')
REMOVED = Change(NOW + MINUTE, HERE, ME, "watch remove", "robots")
ELSEWHERE = Change(NOW + MINUTE, THERE, ME, "feed add", "https://example.org/feed")


def test_changes_come_back_newest_first(store: Store) -> None:
    with store.write() as tx:
        for change in (ADDED, ELSEWHERE, REMOVED):
            tx.audit.add(change)
    with store.read() as tx:
        assert tx.audit.recent("", 9) == [REMOVED, ELSEWHERE, ADDED]
        assert tx.audit.recent("", 2) == [REMOVED, ELSEWHERE]
        assert tx.audit.recent("", 0) == []


def test_a_place_or_a_workspace_sees_its_own(store: Store) -> None:
    with store.write() as tx:
        for change in (ADDED, ELSEWHERE, REMOVED):
            tx.audit.add(change)
    with store.read() as tx:
        assert tx.audit.recent(HERE, 9) == tx.audit.recent("slack:T0", 9) == [REMOVED, ADDED]
        assert tx.audit.recent("discord:G0", 9) == [ELSEWHERE]
        assert tx.audit.recent("slack:T", 9) == tx.audit.recent(Place("slack:T0/C"), 9) == []


def test_what_people_changed_for_themselves_can_be_left_out(store: Store) -> None:
    own = replace(ADDED, place=own_place(ME))
    with store.write() as tx:
        for change in (ADDED, own, replace(ADDED, place=Place("discord:@9")), ELSEWHERE):
            tx.audit.add(change)
    with store.read() as tx:
        assert tx.audit.recent("slack:T0", 9, private=False) == [ADDED]
        assert tx.audit.recent("slack:T0", 9) == [own, ADDED]
        assert tx.audit.recent("", 1, private=False) == [ELSEWHERE]


def test_what_is_too_old_is_forgotten_when_something_is_added(store: Store) -> None:
    with store.write() as tx:
        tx.audit.add(ADDED)
        tx.audit.add(replace(REMOVED, at=NOW + AUDIT_KEPT))
        assert len(tx.audit.recent("", 9)) == 2
        tx.audit.add(replace(REMOVED, at=NOW + AUDIT_KEPT + SECOND))
        assert [one.at for one in tx.audit.recent("", 9)] == [NOW + AUDIT_KEPT + SECOND, NOW + AUDIT_KEPT]
