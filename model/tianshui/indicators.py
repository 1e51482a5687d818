"""The indicators: what a year is counted into, with name, unit, denominator and where each exists.

A value is stored in the unit `unit` and shown as `value * factor` in the unit `shown_en` or `shown_zh`. An
indicator that adds up (`adds`) has for the prefecture the sum of its counties (and the city, when it is a
budget's); any other is worked out anew from the prefecture's sums, never as a mean of the counties' values.
Which of them are outcomes to be raised or lowered is a judgement, kept in `better`.

This module names counties and sectors itself, because readers of results must not import the model; a test
holds the names against those of the state.
"""

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

START_YEAR, PRICE_YEAR = 2015, 2019
"""The year of the stocks from which a run starts, and the year whose prices are called real."""

AREAS: dict[str, tuple[str, str]] = {
    "qinzhou": ("Qinzhou", "秦州区"),
    "maiji": ("Maiji", "麦积区"),
    "qingshui": ("Qingshui", "清水县"),
    "qinan": ("Qin'an", "秦安县"),
    "gangu": ("Gangu", "甘谷县"),
    "wushan": ("Wushan", "武山县"),
    "zhangjiachuan": ("Zhangjiachuan", "张家川县"),
    "city": ("City level", "市本级"),
    "tianshui": ("Tianshui", "天水市"),
}
"""Every area of a result, in English and Chinese: seven counties, the city's own budget, the prefecture."""
CITY_LEVEL, PREFECTURE = "city", "tianshui"
COUNTIES = tuple(AREAS)[:7]

SECTORS: dict[str, tuple[str, str]] = {
    "equipment": ("equipment and electrical machinery", "装备与电工电器"),
    "electronics": ("electronics", "电子信息制造"),
    "processing": ("food and medicine processing", "食品医药加工"),
    "other_industry": ("other industry and energy", "其他工业与能源"),
    "construction": ("construction", "建筑业"),
    "trade": ("trade and logistics", "商贸物流"),
    "tourism": ("tourism and culture", "文化旅游"),
    "technical": ("information and technical services", "信息与技术服务"),
    "public_services": ("public services", "公共服务"),
    "other_services": ("other services", "其他服务"),
}
"""The ten sectors outside farming, in English and Chinese."""

GROUPS: dict[str, tuple[str, str]] = {
    "economy": ("Economy", "经济"),
    "people": ("People", "人口"),
    "income": ("Incomes", "收入"),
    "poverty": ("Poverty and relief", "贫困与救助"),
    "work": ("Work and schooling", "就业与教育"),
    "land": ("Land and farming", "土地与农业"),
    "nature": ("Nature", "生态环境"),
    "budget": ("Public budgets", "财政"),
    "towns": ("Towns and public capital", "城镇与公共设施"),
    "health": ("Health", "健康"),
    "cost": ("Cost of a unit of outcome", "单位成果成本"),
}
"""Chapters of the table of indicators, in English and Chinese."""

SPENT: dict[str, tuple[str, str]] = {
    "poverty": ("poverty consolidation", "脱贫巩固"),
    "industry": ("industrial upgrade", "产业升级"),
    "urban": ("urbanisation", "城镇化"),
    "ecology": ("ecological compensation", "生态补偿"),
    "cross": ("what cuts across", "跨领域"),
}
"""Headline groups of the plan's money, in English and Chinese."""


class Indicator(NamedTuple):
    """One number of an area and a year."""

    name: str
    en: str
    zh: str
    unit: str
    """Unit stored."""
    shown_en: str
    shown_zh: str
    factor: float
    """Shown value over stored value."""
    level: str
    """Where it exists: "county" (counties and the prefecture), "budget" (also the city), "tianshui"."""
    denominator: tuple[str, str]
    """Over whom or what it is taken, in English and Chinese; two empty texts when it is a plain total."""
    better: int
    """1 when more is better, -1 when less is, 0 when neither."""
    group: str
    decimals: int
    """Decimals of the shown value."""
    adds: bool
    """Whether the prefecture's value is the sum of its areas' values."""


class _Unit(NamedTuple):
    unit: str
    shown_en: str
    shown_zh: str
    factor: float
    decimals: int
    adds: bool


