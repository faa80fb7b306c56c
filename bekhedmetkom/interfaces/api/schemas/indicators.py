"""What is asked of the indicators, and how they are said."""

from datetime import date, datetime
from typing import Annotated

from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bekhedmetkom.analytics.rules.indicators import Better, Unit
from bekhedmetkom.catalogue.rules import Kind

from ..field_types import Day, EntityCode, GovernorateCode
from .shared import BilingualOut

Channel = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,20}$")]


class IndicatorsQuery(BaseModel):
    """Days of Jordan, both within the period; without them the last thirty."""

    model_config = ConfigDict(populate_by_name=True)

    since: Day | None = Field(None, alias="from")
    until: Day | None = Field(None, alias="to")
    entity: EntityCode | None = Field(None, description="Code of a body; those below it are counted with it")
    kind: Kind | None = None
    governorate: GovernorateCode | None = None
    channel: Channel | None = None


class IndicatorOut(Schema):
    key: str
    value: float | None = Field(
        description="null: nothing to say, or too few to say it; `missing` may tell why"
    )
    n: int | None = Field(description="Of how many; null where it is too few to be shown")
    low: float | None = Field(description="Between this …")
    high: float | None = Field(description="… and that it lies, with 95 in a hundred")
    missing: BilingualOut | None = Field(description="Why it cannot be worked out yet")


class IndicatorsOut(Schema):
    since: date = Field(serialization_alias="from")
    until: date = Field(serialization_alias="to")
    as_of: datetime = Field(description="Everything recorded until then is counted")
    version: int = Field(description="Of the formulas: see /indicators/definition")
    items: list[IndicatorOut]
    next: str | None


class DefinitionOut(Schema):
    key: str
    name: BilingualOut
    means: BilingualOut
    formula: BilingualOut
    unit: Unit
    better: Better
    target: float | None
    source: BilingualOut | None = Field(description="Where the target comes from")
    least: int = Field(description="Below so many observations it is not shown")


class DefinitionsOut(Schema):
    version: int
    suppressed_below: int = Field(description="Counts below this, but for none at all, are not published")
    items: list[DefinitionOut]
    next: str | None
