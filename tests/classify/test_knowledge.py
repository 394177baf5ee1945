from pathlib import Path

import pytest

from bot.classify.knowledge.seeds import Classes, Entity, Terms, Topic, load_knowledge
from bot.errors import BadConfig, BadInput
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
    [contexts]
    robots = ["robot", "robots"]
    [[entity]]
    id = "unitree"
    kind = "company"
    name = "Unitree"
    names = { en = ["Uni"], zh = ["宇树"] }
    former = ["Old Unitree"]
    mistaken = ["Cosmic Tree"]
    tickers = ["HKEX:9999"]
    country = "CN"
    classes = ["robotics"]
    ambiguous = ["Uni"]
    context = ["@robots", "dog"]
    forbid = ["campus"]
    mask = ["Uni Bonn"]
    loose = true
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
        Entity(
            "unitree",
            "company",
            "Unitree",
            ("Uni", "宇树"),
            classes=("robotics",),
            context=("robot", "robots", "dog"),
            forbid=("campus",),
            ambiguous=("Uni",),
            mask=("Uni Bonn",),
            former=("Old Unitree",),
            mistaken=("Cosmic Tree",),
            tickers=("HKEX:9999",),
            country="CN",
            loose=True,
            tags=("en", "zh"),
        ),
    )
    assert knowledge.entities[0].named_in("zh") == ("宇树",)
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
    names = { en = ["…"] }
    [[entity]]
    id = "beta"
    kind = "company"
    name = "Beta Works"
    names = { zh = ["騰訊"], english = ["B"], ja = 3 }
    tickers = ["HKEX:PONY", "PONY"]
    country = "China"
    ambiguous = ["Beta Work"]
    context = ["@robots", "Beta Works"]
    mask = ["gamma"]
    loose = "yes"
    [[entity]]
    id = "delta"
    kind = "company"
    name = "Delta"
    names = ["Delta One"]
    context = ["x"]
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
        "one.toml: entity alpha2: names.en: '…' has no letter or digit to look for",
        "one.toml: entity beta: names: write '腾讯' for '騰訊', traditional characters are found by it",
        "one.toml: entity beta: names: 'english' is no language tag",
        "one.toml: entity beta: names.ja must be a list of texts",
        "one.toml: entity beta: 'HKEX:PONY' has no code of HKEX",
        "one.toml: entity beta: 'PONY' must be EXCHANGE:CODE with one of NASDAQ, NYSE",
        "one.toml: entity beta: country must be two capital letters, not 'China'",
        "one.toml: entity beta: ambiguous: 'Beta Work' is none of its names; did you mean 'beta works'?",
        "one.toml: entity beta: context: there is no set '@robots', only none",
        "one.toml: entity beta: context: 'Beta Works' is one of its plain names, which need not be said again",
        "one.toml: entity beta: mask: 'gamma' must be longer than one of its names, and have it inside",
        "one.toml: entity beta: loose must be true or false, not 'yes'",
        "one.toml: entity delta: names must be texts by language",
        "one.toml: entity delta: context is of no use without ambiguous names",
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


def test_a_name_may_be_shared_by_those_for_whom_it_is_ambiguous(tmp_path: Path) -> None:
    row = '[[entity]]\nid = "{}"\nkind = "company"\nname = "Same"\n{}\n'
    text = row.format("a1", "") + row.format("b1", 'ambiguous = ["Same"]\ncontext = ["x"]')
    assert len(load_knowledge(seeds(tmp_path, text)).entities) == 2


def test_a_ticker_is_of_one_entity(tmp_path: Path) -> None:
    row = '[[entity]]\nid = "{0}"\nkind = "company"\nname = "{0}"\ntickers = ["NYSE:X"]\n'
    assert "the name 'NYSE:X' is also of a1" in faults(seeds(tmp_path, row.format("a1") + row.format("b1")))[0]


