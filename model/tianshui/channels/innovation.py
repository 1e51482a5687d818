"""Innovation: what public money for research, laboratories, young firms, envoys and scarce people comes to.

Research money, the development that a subsidy adds at firms, laboratories and people brought in make knowledge. All are
programmes (built with delay, they wear away; people leave again):

    knowledge = research + added * development + laboratory_part * laboratories + talent_carries * people
    log productivity of factories and technical services + research_most * (1 - exp(-knowledge a resident / research_half))

The subsidy is due on what firms spend on development, a part of the value added of factories; it is paid to them, and what
it adds they buy of technical services. Incubated firms that
would not have been founded enter electronics and technical services by their jobs. Envoys raise what the farms without a
cooperative's service yield, so far as they reach them:

    reached = 1 - exp(-envoy_reach * envoys / farm households);   yield * (1 + envoy_gain * reached * part not served)

Residents are those of 2015.

Left out: knowledge that crosses county borders or comes from outside (in the trends of productivity), patents and the
market for them, universities, pay of those brought in as income of households (their money is bought like other
services), longer lives of incubated firms (studies find none), who among the farms is reached.
"""

from collections.abc import Mapping

import numpy as np

from tianshui.channels import Seen
from tianshui.declare import Parameters, belief, lever
from tianshui.state import COUNTIES, ELECTRONICS, FACTORIES, SECTORS, TECHNICAL, Households, Industries
from tianshui.sums import saturating

KNOWING = np.isin(np.arange(len(SECTORS)), [*range(FACTORIES), TECHNICAL])
"""Sectors that use knowledge made here: factories and technical services."""


