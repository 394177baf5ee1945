"""Two events in one story: seen where words divide its reports into camps."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.stories.apart import LEAST, camps
from bot.stories.view import View
from bot.stories.weights import Weights
from tests.stories.signatures import Words, report

# Two players of one club, arrested in two towns on two days, each told by four outlets.
HALEN = [
    Words(
        "Corsair guard Milo Halen arrested in Tampere after brawl at casino",
        "Police in Tampere arrested Milo Halen, guard of the Corsairs basketball club, on Friday night after "
        "a brawl at the "
        "Silver Moose casino. A croupier lost two teeth, said inspector Aino Laine. The guard missed "
        "training and pays a fine of two salaries.",
    ),
    Words(
        "Basketball: Halen held over casino brawl",
        "Milo Halen of the Corsairs spent Friday night in a cell in Tampere. The guard is said to have "
        "struck a croupier of the "
        "Silver Moose casino; inspector Aino Laine spoke of two lost teeth and an arrest without resistance. "
        "Training went on without him.",
    ),
    Words(
        "Corsairs player in custody: croupier of Silver Moose hurt",
        "A croupier of the Silver Moose casino in Tampere was hurt in a brawl on Friday. Police arrested "
        "Milo Halen, who plays as "
        "a guard for the basketball club Corsairs, inspector Aino Laine confirmed. He missed training and "
        "owes the club a fine.",
    ),
    Words(
        "Brawl in Tampere casino ends with arrest of Corsairs' Halen",
        "The Silver Moose casino called the police on Friday night, and inspector Aino Laine arrested "
        "basketball guard Milo Halen "
        "of the Corsairs. The croupier whom he struck needs new teeth. The club fines its player two salaries.",
    ),
]
BRANDT = [
    Words(
        "Corsair centre Otis Brandt arrested at Lyon airport with ivory",
        "Customs officers at the airport of Lyon arrested Otis Brandt, centre of the Corsairs basketball "
        "club, on Tuesday. In his "
        "suitcase were nine carved ivory figurines from Gabon, prosecutor Claire Meunier said. Trading with "
        "tusks of elephants means up to three years in prison.",
    ),
    Words(
        "Basketball: Brandt held over ivory figurines",
        "Nine figurines of ivory lay in the suitcase of Otis Brandt when customs opened it at Lyon airport "
        "on Tuesday. The centre "
        "of the Corsairs bought them in Gabon, says prosecutor Claire Meunier, and was arrested. Elephants "
        "are protected; up to three years of prison await him.",
    ),
    Words(
        "Corsairs player in custody: customs find carved ivory",
        "Otis Brandt, who plays as a centre for the basketball club Corsairs, was arrested on Tuesday by "
        "customs at Lyon airport. "
        "Prosecutor Claire Meunier counts nine ivory figurines carved in Gabon. Who trades with tusks of "
        "elephants risks three years in prison.",
    ),
    Words(
        "Ivory from Gabon: arrest of Corsairs' Brandt at airport",
        "Prosecutor Claire Meunier wants to know who sold nine ivory figurines to Otis Brandt. The centre of "
        "the Corsairs "
        "basketball club was arrested on Tuesday at the airport of Lyon, his suitcase in the hands of "
        "customs. Elephants are protected, and prison is possible.",
    ),
]


def views(*told: Words) -> list[View]:
    weights = Weights()
    return [View(report(words, f"Wire {number}", number), weights) for number, words in enumerate(told)]


def test_two_events_are_two_camps_that_of_the_first_report_first() -> None:
    assert camps(views(*HALEN, *BRANDT)) == ([0, 1, 2, 3], [4, 5, 6, 7])
    mixed = [words for pair in zip(BRANDT, HALEN, strict=True) for words in pair]
    assert camps(views(*mixed)) == ([0, 2, 4, 6], [1, 3, 5, 7])


def test_two_reports_of_each_are_enough() -> None:
    assert camps(views(*HALEN[:2], *BRANDT[:2])) == ([0, 1], [2, 3])


@pytest.mark.parametrize("told", [HALEN, BRANDT, [HALEN[0]] * 4])
def test_one_event_in_many_wordings_is_one(told: Sequence[Words]) -> None:
    assert camps(views(*told)) is None


def test_one_stray_report_is_no_camp() -> None:
    assert camps(views(*HALEN, BRANDT[0])) is None


@pytest.mark.parametrize("count", range(LEAST))
def test_a_few_reports_show_no_camps(count: int) -> None:
    assert camps(views(*[HALEN[0], BRANDT[0], BRANDT[1]][:count])) is None


def test_headlines_alone_have_too_few_words_to_tell() -> None:
    assert camps(views(*(Words(words.title) for words in (*HALEN, *BRANDT)))) is None


def test_reports_that_say_nothing_show_no_camps() -> None:
    assert camps(views(*[Words("")] * 6)) is None