def test_context_sets_are_shared_by_all_files(tmp_path: Path) -> None:
    text = '[[entity]]\nid = "a1"\nkind = "company"\nname = "Abc"\nambiguous = ["Abc"]\ncontext = ["@money"]\n'
    folder = seeds(tmp_path, text)
    (folder / "entities" / "sets.toml").write_text('[contexts]\nmoney = ["funding"]\n', "utf-8")
    assert load_knowledge(folder).entities[0].context == ("funding",)


def test_rates_are_read_where_there_are_any(tmp_path: Path) -> None:
    folder = seeds(tmp_path)
    assert load_knowledge(folder).rates.table == {}
    (folder / "rates.toml").write_text("[[", "utf-8")
    assert "rates.toml" in faults(folder)[0]


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


def test_a_shared_name_is_of_the_one_that_it_means_outright() -> None:
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


# -- what people add ---------------------------------------------------------------------------------------------------


def test_own_entities_and_aliases_are_added() -> None:
    own = Entity("norrland", "company", "Norrland Robotics", parent="alibaba")
    knowledge = KNOWLEDGE.with_entities([own], {"qwen": ["Qianwen"], "norrland": ["诺兰"], "nobody": ["N"]})
    assert len(knowledge.entities) == len(KNOWLEDGE.entities) + 1
    assert knowledge.entity("qwen").names == ("通义千问", "Tongyi Qianwen", "Qianwen")
    assert knowledge.lineage("norrland") == ("norrland", "alibaba")
    assert [found.id for name in ("Qianwen", "诺兰") if (found := knowledge.find_entity(name))] == ["qwen", "norrland"]
    assert KNOWLEDGE.find_entity("Qianwen") is None
    assert knowledge.topics == KNOWLEDGE.topics


def test_an_own_entity_never_takes_the_place_of_one_of_the_seeds() -> None:
    knowledge = KNOWLEDGE.with_entities([Entity("qwen", "company", "Something Else")])
    assert knowledge.entities == KNOWLEDGE.entities


@pytest.mark.parametrize(
    ("entity", "told"),
    [
        (Entity("new", "company", "New"), ""),
        (Entity("new", "company", "Figure"), ""),  # ambiguous, so not taken
        (
            Entity("new", "company", "Alibaba Cloud"),
            "the name 'alibaba cloud' is taken: it is Alibaba Cloud (alibaba-cloud)",
        ),
        (
            Entity("new", "company", "New", ("阿里雲",)),
            "the name '阿里云' is taken: it is Alibaba Cloud (alibaba-cloud)",
        ),
        (Entity("qwen", "company", "New"), "the id qwen is taken: it is Qwen"),
        (Entity("new", "firm", "New"), "kind must be one of company, investor, person, lab, not 'firm'"),
        (Entity("new", "company", "!"), "'!' has no letter or digit to look for"),
        (Entity("New", "company", "New"), "id 'New' must be of a-z, 0-9 and single - _ . between them"),
        (
            Entity("new", "company", "New", parent="alibab"),
            "there is no entity alibab to belong to; did you mean Alibaba?",
        ),
    ],
)
def test_a_new_entity_is_checked(entity: Entity, told: str) -> None:
    try:
        KNOWLEDGE.check_entity(entity)
        found = ""
    except BadInput as error:
        found = str(error)
    assert found == told


@pytest.mark.parametrize(
    ("alias", "told"),
    [
        ("Qianwen", ""),
        ("…", "'…' has no letter or digit to look for"),
        ("tongyi  QIANWEN", "Qwen is found as 'tongyi  QIANWEN' already"),
        ("宇树", "the name '宇树' is taken: it is Unitree (unitree)"),
    ],
)
def test_a_new_alias_is_checked(alias: str, told: str) -> None:
    try:
        KNOWLEDGE.check_alias("qwen", alias)
        found = ""
    except BadInput as error:
        found = str(error)
    assert found == told