_UNITS = {
    "money": _Unit("yuan", "100m yuan", "亿元", 1e-8, 2, True),
    "head": _Unit("yuan/person", "yuan", "元", 1.0, 0, False),
    "persons": _Unit("person", "10k persons", "万人", 1e-4, 2, True),
    "few": _Unit("person", "persons", "人", 1.0, 0, True),
    "homes": _Unit("household", "10k households", "万户", 1e-4, 2, True),
    "couples": _Unit("marriage", "marriages", "对", 1.0, 0, True),
    "families": _Unit("household", "households", "户", 1.0, 0, True),
    "jobs": _Unit("job", "10k jobs", "万个", 1e-4, 2, True),
    "visits": _Unit("visit", "10k visits", "万人次", 1e-4, 1, True),
    "cost_visit": _Unit("yuan/visit", "yuan/visit", "元/人次", 1.0, 0, False),
    "works": _Unit("enterprise", "enterprises", "家", 1.0, 0, True),
    "mu": _Unit("mu", "10k mu", "万亩", 1e-4, 2, True),
    "kg": _Unit("kg", "10k tonnes", "万吨", 1e-7, 2, True),
    "animals": _Unit("head", "10k head", "万头(只)", 1e-4, 2, True),
    "tonnes": _Unit("tonne", "10k tonnes", "万吨", 1e-4, 2, True),
    "tonnes_little": _Unit("tonne", "tonnes", "吨", 1.0, 0, True),
    "carbon": _Unit("tonne of carbon", "10k tonnes of carbon", "万吨碳", 1e-4, 2, True),
    "coal": _Unit("tonne of coal equivalent", "10k tonnes of coal equivalent", "万吨标准煤", 1e-4, 2, True),
    "co2": _Unit("tonne of CO2", "10k tonnes of CO2", "万吨二氧化碳", 1e-4, 2, True),
    "dwellings": _Unit("home", "10k homes", "万套", 1e-4, 2, True),
    "km2": _Unit("km2", "km2", "平方公里", 1.0, 1, True),
    "percent": _Unit("%", "%", "%", 1.0, 1, False),
    "permille": _Unit("1/1,000 persons", "‰", "‰", 1.0, 2, False),
    "ratio": _Unit("ratio", "ratio", "比值", 1.0, 3, False),
    "index": _Unit("index", "index", "指数", 1.0, 2, False),
    "years": _Unit("year", "years", "年", 1.0, 1, False),
    "age": _Unit("year", "years", "岁", 1.0, 1, False),
    "size": _Unit("person/household", "persons", "人/户", 1.0, 2, False),
    "class": _Unit("class", "class", "类", 1.0, 0, False),
    "mg": _Unit("mg/l", "mg/l", "毫克/升", 1.0, 2, False),
    "intensity": _Unit(
        "tonne of coal equivalent/10,000 yuan", "tce/10k yuan", "吨标准煤/万元", 1.0, 3, False
    ),
    "beds": _Unit("bed/1,000 persons", "beds/1,000 persons", "张/千人", 1.0, 2, False),
    "price": _Unit("yuan/home", "10k yuan/home", "万元/套", 1e-4, 1, False),
    "wage": _Unit("yuan/year", "yuan/year", "元/年", 1.0, 0, False),
    "cost_person": _Unit("yuan/person", "yuan/person", "元/人", 1.0, 0, False),
    "cost_mu": _Unit("yuan/mu", "yuan/mu", "元/亩", 1.0, 0, False),
    "cost_job": _Unit("yuan/job", "yuan/job", "元/岗", 1.0, 0, False),
}

# Denominators.
_PLAIN = ("", "")
_GDP = ("GDP", "地区生产总值")
_REAL_GDP = ("GDP at 2015 prices", "2015年价地区生产总值")
_RESIDENTS = ("residents", "常住人口")
_ROWS = ("residents registered in the prefecture", "户籍在本市的常住人口")
_ADULTS = (
    "residents registered in the prefecture, 15 and older",
    "户籍在本市的15岁及以上常住人口",
)
_REGISTERED = ("registered persons, mean of the year", "年均户籍人口")
_FARM = ("persons with agricultural registration", "农业户籍人口")
_FARM_HOME = (
    "members at home of households with agricultural registration",
    "农业户籍家庭在家成员",
)
_VILLAGE = ("village residents living at home", "村庄在家常住人口")
_TOWN = ("town residents living at home", "城镇在家常住人口")
_TOWN_ALL = ("town residents", "城镇常住人口")
_VILLAGE_ALL = ("village residents", "乡村常住人口")
_HOUSEHOLDS = ("households with a member at home", "有成员在家的家庭")
_FARM_HOMES = (
    "village households with agricultural registration and a member at home",
    "有成员在家的农业户籍村庄家庭",
)
_LIFTED = ("members at home of households lifted out of poverty", "已脱贫家庭在家成员")
_LEAVERS = ("pupils who finished junior high", "初中毕业生")
_LAND = ("all land", "土地总面积")
_ERODED = ("eroded land", "水土流失面积")
_REACHES = ("river reaches, one a county", "各县区河段")
_SPENDING = ("general budget spending", "一般公共预算支出")
_ASKED = ("money asked for by the levers", "各项工具申请资金")
_DISTRICTS = ("town residents of the two districts", "两区城镇常住人口")
_APPLICANTS = ("applicants for local jobs", "本地求职者")

_DECILES = range(1, 11)


def _money_rows() -> Iterable[tuple]:
    for name, (en, zh) in SECTORS.items():
        yield (
            f"value_added_{name}",
            f"Value added, {en}",
            f"{zh}增加值",
            "money",
            "county",
            1,
            _PLAIN,
            "economy",
        )
    for name, (en, zh) in SECTORS.items():
        yield f"jobs_{name}", f"Jobs, {en}", f"{zh}岗位", "jobs", "county", 1, _PLAIN, "work"
    for name, (en, zh) in SPENT.items():
        yield (
            f"spending_{name}",
            f"Money granted to {en}",
            f"{zh}安排资金",
            "money",
            "budget",
            0,
            _PLAIN,
            "budget",
        )
        yield (
            f"asked_{name}",
            f"Money asked for {en}",
            f"{zh}申请资金",
            "money",
            "budget",
            0,
            _PLAIN,
            "budget",
        )


