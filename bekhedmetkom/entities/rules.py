"""What sorts of public bodies there are, and which of them leads a sector. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from bekhedmetkom.kernel.words import Words

# Addresses of sites without a path: https://www.amman.jo https://eservices.amman.jo:8443
_ORIGIN = r"https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?"
ORIGINS = rf"\A({_ORIGIN}( {_ORIGIN})*)?\Z"


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


ENTITY_KIND_WORDS: Mapping[EntityKind, Words] = {
    EntityKind.PRIME_MINISTRY: Words("رئاسة الوزراء", "Prime Ministry"),
    EntityKind.MINISTRY: Words("وزارة", "Ministry"),
    EntityKind.DEPARTMENT: Words("دائرة", "Department"),
    EntityKind.AUTHORITY: Words("هيئة أو سلطة", "Authority"),
    EntityKind.INSTITUTION: Words("مؤسسة", "Institution"),
    EntityKind.COUNCIL: Words("مجلس", "Council"),
    EntityKind.CENTER: Words("مركز", "Centre"),
    EntityKind.FUND: Words("صندوق", "Fund"),
    EntityKind.COMPANY: Words("شركة", "Company"),
    EntityKind.GOVERNORATE: Words("محافظة", "Governorate"),
    EntityKind.MUNICIPALITY: Words("بلدية", "Municipality"),
    EntityKind.DISTRICT: Words("منطقة", "District"),
    EntityKind.UNIVERSITY: Words("جامعة", "University"),
    EntityKind.HOSPITAL: Words("مستشفى", "Hospital"),
    EntityKind.HEALTH: Words("خدمات طبية", "Medical services"),
    EntityKind.SECURITY: Words("جهاز أمني", "Security service"),
    EntityKind.OVERSIGHT: Words("جهة رقابية", "Oversight body"),
    EntityKind.INDEPENDENT: Words("جهة مستقلة", "Independent body"),
    EntityKind.JUDICIARY: Words("قضاء", "Judiciary"),
}

# The root of the government, and the sector of whatever stands under no ministry.
PRIME_MINISTRY = "PM"
PRIME_MINISTRY_SECTOR = Words("رئاسة الوزراء والجهات المستقلة", "Prime Ministry and independent bodies")


def leads_a_sector(kind: EntityKind) -> bool:
    """A ministry with all under it is a sector; so is the Prime Ministry with what no ministry leads."""
    return kind in (EntityKind.MINISTRY, EntityKind.PRIME_MINISTRY)
