"""What the port `Chat` promises, of every chat; and of those that are not able to do something, what they do instead."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.errors import ChatError, Gone, NeverAgain, TryAgain
from bot.message import say
from tests.contract.chats import ALERT, LATER, POWERS, SIDES, STORY, Power, Side, able, unable


@pytest.fixture
async def side(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Side]:
    async with SIDES[request.param](tmp_path) as one:
        yield one


every = pytest.mark.parametrize("side", SIDES, indirect=True)


def where(power: Power) -> pytest.MarkDecorator:
    """The chats that are able to."""
    return pytest.mark.parametrize("side", able(power), indirect=True)


def instead(power: Power) -> pytest.MarkDecorator:
    """The chats that are not."""
    return pytest.mark.parametrize("side", unable(power), indirect=True)


def test_every_chat_says_what_it_is_able_to() -> None:
    assert POWERS.keys() == SIDES.keys()


# -- posting -----------------------------------------------------------------------------------------------------------


@every
async def test_a_message_is_posted_at_its_place_in_its_order(side: Side) -> None:
    first = await side.chat.post(side.here, ALERT, "n-1")
    second = await side.chat.post(side.here, say("And run"), "n-2")
    assert (first.place, second.place) == (side.here, side.here)
    assert first.id != second.id
    alert, other = side.posts(side.here)
    assert "Robots walk" in alert
    assert "And run" in other


@every
async def test_a_person_is_told_in_their_own_place(side: Side) -> None:
    ref = await side.chat.post(side.own, say("For you alone"), "n-1")
    assert ref.place == side.own
    assert side.posts(side.own) == ["For you alone"]
    assert side.own == side.here or side.posts(side.here) == []


@where("thread")
async def test_what_belongs_to_a_message_goes_under_it(side: Side) -> None:
    ref = await side.chat.post(side.here, ALERT, "n-1")
    for nonce in ("n-2", "n-3"):
        await side.chat.post(side.here, say(f"Follow-up {nonce}"), nonce, thread=ref)
    assert side.replies(ref) == ["Follow-up n-2", "Follow-up n-3"]
    assert len(side.posts(side.here)) == 1


@instead("thread")
async def test_without_threads_it_is_said_like_any_other(side: Side) -> None:
    ref = await side.chat.post(side.here, ALERT, "n-1")
    await side.chat.post(side.here, say("Follow-up"), "n-2", thread=ref)
    assert side.posts(side.here)[1] == "Follow-up"


@where("find")
async def test_a_posted_message_is_known_again_by_its_nonce_and_no_other(side: Side) -> None:
    ref = await side.chat.post(side.here, ALERT, "n-1")
    await side.chat.post(side.here, say("And run"), "n-2")
    assert await side.chat.find(side.here, "n-1") == ref
    assert await side.chat.find(side.here, "n-9") is None


@where("find")
async def test_a_message_under_another_is_known_again_too(side: Side) -> None:
    ref = await side.chat.post(side.here, ALERT, "n-1")
    under = await side.chat.post(side.here, say("Follow-up"), "n-2", thread=ref)
    assert await side.chat.find(side.here, "n-2", thread=ref) == under


@instead("find")
async def test_a_chat_that_cannot_look_refuses_the_same_nonce_again(side: Side) -> None:
    for _ in range(2):
        assert await side.chat.find(side.here, "n-1") is None
        await side.chat.post(side.here, ALERT, "n-1")
    assert len(side.posts(side.here)) == 1


# -- editing -----------------------------------------------------------------------------------------------------------


@where("edit")
async def test_an_edited_message_says_the_new_thing_and_again_is_harmless(side: Side) -> None:
    ref = await side.chat.post(side.here, ALERT, "n-1")
    for _ in range(2):
        await side.chat.edit(ref, say("Two outlets say so"))
    assert side.posts(side.here) == ["Two outlets say so"]


@where("edit")
async def test_an_edit_that_is_refused_for_now_can_be_done_later(side: Side) -> None:
    ref = await side.chat.post(side.here, ALERT, "n-1")
    side.busy(editing=True)
    with pytest.raises(TryAgain) as caught:
        await side.chat.edit(ref, say("Two outlets say so"))
    assert caught.value.after == side.patience
    assert "Two outlets" not in side.posts(side.here)[0]


@where("private")
async def test_an_edit_says_all_of_it_with_buttons_and_pictures(side: Side) -> None:
    ref = await side.chat.post(side.here, ALERT, "n-1")
    assert (side.buttons(ref), side.pictures(ref)) == (["Why"], [])
    await side.chat.edit(ref, LATER)
    assert (side.buttons(ref), side.pictures(ref)) == (["Why", "Follow story"], ["https://news.example/walk.png"])
    [words] = side.posts(side.here)
    assert all(outlet in words for outlet in ("Outlet and 2 more", "Second Outlet", "Third"))
    await side.press("Why")
    assert side.heard.calls[-1].args == {"alert": STORY}


@where("edit")
async def test_a_message_that_is_gone_is_told_from_a_place_that_is(side: Side) -> None:
    ref = await side.chat.post(side.here, ALERT, "n-1")
    other = await side.chat.post(side.here, say("And run"), "n-2")
    side.delete(ref)
    with pytest.raises(Gone):
        await side.chat.edit(ref, say("Two outlets say so"))
    await side.chat.edit(other, say("And jump"))
    assert side.posts(side.here) == ["And jump"]
    side.close()
    with pytest.raises(NeverAgain):
        await side.chat.edit(other, say("And fall"))


@instead("edit")
async def test_where_nothing_can_be_changed_an_edit_says_in_one_line_what_is_new_once(side: Side) -> None:
    ref = await side.chat.post(side.here, ALERT, "n-1")
    await side.chat.edit(ref, LATER)
    await side.chat.edit(ref, LATER)
    assert side.posts(side.here)[1:] == ["↻ Robots walk · Outlet and 2 more"]
    assert await side.chat.find(side.here, "n-1") == ref


# -- when it does not work ---------------------------------------------------------------------------------------------


@every
async def test_a_chat_that_asks_for_patience_gets_it_and_nothing_was_posted(side: Side) -> None:
    side.busy()
    with pytest.raises(TryAgain) as caught:
        await side.chat.post(side.here, ALERT, "n-1")
    assert caught.value.after == side.patience
    assert side.posts(side.here) == []


@where("close")
async def test_a_place_that_is_closed_is_given_up_for_good(side: Side) -> None:
    side.close()
    with pytest.raises(NeverAgain):
        await side.chat.post(side.here, ALERT, "n-1")
    assert side.posts(side.here) == []


@instead("close")
async def test_a_terminal_whose_transcript_is_deleted_begins_another(side: Side) -> None:
    await side.chat.post(side.here, say("Before"), "n-1")
    side.close()
    await side.chat.post(side.here, say("After"), "n-2")
    assert side.posts(side.here) == ["After"]


@instead("look")
async def test_a_lost_answer_says_neither_yes_nor_no_and_the_message_comes_once(side: Side) -> None:
    side.lose()
    with pytest.raises(ChatError) as caught:
        await side.chat.post(side.here, ALERT, "n-1")
    assert not isinstance(caught.value, TryAgain | NeverAgain)
    assert await side.chat.find(side.here, "n-1") or await side.chat.post(side.here, ALERT, "n-1")
    assert len(side.posts(side.here)) == 1


@where("look")
async def test_a_chat_that_can_look_knows_what_became_of_a_message_whose_answer_was_lost(side: Side) -> None:
    side.lose()
    ref = await side.chat.post(side.here, ALERT, "n-1")
    assert await side.chat.find(side.here, "n-1") == ref
    assert len(side.posts(side.here)) == 1


# -- people ------------------------------------------------------------------------------------------------------------


@where("talk")
async def test_what_is_said_reaches_the_book_and_is_answered(side: Side) -> None:
    answer = await side.say("news robots walk")
    [call] = side.heard.calls
    assert (call.path, call.args, call.place) == (("news",), {"query": "robots walk"}, side.here)
    assert call.person == side.person
    assert answer.words == "did news"
    assert not answer.public


@where("talk")
async def test_in_direct_messages_the_place_is_the_persons_own(side: Side) -> None:
    await side.say("news", own=True)
    assert side.heard.calls[0].place == side.own


@where("talk")
async def test_pressing_a_button_is_saying_its_command(side: Side) -> None:
    await side.chat.post(side.here, ALERT, "n-1")
    answer = await side.press("Why")
    [call] = side.heard.calls
    assert (call.path, call.args, call.place) == (("why",), {"alert": STORY}, side.here)
    assert answer.words == "did why"
    assert not answer.public


@where("private")
async def test_everybody_sees_what_concerns_them(side: Side) -> None:
    answer = await side.say("watch add robots humanoid OR biped")
    assert (answer.words, answer.public) == ("did watch add", True)


def test_only_the_fake_has_no_people_in_it_and_only_a_terminal_has_one() -> None:
    assert unable("talk") == ["fake"]
    assert [name for name in unable("private") if name in able("talk")] == ["terminal"]