def _income_rows() -> Iterable[tuple]:
    settings = (("rural", "Rural", "农村", _VILLAGE), ("urban", "Urban", "城镇", _TOWN))
    sources = (
        ("wages", "wages, posts and remittances", "工资性收入"),
        ("business", "farm business", "经营净收入"),
        ("transfers", "transfers, net of premiums", "转移净收入"),
        ("property", "property, net of interest", "财产净收入"),
        ("other", "what no mechanism makes", "其他收入(模型未生成)"),
    )
    for key, en, zh, who in settings:
        yield (
            f"{key}_income",
            f"{en} disposable income",
            f"{zh}居民人均可支配收入",
            "head",
            "county",
            1,
            who,
            "income",
        )
        yield (
            f"{key}_income_real", f"{en} disposable income at 2019 prices", f"{zh}居民人均可支配收入(2019年价)",
            "head", "county", 1, who, "income",
        )  # fmt: skip
        for source, words, chinese in sources:
            yield (
                f"{key}_income_{source}",
                f"{en} income from {words}",
                f"{zh}居民人均{chinese}",
                "head",
                "county",
                0,
                who,
                "income",
            )
        yield f"{key}_gini", f"{en} Gini", f"{zh}居民收入基尼系数", "ratio", "county", -1, who, "income"
        for tenth in _DECILES:
            yield (
                f"{key}_income_decile_{tenth}", f"{en} income, tenth {tenth} of ten",
                f"{zh}居民人均收入(十等分第{tenth}组)", "head", "county", 1, who, "income",
            )  # fmt: skip


