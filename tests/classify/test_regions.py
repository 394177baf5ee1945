import pytest

from bot.classify.knowledge import regions
from bot.classify.knowledge.regions import find_region, nearest_region, region_name, regions_of
from bot.classify.normal import needle


@pytest.mark.parametrize(
    ("text", "expected"),
    [("CN", "cn"), ("USA", "us"), ("u.s.", "us"), ("UAE", "ae"), ("阿聯酋", "ae"), ("Asia-Pacific", "apac"), ("GCC", "gulf"),
     ("中东", "middle-east"), ("Middle East", "middle-east"), ("欧盟", "eu"), ("atlantis", None), ("", None)],
)  # fmt: skip
def test_places_are_found_by_what_people_call_them(text: str, expected: str | None) -> None:
    assert find_region(text) == expected


def test_a_country_lies_in_all_its_regions() -> None:
    assert set(regions_of("AE")) == {"ae", "gulf", "middle-east", "mena", "asia", "emea"}
    assert set(regions_of("CN")) == {"cn", "greater-china", "east-asia", "asia", "apac"}
    assert regions_of("") == ()
    assert regions_of("ZZ") == ("zz",)


def test_every_name_means_one_place() -> None:
    owners: dict[str, set[str]] = {}
    for code, names in regions._countries().items():
        for name in (code, *names):
            owners.setdefault(needle(name), set()).add(code)
    for line in regions._REGIONS.strip().splitlines():
        first, *others = line.partition(": ")[0].split("|")
        for name in (first, *others):
            owners.setdefault(needle(name), set()).add(first)
    assert {name: found for name, found in owners.items() if len(found) > 1} == {}
    assert all(members <= set(regions._countries()) for members in regions._members().values())


def test_places_have_names_for_people() -> None:
    assert (region_name("cn"), region_name("southeast-asia")) == ("China", "southeast asia")
    assert nearest_region("singapor") == "singapore"
    assert nearest_region("qqqq") is None
