"""Ranking bodies and topics of a small country."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.language.destination_ranking import CatalogueEntry, DestinationIndex


def body(key: int, code: str, kind: str, name_ar: str, name_en: str, *where: str) -> CatalogueEntry:
    return CatalogueEntry(key, code, kind, name_ar, name_en, governorates=frozenset(where))


def topic(key: int, code: str, name_ar: str, name_en: str, kind: str = "complaint") -> CatalogueEntry:
    return CatalogueEntry(key, code, kind, name_ar, name_en, topic=True)


COUNTRY = [
    body(1, "GAM", "municipality", "أمانة عمان الكبرى", "Greater Amman Municipality"),
    body(2, "GAM-03", "district", "أمانة عمان الكبرى - منطقة ماركا", "GAM - Marka District", "GOV-AM"),
    body(3, "MUN-IR01", "municipality", "بلدية إربد الكبرى", "Greater Irbid Municipality", "GOV-IR"),
    body(4, "MUN-IR02", "municipality", "بلدية الرمثا الجديدة", "New Ramtha Municipality", "GOV-IR"),
    body(5, "CSPD", "department", "دائرة الأحوال المدنية والجوازات", "Civil Status and Passports Department"),
    body(6, "JEPCO", "company", "شركة الكهرباء الأردنية", "Jordan Electric Power Company"),
    body(7, "IDECO", "company", "شركة كهرباء محافظة إربد", "Irbid District Electricity Company"),
    body(8, "MOSQ", "department", "دائرة القباب السماوية", "Department of Heavenly Domes"),
    topic(11, "GAM", "إنارة الشوارع", "Street lighting"),
    topic(12, "MUN-IR01", "إنارة الشوارع", "Street lighting"),
    topic(13, "MUN-IR02", "إنارة الشوارع", "Street lighting"),
    topic(14, "CSPD", "جواز السفر", "Passport", "question"),
    topic(15, "JEPCO", "انقطاع التيار", "Power outage"),
    topic(16, "IDECO", "انقطاع التيار", "Power outage"),
    topic(17, "MOSQ", "ترميم القباب النحاسية", "Repair of copper domes"),
    topic(18, "NOWHERE", "موضوع لجهة غائبة", "Topic of a body that is not there"),
]
INDEX = DestinationIndex.build(COUNTRY)


def codes(text: str, governorate: str | None = None) -> list[str]:
    return [found.entity.code for found in INDEX.rank_destinations(text, "complaint", governorate)]


def test_topic_words_find_the_topic_in_both_languages() -> None:
    for text in ("القباب النحاسية بحاجة ترميم", "the copper domes need repair"):
        first = INDEX.rank_destinations(text)[0]
        assert (first.entity.code, first.topic and first.topic.key) == ("MOSQ", 17)


def test_body_with_full_name_ranks_first() -> None:
    assert codes("راجعت دائرة القباب السماوية بخصوص الكهرباء")[0] == "MOSQ"


def test_colloquial_terms_find_the_body() -> None:
    assert codes("جوازي خلص")[0] == "CSPD"
    assert codes("الضو طافي بالحارة والشارع معتم")[0] == "GAM"


def test_arabizi_finds_the_same_body() -> None:
    assert codes("jawazi lissa ma tele3")[0] == "CSPD"
    assert codes("el kahraba ma2too3a mn el sobo7", "GOV-IR")[0] == "IDECO"


def test_place_decides_between_bodies_with_one_role() -> None:
    lamp = "عمود الإنارة مطفأ والشارع معتم"
    assert codes(lamp)[0] == "GAM"
    assert codes(lamp, "GOV-IR")[0] == "MUN-IR01"
    assert codes(lamp + " في الرمثا")[0] == "MUN-IR02"
    assert codes(lamp + " بماركا")[:2] == ["GAM-03", "GAM"]
    assert codes("التيار مقطوع عنا")[0] == "JEPCO"
    assert codes("التيار مقطوع عنا", "GOV-IR")[0] == "IDECO"


def test_distant_place_does_not_override_chosen_governorate() -> None:
    assert codes("الشارع معتم، وأنا أصلاً من الرمثا", "GOV-AM")[0] == "GAM"


def test_topic_belongs_to_the_suggested_body() -> None:
    first = INDEX.rank_destinations("إنارة الشوارع معطلة", governorate="GOV-IR")[0]
    assert (first.entity.code, first.topic and first.topic.key) == ("MUN-IR01", 12)


def test_bodies_are_distinct_sorted_and_limited() -> None:
    found = INDEX.rank_destinations("إنارة الشوارع وجواز السفر وانقطاع التيار", limit=2)
    assert len(found) == 2
    assert len({one.entity.code for one in found}) == 2
    assert found[0].share >= found[1].share


def test_matched_words_occur_in_the_text() -> None:
    first = INDEX.rank_destinations("جوازي خلص وبدي أجدده")[0]
    assert first.matched_words == ["جوازي"]


def test_no_suggestion_without_evidence() -> None:
    assert INDEX.rank_destinations("") == []
    assert INDEX.rank_destinations("xyzzy 12 !!") == []
    assert DestinationIndex.build([]).rank_destinations("جوازي خلص") == []


def test_bodies_outside_the_entries_are_never_suggested() -> None:
    without = DestinationIndex.build([entry for entry in COUNTRY if entry.code != "CSPD"])
    assert all(found.entity.code != "CSPD" for found in without.rank_destinations("جوازي خلص"))
    assert codes("موضوع لجهة غائبة") != ["NOWHERE"]


def test_names_come_from_the_catalogue() -> None:
    renamed = [
        replace(e, name_ar="دائرة المراكب الشراعية") if e.code == "MOSQ" and not e.topic else e
        for e in COUNTRY
    ]
    assert (
        DestinationIndex.build(renamed).rank_destinations("دائرة المراكب الشراعية")[0].entity.code == "MOSQ"
    )


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=200))
def test_any_text_has_an_answer(text: str) -> None:
    for found in INDEX.rank_destinations(text):
        assert found.share > 0


def test_vague_text_gets_no_topic() -> None:
    hole = INDEX.rank_destinations("أمانة عمان الكبرى: حفرة كبيرة بنص الشارع", "complaint")[0]
    assert (hole.entity.code, hole.topic) == ("GAM", None)
    lamp = INDEX.rank_destinations("أمانة عمان الكبرى: إنارة الشوارع عندنا معطلة", "complaint")[0]
    assert lamp.topic and lamp.topic.key == 11
