"""The register of the plan's items: what it refuses, and that every item has a channel with a lever or a reason."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tianshui import measures, registry
from tianshui.declare import Declared
from tianshui.evidence import document, table
from tianshui.indicators import INDICATORS
from tianshui.words import DETAILS

CHINESE = re.compile("[\u4e00-\u9fff]")
LEVERS = registry.levers()
NUMBERS = registry.numbers()
GIVEN = {row["id"]: row for row in table("measures")}
ITEMS = measures.register()


def changed(item: str, **words: str) -> dict[str, measures.Measure]:
    """The register with one row told otherwise."""
    return measures.read({**row, **words} if row["id"] == item else row for row in GIVEN.values())


def lever(item: str) -> Declared:
    """A lever of an item, all else like another's."""
    return LEVERS["relief.posts"]._replace(measure=item)


# --- Weights: shown, never used ------------------------------------------------------------------------

SHOWING = {"measures.py", "inputs.py", "reference.py", "items.py"}
"""Files that may name the weights of an item; `items.py` is the report's and the command line's."""


def test_weights_are_shares_of_the_four_headline_groups():
    assert set(measures.Weights._fields) == set(measures.GROUPS) - {"cross"}
    # M01 belongs to poverty for nine tenths.
    assert ITEMS["M01"].weights == (0.9, 0.0, 0.05, 0.05)
    for item in ITEMS.values():
        assert min(item.weights) >= 0.0 and 0.0 < sum(item.weights) <= 1.0 + 1e-9, item.id
        # An item's own group, where it has one of the four, is where its weight is largest.
        if item.group != "cross":
            assert getattr(item.weights, item.group) == max(item.weights), item.id


@pytest.mark.parametrize("text", ["-0.1", "1.1", "", "nan", "much"])
def test_a_weight_that_is_no_share_is_refused(text):
    with pytest.raises(ValueError, match="M01: its weight on urban"):
        changed("M01", w_urban=text)


def test_weights_that_add_up_to_more_than_one_are_refused():
    with pytest.raises(ValueError, match="add up to 1.1"):
        changed("M04", w_urban="0.1")


def test_nothing_reads_the_weights_but_what_shows_them():
    package = Path(measures.__file__).parent
    named = re.compile(
        r"\bw_(poverty|industry|urban|ecology)\b|\b(one|item|measure|row)\.weights\b|\[\"weights\"\]"
    )
    for file in package.rglob("*.py"):
        if named.search(file.read_text(encoding="utf-8")):
            assert file.name in SHOWING and file.parent.name in (package.name, "report", "commands"), file


OF_THE_PLAN = [f"M{n:02}" for n in range(1, 39)] + [f"S{n}" for n in range(11, 17)]
"""The 38 tasks and 6 supports; whoever adds an item of another plan adds a row beside them."""


# --- The register as it stands ------------------------------------------------------------------------


def test_every_item_of_the_plan_has_a_channel_or_a_reason_for_none(capsys):
    assert {*OF_THE_PLAN} <= {*ITEMS}
    measures.check(ITEMS, LEVERS)
    own = {number.measure for number in LEVERS.values()}
    kinds = Counter(
        "a lever and a channel"
        if item.channel_en and item.id in own
        else "a reason for none"
        if item.no_channel_en and item.id not in own
        else "neither, or both"
        for item in ITEMS.values()
    )
    told = ", ".join(f"{count} with {kind}" for kind, count in sorted(kinds.items()))
    commitments = Counter(item.commitment for item in ITEMS.values())
    with capsys.disabled():
        print(f"\n{len(ITEMS)} items: {told}; {len(LEVERS)} levers")
        print("; ".join(f"{word} {commitments[word]}" for word in measures.COMMITMENTS))
    assert kinds == {"a lever and a channel": 40, "a reason for none": 4}
    assert {item for item in ITEMS if ITEMS[item].no_channel_en} == {"M16", "M22", "M28", "S13"}