class InnovationParameters(Parameters):
    """Numbers of innovation."""

    research: float = lever(
        0.0, unit="yuan/year", within=(0.0, 100000000.0), names=("Public research", "公共科研投入"), who="city",
        where="county", cost="money", group="industry", measure="M04", source="levers:city_science_budget",
        status="assumed", paid_by=(0.3, 0.7), builds="research",
    )  # fmt: skip
    """Public money for research at work on local strengths in the county."""

    laboratories: float = lever(
        0.0, unit="yuan/year", within=(0.0, 50000000.0), names=("Shared laboratories", "共享实验室"), who="city",
        where="county", cost="money", group="industry", measure="M05", source="levers:new_labs",
        status="assumed", paid_by=(0.4, 0.6), buys="works", builds="laboratories",
    )  # fmt: skip
    """Public money for laboratories and technical centres that firms share."""

    development_subsidy: float = lever(
        0.0, unit="share", within=(0.0, 0.25), names=("Subsidy of firms' development", "企业研发补助"), who="city",
        where="county", cost=None, group="industry", measure="M05", source="levers:firm_rd_subsidy_rate",
        status="assumed", paid_by=(0.3, 0.7), buys="firms", builds="development",
    )  # fmt: skip
    """Part of what factories spend on development that public money pays."""

    incubation: float = lever(
        0.0, unit="firm/year", within=(0.0, 40.0), names=("Firms taken into incubators", "入孵企业"), who="city",
        where="county", cost="incubation_cost", group="industry", measure="M06", source="levers:incubated_firms",
        status="assumed", paid_by=(0.3, 0.7), builds="incubation",
    )  # fmt: skip
    """Young firms given room and help in the county, new ones a year."""

    envoys: float = lever(
        0.0, unit="person/year", within=(0.0, 600.0), names=("Science envoys in villages", "科技特派员"), who="city",
        where="county", cost="envoy_cost", group="industry", measure="M07", source="levers:science_envoys",
        status="assumed", paid_by=(0.5, 0.5), builds="envoys",
    )  # fmt: skip
    """Technicians employed in villages of the county during the year."""

    talent: float = lever(
        0.0, unit="person/year", within=(0.0, 300.0), names=("Places for scarce people", "引才名额"), who="city",
        where="county", cost="talent_cost", group="industry", measure="S15", source="levers:talent_subsidy",
        status="assumed", paid_by=(0.3, 0.7), builds="talent",
    )  # fmt: skip
    """Scarce people whose coming or staying public money pays, new ones a year."""

    research_years: float = belief(
        2.0, unit="year", within=(1.0, 6.0), prior=(1.0, 2.0, 4.0), source="recalled:usual_depreciation_of_research_and_two_years_to_results", status="recalled",
        whole=True,
    )  # fmt: skip
    """Years until research money has become knowledge."""

    research_fades: float = belief(
        0.15, unit="1/year", within=(0.0, 1.0), prior=(0.1, 0.15, 0.25), source="recalled:usual_depreciation_of_research_and_two_years_to_results",
        status="recalled",
    )  # fmt: skip
    """Part of knowledge that is out of date after a year."""

    development_years: float = belief(
        1.0, unit="year", within=(1.0, 6.0), prior=(1.0, 1.0, 2.0), source="assumed:nearer_to_use_than_research", status="assumed",
        whole=True,
    )  # fmt: skip
    """Years until what firms develop is in use."""

    development_fades: float = belief(
        0.15, unit="1/year", within=(0.0, 1.0), prior=(0.1, 0.15, 0.25), source="assumed:as_research",
        status="assumed",
    )  # fmt: skip
    """Part of what was developed that is out of date after a year."""

    laboratories_years: float = belief(
        2.0, unit="year", within=(1.0, 6.0), prior=(1.0, 2.0, 3.0), source="assumed:equipment_and_staff", status="assumed",
        whole=True,
    )  # fmt: skip
    """Years until a laboratory works."""

    laboratories_fades: float = belief(
        0.1, unit="1/year", within=(0.0, 1.0), prior=(0.05, 0.1, 0.2), source="assumed:equipment_and_staff",
        status="assumed",
    )  # fmt: skip
    """Part of the laboratories worn out in a year."""

    incubation_years: float = belief(
        2.0, unit="year", within=(1.0, 6.0), prior=(1.0, 2.0, 3.0), source="assumed:young_firms_found_in_two_years", status="assumed",
        whole=True,
    )  # fmt: skip
    """Years until a firm taken in is founded."""

    incubation_cost: float = belief(
        300000.0, unit="yuan/firm", within=(50000.0, 2000000.0), prior=(100000.0, 300000.0, 800000.0),
        source="assumed:room_and_help_for_three_years", status="assumed",
    )  # fmt: skip
    """Public money behind a young firm's room and help, all years together."""

    envoy_cost: float = belief(
        20000.0, unit="yuan/person", within=(5000.0, 100000.0), prior=(10000.0, 20000.0, 40000.0),
        source="assumed:subsidy_and_travel", status="assumed",
    )  # fmt: skip
    """Public money behind an envoy's year; wages stay with the office that sends."""

    talent_cost: float = belief(
        150000.0, unit="yuan/person", within=(20000.0, 1000000.0), prior=(60000.0, 150000.0, 400000.0),
        source="levers:talent_subsidy", status="assumed",
    )  # fmt: skip
    """Public money that a scarce person's coming costs once, home and start included."""

    research_most: float = belief(
        0.03, unit="log", within=(0.0, 0.3), prior=(0.01, 0.03, 0.08),
        source="ugur_2016:small_positive_elasticities", status="assumed",
    )  # fmt: skip
    """Largest rise of log productivity that local knowledge brings."""

    research_half: float = belief(
        2000.0, unit="yuan/person", within=(200.0, 10000.0), prior=(1000.0, 2000.0, 4000.0),
        source="assumed:return_of_0.15", status="assumed",
    )  # fmt: skip
    """Knowledge a resident at which some three fifths of that rise are reached."""

    firm_development: float = belief(
        0.015, unit="share", within=(0.0, 0.1), prior=(0.008, 0.015, 0.03),
        source="assumed:half_of_1.22_percent_of_gdp", status="assumed",
    )  # fmt: skip
    """What factories spend on development, over their value added."""

    added: float = belief(
        0.9, unit="yuan/yuan", within=(0.0, 2.0), prior=(0.3, 0.9, 1.4),
        source="dimos_pugh_2016:no_crowding_out_little_added", status="found",
    )  # fmt: skip
    """Development that a yuan of subsidy brings: 1 when firms spend as much of their own as before."""

    laboratory_part: float = belief(
        1.0, unit="ratio", within=(0.0, 3.0), prior=(0.5, 1.0, 1.5),
        source="assumed:as_research", status="assumed",
    )  # fmt: skip
    """Weight of a yuan of laboratories in knowledge, against one of research."""

    talent_carries: float = belief(
        330000.0, unit="yuan/person", within=(0.0, 3000000.0), prior=(130000.0, 330000.0, 1000000.0),
        source="assumed:a_third_of_an_engineer", status="assumed",
    )  # fmt: skip
    """Knowledge that a person brought in carries, in yuan of research: a third of an engineer's work over some seven years."""

    talent_fades: float = belief(
        0.12, unit="1/year", within=(0.0, 1.0), prior=(0.05, 0.12, 0.25),
        source="assumed:contracts_of_five_years", status="assumed",
    )  # fmt: skip
    """Chance a year that a person paid for leaves again."""

    incubated_new: float = belief(
        0.3, unit="share", within=(0.0, 1.0), prior=(0.1, 0.3, 0.6),
        source="schwartz_2013:no_longer_life", status="assumed",
    )  # fmt: skip
    """Part of incubated firms that would not have been founded."""

    envoy_reach: float = belief(
        40.0, unit="household/person", within=(0.0, 300.0), prior=(20.0, 40.0, 80.0),
        source="assumed:half_a_village_group", status="assumed",
    )  # fmt: skip
    """Farm households that an envoy reaches."""

    envoy_gain: float = belief(
        0.025, unit="share", within=(0.0, 0.2), prior=(0.0, 0.025, 0.05),
        source="min_chen_2024:2.7_percent_of_income", status="derived",
    )  # fmt: skip
    """Rise of yields of a farm that is reached and has no cooperative's service."""


