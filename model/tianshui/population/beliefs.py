"""What is assumed of the structure of 2015: how households are made up, who is away, who works, where villages lie.

    world(draw) = 0 for draw 0, else 1 + (draw - 1) mod WORLDS

A structure takes seconds to build and a hundred megabytes to keep, so there are five, not one for each draw: the
central one, and four in which every number below, every shape of `shapes.csv` and every assumed row of `start.csv`
takes one value from each quarter of its prior. What can be laid cheaply is drawn anew each time (`laying.py`).

Left out: correlations between these numbers (nobody published any); differences between counties that the margins
do not show.
"""

from functools import cache
from typing import ClassVar, NamedTuple

import numpy as np

from tianshui import evidence
from tianshui.declare import Parameters, belief
from tianshui.draws import stratified, triangular

WORLDS = 4
"""Different structures drawn beside the central one."""


class StructureParameters(Parameters):
    """What is assumed of the structure of the population; shapes by age stand in `shapes.csv`."""

    worlds: ClassVar[int] = WORLDS

    # Who is where
    from_outside: float = belief(
        0.25, unit="share", within=(0.0, 0.8), prior=(0.1, 0.25, 0.45),
        source="assumed:75_percent_from_within", status="assumed",
    )  # fmt: skip
    """Movers from other counties of the province who come from outside the prefecture."""

    whole_away: float = belief(
        0.35, unit="share", within=(0.0, 0.9), prior=(0.25, 0.35, 0.45),
        source="assumed:35_percent_of_net_away", status="assumed",
    )  # fmt: skip
    """Persons of households away as a whole, against registered less resident persons."""

    whole_size: float = belief(
        3.0, unit="persons/household", within=(1.5, 5.0), prior=(2.7, 3.0, 3.3),
        source="assumed:young_families", status="assumed",
    )  # fmt: skip
    """Persons in a household that is away as a whole."""

    away_children: float = belief(
        0.13, unit="share", within=(0.0, 0.4), prior=(0.09, 0.13, 0.18),
        source="assumed:most_children_stay", status="assumed",
    )  # fmt: skip
    """Children under 15 among those away and among movers."""

    away_men: float = belief(
        0.57, unit="share", within=(0.4, 0.8), prior=(0.53, 0.57, 0.62),
        source="assumed:men_go_first", status="assumed",
    )  # fmt: skip
    """Men among those away and among movers."""

    open_fall: float = belief(
        0.82, unit="ratio/year", within=(0.6, 0.95), prior=(0.79, 0.82, 0.85),
        source="assumed:gompertz_above_85", status="assumed",
    )  # fmt: skip
    """From 85 on, persons of an age against those a year younger."""

    central: float = belief(
        0.75, unit="share", within=(0.2, 1.0), prior=(0.6, 0.75, 0.9),
        source="assumed:two_districts_of_the_city", status="assumed",
    )  # fmt: skip
    """Urban residents of the two districts who live in the central city; the others live in towns."""

    urban_small: float = belief(
        0.25, unit="1/person", within=(0.0, 2.0), prior=(0.1, 0.25, 0.5),
        source="assumed:urban_families_are_smaller", status="assumed",
    )  # fmt: skip
    """Rise, with each member, of the rank at which a household is passed over for urban registration."""

    # Homes of two generations and three
    grandparents_only: float = belief(
        0.07, unit="share", within=(0.0, 0.3), prior=(0.04, 0.07, 0.11),
        source="assumed:children_left_behind", status="assumed",
    )  # fmt: skip
    """Grandparents with grandchildren among homes of two generations."""

    grandparents_couple: float = belief(
        0.7, unit="share", within=(0.1, 1.0), prior=(0.6, 0.7, 0.8),
        source="assumed:couples_at_sixty", status="assumed",
    )  # fmt: skip
    """Couples among grandparents who keep house for grandchildren alone."""

    lone_mother: float = belief(
        0.12, unit="share", within=(0.0, 0.4), prior=(0.08, 0.12, 0.17),
        source="assumed:men_go_first", status="assumed",
    )  # fmt: skip
    """Mothers alone at home among parents with children."""

    lone_father: float = belief(
        0.03, unit="share", within=(0.0, 0.2), prior=(0.015, 0.03, 0.05),
        source="assumed:men_go_first", status="assumed",
    )  # fmt: skip
    """Fathers alone at home among parents with children."""

    core_mother: float = belief(
        0.11, unit="share", within=(0.0, 0.4), prior=(0.07, 0.11, 0.16),
        source="assumed:men_go_first", status="assumed",
    )  # fmt: skip
    """Mothers alone in the middle generation of three."""

    core_father: float = belief(
        0.02, unit="share", within=(0.0, 0.2), prior=(0.01, 0.02, 0.04),
        source="assumed:men_go_first", status="assumed",
    )  # fmt: skip
    """Fathers alone in the middle generation of three."""

    elder_couple: float = belief(
        0.74, unit="share", within=(0.3, 0.95), prior=(0.66, 0.74, 0.8),
        source="assumed:survival_of_both", status="assumed",
    )  # fmt: skip
    """Couples in the oldest generation of three."""

    elder_woman: float = belief(
        0.19, unit="share", within=(0.02, 0.5), prior=(0.14, 0.19, 0.2),
        source="assumed:survival_of_women", status="assumed",
    )  # fmt: skip
    """Widows in the oldest generation of three; the rest are widowers."""

    mother_spouse: float = belief(
        0.85, unit="share", within=(0.2, 1.0), prior=(0.7, 0.85, 0.95),
        source="assumed:few_divorces", status="assumed",
    )  # fmt: skip
    """Mothers alone at home whose husband is away; the others are widows."""

    father_spouse: float = belief(
        0.5, unit="share", within=(0.0, 1.0), prior=(0.35, 0.5, 0.65),
        source="assumed:few_divorces", status="assumed",
    )  # fmt: skip
    """Fathers alone at home whose wife is away; the others are widowers."""

    single_men_least: float = belief(
        0.3, unit="share", within=(0.0, 0.5), prior=(0.25, 0.3, 0.35),
        source="assumed:both_sexes_live_alone", status="assumed",
    )  # fmt: skip
    """Least share of men among those who live alone."""

    single_men_most: float = belief(
        0.7, unit="share", within=(0.5, 1.0), prior=(0.65, 0.7, 0.75),
        source="assumed:both_sexes_live_alone", status="assumed",
    )  # fmt: skip
    """Largest share of men among those who live alone."""

    ever_married: float = belief(
        45.0, unit="year", within=(30.0, 60.0), prior=(40.0, 45.0, 50.0),
        source="assumed:widows_live_alone", status="assumed",
    )  # fmt: skip
    """Age from which women who live alone have been married."""

    # Sons and daughters of the house
    son_leaves: float = belief(
        25.5, unit="year", within=(18.0, 35.0), prior=(24.0, 25.5, 27.0),
        source="assumed:marriage_ages_of_gansu", status="assumed",
    )  # fmt: skip
    """Age at which sons stop being counted as children of the house, before it is shifted to the places there are."""

    son_leaves_spread: float = belief(
        2.4, unit="year", within=(0.5, 8.0), prior=(1.8, 2.4, 3.2),
        source="assumed:marriage_ages_of_gansu", status="assumed",
    )  # fmt: skip
    """Its spread (logistic)."""

    daughter_leaves: float = belief(
        22.5, unit="year", within=(16.0, 32.0), prior=(21.0, 22.5, 24.0),
        source="assumed:marriage_ages_of_gansu", status="assumed",
    )  # fmt: skip
    """The same age for daughters."""

    daughter_leaves_spread: float = belief(
        2.2, unit="year", within=(0.5, 8.0), prior=(1.6, 2.2, 3.0),
        source="assumed:marriage_ages_of_gansu", status="assumed",
    )  # fmt: skip
    """Its spread (logistic)."""

    son_stays: float = belief(
        0.05, unit="share", within=(0.0, 0.3), prior=(0.03, 0.05, 0.08),
        source="assumed:unmarried_sons", status="assumed",
    )  # fmt: skip
    """Sons who are still at home at forty."""

    daughter_stays: float = belief(
        0.01, unit="share", within=(0.0, 0.2), prior=(0.005, 0.01, 0.02),
        source="assumed:unmarried_daughters", status="assumed",
    )  # fmt: skip
    """Daughters who are still at home at forty."""

    sure_until: float = belief(
        18.0, unit="year", within=(15.0, 20.0), prior=(17.0, 18.0, 19.0),
        source="assumed:nobody_marries_at_school", status="assumed",
    )  # fmt: skip
    """Up to this age everybody at home is a child of the house."""

    grown_from: float = belief(
        46.0, unit="year", within=(36.0, 70.0), prior=(43.0, 46.0, 50.0),
        source="assumed:forty_and_single", status="assumed",
    )  # fmt: skip
    """From this age on nobody counts as a child of the house."""

    # Years between kin
    mother_gap: float = belief(
        26.5, unit="year", within=(22.0, 32.0), prior=(25.8, 26.5, 27.2),
        source="assumed:mean_age_at_birth", status="assumed",
    )  # fmt: skip
    """A mother is older than her child by so much."""

    mother_gap_spread: float = belief(
        4.5, unit="year", within=(2.0, 8.0), prior=(4.0, 4.5, 5.0),
        source="assumed:mean_age_at_birth", status="assumed",
    )  # fmt: skip
    """Its spread."""

    youngest_mother: float = belief(
        17.0, unit="year", within=(15.0, 20.0), prior=(16.0, 17.0, 18.0),
        source="assumed:fertility_by_age", status="assumed",
    )  # fmt: skip
    """Age of the youngest mothers."""

    oldest_mother: float = belief(
        44.0, unit="year", within=(38.0, 50.0), prior=(42.0, 44.0, 46.0),
        source="assumed:fertility_by_age", status="assumed",
    )  # fmt: skip
    """Age of the oldest mothers."""

    elder_gap: float = belief(
        26.0, unit="year", within=(20.0, 34.0), prior=(25.0, 26.0, 27.0),
        source="assumed:mean_age_at_birth", status="assumed",
    )  # fmt: skip
    """Grandmothers of a home are older than its mothers by so much."""

    elder_gap_spread: float = belief(
        4.0, unit="year", within=(1.0, 8.0), prior=(3.4, 4.0, 4.6),
        source="assumed:mean_age_at_birth", status="assumed",
    )  # fmt: skip
    """Its spread."""

    elder_gap_least: float = belief(
        16.0, unit="year", within=(14.0, 20.0), prior=(15.0, 16.0, 17.0),
        source="assumed:fertility_by_age", status="assumed",
    )  # fmt: skip
    """Least years between the two."""

    elder_gap_most: float = belief(
        42.0, unit="year", within=(36.0, 48.0), prior=(40.0, 42.0, 44.0),
        source="assumed:fertility_by_age", status="assumed",
    )  # fmt: skip
    """Most years between the two."""

    core_loose: float = belief(
        0.6, unit="ratio", within=(0.0, 1.5), prior=(0.4, 0.6, 0.8),
        source="assumed:ranks_meet_loosely", status="assumed",
    )  # fmt: skip
    """Looseness with which mothers and grandmothers of a home meet by rank of age, in spreads of their gap."""

    three_most: float = belief(
        0.9, unit="share", within=(0.4, 1.0), prior=(0.8, 0.9, 0.95),
        source="assumed:some_young_mothers_live_apart", status="assumed",
    )  # fmt: skip
    """Largest part of the mothers of an age who live with grandparents."""

    husband_older: float = belief(
        2.0, unit="year", within=(0.0, 6.0), prior=(1.6, 2.0, 2.6),
        source="assumed:marriage_ages_of_gansu", status="assumed",
    )  # fmt: skip
    """A husband is older than his wife by so much."""

    husband_spread: float = belief(
        2.0, unit="year", within=(0.5, 6.0), prior=(1.6, 2.0, 2.6),
        source="assumed:marriage_ages_of_gansu", status="assumed",
    )  # fmt: skip
    """Its spread."""

    husband_youngest: float = belief(
        20.0, unit="year", within=(18.0, 24.0), prior=(19.0, 20.0, 21.0),
        source="assumed:legal_age_is_22", status="assumed",
    )  # fmt: skip
    """Age below which husbands are rare."""

    husband_rare: float = belief(
        0.05, unit="ratio", within=(0.0, 1.0), prior=(0.02, 0.05, 0.1),
        source="assumed:legal_age_is_22", status="assumed",
    )  # fmt: skip
    """Men below it, against older men, who are husbands."""

    first_child_gap: float = belief(
        24.5, unit="year", within=(20.0, 30.0), prior=(23.8, 24.5, 25.2),
        source="assumed:mean_age_at_birth", status="assumed",
    )  # fmt: skip
    """A mother is older than her first child at home by so much."""

    child_step: float = belief(
        3.0, unit="year", within=(1.5, 6.0), prior=(2.6, 3.0, 3.5),
        source="assumed:birth_spacing_rules", status="assumed",
    )  # fmt: skip
    """Years between children."""

    child_gap_spread: float = belief(
        2.2, unit="year", within=(0.5, 5.0), prior=(1.8, 2.2, 2.6),
        source="assumed:mean_age_at_birth", status="assumed",
    )  # fmt: skip
    """Spread of both."""

    more_children: float = belief(
        4.0, unit="children", within=(1.0, 8.0), prior=(3.0, 4.0, 5.0),
        source="assumed:families_of_five_are_rare", status="assumed",
    )  # fmt: skip
    """Most children at home beyond the first."""

    more_least: float = belief(
        0.08, unit="children", within=(0.0, 0.5), prior=(0.04, 0.08, 0.12),
        source="assumed:single_children_are_many", status="assumed",
    )  # fmt: skip
    """Least expected number of children beyond the first, before it is scaled to the children there are."""

    skip_children: float = belief(
        1.3, unit="children/home", within=(1.0, 3.0), prior=(1.15, 1.3, 1.5),
        source="assumed:children_left_behind", status="assumed",
    )  # fmt: skip
    """Grandchildren in a home of grandparents and grandchildren."""

    childbearing: float = belief(
        36.0, unit="year", within=(25.0, 50.0), prior=(33.0, 36.0, 40.0),
        source="assumed:fertility_by_age", status="assumed",
    )  # fmt: skip
    """Below this age a mother's children at home are all that she has borne; from it on a household's oldest adult may be the parent of grown children away."""

    # Those away and the homes they belong to
    alone_away: float = belief(
        0.2, unit="share", within=(0.0, 0.8), prior=(0.12, 0.2, 0.3),
        source="assumed:young_single_migrants", status="assumed",
    )  # fmt: skip
    """Single persons among households that are away as a whole."""

    alone_men: float = belief(
        0.7, unit="share", within=(0.3, 1.0), prior=(0.6, 0.7, 0.8),
        source="assumed:men_go_first", status="assumed",
    )  # fmt: skip
    """Men among them."""

    pair_away: float = belief(
        0.15, unit="share", within=(0.0, 0.7), prior=(0.1, 0.15, 0.22),
        source="assumed:children_left_behind", status="assumed",
    )  # fmt: skip
    """Couples without children among households that are away as a whole."""

    whole_kids: float = belief(
        0.6, unit="share", within=(0.0, 1.0), prior=(0.45, 0.6, 0.75),
        source="assumed:children_go_with_both_parents", status="assumed",
    )  # fmt: skip
    """Largest part of the children away who are with a household that is away as a whole."""

    whole_youngest: float = belief(
        20.0, unit="year", within=(18.0, 25.0), prior=(19.0, 20.0, 21.0),
        source="assumed:working_ages", status="assumed",
    )  # fmt: skip
    """Age of the youngest adults of such a household."""

    whole_oldest: float = belief(
        66.0, unit="year", within=(50.0, 80.0), prior=(62.0, 66.0, 68.0),
        source="assumed:working_ages", status="assumed",
    )  # fmt: skip
    """Age of the oldest."""

    whole_youth: float = belief(
        23.0, unit="year", within=(18.0, 28.0), prior=(21.0, 23.0, 25.0),
        source="assumed:pupils_and_students", status="assumed",
    )  # fmt: skip
    """Age up to which a grown child belongs to such a household."""

    whole_loose: float = belief(
        6.0, unit="year", within=(0.0, 20.0), prior=(4.0, 6.0, 8.0),
        source="assumed:ranks_meet_loosely", status="assumed",
    )  # fmt: skip
    """Looseness with which women of such households are ranked by age before they are given children."""

    whole_first: float = belief(
        0.25, unit="share", within=(0.0, 1.0), prior=(0.15, 0.25, 0.35),
        source="assumed:young_women_have_no_child_yet", status="assumed",
    )  # fmt: skip
    """Women of such households without a child who are younger than the mothers; the others are older."""

    spouse_oldest: float = belief(
        70.0, unit="year", within=(60.0, 85.0), prior=(67.0, 70.0, 73.0),
        source="assumed:working_ages", status="assumed",
    )  # fmt: skip
    """Age of the oldest husbands and wives away."""

    wife_youngest: float = belief(
        19.0, unit="year", within=(17.0, 22.0), prior=(18.0, 19.0, 20.0),
        source="assumed:legal_age_is_20", status="assumed",
    )  # fmt: skip
    """Age of the youngest wives away."""

    husband_away_youngest: float = belief(
        20.0, unit="year", within=(17.0, 24.0), prior=(19.0, 20.0, 21.0),
        source="assumed:legal_age_is_22", status="assumed",
    )  # fmt: skip
    """Age of the youngest husbands away."""

    spouse_youngest: float = belief(
        21.0, unit="year", within=(18.0, 25.0), prior=(20.0, 21.0, 22.0),
        source="assumed:parents_are_of_age", status="assumed",
    )  # fmt: skip
    """Age of the youngest husbands and wives away of those who keep the house with children."""

    child_until: float = belief(
        30.0, unit="year", within=(20.0, 45.0), prior=(27.0, 30.0, 34.0),
        source="assumed:unmarried_children", status="assumed",
    )  # fmt: skip
    """Age up to which unmarried persons at home count as children of a mother away."""

    spouse_reach: float = belief(
        8.0, unit="year", within=(2.0, 20.0), prior=(6.0, 8.0, 10.0),
        source="assumed:search_by_age", status="assumed",
    )  # fmt: skip
    """Years by which a spouse's or father's age may miss the one looked for."""

    pair_reach: float = belief(
        7.0, unit="year", within=(2.0, 20.0), prior=(5.0, 7.0, 9.0),
        source="assumed:search_by_age", status="assumed",
    )  # fmt: skip
    """The same for couples away."""

    child_reach: float = belief(
        18.0, unit="year", within=(5.0, 30.0), prior=(14.0, 18.0, 22.0),
        source="assumed:search_by_age", status="assumed",
    )  # fmt: skip
    """The same for children away and their mothers."""

    skip_loose: float = belief(
        2.0, unit="year", within=(0.0, 8.0), prior=(1.4, 2.0, 2.6),
        source="assumed:ranks_meet_loosely", status="assumed",
    )  # fmt: skip
    """Spread of the years between grandmothers at home and their sons away."""

    couple_gap: float = belief(
        25.5, unit="year", within=(20.0, 32.0), prior=(24.8, 25.5, 26.2),
        source="assumed:mean_age_at_birth", status="assumed",
    )  # fmt: skip
    """The oldest woman at home is older than a couple away by so much, counted from the husband."""

    sits_with: float = belief(
        3.0, unit="families", within=(1.0, 8.0), prior=(2.0, 3.0, 4.0),
        source="assumed:search_by_age", status="assumed",
    )  # fmt: skip
    """Families or grown children away whom one household usually counts as its own at most."""

    sits_with_most: float = belief(
        6.0, unit="families", within=(2.0, 12.0), prior=(5.0, 6.0, 8.0),
        source="assumed:search_by_age", status="assumed",
    )  # fmt: skip
    """The same at the utmost."""

    parent_reach: float = belief(
        12.0, unit="year", within=(4.0, 30.0), prior=(9.0, 12.0, 15.0),
        source="assumed:search_by_age", status="assumed",
    )  # fmt: skip
    """Years by which a parent's age may miss the one looked for before the utmost counts."""

    # Villages
    village_spread: float = belief(
        0.55, unit="log", within=(0.0, 1.5), prior=(0.4, 0.55, 0.7),
        source="assumed:villages_differ_in_size", status="assumed",
    )  # fmt: skip
    """Spread of the size of villages."""

    road_detour: float = belief(
        1.25, unit="ratio", within=(1.0, 2.5), prior=(1.15, 1.25, 1.45),
        source="assumed:hill_roads", status="assumed",
    )  # fmt: skip
    """Road against a straight line in a round county with villages spread evenly."""

    altitude_near: float = belief(
        60.0, unit="m", within=(0.0, 400.0), prior=(40.0, 60.0, 90.0),
        source="assumed:valley_floors", status="assumed",
    )  # fmt: skip
    """Height above the valley floor near the county seat."""

    altitude_far: float = belief(
        420.0, unit="m", within=(50.0, 1200.0), prior=(320.0, 420.0, 540.0),
        source="assumed:loess_hills", status="assumed",
    )  # fmt: skip
    """What is added to it at the edge of the county."""

    altitude_spread: float = belief(
        0.45, unit="log", within=(0.0, 1.2), prior=(0.3, 0.45, 0.6),
        source="assumed:hills_and_gullies", status="assumed",
    )  # fmt: skip
    """Spread of height at equal distance."""

    # Schooling
    at_six: float = belief(
        0.67, unit="share", within=(0.0, 1.0), prior=(0.55, 0.67, 0.8),
        source="assumed:birthdays_before_september", status="assumed",
    )  # fmt: skip
    """Children who start school in the year in which they turn six."""

    in_school_15: float = belief(
        0.97, unit="share", within=(0.6, 1.0), prior=(0.94, 0.97, 0.99),
        source="assumed:nine_year_schooling", status="assumed",
    )  # fmt: skip
    """Pupils among those aged 15."""

    upper_entry: float = belief(
        0.85, unit="share", within=(0.3, 1.0), prior=(0.78, 0.85, 0.9),
        source="assumed:gross_enrolment_of_gansu", status="assumed",
    )  # fmt: skip
    """Youths who go on to upper secondary school."""

    college_entry: float = belief(
        0.55, unit="share", within=(0.1, 1.0), prior=(0.45, 0.55, 0.65),
        source="assumed:gross_enrolment_of_gansu", status="assumed",
    )  # fmt: skip
    """Those who go on to college, of those who finished upper secondary school."""

    long_college: float = belief(
        0.5, unit="share", within=(0.0, 1.0), prior=(0.4, 0.5, 0.6),
        source="assumed:half_study_four_years", status="assumed",
    )  # fmt: skip
    """Those who study four years, of those at college; the others study three."""

    away_pupils: float = belief(
        0.5, unit="ratio", within=(0.0, 1.0), prior=(0.35, 0.5, 0.7),
        source="assumed:migrant_youths_work", status="assumed",
    )  # fmt: skip
    """Pupils among youths away, against those at home."""

    town_ahead: float = belief(
        0.5, unit="spread", within=(0.0, 2.0), prior=(0.35, 0.5, 0.65),
        source="assumed:schooling_differs_by_setting", status="assumed",
    )  # fmt: skip
    """Lead in schooling of those who live in town."""

    urban_ahead: float = belief(
        0.5, unit="spread", within=(0.0, 2.0), prior=(0.35, 0.5, 0.65),
        source="assumed:schooling_differs_by_registration", status="assumed",
    )  # fmt: skip
    """Lead in schooling of urban registrations."""

    away_ahead: float = belief(
        0.2, unit="spread", within=(-1.0, 2.0), prior=(0.0, 0.2, 0.4),
        source="assumed:the_schooled_leave", status="assumed",
    )  # fmt: skip
    """Lead in schooling of those away."""

    # Work: log odds against each other; only ranks within a county count
    work_men: float = belief(
        0.6, unit="log odds", within=(-1.0, 3.0), prior=(0.4, 0.6, 0.8),
        source="assumed:census_by_sex", status="assumed",
    )  # fmt: skip
    """Men at non-farm work."""

    work_town: float = belief(
        1.6, unit="log odds", within=(0.0, 4.0), prior=(1.2, 1.6, 2.0),
        source="assumed:jobs_are_in_town", status="assumed",
    )  # fmt: skip
    """Town residents at non-farm work."""

    work_years: float = belief(
        0.08, unit="log odds/year", within=(0.0, 0.4), prior=(0.04, 0.08, 0.12),
        source="assumed:schooling_finds_work", status="assumed",
    )  # fmt: skip
    """A year of schooling at non-farm work."""

    farm_village: float = belief(
        3.5, unit="log odds", within=(0.5, 8.0), prior=(2.8, 3.5, 4.2),
        source="assumed:fields_are_in_villages", status="assumed",
    )  # fmt: skip
    """Village residents at farm work."""

    farm_men: float = belief(
        -0.1, unit="log odds", within=(-2.0, 1.0), prior=(-0.3, -0.1, 0.1),
        source="assumed:women_farm", status="assumed",
    )  # fmt: skip
    """Men at farm work."""

    farm_oldest: float = belief(
        80.0, unit="year", within=(65.0, 95.0), prior=(76.0, 80.0, 84.0),
        source="assumed:farmers_do_not_retire", status="assumed",
    )  # fmt: skip
    """Age of the oldest farmers."""

    # Ranks of income a head within county and kind of home, which decide the poverty register
    rank_years: float = belief(
        0.18, unit="1/year", within=(0.0, 0.6), prior=(0.12, 0.18, 0.24),
        source="assumed:returns_to_schooling", status="assumed",
    )  # fmt: skip
    """A year of the adults' schooling, in spreads of luck."""

    rank_earners: float = belief(
        1.3, unit="1", within=(0.0, 4.0), prior=(0.9, 1.3, 1.8),
        source="assumed:earners_feed_the_house", status="assumed",
    )  # fmt: skip
    """Earners among members, from none to all."""

    rank_farmer: float = belief(
        0.5, unit="earners", within=(0.0, 1.0), prior=(0.35, 0.5, 0.65),
        source="assumed:farm_work_earns_less", status="assumed",
    )  # fmt: skip
    """A farmer as an earner."""

    rank_distance: float = belief(
        -0.012, unit="1/km", within=(-0.05, 0.02), prior=(-0.02, -0.012, -0.006),
        source="assumed:remote_villages_are_poor", status="assumed",
    )  # fmt: skip
    """A kilometre from the county seat."""

    rank_altitude: float = belief(
        -0.0008, unit="1/m", within=(-0.004, 0.001), prior=(-0.0014, -0.0008, -0.0004),
        source="assumed:high_villages_are_poor", status="assumed",
    )  # fmt: skip
    """A metre of height."""


