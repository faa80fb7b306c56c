"""Bodies are renamed, merged and closed: cases go on, and history keeps the names of its time."""

from datetime import timedelta
from typing import Any

import pytest

from bekhedmetkom.cases import commands, journal
from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.cases.queries import find_desk_case, get_case_for_citizen, verify_journal
from bekhedmetkom.cases.queries.case.tasks import get_participants
from bekhedmetkom.catalogue.models import Service
from bekhedmetkom.catalogue.queries import get_service
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.entities.models import ChangeRecord, Entity, Unit
from bekhedmetkom.entities.queries import find_successor_by_code, get_tree, search_entities
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.identity.models import Membership
from bekhedmetkom.identity.queries import get_actor
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.interfaces.jobs.due_jobs import DueJobs
from bekhedmetkom.notifications.models import Message
from bekhedmetkom.notifications.subscriber import NotificationSubscriber
from bekhedmetkom.routing.models import Rule
from tests.commands.notifications.event_helpers import build_fed_event
from tests.entity_succession import (
    NEXT_DAY,
    REPLY,
    TODAY,
    TOMORROW,
    close_entity,
    list_event_kinds,
    refresh_actor,
    rename_entity,
)
from tests.officer_factories import create_officer
from tests.personas import DAY, HOUR, NOON, Jordan


@pytest.fixture
def at_roads(jordan: Jordan) -> Case:
    """A case in the hands of the street unit's officer, at a body that closes into the ministry of local affairs."""
    return jordan.create_assigned_case()


# What happens to open cases


def joined(jordan: Jordan, case: Case, body: str) -> None:
    """A body takes part in the case."""
    main = get_actor(create_officer(Role.MAIN_OFFICER, Entity.objects.get(code=body)), NOON)
    refresh_versions()
    commands.request_participation(
        case=case.pk, seen=2, actor=jordan.main, at=NOON, entity=jordan.entities[body], text="اكشفوا معنا",
        until=NOON + 2 * DAY,
    )  # fmt: skip
    commands.accept_participation(case=case.pk, seen=3, actor=main, at=NOON)


def test_a_body_into_which_the_lead_closes_leads_and_takes_part_in_nothing(
    at_roads: Case, jordan: Jordan
) -> None:
    joined(jordan, at_roads, "MOLA")
    assert get_participants(at_roads.pk, Case.objects.get(pk=at_roads.pk).standing) == [
        jordan.entities["MOLA"]
    ]
    close_entity(jordan, "GAM", "MOLA")
    DueJobs().run_minute(NEXT_DAY)
    after = Case.objects.get(pk=at_roads.pk).standing
    assert after.entity_id == jordan.entities["MOLA"]
    assert get_participants(at_roads.pk, after) == []


def test_what_was_asked_of_a_body_that_closes_is_its_heirs_to_answer(at_roads: Case, jordan: Jordan) -> None:
    joined(jordan, at_roads, "PSD")
    heir = get_actor(create_officer(Role.MAIN_OFFICER, Entity.objects.get(code="MOLA")), NOON)
    assert find_desk_case(heir, at_roads.reference, NOON) is None
    close_entity(jordan, "PSD", "MOLA")
    DueJobs().run_minute(NEXT_DAY)
    seen = find_desk_case(refresh_actor(heir), at_roads.reference, NEXT_DAY)
    assert seen is not None
    assert "contribute" in seen.can
    commands.answer_task(case=at_roads.pk, seen=4, actor=refresh_actor(heir), at=NEXT_DAY, text="كشفنا اليوم")
    assert list(verify_journal()) == []


def test_open_cases_follow_on_the_day_and_not_before(at_roads: Case, jordan: Jordan) -> None:
    close_entity(jordan, "GAM", "MOLA")
    worker = DueJobs()
    worker.run_minute(NOON + HOUR)
    assert list_event_kinds(at_roads) == ["case.submitted", "case.assigned"]
    worker.run_minute(NEXT_DAY)
    case = Case.objects.get(pk=at_roads.pk)
    assert list_event_kinds(case) == ["case.submitted", "case.assigned", "case.followed"]
    assert case.entity_id == jordan.entities["MOLA"]
    assert (case.due_at, case.promised_at, case.policy_id) == (
        at_roads.due_at,
        at_roads.promised_at,
        at_roads.policy_id,
    )
    assert case.referrals == 0
    assert case.officer_id == jordan.roads_officer.officer_id
    assert list(verify_journal()) == []