_ROWS_OF_TABLE: tuple[tuple, ...] = (
    # Economy
    ("gdp", "GDP", "地区生产总值", "money", "county", 1, _PLAIN, "economy"),
    ("gdp_real", "GDP at 2019 prices", "地区生产总值(2019年价)", "money", "county", 1, _PLAIN, "economy"),
    ("gdp_real_growth", "Real growth of GDP", "地区生产总值实际增速", "percent", "county", 1, _PLAIN, "economy"),
    ("gdp_per_resident", "GDP a resident", "人均地区生产总值", "head", "county", 1, _RESIDENTS, "economy"),
    ("value_added_primary", "Value added, primary", "第一产业增加值", "money", "county", 1, _PLAIN, "economy"),
    ("value_added_secondary", "Value added, secondary", "第二产业增加值", "money", "county", 1, _PLAIN, "economy"),
    ("value_added_tertiary", "Value added, tertiary", "第三产业增加值", "money", "county", 1, _PLAIN, "economy"),
    ("value_added_primary_real", "Value added, primary, at 2019 prices", "第一产业增加值(2019年价)", "money", "county", 1,
     _PLAIN, "economy"),
    ("value_added_secondary_real", "Value added, secondary, at 2019 prices", "第二产业增加值(2019年价)", "money", "county",
     1, _PLAIN, "economy"),
    ("value_added_tertiary_real", "Value added, tertiary, at 2019 prices", "第三产业增加值(2019年价)", "money", "county", 1,
     _PLAIN, "economy"),
    ("eco_industry_share", "Eco-industries in GDP", "生态产业占比", "percent", "county", 1, _GDP, "economy"),
    ("household_consumption", "Household consumption", "居民消费", "money", "county", 1, _PLAIN, "economy"),
    ("public_consumption", "Public consumption", "政府消费", "money", "county", 0, _PLAIN, "economy"),
    ("investment", "Investment of enterprises, households and the public", "投资（企业、住户与政府）", "money", "county", 1, _PLAIN, "economy"),
    ("outside_sales", "Sales beyond the prefecture", "市外销售", "money", "county", 1, _PLAIN, "economy"),
    ("county_trade", "Sales to other counties less purchases from them", "对市内他县区净销售", "money", "county", 0, _PLAIN, "economy"),
    ("outside_purchases", "Purchases from beyond the prefecture", "市外采购", "money", "county", 0, _PLAIN, "economy"),
    ("visitors", "Visits from outside", "游客人次", "visits", "county", 1, _PLAIN, "economy"),
    ("visitor_spending", "Spending a visit", "游客人均花费", "cost_visit", "county", 1, ("visits", "游客人次"), "economy"),
    ("enterprises", "Enterprises", "企业数", "works", "county", 1, _PLAIN, "economy"),
    ("enterprise_entries", "Enterprises founded", "新设企业", "works", "county", 1, _PLAIN, "economy"),
    ("enterprise_exits", "Enterprises closed", "退出企业", "works", "county", -1, _PLAIN, "economy"),
    ("enterprise_upgrades", "Enterprises upgraded", "技改企业", "works", "county", 1, _PLAIN, "economy"),
    ("upgraded_share", "Enterprises with new technology", "完成技改企业占比", "percent", "county", 1,
     ("enterprises", "企业"), "economy"),
    # People
    ("registered_population", "Registered population", "户籍人口", "persons", "county", 0, _PLAIN, "people"),
    ("resident_population", "Resident population", "常住人口", "persons", "county", 0, _PLAIN, "people"),
    ("net_away", "Net away (registered less resident)", "净流出人口(户籍减常住)", "persons", "county", -1, _PLAIN,
     "people"),
    ("away_persons", "Registered persons outside the prefecture", "户籍人口中市外居住", "persons", "county", 0,
     _PLAIN, "people"),
    ("urban_population", "Town residents", "城镇常住人口", "persons", "county", 0, _PLAIN, "people"),
    ("village_population", "Village residents", "乡村常住人口", "persons", "county", 0, _PLAIN, "people"),
    ("urban_share", "Urbanisation rate", "常住人口城镇化率", "percent", "county", 1, _RESIDENTS, "people"),
    ("village_share", "Village residents' share", "乡村人口占比", "percent", "county", 0, _RESIDENTS, "people"),
    ("central_city_population", "Residents of the central city", "中心城区人口", "persons", "county", 0, _PLAIN,
     "people"),
    ("incomers", "Residents registered elsewhere", "市外户籍常住人口", "persons", "county", 0, _PLAIN, "people"),
    ("households", "Households with a member at home", "有成员在家的家庭", "homes", "county", 0, _PLAIN, "people"),
    ("household_size", "Members at home of a household", "户均在家人口", "size", "county", 0, _HOUSEHOLDS,
     "people"),
    ("new_households", "Households founded", "新立户", "families", "county", 0, _PLAIN, "people"),
    ("settled", "Registrations moved outside", "户籍迁出市外人数", "few", "county", 0, _PLAIN, "people"),
    ("births", "Births", "出生人数", "few", "county", 0, _PLAIN, "people"),
    ("deaths", "Deaths", "死亡人数", "few", "county", 0, _PLAIN, "people"),
    ("marriages", "Marriages", "结婚对数", "couples", "county", 0, _PLAIN, "people"),
    ("birth_rate", "Birth rate", "出生率", "permille", "county", 0, _REGISTERED, "people"),
    ("death_rate", "Death rate", "死亡率", "permille", "county", -1, _REGISTERED, "people"),
    ("natural_growth", "Births less deaths, a thousand persons", "自然增长率", "permille", "county", 0, _REGISTERED, "people"),
    ("left", "Persons who left the prefecture", "当年外流人数", "persons", "county", 0, _PLAIN, "people"),
    ("returned", "Persons who came back", "当年返乡人数", "persons", "county", 0, _PLAIN, "people"),
    ("moved_to_town", "Persons who moved from village to town", "当年进城人数", "persons", "county", 0, _PLAIN,
     "people"),
    ("relocated_persons", "Persons moved by the relocation programme", "易地搬迁人数", "few", "county", 0, _PLAIN,
     "people"),
    ("mean_age", "Mean age", "平均年龄", "age", "county", 0, _ROWS, "people"),
    ("share_0_14", "Share aged 0-14", "0-14岁占比", "percent", "county", 0, _ROWS, "people"),
    ("share_15_64", "Share aged 15-64", "15-64岁占比", "percent", "county", 0, _ROWS, "people"),
    ("share_65plus", "Share aged 65 and older", "65岁及以上占比", "percent", "county", 0, _ROWS, "people"),
    ("life_expectancy", "Life expectancy", "人均预期寿命", "age", "tianshui", 1, ("period table", "时期生命表"),
     "people"),
    # Income: the two settings compared; the rest is generated below
    ("urban_rural_income_ratio", "Urban over rural income", "城乡收入比", "ratio", "county", -1, _PLAIN, "income"),
    ("rural_income_surveyed", "Rural income as surveys tell it", "农村居民收入(住户调查口径)", "head", "county", 1,
     ("village residents", "农村常住人口"), "income"),
    ("urban_income_surveyed", "Urban income as surveys tell it", "城镇居民收入(住户调查口径)", "head", "county", 1,
     _TOWN_ALL, "income"),
    ("rural_wage_share", "Wages in rural income", "农村居民工资性收入占比", "percent", "county", 0,
     ("rural income", "农村居民收入"), "income"),
    ("household_savings", "Savings deposits of households", "住户储蓄存款", "money", "county", 1, _PLAIN, "income"),
    ("household_debt", "Debt of households", "家庭债务", "money", "county", -1, _PLAIN, "income"),
    ("remittances", "Remittances", "外出汇款", "money", "county", 0, _PLAIN, "income"),
    # Poverty and relief
    ("poor_persons", "Persons under the poverty line", "贫困线下人口", "few", "county", -1, _PLAIN, "poverty"),
    ("income_poverty_rate", "Under the poverty line this year", "当年收入低于贫困线比例", "percent", "county", -1,
     _FARM_HOME, "poverty"),
    ("poverty_incidence", "Poverty incidence by the register", "贫困发生率(建档口径)", "percent", "county", -1,
     _FARM, "poverty"),
    ("registered_poor", "Registered poor persons", "建档立卡未脱贫人口", "few", "county", -1, _PLAIN, "poverty"),
    ("at_risk_persons", "Persons at risk of poverty", "返贫致贫风险人口", "few", "county", -1, _PLAIN, "poverty"),
    ("monitored_persons", "Persons on the monitoring register", "监测对象人口", "few", "county", 0, _PLAIN,
     "poverty"),
    ("new_monitored", "Persons newly monitored", "新纳入监测人口", "few", "county", -1, _PLAIN, "poverty"),
    ("cleared_monitored", "Persons cleared from monitoring", "消除风险人口", "few", "county", 1, _PLAIN, "poverty"),
    ("return_to_poverty_share", "Lifted persons at risk", "脱贫人口返贫风险比例", "percent", "county", -1, _LIFTED,
     "poverty"),
    ("relieved_persons", "Persons whom allowance and posts keep above the line", "低保与公岗兜底脱线人口", "few",
     "county", 1, _PLAIN, "poverty"),
    ("allowance_persons", "Members at home of households drawing the allowance", "低保家庭在家人口", "few", "county",
     0, _PLAIN, "poverty"),
    ("allowance_paid", "Subsistence allowance paid", "低保金发放", "money", "county", 0, _PLAIN, "poverty"),
    # Work and schooling
    ("farm_workers", "Farm workers", "农业劳动力", "persons", "county", 0, _PLAIN, "work"),
    ("local_off_farm_workers", "Local workers off the farm", "本地非农就业", "persons", "county", 1, _PLAIN, "work"),
    ("away_workers", "Workers away", "外出就业", "persons", "county", 0, _PLAIN, "work"),
    ("post_workers", "Workers on public posts", "公益性岗位人数", "few", "county", 0, _PLAIN, "work"),
    ("workshop_workers", "Workshop workers", "就业工厂人数", "few", "county", 0, _PLAIN, "work"),
    ("jobs", "Jobs of the ten sectors", "十个行业岗位", "jobs", "county", 1, _PLAIN, "work"),
    ("job_chance", "Applicants who got a local job", "本地求职成功率", "percent", "county", 1, _APPLICANTS, "work"),
    ("local_wage", "Local wage with nine years of schooling", "本地工资(初中学历)", "wage", "county", 1,
     ("a local worker", "本地劳动者"), "work"),
    ("pupils", "Pupils", "在校学生", "persons", "county", 0, _PLAIN, "work"),
    ("mean_schooling", "Mean years of schooling", "平均受教育年限", "years", "county", 1, _ADULTS, "work"),
    ("upper_secondary_entry", "Junior leavers who enter upper secondary", "初中升高中阶段比例", "percent", "county",
     1, _LEAVERS, "work"),
    ("dropouts", "Dropouts from school", "辍学人数", "few", "county", -1, _PLAIN, "work"),
    # Land and farming
    ("farmland", "Farmland", "耕地", "mu", "county", 0, _PLAIN, "land"),
    ("cropland_flat", "Flat cropland worked by its holders", "川地(在耕)", "mu", "county", 0, _PLAIN, "land"),
    ("cropland_terrace", "Terraced cropland worked by its holders", "梯田(在耕)", "mu", "county", 0, _PLAIN, "land"),
    ("cropland_slope", "Sloping cropland worked by its holders", "坡地(在耕)", "mu", "county", -1, _PLAIN, "land"),
    ("cropland_steep", "Steep cropland worked by its holders", "陡坡地(在耕)", "mu", "county", -1, _PLAIN, "land"),
    ("idle_land", "Idle farmland", "撂荒地", "mu", "county", -1, _PLAIN, "land"),
    ("idle_share", "Idle part of farmland", "撂荒率", "percent", "county", -1, ("farmland", "耕地"), "land"),
    ("let_land", "Farmland let to larger farms", "流转耕地", "mu", "county", 0, _PLAIN, "land"),
    ("orchard_area", "Orchards", "果园", "mu", "county", 0, _PLAIN, "land"),
    ("orchard_planted", "Orchard planted in the year", "当年新植果园", "mu", "county", 0, _PLAIN, "land"),
    ("grain_output", "Grain output", "粮食产量", "kg", "county", 1, _PLAIN, "land"),
    ("potato_output", "Potato output, fresh", "马铃薯产量(鲜)", "kg", "county", 1, _PLAIN, "land"),
    ("grain_store", "Grain in store", "粮食库存", "kg", "county", 0, _PLAIN, "land"),
    ("grain_bought_in", "Grain bought in", "粮食调入量", "kg", "county", 0, _PLAIN, "land"),
    ("grain_sold", "Grain sold", "粮食销售量", "kg", "county", 0, _PLAIN, "land"),
    ("apple_output", "Apple output", "苹果产量", "kg", "county", 1, _PLAIN, "land"),
    ("apples_sold", "Apples sold", "苹果销售量", "kg", "county", 0, _PLAIN, "land"),
    ("apple_store", "Apples in cold store", "苹果冷库库存", "kg", "county", 0, _PLAIN, "land"),
    ("crop_value", "Value of field crops", "大田作物产值", "money", "county", 1, _PLAIN, "land"),
    ("fruit_value", "Value of fruit", "果品产值", "money", "county", 1, _PLAIN, "land"),
    ("livestock_value", "Value of livestock", "畜牧产值", "money", "county", 1, _PLAIN, "land"),
    ("cattle", "Cattle", "牛存栏", "animals", "county", 0, _PLAIN, "land"),
    ("sheep", "Sheep and goats", "羊存栏", "animals", "county", 0, _PLAIN, "land"),
    ("pigs", "Pigs", "猪存栏", "animals", "county", 0, _PLAIN, "land"),
    ("cooperative_share", "Households served by a cooperative", "合作社服务户占比", "percent", "county", 1,
     _FARM_HOMES, "land"),
    ("insured_share", "Households with insured crops", "农业保险参保户占比", "percent", "county", 1, _FARM_HOMES,
     "land"),
    ("converted_area", "Cropland turned to forest since 2014", "新一轮退耕还林面积", "mu", "county", 0, _PLAIN,
     "land"),
    ("converted_offered", "Sloping land offered for conversion", "申请退耕面积", "mu", "county", 0, _PLAIN, "land"),
    ("converted_new", "Sloping land enrolled in the year", "当年新增退耕面积", "mu", "county", 0, _PLAIN, "land"),
    ("reconverted", "Converted land ploughed again", "复耕面积", "mu", "county", -1, _PLAIN, "land"),
    # Nature
    ("forest_area", "Forest, converted cropland counted in", "森林面积(含退耕)", "mu", "county", 1, _PLAIN, "nature"),
    ("forest_cover", "Forest cover", "森林覆盖率", "percent", "county", 1, _LAND, "nature"),
    ("soil_loss", "Soil loss", "土壤侵蚀量", "tonnes", "county", -1, _PLAIN, "nature"),
    ("sediment", "Sediment delivered to the river", "入河泥沙", "tonnes", "county", -1, _PLAIN, "nature"),
    ("erosion_treated", "Eroded land under control", "水土流失治理面积", "km2", "county", 1, _PLAIN, "nature"),
    ("erosion_control_rate", "Eroded land under control, share", "水土流失治理程度", "percent", "county", 1, _ERODED,
     "nature"),
    ("water_class", "River water class (worst reach)", "河流水质类别(最差河段)", "class", "county", -1, _REACHES,
     "nature"),
    ("good_water_share", "Reaches of class III or better", "优良(达到或优于Ⅲ类)河段比例", "percent", "county", 1,
     _REACHES, "nature"),
    ("cod_concentration", "COD in the river", "河流化学需氧量", "mg", "county", -1, _REACHES, "nature"),
    ("ammonia_concentration", "Ammonia in the river", "河流氨氮", "mg", "county", -1, _REACHES, "nature"),
    ("carbon_stock", "Carbon in forest and soil", "森林与土壤碳储量", "carbon", "county", 1, _PLAIN, "nature"),
    ("carbon_gain", "Carbon taken up in the year", "当年碳汇", "carbon", "county", 1, _PLAIN, "nature"),
    ("energy", "Energy used by industry and services", "产业能耗", "coal", "county", -1, _PLAIN, "nature"),
    ("energy_intensity", "Energy intensity", "单位产值能耗", "intensity", "county", -1, _REAL_GDP, "nature"),
    ("emissions", "CO2 emissions", "二氧化碳排放", "co2", "county", -1, _PLAIN, "nature"),
    ("industrial_load", "Industrial waste water load, COD", "工业化学需氧量负荷", "tonnes_little", "county", -1,
     _PLAIN, "nature"),
    ("sewage_treatment", "Town sewage treated", "城镇污水处理率", "percent", "county", 1, _TOWN_ALL, "nature"),
    ("urban_sewage_treatment", "Sewage treated in the two districts", "两区污水处理率", "percent", "tianshui", 1,
     _DISTRICTS, "nature"),
    # Budgets
    ("own_revenue", "Own revenue", "一般公共预算收入", "money", "budget", 1, _PLAIN, "budget"),
    ("transfers", "Transfers from above and funds moved in", "上级补助及调入资金", "money", "budget", 0, _PLAIN, "budget"),
    ("general_transfers", "General transfers", "一般性转移支付", "money", "budget", 0, _PLAIN, "budget"),
    ("earmarked", "Earmarked transfers", "专项转移支付", "money", "budget", 0, _PLAIN, "budget"),
    ("compensation", "Ecological compensation received", "横向生态补偿资金", "money", "budget", 0, _PLAIN, "budget"),
    ("bonds", "New bonds", "新增债券", "money", "budget", 0, _PLAIN, "budget"),
    ("spending", "Spending", "一般公共预算支出", "money", "budget", 0, _PLAIN, "budget"),
    ("spending_rigid", "Rigid spending", "刚性支出", "money", "budget", 0, _PLAIN, "budget"),
    ("spending_interest", "Interest paid", "债务付息", "money", "budget", -1, _PLAIN, "budget"),
    ("spending_levers", "Money granted to the plan's levers", "各项工具安排资金", "money", "budget", 0, _PLAIN,
     "budget"),
    ("spending_other", "Other spending", "其他支出", "money", "budget", 0, _PLAIN, "budget"),
    ("granted_share", "Asked money that was granted", "申请资金满足率", "percent", "budget", 1, _ASKED, "budget"),
    ("own_revenue_share", "Own revenue in spending", "财政自给率", "percent", "budget", 1, _SPENDING, "budget"),
    ("debt", "Public debt", "政府债务余额", "money", "budget", -1, _PLAIN, "budget"),
    ("debt_ratio", "Public debt over GDP", "政府负债率", "percent", "county", -1, _GDP, "budget"),
    ("reserve", "Money in hand", "财政结余", "money", "budget", 1, _PLAIN, "budget"),
    ("carried", "Earmarked money not yet spent", "专项结转资金", "money", "budget", 0, _PLAIN, "budget"),
    # Towns and public capital
    ("home_price", "Price of a home of 100 m2", "住房价格(100平方米)", "price", "county", -1, ("homes", "住房"),
     "towns"),
    ("homes", "Homes in towns", "城镇住房", "dwellings", "county", 0, _PLAIN, "towns"),
    ("built_up_land", "Built-up land of towns", "城镇建成区", "mu", "county", 0, _PLAIN, "towns"),
    ("town_services", "Services within reach in towns", "城镇公共服务指数", "index", "county", 1, _TOWN_ALL, "towns"),
    ("village_services", "Services within reach in villages", "乡村公共服务指数", "index", "county", 1, _VILLAGE_ALL,
     "towns"),
    ("public_capital", "Public capital at 2015 prices", "公共资本存量(2015年价)", "money", "county", 1, _PLAIN,
     "towns"),
    ("public_capital_transport", "Public capital, transport", "公共资本:交通", "money", "county", 1, _PLAIN, "towns"),
    ("public_capital_utilities", "Public capital, water and energy", "公共资本:水利与能源", "money", "county", 1,
     _PLAIN, "towns"),
    ("public_capital_digital", "Public capital, digital", "公共资本:数字", "money", "county", 1, _PLAIN, "towns"),
    ("public_capital_schools", "Public capital, schools", "公共资本:教育", "money", "county", 1, _PLAIN, "towns"),
    ("public_capital_health", "Public capital, health", "公共资本:医疗", "money", "county", 1, _PLAIN, "towns"),
    # Health
    ("hospital_beds", "Hospital beds", "每千人医院床位", "beds", "county", 1, _RESIDENTS, "health"),
    ("gravely_ill", "Persons gravely ill in the year", "当年重病人数", "few", "county", -1, _PLAIN, "health"),
    ("disabled_persons", "Residents with a lasting disability", "长期失能人口", "few", "county", -1, _PLAIN, "health"),
    ("catastrophic_households", "Households with catastrophic medical bills", "灾难性医疗支出家庭", "families",
     "county", -1, _PLAIN, "health"),
    ("impoverished_by_illness", "Households pushed under the line by illness", "因病致贫家庭", "families", "county",
     -1, _PLAIN, "health"),
    ("out_of_pocket", "Medical spending out of pocket", "自付医疗支出", "money", "county", -1, _PLAIN, "health"),
    ("medical_aid", "Medical aid paid", "医疗救助支出", "money", "county", 0, _PLAIN, "health"),
    # Cost of a unit of outcome
    ("cost_per_person_relieved", "Relief money of the year for a person kept above the line", "每兜底脱线一人救助支出",
     "cost_person", "county", -1, ("persons whom allowance and posts keep above the line", "低保与公岗兜底脱线人口"),
     "cost"),
    ("cost_per_mu_converted", "Conversion money of the year for a mu turned to forest", "每亩退耕地当年支出",
     "cost_mu", "county", 0, ("cropland turned to forest since 2014", "新一轮退耕还林面积"), "cost"),
    ("cost_per_job_supported", "Money for a post or workshop job", "每个扶持岗位支出", "cost_job", "county", -1,
     ("workers on public posts and in workshops", "公岗与就业工厂人数"), "cost"),
)  # fmt: skip


