"""Open311 under test: the API's small Jordan and clock, and a program in each of the two formats."""

import pytest

from bekhedmetkom.catalogue.models import Service
from bekhedmetkom.entities.table_cache import refresh_versions
from tests.interfaces.api.conftest import jordan as jordan
from tests.interfaces.api.conftest import stands as stands
from tests.interfaces.api.conftest import world as world
from tests.personas import Jordan

from .georeport_client import RESPONSE_FORMATS, GeoReportClient, create_api_key

PLACE_SERVICE, IDENTITY_SERVICE, PUBLIC_SERVICE = "GAM-002", "GAM-005", "GAM-001"


@pytest.fixture(params=RESPONSE_FORMATS)
def anyone(request: pytest.FixtureRequest) -> GeoReportClient:
    """Whoever asks without a key."""
    return GeoReportClient(request.param)


@pytest.fixture
def program(anyone: GeoReportClient, jordan: Jordan) -> GeoReportClient:
    """A program with a key for Open311."""
    return GeoReportClient(anyone.format, create_api_key(jordan, "open311"))


@pytest.fixture
def services(jordan: Jordan) -> None:
    """One topic about a place, one that needs an identity, one whose cases may be shown to everybody."""
    Service.objects.filter(code__in=[PLACE_SERVICE, IDENTITY_SERVICE, PUBLIC_SERVICE]).update(
        about_place=False, needs_identity=False, urgent=False
    )
    Service.objects.filter(code=PLACE_SERVICE).update(about_place=True)
    Service.objects.filter(code=IDENTITY_SERVICE).update(needs_identity=True)
    Service.objects.filter(code=PUBLIC_SERVICE).update(public=True)
    refresh_versions()
