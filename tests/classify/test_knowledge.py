from pathlib import Path

import pytest

from bot.classify.knowledge import Classes, Entity, Terms, Topic, load_knowledge
from bot.errors import BadConfig
from tests.classify.samples import KNOWLEDGE


def seeds(folder: Path, entities: str = "", topic: str = "") -> Path:
    for name, text in (("entities", entities), ("topics", topic)):
        (folder / name).mkdir()
        if text:
            (folder / name / "one.toml").write_text(text, "utf-8")
    return folder


def faults(folder: Path) -> list[str]:
    with pytest.raises(BadConfig) as caught:
        load_knowledge(folder)
    return caught.value.faults


def test_seeds_are_read(tmp_path: Path) -> None:
    entities = """
    [[entity]]
    id = "unitree"
    kind = "company"
    name = "Unitree"
    names = ["宇树"]
    classes = ["robotics"]
    context = ["robot"]
    forbid = ["tree"]
    """
    topic = """
    id = "robotics"
    name = "Robotics"
    aliases = ["robots"]
    exclude = ["robots.txt"]
    [[group]]
    weight = 0.7
    terms = ["robot"]
    [[class]]
    weight = 0.45
    classes = ["robotics"]
    """
    knowledge = load_knowledge(seeds(tmp_path, entities, topic))
    assert knowledge.entities == (
        Entity("unitree", "company", "Unitree", ("宇树",), "", ("robotics",), ("robot",), ("tree",)),
    )
    assert knowledge.topics == (
        Topic(
            "robotics",
            "Robotics",
            ("robots",),
            ("robots.txt",),
            (Terms(0.7, ("robot",)),),
            (Classes(0.45, ("robotics",)),),
        ),
    )


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    entities = """
    [[entity]]
    id = "alpha"
    kind = "firm"
    name = "Alpha"
    nmaes = ["A"]
    parent = "alhpa2"
    [[entity]]
    id = "alpha"
    kind = "company"
    name = "ALPHA "
    [[entity]]
    id = "alpha2"
    kind = "company"
    name = "alpha"
    names = ["…"]
    [[entity]]
    id = "Bad Id"
    kind = "company"
    """
    topic = """
    id = "t"
    name = 3
    [[group]]
    weight = 2
    terms = "robot"
    """
    told = "\n".join(faults(seeds(tmp_path, entities, topic)))
    for fault in (
        "one.toml: entity alpha: unknown key 'nmaes'; did you mean 'names'?",
        "one.toml: entity alpha: kind must be one of company, investor, person, lab, not 'firm'",
        "one.toml: entity alpha: unknown parent 'alhpa2'; did you mean 'alpha2'?",
        "one.toml: entity alpha: the id is taken in one.toml",
        "one.toml: entity alpha2: the name 'alpha' is also of alpha (one.toml)",
        "one.toml: entity alpha2: names: '…' has no letter or digit to look for",
        "one.toml: entity Bad Id: id 'Bad Id' must be of",
        "one.toml: entity Bad Id: name is missing",
        "one.toml: name must be text, not 3",
        "one.toml: group 1: weight must be a number between 0 and 1, not 2",
        "one.toml: group 1: terms must be a list of texts",
    ):
        assert fault in told


def test_a_circle_of_parents_is_a_fault(tmp_path: Path) -> None:
    row = '[[entity]]\nid = "{}"\nkind = "company"\nname = "{}"\nparent = "{}"\n'
    told = faults(seeds(tmp_path, row.format("a1", "One", "b1") + row.format("b1", "Two", "a1")))
    assert told == [f"one.toml: entity {one}: belongs to itself through its parents" for one in ("a1", "b1")]


def test_a_name_may_be_shared_by_those_that_need_a_context(tmp_path: Path) -> None:
    row = '[[entity]]\nid = "{}"\nkind = "company"\nname = "Same"\n{}\n'
    text = row.format("a1", "") + row.format("b1", 'context = ["x"]')
    assert len(load_knowledge(seeds(tmp_path, text)).entities) == 2


def test_what_is_no_toml_or_not_there_is_a_fault(tmp_path: Path) -> None:
    assert "one.toml: cannot be read" in faults(seeds(tmp_path, "[[entity"))[0]
    assert "there is no such folder" in faults(tmp_path / "nowhere")[0]


@pytest.mark.parametrize("text", ["alibaba-cloud", "Alibaba Cloud", "ALIBABA  cloud", "阿里云", "alibaba–cloud"])
def test_entities_are_found_by_id_name_and_alias(text: str) -> None:
    found = KNOWLEDGE.find_entity(text)
    assert found is not None
    assert found.id == "alibaba-cloud"


@pytest.mark.parametrize("text", ["physical-ai", "Physical AI", "Embodied-AI", "具身智能"])
def test_topics_are_found_by_id_name_and_alias(text: str) -> None:
    found = KNOWLEDGE.find_topic(text)
    assert found is not None
    assert found.id == "physical-ai"


def test_a_shared_name_is_of_the_one_that_needs_no_context() -> None:
    found = KNOWLEDGE.find_entity("apple")
    assert found is not None
    assert found.id == "apple"
    assert KNOWLEDGE.find_entity("nobody") is None
    assert KNOWLEDGE.find_topic("nothing") is None


def test_children_and_lineage_go_through_all_parents() -> None:
    assert KNOWLEDGE.children("alibaba") == {"alibaba-cloud", "qwen"}
    assert KNOWLEDGE.children("qwen") == frozenset()
    assert KNOWLEDGE.lineage("qwen") == ("qwen", "alibaba-cloud", "alibaba")


def test_the_nearest_name_is_suggested_as_the_seeds_write_it() -> None:
    assert KNOWLEDGE.suggest("entity", "unitre") == "Unitree"
    assert KNOWLEDGE.suggest("topic", "phisical ai") == "Physical AI"
    assert KNOWLEDGE.suggest("topic", "zzzz") is None
