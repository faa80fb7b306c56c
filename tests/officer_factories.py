"""Bodies and officers for tests about people: a small tree, and one call for an officer with a role."""

from datetime import UTC, date, datetime
from itertools import count

from bekhedmetkom.entities.models import Entity, Sector, Unit
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.identity.models import Membership, Officer
from bekhedmetkom.identity.rules import Role

TODAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 9, tzinfo=UTC)  # 12:00 in Amman
PASSWORD = "a long and honest passphrase"

_officer_numbers = count(1)


def create_body(code: str, parent: Entity | None = None) -> Entity:
    """A body under another; the first of a tree is the Prime Ministry with code `PM`."""
    sector, _ = Sector.objects.get_or_create(
        code="PM", defaults={"name_ar": "الرئاسة", "name_en": "Presidency"}
    )
    entity = Entity.objects.create(
        code=code,
        name_ar=f"جهة {code}",
        name_en=f"Body {code}",
        kind="ministry",
        sector=sector,
        parent=parent,
    )
    entity.ancestors = [*(parent.ancestors if parent else []), entity.pk]
    entity.save()
    refresh_versions()
    return entity


def create_unit(entity: Entity, code: str = "ROADS") -> Unit:
    made = Unit.objects.create(entity=entity, code=code, name_ar="قسم الطرق", name_en="Roads")
    refresh_versions()
    return made


def create_officer(
    role: Role | None = None,
    entity: Entity | None = None,
    unit: Unit | None = None,
    *,
    since: date = date(2026, 1, 1),
    until: date | None = None,
    email: str = "",
    password: str | None = None,
) -> Officer:
    """An officer, with one role if one is named. Without a password nobody can sign in as them."""
    made = Officer(
        email=email or f"officer{next(_officer_numbers)}@example.jo",
        name_ar="ليلى حداد",
        name_en="Layla Haddad",
    )
    made.set_password(password)
    made.save()
    if role:
        Membership.objects.create(
            officer=made, role=role, entity=entity, unit=unit, valid_from=since, valid_until=until
        )
        refresh_versions()
    return made
