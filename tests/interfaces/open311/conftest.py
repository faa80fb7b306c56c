"""Open311 under test: the API's small Jordan and clock, and a program in each of the two formats."""

import pytest

from bekhedmetkom.catalogue.models import Service
from bekhedmetkom.entities.versions import ask_again
from tests.interfaces.api.conftest import jordan as jordan
from tests.interfaces.api.conftest import stands as stands
from tests.interfaces.api.conftest import world as world
from tests.personas import Jordan

from .georeport import FORMATS, GeoReport, key_of

PLACE, IDENTITY, PUBLIC = "GAM-002", "GAM-005", "GAM-001"


@pytest.fixture(params=FORMATS)
def anyone(request: pytest.FixtureRequest) -> GeoReport:
    """Whoever asks without a key."""
    return GeoReport(request.param)


@pytest.fixture
def program(anyone: GeoReport, jordan: Jordan) -> GeoReport:
    """A program with a key for Open311."""
    return GeoReport(anyone.format, key_of(jordan, "open311"))


@pytest.fixture
def services(jordan: Jordan) -> None:
    """One topic about a place, one that needs an identity, one whose cases may be shown to everybody."""
    Service.objects.filter(code__in=[PLACE, IDENTITY, PUBLIC]).update(
        about_place=False, needs_identity=False, urgent=False
    )
    Service.objects.filter(code=PLACE).update(about_place=True)
    Service.objects.filter(code=IDENTITY).update(needs_identity=True)
    Service.objects.filter(code=PUBLIC).update(public=True)
    ask_again()
