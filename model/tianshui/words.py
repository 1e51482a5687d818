"""Every word that the commands say, in English and Chinese, and what is wrong, sayable in both.

`say("zh", "kept", folder=...)` fills in one message. A fault (`Told`) carries the key of its message and what
fills it, so that `str(fault)` is English and `fault.said("zh")` Chinese; what fills a message may itself be sayable
(`Phrase`, `Unit`, `Reason`, another fault). Names of indicators, levers, items and scenarios stand with those
things. Descriptions of declared numbers stand in English below their declarations and in Chinese in
`descriptions_zh.csv` (`description`), where `of` is the digest of the English text that was translated.
"""

import csv
import errno
import os
from functools import cache
from hashlib import blake2s
from importlib.resources import files
from io import StringIO
from typing import Any, NamedTuple

LANGUAGES = ("en", "zh")
DESCRIPTIONS = "descriptions_zh.csv"

WORDS: dict[str, tuple[str, str]] = {
    # --- what each command and option is for ---------------------------------------------------------
    "help": (
        "A scenario laboratory for Tianshui prefecture and its development plan.",
        "天水市发展规划的情景实验室。",
    ),
    "help_run": ("Simulate scenarios; runs that exist are read.", "模拟情景;已有的运行直接读取。"),
    "help_compare": ("Compare two scenarios, A minus B, under the same luck.", "同一随机条件下比较两个情景(A − B)。"),
    "help_report": ("Write the interactive report of a result.", "生成结果的交互式报告。"),
    "help_check": ("Read a scenario and show what it sets.", "检查情景文件并显示其设定。"),
    "help_list": (
        "List levers, beliefs, outside, cuts, measures, scenarios or indicators.",
        "列出杠杆、参数、外部条件、断开的回路、措施、情景或指标。",
    ),
    "help_new": ("Write a scenario file that builds on another.", "新建一个以现有情景为基础的情景文件。"),
    "help_export": ("Write a result as a table for other programs.", "将结果导出为表格。"),
    "help_population": (
        "Show the start population beside what was published.",
        "对照显示初始人口与公布数据。",
    ),
    "help_trace": ("Tell one household's life and why it went so.", "讲述一户家庭的经历及其原因。"),
    "help_experiment": (
        "Show published effects beside what the model gives.",
        "对照显示已发表的政策效应与模型结果。",
    ),
    "help_fit": (
        "Fit what is believed to what was observed up to 2019: an ensemble of draws.",
        "将不确定参数拟合至 2019 年以前的观测值:得到抽取集合。",
    ),
    "help_backtest": (
        "Forecast 2020 and 2021 from what was known and score it against naive forecasts.",
        "仅凭当时所知预测2020与2021年,并与简单预测比较打分。",
    ),
    "opt_start": (
        "Start that knows nothing of Tianshui after 2019 (honest), the ordinary one (informed), or both.",
        "起始状态:不含2019年以后天水数据(honest)、通常状态(informed),或两者(both)。",
    ),
    "opt_outside": (
        "Nation and province after 2019 drawn from what was believed then, known, or both.",
        "2019年以后全国与全省:按当时预期抽取(drawn)、按实际值(known),或两者(both)。",
    ),
    "opt_backtest_draws": (
        "Draws of the priors, or the word ensemble for the rows of a fitted one.",
        "先验抽取次数,或 ensemble(使用拟合集合)。",
    ),
    "opt_ensemble": (
        "Folder of another ensemble than the package's; it serves the start on which it was fitted.",
        "另取拟合集合的文件夹;仅用于其拟合所据的起始状态。",
    ),
    "opt_backtest_scenario": (
        "Scenario of the informed start; the honest one has the policy announced by the end of 2019.",
        "知情起始状态所用情景;诚实起始状态采用2019年底前已公布的政策。",
    ),
    "opt_cells": ("Show every value as well.", "同时显示每个数值。"),
    "help_loops": (
        "Show what each feedback loop does to the headline numbers.",
        "显示各反馈回路对主要指标的作用。",
    ),
    "help_sensitivity": (
        "Tell which uncertain numbers move the results, and what makes them vary: morris, sobol, split.",
        "说明哪些不确定参数左右结果、结果因何而变:morris、sobol、split。",
    ),
    "arg_study": (
        "morris (screening of all numbers), sobol (indices of the strongest), split (chance, beliefs, levers); all when left out.",
        "morris(筛选全部参数)、sobol(最强者的指数)、split(随机、参数、杠杆);省略则全做。",
    ),
    "opt_trajectories": ("Trajectories of the screening.", "筛选的轨迹数。"),
    "opt_blocks": ("Blocks of the indices, a power of two.", "指数的区组数,须为二的幂。"),
    "opt_worlds": ("Worlds of the split.", "方差分解的世界数。"),
    "opt_from_ensemble": (
        "Take the worlds of the split from the fitted ensemble, not from the priors.",
        "方差分解的世界取自拟合集合,而非先验。",
    ),
    "opt_fit_draws": ("Draws of the priors that are checked first.", "先行检验的先验抽取次数。"),
    "opt_waves": ("Waves that rule out what is implausible.", "排除不合理参数的轮数。"),
    "opt_wave_runs": (
        "Runs of a wave.",
        "每轮的运行次数。",
    ),
    "opt_choosing": ("Runs to choose the ensemble from.", "最后供选取的运行次数。"),
    "opt_full": (
        "Rows of the ensemble that are lived one to one at the end, beside the sample.",
        "最后按全体家庭运行、与抽样结果对照的集合行数。",
    ),
    "opt_honest": (
        "Fit what was known at the end of 2019, for the honest backtests.",
        "仅据2019年底已知信息拟合,供诚实回测使用。",
    ),
    "opt_size": ("Draws of the ensemble.", "集合的抽取数。"),
    "opt_only_check": ("Only check the priors.", "仅检验先验。"),
    "opt_keep": (
        "Make it the ensemble of --draws ensemble; with --honest that of the honest backtests.",
        "将其设为 --draws ensemble 所用的集合;与 --honest 合用时设为诚实回测所用。",
    ),
    "help_plan": (
        "Tell the plan's items: levers, money, channel and, with --effects, what they do.",
        "说明规划事项:杠杆、资金、渠道,加 --effects 时说明其效果。",
    ),
    "arg_item": ("Items of the plan, such as M25, or pushes (P07) and groups (ecology); all when left out.", "规划事项,如 M25,或行动(P07)与组(ecology);省略则为全部。"),
    "opt_plan_scenario": ("The scenario in which the items stand.", "事项所处的情景。"),
    "opt_effects": (
        "Also run worlds with and without each item: money asked and granted, effects, reach.",
        "另运行有无各事项的世界:申请与安排资金、效果与上限。",
    ),
    "arg_scenario": ("Name or file of a scenario.", "情景名称或文件。"),
    "arg_a": ("The scenario looked at.", "所考察的情景。"),
    "arg_b": ("The scenario it is compared with.", "作为对照的情景。"),
    "arg_result": ("Folder of a result.", "结果文件夹。"),
    "arg_kind": (
        "levers, beliefs, outside, cuts, measures, scenarios or indicators.",
        "levers、beliefs、outside、cuts、measures、scenarios 或 indicators。",
    ),
    "arg_word": ("Show only rows in which this occurs.", "只显示含有该词的行。"),
    "arg_new": ("Name of the new scenario.", "新情景的名称。"),
    "arg_number": ("Permanent number of a household (from 1).", "住户的永久编号(自 1 起)。"),
    "arg_effect": ("Effects, by id; all when left out.", "效应编号;省略则为全部。"),
    "opt_sample": ("Share of all households, 0.001 to 1.", "住户比例,0.001 至 1。"),
    "opt_seeds": ("Seeds 0 to N - 1.", "种子 0 至 N − 1。"),
    "opt_seed": ("One seed.", "单个种子。"),
    "opt_draws": (
        "Draws of what is uncertain: N pairs (seed i, draw i), or ensemble or ensemble:N for those fitted; with --seeds their product.",
        "不确定参数的抽取:N 对(种子 i,抽取 i),或以 ensemble、ensemble:N 取拟合所得;与 --seeds 合用时取乘积。",
    ),
    "opt_tracks": (
        "Samples with their number of pairs, such as 1.0:8,0.05:64.",
        "各样本及其对数,如 1.0:8,0.05:64。",
    ),
    "opt_chance": (
        "Also eight seeds of the 5 % sample at the central values: chance alone.",
        "另运行 5% 样本的八个种子:仅随机性。",
    ),
    "opt_until": ("Last year, 2016 to 2035.", "最后一年,2016 至 2035。"),
    "opt_out": ("The result folder itself.", "结果文件夹。"),
    "opt_set": (
        "name=value (from 2021) or name@2026=value. In compare a lever is set in A, anything else in both.",
        "name=value(自2021年起)或 name@2026=value。比较时杠杆只改 A,其余两者皆改。",
    ),
    "opt_only": (
        "Only these items, pushes or groups act, such as M01,M25 (in compare: in A).",
        "只执行这些措施、行动或组,如 M01,M25(比较时指 A)。",
    ),
    "opt_without": (
        "Leave out these items, pushes or groups (in compare: in A).",
        "去掉这些措施、行动或组(比较时指 A)。",
    ),
    "opt_scenarios": ("Folder searched first for scenarios.", "优先查找情景的文件夹。"),
    "opt_attribute": (
        "Share the difference out among the five groups of levers (32 runs a pair).",
        "将差异分解到五组杠杆(每对 32 次运行)。",
    ),
    "opt_attribute_pairs": ("Pairs that are attributed, at most.", "最多分解多少对。"),
    "opt_attribute_by": (
        "Share the difference out among groups (exactly), pushes or items (sampled orders).",
        "将差异分解到组 groups(精确)、行动 pushes 或措施 items(抽样次序)。",
    ),
    "opt_orders": (
        "Orders in which pushes or items are added, half of them reverses: an even number.",
        "行动或措施的加入次序数,其中一半为逆序:须为偶数。",
    ),
    "opt_under": (
        "Also both under the beliefs, outside paths and cuts of this scenario (not its levers).",
        "另在该情景的参数、外部条件与断开回路下(不用其杠杆)重算 A 与 B。",
    ),
    "opt_workers": ("Processes; results do not depend on it.", "进程数;不影响结果。"),
    "opt_area": ("County, city or tianshui.", "县区、city 或 tianshui。"),
    "opt_lang": ("en or zh.", "en 或 zh。"),
    "opt_json": ("Plain JSON on standard output.", "在标准输出打印 JSON。"),
    "opt_quiet": ("Say nothing but errors.", "只输出错误。"),
    "opt_all": ("All levers, not only those that differ from the parent.", "显示全部杠杆,而不只是与上级情景不同者。"),
    "opt_from": ("Scenario to build on.", "所依据的情景。"),
    "opt_csv": ("Every value, as CSV.", "全部数值,CSV 格式。"),
    "opt_xlsx": ("The headlines, as a workbook.", "主要指标,Excel 工作簿。"),
    "opt_file": ("File to write; by default beside the result.", "输出文件;默认在结果文件夹内。"),
    "opt_draw": ("Draw of what is uncertain; 0 is central.", "不确定参数的抽取;0 为中心值。"),
    "opt_trace_scenario": ("Scenario in which it lives.", "所处情景。"),
    "opt_against": ("Scenario to compare the life with.", "对照情景。"),
    # --- headings ------------------------------------------------------------------------------------
    "indicator": ("Indicator", "指标"),
    "unit": ("Unit", "单位"),
    "range": ("Range of A - B", "A − B 的范围"),
    "range_in": ("Range, {year}", "{year}年的范围"),
    "range_of": ("Range, {share}", "{share} 样本的范围"),
    "verdict_of": ("{name}: met in, beyond, when", "{name}:达到比例、超出、何时"),
    "whole": ("A - B", "A − B"),
    "chance": ("Chance", "随机性"),
    "difference": ("A - B, {year}", "A − B，{year}年"),
    "year_of": ("{name}, {year}", "{name}，{year}年"),
    "scenario": ("Scenario", "情景"),
    "aim": ("Aim", "目标"),
    "year": ("Year", "年份"),
    "threshold": ("Aimed at", "目标值"),
    "value": ("Value", "数值"),
    "gap": ("Beyond aim", "超出目标"),
    "attained": ("From", "达到年份"),
    "status": ("Status", "来源性质"),
    "reason": ("Why not", "原因"),
    "lever": ("Lever", "杠杆"),
    "name": ("Name", "名称"),
    "title": ("Title", "标题"),
    "area": ("Area", "地区"),
    "each_county": ("each county", "各县区"),
    "together": ("Tianshui, in all", "天水市合计"),
    "together_city": ("Tianshui, in all; the city's budget", "天水市合计(市本级预算)"),
    "per_county": ("{unit} per county", "{unit}(每县区)"),
    "new_each": (
        "A single value holds for each county: 100 posts are 700 in all. The city's budget bears the sum of what it decides.",
        "单一数值适用于每个县区:100个岗位即全市700个。市级决定的项目由市本级预算承担其合计。",
    ),
    "item": ("Item", "项目"),
    "observed": ("Observed", "观测"),
    "synthetic": ("Synthetic", "合成"),
    "deviation": ("Difference", "差异"),
    "extends": ("Builds on", "依据"),
    "within": ("Range", "取值范围"),
    "who": ("Decided by", "决定者"),
    "measure": ("Item", "措施"),
    "group": ("Group", "组"),
    "push": ("Push", "行动"),
    "levers": ("Levers", "杠杆"),
    "no_channel": ("none in the model", "模型中无对应渠道"),
    "commitment": ("The plan's word", "文本力度"),
    "responders": ("Who responds", "响应者"),
    "moves": ("Should move by 2035, at least", "到2035年至少影响"),
    "plan_item": ("Item", "事项"),
    "items_title": ("Items of the plan", "规划事项"),
    "items_count": (
        "{items} items: {some} with levers, {none} with a reason for none.",
        "共{items}项:{some}项有杠杆,{none}项说明了缺失原因。",
    ),
    "money_a_year": ("Asks in all, million yuan a year", "全部申请,百万元/年"),
    "more_a_year": ("Asks more than without it", "比没有该事项多申请"),
    "granted_part": ("Granted part", "安排比例"),
    "item_does": ("What it does in the plan (range over worlds)", "在规划中的效果(各世界的范围)"),
    "item_could": ("At most, 2031-35", "上限,2031-35年"),
    "item_moves": ("moves its indicator", "影响其指标"),
    "item_no_channel": ("no channel", "无渠道"),
    "item_unused": ("not used by the scenario", "情景未使用"),
    "item_saturated": ("saturated: what stands already does it", "已饱和:现有水平已达到效果"),
    "item_no_money": ("no money: less than half is granted", "缺资金:安排不足一半"),
    "item_too_small": ("too small to see", "太小,看不出"),
    "item_slightly_against": ("slightly against: small, but the other way in every world of 2035", "略有反向:影响很小,但2035年各世界均相反"),
    "item_few": ("too few worlds to tell", "世界太少,无法判断"),
    "item_about": (
        "Decided by: {who}. The plan's word: {commitment}, {means}. Who responds: {responders}.",
        "决定者:{who}。文本力度:{commitment},{means}。响应者:{responders}。",
    ),
    "item_weights": ("Weights on the headline groups, shown and never used: {text}.", "在各主要组上的权重(仅供显示,不参与计算):{text}。"),
    "item_weight": ("{group} {weight}", "{group}{weight}"),
    "item_no_channel_because": ("No channel: {reason}", "无渠道:{reason}"),
    "item_ground": ("Ground: {source} ({status}).", "依据:{source}({status})。"),
    "ground_of": (" ({status}; {source})", "({status};{source})"),
    "ground_alone": (" ({source})", "({source})"),
    "sized_by": ("{what} ({status})", "{what}({status})"),
    "item_rests_on": ("The effect rests on {text}. Sized by: {by}.", "效果的依据:{text}。大小取决于:{by}。"),
    "item_expected": ("Should move by 2035, at the top of its range and fully paid: {text}", "到2035年在上限且资金充足时应影响:{text}"),
    "candidates_title": ("Instruments once proposed, and what became of them", "曾提议的工具及其去向"),
    "candidate": ("Proposed", "提议"),
    "became": ("Became", "成为"),
    "in_the_model": ("In the model", "模型中的名称"),
    "because": ("Because", "说明"),
    "item_delivery": (
        "Delivered as {name}: {years} years to build, overrun of {overrun} in the mean, {stall} of years lost.",
        "以项目{name}交付:建设{years}年,平均超支{overrun},延误年份占{stall}。",
    ),
    "item_against": ("moves its indicator the other way", "影响方向相反"),
    "item_money": ("Money of the item, million yuan of the year", "事项资金,百万元(当年价)"),
    "item_reach": (
        "At the end of its range, money without limit, 2031-35: {top} {of}, of which {channel} {of} beyond what the money buys; from where no_plan stands {left} {of}; without it the indicator is {at}.",
        "在范围上限且资金无限时,2031-35年:与没有相比 {top} {of},其中 {channel} {of} 不是资金本身购买所致;从 no_plan 的水平看还剩 {left} {of};没有该事项时指标为 {at}。",
    ),
    "item_further": (
        "Likewise {indicator}: {top} {of}; from where no_plan stands {left} {of}; without it {at}.",
        "同样,{indicator}:{top} {of};从 no_plan 的水平看还剩 {left} {of};没有该事项时为 {at}。",
    ),
    "no_change_told": (
        "{year} {indicator}: no change can be told from {worlds} worlds (nothing to be compared with)",
        "{year} {indicator}:{worlds} 个世界中无可比较,变化无法给出",
    ),
    "income_more": ("all budgets take in more than without it", "各级预算比没有该事项多收入"),
    "interaction": ("Largest interaction", "最大的相互作用"),
    "item_outcome": ("Outcome: {text}.", "结论:{text}。"),
    "price": ("Price of a unit, yuan of 2019", "单价(2019年价),元"),
    "asks_nothing": ("a rule: costs nothing", "规则:不花钱"),
    "asks_due": ("a rule: what it makes due", "规则:按规则应付"),
    "asks_income": ("nothing: it is public income", "无:属财政收入"),
    "asks_money": ("is money", "即资金"),
    "hint_effects": (
        "Money by year and effects, from worlds with and without: add --effects to the same command (minutes to hours; it is told first).",
        "逐年资金与效果(由有无该事项的世界得出):在同一命令后加 --effects(需数分钟至数小时,事先告知)。",
    ),
    "hint_one": ("One item in full: tianshui plan {item}", "查看单项全文:tianshui plan {item}"),
    "ignored": ("Without --effects nothing is run: {options} ignored.", "未加 --effects 则不运行:忽略 {options}。"),
    "in_largest": ("{number} billion", "{number}亿"),
    "in_large": ("{number} million", "{number}万"),
    "price_of": ("{yuan} ({status})", "{yuan}({status})"),
    "paid_by": ("Paid by", "资金来源"),
    "paid": ("{above} from above, {own} own purse", "上级{above},自有财力{own}"),
    "course": ("Course", "路径"),
    "sum_of_counties": ("all counties: {course}", "各县区合计:{course}"),
    "asked": ("asked", "申请"),
    "granted": ("granted", "安排"),
    "asked_in_all": ("its levers ask in all", "其杠杆全部申请"),
    "granted_in_all": ("its levers are granted in all", "其杠杆全部安排"),
    "asked_more": ("all levers ask more than without it", "全部杠杆比没有该事项多申请"),
    "granted_more": ("all levers are granted more than without it", "全部杠杆比没有该事项多安排"),
    "all_spending": ("all spending", "全部支出"),
    "purses_title": ("All levers together beside all public spending, billion yuan", "全部杠杆与全部财政支出,十亿元"),
    "budgets_title": (
        "What each budget grants of what it is asked for, billion yuan", "各级预算的安排与申请,十亿元",
    ),
    "public_budget": ("Budget", "预算"),
    "granted_of": ("{granted} of {asked}", "申请{asked},安排{granted}"),
    "file": ("File", "文件"),
    "level": ("Counted for", "统计层级"),
    "source": ("Source", "出处"),
    "standing": ("Use", "用法"),
    "happened": ("Year's end, and what happened", "年末状况与事件"),
    "inputs": ("What the rule read", "规则依据"),
    "drawn": ("Draw", "抽取"),
    "decision": ("Decision", "结果"),
    "odds_of": ("Chance", "概率"),
    "shapley": ("Fair share", "公平份额"),
    "player": ("Measure", "措施"),
    "standard_error": ("Standard error", "标准误"),
    "alone": ("Alone", "单独实施"),
    "added_last": ("Added last", "最后加入"),
    "others": ("{count} others together", "其余{count}项合计"),
    "kind_groups": ("headline groups", "五大组"),
    "kind_pushes": ("pushes and supports", "行动与支持"),
    "kind_items": ("items", "措施"),
    "line_under": ("{name} under {other}", "{name}(按 {other} 的假设)"),
    "policy_does": ("What policy does", "政策的作用"),
    "policy_does_under": ("What policy does under {other}", "政策的作用(按 {other} 的假设)"),
    "assumptions_do": ("What the assumptions do", "假设的作用"),
    # --- titles of tables ----------------------------------------------------------------------------
    "compare_title": ("{a} against {b}, {area}", "{a} 对比 {b},{area}"),
    "run_title": ("{a}, {area}", "{a},{area}"),
    "aims_title": ("Aims of the plan", "规划目标"),
    "past_title": (
        "Aims of 2020 and 2021: they judge history and the plan's first year, too early to judge the plan",
        "2020、2021年目标:检验历史与规划第一年,尚不足以评判规划",
    ),
    "counties_title": ("Counties that meet an aim, of those counted", "达到目标的县区数与统计县区数"),
    "attribution_title": (
        "What did it: fair shares of A - B, {year} (Shapley)",
        "差异来源:A − B 的公平份额(沙普利值),{year}年",
    ),
    "attribution_by": (
        "What did it, by {players}: fair shares of A - B, {year} (Shapley, sampled orders)",
        "差异来源,按{players}:A − B 的公平份额(沙普利值,抽样次序),{year}年",
    ),
    "under_title": (
        "Assumption or policy? {a} and {b}, and both under the assumptions of {other} ({title})",
        "假设还是政策?{a} 与 {b},以及按 {other}({title})的假设重算",
    ),
    "population_title": ("31 December 2015: published and assumed margins", "2015年12月31日:公布与假设的边际分布"),
    "trace_title": ("Household {number} of {area}, {scenario}", "{area}住户 {number},{scenario}"),
    "experiment_title": ("Published effects beside the model's", "已发表的效应与模型结果对照"),
    "loops_title": ("The plan with each loop cut, less the plan, {year}", "规划下逐一切断各回路之差,{year}年"),
    "screening_title": ("What moving each of {inputs} inputs does", "逐一移动 {inputs} 个输入的作用"),
    "indices_title": ("What part of the variance the {inputs} strongest inputs have", "最强的 {inputs} 个输入各占方差几何"),
    "split_title": ("What makes the headline numbers vary", "主要指标因何而变"),
    "fit_prior_title": ("What the priors say of what was observed, 2016 to 2019", "先验与 2016—2019 年观测值对照"),
    "fit_ensemble_title": ("What the ensemble says of it", "拟合集合与观测值对照"),
    "fit_waves_title": ("What is left of the priors", "先验的剩余部分"),
    "fit_learned_title": ("Learned: {learned} of {all} numbers", "已学得:{all} 个参数中的 {learned} 个"),
    "fit_full_title": ("The sample against the same {rows} worlds one to one", "抽样结果与同样 {rows} 个世界的全体运行对照"),
    "fit_shift": ("Shift", "偏移"),
    "fit_size": ("Difference", "差异"),
    "fit_by_luck": ("Over luck", "相对偶然性"),
    "fit_by_error": ("Over error", "相对观测误差"),
    "fit_full_caption": (
        (
            "One to one less sample, mean and root mean square, in parts of error, luck and discrepancy together; then its root "
            "mean square in standard deviations of luck and of the error of observation. Distance {sample} in the sample, {whole} "
            "one to one (medians)."
        ),
        (
            "全体减抽样:均值与均方根,以误差、偶然性与模型偏差之合为单位;其后为均方根与偶然性、观测误差标准差之比。"
            "距离(中位数):抽样 {sample},全体 {whole}。"
        ),
    ),
    "fit_trades_title": ("Strongest trade-offs", "最强的相互替代"),
    "title without": ("{title} without {items}", "{title}(去掉 {items})"),
    "title with only": ("{title}, only {items}", "{title}(只有 {items})"),
    "title under": ("{title} under the assumptions of {items}", "{title}(按 {items} 的假设)"),
    "title with": ("{title} with {items}", "{title}(设 {items})"),
    # --- captions ------------------------------------------------------------------------------------
    "untested": ("range of untested assumptions", "未经检验的假设范围"),
    "ensemble": ("range of the fitted ensemble", "拟合集合的范围"),
    "medians": (
        "Medians of {pairs} pairs of seed and draw, {share} of households. Smallest to largest: {what}.",
        "{pairs} 对(种子、抽取)的中位数,{share} 住户。最小至最大:{what}。",
    ),
    "one_pair": (
        "One pair of seed and draw, {share} of households: no range. More: --draws 16.",
        "仅一对(种子、抽取),{share} 住户:无范围。可用 --draws 16。",
    ),
    "chance_caption": (
        "Chance: half the spread of A - B over {seeds} seeds at the central values.",
        "随机性:中心参数下 {seeds} 个种子的 A − B 跨度之半。",
    ),
    "same": (
        "{a} and {b} set the same numbers: every difference is zero.",
        "{a} 与 {b} 的设定完全相同:差异全为零。",
    ),
    "beyond": ("{count} aims lie after the last year of this result.", "{count} 项目标晚于该结果的最后一年。"),
    "not_judged": ("{count} aims are not judged:", "{count} 项目标未予评判:"),
    "assumed_apart": (
        "Published and derived aims first; the thresholds of the others are assumed.",
        "先列公布与推算的目标;其余目标值为假设。",
    ),
    "counties_apart": (
        "At least half of the worlds. The plan sets aims for the prefecture alone; holding counties to them is ours.",
        "至少一半世界达到。规划只为全市设定目标;以此衡量各县区是我们的做法。",
    ),
    "nothing_changed": ("{name} changes no lever of its parent.", "{name} 未改变上级情景的任何杠杆。"),
    "no_rows": ("Nothing found for {word}.", "未找到 {word}。"),
    "chain": ("{name}: {title}. Builds on {chain}.", "{name}:{title}。依据 {chain}。"),
    "root": ("{name}: {title}.", "{name}:{title}。"),
    "then": ("; ", "；"),
    "sets": ("{kind}: {text}", "{kind}:{text}"),
    "beliefs": ("beliefs", "参数"),
    "outside": ("outside", "外部条件"),
    "cuts": ("cuts", "断开的回路"),
    "pace_set": ("pace of all amounts: {text}", "各项数量的节奏:{text}"),
    "pace_held": (
        "Held at the end of its range by the pace: {lever} ({area}, {years}).",
        "按节奏将超出范围,止于边界:{lever}({area},{years}年)。",
    ),
    "valid": ("valid", "有效"),
    "attribution_one": (
        "Shares add up to the difference; one pair of seed and draw. All 32 sets of groups are run, so no order is sampled (--orders plays no part) and there is no standard error; --draws 16 gives one over worlds.",
        "各份额之和等于总差异;仅一对(种子、抽取)。五组的32种组合全部运行,不抽样次序(--orders 不起作用),故无标准误;--draws 16 可给出各世界间的标准误。",
    ),
    "attribution_caption": (
        "Shares add up to the difference; means over {pairs} pairs of seed and draw. ±: standard error over these pairs; all 32 sets of groups are run, so no order is sampled and --orders plays no part.",
        "各份额之和等于总差异;{pairs} 对(种子、抽取)的平均。±:这些对之间的标准误;五组的32种组合全部运行,不抽样次序,--orders 不起作用。",
    ),
    "sampled_none": (
        "Shares add up to the difference; one pair of seed and draw. No standard error: one order with its reverse has nothing to differ from. Ask for --orders 4 or more, or for several pairs with --draws.",
        "各份额之和等于总差异;仅一对(种子、抽取)。无标准误:一个次序及其逆序无从比较。请用 --orders 4 或更多,或用 --draws 取多对。",
    ),
    "sampled_one": (
        "Shares add up to the difference; one pair of seed and draw. Standard error: over pairs of orders.",
        "各份额之和等于总差异;仅一对(种子、抽取)。标准误:按成对次序。",
    ),
    "sampled_caption": (
        "Shares add up to the difference; means over {pairs} pairs of seed and draw, each with its own orders. Standard error: over these pairs.",
        "各份额之和等于总差异;{pairs} 对(种子、抽取)的平均,各对次序不同。标准误:按这些对。",
    ),
    "under_caption": (
        "Medians of {pairs} pairs of seed and draw, the same in all four; below a difference its smallest and largest. What the assumptions do: {b} under {other} less {b}.",
        "{pairs} 对(种子、抽取)的中位数,四者相同;差异下方为最小与最大。假设的作用:{b}(按 {other} 的假设)减 {b}。",
    ),
    "experiment_caption": (
        "Medians of {pairs} pairs of seed and draw, {share} of households; beneath the range that holds 95 % of them.",
        "{share} 住户、{pairs} 对种子与抽取的中位数;其下为含 95% 的区间。",
    ),
    "effect_width": ("Width, times the published", "宽度(公布区间的倍数)"),
    "opt_patterns": (
        "show what one expects of such a region beside the model, in place of published effects",
        "不列已发表效应,改为对照显示此类地区应有的特征",
    ),
    "patterns_alone": ("patterns are all shown together: name none", "地区特征一并显示,无需指定"),
    "patterns_title": ("What one expects of such a region beside the model", "此类地区应有的特征与模型结果对照"),
    "patterns_caption": (
        "No plan, {share} of households, {seeds} worlds with their own luck and beliefs: median and range.",
        "无规划情景、{share} 住户、{seeds} 个各有运气与信念的世界:中位数与范围。",
    ),
    "pattern": ("Pattern", "特征"),
    "pattern_band": ("Band", "预期范围"),
    "pattern_inside": ("Worlds within", "落入的世界数"),
    "experiment_terms": (
        "Hit: the published value lies within the model's interval, and the model's middle within the published range. Wide: the first alone.",
        "命中:公布值落入模型区间,且模型中位落入公布区间。偏宽:仅前者成立。",
    ),
    "experiment_score": (
        "{hit} hits, {wide} wide, {miss} misses: {inside} of {scored} within the interval, whose median width is {width} times the published; {shown} expert ranges are shown only.",
        "命中 {hit} 项,偏宽 {wide} 项,未中 {miss} 项:{scored} 项中 {inside} 落入区间,区间宽度中位为公布区间的 {width} 倍;{shown} 项专家区间仅供对照。",
    ),
    "loops_caption": (
        "Medians of {pairs} pairs of seed and draw, {share} of households; smallest to largest difference beneath.",
        "{pairs} 对种子与抽取的中位数,{share} 住户;其下为最小至最大差值。",
    ),
    "screening_caption": (
        "Strength: mean part of the squared changes over all headline numbers. Beside it those that it moves most, with the mean change when its chance rises by one half. What moves less than luck matters less than which seed it is.",
        "强度:在全部主要指标的变动平方和中所占的平均份额。其旁为受其影响最大的指标,及其分位上升一半时的平均变动。弱于随机性者,其作用不及换一个种子。",
    ),
    "indices_caption": (
        "Each input: first index, what it explains alone; total index, what it has a part in; ± half of the 95 % interval. All other numbers stand at their central values.",
        "每个输入:一阶指数,即其单独解释的部分;总指数,即其参与的部分;± 为 95% 区间之半。其余参数取中心值。",
    ),
    "split_caption": (
        "Parts of the variance with standard errors; plans are drawn between no plan and the plan, one weight for each group of levers. Chance is that of the sample: what luck does to single persons counts more in it than in the prefecture.",
        "方差份额及标准误;方案在无规划与规划之间抽取,每组杠杆一个权重。随机性为样本的随机性:个人际遇在样本中的分量大于全市。",
    ),
    "sensitivity_counts": (
        "{runs} runs of {share} of households, {failed} failed; {dropped} of {blocks} trajectories, blocks or worlds left out for it.",
        "{runs} 次运行,{share} 住户,其中 {failed} 次失败;{blocks} 条轨迹、区组或世界中因此略去 {dropped} 个。",
    ),
    "sensitivity_not_counted": ("Counted by no run: {output}", "无运行计得:{output}"),
    "sensitivity_effect": ("{output}, less no plan", "{output},与无规划之差"),
    "sensitivity_at": ("Tables of every input: {folder}", "各输入的完整表格:{folder}"),
    "input.start.world": (
        "Which of the drawn worlds the start stands in, with what is laid on it",
        "初始人口所处的抽取世界,连同其上所设的状态",
    ),
    "input.start.rows": (
        "In which draw the assumed rows of the evidence tables are read",
        "证据表中假设行所取的抽取",
    ),
    "input.luck": ("Luck: which seed", "随机性:种子"),
    "fit_check_caption": (
        "Band of 95 % with the error of observation. Width: median, in parts of the value; against the range that the series itself covered. Furthest miss in half widths of the band.",
        "95% 区间,含观测误差。宽度:中位数,占观测值之比;并与序列自身变动范围相比。最大偏离以区间半宽计。",
    ),
    "fit_learned_caption": (
        "Spread: that of the chance within the prior, prior = 1. Mean: 0.5 where nothing moved.",
        "离散度:先验分位的离散度,先验 = 1。均值:未移动时为 0.5。",
    ),
    "fit_worlds": ("Worlds of the start: {shares}", "初始人口的各世界:{shares}"),
    "fit_bar": (
        "{inside} of {points} points inside ({share}; asked for: {bar}). Not counted by the model: {not_counted}.",
        "{points} 个点中 {inside} 个在区间内({share};要求 {bar})。模型未计的点:{not_counted}。",
    ),
    "fit_kept": (
        "{rows} draws chosen from {chosen_from} runs, distance {low} to {high} (median of the priors: {prior}). {folder}",
        "自 {chosen_from} 次运行中选出 {rows} 个抽取,距离 {low} 至 {high}(先验中位数:{prior})。{folder}",
    ),
    "backtest_title": (
        "2020 and 2021: error of the model over that of naive forecasts (below 1 the model is closer)",
        "2020与2021年:模型误差与简单预测误差之比(小于1表示模型更准)",
    ),
    "backtest_caption": (
        ("Relative mean absolute error, geometric mean over series with a 95 % interval from drawing counties. From the last value: "
        "members moved to meet the last value to 2019, as naive forecasts do; as run: as they come from 2015. County left out: each "
        "county by members weighed without it (effective number of members). CRPS: where the naive forecast has a spread."),
        ("相对平均绝对误差,按序列取几何平均,95%区间由重抽县区得到。自末值起:成员平移至2019年以前的末次观测值,与简单预测相同;原样:自2015年起的模型结果。"
        "留出一县:各县由不含该县的权重预测(有效成员数)。连续排序概率得分:仅限有离散度的简单预测。"),
    ),
    "backtest_coverage_title": ("Values inside the intervals", "落入区间的比例"),
    "backtest_coverage_caption": (
        ("Part inside the interval of each probability; in brackets its width over that of the naive forecast (median). PIT: how many "
        "values fall into each tenth of the members."),
        "各概率区间的覆盖比例;括号内为与简单预测区间宽度之比(中位数)。概率积分变换:落入成员各十分位的数值个数。",
    ),
    "backtest_blocks_title": ("Relative error by block", "分领域相对误差"),
    "backtest_indicators_title": ("Relative error by indicator (closer: model to naive)", "分指标相对误差(更准次数:模型比简单预测)"),
    "backtest_parts_caption": (
        "Above 1 the model loses. A dash: shown and not scored, or not counted.",
        "大于1表示模型落败。短横线:仅显示不打分,或模型未计。",
    ),
    "backtest_cells_title": ("Every value", "各数值"),
    "backtest_cells_caption": (
        "Middle and interval of 80 % from the last value to 2019.",
        "中位数与80%区间,自2019年以前末次观测值起。",
    ),
    "backtest_kept": ("Every value and every run: {folder}", "全部数值与运行:{folder}"),
    "not_tried": ("Not asked of the model:", "未作检验:"),
    # --- messages ------------------------------------------------------------------------------------
    "running": ("Simulating", "模拟中"),
    "pace": ("{done} of {all} runs; about {left} left", "已完成 {done}/{all} 次运行;约剩 {left}"),
    "forecast": (
        "{count} runs are to be made: about {time}{size}, {ground}; loading and reading come beside.",
        "共需运行 {count} 次:约 {time}{size},{ground};加载与读取另计。",
    ),
    "on_disk": (
        " and {size} MB on disk (a stop keeps what is done)",
        ",占磁盘约 {size} MB(中途停止会保留已完成的部分)",
    ),
    "by_probe": ("by the first years of one of them, timed just now", "按刚才实测的一次运行的最初几年推算"),
    "by_size": ("by their size, on idle cores", "按规模估计,处理器空闲时"),
    "kept": ("Results are in {folder} (runs made: {new}, read: {old}).", "结果在 {folder}(新运行 {new} 次,读取 {old} 次)。"),
    "report_at": ("Report: {file}", "报告:{file}"),
    "exported": ("Written: {file}", "已写入:{file}"),
    "made": ("Written: {file}. Next: tianshui check {file}", "已写入:{file}。下一步:tianshui check {file}"),
    "waiting": (
        "Another command is writing to {folder}; waiting for it to end.",
        "另一命令正在写入 {folder};等待其结束。",
    ),
    "stopped": (
        "stopped; {done} of {all} runs are kept in {folder}; the same command goes on",
        "已停止;{all} 次运行中的 {done} 次保存在 {folder};再次执行同一命令即可继续",
    ),
    "stopped_plain": ("stopped", "已停止"),
    "error": ("error: {text}", "错误:{text}"),
    "failed": (
        "{failed} of {all} runs failed; first {scenario}, sample {sample}, seed {seed}, draw {draw}: {message} ({file})",
        "{all} 次运行中有 {failed} 次失败;首个为 {scenario},样本 {sample},种子 {seed},抽取 {draw}:{message}({file})",
    ),
    "no_pair": ("no pair of runs is complete, so nothing can be compared", "没有一对运行完整,无法比较"),
    "crashed": (
        "failed: {kind}: {text} (TIANSHUI_DEBUG=1 shows where)",
        "失败:{kind}:{text}(TIANSHUI_DEBUG=1 可显示位置)",
    ),
    "killed": (
        "the process was ended from outside, most likely for want of memory",
        "进程被外部终止,很可能是内存不足",
    ),
    "disk_full": ("the disk is full: {file}; nothing finished is lost", "磁盘已满:{file};已完成的结果不会丢失"),
    "read_only": ("cannot write to {file}: {why}", "无法写入 {file}:{why}"),
    "os_error": ("{file}: {why}", "{file}:{why}"),
    "not_result": ("{folder} is not a result: {why}", "{folder} 不是结果文件夹:{why}"),
    "no_folder": ("no such folder", "文件夹不存在"),
    "no_manifest": ("it has no manifest.json", "缺少 manifest.json"),
    "bad_manifest": ("its manifest.json cannot be read", "manifest.json 无法读取"),
    "out_is_file": ("--out {folder} is a file, not a folder", "--out {folder} 是文件,不是文件夹"),
    "out_is_other": (
        "--out {folder} holds something else; name a new folder or that of a result",
        "--out {folder} 中有其他内容;请指定新文件夹或结果文件夹",
    ),
    "bad_sample": (
        "--sample {text} is not a share of households; it must lie within {low} and 1",
        "--sample {text} 不是住户比例;须在 {low} 与 1 之间",
    ),
    "bad_count": ("{option} {text} must be a whole number from {low} to {high}", "{option} {text} 须为 {low} 至 {high} 的整数"),
    "bad_draws": (
        "--draws {text} must be a whole number from 1 to {high}, or the word ensemble",
        "--draws {text} 须为 1 至 {high} 的整数,或 ensemble",
    ),
    "no_ensemble": (
        "--draws ensemble: no ensemble has been fitted yet; use --draws 16",
        "--draws ensemble:尚无拟合集合;请用 --draws 16",
    ),
    "no_start": ("a start could not be built, one to one or in the sample", "无法生成初始状态(全体或抽样)"),
    "no_ensemble_in": ("{folder} holds no ensemble, which `tianshui fit` writes", "{folder} 中没有 `tianshui fit` 写出的拟合集合"),
    "torn_ensemble": (
        "{file} is cut off or no ensemble; `tianshui fit` in its folder writes it anew",
        "{file} 不完整或不是拟合集合;在其所在文件夹重新运行 `tianshui fit` 即可重写",
    ),
    "honest_ensemble": (
        "--draws ensemble: none has been fitted on the honest start yet; use `tianshui fit --honest --keep`, or --start informed",
        "--draws ensemble:尚无据诚实起始状态拟合的集合;请先运行 `tianshui fit --honest --keep`,或使用 --start informed",
    ),
    "other_ensemble": (
        "--ensemble {folder} was fitted on the start `{own}`, the backtests that are asked for begin at: {asked}",
        "--ensemble {folder} 系据起始状态 `{own}` 拟合,所求回测的起始状态为:{asked}",
    ),
    "ensemble_alone": (
        "--ensemble is for --draws ensemble alone",
        "--ensemble 仅与 --draws ensemble 同用",
    ),
    "bad_choice": ("{option} {text} is none of: {names}", "{option} {text} 不在可选项中:{names}"),
    "no_backtest": ("{folder} holds no finished backtest", "{folder} 中没有已完成的回测"),
    "nothing_scored": ("{view}: no value can be scored", "{view}:没有可打分的数值"),
    "unknown_study": ("{text} is no study; there are {names}", "没有名为 {text} 的研究;可选 {names}"),
    "no_power": ("--blocks {count} must be a power of two", "--blocks {count} 须为二的幂"),
    "few_rows": (
        "--worlds {count}: the fitted ensemble has {there} rows",
        "--worlds {count}:拟合集合仅有 {there} 行",
    ),
    "nothing_moves": ("no input moved any headline number", "没有任何输入改变主要指标"),
    "too_few_blocks": (
        "{left} of {all} trajectories, blocks or worlds are whole and {wanted} are needed; first failure: {why}",
        "{all} 条轨迹、区组或世界中仅 {left} 个完整,至少需 {wanted} 个;首个失败:{why}",
    ),
    "too_few_left": (
        "{left} runs are left to choose {wanted} from: more --runs, a smaller --size",
        "仅剩 {left} 次运行,不足以选取 {wanted} 次:请增大 --runs 或减小 --size",
    ),
    "bad_tracks": (
        "--tracks {text}: write samples with their number of pairs, such as 1.0:8,0.05:64",
        "--tracks {text}:请写样本及其对数,如 1.0:8,0.05:64",
    ),
    "track_twice": ("--tracks {text}: the sample {sample} stands twice", "--tracks {text}:样本 {sample} 重复"),
    "clash": ("{one} and {other} exclude each other", "{one} 与 {other} 不能同时使用"),
    "bad_lang": ("--lang {text}: the languages are en and zh", "--lang {text}:语言为 en 与 zh"),
    "bad_until": ("--until {text}: years run from {low} to {high}", "--until {text}:年份为 {low} 至 {high}"),
    "unknown_area": ("unknown area {text}{near}", "未知地区 {text}{near}"),
    "unknown_kind": ("unknown list {text}{near}", "未知列表 {text}{near}"),
    "only_areas": (" (there are {names})", "(可用:{names})"),
    "only_lists": (" (there are {names})", "(可用:{names})"),
    "is_folder": ("{file} is a folder, not a file", "{file} 是文件夹,不是文件"),
    "one_of": ("choose one of {names}", "请选择 {names} 之一"),
    "exists": ("{file} exists; nothing was written", "{file} 已存在;未写入任何内容"),
    "bad_name": (
        "{text} is no name for a scenario: use letters, digits, - and _, and not `history`",
        "{text} 不能作情景名称:请用字母、数字、- 和 _,且不能是 history",
    ),
    "worlds_differ": (
        "the difference cannot be attributed to levers: A and B also differ in {names}",
        "差异无法归因于杠杆:A 与 B 在 {names} 上也不同",
    ),
    "no_player": ("{lever} belongs to none of the {players}", "{lever} 不属于任何{players}"),
    "no_assumption": (
        "--under {name}: it sets no beliefs, outside paths or cuts other than those of A and B",
        "--under {name}:该情景未设定与 A、B 不同的参数、外部条件或断开的回路",
    ),
    "unknown_players": ("--attribute-by {text}: unknown{near}", "--attribute-by {text}:未知{near}"),
    "only_kinds": (" (there are {names})", "(可用:{names})"),
    "odd_orders": (
        "--orders {text} must be an even number: each order comes with its reverse",
        "--orders {text} 须为偶数:每个次序与其逆序成对",
    ),
    "bad_number": ("{text} is no number of a household", "{text} 不是住户编号"),
    "unknown_number": (
        "no household of this sample has the number {number}; the nearest is {near}",
        "该样本中没有编号为 {number} 的住户;最接近的是 {near}",
    ),
    "tracing": ("Living the world again to watch one household.", "重新模拟以跟踪该住户。"),
    "dissolved": ("the household is no more", "该户已不存在"),
    "parting": ("The two lives part in {year}.", "两种经历自{year}年起不同。"),
    "never_part": ("The two lives are the same.", "两种经历相同。"),
    "report_failed": ("the report could not be written: {text}", "报告无法生成:{text}"),
    "unknown_effect": ("unknown effect {text}{near}", "未知效应 {text}{near}"),
    # --- what is wrong with a scenario file ----------------------------------------------------------
    "scenario.at": ("{file}:{line}: {problem}", "{file}:{line}: {problem}"),
    "scenario.set": ("--set {text}: {problem}", "--set {text}: {problem}"),
    "scenario.items": ("{option} {word}: unknown item, push or group{near}", "{option} {word}:未知的措施、行动或组{near}"),
    "scenario.option": ("{option} {problem}", "{option} {problem}"),
    "scenario.no_lever": (
        "{word} ({title}) has no lever, so it can be neither set nor left out. {why}",
        "{word}({title})没有杠杆,既不能设定也不能去掉。{why}",
    ),
    "scenario.near": ("; did you mean '{name}'?", ";是否指 '{name}'?"),
    "scenario.not_yaml": ("not plain YAML: {why}", "不是规范的 YAML:{why}"),
    "scenario.empty": (
        "empty; a scenario needs at least a title and `extends: no_plan`",
        "文件为空;情景至少需要 title 和 `extends: no_plan`",
    ),
    "scenario.no_lines": ("a scenario is a list of lines `key: value`", "情景文件应由若干行 `key: value` 组成"),
    "scenario.no_file": ("not a file", "不是文件"),
    "scenario.too_long": ("{size} MB long; a scenario is at most 1 MB", "长 {size} MB;情景文件最大 1 MB"),
    "scenario.unreadable": ("cannot be read: {why}", "无法读取:{why}"),
    "scenario.not_utf8": ("not UTF-8 text: byte 0x{byte}", "不是 UTF-8 文本:字节 0x{byte}"),
    "scenario.alias": ("aliases and anchors are not allowed: {text}", "不允许使用别名和锚点:{text}"),
    "scenario.tag": ("tags are not allowed: {text}", "不允许使用标签:{text}"),
    "scenario.documents": ("more than one document; a file holds one scenario", "多于一个文档;一个文件只含一个情景"),
    "scenario.deep": ("nested more than {most} deep", "嵌套超过 {most} 层"),
    "scenario.lines": ("{what} must be lines `name: value`, not {found}", "{what}应为若干行 `name: value`,而不是{found}"),
    "scenario.key": (
        "a key of {what} must be a plain word or year, not {found}",
        "{what}的键应为普通单词或年份,而不是{found}",
    ),
    "scenario.twice_first": ("{text} is set twice; first on line {line}", "{text} 设定了两次;首次在第 {line} 行"),
    "scenario.twice": ("{name} is set twice", "{name} 设定了两次"),
    "scenario.list": ("{what} must be a list such as [a, b], not {found}", "{what}应为列表,如 [a, b],而不是{found}"),
    "scenario.number": (
        "{what} must be a plain number such as 12, 0.5 or 2e7, not {found}",
        "{what}应为普通数字,如 12、0.5 或 2e7,而不是{found}",
    ),
    "scenario.word": ("{what} must be a plain word, not {found}", "{what}应为普通单词,而不是{found}"),
    "scenario.text": ("{what} must be text, not {found}", "{what}应为文字,而不是{found}"),
    "scenario.quotes": (
        "{what} {text} is not plain text; put it in quotation marks",
        "{what} {text} 不是普通文字;请加引号",
    ),
    "scenario.no_year": (
        "{text} is not a year; years run from {first} to {last}",
        "{text} 不是年份;年份为 {first} 至 {last}",
    ),
    "scenario.year_out": (
        "{year} is not a year of the model; years run from {first} to {last}",
        "{year} 不在模型年份之内;年份为 {first} 至 {last}",
    ),
    "scenario.past": (
        "{year} is past: only the scenario `history` sets years before {first}",
        "{year} 年已过去:只有情景 `history` 可以设定 {first} 年以前",
    ),
    "scenario.all_off": ("`all_off` must be a year, not {found}", "`all_off` 应为年份,而不是{found}"),
    "scenario.unknown_key": ("unknown key {text}{near}", "未知的键 {text}{near}"),
    "scenario.unknown_county": ("unknown county {text}{near}", "未知县区 {text}{near}"),
    "scenario.unknown_item": ("unknown item, push or group {text}{near}", "未知的措施、行动或组 {text}{near}"),
    "scenario.unknown_number": ("unknown {kind} {text}{near}", "未知{kind} {text}{near}"),
    "scenario.unknown_scenario": ("unknown scenario {text}{near}", "未知情景 {text}{near}"),
    "scenario.unknown_shape": ("unknown shape {text}; it is step or line", "未知的 shape {text};应为 step 或 line"),
    "scenario.unknown_language": ("unknown language {text}; it is en or zh", "未知语言 {text};应为 en 或 zh"),
    "scenario.other_kind": (
        "{name} is {found}, not {wanted}; set it under `{section}`",
        "{name} 是{found},不是{wanted};请写在 `{section}` 之下",
    ),
    "scenario.range": (
        "{name}{when} is {value} {unit}; it must lie within {low} and {high}",
        "{name}{when}为 {value} {unit};须在 {low} 与 {high} 之间",
    ),
    "scenario.whole_year": (
        "{name}{when} is {value}; it must be a whole year within {low} and {high}",
        "{name}{when}为 {value};须为 {low} 与 {high} 之间的整年份",
    ),
    "scenario.share_range": (
        "{what} is {value}; it must lie within 0 and 1",
        "{what}为 {value};须在 0 与 1 之间",
    ),
    "scenario.below_nought": ("{what} is {value}; it must not be below 0", "{what}为 {value};不能小于 0"),
    "scenario.not_scenario": (
        "{file}: not a scenario file; its name must end in .yaml",
        "{file}: 不是情景文件;文件名须以 .yaml 结尾",
    ),
    "scenario.not_file": ("{file}: not a file", "{file}: 不是文件"),
    "scenario.missing": ("{file}: no such file", "{file}: 文件不存在"),
    "scenario.needed": ("{role}: {problem}", "{role}: {problem}"),
    "scenario.chain": ("more than {most} scenarios build on one another", "相互依据的情景超过 {most} 个"),
    "scenario.circle": ("{role} {text} closes a circle: {circle}", "{role} {text} 形成循环:{circle}"),
    "scenario.no_title": (
        "a scenario needs a title, such as `title: {example}`",
        "情景需要标题,例如 `title: {example}`",
    ),
    "scenario.no_parent": ("names no parent; add `extends: no_plan`", "未指明上级情景;请加 `extends: no_plan`"),
    "scenario.root": ("`history` is the root and extends nothing", "`history` 是根情景,不依据任何情景"),
    "scenario.measures": (
        "`measures` must be all, a list or a mapping, not {found}",
        "`measures` 应为 all、列表或映射,而不是{found}",
    ),
    "scenario.lever_twice": (
        "{lever}, a lever of {word}, is set twice under `measures`",
        "{lever}({word} 的杠杆)在 `measures` 之下设定了两次",
    ),
    "scenario.one_value": (
        "{name} is one value for the whole prefecture, not one a county",
        "{name} 全市只有一个值,不分县区",
    ),
    "scenario.blank": ("{what} is empty", "{what}为空"),
    "scenario.write_set": ("write name=value or name@2026=value", "请写 name=value 或 name@2026=value"),
    "scenario.all_years": ("{kind} holds in all years; leave out @{year}", "{kind}适用于所有年份;请去掉 @{year}"),
    # --- parts of these messages ---------------------------------------------------------------------
    "a_lever": ("a lever", "杠杆"),
    "a_belief": ("a belief", "参数"),
    "an_outside": ("an outside number", "外部条件"),
    "a_cut": ("a cut", "断开的回路"),
    "kind_number": ("number", "数"),
    "kind_lever": ("lever", "杠杆"),
    "kind_belief": ("belief", "参数"),
    "kind_outside": ("outside number", "外部条件"),
    "kind_cut": ("cut", "断开的回路"),
    "what_scenario": ("a scenario", "情景"),
    "what_value": ("the value", "数值"),
    "what_share": ("the share of {word}", "{word} 的份额"),
    "what_item": ("an item of `measures`", "`measures` 的项"),
    "what_course": ("the course of {name}", "{name} 的历程"),
    "what_path": ("the path of {name}", "{name} 的路径"),
    "what_in_year": ("{name} in {year}", "{name}({year}年)"),
    "what_in": ("{name} in {when}", "{name}({when})"),
    "county_year": ("{county} in {year}", "{year}年 {county}"),
    "in_year": (" in {year}", "({year}年)"),
    "in_when": (" in {when}", "({when})"),
    "in_language": ("{key} in {lang}", "{key}({lang})"),
    "measures_need": ("measures needs", "measures 需要"),
    "found_mapping": ("a mapping", "映射"),
    "found_list": ("a list", "列表"),
    "found_nothing": ("nothing", "空值"),
    # --- what is wrong with a folder of results -----------------------------------------------------------
    "archive.disk_full": (
        "{path}: the disk is full; what was written before is whole and stays readable",
        "{path}:磁盘已满;此前写入的内容完好可读",
    ),
    "archive.read_only": (
        "{path}: the folder may not be written to; choose another with --out",
        "{path}:文件夹不可写;请用 --out 另选",
    ),
    "archive.os": ("{path}: {why}", "{path}:{why}"),
    "archive.run_name": ("{run} is no name of a run", "{run} 不是运行的名称"),
    "archive.digest": ("contents do not match their own digest", "内容与其自身摘要不符"),
    "archive.parquet": ("no readable Parquet file ({kind})", "不是可读的 Parquet 文件({kind})"),
    "archive.cannot_hold": ("{file} cannot hold this: {why}", "{file} 无法保存:{why}"),
    "archive.no_manifest": ("{folder}: no results here ({file} is missing)", "{folder}:此处没有结果(缺少 {file})"),
    "archive.not_json": (
        "{path}: not readable as JSON; run the command again to write it anew",
        "{path}:不是可读的 JSON;请重新执行命令以重写",
    ),
    "archive.later": (
        "{path}: written by a later version; this one reads layout {schema}",
        "{path}:由更新的版本写成;本版本可读格式 {schema}",
    ),
    "archive.no_folder": ("{folder}: no such folder", "{folder}:文件夹不存在"),
    "archive.no_results": ("{folder}: no results here", "{folder}:此处没有结果"),
    # --- values that are words -----------------------------------------------------------------------
    "published": ("published", "公布"),
    "derived": ("derived", "推算"),
    "assumed": ("assumed", "假定"),
    "found": ("found", "查得"),
    "recalled": ("recalled", "忆述"),
    "nation": ("nation", "国家"),
    "province": ("province", "省"),
    "county": ("county", "县区"),
    "city": ("city", "市"),
    "tianshui": ("prefecture", "全市"),
    "source.assumed": ("assumed", "假定"),
    "source.derived": ("derived", "推算"),
    "source.expert_range": ("expert range", "专家区间"),
    "source.levers": ("list of levers", "杠杆清单"),
    "source.mechanisms": ("working equations", "模型方程"),
    "source.recalled": ("recalled", "凭记忆"),
    "budget": ("budgets", "预算"),
    "hours": ("{value} h", "{value} 小时"),
    "minutes": ("{value} min", "{value} 分钟"),
    "seconds": ("{value} s", "{value} 秒"),
    # --- published effects ---------------------------------------------------------------------------
    "effect": ("Effect", "效应"),
    "belief": ("Number", "参数"),
    "wave": ("Wave", "轮次"),
    "loop": ("Loop cut", "切断的回路"),
    "loop_whole": ("Whole", "未切断"),
    "loop_cut": ("Cut less whole", "切断之差"),
    "backtest": ("Backtest", "回测"),
    "backtest_honest_unconditional": ("honest, outside drawn", "诚实,外部抽取"),
    "backtest_honest_conditional": ("honest, outside known", "诚实,外部已知"),
    "backtest_informed_unconditional": ("informed, outside drawn", "知情,外部抽取"),
    "backtest_informed_conditional": ("informed, outside known", "知情,外部已知"),
    "backtest_scored": ("Scored", "打分"),
    "backtest_closer": ("Closer: model to naive", "更准:模型比简单预测"),
    "backtest_relative": ("From the last value", "自末值起"),
    "backtest_relative_basis": ("from the last value", "自末值起"),
    "backtest_as_run": ("As run", "原样"),
    "backtest_crps": ("CRPS", "连续排序概率得分"),
    "backtest_left_out": ("County left out", "留出一县"),
    "backtest_basis": ("Basis", "基准"),
    "backtest_pit": ("PIT", "概率积分变换"),
    "backtest_block": ("Block", "领域"),
    "backtest_published": ("Published", "公布值"),
    "backtest_middle": ("Middle", "中位数"),
    "backtest_interval": ("80 %", "80%"),
    "backtest_naive_forecast": ("Naive", "简单预测"),
    "backtest_who": ("Closer", "更准"),
    "backtest_model": ("model", "模型"),
    "backtest_naive": ("naive", "简单预测"),
    "backtest_tie": ("alike", "相同"),
    "backtest_why_census": ("the start knows the census of 2020", "起始状态已含2020年普查"),
    "backtest_why_read": ("the start reads a value of 2020", "起始状态已读入2020年数值"),
    "backtest_why_not_counted": ("not counted", "模型未计"),
    "backtest_why_no_naive": ("no naive forecast", "无简单预测"),
    "baseline_no_change": ("no change", "不变"),
    "baseline_drift": ("drift", "趋势漂移"),
    "baseline_ar1": ("AR(1)", "一阶自回归"),
    "baseline_ets": ("smoothing", "指数平滑"),
    "baseline_logistic": ("logistic", "逻辑斯蒂"),
    "baseline_cohort": ("cohorts", "队列推算"),
    "baseline_province": ("growth of Gansu", "甘肃增速"),
    "baseline_share": ("share of the prefecture", "占全市份额"),
    "screening_strength": ("Strength", "强度"),
    "screening_moves": ("Moves most", "影响最大"),
    "indices_sum": ("Sum of first", "一阶之和"),
    "indices_named": ("Input: first, total", "输入:一阶、总"),
    "split_mean": ("Mean", "均值"),
    "split_spread": ("Standard deviation", "标准差"),
    "split_beliefs": ("Beliefs", "参数"),
    "split_levers": ("Levers", "杠杆"),
    "split_chance": ("Chance", "随机"),
    "fit_all": ("All", "全部"),
    "fit_points": ("Points", "点数"),
    "fit_inside": ("Inside", "区间内"),
    "fit_width": ("Width", "宽度"),
    "fit_against": ("Against its own range", "与自身变幅之比"),
    "fit_missed": ("Furthest miss", "最大偏离"),
    "fit_looked_at": ("Looked at", "已考察"),
    "fit_left": ("Left", "剩余"),
    "fit_runs": ("Runs", "运行"),
    "fit_explained": ("Emulator explains", "仿真器解释"),
    "fit_spread": ("Spread", "离散度"),
    "fit_mean": ("Mean", "均值"),
    "fit_correlation": ("Correlation", "相关系数"),
    "published_effect": ("Published", "公布值"),
    "model_effect": ("Model", "模型"),
    "outcome": ("Outcome", "结果"),
    "verdict.hit": ("hit", "命中"),
    "verdict.wide": ("wide", "偏宽"),
    "verdict.miss": ("miss", "未中"),
    "verdict.shown": ("not scored", "不评分"),
    "unit.%": ("%", "%"),
    "unit.points": ("points", "百分点"),
    "unit.persons": ("persons a household", "人/户"),
    "unit.yuan/yuan": ("yuan a yuan", "元/元"),
    "unit.elasticity": ("elasticity", "弹性"),
    "effect.poorer_half": ("poorer half {value} points", "较贫半数 {value} 个百分点"),
    "effect.poorest_quarter": ("poorest quarter {value}", "最贫四分之一 {value}"),
    "effect.of_payments": ("payments alone {value} %", "仅补助 {value}%"),
    "effect.of_wages": ("of it wages and remittances {value}", "其中工资与寄回 {value}"),
    "effect.of_other": ("of it income that no mechanism makes {value}", "其中无机制来源的收入 {value}"),
    "effect.to_village": ("settled in villages {value} %", "村内安置 {value}%"),
    "effect.stock": ("on the register {value} %", "在册 {value}%"),
    "effect.of_disaster": ("disaster {value} %", "因灾 {value}%"),
    "effect.without": ("without {value} %", "无助学金时 {value}%"),
    "effect.same_pupils": ("the same pupils {value}", "同一批学生 {value}"),
    "effect.first_year": ("first year {value}", "第一年 {value}"),
    "effect.fifth_year": ("fifth year {value}", "第五年 {value}"),
    "effect.of_output": ("output a head {value} %", "人均产出 {value}%"),
    "effect.serviced": ("land serviced {value} km2", "供地 {value} 平方公里"),
    "effect.town_sewage": ("treated town sewage {value} points", "城镇污水处理率 {value} 个百分点"),
    "effect.gain_output": ("output {value} %", "产出 {value}%"),
    "effect.gain_capital": ("capital {value} %", "资本 {value}%"),
    "effect.gain_jobs": ("jobs {value} %", "就业 {value}%"),
    # --- why an aim is not judged -------------------------------------------------------------------------
    "ends": ("the result ends before that year", "结果在该年之前结束"),
    "absent": ("not counted in this result", "该结果未统计"),
    # --- a household's life ------------------------------------------------------------------------------
    "fact.members": ("members {value}", "人口 {value}"),
    "fact.income": ("income {value} yuan", "收入 {value} 元"),
    "fact.cash": ("cash {value} yuan", "现金 {value} 元"),
    "fact.debt": ("debt {value} yuan", "债务 {value} 元"),
    "fact.farmland_mu": ("farmland {value} mu", "耕地 {value} 亩"),
    "fact.idle_mu": ("idle {value} mu", "撂荒 {value} 亩"),
    "fact.orchard_mu": ("orchard {value} mu", "果园 {value} 亩"),
    "fact.converted_mu": ("turned to forest {value} mu", "退耕 {value} 亩"),
    "fact.in_town": ("lives in town", "居住城镇"),
    "fact.poor": ("on the poverty register", "建档立卡贫困户"),
    "fact.monitored": ("monitored", "监测户"),
    "fact.allowance": ("draws the allowance", "享受低保"),
    "fact.cooperative": ("in a cooperative", "加入合作社"),
    "fact.insured": ("crops insured", "参加农业保险"),
    "fact.relocated": ("relocated", "易地搬迁"),
    "input.age": ("age {value}", "年龄 {value}"),
    "input.children": ("children so far {value}", "已育子女 {value}"),
    "input.disabled": ("disabled {value}", "残疾 {value}"),
    "input.bill": ("medical bill {value} yuan", "医疗自付 {value} 元"),
    "input.harvest_lost": ("share of harvest lost {value}", "收成损失比例 {value}"),
    "input.farm_income": ("farm income {value} yuan", "务农收入 {value} 元"),
    "input.local_pay": ("local pay {value} yuan", "本地工资 {value} 元"),
    "input.job_chance": ("chance of a job {value}", "就业机会 {value}"),
    "input.away_pay": ("pay away {value} yuan", "外出工资 {value} 元"),
    "input.share_away": ("share of the village away {value}", "村中外出比例 {value}"),
    "input.children_under_6": ("children under six {value}", "6岁以下儿童 {value}"),
    "input.needs_care": ("someone needs care {value}", "有人需照料 {value}"),
    "input.chance_farm": ("chance of farming {value}", "务农概率 {value}"),
    "input.chance_local": ("chance of local work {value}", "本地务工概率 {value}"),
    "input.chance_away": ("chance of going away {value}", "外出概率 {value}"),
    "input.chance_none": ("chance of no work {value}", "不就业概率 {value}"),
    "input.works_in_town": ("works in town {value}", "在城镇就业 {value}"),
    "input.works_locally": ("works locally {value}", "在本地就业 {value}"),
    "input.service_gap": ("gap of services {value}", "公共服务差距 {value}"),
    "input.town_pay_over_income": ("town pay over income {value}", "城镇工资与收入之比 {value}"),
    "input.home_price_over_income": ("home price over income {value}", "房价收入比 {value}"),
    "input.openness": ("openness of towns {value}", "落户开放度 {value}"),
    "input.child_at_school": ("child at school {value}", "有在学子女 {value}"),
    "input.payment": ("payment {value} yuan a mu", "补助 {value} 元/亩"),
    "input.granted_mu": ("granted {value} mu", "批准 {value} 亩"),
    "input.mu": ("{value} mu", "{value} 亩"),
    "input.cash": ("cash {value} yuan", "现金 {value} 元"),
    "input.grant": ("grant {value} yuan", "补助 {value} 元"),
    "input.standard": ("standard {value} yuan a head", "标准 {value} 元/人"),
    "input.line": ("line {value} yuan a head", "标准线 {value} 元/人"),
    "input.life_expectancy": ("life expectancy {value} years", "预期寿命 {value} 岁"),
    "input.schooling": ("years of school {value}", "受教育年数 {value}"),
    "input.pool_of_men": ("effect of the number of unmarried men {value}", "未婚男性数量的影响 {value}"),
    "input.away": ("lives away {value}", "外出居住 {value}"),
    "input.in_village": ("lives in a village {value}", "住在村里 {value}"),
    "input.fertility": ("children a woman, this year's rates {value}", "当年总和生育率 {value}"),
    "input.oldest_age": ("oldest member's age {value}", "最年长成员年龄 {value}"),
    "input.leaving": ("persons who leave {value}", "离户人数 {value}"),
    "input.pension_against_start": ("basic pension against 2015 {value}", "基础养老金与2015年之比 {value}"),
    "input.work_lost": ("share of the year's work lost {value}", "全年误工比例 {value}"),
    "input.case_cost": ("cost of the case {value} yuan", "病例费用 {value} 元"),
    "input.insurance_pays": ("insurance pays {value} yuan", "医保报销 {value} 元"),
    "input.second_pays": ("insurance of serious illness pays {value} yuan", "大病保险 {value} 元"),
    "input.aid_pays": ("medical aid pays {value} yuan", "医疗救助 {value} 元"),
    "input.routine_care": ("routine care {value} yuan", "日常就医 {value} 元"),
    "input.savings_lost": ("share of savings lost {value}", "积蓄损失比例 {value}"),
    "input.chance_before": ("chances told before this choice, together {value}", "此前各选项概率合计 {value}"),
    "input.think_chance": ("chance to think again {value}", "重新考虑的概率 {value}"),
    "input.think_draw": ("draw for that {value}", "其抽取值 {value}"),
    "input.searching": ("looks for a first or new job {value}", "正在求职 {value}"),
    "input.laid_off": ("laid off {value}", "被裁员 {value}"),
    "input.registered": ("on a register {value}", "在册(脱贫或监测) {value}"),
    "input.distance": ("distance to the county town {value} km", "距县城 {value} 公里"),
    "input.premium_subsidy": ("share of the premium that public money pays {value}", "保费补贴比例 {value}"),
    "input.neighbours": ("share of the village served by cooperatives {value}", "本村已获合作社服务比例 {value}"),
    "input.service_money": ("service money a farm household {value} yuan", "户均合作社服务资金 {value} 元"),
    "input.grants_of_the_county": ("grant money of the county {value} yuan", "全县产业扶持资金 {value} 元"),
    "input.hands": ("labour days for each day needed {value}", "每需一工日可出工日 {value}"),
    "input.workers": ("farm workers who are well {value}", "健康务农劳力 {value}"),
    "input.elders": ("elders who help {value}", "帮工老人 {value}"),
    "input.age_of_trees": ("age of the trees {value}", "树龄 {value}"),
    "input.steep_normal": ("a mu of steep land yields {value} yuan net", "陡坡地每亩净收益 {value} 元"),
    "input.orchard_net": ("orchard promises {value} yuan a mu", "果园预期净收益 {value} 元/亩"),
    "input.planting_cost": ("planting costs {value} yuan a mu", "建园成本 {value} 元/亩"),
    "input.margin": ("margin {value} yuan a head", "每头净收益 {value} 元"),
    "input.price": ("price {value} yuan a head", "每头价格 {value} 元"),
    "input.heads": ("heads before {value}", "原有头数 {value}"),
    "input.margin_gain": ("margin above the usual one, against the price {value}", "净收益高于常年部分与价格之比 {value}"),
    "input.chance_sells": ("chance to sell {value}", "出售概率 {value}"),
    "input.years_enrolled": ("years since it was enrolled {value}", "退耕年数 {value}"),
    "input.forgone": ("forgone {value} yuan a mu and year", "放弃的年收益 {value} 元/亩"),
    "input.enrolled_around": ("share of the village's slopes enrolled {value}", "本村坡地已退耕比例 {value}"),
    "input.off_farm": ("share of adults off the farm {value}", "成年人非农就业比例 {value}"),
    "input.income_a_head": ("income {value} yuan a head", "人均收入 {value} 元"),
    "input.members": ("members {value}", "家庭人口 {value}"),
    "input.members_at_home": ("members at home {value}", "在家人口 {value}"),
    "input.due": ("due {value} yuan", "应发 {value} 元"),
    "input.income": ("income {value} yuan", "收入 {value} 元"),
    "input.reckoned_income": ("income as registers reckon it {value} yuan", "登记口径收入 {value} 元"),
    "input.usual_income": ("usual income {value} yuan", "常年收入 {value} 元"),
    "input.savings": ("savings {value} yuan", "积蓄 {value} 元"),
    "input.lacks": ("lacks {value} yuan to the monitoring line", "距监测线缺 {value} 元"),
    "input.struck": ("struck by a bill, a disaster or a loss {value}", "遭遇大病、灾害或收入骤降 {value}"),
    "input.monitoring_money": ("monitoring money a villager {value} yuan", "村民人均监测经费 {value} 元"),
    "no_draw": ("no draw", "无抽取"),
    "sets_size": ("sets the size", "定数额"),
    # --- margins of the start population -------------------------------------------------------------
    "margin.registered_persons": ("Registered persons", "户籍人口"),
    "margin.resident_persons": ("Residents", "常住人口"),
    "margin.male_residents": ("Men among residents", "常住男性"),
    "margin.away_outside_prefecture_gross": ("Away outside the prefecture", "市外流动人口"),
    "margin.in_migrants_from_other_tianshui_counties": ("Moved in from other counties", "市内其他县区流入"),
    "margin.urban_residents": ("Urban residents", "城镇常住人口"),
    "margin.age_share_cohort_0_14": ("Aged 0-14", "0—14岁"),
    "margin.age_share_cohort_15_64": ("Aged 15-64", "15—64岁"),
    "margin.age_share_cohort_65plus": ("Aged 65 and over", "65岁及以上"),
    "margin.residents_age": ("Residents aged {age}", "{age}岁常住人口"),
    "margin.illiteracy_rate_15plus": ("Illiterate, 15 and over", "15岁及以上文盲率"),
    "margin.mean_years_schooling": ("Mean schooling, 15 and over", "15岁及以上平均受教育年限"),
    "margin.employed_primary": ("Employed in agriculture", "第一产业从业"),
    "margin.employed_secondary": ("Employed in industry", "第二产业从业"),
    "margin.employed_tertiary": ("Employed in services", "第三产业从业"),
    "margin.employed_construction": ("Employed in construction", "建筑业从业"),
    "margin.registered_households_rows": ("Registered households", "户籍户"),
    "margin.family_households_resident": ("Family households", "家庭户"),
    "margin.population_in_family_households": ("Persons in family households", "家庭户人口"),
    "margin.one_person_households": ("One-person households", "一人户"),
    "margin.two_generation_households": ("Two-generation households", "二代户"),
    "margin.three_generation_households": ("Three-generation households", "三代户"),
    "margin.agricultural_registered_population": ("Agricultural registered persons", "农业户籍人口"),
    "margin.registered_poor_persons": ("Registered poor persons", "建档立卡贫困人口"),
    "margin.villages": ("Villages", "行政村"),
    "margin.rural_disposable_income": ("Rural disposable income", "农村居民人均可支配收入"),
    "margin.urban_disposable_income": ("Urban disposable income", "城镇居民人均可支配收入"),
    "margin.farmland": ("Farmland", "耕地"),
    "margin.apple_area": ("Apple orchards", "苹果园"),
    "margin.conversion_new_round": ("Turned to forest, new round", "新一轮退耕还林"),
    "margin.in_migrants_other_county_same_province": ("Moved in from the province", "省内其他县区流入"),
    "margin.in_migrants_other_province": ("Moved in from other provinces", "省外流入"),
    "margin.net_away_registered_minus_resident": ("Registered less resident", "户籍减常住"),
    "margin.gross_absent_from_county": ("Absent from the county", "离开本县人口"),
    "margin.village_residents": ("Village residents", "乡村常住人口"),
    "margin.urban_share": ("Urban share", "城镇化率"),
    "margin.age_share_0_14": ("Aged 0-14, between the censuses", "0—14岁(普查间插值)"),
    "margin.age_share_15_64": ("Aged 15-64, between the censuses", "15—64岁(普查间插值)"),
    "margin.age_share_65plus": ("Aged 65 and over, between the censuses", "65岁及以上(普查间插值)"),
    "margin.schooling_share_none": ("No schooling", "未上学"),
    "margin.schooling_share_primary": ("Primary school", "小学"),
    "margin.schooling_share_junior": ("Junior secondary school", "初中"),
    "margin.schooling_share_upper_secondary": ("Upper secondary school", "高中"),
    "margin.schooling_share_college": ("College", "大学"),
    "margin.population_in_collective_households": ("Persons in collective quarters", "集体户人口"),
    "margin.mean_household_size": ("Persons in a family household", "家庭户规模"),
    "margin.household_size_1": ("Households of one person", "一人户(按规模)"),
    "margin.employed_residents": ("Employed residents", "就业常住人口"),
    "margin.employed_manufacturing": ("Employed in manufacturing", "制造业从业"),
    "margin.share_of_manufacturing_equipment": ("Equipment in manufacturing", "装备占制造业从业"),
    "margin.share_of_manufacturing_electronics": ("Electronics in manufacturing", "电子占制造业从业"),
    "margin.share_of_manufacturing_processing": ("Food and medicine in manufacturing", "食品医药占制造业从业"),
    "margin.share_of_tertiary_trade": ("Trade in services", "商贸占第三产业从业"),
    "margin.share_of_tertiary_tourism": ("Tourism in services", "文旅占第三产业从业"),
    "margin.share_of_tertiary_technical": ("Technical services in services", "技术服务占第三产业从业"),
    "margin.share_of_tertiary_public_services": ("Public services in services", "公共服务占第三产业从业"),
    "margin.farmland_slope": ("Sloping farmland", "坡耕地"),
    "margin.farmland_level": ("Level and terraced farmland", "川地与梯田"),
    "margin.household_savings_deposits": ("Household deposits", "居民储蓄存款"),
    "margin.value_added_primary": ("Value added, primary", "第一产业增加值"),
    "margin.value_added_secondary": ("Value added, secondary", "第二产业增加值"),
    "margin.value_added_tertiary": ("Value added, tertiary", "第三产业增加值"),
    "margin.value_added_primary_2019prices": ("Value added, primary, prices of 2019", "第一产业增加值(2019年价)"),
    "margin.value_added_secondary_2019prices": ("Value added, secondary, prices of 2019", "第二产业增加值(2019年价)"),
    "margin.value_added_tertiary_2019prices": ("Value added, tertiary, prices of 2019", "第三产业增加值(2019年价)"),
    "margin.gdp": ("GDP", "地区生产总值"),
    "margin.gdp_2019prices": ("GDP, prices of 2019", "地区生产总值(2019年价)"),
    "margin.budget_revenue_own": ("Own revenue", "一般公共预算收入"),
    "margin.budget_spending": ("Public spending", "一般公共预算支出"),
    "margin.budget_revenue_with_city": ("Own revenue, with the city's", "一般公共预算收入(含市本级)"),
    "margin.budget_spending_with_city": ("Public spending, with the city's", "一般公共预算支出(含市本级)"),
    "margin.land_area": ("Land", "土地面积"),
    "margin.forest_area": ("Forest", "森林面积"),
    "margin.forest_cover": ("Forest cover", "森林覆盖率"),
    "margin.household_share_1": ("Homes of one person among family households", "一人户占家庭户比例"),
    "margin.household_share_2": ("Homes of two persons among family households", "二人户占家庭户比例"),
    "margin.household_share_3": ("Homes of three persons among family households", "三人户占家庭户比例"),
    "margin.household_share_4": ("Homes of four persons among family households", "四人户占家庭户比例"),
    "margin.household_share_5": ("Homes of five persons among family households", "五人户占家庭户比例"),
    "margin.household_share_6plus": ("Homes of six persons and more among family households", "六人及以上户占家庭户比例"),
    "margin.employed_sector_equipment": ("Employed in equipment", "装备制造业从业"),
    "margin.employed_sector_electronics": ("Employed in electronics", "电子制造业从业"),
    "margin.employed_sector_processing": ("Employed in food and medicine", "食品医药加工业从业"),
    "margin.employed_sector_other_industry": ("Employed in other industry, mining, power", "其他工业、采矿与能源从业"),
    "margin.employed_sector_trade": ("Employed in trade", "商贸从业"),
    "margin.employed_sector_tourism": ("Employed in tourism", "文旅从业"),
    "margin.employed_sector_technical": ("Employed in technical services", "技术服务从业"),
    "margin.employed_sector_public_services": ("Employed in public services", "公共服务从业"),
    "margin.employed_sector_other_services": ("Employed in other services", "其他服务业从业"),
    "margin.town_farm_registration": ("Farm registrations among town dwellers", "城镇居民中的农业户籍比例"),
    "margin.sloping_share": ("Sloping part of farmland, outside Gangu", "坡耕地占耕地比例(甘谷除外)"),
    "margin.flat_of_level": ("Valley land in level farmland not let, outside Gangu", "川地占未流转平地比例(甘谷除外)"),
    "margin.steep_share": ("Above 25 degrees, part of sloping farmland", "25度以上占坡耕地比例"),
    "margin.idle_share": ("Farmland lying idle", "撂荒耕地比例"),
    "margin.let_share": ("Farmland let to larger farms", "流转耕地比例"),
    "margin.orchard_mean": ("Apple land of a grower", "果农户均苹果园"),
    "margin.orchard_share_young": ("Apple land under five years", "五年以下苹果园比例"),
    "margin.orchard_share_5_9": ("Apple land of 5-9 years", "5—9年苹果园比例"),
    "margin.orchard_share_10_14": ("Apple land of 10-14 years", "10—14年苹果园比例"),
    "margin.orchard_share_15plus": ("Apple land of 15 years and more", "15年及以上苹果园比例"),
    "margin.herd_cattle": ("Cattle of a farm household", "农户户均牛"),
    "margin.herd_sheep": ("Sheep and goats of a farm household", "农户户均羊"),
    "margin.herd_pigs": ("Pigs of a farm household", "农户户均猪"),
    "margin.herd_mean": ("Herd of a household that keeps animals", "养殖户每种牲畜平均头数"),
    "margin.served_share": ("Farm households served by a cooperative", "合作社实际服务农户比例"),
    "margin.insured_share": ("Farm households with insured crops", "参加农业保险农户比例"),
    "margin.allowance_share": ("Farm households on the allowance", "享受低保农户比例"),
    "margin.debt_homes": ("Households with debt", "负债户比例"),
    "margin.debt_mean": ("Debt of those households", "负债户平均债务"),
    "margin.rural_gini_within": ("Gini of village income, within counties", "农村收入基尼系数(县内)"),
    "margin.urban_gini_within": ("Gini of town income, within counties", "城镇收入基尼系数(县内)"),
    "standing.chosen": ("chosen", "采用"),
    "standing.follows": ("follows", "随之成立"),
    "standing.assumed": ("assumed", "假设"),
    "standing.aside": ("set aside", "未采用"),
}  # fmt: skip