def _indicator(row: tuple) -> Indicator:
    name, en, zh, unit, level, better, denominator, group = row
    kind = _UNITS[unit]
    return Indicator(
        name, en, zh, kind.unit, kind.shown_en, kind.shown_zh, kind.factor, level, denominator, better, group,
        kind.decimals, kind.adds,
    )  # fmt: skip


def _declare() -> dict[str, Indicator]:
    rows = (*_ROWS_OF_TABLE, *_money_rows(), *_income_rows())
    table = {row[0]: _indicator(row) for row in rows}
    if len(table) != len(rows):
        raise ValueError("an indicator is declared twice")
    chapters = list(GROUPS)
    return dict(sorted(table.items(), key=lambda item: chapters.index(item[1].group)))


INDICATORS: dict[str, Indicator] = _declare()
"""Every indicator by name, chapter by chapter."""

HEADLINES: tuple[str, ...] = (
    "gdp", "gdp_real", "value_added_primary", "value_added_secondary", "value_added_tertiary", "eco_industry_share",
    "registered_population", "resident_population", "net_away", "urban_share", "share_65plus", "births", "deaths",
    "rural_income", "urban_income", "rural_income_real", "urban_income_real", "urban_rural_income_ratio",
    "rural_gini", "poor_persons", "registered_poor", "at_risk_persons", "monitored_persons",
    "return_to_poverty_share", "farm_workers", "local_off_farm_workers", "away_workers", "mean_schooling",
    "farmland", "idle_land", "orchard_area", "converted_area", "forest_cover", "soil_loss", "good_water_share",
    "carbon_stock", "energy_intensity", "emissions", "own_revenue", "transfers", "spending", "own_revenue_share",
    "spending_poverty", "spending_industry", "spending_urban", "spending_ecology", "spending_cross", "debt",
    "debt_ratio", "town_services", "home_price", "hospital_beds", "cost_per_person_relieved",
    "cost_per_mu_converted", "cost_per_job_supported",
)  # fmt: skip
"""What a first look shows."""

