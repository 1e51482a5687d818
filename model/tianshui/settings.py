"""The roster: every mechanism's numbers under the mechanism's own name.

Mechanisms that chapters of the year call stand here by name; channels are found in their folder and follow in the order of
their names.
"""

import importlib
import pkgutil
from types import ModuleType
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, create_model

from tianshui import channels
from tianshui.declare import Parameters
from tianshui.mechanisms.budgets import BudgetsParameters
from tianshui.mechanisms.compensation import CompensationParameters
from tianshui.mechanisms.conversion import ConversionParameters
from tianshui.mechanisms.delivery import DeliveryParameters
from tianshui.mechanisms.demography import DemographyParameters
from tianshui.mechanisms.ecology import EcologyParameters
from tianshui.mechanisms.energy import EnergyParameters
from tianshui.mechanisms.farming import FarmingParameters
from tianshui.mechanisms.health import HealthParameters
from tianshui.mechanisms.industries import IndustriesParameters
from tianshui.mechanisms.infrastructure import InfrastructureParameters
from tianshui.mechanisms.livelihoods import LivelihoodsParameters
from tianshui.mechanisms.moving import MovingParameters
from tianshui.mechanisms.outside import OutsideParameters
from tianshui.mechanisms.relief import ReliefParameters
from tianshui.mechanisms.schooling import SchoolingParameters
from tianshui.mechanisms.services import ServicesParameters
from tianshui.mechanisms.stores import StoresParameters
from tianshui.mechanisms.towns import TownsParameters
from tianshui.mechanisms.treasury import TreasuryParameters
from tianshui.population import PopulationParameters, StructureParameters


class Chapters(BaseModel):
    """Numbers of the mechanisms that chapters call by name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    structure: StructureParameters = StructureParameters()
    population: PopulationParameters = PopulationParameters()
    outside: OutsideParameters = OutsideParameters()
    demography: DemographyParameters = DemographyParameters()
    schooling: SchoolingParameters = SchoolingParameters()
    health: HealthParameters = HealthParameters()
    livelihoods: LivelihoodsParameters = LivelihoodsParameters()
    farming: FarmingParameters = FarmingParameters()
    stores: StoresParameters = StoresParameters()
    conversion: ConversionParameters = ConversionParameters()
    moving: MovingParameters = MovingParameters()
    relief: ReliefParameters = ReliefParameters()
    services: ServicesParameters = ServicesParameters()
    budgets: BudgetsParameters = BudgetsParameters()
    industries: IndustriesParameters = IndustriesParameters()
    infrastructure: InfrastructureParameters = InfrastructureParameters()
    towns: TownsParameters = TownsParameters()
    treasury: TreasuryParameters = TreasuryParameters()
    ecology: EcologyParameters = EcologyParameters()
    compensation: CompensationParameters = CompensationParameters()
    delivery: DeliveryParameters = DeliveryParameters()
    energy: EnergyParameters = EnergyParameters()


def _found() -> dict[str, ModuleType]:
    """The channels by name."""
    names = sorted(one.name for one in pkgutil.iter_modules(channels.__path__))
    return {name: importlib.import_module(f"{channels.__name__}.{name}") for name in names}


def _numbers_of(channel: ModuleType) -> type[Parameters]:
    """The one class of numbers that a channel declares."""
    own = [
        one
        for one in vars(channel).values()
        if isinstance(one, type) and issubclass(one, Parameters) and one.__module__ == channel.__name__
    ]
    if len(own) != 1 or not hasattr(channel, "acts"):
        raise ValueError(
            f"{channel.__name__} has {len(own)} classes of numbers and must have one, and `acts`"
        )
    return own[0]


CHANNELS = _found()
"""Modules of `tianshui.channels` by name, in order."""

if TYPE_CHECKING:

    class Settings(Chapters):
        """All numbers of the model; a run draws its beliefs once and moves its levers year by year."""
else:
    _FIELDS: dict[str, Any] = {
        name: (_numbers_of(channel), _numbers_of(channel)()) for name, channel in CHANNELS.items()
    }
    Settings = create_model(
        "Settings", __base__=Chapters, __module__=__name__,
        __doc__="All numbers of the model; a run draws its beliefs once and moves its levers year by year.", **_FIELDS,
    )  # fmt: skip
