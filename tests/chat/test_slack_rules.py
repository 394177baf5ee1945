"""The rules of Slack find every fault of its kind, and nothing wrong in what is right."""

from __future__ import annotations

from typing import Any

import pytest

from tests.chat.slack_rules import block_faults, faults, texts_of, view_faults


def mrkdwn(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text, "verbatim": True, **more}


def words(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": True}


def section(text: str = "hello", **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(**more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": "say", "text": words("Why"), "value": "why 1", **more}


def option(number: int, **more: Any) -> dict[str, Any]:
    return {"text": words(f"choice {number}"), "value": str(number), **more}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def overflow(count: int) -> dict[str, Any]:
    return {"type": "overflow", "action_id": "more", "options": [option(number) for number in range(count)]}


def select(count: int, **more: Any) -> dict[str, Any]:
    options = [option(number) for number in range(count)]
    return {"type": "static_select", "action_id": "menu", "options": options, **more}


def field(element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "input", "block_id": "query", "label": words("Query"), "element": element, **more}


TYPED = {"type": "plain_text_input", "action_id": "value", "max_length": 3000}
SEARCHED = {"type": "external_select", "action_id": "topic", "min_query_length": 0}


def post(**more: Any) -> dict[str, Any]:
    return {"channel": "C1", "text": "news", "unfurl_links": False, "unfurl_media": False, **more}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": words("Watch add"), "submit": words("Add"), "blocks": list(blocks), **more}


GOOD_BLOCKS: list[dict[str, Any]] = [
    {"type": "header", "text": words("A round of $140m")},
    section(
        "*Robots* walk &amp; talk: <https://a.example/?a=1&amp;b=2|a &lt;b&gt; c>", fields=[mrkdwn("*Lead*\nAlibaba")]
    ),
    section("with a button", accessory=button()),
    {
        "type": "context",
        "elements": [words("The Wire"), {"type": "image", "image_url": "https://a.example/i.png", "alt_text": "i"}],
    },
    {"type": "image", "image_url": "https://a.example/i.png", "alt_text": "a robot"},
    {"type": "divider"},
    actions(button(), button(action_id="bad", style="danger"), overflow(5), select(100)),
    section("until <!date^1700000000^{time}|noon>"),
    {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "<!here>"}]}],
    },
]


def test_a_message_with_everything_has_no_faults() -> None:
    metadata = {"event_type": "robowire_alert", "event_payload": {"nonce": "n1"}}
    assert faults("chat.postMessage", post(blocks=GOOD_BLOCKS, metadata=metadata)) == []


def test_a_form_with_everything_has_no_faults() -> None:
    form = modal(field(TYPED), field(SEARCHED, block_id="topic", optional=True), private_metadata="{}")
    assert faults("views.open", {"trigger_id": "1.2.3", "view": form}) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("AT&T", "`&` is not escaped"),
        ("a < b", "`<` is not escaped"),
        ("a > b", "`>` is not escaped"),
        ("<!channel> hello", "mention that nobody asked for"),
        ("<!here|here>", "mention that nobody asked for"),
        ("<!subteam^S1>", "mention that nobody asked for"),
        ("<@U1>", "mention that nobody asked for"),
        ("<#C1|robots>", "mention that nobody asked for"),
        ("<b>bold</b>", "no link either"),
        ("<javascript:alert(1)|x>", "no link either"),
        ("<https://a.example|a|b>", "the label is empty or has a line break or `|`"),
        ("<https://a.example|a\nb>", "the label is empty or has a line break or `|`"),
        ("<https://a.example| >", "the label is empty or has a line break or `|`"),
        ("<!date^1^x>", "no date with a fallback"),
    ],
)
def test_markup_that_is_none_of_ours_is_a_fault_wherever_it_stands(text: str, fault: str) -> None:
    for payload in (post(text=text), post(blocks=[section(text)]), post(attachments=[{"blocks": [section(text)]}])):
        assert fault in " ".join(faults("chat.postMessage", payload))
    shown = [{"type": "context", "elements": [mrkdwn(text)]}]
    assert fault in " ".join(block_faults(shown))
    assert [one for one in block_faults([{"type": "context", "elements": [words(text)]}]) if fault in one] == []


def test_a_mention_that_somebody_asked_for_is_fine_and_others_beside_it_are_not() -> None:
    payload = post(blocks=[section("<!subteam^S1> news")])
    assert faults("chat.postMessage", payload, mentions={"<!subteam^S1>"}) == []
    assert faults("chat.postMessage", payload, mentions={"<!subteam^S2>"}) != []


