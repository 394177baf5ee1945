"""What the outbox promises about messages that live on: edits, and what goes under them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import NotFound
from bot.model import Alert, Delivery, Living, MessageRef, Place
from bot.people import DigestEntry
from bot.ports import Store, Transaction
from tests.contract.makers import HERE, HOUR, MINUTE, NOW, THERE, alert


def claim(tx: Transaction) -> list[Delivery]:
    return tx.outbox.claim(NOW, NOW + MINUTE, 100)


def done(tx: Transaction, delivery: int, place: Place = HERE) -> None:
    tx.outbox.done(delivery, ref(delivery, place), NOW)


def ref(delivery: int, place: Place = HERE) -> MessageRef:
    return MessageRef(place, f"m{delivery}")


def post(tx: Transaction, one: Alert) -> int:
    """Queue an alert and post it at once; answers its delivery."""
    (number,) = tx.outbox.add([one], NOW)
    assert [each.id for each in claim(tx)] == [number]
    done(tx, number, one.place)
    return number


def development(place: Place, story: int, root: int, kind: str = "story") -> Alert:
    one = alert(place, story)
    return replace(one, kind=kind, items=(replace(one.items[0], follows=root),))  # type: ignore[arg-type]


SAID = replace(alert(HERE, title="Two outlets say so"), about="x")


def test_messages_of_their_own_live_and_no_others(store: Store) -> None:
    with store.write() as tx:
        posted = post(tx, alert(HERE, 1))
        (queued,) = tx.outbox.add([alert(THERE, 1)], NOW)
        tx.outbox.add([alert(HERE, 2, 3), replace(alert(HERE, 4), kind="report")], NOW)
        assert tx.outbox.living([1, 2, 3, 4, 9]) == {
            (1, HERE): [Living(posted, 1, alert(HERE, 1), sent=True)],
            (1, THERE): [Living(queued, 1, alert(THERE, 1), sent=False)],
        }
        assert tx.outbox.living([]) == {}


def test_a_story_and_its_developments_are_one_family_the_oldest_message_first(store: Store) -> None:
    with store.write() as tx:
        first, second = post(tx, development(HERE, 7, 1)), post(tx, alert(HERE, 1))
        assert [(one.id, one.story_id) for one in tx.outbox.living([1])[1, HERE]] == [(first, 7), (second, 1)]
        assert tx.outbox.living([7]) == {}
        assert tx.outbox.told([1, 7]) == {(1, HERE), (7, HERE)}


def test_what_is_claimed_or_was_may_have_been_sent(store: Store) -> None:
    with store.write() as tx:
        tx.outbox.add([alert(HERE, 1), alert(HERE, 2)], NOW)
        claim(tx)
        assert [tx.outbox.living([n])[n, HERE][0].sent for n in (1, 2)] == [True, False]
        tx.outbox.retry(tx.outbox.living([1])[1, HERE][0].id, NOW + HOUR, "slow down")
        assert tx.outbox.living([1])[1, HERE][0].sent is False
    with store.write() as tx:
        tx.outbox.claim(NOW + HOUR, NOW + HOUR, 9)
    store.release()
    with store.read() as tx:
        assert tx.outbox.living([1])[1, HERE][0].sent is True


def test_what_was_surely_not_posted_is_replaced_in_its_place_of_the_queue(store: Store) -> None:
    with store.write() as tx:
        one, two = tx.outbox.add([alert(HERE, 1), alert(HERE, 2)], NOW)
        tx.outbox.revise(two, SAID, NOW)
        claim(tx)
        tx.outbox.retry(one, NOW, "slow down")
        tx.outbox.revise(one, SAID, NOW)
        for number in (one, two):
            (delivery,) = claim(tx)
            assert (delivery.id, delivery.alert, delivery.edits) == (number, SAID, 0)
            done(tx, number)
        assert (claim(tx), tx.outbox.waiting()) == ([], 0)


def test_what_was_posted_is_edited_with_what_is_said_last(store: Store) -> None:
    with store.write() as tx:
        posted = post(tx, alert(HERE))
        tx.outbox.add([alert(HERE, 2)], NOW)
        tx.outbox.revise(posted, alert(HERE, title="between"), NOW)
        tx.outbox.revise(posted, SAID, NOW)
        assert (tx.outbox.waiting(), tx.outbox.alert(posted), tx.outbox.recent(HERE, 9)[0].alert) == (2, SAID, SAID)
        (before,) = claim(tx)
        done(tx, before.id)
        (edit,) = claim(tx)
        assert (edit.edits, edit.anchor, edit.alert, edit.ambiguous) == (posted, ref(posted), SAID, False)
        assert edit.nonce != before.nonce
        tx.outbox.done(edit.id, ref(posted), NOW)
        assert (claim(tx), tx.outbox.waiting()) == ([], 0)
        assert [one.id for one in tx.outbox.recent(HERE, 9)] == [before.id, posted]
        with pytest.raises(NotFound):
            tx.outbox.alert(edit.id)


def test_an_edit_comes_after_the_post_that_is_in_flight_and_after_the_edit_that_is(store: Store) -> None:
    with store.write() as tx:
        (one,) = tx.outbox.add([alert(HERE)], NOW)
        claim(tx)
        tx.outbox.revise(one, SAID, NOW)
        assert (claim(tx), tx.outbox.waiting()) == ([], 2)
        done(tx, one)
        (first,) = claim(tx)
        assert (first.edits, first.alert) == (one, SAID)
        last = alert(HERE, title="Three outlets say so")
        tx.outbox.revise(one, last, NOW)
        assert tx.outbox.waiting() == 2
        tx.outbox.done(first.id, ref(one), NOW)
        (second,) = claim(tx)
        assert (second.edits, second.alert, second.anchor) == (one, last, ref(one))


def test_a_post_of_which_nobody_knows_is_edited_too(store: Store) -> None:
    with store.write() as tx:
        (one,) = tx.outbox.add([alert(HERE)], NOW)
        claim(tx)
        tx.outbox.claim(NOW + MINUTE, NOW + 2 * MINUTE, 9)
        tx.outbox.retry(one, NOW + HOUR, "could not look it up")
        tx.outbox.revise(one, SAID, NOW)
        assert tx.outbox.waiting() == 2
        (again,) = tx.outbox.claim(NOW + HOUR, NOW + HOUR, 9)
        assert (again.id, again.ambiguous, again.alert) == (one, True, SAID)


def test_an_edit_waits_holds_and_comes_back_like_a_post(store: Store) -> None:
    with store.write() as tx:
        posted = post(tx, alert(HERE))
        tx.outbox.revise(posted, SAID, NOW)
        (edit,) = claim(tx)
        tx.outbox.retry(edit.id, NOW + HOUR, "slow down")
        assert (claim(tx), tx.outbox.next_due()) == ([], NOW + HOUR)
        tx.outbox.claim(NOW + HOUR, NOW + HOUR, 9)
        (again,) = tx.outbox.claim(NOW + HOUR, NOW + 2 * HOUR, 9)
        assert (again.id, again.ambiguous, again.attempts) == (edit.id, True, 3)


def test_what_is_noted_queues_nothing(store: Store) -> None:
    with store.write() as tx:
        posted = post(tx, alert(HERE))
        tx.outbox.amend(posted, SAID)
        assert (tx.outbox.alert(posted), tx.outbox.waiting()) == (SAID, 0)
        with pytest.raises(NotFound):
            tx.outbox.amend(99, SAID)
        with pytest.raises(NotFound):
            tx.outbox.revise(99, SAID, NOW)


def test_in_a_disabled_place_nothing_lives_and_nothing_is_edited(store: Store) -> None:
    with store.write() as tx:
        posted = post(tx, alert(HERE, 1))
        (waiting,) = tx.outbox.add([alert(HERE, 2)], NOW)
        tx.outbox.disable(HERE, "gone", NOW)
        for number in (posted, waiting):
            tx.outbox.revise(number, SAID, NOW)
        assert (tx.outbox.waiting(), claim(tx), (2, HERE) in tx.outbox.living([1, 2])) == (0, [], False)


def test_updates_and_reports_go_under_the_oldest_message_of_the_family(store: Store) -> None:
    with store.write() as tx:
        first = post(tx, alert(HERE, 1))
        post(tx, development(HERE, 7, 1))
        two = replace(alert(HERE, 1, 7), kind="report")
        later = [
            development(HERE, 8, 1, "update"),
            development(HERE, 7, 1, "report"),
            development(THERE, 8, 1, "update"),
        ]
        tx.outbox.add([*later, replace(two, items=(two.items[0], later[0].items[0])), alert(HERE, 9)], NOW)
        anchors = []
        while claimed := claim(tx):
            for one in claimed:
                anchors.append((one.alert.place, one.alert.kind, one.anchor, one.edits))
                done(tx, one.id, one.alert.place)
        assert [(place, kind) for place, kind, *_ in anchors if place == THERE] == [(THERE, "update")]
        assert [(kind, anchor) for place, kind, anchor, _ in anchors if place == HERE] == [
            ("update", ref(first)),
            ("report", ref(first)),
            ("report", ref(first)),
            ("story", None),
        ]
        assert {edits for *_, edits in anchors} == {0}
        assert tx.outbox.told([8]) == {(8, HERE), (8, THERE)}


def test_a_reply_to_a_message_that_waits_comes_after_it_and_goes_under_it(store: Store) -> None:
    with store.write() as tx:
        one, two = tx.outbox.add([alert(HERE, 1), development(HERE, 7, 1, "update")], NOW)
        claim(tx)
        done(tx, one)
        (reply,) = claim(tx)
        assert (reply.id, reply.anchor) == (two, ref(one))


def test_what_is_gone_lives_no_more_but_was_told(store: Store) -> None:
    with store.write() as tx:
        posted = post(tx, alert(HERE, 1))
        post(tx, alert(THERE, 1))
        tx.outbox.gone(posted)
        assert [*tx.outbox.living([1])] == [(1, THERE)]
        assert tx.outbox.told([1]) == {(1, HERE), (1, THERE)}


# -- merged stories ----------------------------------------------------------------------------------------------------


def test_what_was_told_of_a_merged_story_counts_for_the_one_it_is(store: Store) -> None:
    with store.write() as tx:
        posted = post(tx, alert(HERE, 2))
        post(tx, development(HERE, 7, 2))
        tx.outbox.add([alert(THERE, 2, 3)], NOW)
        tx.outbox.merge(1, 2, 1)
        assert tx.outbox.told([1, 2, 3]) == {(1, HERE), (1, THERE), (3, THERE)}
        own, later = tx.outbox.living([1])[1, HERE]
        assert (own.id, own.story_id, later.story_id) == (posted, 1, 7)
        assert tx.outbox.living([2]) == {}


@pytest.mark.parametrize(("into", "other"), [(1, 2), (2, 1)])
def test_of_two_messages_the_older_lives_on(store: Store, into: int, other: int) -> None:
    with store.write() as tx:
        older = post(tx, alert(HERE, 1))
        post(tx, alert(HERE, 2))
        tx.outbox.merge(into, other, into)
        assert [one.id for one in tx.outbox.living([into])[into, HERE]] == [older]
        assert tx.outbox.told([1, 2]) == {(into, HERE)}


def test_the_younger_is_not_posted_if_it_was_not_yet(store: Store) -> None:
    with store.write() as tx:
        older = post(tx, alert(HERE, 1))
        _, after = tx.outbox.add([alert(HERE, 2), alert(HERE, 3)], NOW)
        tx.outbox.merge(1, 2, 1)
        assert tx.outbox.waiting() == 1
        (delivery,) = claim(tx)
        assert (delivery.id, [one.id for one in tx.outbox.living([1])[1, HERE]]) == (after, [older])


def test_a_message_outlives_a_summary(store: Store) -> None:
    with store.write() as tx:
        tx.outbox.add([alert(HERE, 1, 9)], NOW)
        (own,) = tx.outbox.add([alert(HERE, 2)], NOW)
        tx.outbox.merge(1, 2, 1)
        assert [one.id for one in tx.outbox.living([1])[1, HERE]] == [own]


def test_who_followed_a_merged_story_follows_the_one_it_is(store: Store) -> None:
    with store.write() as tx:
        for story, place in ((1, HERE), (2, HERE), (2, THERE)):
            tx.follows.add(story, place, NOW)
        tx.follows.merge(1, 2)
        assert tx.follows.of([1, 2]) == {(1, HERE), (1, THERE)}
        assert tx.follows.at(THERE) == [1]


def test_a_merged_story_waits_for_a_digest_once_as_the_one_it_is(store: Store) -> None:
    with store.write() as tx:
        for story, place in ((1, HERE), (2, HERE), (2, THERE)):
            tx.digests.add([DigestEntry(place, alert(place, story).items[0], (5,), NOW)])
        tx.digests.merge(1, 2)
        assert tx.digests.waiting([1, 2]) == {(1, HERE), (1, THERE)}
        assert [[one.item.story_id for one in tx.digests.entries(place)] for place in (HERE, THERE)] == [[1], [1]]
