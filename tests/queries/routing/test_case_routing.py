"""Where a case goes, with the directory that the project ships."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from bekhedmetkom.catalogue.models import Service
from bekhedmetkom.catalogue.queries import Topic, list_services
from bekhedmetkom.entities.models import Entity, Governorate, Unit
from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.routing.models import Rule
from bekhedmetkom.routing.queries import route_case, suggest_destinations
from bekhedmetkom.routing.rules import CaseFacts

pytestmark = [pytest.mark.usefixtures("directory"), pytest.mark.django_db]

LAMP = "عمود الإنارة أمام بيتنا مطفأ من أسبوع والشارع معتم"


@contextmanager
def changed() -> Iterator[None]:
    """A change of the directory that this process then sees at once."""
    yield
    refresh_versions()


def body(code: str) -> int:
    return get_tree().by_code[code].id


def topic(entity: str, name_en: str) -> Topic:
    return next(t for t in list_services() if t.entity == body(entity) and t.name_en == name_en)


def governorate(code: str) -> int:
    return Governorate.objects.get(code=code).pk


def codes(text: str, kind: str = "complaint", at: str | None = None) -> list[str]:
    return [
        get_tree()[c.entity].code for c in suggest_destinations(text, kind, governorate(at) if at else None)
    ]


def test_the_body_that_the_person_named_wins_over_the_text() -> None:
    there = route_case(CaseFacts(LAMP, "complaint", entity=body("MOH")))
    assert (there.entity_id, there.service_id, there.is_confident) == (body("MOH"), None, True)
    assert [reason.code for reason in there.reasons] == ["entity_named"]


def test_a_topic_leads_to_its_body() -> None:
    lighting = topic("GAM", "Street lighting")
    there = route_case(CaseFacts("معتم", "complaint", service=lighting.id))
    assert (there.entity_id, there.service_id, there.is_confident) == (body("GAM"), lighting.id, True)


@pytest.mark.parametrize(
    ("of", "name", "receiver"),
    [
        ("PSD", "Mistreatment by an officer", "GHR"),
        ("MOE", "Bullying and violence in schools", "FJPD"),
        ("CCU", "Online blackmail", "CCU"),
    ],
)
def test_a_topic_with_care_goes_to_its_receiver(of: str, name: str, receiver: str) -> None:
    about = topic(of, name)
    there = route_case(CaseFacts("حدث هذا أمس", "complaint", service=about.id, entity=body(of)))
    assert (there.entity_id, there.service_id) == (body(receiver), about.id)
    assert ("receiver" in [reason.code for reason in there.reasons]) == (of != receiver)


def test_a_sealed_topic_is_marked_for_refusal() -> None:
    sealed = topic("IACC", "Bribery or demand for benefit")
    assert route_case(CaseFacts("نص", "violation", service=sealed.id)).is_confidential
    assert not route_case(
        CaseFacts("نص", "complaint", service=topic("GAM", "Street lighting").id)
    ).is_confidential


def test_whoever_says_nothing_clear_is_sorted_by_a_person() -> None:
    there = route_case(CaseFacts("مرحبا، عندي موضوع وأريد أن أحكي مع أحد", "complaint"))
    assert (there.entity_id, there.service_id, there.unit_id, there.is_confident) == (None, None, None, False)
    assert [reason.code for reason in there.reasons] == ["unsure"]


def test_a_text_that_leaves_no_doubt_is_followed() -> None:
    there = route_case(
        CaseFacts("بدي أجدد رخصة السواقة ورخصة سيارتي، ترخيص المركبات عندكم لأي ساعة؟", "question")
    )
    assert there.is_confident and there.entity_id == body("DVLD")
    assert there.reasons and "رخصة" in there.reasons[0].text.ar


def test_a_district_and_its_municipality_do_not_make_each_other_doubtful() -> None:
    text = "حفرة وجورة كبيرة بالشارع وحاوية زبالة مليانة وعمود إنارة مطفأ والرصيف مكسر في ماركا"
    assert codes(text)[:2] == ["GAM-03", "GAM"]
    assert route_case(CaseFacts(text, "complaint")).entity_id == body("GAM-03")


def test_danger_makes_it_urgent_and_says_so() -> None:
    there = route_case(
        CaseFacts("سلك كهرباء مقطوع نازل على الأرض عند باب المدرسة والطلاب يمرون من جنبه", "complaint")
    )
    assert there.is_urgent and "danger" in [reason.code for reason in there.reasons]
    assert not route_case(CaseFacts(LAMP, "complaint")).is_urgent


def test_a_dangerous_topic_is_urgent_whatever_the_text() -> None:
    wire = topic("JEPCO", "Dangerous pole or wire")
    assert route_case(CaseFacts("نص", "complaint", service=wire.id)).is_urgent == wire.urgent


class TestOwnDistribution:
    """A body sends its cases to its own units."""

    @pytest.fixture
    def units(self) -> dict[str, Unit]:
        gam = Entity.objects.get(code="GAM")
        return {
            code: Unit.objects.create(entity=gam, code=code, name_ar=code, name_en=code)
            for code in ("ALL", "LIGHT", "SOUTH")
        }

    def rule(
        self, unit: Unit, service: int | None = None, at: str | None = None, priority: int = 100
    ) -> None:
        with changed():
            Rule.objects.create(
                entity=unit.entity, unit=unit, service_id=service, priority=priority,
                governorate=Governorate.objects.get(code=at) if at else None,
            )  # fmt: skip

    def test_the_narrowest_rule_of_the_lowest_priority(self, units: dict[str, Unit]) -> None:
        lighting, gam = topic("GAM", "Street lighting").id, body("GAM")
        assert route_case(CaseFacts(LAMP, "complaint", lighting, gam)).unit_id is None
        self.rule(units["ALL"])
        self.rule(units["LIGHT"], service=lighting)
        assert route_case(CaseFacts(LAMP, "complaint", lighting, gam)).unit_id == units["LIGHT"].pk
        assert route_case(CaseFacts("شجرة", "complaint", None, gam)).unit_id == units["ALL"].pk
        self.rule(units["SOUTH"], at="GOV-AQ", priority=1)
        south = CaseFacts(LAMP, "complaint", lighting, gam, governorate("GOV-AQ"))
        assert route_case(south).unit_id == units["SOUTH"].pk
        assert "unit_rule" in [reason.code for reason in route_case(south).reasons]

    def test_a_closed_unit_receives_nothing(self, units: dict[str, Unit]) -> None:
        self.rule(units["ALL"])
        with changed():
            Unit.objects.filter(code="ALL").update(closed_on=date(2026, 1, 1))
        assert route_case(CaseFacts(LAMP, "complaint", entity=body("GAM"))).unit_id is None

    def test_other_bodies_have_their_own(self, units: dict[str, Unit]) -> None:
        self.rule(units["ALL"])
        assert route_case(CaseFacts(LAMP, "complaint", entity=body("MOH"))).unit_id is None


class TestSuggestions:
    def test_the_local_body_of_the_place(self) -> None:
        assert codes(LAMP, at="GOV-AM")[0] == "GAM"
        assert codes(LAMP, at="GOV-KA")[0] == "MUN-KA01"
        assert "MUN-ZA02" in codes(LAMP + " في الرصيفة")
        assert codes("الكهربا مقطوعة عنا من الصبح", at="GOV-IR")[0] == "IDECO"
        assert codes("الكهربا مقطوعة عنا من الصبح", at="GOV-KA")[0] == "EDCO"

    def test_each_has_a_reason_in_the_words_that_were_typed(self) -> None:
        best = suggest_destinations("في جورة كبيرة بالشارع قدام بيتي", "complaint", None)[0]
        assert best.reasons[0].code == "words"
        said = best.reasons[0].text
        assert (
            "\u2068جورة\u2069" in said.ar and "\u2068جورة\u2069" in said.en
        )  # in a sentence of either direction

    def test_the_topic_is_one_of_the_suggested_body(self) -> None:
        for text in (LAMP, "فاتورة المي عالية هالشهر", "my passport is late", "jawazi lissa ma tele3"):
            for candidate in suggest_destinations(text, "complaint", None):
                if candidate.service is not None:
                    assert Service.objects.get(pk=candidate.service).entity_id == candidate.entity

    def test_neither_closed_bodies_nor_closed_topics(self) -> None:
        text = "أريد تجديد جواز السفر"
        first = suggest_destinations(text, "question", None)[0]
        assert get_tree()[first.entity].code == "CSPD"
        assert first.service is not None
        with changed():
            Service.objects.filter(pk=first.service).update(closed_on=date(2026, 1, 1))
        assert first.service not in {c.service for c in suggest_destinations(text, "question", None)}
        with changed():
            Entity.objects.filter(code="CSPD").update(closed_on=date(2026, 1, 1))
        assert "CSPD" not in codes(text)

    def test_no_topic_of_the_confidential_channel(self) -> None:
        sealed = {t.id for t in list_services() if t.handling == "sealed_iacc"}
        assert sealed
        for t in list_services():
            if t.id in sealed:
                assert not sealed & {
                    c.service for c in suggest_destinations(f"{t.name_ar} {t.name_en}", "violation", None)
                }

    def test_nothing_speaks_for_nobody(self) -> None:
        assert suggest_destinations("ههههههه", "complaint", None) == []
        assert suggest_destinations("\ud800 \x00", "complaint", None) == []

    def test_it_costs_no_query_once_read(self, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        suggest_destinations(LAMP, "complaint", None)
        route_case(CaseFacts(LAMP, "complaint"))
        with django_assert_num_queries(0):
            suggest_destinations(LAMP, "complaint", None)
            route_case(CaseFacts(LAMP, "complaint", entity=body("GAM")))