LOW_BIN, HIGH_BIN, SHOWN_BINS = 100.0, 1e6, 100
"""Yuan a head at the ends of the grid of incomes, and the number of bins of the stored distributions."""


class Distribution(NamedTuple):
    """A measure of the distributions: a value for each bin of an area and a year."""

    name: str
    en: str
    zh: str
    unit: str
    bins_en: str
    bins_zh: str
    first: int
    last: int
    """First and last bin."""


DISTRIBUTIONS: dict[str, Distribution] = {
    row.name: row
    for row in (
        Distribution("age_men", "Men by age", "男性年龄分布", "person", "five-year age groups, the last open",
                     "五岁组,末组开放", 0, 17),
        Distribution("age_women", "Women by age", "女性年龄分布", "person", "five-year age groups, the last open",
                     "五岁组,末组开放", 0, 17),
        Distribution("rural_income_decile", "Rural income by tenth", "农村居民十等分收入", "yuan/person",
                     "tenths of village residents, poorest first", "村庄居民十等分,由低到高", 1, 10),
        Distribution("urban_income_decile", "Urban income by tenth", "城镇居民十等分收入", "yuan/person",
                     "tenths of town residents, poorest first", "城镇居民十等分,由低到高", 1, 10),
        Distribution("rural_income_bins", "Village residents by income a head", "村庄居民人均收入分布", "person",
                     "equal steps of log income; see income_edges", "对数收入等距分组", 0, SHOWN_BINS + 1),
        Distribution("urban_income_bins", "Town residents by income a head", "城镇居民人均收入分布", "person",
                     "equal steps of log income; see income_edges", "对数收入等距分组", 0, SHOWN_BINS + 1),
    )
}  # fmt: skip
"""Every measure of the distributions by name."""