DETAILS: dict[str, str] = {
    "no_figure_found": "未查到数字",
    "digital_capital_weighs_double": "数字资本按两倍计",
    "smallest_change_worth_reporting": "值得报告的最小变化",
    "output_elasticity_of_public_capital": "公共资本的产出弹性",
    "17600_in_five_years": "五年17600套",
    "no_crowding_out_little_added": "不挤出企业投入,增量很小",
    "coverage_and_errors": "覆盖面与瞄准误差",
    "local_multiplier": "地方财政乘数",
    "promotion_works_in_developing_countries": "招商在发展中国家有效",
    "industrial_waste_water": "工业废水",
    "small_towns_open": "小城镇放开落户",
    "catastrophic_spending": "灾难性医疗支出",
    "95_and_85_percent": "95%与85%",
    "limited_effects": "效果有限",
    "section_6_a": "第六节甲",
    "section_6_b": "第六节乙",
    "section_6_f": "第六节己",
    "2.7_percent_of_income": "收入的2.7%",
    "savings_of_federal_grants": "联邦拨款带来的节省",
    "hours_and_income_of_carers": "照料者的工时与收入",
    "item_16": "第16项",
    "item_22": "第22项",
    "item_28": "第28项",
    "support_13": "支持第13项",
    "small_positive_elasticities": "弹性为正但较小",
    "most_dropouts_of_poor_homes_prevented": "可防止贫困家庭的大部分辍学",
    "0.085_on_a_stock_6_percent_larger": "存量增6%,弹性0.085",
    "0.085_on_a_stock_3.5_percent_larger": "存量增3.5%,弹性0.085",
    "wind_2000_sun_1400_hours_and_300_g_of_coal_per_kWh": "风电2000小时、光伏1400小时,每千瓦时300克煤",
    "47_percent_less_on_2_percent_of_the_land": "2%的土地上减少47%",
    "94.3_percent_held_on_233_km2_a_year": "每年233平方公里,拦住94.3%",
    "7600_km2_treated_are_78.83_percent": "已治理7600平方公里即78.83%",
    "a_seventh_of_20.9_percent": "20.9%的七分之一",
    "pay_of_posts_over_village_wages": "岗位报酬与农村工资之比",
    "0.6_on_200_million_a_year": "每年2亿元,乘数0.6",
    "200_million_a_year_over_the_budget_of_the_county": "每年2亿元与该县财政之比",
    "14_billion_a_year_over_35.2": "每年140亿元与352亿元支出之比",
    "7_billion_of_bonds_a_year_over_the_debt_at_hand": "每年70亿元债券与现有债务之比",
    "0.6_on_14_billion_a_year": "每年140亿元,乘数0.6",
    "price_of_quota_over_own_revenue": "指标收入与自有财政收入之比",
}
"""What stands behind the document in the grounds of the plan's items, in Chinese; a figure stays as it is."""

