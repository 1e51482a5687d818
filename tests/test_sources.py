"""Every declared number and every row of evidence leads to a document, and what is told about them is not stale."""

import re
from datetime import date
from pathlib import Path

import pytest

from tianshui import evidence, reference, registry
from tianshui.declare import STATUSES
from tianshui.evidence import document, sources, table

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "model" / "tianshui"
EVIDENCE = PACKAGE / "evidence"
NUMBERS = registry.numbers()
TABLES = sorted(file.stem for file in EVIDENCE.glob("*.csv"))
GEOMETRY = ("seats",)
"""Tables computed from the polygons: places on the map, with units in the names of their columns."""
WORDS_ONLY = ("measures", "candidates")
"""The register of the plan's items: words, whose few figures `measures.read` holds and whose rows name their sources;
and what became of the instruments that were once proposed, which are one list.
"""

RECKONED = ("baselines",)
"""Worked out from another table: no facts of its own."""

PSEUDO = {"assumed", "derived", "expert_range", "levers", "mechanisms", "recalled"}
FIELDS = {"title", "title_zh", "year", "publisher", "checked", "note", "cited_as", "tables"}
STATUS_OF = {"derived": "derived", "expert_range": "assumed", "recalled": "recalled"}
"""Origins that leave no choice of status."""


# --- The documents ------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", sources())
def test_a_document_says_what_it_is(key):
    entry = sources()[key]
    assert set(entry) <= FIELDS and {"title", "year", "publisher", "checked"} <= set(entry)
    assert re.fullmatch(r"[a-z][a-z0-9_]*", key)
    assert len(entry["title"]) > 10 and entry["publisher"].strip()
    assert entry["year"] == "undated" or 1978 <= entry["year"] <= entry["checked"].year
    assert isinstance(entry["checked"], date)


def test_documents_stand_in_order_and_none_is_idle():
    assert list(sources()) == sorted(sources())
    cited = {document(number.source)["key"] for number in NUMBERS.values()}
    cited |= {document(reference.cited(row))["key"] for name in reference.SOURCED for row in table(name)}
    cited |= {key for key, entry in sources().items() if entry.get("tables")}
    assert cited == set(sources())


def test_no_text_is_cited_as_two_documents():
    texts = [text for entry in sources().values() for text in entry.get("cited_as", ())]
    assert len(set(texts)) == len(texts) and not set(texts) & set(sources())


def test_a_source_leads_to_its_document():
    found = document("liu_liu_kuang_2020:48.2")
    assert (found["key"], found["detail"], found["year"]) == ("liu_liu_kuang_2020", "48.2", 2020)
    assert document("Tianshui 2021 statistical bulletin")["key"] == "tianshui_bulletin_2021"
    found = document("mayor 2021-06-25: 7,600 km2 treated are 78.83 %")
    assert (found["key"], found["detail"]) == ("mayor_2021", "7,600 km2 treated are 78.83 %")
    for nowhere in ("", "liu_1999:table_2", "somebody told us"):
        with pytest.raises(KeyError, match="no document"):
            document(nowhere)


# --- The declared numbers -----------------------------------------------------------------------------


@pytest.mark.parametrize("mechanism", sorted({name.partition(".")[0] for name in NUMBERS}))
def test_numbers_lead_to_documents_that_allow_their_status(mechanism):
    """What is found, derived or recalled is never our own judgement, and nothing is found in no document."""
    for name, number in NUMBERS.items():
        if not name.startswith(f"{mechanism}."):
            continue
        key = document(number.source)["key"]
        assert key != "assumed" or number.status == "assumed", f"{name}: {number.status} but {number.source}"
        assert number.status != "found" or key not in PSEUDO, f"{name}: found in {number.source}"
        assert number.status == STATUS_OF.get(key, number.status), (
            f"{name}: {number.status} but {number.source}"
        )


def test_a_number_without_a_document_says_on_what_ground():
    silent = [
        name
        for name, number in NUMBERS.items()
        if document(number.source)["key"] in PSEUDO and not document(number.source)["detail"]
    ]
    assert not silent


def test_priors_lie_within_their_limits_and_hold_their_centre():
    for name, number in {**registry.beliefs(), **registry.outside_numbers()}.items():
        assert number.prior is not None, name
        low, central, high = number.prior
        assert number.within[0] <= low <= central <= high <= number.within[1], name
        assert low <= number.value <= high and number.value == central, name


# --- The tables ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in TABLES if name not in (*GEOMETRY, *WORDS_ONLY, *RECKONED)])
def test_a_row_of_evidence_has_value_unit_status_and_document(name):
    """An aim's figure is its threshold and may be published; an effect's is its central value."""
    statuses = {*STATUSES, "published"} if name == "targets" else set(STATUSES)
    column = {"targets": "threshold", "effects": "central"}.get(name, "value")
    assert name in reference.SOURCED
    for row in table(name):
        float(row[column])
        assert row["unit"].strip() and row["status"] in statuses, row
        key = document(reference.cited(row))["key"]
        assert key != "assumed" or row["status"] == "assumed", row
        assert row["status"] not in ("found", "published") or key not in PSEUDO, row
        if "source_zh" in row:
            assert re.search("[\u4e00-\u9fff]", row["source_zh"]), row
        if row.get("low") and row.get("high"):
            assert float(row["low"]) <= float(row[column]) <= float(row["high"]), row


@pytest.mark.parametrize("name", [*GEOMETRY, "boundaries"])
def test_a_table_without_sources_comes_from_one_document(name):
    assert sum(name in entry.get("tables", ()) for entry in sources().values()) == 1


