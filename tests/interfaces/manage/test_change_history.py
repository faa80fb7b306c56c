"""Each form of the administration saves by a command, and the history says who, when, before and after."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from bekhedmetkom.analytics.storage import AppDownloads
from bekhedmetkom.catalogue.models import Policy, ResponseTemplate, Service
from bekhedmetkom.catalogue.queries import get_policy, get_policy_version
from bekhedmetkom.catalogue.rules import Kind, PolicyTerms
from bekhedmetkom.entities.models import ChangeRecord, Entity, Holiday, Unit, WorkingHours
from bekhedmetkom.entities.queries import get_working_calendar
from bekhedmetkom.identity.authentication import authenticate_client
from bekhedmetkom.identity.models import ApiClient, Membership, Officer
from bekhedmetkom.kernel import clock
from bekhedmetkom.notifications.models import Wording
from bekhedmetkom.routing.models import ApprovalRule
from tests.commands.notifications.event_helpers import STREET_LAMP_TEXT
from tests.personas import Jordan


def get_form(client: Client, path: str, prefix: str = "") -> dict[str, Any]:
    """What a browser would send back of a form, untouched."""
    form = client.get(path).context["form"]
    values = {field.html_name: field.value() for field in form}
    return {name: value for name, value in values.items() if value is not None and value is not False}


def submit_form(client: Client, path: str, **given: Any) -> Any:
    """Open a form, fill these fields in, send it."""
    return client.post(
        path, {name: v for name, v in (get_form(client, path) | given).items() if v is not None}
    )


def get_last_change() -> ChangeRecord:
    change = ChangeRecord.objects.order_by("-id").first()
    assert change
    return change


@pytest.fixture(autouse=True)
def mine(admin: Client, jordan: Jordan) -> None:
    """Only what the administrator does is looked at."""


def test_a_body(admin: Client, jordan: Jordan) -> None:
    key = jordan.entities["GAM"]
    assert (
        submit_form(admin, f"/manage/entities/edit/{key}/", name_ar="أمانة عمّان", code="OTHER").status_code
        == 302
    )
    change = get_last_change()
    assert (change.actor, change.model, change.key) == (
        str(jordan.administrator),
        "entities.Entity",
        str(key),
    )
    assert change.before == {"name_ar": "أمانة عمان الكبرى"}
    assert change.after == {"name_ar": "أمانة عمّان"}
    assert Entity.objects.get(pk=key).code == "GAM"  # a code is for life


def test_a_new_body_has_its_place_in_the_tree(admin: Client, jordan: Jordan) -> None:
    answer = submit_form(
        admin, "/manage/entities/new/", code="NEW", name_ar="دائرة جديدة", name_en="New", kind="department",
        parent=jordan.entities["MOH"],
    )  # fmt: skip
    assert answer.status_code == 302
    new = Entity.objects.get(code="NEW")
    assert new.ancestors == [jordan.entities["PM"], jordan.entities["MOH"], new.pk]
    assert new.sector == Entity.objects.get(code="MOH").sector
    assert get_last_change().before is None


def test_a_body_under_itself_is_refused_in_words(admin: Client, jordan: Jordan) -> None:
    child = Entity.objects.get(code="GAM-01")
    answer = submit_form(admin, f"/manage/entities/edit/{child.parent_id}/", parent=child.pk)
    assert answer.status_code == 200
    assert answer.context["form"].errors["parent"] == ["لا تتبع جهة إلى جهة تحتها."]


def test_a_unit(admin: Client, jordan: Jordan) -> None:
    submit_form(
        admin,
        "/manage/units/new/",
        entity=jordan.entities["GAM"],
        code="TREES",
        name_ar="قسم الأشجار",
        name_en="Trees",
    )
    assert get_last_change().key == str(Unit.objects.get(code="TREES").pk)


def test_a_topic(admin: Client, jordan: Jordan) -> None:
    topic = Service.objects.filter(entity__code="GAM", complexity="simple").first()
    assert topic
    submit_form(admin, f"/manage/topics/edit/{topic.pk}/", complexity="field")
    change = get_last_change()
    assert (change.model, change.after) == ("catalogue.Service", {"complexity": "field"})


def test_a_new_officer_gets_a_link_that_is_shown_once(admin: Client, jordan: Jordan) -> None:
    answer = submit_form(
        admin, "/manage/officers/new/", email="Rana@Example.jo", name_ar="رنا سالم", language="en"
    )
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    link = answer.context["link"]
    assert Client().get(link).status_code == 200
    rana = Officer.objects.get(email="rana@example.jo")
    changes = ChangeRecord.objects.order_by("-id")[:2]
    assert [change.model for change in changes] == ["identity.Invitation", "identity.Officer"]
    assert link.rsplit("/", 1)[1].partition(".")[2] not in str([change.after for change in changes])
    second = admin.post(f"/manage/officers/{rana.pk}/invite/").context["link"]
    assert Client().get(link).status_code == 410
    assert Client().get(second).status_code == 200


def test_an_officer_who_leaves(admin: Client, jordan: Jordan) -> None:
    key = jordan.main.officer_id
    assert submit_form(admin, f"/manage/officers/edit/{key}/", is_active=None).status_code == 302
    change = get_last_change()
    assert (change.before or {})["is_active"] is True
    assert (change.after or {})["is_active"] is False


def test_a_taken_address_is_said_beside_the_field(admin: Client, jordan: Jordan) -> None:
    answer = submit_form(
        admin, "/manage/officers/new/", email="main@example.jo", name_ar="رنا سالم", language="ar"
    )
    assert answer.context["form"].errors["email"] == ["لموظف آخر هذا البريد."]


def test_a_role_begins_and_ends(admin: Client, jordan: Jordan) -> None:
    today = clock.get_local_date(clock.now())
    who = jordan.rival.officer_id
    answer = submit_form(
        admin, "/manage/memberships/new/", officer=who, role="approver", entity=jordan.entities["MOH"]
    )
    assert answer.status_code == 302
    role = Membership.objects.get(officer=who, role="approver")
    assert (role.valid_from, role.valid_until) == (today, None)
    end = today + timedelta(days=5)
    assert submit_form(admin, f"/manage/memberships/edit/{role.pk}/", on=end.isoformat()).status_code == 302
    role.refresh_from_db()
    assert role.valid_until == end
    change = get_last_change()
    assert (change.before or {})["valid_until"] is None
    assert (change.after or {})["valid_until"] == end.isoformat()


def test_nobody_gives_themselves_a_role(admin: Client, jordan: Jordan) -> None:
    answer = submit_form(
        admin, "/manage/memberships/new/", officer=jordan.administrator.officer_id, role="pm_unit"
    )
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors() == ["لا يغيّر أحد صلاحياته بنفسه. يغيّرها مدير نظام آخر."]


def test_a_role_without_its_place_is_refused_in_words(admin: Client, jordan: Jordan) -> None:
    answer = submit_form(
        admin, "/manage/memberships/new/", officer=jordan.main.officer_id, role="sub_officer"
    )
    assert answer.context["form"].errors == {
        "entity": ["اختر الجهة لهذا الدور."],
        "unit": ["اختر الوحدة لهذا الدور."],
    }


def test_a_rule_is_saved_as_its_next_version(admin: Client, jordan: Jordan) -> None:
    first = Policy.objects.get(code="complaint_simple", entity=None, service=None)
    promised = jordan.submit(STREET_LAMP_TEXT)
    before = (first.version, first.terms, first.valid_from)
    assert (
        submit_form(admin, f"/manage/policies/edit/{first.pk}/", due_days="3", basis="قرار جديد").status_code
        == 302
    )
    first.refresh_from_db()
    assert (first.version, first.terms, first.valid_from) == before
    second = Policy.objects.get(code="complaint_simple", entity=None, service=None, version=first.version + 1)
    assert second.parsed_terms == PolicyTerms.from_json(
        first.terms | {"due": {"working_days": 3, "clock_hours": 0}}
    )
    assert get_last_change().key == str(second.pk)
    now = clock.now()
    gam = jordan.entities["GAM"]
    assert get_policy(kind=Kind.COMPLAINT, service=None, entity=gam, at=now).terms.due.working_days == 3
    assert get_policy_version(first.pk).terms.due.working_days == 5
    assert promised.due_at  # its promise stands


def test_a_body_has_a_rule_of_its_own(admin: Client, jordan: Jordan) -> None:
    country = Policy.objects.get(code="question", entity=None, service=None)
    submit_form(admin, f"/manage/policies/edit/{country.pk}/", entity=jordan.entities["MOH"], due_days="1")
    own = Policy.objects.get(code="question", entity=jordan.entities["MOH"])
    assert (own.version, own.parsed_terms.due.working_days) == (1, 1)
    rows = [row.pk for row in admin.get("/manage/policies/").context["object_list"] if row.code == "question"]
    assert sorted(rows) == sorted([country.pk, own.pk])


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"due_days": "0", "due_hours": "0"}, "due_days"),
        ({"due_days": "1", "due_hours": "5"}, "due_hours"),
        ({"remind": "50، كثير"}, "remind"),
        ({"valid_from": "2025-01-01T10:00"}, "valid_from"),
    ],
)
def test_a_rule_that_cannot_be(admin: Client, jordan: Jordan, given: dict[str, str], field: str) -> None:
    policy = Policy.objects.get(code="question", entity=None, service=None)
    count = Policy.objects.count()
    assert field in submit_form(admin, f"/manage/policies/edit/{policy.pk}/", **given).context["form"].errors
    assert Policy.objects.count() == count


def test_an_expected_holiday_is_confirmed(admin: Client, jordan: Jordan) -> None:
    eid = Holiday.objects.filter(expected=True).first()
    assert eid
    submit_form(admin, f"/manage/holidays/edit/{eid.pk}/", becomes="confirmed", decision="بلاغ رسمي 12")
    eid.refresh_from_db()
    assert (eid.expected, eid.decision) == (False, "بلاغ رسمي 12")
    change = get_last_change()
    assert (change.before or {})["expected"] is True
    assert (change.after or {}) == {"expected": False, "decision": "بلاغ رسمي 12"}


def test_the_moon_came_a_day_later(admin: Client, jordan: Jordan) -> None:
    eid = Holiday.objects.filter(expected=True).last()
    assert eid
    submit_form(admin, f"/manage/holidays/edit/{eid.pk}/", becomes="withdrawn", decision="لم يثبت الهلال")
    assert eid.date not in get_working_calendar().holidays
    other = eid.date + timedelta(days=1)
    submit_form(
        admin, "/manage/holidays/new/", date=other.isoformat(), name_ar="عيد", name_en="Eid", decision="ثبت"
    )
    assert other in get_working_calendar().holidays
    again = submit_form(
        admin, "/manage/holidays/new/", date=other.isoformat(), name_ar="عيد", name_en="Eid", decision="ثبت"
    )  # fmt: skip
    assert again.context["form"].errors["date"] == ["هذا اليوم عطلة من قبل."]


def test_hours_of_ramadan(admin: Client, jordan: Jordan) -> None:
    submit_form(
        admin, "/manage/working-hours/new/", label_ar="رمضان", label_en="Ramadan", valid_from="2031-01-01",
        valid_until="2031-01-29", opens="10:00", closes="15:00", decision="بلاغ رمضان",
    )  # fmt: skip
    assert get_last_change().key == str(WorkingHours.objects.get(valid_from="2031-01-01").pk)


def test_downloads_of_a_month_with_their_source(admin: Client, jordan: Jordan) -> None:
    given = {"store": "google", "count": 1200, "source": "لوحة المتجر"}
    submit_form(admin, "/manage/downloads/new/", month="2026-10-17", **given)
    row = AppDownloads.objects.get()
    assert (row.month, row.count, get_last_change().key) == (date(2026, 10, 1), 1200, str(row.pk))
    submit_form(admin, "/manage/downloads/new/", month="2026-10-02", **given)
    assert AppDownloads.objects.count() == 1


def test_a_text_for_replies_keeps_its_versions(admin: Client, jordan: Jordan) -> None:
    submit_form(
        admin, "/manage/reply-texts/new/", kind="complaint", disposition="upheld", name_ar="أُصلح الخلل",
        body_ar="أصلحنا {ما}", body_en="We mended {what}",
    )  # fmt: skip
    first = ResponseTemplate.objects.get(name_ar="أُصلح الخلل")
    assert get_last_change().key == str(first.pk)
    submit_form(admin, f"/manage/reply-texts/edit/{first.pk}/", body_ar="أصلحت فرقنا {ما}")
    first.refresh_from_db()
    second = ResponseTemplate.objects.get(name_ar="أُصلح الخلل", version=2)
    assert (first.body_ar, second.body_ar) == ("أصلحنا {ما}", "أصلحت فرقنا {ما}")
    assert get_last_change().key == str(second.pk)
    listed = [row.pk for row in admin.get("/manage/reply-texts/").context["object_list"]]
    assert second.pk in listed
    assert first.pk not in listed


def test_words_of_a_message(admin: Client, jordan: Jordan) -> None:
    path = "/manage/wordings/received/"
    forms = admin.get(path).context["forms"]
    untouched = {field.html_name: field.value() for form in forms for field in form}
    new = untouched | {"sms-ar-body": "وصلنا {reference} {track}"}
    looked = admin.post(path, new | {"preview": "1"})
    assert "وصلنا BK-7F3K-92MD http://localhost:8000/track" in looked.content.decode()
    assert not Wording.objects.exists()
    assert admin.post(path, new | {"save": "1"}).status_code == 302
    [row] = Wording.objects.all()
    assert (row.channel, row.language, row.version) == ("sms", "ar", 1)
    assert get_last_change().model == "notifications.Wording"
    wrong = admin.post(path, untouched | {"email-ar-body": "{name}", "save": "1"})
    assert wrong.status_code == 200
    assert "لا يوجد فراغ باسم {name}." in wrong.content.decode()
    torn = admin.post(
        path, untouched | {"email-ar-subject": "{refer", "email-ar-body": "ence}", "preview": "1"}
    )
    assert torn.status_code == 200
    assert Wording.objects.count() == 1


def test_the_history_shows_who_and_what(admin: Client, jordan: Jordan) -> None:
    submit_form(
        admin, f"/manage/entities/edit/{jordan.entities['GAM']}/", name_ar="أمانة عمّان", governorates=[]
    )
    change = get_last_change()
    page = admin.get("/manage/changes/").content.decode()
    assert "موظف administrator" in page
    shown = admin.get(f"/manage/changes/inspect/{change.pk}/").content.decode()
    assert "أمانة عمان الكبرى" in shown
    assert "أمانة عمّان" in shown
    assert "الاسم بالعربية" in shown


def test_a_rule_of_approval_is_added_and_ends(admin: Client, jordan: Jordan) -> None:
    gam = jordan.entities["GAM"]
    page = submit_form(admin, "/manage/approval-rules/new/", entity=gam, new_for=7)
    assert page.context["form"].errors["new_for"] == ["اختر 30 أو 60 أو 90 أو 180 يومًا."]
    assert submit_form(admin, "/manage/approval-rules/new/", entity=gam, kind="complaint").status_code == 302
    rule = ApprovalRule.objects.get()
    assert get_last_change().key == str(rule.pk)
    address = f"/manage/approval-rules/edit/{rule.pk}/"
    assert submit_form(admin, address, kind="praise", ended_on="2026-11-25").status_code == 302
    rule.refresh_from_db()
    assert (rule.kind, str(rule.ended_on)) == ("complaint", "2026-11-25")
    assert get_last_change().after == {"ended_on": "2026-11-25"}
    assert "شكوى" in admin.get("/manage/approval-rules/").content.decode()


def test_a_program_and_its_keys(admin: Client, jordan: Jordan) -> None:
    made = submit_form(
        admin,
        "/manage/programs/new/",
        name="نظام الأمانة",
        entity=jordan.entities["GAM"],
        scopes=["webhooks"],
    )
    key = made.context["key"]
    assert "no-store" in made["Cache-Control"]
    known = authenticate_client(key, clock.now())
    assert known and (known.scopes, known.entity) == (frozenset({"webhooks"}), jordan.entities["GAM"])
    page = f"/manage/programs/edit/{known.id}/"
    assert key not in admin.get(page).content.decode()
    assert submit_form(admin, page, scopes=["open311"], per_hour="12").status_code == 302
    after = get_last_change().after
    assert after and (after["scopes"], after["per_hour"]) == (["open311"], 12)
    other = admin.post(f"/manage/programs/{known.id}/keys/").context["key"]
    assert authenticate_client(key, clock.now()) and authenticate_client(other, clock.now())
    assert admin.post(f"/manage/programs/{known.id}/keys/", {"revoke": "1"}).status_code == 302
    assert authenticate_client(key, clock.now()) is authenticate_client(other, clock.now()) is None
    assert admin.get(page).status_code == 200


@pytest.mark.parametrize("per_hour", ["0", "-1", "99999999999", "كثير"])
def test_a_quota_that_is_none_is_refused(admin: Client, jordan: Jordan, per_hour: str) -> None:
    refused = submit_form(admin, "/manage/programs/new/", name="نظام", per_hour=per_hour)
    assert refused.status_code == 200
    assert "per_hour" in refused.context["form"].errors
    assert not ApiClient.objects.exists()
