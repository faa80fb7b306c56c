"""Kinds of public bodies, and which of them lead a sector."""

from collections.abc import Mapping
from enum import StrEnum

from bekhedmetkom.kernel.text import BilingualText

# Origins separated by blanks: https://www.amman.jo https://eservices.amman.jo:8443
_ORIGIN = r"https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?"
ORIGINS_PATTERN = rf"\A({_ORIGIN}( {_ORIGIN})*)?\Z"


class EntityKind(StrEnum):
    PRIME_MINISTRY = "prime_ministry"
    MINISTRY = "ministry"
    DEPARTMENT = "department"
    AUTHORITY = "authority"
    INSTITUTION = "institution"
    COUNCIL = "council"
    CENTER = "center"
    FUND = "fund"
    COMPANY = "company"
    GOVERNORATE = "governorate"
    MUNICIPALITY = "municipality"
    DISTRICT = "district"
    UNIVERSITY = "university"
    HOSPITAL = "hospital"
    HEALTH = "health"
    SECURITY = "security"
    OVERSIGHT = "oversight"
    INDEPENDENT = "independent"
    JUDICIARY = "judiciary"


ENTITY_KIND_LABELS: Mapping[EntityKind, BilingualText] = {
    EntityKind.PRIME_MINISTRY: BilingualText("رئاسة الوزراء", "Prime Ministry"),
    EntityKind.MINISTRY: BilingualText("وزارة", "Ministry"),
    EntityKind.DEPARTMENT: BilingualText("دائرة", "Department"),
    EntityKind.AUTHORITY: BilingualText("هيئة أو سلطة", "Authority"),
    EntityKind.INSTITUTION: BilingualText("مؤسسة", "Institution"),
    EntityKind.COUNCIL: BilingualText("مجلس", "Council"),
    EntityKind.CENTER: BilingualText("مركز", "Centre"),
    EntityKind.FUND: BilingualText("صندوق", "Fund"),
    EntityKind.COMPANY: BilingualText("شركة", "Company"),
    EntityKind.GOVERNORATE: BilingualText("محافظة", "Governorate"),
    EntityKind.MUNICIPALITY: BilingualText("بلدية", "Municipality"),
    EntityKind.DISTRICT: BilingualText("منطقة", "District"),
    EntityKind.UNIVERSITY: BilingualText("جامعة", "University"),
    EntityKind.HOSPITAL: BilingualText("مستشفى", "Hospital"),
    EntityKind.HEALTH: BilingualText("خدمات طبية", "Medical services"),
    EntityKind.SECURITY: BilingualText("جهاز أمني", "Security service"),
    EntityKind.OVERSIGHT: BilingualText("جهة رقابية", "Oversight body"),
    EntityKind.INDEPENDENT: BilingualText("جهة مستقلة", "Independent body"),
    EntityKind.JUDICIARY: BilingualText("قضاء", "Judiciary"),
}

# The root of the government, and the sector of bodies without a ministry.
PRIME_MINISTRY_CODE = "PM"
PRIME_MINISTRY_SECTOR_NAME = BilingualText(
    "رئاسة الوزراء والجهات المستقلة", "Prime Ministry and independent bodies"
)


def is_sector_leader(kind: EntityKind) -> bool:
    """Whether bodies of this kind lead a sector."""
    return kind in (EntityKind.MINISTRY, EntityKind.PRIME_MINISTRY)