def dues(
    levers: Mapping[str, np.ndarray], industries: Industries, p: InnovationParameters
) -> dict[str, np.ndarray]:
    """What the subsidy of development makes due on the value added of factories, yuan by county (f8, 7)."""
    spent = p.firm_development * industries.value_added[:, :FACTORIES].sum(axis=1)
    return {"innovation.development_subsidy": levers["innovation.development_subsidy"] * spent}


def knowledge(stocks: Mapping[str, np.ndarray], p: InnovationParameters) -> np.ndarray:
    """Knowledge by county (f8, 7), yuan of research of 2019, from what stands of the programmes."""
    return (
        stocks["research"] + p.added * stocks["development"] + p.laboratory_part * stocks["laboratories"]
        + p.talent_carries * stocks["talent"]
    )  # fmt: skip


def productivity(known: np.ndarray, residents: np.ndarray, p: InnovationParameters) -> np.ndarray:
    """Rise of log productivity by county and sector (f8, 7 x 10) from knowledge by county (f8, 7)."""
    return saturating(p.research_most, known / np.maximum(residents, 1.0), p.research_half)[:, None] * KNOWING


def founded(firms: np.ndarray, jobs: np.ndarray, p: InnovationParameters) -> np.ndarray:
    """Firms that incubation brings into being by county and sector (f8, 7 x 10), by the jobs of the two (i8, 7 x 10)."""
    found, both = np.zeros(jobs.shape), [ELECTRONICS, TECHNICAL]
    weight = np.maximum(jobs[:, both], 1.0)
    found[:, both] = p.incubated_new * firms[:, None] * weight / weight.sum(axis=1, keepdims=True)
    return found


def yields(envoys: np.ndarray, households: Households, p: InnovationParameters) -> np.ndarray:
    """What envoys (f8, 7) add to yields by county (f8, 7), as a part of them."""
    if not envoys.any():
        return np.zeros(len(COUNTIES))
    farms = (households.farm_hukou == 1) & (households.in_town == 0)
    county = households.county[farms]
    count = np.maximum(np.bincount(county, minlength=len(COUNTIES)), 1)
    served = np.bincount(county, weights=households.cooperative[farms], minlength=len(COUNTIES)) / count
    return saturating(p.envoy_gain, p.envoy_reach * envoys, count) * (1.0 - served)


def acts(seen: Seen, p: InnovationParameters) -> dict[str, np.ndarray]:
    """What knowledge, young firms and envoys do by 31 December."""
    stocks = seen.stocks
    return {
        "productivity": productivity(knowledge(stocks, p), seen.residents, p),
        "founded": founded(stocks["incubation"], seen.industries.jobs, p),
        "yields": yields(stocks["envoys"], seen.households, p),
    }
