"""What stands in the directory that the project ships, once it is imported."""

import re
from datetime import date

import pytest

from bekhedmetkom.catalogue import queries as catalogue
from bekhedmetkom.catalogue.rules import Complexity, Disposition, Handling, Kind
from bekhedmetkom.entities import queries as entities
from bekhedmetkom.entities.models import Holiday

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def test_sectors_follow_the_ministries() -> None:
    tree, sectors = entities.get_tree(), entities.get_sectors()
    sector_of = {code: sectors[body.sector].code for code, body in tree.by_code.items()}
    assert len(sectors) == 1 + sum(body.kind == "ministry" for body in tree)
    assert sector_of["MIYAH"] == "MWI"  # through the Water Authority
    assert sector_of["KAUH"] == "MOHE"  # a university's hospital
    assert sector_of["GAM-12"] == sector_of["GAM"] == sector_of["SDC"] == "PM"
    assert sector_of["CBJ"] == "PM"  # under nobody
    assert {sectors[key].ministry for key in sectors} == {
        body.id for body in tree if body.kind in ("ministry", "prime_ministry")
    }


def test_no_topic_with_care_reaches_the_body_complained_of() -> None:
    code = {body.id: body.code for body in entities.get_tree()}
    for topic in catalogue.list_services():
        receiver = code[topic.receiver] if topic.receiver else None
        match topic.handling:
            case Handling.HUMAN_RIGHTS:
                assert receiver == "GHR"
            case Handling.PROTECTED:
                assert receiver == ("CCU" if code[topic.entity] == "CCU" else "FJPD")
            case _:
                assert receiver is None


def test_topics_carry_their_own_judgement() -> None:
    potholes = next(
        topic for topic in catalogue.list_services() if topic.name_en.startswith("Road maintenance")
    )
    assert (potholes.complexity, potholes.about_place, potholes.urgent) == (Complexity.FIELD, True, False)
    passport = next(topic for topic in catalogue.list_services() if topic.name_en == "Passport")
    assert (passport.complexity, passport.needs_identity) == (Complexity.SIMPLE, True)
    wire = next(topic for topic in catalogue.list_services() if topic.name_en == "Dangerous pole or wire")
    assert wire.urgent
    gam = entities.get_tree().by_code["GAM"].id
    assert [topic.code for topic in catalogue.list_services_of(gam)] == [f"GAM-{n:03}" for n in range(1, 9)]


def test_holidays_are_days_of_work_and_the_moon_leaves_them_open() -> None:
    assert {day.year for day in entities.get_working_calendar().holidays} == {2026, 2027, 2028, 2029, 2030}
    assert not [
        day for day in entities.get_working_calendar().holidays if day.strftime("%a") in ("Fri", "Sat")
    ]
    expected = dict(Holiday.objects.values_list("name_en", "expected"))
    assert expected["Islamic New Year"] and expected["Eid al-Fitr"]
    assert not expected["Independence Day"]


def test_replies_have_a_text_to_begin_with_in_both_languages() -> None:
    body = entities.get_tree().by_code["MIYAH"].id
    texts = catalogue.list_reply_templates(kind=Kind.COMPLAINT, entity=body, on=date(2026, 11, 24))
    assert {text.disposition for text in texts} == {
        Disposition.UPHELD, Disposition.PARTLY_UPHELD, Disposition.NOT_UPHELD,
        Disposition.INSUFFICIENT, Disposition.BEFORE_COURT, Disposition.OUT_OF_SCOPE,
    }  # fmt: skip
    for text in texts:
        blanks = [len(re.findall(r"{[^{}]+}", body)) for body in (text.body_ar, text.body_en)]
        assert blanks[0] == blanks[1] > 0