UNITS: dict[str, str] = {
    "% of land": "%(占土地面积)", "1/km": "1/公里", "1/m": "1/米", "1/person": "1/人", "children": "个孩子", "children/home": "个孩子/户", "days/year": "日/年", "earners": "有收入者", "families": "家", "m": "米", "persons/household": "人/户", "ratio/year": "倍/年", "share/year": "比例/年", "spread": "离散程度", "yuan, 2015 prices": "元(2015年价)", "yuan, 2019 prices": "元(2019年价)", "yuan/yr": "元/年",
    "%": "%", "% of residents": "%(占常住人口)", "% of residents 15+": "%(占15岁及以上常住人口)", "0/1": "0或1", "1": "1", "1/day": "1/日", "1/year": "1/年", "1/year/year": "1/年²",
    "beds/1,000": "张/千人", "boys/girl": "男/女", "child/woman": "孩/妇女", "child/woman/year": "孩/妇女/年",
    "class": "级", "class per 1 %": "级/1%", "correlation": "相关系数", "day": "日", "day/head": "日/头",
    "day/mu": "日/亩", "day/year": "日/年", "degree": "摄氏度", "elasticity": "弹性", "exponent": "指数",
    "factor": "倍数", "firm/year": "家/年", "yuan/firm": "元/家", "g/person/day": "克/人/日", "head": "头", "head/household": "头/户", "household/person": "户/人", "home/year": "套/年",
    "households": "户", "index": "指数", "job": "岗位", "m2/job": "平方米/岗位", "kg/head/year": "公斤/头/年", "kg/kg": "公斤/公斤",
    "kg/mu": "公斤/亩", "kg/person/year": "公斤/人/年", "kg/t": "公斤/吨", "km": "公里", "km2": "平方公里", "km2/year": "平方公里/年", "log": "对数",
    "log income": "收入对数", "log odds": "对数几率", "log odds per 100 yuan": "对数几率/百元",
    "log odds per 100 yuan/mu": "对数几率/(百元/亩)",
    "log odds per 100 yuan/mu/year": "对数几率/(百元/亩/年)", "log odds per log income": "对数几率/收入对数",
    "log odds per log yuan": "对数几率/元的对数", "log odds per tenth": "对数几率/一成",
    "log odds per year of income": "对数几率/年收入", "log odds/10 km": "对数几率/10公里",
    "log odds/child": "对数几率/孩", "log odds/km": "对数几率/公里", "log odds/year": "对数几率/岁",
    "log weight/year": "权重对数/年", "log yuan": "元的对数", "log/100 m": "对数/百米",
    "log/km2": "对数/平方公里", "m2/home": "平方米/套", "m2/person": "平方米/人", "m3/year": "立方米/年",
    "mg/l": "毫克/升", "mm/year": "毫米/年", "month": "月", "month/year": "月/年", "mu": "亩", "mu/year": "亩/年",
    "person": "人", "person/home": "人/套", "person/year": "人/年", "persons": "人", "place/year": "个床位/年", "job/place": "岗位/床位", "yuan/place": "元/床位", "post": "岗位", "power": "幂",
    "ratio": "比值", "ratio/degree": "比值/度", "share": "比例", "share of employed_manufacturing": "占制造业从业比例",
    "share of employed_tertiary": "占第三产业从业比例", "share per 100 mm": "比例/百毫米",
    "share/share": "比例/比例", "t/ha/year": "吨/公顷/年", "tC/ha/year": "吨碳/公顷/年",
    "tCO2/tce": "吨二氧化碳/吨标准煤", "tonne/year": "吨/年", "villages": "个村",
    "weight": "权重", "year": "年", "years": "年", "years (15+)": "年(15岁及以上)",
    "h/year": "小时/年", "tce/MWh": "吨标准煤/兆瓦时", "yuan/kW": "元/千瓦",
    "years of income": "年收入", "years/year": "年/年", "yuan": "元", "yuan/class/year": "元/级/年",
    "yuan/county/year": "元/县/年", "yuan/head": "元/头", "yuan/home": "元/套", "yuan/household": "元/户", "yuan/household/year": "元/户/年", "firm/person": "家/人", "home/person": "套/人",
    "yuan/job/year": "元/岗位/年", "yuan/kg": "元/公斤", "yuan/km2": "元/平方公里", "yuan/month": "元/月",
    "yuan/mu": "元/亩", "yuan/mu/year": "元/亩/年", "yuan/person": "元/人", "yuan/person/year": "元/人/年",
    "yuan/post/year": "元/岗位/年", "yuan/pupil/year": "元/生/年", "yuan/t": "元/吨",
    "yuan/tCO2": "元/吨二氧化碳", "yuan per resident": "元/人", "yuan/year": "元/年", "yuan/visit": "元/人次", "yuan/yuan": "元/元",
}  # fmt: skip
"""Units of declared numbers and published margins in Chinese; in English they are shown as they are declared."""