class Shape(NamedTuple):
    """A curve given at some points (equal length); straight lines between them."""

    at: np.ndarray
    value: np.ndarray


class World(NamedTuple):
    """The assumptions that one structure is built on."""

    numbers: StructureParameters = StructureParameters()
    index: int = 0
    """0 for shapes and rows as printed, else which of the drawn worlds."""

    def shape(self, name: str) -> Shape:
        """A shape of `shapes.csv`; all its points move together between low and high."""
        return _shape(name, self.index)

    def leaning(self, name: str) -> dict[str, float]:
        """A shape whose points are words (sectors), in order of the table."""
        return _leaning(name, self.index)


def world_of(draw: int) -> int:
    """The world of a draw of beliefs: 0 for the central one, else 1 to `WORLDS`."""
    return 1 + (draw - 1) % WORLDS if draw else 0


def drawn(row: dict[str, str], index: int, name: str) -> float:
    """The value of a row of evidence in one world: as printed in world 0, else from its range."""
    value = float(row["value"])
    if index == 0:
        return value
    return triangular(stratified(index, WORLDS, name), float(row["low"]), value, float(row["high"]))


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    rows = tuple(row for row in evidence.table("shapes") if row["shape"] == name)
    if not rows:
        raise KeyError(name)
    return rows


@cache
def _shape(name: str, index: int) -> Shape:
    rows = _rows(name)
    return Shape(
        np.array([float(row["at"]) for row in rows]), np.array([drawn(row, index, name) for row in rows])
    )


@cache
def _leaning(name: str, index: int) -> dict[str, float]:
    return {row["at"]: drawn(row, index, f"{name}.{row['at']}") for row in _rows(name)}
