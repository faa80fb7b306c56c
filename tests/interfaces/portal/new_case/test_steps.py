"""The steps of the new-case form."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bekhedmetkom.cases.models import Case
from bekhedmetkom.catalogue.models import Service
from bekhedmetkom.entities.models import Entity
from bekhedmetkom.entities.table_cache import refresh_versions
from tests.personas import DAY, NOON, POTHOLE, Jordan

from ..browser import Browser
from .form_steps import BRIBE_TEXT, go_to_check, go_to_destination


def test_each_step_asks_one_question(jordan: Jordan, browser: Browser) -> None:
    titles = [browser.open("/new").title]
    titles.append(browser.send(kind="complaint").title)
    titles.append(browser.send(text=POTHOLE).title)
    titles.append(browser.send(to="GAM/").title)
    titles.append(browser.send(to="GAM/-").title)
    titles.append(browser.send(governorate="GOV-AM").title)
    titles.append(browser.send(contact="none").title)
    assert titles == [
        "ماذا تريد أن ترسل؟", "ماذا حدث؟", "إلى أي جهة؟", "عن أي موضوع؟", "أين؟", "كيف نصل إليك؟",
        "راجع طلبك قبل الإرسال",
    ]  # fmt: skip


def test_nothing_is_stored_before_submission(jordan: Jordan, browser: Browser) -> None:
    with CaptureQueriesContext(connection) as queries:
        go_to_check(browser, contact="given", name="سامر", phone="0791234567")
    assert [q["sql"] for q in queries if not q["sql"].lstrip().startswith("SELECT")] == []
    assert not any(POTHOLE in q["sql"] for q in queries)
    assert set(browser.client.cookies) <= {"csrf"}
    assert browser.path == "/new"


@pytest.mark.parametrize(
    ("lat", "lng", "kept"),
    [
        ("31.95390", "35.91060", ("31.95390", "35.91060")), ("-31.00000", "-179.99999", ("-31.00000", "-179.99999")),
        ("31.95390", "", ("", "")), ("91.00000", "35.91060", ("", "")), ("31.9539", "35.91060", ("", "")),
        ("٣١.٩٥٣٩٠", "35.91060", ("", "")), ("31.95390; DROP", "x" * 4000, ("", "")),
    ],
)  # fmt: skip
def test_valid_device_location_is_stored(
    lat: str, lng: str, kept: tuple[str, str], jordan: Jordan, browser: Browser
) -> None:
    go_to_destination(browser).send(to="GAM/-")
    assert browser.page.select_one("#here[hidden]")  # shown by a script; the address works without one
    browser.send(governorate="GOV-AM", lat=lat, lng=lng).send(contact="none")
    assert ("مكانك على الخريطة" in browser.text) == bool(kept[0])
    browser.send("send")
    particulars = Case.objects.get().particulars
    assert (particulars.lat, particulars.lng) == kept


def test_answers_travel_in_hidden_fields(jordan: Jordan, browser: Browser) -> None:
    go_to_check(browser)
    assert browser.hidden["text"] == POTHOLE
    assert (browser.hidden["kind"], browser.hidden["to"], browser.hidden["address"]) == (
        "complaint",
        "GAM/-",
        "طبربور",
    )


def test_back_button_leads_to_the_first_step(jordan: Jordan, browser: Browser) -> None:
    go_to_check(browser)
    titles = [browser.send("back").title for _ in range(6)]
    assert titles == [
        "كيف نصل إليك؟", "أين؟", "عن أي موضوع؟", "إلى أي جهة؟", "ماذا حدث؟", "ماذا تريد أن ترسل؟",
    ]  # fmt: skip
    assert browser.page.select_one("input[value=complaint][checked]")
    assert browser.send().title == "راجع طلبك قبل الإرسال"


def test_change_on_the_check_page_returns_to_it(jordan: Jordan, browser: Browser) -> None:
    go_to_check(browser)
    assert browser.send("describe").title == "ماذا حدث؟"
    (typed,) = browser.page.select("textarea")
    assert POTHOLE in typed.get_text()
    browser.send(text="صار أسوأ")
    assert browser.title == "راجع طلبك قبل الإرسال"
    assert "صار أسوأ" in browser.text


@pytest.mark.parametrize("step", range(6))
def test_language_link_keeps_the_answers(step: int, jordan: Jordan, browser: Browser) -> None:
    go_to_check(browser)
    for _ in range(step):
        browser.send("back")
    before = browser.hidden | {"csrfmiddlewaretoken": "", "key": ""}
    browser.send("English")
    assert browser.page.html and browser.page.html["lang"] == "en"
    assert browser.hidden | {"csrfmiddlewaretoken": "", "key": ""} == before


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({}, "اختر واحدًا، أو «لست متأكدًا»"),
        ({"kind": "bribe"}, "اختر واحدًا من القائمة"),
    ],
)
def test_kind_is_required(sent: dict[str, str], error: str, jordan: Jordan, browser: Browser) -> None:
    assert browser.open("/new").send(**sent).errors == [error]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "اكتب ما حدث، ولو بجملة واحدة"),
        ("  \x00\u202e ", "اكتب ما حدث، ولو بجملة واحدة"),
        ("؟!…", "اكتب ما حدث بكلمات، ولو بجملة واحدة"),
        ("و" * 4001, "النص أطول من 4,000 حرف. اختصره قليلًا"),
    ],
)
def test_invalid_text_is_refused(text: str, error: str, jordan: Jordan, browser: Browser) -> None:
    browser.open("/new?kind=complaint").send(text=text)
    assert browser.errors == [error]
    kept = browser.page.select_one("textarea")
    assert kept and kept.get_text().strip() == text.strip("\x00\u202e ")


@pytest.mark.parametrize("text", ["ا" * 4000, f"سطر\r\n{POTHOLE}", "\x00حفرة \ud800\x1b في الشارع", "حفرة 🕳️"])
def test_valid_text_is_accepted(text: str, jordan: Jordan, browser: Browser) -> None:
    sendable = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    assert go_to_destination(browser, text=sendable).title == "إلى أي جهة؟"


def test_million_character_text_is_refused_clearly(jordan: Jordan, client: Client) -> None:
    answer = client.post("/new", {"step": "describe", "kind": "complaint", "text": "و" * 1_000_000})
    assert answer.status_code == 400
    assert "أطول من المسموح" in answer.content.decode()


def test_malformed_input_never_causes_a_server_error(jordan: Jordan, client: Client) -> None:
    for body in (b"\xff\xfe%%%", b"step=%00&go=%ff", b"step=describe&text=%ED%A0%80", b"&&&=&to=/////"):
        answer = client.post("/new", body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 200
    for query in ("kind=%00", "topic=%ff&entity=%ff", "entity=" + "x" * 3000, "kind=violation&kind=praise"):
        assert client.get(f"/new?{query}").status_code == 200


def test_suggestions_have_reasons(jordan: Jordan, browser: Browser) -> None:
    go_to_destination(browser)
    first = browser.page.select(".choice")[0].get_text(" ", strip=True)
    assert "أمانة عمان الكبرى" in first
    assert "حفرة" in first
    assert browser.choices("to")[-1] == "us"


def test_bodies_can_be_searched(jordan: Jordan, browser: Browser) -> None:
    go_to_destination(browser).send("find", find="وزاره الصحه")
    assert browser.choices("to")[0] == "MOH/"
    assert browser.send(to="MOH/").title == "عن أي موضوع؟"


def test_enter_in_the_search_field_searches(jordan: Jordan, browser: Browser) -> None:
    assert go_to_destination(browser).send(find="وزارة الصحة").choices("to")[0] == "MOH/"


def test_topics_can_be_searched(jordan: Jordan, browser: Browser) -> None:
    topic = Service.objects.get(entity__code="GAM", name_ar="إنارة الشوارع")
    go_to_destination(browser).send("find", find="انارة الشوارع")
    assert f"GAM/{topic.code}" in browser.choices("to")


def test_search_without_results_says_so(jordan: Jordan, browser: Browser) -> None:
    assert "لم نجد جهة ولا موضوعًا" in go_to_destination(browser).send("find", find="xyzzy").text


@pytest.mark.parametrize("to", ["", "NOBODY/", "GAM", "//", "GAM/MOH-001"])
def test_unknown_destination_is_refused(to: str, jordan: Jordan, browser: Browser) -> None:
    go_to_destination(browser).send(to=to)
    if to.startswith("GAM"):
        assert browser.title == "عن أي موضوع؟"
    else:
        assert len(browser.errors) == 1


def test_question_skips_the_place_step(jordan: Jordan, browser: Browser) -> None:
    assert go_to_destination(browser, kind="question").send(to="us").title == "كيف نصل إليك؟"


def test_topic_about_a_place_needs_a_governorate(jordan: Jordan, browser: Browser) -> None:
    topic = Service.objects.filter(entity__code="GAM", about_place=True).first()
    assert topic
    go_to_destination(browser).send(to=f"GAM/{topic.code}").send(address="طبربور")
    assert browser.errors == ["اختر المحافظة، فالموضوع يتعلق بمكان"]
    assert browser.page.select_one('input[value="طبربور"]')


@pytest.mark.parametrize(
    ("contact", "error"),
    [
        ({}, "اختر كيف نصل إليك، أو «لا تتواصلوا معي»"),
        ({"contact": "given"}, "اكتب رقم هاتف أو بريدًا إلكترونيًا، أو اختر «لا تتواصلوا معي»"),
        ({"contact": "given", "phone": "123"}, "لم نفهم رقم الهاتف. اكتبه مثل 0791234567 أو مع رمز البلد."),
        ({"contact": "given", "email": "a@b"}, "البريد الإلكتروني غير مكتمل. مثال: name@example.com"),
        ({"contact": "none", "for_name": "أم سامر"}, "اكتب اسم من تكتب عنه وصلتك به معًا"),
        ({"contact": "none", "for_relation": "والدتي"}, "اكتب اسم من تكتب عنه وصلتك به معًا"),
        ({"contact": "none", "for_name": "1", "for_relation": "والدتي"}, "اكتب الاسم بالأحرف، حتى 100 حرف."),
        ({"contact": "given", "phone": "0791234567", "name": "س" * 101}, "اكتب الاسم بالأحرف، حتى 100 حرف."),
    ],
)
def test_invalid_contact_is_refused(
    contact: dict[str, str], error: str, jordan: Jordan, browser: Browser
) -> None:
    go_to_destination(browser, kind="question").send(to="us").send(**contact)
    assert browser.errors == [error]
    assert all(
        browser.page.select(f'input[name="{name}"][value="{value}"]') for name, value in contact.items()
    )


def test_contact_fields_are_ignored_without_contact(jordan: Jordan, browser: Browser) -> None:
    go_to_check(browser, contact="none", name="سامر", phone="xx")
    assert "سامر" not in browser.text
    assert "لا اسم في طلبك" in browser.text


def test_identity_is_asked_only_where_the_topic_requires_it(jordan: Jordan, browser: Browser) -> None:
    topic = Service.objects.filter(entity__code="MOH").first()
    assert topic
    Service.objects.filter(pk=topic.pk).update(needs_identity=True, about_place=False)
    refresh_versions()
    go_to_destination(browser, kind="question").send(to=f"MOH/{topic.code}")
    assert browser.title == "من أنت، وكيف نصل إليك؟"
    assert browser.send().errors == [
        "اكتب اسمك، فهذا الموضوع لا يُعالج دون هوية صاحبه",
        "اكتب رقمك الوطني أو الشخصي، أو رقم جواز سفرك",
    ]
    assert browser.send(name="سامر عواد", national_number="12").errors == ["الرقم الوطني أو الشخصي 10 أرقام."]
    assert browser.send(national_number="٩٨٧١٠١٢٣٤٥").title == "راجع طلبك قبل الإرسال"
    assert "9871012345" in browser.text


def test_only_a_public_topic_asks_for_consent_to_publication(jordan: Jordan, browser: Browser) -> None:
    topic = Service.objects.filter(entity__code="MOH", handling="open").first()
    assert topic
    Service.objects.filter(pk=topic.pk).update(public=True, needs_identity=False, about_place=False)
    refresh_versions()
    go_to_destination(browser, kind="question").send(to=f"MOH/{topic.code}")
    assert browser.page.select("input[name=agreed]")
    browser.send(contact="none", agreed="1")
    assert "دون اسمك وما كتبته" in browser.text
    browser.send("send")
    assert Case.objects.get().agreed


def test_check_page_shows_the_deadline_and_who_sees_the_name(jordan: Jordan, browser: Browser) -> None:
    go_to_check(browser, contact="given", name="سامر عواد", phone="٠٧٩ ١٢٣ ٤٥٦٧")
    assert "079 123 4567" in browser.text
    assert "يصلك الرد يوم الثلاثاء 1 كانون الأول أو قبله" in browser.text
    assert "يرى اسمك ورقمك موظفو الجهة" in browser.text
    browser.send("contact").send(withhold="1")
    assert "لا ترى الجهة اسمك ولا رقمك" in browser.text


def test_unsure_kind_is_guessed(jordan: Jordan, browser: Browser) -> None:
    browser.open("/new").send(kind="unsure")
    assert browser.title == "ماذا تريد أن تقول؟"
    browser.send(text=POTHOLE).send(to="GAM/-").send().send(contact="none")
    assert "شكوى" in browser.text


@pytest.mark.parametrize(
    ("kind", "text", "draft"),
    [
        ("complaint", POTHOLE, "keep"),
        ("praise", "شكرًا لموظف الاستقبال", "keep"),
        ("violation", "محل بلا رخصة", "drop"),
    ],
)
def test_draft_on_the_device_excludes_violations(
    kind: str, text: str, draft: str, jordan: Jordan, browser: Browser
) -> None:
    browser.open(f"/new?kind={kind}")
    assert not browser.page.select("[data-draft=keep]")
    if kind == "violation":
        browser.send(fear="no")
    browser.send(text=text)
    form = browser.page.select_one("form#answers")
    assert form and form["data-draft"] == draft


def test_resumed_draft_opens_at_its_step(jordan: Jordan, browser: Browser) -> None:
    browser.open("/new").send(kind="complaint", text=POTHOLE, to="GAM/-", go="resume")
    assert browser.title == "أين؟"


def test_link_can_preset_the_topic(jordan: Jordan, browser: Browser) -> None:
    topic = Service.objects.get(entity__code="GAM", name_ar="إنارة الشوارع")
    browser.open(f"/new?topic={topic.code}&kind=complaint").send(text="الشارع مظلم").send(
        governorate="GOV-AM"
    )
    assert browser.send(contact="none").title == "راجع طلبك قبل الإرسال"
    assert "إنارة الشوارع" in browser.text


def test_closed_body_is_asked_for_again(jordan: Jordan, browser: Browser) -> None:
    go_to_destination(browser, kind="question").send(to="MOH/-")
    Entity.objects.filter(code="MOH").update(closed_on=(NOON - DAY).date())
    refresh_versions()
    browser.send(contact="none")
    assert browser.title == "إلى أي جهة؟"
    assert "MOH/-" not in browser.choices("to")


def test_closed_topic_is_asked_for_again(jordan: Jordan, browser: Browser) -> None:
    topic = Service.objects.get(entity__code="GAM", name_ar="إنارة الشوارع")
    go_to_destination(browser).send(to=f"GAM/{topic.code}")
    Service.objects.filter(pk=topic.pk).update(closed_on=(NOON - DAY).date())
    refresh_versions()
    browser.send(governorate="GOV-AM")
    assert browser.title == "عن أي موضوع؟"


def test_subject_of_a_complaint_is_stored_and_gated(jordan: Jordan, browser: Browser) -> None:
    go_to_destination(browser).open("/new?kind=complaint").send(
        text=POTHOLE, about_employee="سامي الحسن", about_unit="قسم الطرق"
    )
    browser.send(to="GAM/-").send(governorate="GOV-AM").send(contact="none")
    assert "سامي الحسن، قسم الطرق" in browser.text
    browser.send("إرسال الطلب")
    (case,) = Case.objects.select_related("particulars")
    assert (case.particulars.about_employee, case.particulars.about_unit) == ("سامي الحسن", "قسم الطرق")
    browser.open("/new?kind=complaint").send(text=POTHOLE, about_unit=BRIBE_TEXT)
    assert browser.answer.templates[0].name == "portal/new_case/gate.html"


def test_question_ignores_the_subject_of_a_complaint(jordan: Jordan, browser: Browser) -> None:
    browser.open("/new?kind=question")
    assert not browser.page.select("#id_about_employee")
    browser.send(text="متى يفتح المكتب؟", about_employee="سامي الحسن")
    browser.send(to="GAM/-").send(contact="none").send("إرسال الطلب")
    (case,) = Case.objects.select_related("particulars")
    assert case.particulars.about_employee == ""