REASONS: dict[int, str] = {
    errno.EACCES: "没有权限", errno.EPERM: "不允许的操作", errno.EROFS: "文件系统只读", errno.ENOSPC: "磁盘空间不足",
    errno.EDQUOT: "超出磁盘配额", errno.ENOENT: "文件或文件夹不存在", errno.EEXIST: "文件已存在",
    errno.EISDIR: "是文件夹", errno.ENOTDIR: "不是文件夹", errno.EIO: "输入输出错误", errno.ENAMETOOLONG: "名称过长",
    errno.EMFILE: "打开的文件过多", errno.EFBIG: "文件过大", errno.ENOMEM: "内存不足", errno.ELOOP: "符号链接层数过多",
}  # fmt: skip
"""What the operating system answers, in Chinese; in English its own words are shown."""


class Phrase:
    """A piece of a message by its key and what fills it, sayable in both languages; as text it is English."""

    def __init__(self, key: str, /, **values: Any) -> None:
        self.key, self.values = key, values

    def said(self, lang: str) -> str:
        """The text in one language, and so with the pieces within it."""
        return _filled(lang, self.key, self.values)

    def __str__(self) -> str:
        return self.said("en")


class Unit(NamedTuple):
    """A unit as it is declared, sayable in both languages."""

    name: str

    def said(self, lang: str) -> str:
        """The unit in one language."""
        return unit(lang, self.name)