def income_edges() -> tuple[float, ...]:
    """Yuan a head between the bins of `rural_income_bins`: bin `b` lies from edge `b - 1` up to edge `b`.

    Bin 0 holds what is below the first edge, the last bin what is at or above the last edge.
    """
    step = (HIGH_BIN / LOW_BIN) ** (1.0 / SHOWN_BINS)
    return tuple(LOW_BIN * step**edge for edge in range(SHOWN_BINS + 1))


def areas_of(indicator: Indicator) -> tuple[str, ...]:
    """Areas where an indicator exists."""
    if indicator.level == PREFECTURE:
        return (PREFECTURE,)
    return (*COUNTIES, CITY_LEVEL, PREFECTURE) if indicator.level == "budget" else (*COUNTIES, PREFECTURE)


def known(name: str, names: Iterable[str], what: str) -> str:
    """Return the name when it is one of `names`.

    Raises
    ------
    KeyError
        Otherwise, with the nearest valid name.
    """
    names = list(names)
    if name in names:
        return name
    near = difflib.get_close_matches(name, names, 1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise KeyError(f"unknown {what} {name!r}{hint}")


Reader = Callable[[str, int], float]
"""Value of an indicator of the prefecture in a year, in the stored unit."""

_JUDGED_UNITS = {"100m yuan": 1e-8, "10k t": 1e-7, "10k persons": 1e-4, "10k trips": 1e-4}
_JUDGED_NAMES = {"good_water_sections": "good_water_share", "tourist_trips": "visitors"}


def target_value(target: Mapping[str, str], targets: Iterable[Mapping[str, str]], read: Reader) -> float:
    """The model's value that an aim is held against, in the aim's own unit and on its own basis.

    The aims of GDP stand on a later census than the model: their value of 2020 moves with the model's growth
    from 2020 (at constant prices where the aim says so). Two aims speak of a span of years. All others are
    the indicator of the year itself.

    Parameters
    ----------
    target : mapping
        A row of the table of targets (columns indicator, year, unit, basis as text).
    targets : iterable of mapping
        All rows, among which the GDP of 2020 is looked up.
    read : callable
        The model's value of an indicator in a year, in its stored unit.

    Raises
    ------
    KeyError
        When the model has no such indicator.
    """
    name, year = target["indicator"], int(target["year"])
    base = 2020
    if name == "gdp":
        level = next(
            float(t["threshold"]) for t in targets if t["indicator"] == "gdp" and int(t["year"]) == base
        )
        own = "gdp_real" if "prices" in target["basis"] else "gdp"
        return level * read(own, year) / read(own, base)
    if name == "gdp_growth_2021_2025":
        return 100.0 * ((read("gdp", year) / read("gdp", base)) ** (1.0 / (year - base)) - 1.0)
    if name == "energy_intensity_cut_2020_2035":
        return 100.0 * (1.0 - read("energy_intensity", year) / read("energy_intensity", base))
    name = known(_JUDGED_NAMES.get(name, name), INDICATORS, "indicator")
    return read(name, year) * _JUDGED_UNITS.get(target["unit"], 1.0)
