"""What bot.repositories.Outbox promises."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

import pytest

from bot.errors import NotFound
from bot.model import Delivery, MessageRef, Place, Posted
from bot.ports import Store, Transaction
from bot.repositories import LEAP
from tests.contract.makers import HERE, HOUR, MINUTE, NOW, SECOND, THERE, alert


def claim(tx: Transaction, now: datetime = NOW, limit: int = 10) -> list[Delivery]:
    return tx.outbox.claim(now, now + MINUTE, limit)


def ids(deliveries: list[Delivery]) -> list[int]:
    return [each.id for each in deliveries]


def done(tx: Transaction, delivery_id: int, place: Place = HERE) -> None:
    tx.outbox.done(delivery_id, MessageRef(place, "1.2"), NOW)


def test_a_claimed_delivery_carries_the_alert_as_it_was(store: Store) -> None:
    with store.write() as tx:
        (one,) = tx.outbox.add([alert(HERE, 1, 2)], NOW)
    with store.write() as tx:
        (delivery,) = claim(tx)
    assert delivery == Delivery(one, alert(HERE, 1, 2), delivery.nonce, 1, False, NOW)


def test_ids_are_ascending_in_the_order_of_the_alerts(store: Store) -> None:
    with store.write() as tx:
        first = tx.outbox.add([alert(HERE), alert(THERE), alert(HERE)], NOW)
        second = tx.outbox.add([alert(HERE)], NOW)
        assert first + second == sorted({*first, *second})
        assert tx.outbox.add([], NOW) == []


def test_nonces_are_short_url_safe_unique_and_the_same_at_every_attempt(store: Store) -> None:
    with store.write() as tx:
        tx.outbox.add([alert(HERE), alert(THERE)], NOW)
        one, two = claim(tx)
        tx.outbox.retry(one.id, NOW, "slow down")
        (again,) = claim(tx)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22,25}", each.nonce) for each in (one, two))
    assert one.nonce != two.nonce
    assert (again.id, again.nonce, again.attempts) == (one.id, one.nonce, 2)


def test_a_place_gets_one_at_a_time_first_in_first_out(store: Store) -> None:
    with store.write() as tx:
        queued = tx.outbox.add([alert(HERE, number) for number in (1, 2, 3)], NOW)
        got = []
        for _ in range(3):
            (delivery,) = claim(tx)
            assert claim(tx) == []
            done(tx, delivery.id)
            got.append(delivery.id)
        assert got == queued
        assert (claim(tx), tx.outbox.waiting()) == ([], 0)


def test_what_is_added_later_waits_behind(store: Store) -> None:
    with store.write() as tx:
        (one,) = tx.outbox.add([alert(HERE)], NOW)
        claim(tx)
        (two,) = tx.outbox.add([alert(HERE)], NOW - HOUR)
        assert claim(tx) == []
        done(tx, one)
        assert ids(claim(tx)) == [two]


def test_claim_takes_places_up_to_the_limit_and_each_gets_its_turn(store: Store) -> None:
    places = [Place(f"slack:T0/C{number}") for number in range(5)]
    with store.write() as tx:
        tx.outbox.add([alert(place) for place in places for _ in range(3)], NOW)
        taken = [each.alert.place for _ in range(3) for each in claim(tx, limit=2)]
    assert taken == places


def test_claim_leaves_out_platforms_that_it_is_told_to(store: Store) -> None:
    places = [Place("slack:T0/C1"), Place("discord:5/6"), Place("terminal:"), Place("discord:@7")]
    with store.write() as tx:
        tx.outbox.add([alert(place) for place in places], NOW)
        taken = [each.alert.place for each in tx.outbox.claim(NOW, NOW + MINUTE, 2, {"discord", "matrix"})]
        assert taken == ["slack:T0/C1", "terminal:"]
        assert [each.alert.place for each in claim(tx)] == ["discord:5/6", "discord:@7"]


def test_a_place_that_waits_for_a_retry_delays_no_other(store: Store) -> None:
    with store.write() as tx:
        one, two, three = tx.outbox.add([alert(HERE), alert(HERE), alert(THERE)], NOW)
        claim(tx)
        tx.outbox.retry(one, NOW + HOUR, "slow down")
        done(tx, three, THERE)
        (four,) = tx.outbox.add([alert(THERE)], NOW)
        assert ids(claim(tx)) == [four]
        done(tx, four, THERE)
        assert claim(tx, NOW + HOUR - SECOND / 1000) == []
        assert [(each.id, each.ambiguous) for each in claim(tx, NOW + HOUR)] == [(one, False)]
        done(tx, one)
        assert ids(claim(tx, NOW + HOUR)) == [two]


def test_what_is_held_waits_in_order_and_that_was_no_attempt(store: Store) -> None:
    with store.write() as tx:
        one, two, three = tx.outbox.add([alert(HERE), alert(HERE), alert(THERE)], NOW)
        assert ids(claim(tx)) == [one, three]
        tx.outbox.hold(one, NOW + HOUR)
        done(tx, three, THERE)
        assert (claim(tx), tx.outbox.next_due(), tx.outbox.waiting()) == ([], NOW + HOUR, 2)
        (again,) = claim(tx, NOW + HOUR)
        assert (again.id, again.attempts, again.ambiguous) == (one, 1, False)
        done(tx, one)
        assert ids(claim(tx, NOW + HOUR)) == [two]


def test_what_was_held_can_go_on_at_once_but_not_what_waits_for_a_retry(store: Store) -> None:
    with store.write() as tx:
        one, two = tx.outbox.add([alert(HERE), alert(THERE)], NOW)
        claim(tx)
        tx.outbox.hold(one, NOW + HOUR)
        tx.outbox.retry(two, NOW + HOUR, "slow down")
        tx.outbox.resume(HERE)
        tx.outbox.resume(THERE)
        tx.outbox.resume(Place("slack:T0/C9"))
        assert ids(claim(tx)) == [one]
        tx.outbox.resume(HERE)  # it is being posted now
        assert claim(tx) == []
        assert ids(claim(tx, NOW + MINUTE)) == [one]
        tx.outbox.retry(one, NOW + HOUR, "slow down")
        tx.outbox.resume(HERE)
        assert claim(tx, NOW + HOUR - SECOND) == []


def test_what_was_ambiguous_stays_so_when_it_is_held(store: Store) -> None:
    with store.write() as tx:
        (one,) = tx.outbox.add([alert(HERE)], NOW)
        claim(tx)
        claim(tx, NOW + MINUTE)
        tx.outbox.hold(one, NOW + HOUR)
        (again,) = claim(tx, NOW + HOUR)
        assert (again.ambiguous, again.attempts) == (True, 2)
        done(tx, one)
        tx.outbox.hold(one, NOW + 9 * HOUR)
        (two,) = tx.outbox.add([alert(HERE)], NOW)
        assert ids(claim(tx, NOW + HOUR)) == [two]


def test_a_lease_that_ran_out_comes_back_ambiguous(store: Store) -> None:
    with store.write() as tx:
        one, _ = tx.outbox.add([alert(HERE), alert(HERE)], NOW)
        (first,) = claim(tx)
        assert claim(tx, NOW + MINUTE - SECOND) == []
        (second,) = claim(tx, NOW + MINUTE)
    assert (first.id, first.ambiguous, first.attempts) == (one, False, 1)
    assert (second.id, second.ambiguous, second.attempts, second.nonce) == (one, True, 2, first.nonce)


def test_what_was_ambiguous_once_stays_so_through_a_retry(store: Store) -> None:
    with store.write() as tx:
        (one,) = tx.outbox.add([alert(HERE)], NOW)
        claim(tx)
        claim(tx, NOW + MINUTE)
        tx.outbox.retry(one, NOW + HOUR, "could not look it up")
        (again,) = claim(tx, NOW + HOUR)
    assert again.ambiguous is True


def test_the_next_delivery_of_the_place_is_not_ambiguous(store: Store) -> None:
    with store.write() as tx:
        one, two = tx.outbox.add([alert(HERE), alert(HERE)], NOW)
        claim(tx)
        claim(tx, NOW + MINUTE)
        done(tx, one)
        (delivery,) = claim(tx, NOW + MINUTE)
    assert (delivery.id, delivery.ambiguous, delivery.attempts) == (two, False, 1)


def test_done_after_the_lease_ran_out_still_counts(store: Store) -> None:
    with store.write() as tx:
        one, two = tx.outbox.add([alert(HERE), alert(HERE)], NOW)
        claim(tx)
        done(tx, one)
        assert ids(claim(tx, NOW + HOUR)) == [two]


def test_done_twice_and_a_retry_of_what_is_done_change_nothing(store: Store) -> None:
    with store.write() as tx:
        one, two = tx.outbox.add([alert(HERE), alert(HERE)], NOW)
        claim(tx)
        done(tx, one)
        done(tx, one)
        tx.outbox.retry(one, NOW + HOUR, "late")
        assert tx.outbox.waiting() == 1
        assert ids(claim(tx)) == [two]
        tx.outbox.retry(one, NOW, "late")
        done(tx, one)
        assert claim(tx) == []


def test_what_is_not_there_is_not_found(store: Store) -> None:
    with store.write() as tx:
        with pytest.raises(NotFound):
            tx.outbox.done(1, MessageRef(HERE, "1.2"), NOW)
        with pytest.raises(NotFound):
            tx.outbox.retry(1, NOW, "slow down")


def test_a_disabled_place_gets_nothing_and_drops_what_waits(store: Store) -> None:
    with store.write() as tx:
        one, _, three = tx.outbox.add([alert(HERE), alert(HERE), alert(THERE)], NOW)
        claim(tx, limit=1)
        tx.outbox.disable(HERE, "channel_not_found", NOW)
        assert tx.outbox.disabled() == {HERE: "channel_not_found"}
        assert tx.outbox.waiting() == 1
        (late,) = tx.outbox.add([alert(HERE)], NOW)
        assert late > three
        assert tx.outbox.waiting() == 1
        assert ids(claim(tx)) == [three]
        assert claim(tx, NOW + HOUR)[0].alert.place == THERE
        tx.outbox.retry(one, NOW, "late")
        done(tx, three, THERE)
        assert claim(tx, NOW + 2 * HOUR) == []
        assert tx.outbox.next_due() is None


def test_a_place_that_is_back_gets_what_is_queued_from_then_on(store: Store) -> None:
    with store.write() as tx:
        tx.outbox.add([alert(HERE, 1)], NOW)
        tx.outbox.disable(HERE, "channel_not_found", NOW)
        assert [tx.outbox.enable(HERE), tx.outbox.enable(HERE), tx.outbox.enable(THERE)] == [True, False, False]
        assert tx.outbox.disabled() == {}
        assert tx.outbox.claim(NOW, NOW + MINUTE, 9) == []
        (delivery,) = tx.outbox.add([alert(HERE, 2)], NOW)
        assert [one.id for one in tx.outbox.claim(NOW, NOW + MINUTE, 9)] == [delivery]


def test_a_place_of_which_nothing_is_known_can_be_disabled(store: Store) -> None:
    with store.write() as tx:
        assert tx.outbox.disabled() == {}
        tx.outbox.disable(HERE, "gone", NOW)
        tx.outbox.disable(THERE, "also gone", NOW)
        tx.outbox.add([alert(HERE)], NOW)
        assert tx.outbox.disabled() == {HERE: "gone", THERE: "also gone"}
        assert claim(tx) == []


def test_told_remembers_what_was_queued_and_what_was_posted(store: Store) -> None:
    with store.write() as tx:
        one, _ = tx.outbox.add([alert(HERE, 1), alert(THERE, 1, 2, 3)], NOW)
        tx.outbox.add([alert(HERE, 1)], NOW)
        claim(tx)
        done(tx, one)
        assert tx.outbox.told({1, 2, 9}) == {(1, HERE), (1, THERE), (2, THERE)}
        assert tx.outbox.told([9]) == set()
        assert tx.outbox.told([]) == set()


def test_waiting_counts_what_is_not_done(store: Store) -> None:
    with store.write() as tx:
        one, two, _ = tx.outbox.add([alert(HERE), alert(THERE), alert(THERE)], NOW)
        claim(tx)
        assert tx.outbox.waiting() == 3
        tx.outbox.retry(two, NOW + HOUR, "slow down")
        assert tx.outbox.waiting() == 3
        done(tx, one)
        assert tx.outbox.waiting() == 2


def test_next_due_says_when_something_can_be_claimed(store: Store) -> None:
    with store.write() as tx:
        assert tx.outbox.next_due() is None
        one, two = tx.outbox.add([alert(HERE), alert(THERE)], NOW)
        due = tx.outbox.next_due()
        assert due is not None
        assert due <= NOW
        claim(tx)
        assert tx.outbox.next_due() == NOW + MINUTE
        tx.outbox.retry(one, NOW + HOUR, "slow down")
        done(tx, two, THERE)
        assert tx.outbox.next_due() == NOW + HOUR
        claim(tx, NOW + HOUR)
        done(tx, one)
        assert tx.outbox.next_due() is None


def test_an_alert_is_found_again_by_its_delivery(store: Store) -> None:
    with store.write() as tx:
        one, two = tx.outbox.add([alert(HERE, 1, 2), alert(THERE)], NOW)
        assert (tx.outbox.alert(one), tx.outbox.alert(two)) == (alert(HERE, 1, 2), alert(THERE))
        tx.outbox.disable(THERE, "gone", NOW)
        assert tx.outbox.alert(two) == alert(THERE)
        with pytest.raises(NotFound):
            tx.outbox.alert(two + 1)


def test_recent_answers_what_was_posted_for_a_place_newest_first(store: Store) -> None:
    with store.write() as tx:
        first, second, _, there = tx.outbox.add([alert(HERE, 1), alert(HERE, 2), alert(HERE, 3), alert(THERE, 4)], NOW)
        assert tx.outbox.recent(HERE, 10) == []
        for number, at in ((first, NOW), (second, NOW + HOUR), (there, NOW)):
            claim(tx)
            tx.outbox.done(number, MessageRef(HERE, f"m{number}"), at)
        newest = Posted(second, alert(HERE, 2), MessageRef(HERE, f"m{second}"), NOW + HOUR)
        oldest = Posted(first, alert(HERE, 1), MessageRef(HERE, f"m{first}"), NOW)
        assert tx.outbox.recent(HERE, 10) == [newest, oldest]
        assert tx.outbox.recent(HERE, 1) == [newest]
        assert [tx.outbox.recent(HERE, limit) for limit in (0, -1)] == [[], []]
        assert tx.outbox.recent(Place("slack:T0/C9"), 10) == []


# -- so many an hour -----------------------------------------------------------------------------------------------------


def test_what_was_posted_at_a_place_since_a_time_is_known_edits_aside(store: Store) -> None:
    with store.write() as tx:
        assert tx.outbox.posted(HERE, NOW) == []
        queued = tx.outbox.add([alert(HERE, 1), alert(HERE, 2), alert(HERE, 3), alert(THERE, 4)], NOW)
        for number, minutes in zip((queued[3], *queued[:2]), (1, 2, 3), strict=True):
            claim(tx)
            tx.outbox.done(number, MessageRef(HERE, str(number)), NOW + minutes * MINUTE)
        tx.outbox.revise(queued[0], alert(HERE, 1, title="more is known"), NOW)
        claim(tx)
        tx.outbox.done(queued[2], MessageRef(HERE, "3"), NOW + 4 * MINUTE)
        (edit,) = claim(tx)
        assert edit.edits == queued[0]
        tx.outbox.done(edit.id, MessageRef(HERE, "1"), NOW + 5 * MINUTE)
        assert tx.outbox.posted(HERE, NOW) == [NOW + minutes * MINUTE for minutes in (2, 3, 4)]
        assert tx.outbox.posted(HERE, NOW + 2 * MINUTE) == [NOW + 3 * MINUTE, NOW + 4 * MINUTE]
        assert tx.outbox.posted(THERE, NOW) == [NOW + MINUTE]


def test_what_waits_behind_the_first_was_never_claimed(store: Store) -> None:
    with store.write() as tx:
        assert tx.outbox.behind(HERE) == {}
        one, two, _, four = tx.outbox.add([alert(HERE, 1), alert(HERE, 2), alert(THERE, 3), alert(HERE, 4)], NOW)
        assert tx.outbox.behind(HERE) == {two: alert(HERE, 2), four: alert(HERE, 4)}
        claim(tx)
        assert tx.outbox.behind(HERE) == {two: alert(HERE, 2), four: alert(HERE, 4)}
        done(tx, one)
        tx.outbox.revise(one, alert(HERE, 1, title="more is known"), NOW)
        assert tx.outbox.behind(HERE) == {four: alert(HERE, 4)}
        tx.outbox.disable(HERE, "gone", NOW)
        assert tx.outbox.behind(HERE) == {}


def test_a_fold_says_what_others_would_have_and_tells_their_stories(store: Store) -> None:
    with store.write() as tx:
        one, two, three, there = tx.outbox.add([alert(HERE, 1), alert(HERE, 2), alert(HERE, 3), alert(THERE, 2)], NOW)
        claim(tx, limit=1)
        tx.outbox.fold(one, [two], alert(HERE, 1, 2))
        assert (tx.outbox.alert(one), tx.outbox.waiting()) == (alert(HERE, 1, 2), 3)
        assert tx.outbox.told([1, 2, 3]) == {(1, HERE), (2, HERE), (3, HERE), (2, THERE)}
        living = {key: [each.id for each in found] for key, found in tx.outbox.living([1, 2, 3]).items()}
        assert living == {(3, HERE): [three], (2, THERE): [there]}
        assert claim(tx, limit=1) != []  # the other place
        (again,) = claim(tx, NOW + MINUTE, limit=1)  # the process died meanwhile: it is the fold that comes back
        assert (again.id, again.alert, again.ambiguous) == (one, alert(HERE, 1, 2), True)
        done(tx, one)
        assert ids(claim(tx, limit=1)) == [three]
        assert [posted.alert for posted in tx.outbox.recent(HERE, 9)] == [alert(HERE, 1, 2)]
        with pytest.raises(NotFound):
            tx.outbox.fold(99, [], alert(HERE, 1))


def test_a_fold_goes_under_no_other_message_and_later_news_of_its_stories_neither(store: Store) -> None:
    with store.write() as tx:
        (one,) = tx.outbox.add([alert(HERE, 1)], NOW)
        claim(tx)
        done(tx, one)
        two, three = tx.outbox.add([replace(alert(HERE, 1), kind="update"), alert(HERE, 3)], NOW)
        (update,) = claim(tx)
        assert update.anchor == MessageRef(HERE, "1.2")
        tx.outbox.fold(two, [three], alert(HERE, 1, 3))
        tx.outbox.retry(two, NOW, "slow down")
        (folded,) = claim(tx)
        assert (folded.id, folded.anchor) == (two, None)
        done(tx, two)
        (later,) = tx.outbox.add([replace(alert(HERE, 3), kind="update")], NOW)
        (told,) = claim(tx)
        assert (told.id, told.anchor) == (later, None)


def test_what_is_heard_already_counts_as_told_and_is_not_posted(store: Store) -> None:
    with store.write() as tx:
        (waiting,) = tx.outbox.add([alert(HERE, 1)], NOW)
        (heard,) = tx.outbox.add([alert(HERE, 2)], NOW, heard=True)
        assert tx.outbox.told([1, 2]) == {(1, HERE), (2, HERE)}
        assert tx.outbox.living([2]) == {}
        assert (ids(claim(tx)), tx.outbox.waiting()) == ([waiting], 1)
        done(tx, waiting)
        assert (claim(tx), tx.outbox.alert(heard)) == ([], alert(HERE, 2))


def test_what_is_abandoned_is_not_posted_and_what_comes_later_is(store: Store) -> None:
    with store.write() as tx:
        gone, posted, *_ = tx.outbox.add([alert(HERE, 1), alert(THERE, 2), alert(HERE, 3), alert(THERE, 4)], NOW)
        claim(tx)
        tx.outbox.retry(gone, NOW + HOUR, "slow down")
        done(tx, posted, THERE)
        assert tx.outbox.abandon("restored") == 3
        assert (tx.outbox.waiting(), tx.outbox.next_due(), claim(tx, NOW + HOUR)) == (0, None, [])
        assert tx.outbox.told([1, 2, 3, 4]) == {(1, HERE), (2, THERE), (3, HERE), (4, THERE)}
        assert set(tx.outbox.living([1, 2, 3, 4])) == {(2, THERE)}
        (later,) = tx.outbox.add([alert(HERE, 5)], NOW)
        assert (ids(claim(tx)), later >= LEAP) == ([later], True)
        assert tx.outbox.abandon("again") == 1


def test_nothing_is_abandoned_where_nothing_waits(store: Store) -> None:
    with store.write() as tx:
        assert tx.outbox.abandon("restored") == 0
        (first,) = tx.outbox.add([alert(HERE, 1)], NOW)
        assert (first >= LEAP, ids(claim(tx))) == (True, [first])