@pytest.mark.parametrize("item", ITEMS.values(), ids=str)
def test_an_item_is_told_in_both_languages_and_cites_a_document(item):
    for kind in ("title", "text", "channel", "no_channel"):
        english, chinese = getattr(item, f"{kind}_en"), getattr(item, f"{kind}_zh")
        assert not CHINESE.search(english) and (not chinese or CHINESE.search(chinese))
        if kind != "title" and english:
            assert english.endswith(".") and chinese.endswith("。")
    key = document(item.source)["key"]
    assert key != "assumed" or item.status == "assumed"
    assert item.status != "found" or key not in ("assumed", "derived", "levers", "mechanisms", "recalled")
    if key == "levers":
        assert item.status == "assumed"


def test_a_channel_names_no_lever_but_its_own():
    for item in ITEMS.values():
        for text in (item.channel_en, item.channel_zh):
            named = set(re.findall(r"\b[a-z]+\.[a-z_]+\b", text, re.ASCII))
            assert named <= {name for name, own in LEVERS.items() if own.measure == item.id}, item.id


def test_the_words_are_told_in_both_languages():
    for firm in measures.COMMITMENTS.values():
        assert CHINESE.search(firm.zh) and CHINESE.search(firm.meaning_zh) and firm.meaning_en
    for english, chinese in measures.RESPONDERS.values():
        assert not CHINESE.search(english) and CHINESE.search(chinese)


def test_an_effect_is_in_points_where_the_indicator_is_in_percent():
    first = {item.id: item.indicators[0] for item in ITEMS.values() if item.indicators}
    assert INDICATORS["forest_cover"].unit == "%" and first["M25"].in_points
    assert INDICATORS["sediment"].unit == "tonne" and not first["M26"].in_points
    assert (first["M26"].sign, first["M26"].smallest, first["M26"].area) == (-1, 3.0, "tianshui")
    assert first["M37"].area == "zhangjiachuan"


def test_a_lever_belongs_to_its_item_its_push_and_its_group():
    one = lever("M30")
    assert all(measures.covers(word, one) for word in ("M30", "P09", "poverty"))
    assert not any(measures.covers(word, one) for word in ("M31", "P08", "urban"))
    assert measures.levers_of(["M11", "P05"], LEVERS) == (
        "towns.services",
        "towns.openness",
        "towns.districts",
        "trade.logistics",
    )
    assert measures.levers_of(["M09"], LEVERS) == ("industries.retrofit_subsidy", "industries.park")


# --- What is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "words", "told"),
    [
        ("M16", {"no_channel_en": "", "no_channel_zh": ""}, "neither a channel nor a reason"),
        ("M16", {"channel_en": "So.", "channel_zh": "如此。"}, "a channel and a reason"),
        ("M25", {"channel_zh": ""}, "one language only"),
        ("M25", {"title_zh": ""}, "no title in one language"),
        ("M25", {"indicators": ""}, "a channel that moves nothing"),
        ("M16", {"indicators": "gdp:+:1:assumed:assumed:so"}, "moves an indicator without a channel"),
        ("M25", {"indicators": "forest:+:1:assumed:assumed:so"}, "unknown indicator 'forest'"),
        ("M25", {"indicators": "forest_cover@gansu:+:1:assumed:assumed:so"}, "does not exist for 'gansu'"),
        ("M25", {"indicators": "life_expectancy@gangu:+:1:assumed:assumed:so"}, "does not exist for 'gangu'"),
        ("M25", {"indicators": "forest_cover:more:1:assumed:assumed:so"}, "neither + nor -"),
        ("M25", {"indicators": "forest_cover:+:0:assumed:assumed:so"}, "not above zero"),
        ("M25", {"indicators": "forest_cover:+:nan:assumed:assumed:so"}, "not above zero"),
        ("M25", {"indicators": "forest_cover:+:1:guessed:assumed:so"}, "unknown status 'guessed'"),
        ("M25", {"indicators": "forest_cover:+:1:assumed"}, "is not indicator[@area]:sign:smallest:status:source"),
        ("M25", {"indicators": "forest_cover:+:1:derived:somebody"}, "which leads to no document"),
        ("M25", {"indicators": "forest_cover:+:1:derived:mayor_2021"}, "does not say where in 'mayor_2021'"),
        ("M25", {"indicators": "forest_cover:+:1:derived:assumed:so"}, "is derived and cites 'assumed:so'"),
        ("M25", {"sized_by": ""}, "no belief sizes its effect"),
        ("M16", {"sized_by": "towns.money_gain"}, "a belief sizes an effect without a channel"),
        ("M25", {"indicators": "gdp:+:1:assumed:assumed:so;gdp:-:1:assumed:assumed:so"}, "an indicator twice"),
        ("M25", {"commitment": "build and seek"}, "unknown word 'build and seek'"),
        ("M25", {"responders": "villagers;saints"}, "unknown word 'saints'"),
        ("M25", {"responders": ""}, "nobody responds"),
        ("M25", {"who": "emperor"}, "unknown word 'emperor'"),
        ("M25", {"source": ""}, "no source"),
        ("M25", {"id": "M26"}, "stands twice"),
    ],
)  # fmt: skip
def test_a_row_at_odds_with_itself_is_refused(item, words, told):
    with pytest.raises(ValueError, match=re.escape(told)):
        changed(item, **words)