def test_names_in_a_text_that_slack_would_link_by_itself_are_a_fault_unless_it_is_verbatim() -> None:
    for text in ("ask @channel", "see #general"):
        assert "verbatim" in " ".join(block_faults([section() | {"text": {"type": "mrkdwn", "text": text}}]))
        assert block_faults([section(text)]) == []
    quoted = {"type": "mrkdwn", "text": "`@channel` and a@b.example and https://a.example/#x"}
    assert block_faults([section() | {"text": quoted}]) == []


@pytest.mark.parametrize(
    ("blocks", "fault"),
    [
        ([section()] * 51, "51 blocks, more than 50"),
        ([section("x" * 3001)], "3001 characters"),
        ([section("")], "is empty"),
        ([{"type": "section"}], "needs `text` or `fields`"),
        ([section(fields=[mrkdwn("x")] * 11)], "11 fields"),
        ([section(fields=[mrkdwn("x" * 2001)])], "2001 characters"),
        ([{"type": "header", "text": words("x" * 151)}], "151 characters"),
        ([{"type": "header", "text": mrkdwn("x")}], "is mrkdwn, not plain_text"),
        ([{"type": "context", "elements": [words("x")] * 11}], "11 elements"),
        ([{"type": "context", "elements": []}], "0 elements"),
        ([actions(*(button(action_id=str(n)) for n in range(26)))], "26 elements"),
        ([actions(button(), button())], "stands there 2 times"),
        ([actions(button(text=words("x" * 76)))], "76 characters"),
        ([actions(button(value="x" * 2001))], "2001 characters"),
        ([actions(button(action_id="x" * 256))], "256 characters"),
        ([actions(button(action_id=""))], "`action_id` is missing"),
        ([actions(button(style="default"))], "neither primary nor danger"),
        ([actions(button(url="javascript:x"))], "no address of the web"),
        ([actions(button(confirm={"title": words("x")}))], "`deny` is no text object"),
        ([actions(overflow(6))], "6 options, more than 5"),
        ([actions(select(101))], "101 options, more than 100"),
        ([actions(select(0))], "`options` is empty"),
        ([actions(select(1, options=[option(1, text=words("x" * 76))]))], "76 characters"),
        ([actions(select(1, options=[option(1, value="x" * 151)]))], "151 characters"),
        ([actions(select(2, options=[option(1), option(1)]))], "offered 2 times"),
        ([actions(select(2, initial_option=option(7)))], "not one of the options"),
        ([actions({"type": "external_select", "action_id": "a"})], "`min_query_length` is not given"),
        ([actions(TYPED)], "plain_text_input cannot stand in actions"),
        ([{"type": "image", "image_url": "https://a.example/i.png", "alt_text": ""}], "`alt_text` is empty"),
        ([{"type": "image", "image_url": "https://a.example/i.png", "alt_text": "x" * 2001}], "2001 characters"),
        ([{"type": "image", "image_url": "data:x", "alt_text": "x"}], "no address of the web"),
        ([section(block_id="a"), section(block_id="a")], "'a' stands there 2 times"),
        ([section(block_id="x" * 256)], "256 characters"),
        ([{"type": "carousel"}], "no block of type 'carousel'"),
        ([section() | {"text": words("x") | {"verbatim": True}}], "`verbatim` is for mrkdwn alone"),
        ([section() | {"text": mrkdwn("x", emoji=True)}], "`emoji` is for plain_text alone"),
        ([{"type": "rich_text", "elements": [{"type": "broadcast", "range": "here"}]}], "nobody asked for"),
        ([field({"type": "plain_text_input", "action_id": "v", "max_length": 3001})], "not within 0 to 3000"),
        ([field(TYPED, block_id="")], "no error can be shown"),
    ],
)
def test_a_block_over_a_limit_is_a_fault(blocks: list[dict[str, Any]], fault: str) -> None:
    assert fault in " ".join(block_faults(blocks))


