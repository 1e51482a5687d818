"""Every number is declared once with what must be known about it, and none hides in an equation."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import tianshui
from tianshui import measures, programmes, registry
from tianshui.declare import STATUSES, Declared
from tianshui.mechanisms import treasury

PACKAGE = Path(tianshui.__file__).parent
MECHANISMS = sorted((PACKAGE / "mechanisms").glob("*.py"))
POPULATION = sorted((PACKAGE / "population").glob("*.py"))
ASSEMBLY = [
    PACKAGE / f"{name}.py" for name in ("opening", "terms", "incomes", "asks", "year", "beginning", "queues")
]
EQUATIONS = [
    *MECHANISMS, *POPULATION, *ASSEMBLY,
    *(PACKAGE / f"{name}.py" for name in ("sums", "ledger", "layout", "counting", "state")),
]  # fmt: skip
"""Everything that computes the start and a year. Left out: the constants of the hash in `draws.py`."""
NUMBERS = registry.numbers()
LEVERS = {name: number for name, number in NUMBERS.items() if number.kind == "lever"}
CUTS = {name: number for name, number in NUMBERS.items() if number.kind == "cut"}
CHINESE = re.compile("[\u4e00-\u9fff]")

TARGETS = frozenset({
    "wdp_tfp_share", "road_gdp_elast", "expressway_emp", "sez_emp", "mult_G", "slcp_off_ind", "slcp_off_hh", "slcp_inc",
    "hec_eff", "pov_new", "pov_exit", "pov_ill", "che_impov", "tr_labour", "reloc_inc", "cct_hs",
})  # fmt: skip
"""Published effects that must come out of the model: with the channel in the equations they would count twice."""


# --- What is declared ---------------------------------------------------------------------------------


def complaints(number: Declared) -> Iterator[str]:
    """What is missing or contradictory in a declaration."""
    low, high = number.within
    if not number.unit.strip() or not number.source.strip():
        yield "no unit or no source"
    if not low <= number.value <= high:
        yield "its value lies outside its range"
    if number.status not in STATUSES:
        yield f"status {number.status!r}"
    if not number.doc.strip().endswith("."):
        yield "its description is no sentence"
    if number.kind in ("belief", "outside"):
        if number.prior is None:
            yield "no prior"
        else:
            least, central, most = number.prior
            if not low <= least <= central <= most <= high:
                yield "its prior leaves its range"
            if central != number.value:
                yield "the centre of its prior is not its value"
        if number.whole and any(at != round(at) for at in (number.value, low, high, *(number.prior or ()))):
            yield "a whole number has a value, limits and a prior of whole numbers"
    elif number.prior is not None or low >= high:
        yield "a lever or cut has a range and no prior"


@pytest.mark.parametrize("mechanism", sorted({name.partition(".")[0] for name in NUMBERS}))
def test_a_number_says_what_must_be_known_about_it(mechanism):
    """Unit, range around its value, source, status and description; a prior inside the range for what may be wrong."""
    own = {name: number for name, number in NUMBERS.items() if name.startswith(f"{mechanism}.")}
    found = [f"{name}: {text}" for name, number in own.items() for text in complaints(number)]
    assert not found, "\n".join(found)


def test_a_poor_declaration_is_found():
    good = NUMBERS["livelihoods.kappa"]
    assert not list(complaints(good))
    for worse in ({"unit": " "}, {"source": ""}, {"within": (0.0, 1.0)}, {"status": "guessed"}, {"doc": ""},
                  {"prior": None}, {"prior": (0.1, 1.0, 9.0)}, {"whole": True}):  # fmt: skip
        assert list(complaints(good._replace(**worse))), worse


@pytest.mark.parametrize("name", [*LEVERS, *CUTS])
def test_levers_and_cuts_have_names_in_both_languages(name):
    english, chinese = NUMBERS[name].names
    assert english.strip() and not CHINESE.search(english)
    assert CHINESE.search(chinese)


def test_names_are_shared_by_no_two():
    for language in (0, 1):
        names = [number.names[language] for number in (LEVERS | CUTS).values()]
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", LEVERS)
def test_a_lever_says_who_decides_where_for_what_and_at_what_cost(name):
    """Its price is a declared belief in yuan a unit, it is money itself, or it is a rule; its item is in the register."""
    lever = LEVERS[name]
    assert lever.who in ("city", "county", "province", "nation") and lever.where in ("one", "county")
    assert lever.group in treasury.GROUPS
    assert sum(lever.paid_by) == pytest.approx(1.0) and min(lever.paid_by) >= 0.0
    assert lever.measure in measures.register()
    if lever.cost == "money":
        assert lever.unit == "yuan/year"
    elif lever.cost is not None:
        price = NUMBERS[f"{name.partition('.')[0]}.{lever.cost}"]
        assert price.kind == "belief" and price.unit.startswith("yuan/") and price.value > 0.0


def test_every_declared_number_is_used():
    """A number that no source reads is no number of the model: its name stands outside its declaration too."""
    text = "\n".join(file.read_text(encoding="utf-8") for file in sorted(PACKAGE.rglob("*.py")))
    read = set(re.findall(r"\.([A-Za-z_]\w*)", text)) | set(
        re.findall(r"\"([A-Za-z_]\w*\.[A-Za-z_]\w*)\"", text)
    )
    unread = []
    for name, number in NUMBERS.items():
        own = name.partition(".")[2]
        by_group = own.startswith("share_")  # read by the name of the group
        priced = any(lever.cost == own and lever_name.partition(".")[0] == name.partition(".")[0]
                     for lever_name, lever in LEVERS.items())  # fmt: skip
        # A programme's lever and its beliefs are read by the name of the programme (`programmes.roster`).
        of_programme = any(name in (one.lever, one.years, one.fades) for one in programmes.roster().values())
        lever_read = number.kind == "lever" and name in read
        if not (own in read or by_group or priced or lever_read or of_programme):
            unread.append(name)
    assert not unread, unread


# --- What stands in equations -------------------------------------------------------------------------


def name(path: Path) -> str:
    """A file as it is called in the package."""
    return str(path.relative_to(PACKAGE).with_suffix("")).replace("/", ".")


DECLARING = ("belief", "outside", "lever", "cut")
SIZED = ("zeros", "ones", "empty", "blank", "full", "arange", "range", "tile", "reshape")
"""Calls whose whole arguments are sizes of arrays."""
SIZES = ("axis", "minlength")
FREE = (0, 1, 2)


def literals(source: str) -> Iterator[tuple[int, float]]:
    """Numbers other than 0, 1, 2 that stand in equations, with their lines.

    Left out are declarations, constants named in capitals at the top of a module, positions and sizes of arrays.
    """

    def named(target: ast.expr) -> bool:
        if isinstance(target, ast.Tuple):
            return all(map(named, target.elts))
        return isinstance(target, ast.Name) and target.id.isupper()

    def walk(node: ast.AST) -> Iterator[tuple[int, float]]:
        if isinstance(node, ast.Constant):
            if type(node.value) in (int, float) and node.value not in FREE:
                yield node.lineno, node.value
            return
        children = list(ast.iter_child_nodes(node))
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in DECLARING:
                return
            if called in SIZED:
                sizes = node.args[:1] if called == "full" else node.args
                children = [child for child in children if child not in sizes]
        elif isinstance(node, ast.Subscript):
            children = [node.value]
        elif isinstance(node, ast.keyword) and node.arg in SIZES:
            return
        elif isinstance(node, ast.BinOp) and isinstance(node.left, ast.List):
            children = []
        for child in children:
            yield from walk(child)

    for node in ast.parse(source).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if not all(target is not None and named(target) for target in targets):
            yield from walk(node)


@pytest.mark.parametrize("path", EQUATIONS, ids=name)
def test_equations_hold_no_numbers(path):
    """A number in an equation is declared or named at the top of its file with its meaning."""
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [
        f"{path.name}:{line}: {value!r} in {lines[line - 1].strip()}"
        for line, value in literals("\n".join(lines))
    ]
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize(
    "source",
    [
        "y = 3 * x",
        "def f(x):\n    return x + 0.5",
        "def f(x, n=7):\n    return x",
        "z = np.full(7, 0.3)",
        "if a > 12: pass",
    ],
)
def test_a_number_in_an_equation_is_found(source):
    assert list(literals(source))


@pytest.mark.parametrize(
    "source",
    [
        "MU = 0.1", "A, B = 3, 4", "x = 2 * y - 1.0", "z = np.zeros((7, 6))", "t[c, 5] += x[3]", "x = y.sum(axis=3)",
        "class P:\n    a: float = belief(0.3, within=(0.0, 5.0))", "n = np.bincount(x, minlength=7)",
    ],
)  # fmt: skip
def test_names_sizes_and_declarations_are_left_alone(source):
    assert not list(literals(source))


# --- Constants with a name ----------------------------------------------------------------------------

UNITS = frozenset({
    "HUNDRED", "THOUSAND", "TEN_THOUSAND", "PERCENT", "TENTH", "TENTHS", "MONTHS", "DAYS", "KG", "HUNDRED_MM",
})  # fmt: skip
"""Words for what they are: units and powers of ten; so are names with PER in them."""


def unexplained(source: str) -> Iterator[tuple[int, str]]:
    """Constants of a module that hold numbers and do not say what they are, with their lines.

    A text beneath explains a constant; positions (a range, whole numbers that count on, or from nought up) and units
    explain themselves.
    """
    body = ast.parse(source).body
    texts = [isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) for node in body] + [False]
    for node, explained in zip(body, texts[1:], strict=True):
        if not isinstance(node, ast.Assign) or explained:
            continue
        called = ast.unparse(node.targets[0])
        numbers = [part.value for part in ast.walk(node.value)
                   if isinstance(part, ast.Constant) and type(part.value) in (int, float)]  # fmt: skip
        counts_on = numbers == sorted(set(numbers)) and all(isinstance(number, int) for number in numbers)
        counts_on = counts_on and len(numbers) > 1
        counts_on = counts_on and (numbers[0] == 0 or numbers[-1] - numbers[0] == len(numbers) - 1)
        ranged = isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "range"
        if counts_on or ranged or called in UNITS or "_PER_" in called:
            continue
        if any(number not in FREE for number in numbers):
            yield node.lineno, called


@pytest.mark.parametrize("path", EQUATIONS, ids=name)
def test_a_constant_says_what_it_is(path):
    """A number that is neither declared nor explained would be an assumption without a label."""
    found = list(unexplained(path.read_text(encoding="utf-8")))
    assert not found, "\n".join(f"{path.name}:{line}: {called}" for line, called in found)


@pytest.mark.parametrize(
    "source", ["SHARE = 0.12", "A, B = 16, 60", "MOST = {1: 0.5}\nOTHER = 3", "X = [0.1]\nx = 1"]
)
def test_a_constant_without_a_text_is_found(source):
    assert list(unexplained(source))


@pytest.mark.parametrize(
    "source",
    ['SHARE = 0.12\n"""What it is."""', "A, B = range(2)", "A, B, C = 0, 1, 7", "A, B = 6, 7", "CELLS_PER_MU = 10",
     "PERCENT = 100.0", "HALF = 1 / 2"],
)  # fmt: skip
def test_explained_constants_positions_and_units_are_left_alone(source):
    assert not list(unexplained(source))


@pytest.mark.parametrize("path", [*MECHANISMS, *POPULATION], ids=name)
def test_published_effects_stand_in_no_mechanism(path):
    """No target of the literature is a name, an attribute or a word of a mechanism's source."""
    words = set(re.findall(r"\w+", path.read_text(encoding="utf-8")))
    assert not words & TARGETS


def test_published_effects_are_not_declared():
    assert not {name.partition(".")[2] for name in NUMBERS} & TARGETS