def test_the_register_is_held_against_the_levers():
    def held(levers: dict[str, Any]) -> None:
        measures.check(ITEMS, levers)

    with pytest.raises(ValueError, match="relief.posts: belongs to 'M30 M34', which is not one item"):
        held({**LEVERS, "relief.posts": lever("M30 M34")})
    with pytest.raises(ValueError, match="relief.posts: belongs to '', which is not one item"):
        held({**LEVERS, "relief.posts": lever("")})
    with pytest.raises(ValueError, match="M28: is said to have no channel and has the lever science.pay"):
        held({**LEVERS, "science.pay": lever("M28")})
    with pytest.raises(ValueError, match=r"M10: has a channel and no lever"):
        held({name: number for name, number in LEVERS.items() if number.measure != "M10"})


# --- On what an effect rests ----------------------------------------------------------------------------


def test_what_sizes_an_effect_is_declared_and_cited_in_words():
    for item in ITEMS.values():
        sizes = measures.sizes(item, NUMBERS)
        assert bool(sizes) == bool(item.channel_en)
        for source in (item.source, *(one.source for one in item.indicators)):
            english, chinese = measures.cited(source)
            assert "_" not in english and not CHINESE.search(english)
            detail = document(source)["detail"]
            # A figure is the same in both languages; all else is said in Chinese.
            assert not re.search("[A-Za-z]{2}", detail) or CHINESE.search(chinese.rpartition(detail)[2]), (
                source
            )


def test_every_ground_said_in_chinese_is_one_of_the_register():
    used = {document(source)["detail"] for item in ITEMS.values()
            for source in (item.source, *(one.source for one in item.indicators))}  # fmt: skip
    assert set(DETAILS) <= used


def test_a_source_is_told_in_words():
    assert measures.cited("levers:renewables_added") == (
        "list of levers: renewables added",
        "杠杆清单：新增可再生能源",
    )
    assert measures.cited("assumed:no_figure_found") == ("assumed: no figure found", "假定：未查到数字")
    assert measures.cited("mayor_2021:95_and_85_percent")[1] == "市长新闻发布会，2021年6月25日：95%与85%"
    assert measures.cited("a letter") == ("a letter", "a letter")


