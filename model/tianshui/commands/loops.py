"""`loops`: what each feedback loop does to the headline numbers."""

from tianshui.commands.meter import Meter
from tianshui.commands.options import Draws, Json, Lang, Quiet, Sample, Workers, workers_of
from tianshui.commands.readable import label, percent, shown, span
from tianshui.commands.voice import Voice


def loops_command(
    sample: Sample = None,
    draws: Draws = None,
    workers: Workers = None,
    lang: Lang = "en",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Show what each feedback loop does to the headline numbers: the plan with the loop cut, less the plan whole."""
    voice = Voice(lang, as_json=as_json, quiet=quiet)
    from tianshui import registry
    from tianshui.experiments import loops
    from tianshui.experiments.compare import pairs_of, share

    part = share(sample or str(loops.SAMPLE))
    pairs = pairs_of(draws=draws or str(loops.PAIRS))
    with Meter(voice) as meter:
        rows = loops.cut_all(
            sample=part, pairs=pairs, workers=workers_of(workers), watch=None if quiet else meter
        )
    if as_json:
        voice.json({"sample": part, "pairs": len(pairs), "cuts": [one._asdict() for one in rows]})
        return
    names = registry.cuts()
    heads = [(voice.say("loop"), False), (voice.say("indicator"), False), (voice.say("unit"), False)]
    heads += [(voice.say(key), True) for key in ("loop_whole", "loop_cut")]
    voice.table(
        voice.say("loops_title", year=rows[0].year), heads,
        (
            [
                f"{one.loop} {voice.pick(*names[one.cut].names)}", *label(one.indicator, voice), shown(one.indicator, one.whole),
                f"{shown(one.indicator, one.middle, signed=True)}\n{span(one.indicator, one.low, one.high, signed=True)}",
            ]
            for one in rows
        ),
        voice.say("loops_caption", pairs=len(pairs), share=percent(part)),
    )  # fmt: skip
