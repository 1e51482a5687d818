"""Luck: a draw belongs to a seed, a year, a mechanism, a person's or household's own number, and an index.

A draw is a pure function of those five (a counter-based hash, splitmix64 twice mixed), so a new draw, a
new person or another order of rows disturbs no other draw, and two scenarios meet the same luck.
"""

import math
from functools import lru_cache
from hashlib import blake2s

import numpy as np

from tianshui.compiled import rule

_TWO_POW_53 = 1.0 / 9007199254740992.0


@lru_cache(maxsize=1024)
def key(seed: int, year: int, mechanism: str) -> np.uint64:
    """The key of one mechanism in one year of one seed."""
    return np.uint64(int.from_bytes(blake2s(f"{seed}/{year}/{mechanism}".encode()).digest()[:8], "big"))


@rule
def mix(x):
    """Finaliser of splitmix64: a bijection of 64-bit words."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@rule
def uniform(key, number, index):
    """A number in [0, 1) that no other draw disturbs; `index` tells apart the draws of one mechanism."""
    word = mix(np.uint64(key) ^ mix(np.uint64(number) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(index)))
    return float(word >> np.uint64(11)) * _TWO_POW_53


@rule
def normal(key, number, index):
    """A standard normal draw (Box-Muller on the draws `index` and `index + 1000`)."""
    one = uniform(key, number, index)
    two = uniform(key, number, np.uint64(index) + np.uint64(1000))
    return math.sqrt(-2.0 * math.log(1.0 - one)) * math.cos(2.0 * math.pi * two)


@rule
def offspring(number, year, order):
    """The permanent number of one born of, or founded by, `number` in `year`; `order` tells twins apart.

    The top bit is set, so that it never meets the numbers of the start population, which count from one.
    """
    word = mix(np.uint64(number) ^ mix(np.uint64(year) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(order)))
    return word | np.uint64(0x8000000000000000)


def triangular(chance: float, low: float, central: float, high: float) -> float:
    """The value that a triangular distribution leaves below it with probability `chance`."""
    width = high - low
    if width <= 0:
        return central
    if chance * width < central - low:
        return low + math.sqrt(chance * width * (central - low))
    return high - math.sqrt((1 - chance) * width * (high - central))


def stratified(index: int, strata: int, name: str) -> float:
    """A chance in [0, 1) for one of `strata` draws (index from 1): each falls in another part of equal width.

    Which part is whose is a hashed order of the name's own, so that names do not go together.
    """
    chances = [float(uniform(key(other, 0, name), 0, 0)) for other in range(1, strata + 1)]
    place = sum(chance < chances[index - 1] for chance in chances)
    return (place + float(uniform(key(index, 0, name), 0, 1))) / strata
