"""Folders of sheets for tests: the project's own, and small ones made on the spot."""

from datetime import datetime
from pathlib import Path

from bekhedmetkom.catalogue.directory_import import import_directory
from bekhedmetkom.entities.sheet_import import ImportReport
from bekhedmetkom.kernel.clock import AMMAN

DIRECTORY_FOLDER = Path(__file__).parent.parent / "data" / "directory"
IMPORT_TIME = datetime(2026, 11, 24, 12, tzinfo=AMMAN)

SMALL_DIRECTORY = {
    "governorates.csv": """
code,iso_3166_2,name_ar,name_en,region_ar
GOV-AM,JO-AM,العاصمة,Amman,الوسط
GOV-IR,JO-IR,إربد,Irbid,الشمال
""",
    "entities.csv": """
code,name_ar,name_en,parent_code,kind
PM,رئاسة الوزراء,Prime Ministry,,prime_ministry
MWI,وزارة المياه والري,Ministry of Water and Irrigation,PM,ministry
MIYAH,مياهنا,Miyahuna,MWI,company
GHR,منسق حقوق الإنسان,Coordinator for Human Rights,PM,oversight
FJPD,حماية الأسرة,Family Protection,PM,department
NCHR,المركز الوطني لحقوق الإنسان,National Centre for Human Rights,,oversight
""",
    "entity_governorate.csv": """
entity_code,governorate_code
MIYAH,GOV-AM
""",
    "categories.csv": """
entity_code,category_ar,category_en,typical_type
MIYAH,كسر في خط مياه,Broken water line,complaint
MIYAH,عنف ضد طفل,Child abuse,violation
NCHR,تعذيب,Torture,violation
""",
    "sensitive_categories.csv": """
entity_code,category_ar,category_en,handling
MIYAH,عنف ضد طفل,Child abuse,protected_person
NCHR,تعذيب,Torture,human_rights
""",
}


def write_sheets(path: Path, **changed: str) -> Path:
    """The small directory in a folder; `changed` are sheets (`entities=...`) that say something else there."""
    sheets = SMALL_DIRECTORY | {f"{name}.csv": text for name, text in changed.items()}
    for name, text in sheets.items():
        (path / name).write_text(text.lstrip("\n"), "utf-8")
    return path


def import_sheets(path: Path, at: datetime = IMPORT_TIME) -> ImportReport:
    return import_directory(path, at=at)