def test_a_second_look_moves_nothing(at_roads: Case, jordan: Jordan) -> None:
    close_entity(jordan, "GAM", "MOLA")
    DueJobs().run_minute(NEXT_DAY)
    before = list_event_kinds(at_roads), ChangeRecord.objects.count(), Membership.objects.count()
    DueJobs().run_minute(NEXT_DAY + HOUR)
    DueJobs().run_minute(NEXT_DAY + DAY)
    assert (
        list_event_kinds(at_roads)[:3],
        ChangeRecord.objects.count(),
        Membership.objects.count(),
    ) == before


def test_one_case_that_cannot_follow_holds_up_no_other(
    at_roads: Case, jordan: Jordan, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = jordan.create_case()
    close_entity(jordan, "GAM", "MOLA")
    record = journal.record

    def breaks_at_the_first(*, case: Any, **given: Any) -> int:
        if case == at_roads.pk:
            raise RuntimeError
        return record(case=case, **given)

    monkeypatch.setattr("bekhedmetkom.cases.commands.routing.body_succession.record", breaks_at_the_first)
    DueJobs().run_minute(NEXT_DAY)
    assert Case.objects.get(pk=other.pk).entity_id == jordan.entities["MOLA"]
    assert Case.objects.get(pk=at_roads.pk).entity_id == jordan.entities["GAM"]


def test_the_citizen_is_told_once_in_a_plain_sentence(at_roads: Case, jordan: Jordan) -> None:
    close_entity(jordan, "GAM", "MOLA")
    for later in range(3):
        DueJobs().run_minute(NEXT_DAY + later * HOUR)
    NotificationSubscriber().handle_events([build_fed_event(event) for event in Event.objects.order_by("pk")])
    told = Message.objects.filter(case=at_roads, template="followed")
    assert [message.address for message in told] == ["+962791234567"]
    assert "الموعد كما هو" in told[0].body
    assert "وزارة الإدارة المحلية" in get_case_for_citizen(at_roads.pk, NEXT_DAY).timeline[0].words.ar


def test_an_answered_case_stays_with_the_body_of_its_time(at_roads: Case, jordan: Jordan) -> None:
    commands.answer_case(
        case=at_roads.pk, seen=2, text=REPLY, disposition=Disposition.UPHELD, actor=jordan.roads_officer, at=NOON + HOUR
    )  # fmt: skip
    close_entity(jordan, "GAM", "MOLA")
    DueJobs().run_minute(NEXT_DAY)
    case = Case.objects.get(pk=at_roads.pk)
    assert case.entity_id == jordan.entities["GAM"]
    assert get_case_for_citizen(case.pk, NEXT_DAY).entity.ar == "أمانة عمان الكبرى"


def test_an_appeal_after_the_closing_is_decided_by_the_heirs_reviewer(at_roads: Case, jordan: Jordan) -> None:
    commands.answer_case(
        case=at_roads.pk, seen=2, text=REPLY, disposition=Disposition.UPHELD, actor=jordan.roads_officer, at=NOON + HOUR
    )  # fmt: skip
    close_entity(jordan, "GAM", "MOH")
    DueJobs().run_minute(NEXT_DAY)
    commands.appeal_case(
        case=at_roads.pk,
        seen=None,
        actor=jordan.get_citizen(at_roads),
        at=NEXT_DAY + HOUR,
        reason="الحفرة ما زالت هناك",
    )
    DueJobs().run_minute(NEXT_DAY + 2 * HOUR)
    case = Case.objects.get(pk=at_roads.pk)
    assert (case.state, case.entity_id) == ("appealed", jordan.entities["MOH"])
    assert case.reviewer_id == jordan.rival_reviewer.officer_id


def test_who_referred_a_case_and_closed_meanwhile_gets_it_back_as_its_heir(jordan: Jordan) -> None:
    case = jordan.create_case()
    commands.refer_case(
        case=case.pk, seen=1, actor=jordan.main, at=NOON, entity=jordan.entities["MOH"], reason="تخص الصحة"
    )  # fmt: skip
    close_entity(jordan, "GAM", "MOLA")
    DueJobs().run_minute(NEXT_DAY)
    commands.return_case(case=case.pk, seen=2, actor=jordan.rival, at=NEXT_DAY, reason="ليست صحية")
    assert Case.objects.get(pk=case.pk).entity_id == jordan.entities["MOLA"]


def test_a_merged_topic_becomes_the_heirs_own_of_that_name(jordan: Jordan) -> None:
    mine = Service.objects.filter(entity__code="GAM", handling="open", needs_identity=False).order_by("pk")[
        :2
    ]
    kept, merged = mine
    twin = Service.objects.create(
        entity_id=jordan.entities["MOLA"], code="MOLA-TWIN", name_ar=merged.name_ar, name_en="Twin",
        typical_kind=merged.typical_kind,
    )  # fmt: skip
    refresh_versions()
    first, second = jordan.create_case(service=kept.pk), jordan.create_case(service=merged.pk)
    close_entity(jordan, "GAM", "MOLA")
    DueJobs().run_minute(NEXT_DAY)
    assert get_service(kept.pk).entity == jordan.entities["MOLA"]
    assert get_service(merged.pk).closed_on == TOMORROW
    assert Case.objects.get(pk=first.pk).service_id == kept.pk
    assert Case.objects.get(pk=second.pk).service_id == twin.pk
    # an old link, or a program, still names it
    assert jordan.create_case(service=merged.pk, entity=None, at=NEXT_DAY).service_id == twin.pk


# Units, officers, rules


def test_a_unit_goes_on_with_its_officers_and_the_others_roles_end(at_roads: Case, jordan: Jordan) -> None:
    Rule.objects.create(entity_id=jordan.entities["GAM"], unit_id=jordan.roads)
    topic = Service.objects.filter(entity__code="GAM").first()
    Rule.objects.create(entity_id=jordan.entities["GAM"], unit_id=jordan.lighting, service=topic)
    close_entity(jordan, "GAM", "MOLA")
    DueJobs().run_minute(NEXT_DAY)
    roads = Unit.objects.get(code="ROADS", entity__code="MOLA")
    assert (roads.name_ar, Unit.objects.get(pk=jordan.roads).closed_on) == ("قسم صيانة الشوارع", TOMORROW)
    assert Case.objects.get(pk=at_roads.pk).unit_id == roads.pk
    assert find_desk_case(refresh_actor(jordan.roads_officer), at_roads.reference, NEXT_DAY)
    assert refresh_actor(jordan.main).grants == ()
    assert refresh_actor(jordan.reviewer).grants == ()
    # of the rules only those for a topic go on: "all of ours" would be all of the heir's
    assert list(Rule.objects.filter(entity__code="MOLA").values_list("service", flat=True)) == [
        topic and topic.pk
    ]
    assert ChangeRecord.objects.filter(model="identity.Membership", actor="clock").exists()


def test_what_an_officer_of_the_whole_body_had_in_hand_is_taken_back(jordan: Jordan) -> None:
    case = jordan.create_case()
    commands.assign_case(case=case.pk, seen=1, officer=jordan.main.officer_id, actor=jordan.main, at=NOON)
    close_entity(jordan, "GAM", "MOLA")
    DueJobs().run_minute(NEXT_DAY)
    row = Case.objects.get(pk=case.pk)
    assert list_event_kinds(case)[-2:] == ["case.followed", "officer.left"]
    assert (row.state, row.officer_id, row.entity_id) == ("classified", None, jordan.entities["MOLA"])


def test_who_works_for_the_heir_reads_what_was_before(at_roads: Case, jordan: Jordan) -> None:
    commands.answer_case(
        case=at_roads.pk, seen=2, text=REPLY, disposition=Disposition.UPHELD, actor=jordan.roads_officer, at=NOON + HOUR
    )  # fmt: skip
    assert find_desk_case(jordan.rival, at_roads.reference, NOON) is None
    close_entity(jordan, "GAM", "MOH")
    DueJobs().run_minute(NEXT_DAY)
    assert find_desk_case(refresh_actor(jordan.rival), at_roads.reference, NEXT_DAY)


def test_bodies_below_stand_under_the_heir(jordan: Jordan) -> None:
    close_entity(jordan, "GAM", "MOLA")
    DueJobs().run_minute(NEXT_DAY)
    district = get_tree().by_code["GAM-01"]
    assert district.parent == jordan.entities["MOLA"]
    assert jordan.entities["GAM"] not in district.ancestors


# What the public and programs find


def test_old_codes_and_names_lead_to_the_heir_from_the_day_on(jordan: Jordan) -> None:
    close_entity(jordan, "GAM", "MOLA")
    before, after = find_successor_by_code("GAM", TODAY), find_successor_by_code("GAM", TOMORROW)
    assert before and after
    assert (before.code, after.code) == ("GAM", "MOLA")
    assert [body.code for body in search_entities("أمانة عمان الكبرى", TOMORROW, 1)] == ["MOLA"]
    case = jordan.create_case(at=NEXT_DAY)  # names the closed body
    assert case.entity_id == jordan.entities["MOLA"]


def test_an_heir_that_closes_too_passes_everything_on(at_roads: Case, jordan: Jordan) -> None:
    close_entity(jordan, "GAM", "MOLA")
    close_entity(jordan, "MOLA", "MOI", on=TOMORROW + timedelta(days=1))
    DueJobs().run_minute(NEXT_DAY + DAY)  # nobody looked on the day between
    assert Case.objects.get(pk=at_roads.pk).entity_id == jordan.entities["MOI"]
    last = find_successor_by_code("GAM", TOMORROW + timedelta(days=1))
    assert last
    assert last.code == "MOI"
    assert list_event_kinds(at_roads).count("case.followed") == 1


def test_an_older_sheet_of_the_directory_undoes_nothing(jordan: Jordan) -> None:
    from bekhedmetkom.catalogue.directory_import import import_directory
    from tests.personas import DIRECTORY_FOLDER

    topics = set(Service.objects.filter(entity__code="GAM").values_list("code", flat=True))
    close_entity(jordan, "GAM", "MOLA")
    rename_entity(jordan, "MOH", "وزارة الصحة العامة")
    DueJobs().run_minute(NEXT_DAY)
    import_directory(DIRECTORY_FOLDER, at=NEXT_DAY)
    assert get_tree().by_code["GAM"].parent == jordan.entities["MOLA"]
    assert get_tree().by_code["MOH"].name_ar == "وزارة الصحة العامة"
    assert topics <= set(Service.objects.filter(entity__code="MOLA").values_list("code", flat=True))
    assert not Service.objects.filter(entity__code="GAM", closed_on=None).exists()


def test_a_complaint_of_a_unit_stays_hidden_from_those_who_go_on_in_its_place(
    at_roads: Case, jordan: Jordan
) -> None:
    commands.answer_case(
        case=at_roads.pk, seen=2, text=REPLY, disposition=Disposition.UPHELD, actor=jordan.roads_officer, at=NOON + HOUR
    )  # fmt: skip
    commands.set_complaint_subject(
        case=at_roads.pk, seen=3, actor=jordan.main, at=NOON + 2 * HOUR, unit=jordan.roads
    )
    assert find_desk_case(refresh_actor(jordan.roads_officer, NOON), at_roads.reference, NOON) is None
    close_entity(jordan, "GAM", "MOLA", at=NOON + 3 * HOUR)
    DueJobs().run_minute(NEXT_DAY)
    assert find_desk_case(refresh_actor(jordan.roads_officer), at_roads.reference, NEXT_DAY) is None