class Pair(NamedTuple):
    """A text that stands in both languages with the thing that it tells of."""

    en: str
    zh: str

    def said(self, lang: str) -> str:
        """The text in one language."""
        return (self.en, chinese(self.zh))[LANGUAGES.index(lang)]


class Reason(NamedTuple):
    """What the operating system answered, sayable in both languages."""

    number: int | None
    english: str

    def said(self, lang: str) -> str:
        """The answer in one language; one that has no Chinese stays as it is."""
        return self.english if lang == "en" else REASONS.get(self.number or 0, self.english)


def reason(error: OSError) -> Reason:
    """Why the operating system refused."""
    return Reason(error.errno, error.strerror or (os.strerror(error.errno) if error.errno else str(error)))


class Told(Exception):
    """A fault by the key of its message and what fills it, sayable in both languages; its text is English."""

    status = 1
    """Exit status of a command that ends with it."""

    def __init__(self, key: str, /, **values: Any) -> None:
        self.key, self.values = key, values
        super().__init__(self.said("en"))

    def said(self, lang: str) -> str:
        """The message in one language, and so with the pieces within it."""
        return _filled(lang, self.key, self.values)

    def __reduce__(self) -> Any:
        return _again, (type(self), self.key, self.values)


class InputError(Told, ValueError):
    """What is wrong with an option, an argument or a file that a user gives."""

    status = 2