def test_every_file_of_evidence_is_used_by_the_package():
    readers = {"boundaries.geojson": "evidence.boundaries(", "sources.yaml": "evidence.document("}
    # The fitted draws and their manifest, which a backtest reads to refuse a fit on another start.
    readers |= {"ensemble.parquet": "evidence.fitted(", "ensemble.json": "ENSEMBLE"}
    readers |= {f"ensemble_honest.{ending}": "HONEST_ENSEMBLE" for ending in ("parquet", "json")}
    # The reference tables print what they know of; that is no use of it, save for the documents.
    text = "\n".join(
        file.read_text(encoding="utf-8")
        for file in sorted(PACKAGE.rglob("*.py"))
        if file.parent != EVIDENCE and file.name != "reference.py"
    )
    text += "\n".join(
        re.findall(r"evidence\.document\(", (PACKAGE / "reference.py").read_text(encoding="utf-8"))
    )
    unused = [
        file.name
        for file in sorted(EVIDENCE.iterdir())
        if file.is_file() and file.suffix != ".py"
        and readers.get(file.name, f'table("{file.stem}"') not in text
    ]  # fmt: skip
    assert not unused, f"evidence that nothing reads: {unused}"


def test_no_source_names_a_package_registry():
    for key, entry in sources().items():
        assert not re.search(r"pypi|npmjs|crates\.io|https?://", str(entry), re.IGNORECASE), key


# --- What is told -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", reference.TABLES)
def test_a_reference_table_is_not_stale(name):
    path = ROOT / reference.FOLDER / f"{name}.md"
    assert path.read_text(encoding="utf-8") == reference.TABLES[name](), "run: python -m tianshui.reference"


def test_the_folder_of_reference_tables_holds_nothing_else(tmp_path):
    reference.write(tmp_path / "new")
    own = {file.name for file in (tmp_path / "new").iterdir()}
    assert own == {file.name for file in (ROOT / reference.FOLDER).iterdir()}


def test_reference_tables_hold_every_number_and_links_that_lead_somewhere():
    text = {name: write() for name, write in reference.TABLES.items()}
    anchors = set(re.findall(r'<a id="(\w+)">', text["sources"]))
    assert anchors == set(sources())
    for kind, numbers in (("levers", registry.levers()), ("beliefs", registry.beliefs()),
                          ("outside", registry.outside_numbers()), ("cuts", registry.cuts())):  # fmt: skip
        rows = re.findall(r"(?m)^\| `([\w.]+)` \|", text[kind])
        assert sorted(rows) == sorted(numbers), kind
        assert set(re.findall(r"sources\.md#(\w+)", text[kind])) <= anchors
    for name, one in text.items():
        for block in re.findall(r"(?m)(?:^\|.*\n)+", one):
            columns = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
            assert len(columns) == 1, f"{name}: rows of unequal length"


@pytest.mark.parametrize("section", re.split(r"(?m)^## ", reference.mechanisms())[1:])
def test_a_mechanism_says_what_it_does_and_what_it_leaves_out(section):
    file, does, without = section.strip().split("\n\n")
    assert (PACKAGE / file).is_file()
    assert does.endswith(".") and len(without.removeprefix("**Left out:**").split()) > 2, file


def test_every_mechanism_is_told():
    told = set(re.findall(r"(?m)^## mechanisms/(\w+)\.py$", reference.mechanisms()))
    assert told == {file.stem for file in (PACKAGE / "mechanisms").glob("*.py")} - {"__init__"}


def test_what_is_left_out_is_found_inside_a_paragraph():
    text = "Does a thing\n    in two lines.\n\n    More. Left out: this and\n    that.\n\n    Other."
    assert reference.told(text) == ("Does a thing in two lines.", "this and that.")
    assert reference.told("Does it.") == ("Does it.", "")


# --- Parameters of the literature ---------------------------------------------------------------------


def _rows(heading: str) -> list[list[str]]:
    text = (ROOT / "docs" / "parameters.md").read_text(encoding="utf-8")
    section = re.split(r"(?m)^## ", text.partition(f"## {heading}\n")[2])[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_parameters_of_the_literature_are_where_they_are_said_to_be():
    """Those used have numbers, those not used have none of their name, and none is told twice."""
    same = [f"{mechanism}.{name}" for mechanism, names in _rows("Used as they are")
            for name in re.findall(r"`(\w+)`", names)]  # fmt: skip
    other = _rows("Used in another form")
    unused = _rows("Not used")
    assert same and set(same) <= set(NUMBERS)
    for name, numbers, how in other:
        assert set(re.findall(r"`([\w.]+)`", numbers)) <= set(NUMBERS), name
        assert how.endswith(".")
    declared = {name.partition(".")[2] for name in NUMBERS}
    for name, why in unused:
        assert name.strip("`") not in declared and why.endswith("."), name
    ids = [name.partition(".")[2] for name in same] + [row[0].strip("`") for row in (*other, *unused)]
    assert len(ids) == len(set(ids)) == 115


def test_published_effects_are_told_with_the_figures_of_the_evidence():
    told = [
        [cell.strip("`").replace("−", "-") for cell in row[:6]]
        for row in _rows("Published effects: must come out")
    ]
    assert told == [
        [row["id"], row["meaning_en"], row["unit"], row["low"], row["central"], row["high"]]
        for row in table("effects")
    ]


def test_digest_of_the_evidence_covers_the_documents(tmp_path, monkeypatch):
    """A changed document is changed evidence: runs made under it must not be taken for the same."""
    for file in EVIDENCE.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    monkeypatch.setattr(evidence, "HERE", tmp_path)
    before = evidence.digest.__wrapped__()
    assert before == evidence.digest()
    path = tmp_path / "sources.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert evidence.digest.__wrapped__() != before
