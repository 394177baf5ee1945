"""Which reports have a word."""

from __future__ import annotations

from bot.stories.postings import NEWEST, Postings


def posted(*pairs: tuple[int, int]) -> Postings:
    """Words with their places."""
    made = Postings()
    for word, place in pairs:
        made.add(word, place)
    return made


def test_places_of_a_word_are_had_in_the_order_of_adding() -> None:
    made = posted((7, 0), (3, 0), (7, 1), (7, 5))
    assert [[*made.of(word)] for word in (7, 3, 0, 900)] == [[0, 1, 5], [0], [], []]


def test_a_loud_word_finds_what_had_it_last() -> None:
    made = posted(*((1, place) for place in range(10 * NEWEST + 1)))
    found = [*made.of(1)]
    assert NEWEST <= len(found) <= 2 * NEWEST
    assert found == [*range(10 * NEWEST + 1 - len(found), 10 * NEWEST + 1)]


def test_what_is_dropped_is_found_no_more() -> None:
    made = posted((1, 0), (1, 1), (1, 2), (2, 0), (3, 0), (3, 1))
    made.drop({0})
    assert [[*made.of(word)] for word in (1, 2, 3)] == [[1, 2], [], [1]]
    made.add(2, 9)
    assert [*made.of(2)] == [9]