def _again(kind: type[Told], key: str, values: dict[str, Any]) -> Told:
    return kind(key, **values)


def _filled(lang: str, key: str, values: dict[str, Any]) -> str:
    return say(lang, key, **{name: _side(lang, value) for name, value in values.items()})


def _side(lang: str, value: Any) -> Any:
    return value.said(lang) if hasattr(value, "said") else value


WIDE = {
    ",": "\uff0c",
    ":": "\uff1a",
    ";": "\uff1b",
    "?": "\uff1f",
    "!": "\uff01",
    "(": "\uff08",
    ")": "\uff09",
}
"""Marks of Chinese text that are as wide as a character."""
FIRST_WIDE = "\u2e80"
"""From here on lie Chinese characters and marks."""


def chinese(text: Any) -> Any:
    """A Chinese text, or a list of them, with wide marks: those that touch a Chinese character.

    Brackets are widened in pairs, when either of the two touches one; figures keep their commas and colons.
    """
    if isinstance(text, list | tuple):
        return [chinese(one) for one in text]
    signs, opened = list(str(text)), []
    for place, sign in enumerate(text):
        touches = any(
            other >= FIRST_WIDE for other in (*signs[max(0, place - 1) : place], *text[place + 1 : place + 2])
        )
        if sign == "(":
            opened.append((place, touches))
        elif sign == ")" and opened:
            start, touched = opened.pop()
            if touched or touches:
                signs[start], signs[place] = WIDE["("], WIDE[")"]
        elif sign in WIDE and sign not in "()" and touches:
            signs[place] = WIDE[sign]
    return "".join(signs)