@pytest.mark.parametrize(
    ("payload", "fault"),
    [
        (post(text=""), "`text` is missing"),
        (post(blocks=[section()], text=None), "no `text` beside the blocks"),
        (post(channel=""), "`channel` is missing"),
        ({"channel": "C1", "text": "x"}, "`unfurl_links` is not false"),
        (post(text="x" * 40_001), "40001 characters"),
        (post(blocks=[section("x" * 2900)] * 4), "11600 characters in all blocks"),
        (post(blocks='[{"type": "nonsense"}]'), "no block of type 'nonsense'"),
        (post(link_names=True), "makes mentions"),
        (post(parse="full"), "makes mentions"),
        (post(token="xoxb-1"), "belongs into the Authorization header"),
        (post(thread_ts="yesterday"), "no timestamp"),
        (post(metadata={"event_type": "", "event_payload": {}}), "is not letters"),
        (post(metadata={"event_type": "x"}), "an object `event_payload`"),
        (post(attachments=[{"color": "blue", "blocks": [section()]}]), "neither #rrggbb"),
    ],
)
def test_a_post_against_a_rule_is_a_fault(payload: dict[str, Any], fault: str) -> None:
    assert fault in " ".join(faults("chat.postMessage", payload))


@pytest.mark.parametrize(
    ("method", "payload", "fault"),
    [
        ("chat.update", {"channel": "C1", "ts": "1.000001", "text": "x" * 4001}, "4001 characters"),
        ("chat.update", {"channel": "C1", "ts": "1.000001", "text": "x", "unfurl_links": False}, "is no argument"),
        ("chat.update", {"channel": "C1", "text": "x"}, "`ts` is missing"),
        ("respond", {"response_type": "loud", "text": "x"}, "neither ephemeral nor in_channel"),
        ("respond", {"response_type": "in_channel", "text": "x"}, "`unfurl_links` is not false"),
        ("respond", {"blocks": [section()]}, "no `text` beside the blocks"),
        ("views.open", {"view": modal(field(TYPED))}, "`trigger_id` is missing"),
        ("views.open", {"trigger_id": "1", "view": {"type": "home", "blocks": []}}, "published, not opened"),
        ("views.publish", {"user_id": "U1", "view": modal(section())}, "only a home tab"),
        ("views.update", {"view": modal(section())}, "either `view_id` or `external_id`"),
        ("conversations.history", {"channel": "C1", "limit": 1000, "include_all_metadata": True}, "not in 1 to 999"),
        ("conversations.history", {"channel": "C1"}, "no metadata would come"),
        ("ack.submission", {"response_action": "errors", "errors": {}}, "`errors` is empty"),
        ("ack.submission", {"response_action": "stop"}, "none of errors"),
        ("ack.suggestion", {"options": [option(n) for n in range(101)]}, "101 options"),
        ("ack.suggestion", {}, "either `options` or `option_groups`"),
        ("ack.event", {"text": "x"}, "has no payload"),
        ("chat.scheduleMessage", post(), "not a method that the bot needs"),
    ],
)
def test_a_call_against_a_rule_is_a_fault(method: str, payload: dict[str, Any], fault: str) -> None:
    assert fault in " ".join(faults(method, payload))


@pytest.mark.parametrize(
    ("view", "fault"),
    [
        (modal(section(), title=words("x" * 25)), "25 characters"),
        (modal(*[section()] * 101), "101 blocks, more than 100"),
        (modal(section(), private_metadata="x" * 3001), "3001 characters"),
        (modal(section(), callback_id="x" * 256), "256 characters"),
        ({"type": "modal", "title": words("x"), "blocks": [field(TYPED)]}, "needs `submit`"),
        ({"type": "home", "title": words("x"), "blocks": [section()]}, "a home tab has no `title`"),
        ({"type": "home", "blocks": [section()] * 101}, "101 blocks"),
        ({"type": "page", "blocks": []}, "a view of type 'page'"),
    ],
)
def test_a_view_against_a_rule_is_a_fault(view: dict[str, Any], fault: str) -> None:
    assert fault in " ".join(view_faults(view))


def test_a_modal_and_a_home_tab_may_have_a_hundred_blocks() -> None:
    assert view_faults(modal(*[section()] * 100)) == []
    assert view_faults({"type": "home", "blocks": [section()] * 100}) == []


def test_nothing_suggested_is_no_fault() -> None:
    assert faults("ack.suggestion", {"options": []}) == []


def test_texts_are_what_people_read() -> None:
    blocks = [section("a &lt;b&gt; <https://a.example|label>"), actions(button(text=words("&amp; as it is")))]
    assert texts_of(blocks) == ["a <b> label", "&amp; as it is"]
