"""The roster: every mechanism's numbers under the mechanism's own name."""

from pydantic import BaseModel, ConfigDict

from tianshui.mechanisms.budgets import BudgetsParameters
from tianshui.mechanisms.care import CareParameters
from tianshui.mechanisms.compensation import CompensationParameters
from tianshui.mechanisms.conversion import ConversionParameters
from tianshui.mechanisms.delivery import DeliveryParameters
from tianshui.mechanisms.demography import DemographyParameters
from tianshui.mechanisms.ecology import EcologyParameters
from tianshui.mechanisms.energy import EnergyParameters
from tianshui.mechanisms.farming import FarmingParameters
from tianshui.mechanisms.finance import FinanceParameters
from tianshui.mechanisms.hazards import HazardsParameters
from tianshui.mechanisms.health import HealthParameters
from tianshui.mechanisms.industries import IndustriesParameters
from tianshui.mechanisms.infrastructure import InfrastructureParameters
from tianshui.mechanisms.innovation import InnovationParameters
from tianshui.mechanisms.livelihoods import LivelihoodsParameters
from tianshui.mechanisms.moving import MovingParameters
from tianshui.mechanisms.outside import OutsideParameters
from tianshui.mechanisms.relief import ReliefParameters
from tianshui.mechanisms.schooling import SchoolingParameters
from tianshui.mechanisms.services import ServicesParameters
from tianshui.mechanisms.stores import StoresParameters
from tianshui.mechanisms.towns import TownsParameters
from tianshui.mechanisms.trade import TradeParameters
from tianshui.mechanisms.training import TrainingParameters
from tianshui.mechanisms.treasury import TreasuryParameters
from tianshui.population import PopulationParameters, StructureParameters


class Settings(BaseModel):
    """All numbers of the model; a run draws its beliefs once and moves its levers year by year."""

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
    innovation: InnovationParameters = InnovationParameters()
    trade: TradeParameters = TradeParameters()
    finance: FinanceParameters = FinanceParameters()
    training: TrainingParameters = TrainingParameters()
    care: CareParameters = CareParameters()
    energy: EnergyParameters = EnergyParameters()
    hazards: HazardsParameters = HazardsParameters()