def say(lang: str, key: str, /, **values: Any) -> str:
    """One message in one language, its blanks filled."""
    text = WORDS[key][LANGUAGES.index(lang)]
    return marked(lang, text.format(**values) if values else text)


def word(lang: str, text: str, prefix: str = "") -> str:
    """The name of something in one language, or its own text where none is known."""
    found = WORDS.get(prefix + text)
    return marked(lang, found[LANGUAGES.index(lang)]) if found else text


def marked(lang: str, text: str) -> str:
    """A text with the marks of its language."""
    return chinese(text) if lang == "zh" else text


def unit(lang: str, text: str) -> str:
    """A unit in one language; one that is not known stays as it is."""
    return text if lang == "en" else chinese(UNITS.get(text, text))


@cache
def descriptions() -> dict[str, str]:
    """The Chinese description of every declared number, by its full name."""
    text = (files(__package__ or "tianshui") / DESCRIPTIONS).read_text(encoding="utf-8")
    return {row["id"]: row["text"] for row in csv.DictReader(StringIO(text))}


def digest(english: str) -> str:
    """Six hex digits of an English description, by which a translation tells what it was made from."""
    return blake2s(" ".join(english.split()).encode(), digest_size=3).hexdigest()


def description(lang: str, name: str, english: str) -> str:
    """The description of a declared number in one language; one that is not translated stays in English."""
    return english if lang == "en" else descriptions().get(name, english)


def both(key: str) -> str:
    """English and Chinese side by side, for help texts that are written before a language is chosen."""
    return " / ".join((say("en", key), say("zh", key)))