def test_an_effect_rests_on_assumption_alone_when_channel_and_sizes_are_assumed(capsys):
    item, found = ITEMS["M25"], []
    own = {name: NUMBERS["towns.money_gain"]._replace(status="assumed") for name in item.sized_by}
    for status, numbers in (
        ("assumed", own), ("found", own), ("assumed", own | {item.sized_by[0]: own[item.sized_by[0]]._replace(status="recalled")}),
    ):  # fmt: skip
        found.append(measures.grounded(item._replace(status=status), numbers))
    assert found == [measures.ALONE, measures.SIGN, measures.PARTLY]
    with pytest.raises(
        ValueError, match="M25: is sized by 'ecology.plant_cots', .* mean 'ecology.plant_cost'"
    ):
        measures.grounded(item._replace(sized_by=("ecology.plant_cots",)), NUMBERS)
    kinds = Counter(measures.grounded(one, NUMBERS) for one in ITEMS.values() if one.channel_en)
    with capsys.disabled():
        print(
            "\n" + "; ".join(f"{kinds[word]} rest on {said[0]}" for word, said in measures.GROUNDED.items())
        )
    assert kinds.total() == len(ITEMS) - len(measures.without_lever())


# --- What became of the proposed instruments ------------------------------------------------------------

PROPOSED = table("candidates")


def test_each_of_the_101_proposed_instruments_is_accounted_for(capsys):
    found = measures.candidates()
    measures.check_candidates(found, NUMBERS)
    kinds = Counter(one.becomes for one in found)
    with capsys.disabled():
        told = ", ".join(f"{kinds[kind]} {words[0]}" for kind, words in measures.BECAME.items())
        print(f"\n{len(found)} proposed instruments: {told}")
    assert len(found) == sum(kinds.values()) == 101
    assert {one.measure for one in found} == {*OF_THE_PLAN}
    # Most items without a channel have no lever here either.
    assert not [one for one in found if one.becomes == "lever" and ITEMS[one.measure].no_channel_en]


@pytest.mark.parametrize("one", measures.candidates(), ids=lambda one: f"{one.measure}-{one.candidate}")
def test_a_reason_is_told_in_both_languages(one):
    assert not CHINESE.search(one.why_en) and CHINESE.search(one.candidate_zh)
    for text, end in ((one.why_en, "."), (one.why_zh, "。")):
        assert not text or text.endswith(end)
    assert not one.why_zh or CHINESE.search(one.why_zh)
    named = set(re.findall(r"\b[a-z]+\.[a-z_]+\b", one.why_en, re.ASCII))
    assert named <= {*NUMBERS} and named == set(re.findall(r"[a-z]+\.[a-z_]+", one.why_zh, re.ASCII))
    assert set(re.findall(r"M\d\d|S1\d", one.why_en)) <= {*ITEMS}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"measure": "M99"}, "M99 sloping_land_area: 'M99' is not one item"),
        ({"becomes": "wish"}, "unknown word 'wish'"),
        ({"name": ""}, "becomes something without a name"),
        ({"becomes": "left_out"}, "left out and named"),
        ({"becomes": "left_out", "name": ""}, "left out without a reason"),
        ({"why_en": "So."}, "told in one language only"),
        ({"candidate": "sloping_land_payment"}, "M25 sloping_land_payment: stands twice"),
        ({"name": "conversion.qouta"}, "'conversion.qouta' is no lever; did you mean 'conversion.quota'?"),
        ({"name": "ecology.plant_cost"}, "'ecology.plant_cost' is no lever"),
        ({"becomes": "belief"}, "'conversion.quota' is no belief"),
        ({"becomes": "indicator", "name": "forest_covr"}, "is no indicator; did you mean 'forest_cover'?"),
        ({"name": "relief.posts"}, "relief.posts belongs to M30, and no reason is given"),
    ],
)
def test_a_proposed_instrument_at_odds_is_refused(words, told):
    rows = [
        {**row, **words} if (row["measure"], row["candidate"]) == ("M25", "sloping_land_area") else row
        for row in PROPOSED
    ]
    with pytest.raises(ValueError, match=re.escape(told)):
        measures.check_candidates(measures.read_candidates(rows, ITEMS), NUMBERS)
