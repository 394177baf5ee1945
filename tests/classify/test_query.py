import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.classify import query as query_module
from bot.classify.query import MAX_LENGTH, parse_query
from bot.classify.syntax import And, Everything, HasEntity, HasTopic, InField, Not, Or, Phrase, Query, Word
from bot.errors import BadQuery
from tests.classify.samples import KNOWLEDGE

A, B, C, D = Word("a"), Word("b"), Word("c"), Word("d")


def parse(text: str) -> Query:
    return parse_query(text, KNOWLEDGE)


def outcome(text: str) -> Query | BadQuery:
    try:
        return parse(text)
    except BadQuery as error:
        return error


def mistake(text: str) -> BadQuery:
    with pytest.raises(BadQuery) as caught:
        parse(text)
    assert caught.value.query == text
    assert 0 <= caught.value.at <= len(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Robot", Word("robot")),
        ("a b", And((A, B))),
        ("a AND b c", And((A, B, C))),
        ("a OR b c OR d", Or((A, And((B, C)), D))),
        ("a (b OR c)", And((A, Or((B, C))))),
        ("a NOT b OR c", Or((And((A, Not(B))), C))),
        ("a AND NOT (b c)", And((A, Not(And((B, C)))))),
        ("a -(b OR c)", And((A, Not(Or((B, C)))))),
        ('a -"not"', And((A, Not(Word("not"))))),
        ("NOT NOT a", A),
        ("((a))", A),
        ("(a b) (c d)", And((A, B, C, D))),
        ("a a A", A),
        ("a or b", And((A, Word("or"), B))),
        ('"a b"', Phrase("a b")),
        ('"robot"', Word("robot")),
        ("co-led", Phrase("co led")),
        ("AI机器人", Phrase("ai 机器人")),
        ("12:30", Phrase("12 | 30")),
        ("*", Everything()),
        ("topic:robotics", HasTopic("robotics")),
        ('TOPIC: "physical ai"', HasTopic("physical-ai")),
        ("topic:具身智能", HasTopic("physical-ai")),
        ('investor:"Alibaba Cloud"', HasEntity("investor", "alibaba-cloud")),
        ("company:阿里云", HasEntity("company", "alibaba-cloud")),
        ("Person:吴泳铭", HasEntity("person", "eddie-wu")),
        ("entity:qwen", HasEntity("entity", "qwen")),
        ("title:robot", InField("title", Word("robot"))),
        ('source:"Tech in Asia"', InField("source", Phrase("tech in asia"))),
        ("lang:zh-CN", InField("lang", Word("zh-cn"))),
        ("-title:a b", And((Not(InField("title", A)), B))),
        ("（a OR b） topic：“physical ai”", And((Or((A, B)), HasTopic("physical-ai")))),
    ],
)
def test_what_is_typed_is_what_is_meant(text: str, expected: Query) -> None:
    assert parse(text) == expected
    assert parse(str(expected)) == expected


@pytest.mark.parametrize(
    ("text", "at", "says"),
    [
        ("", 0, "empty"),
        ("   ", 0, "empty"),
        ("robots topc:x", 7, "did you mean topic:?"),
        ("role:lead", 0, "there is no field role:"),
        ("a topic:robotcs", 8, 'did you mean "Robotics"?'),
        ("topic:zzzz", 6, "there are robotics, physical-ai"),
        ('company:"Alibabba"', 8, 'did you mean "Alibaba"?'),
        ("company:zzzz", 8, "leave the field out"),
        ("a (b", 2, "never closed"),
        ("a b)", 3, "no ( belongs"),
        ('a "b', 2, "never closed"),
        ("a ()", 3, "nothing stands in ( )"),
        ("a OR", 4, "something must follow OR"),
        ("OR a", 0, "something must stand before OR"),
        ("a AND AND b", 6, "something must follow AND"),
        ("a NOT", 5, "something must follow NOT"),
        ("(a -)", 4, "something must follow -"),
        ("a title:", 8, "title: takes one word"),
        ("title:(a b)", 6, "title: takes one word"),
        ("-robot", 0, "only what is not wanted"),
        ("-a NOT b", 0, "only what is not wanted"),
        ("a OR -b", 5, "only what is not wanted"),
        ("a - b", 2, "no letter or digit"),
        ('a ""', 2, "nothing stands in"),
        ("a rob*", 5, "* stands alone"),
        ('"a b"~5', 5, "not understood"),
        ("a NEAR/5 b", 2, "not understood"),
        ("lang:klingon", 5, "no language"),
        ("a " * 101, 200, "at most 100 terms"),
        ("(" * 21 + "a" + ")" * 21, 20, "at most 20 deep"),
        ("a" * (MAX_LENGTH + 1), MAX_LENGTH, "at most 1,000 characters"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, at: int, says: str) -> None:
    error = mistake(text)
    assert says in str(error)
    assert error.at == at


WORDS = st.sampled_from(
    ["a", "robot", "co-led", "机器人", "AI机", "c++", "or", '"and"', '"robot arm"', "“x y”", "title:a", "lang:en"]
)
FIELDS = st.sampled_from(
    ["topic:robotics", "investor:alibaba", 'company:"阿里云"', 'source: "a b"', "topic:nope", "fild:x"]
)
QUERIES = st.recursive(
    WORDS | FIELDS,
    lambda part: st.one_of(
        st.tuples(part, st.sampled_from([" ", " AND ", " OR "]), part).map("".join),
        part.map("({})".format),
        part.map("NOT {}".format),
        part.map("-({})".format),
    ),
    max_leaves=8,
)


@given(QUERIES)
def test_the_canonical_spelling_means_the_same(text: str) -> None:
    query = outcome(text)
    if not isinstance(query, BadQuery):
        assert parse(str(query)) == query


@given(st.text(max_size=60) | st.text(alphabet='ab: ()"-*ANDORTopic|~', max_size=60) | QUERIES)
@example("\ud800")
@example("İ:ß")
def test_any_text_is_a_query_or_a_bad_one(text: str) -> None:
    query = outcome(text)
    if isinstance(query, BadQuery):
        assert query.query == text
        assert 0 <= query.at <= len(text)
    else:
        assert parse(str(query)) == query


@given(
    st.lists(st.tuples(st.sampled_from(["", "-"]), WORDS | FIELDS).map("".join), min_size=1, max_size=6).map(" ".join)
)
def test_the_quick_way_for_plain_rows_is_the_grammar(text: str) -> None:
    typed = text.translate(query_module._TYPED)

    def read(quick: bool) -> object:
        reader = query_module._Reader(text, KNOWLEDGE)
        try:
            return reader.flat(typed) if quick else reader.tree(query_module._parsed(typed, text))
        except BadQuery as error:
            return str(error), error.at

    assert read(quick=True) == read(quick=False)
