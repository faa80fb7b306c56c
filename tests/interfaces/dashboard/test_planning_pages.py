"""What is expected, unusual, to be planned, and used: the pages with something on them, and forms sent wrongly."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bekhedmetkom.analytics.commands.alerts import update_alerts
from bekhedmetkom.analytics.commands.forecast import update_forecasts
from bekhedmetkom.analytics.commands.priorities import update_priorities
from bekhedmetkom.analytics.models import RollUp
from bekhedmetkom.analytics.storage import Alert, AppDownloads, Mute, PlanningDecision
from tests.commands.analytics.rollup_rows import build_rollup_row
from tests.interfaces.dashboard.conftest import DashboardBrowser
from tests.personas import NOON, Jordan

pytestmark = pytest.mark.django_db

TODAY = NOON.date()
SignIn = Callable[..., DashboardBrowser]


def insert_150_days(jordan: Jordan) -> None:
    """A body with 150 days of cases, whose answers come late since a week."""
    entity = jordan.entities["GAM"]
    cell = {
        "entity": entity,
        "service": jordan.services["GAM-002"],
        "governorate": jordan.governorates["GOV-AM"],
    }
    rows = []
    for back in range(1, 151):
        came = 16 + (back * 7) % 9
        kept = came // 3 if back < 8 else came - 1
        counts = {"received": came, "answered": came, "entered": came, "gone": came - 1, "kept": kept,
                  "missed": came - kept, "yes": came // 2, "no": came // 4}  # fmt: skip
        parts: list[dict[str, Any]] = [cell, {"entity": entity}, {}]
        rows += [build_rollup_row(TODAY - timedelta(days=back), counts, **part) for part in parts]
    RollUp.objects.bulk_create(rows)
    update_forecasts(NOON)
    update_alerts(NOON)
    update_priorities(NOON)


def test_what_is_expected_says_how_far_off_it_was(jordan: Jordan, sits: SignIn) -> None:
    insert_150_days(jordan)
    page = sits(jordan.pm).page("forecast")
    assert len(page.select("section.chart")) == 2
    assert len(page.select("section.chart tbody tr")) == 28
    assert "جرّبنا هذا التوقع على أيام مضت (1,477 مرة)" in page.text or "لم يكن أدق" in page.text
    assert sits(jordan.pm).page("forecast", entity="MOH").select(".callout")


def test_an_alert_has_its_evidence_and_is_muted_with_a_reason(jordan: Jordan, sits: SignIn) -> None:
    insert_150_days(jordan)
    head, alert = sits(jordan.head), Alert.objects.get(indicator="on_time")
    page = head.page("alerts")
    said = page.select_one(f"section:has(#alert-{alert.pk})")
    assert said
    assert len(said.select(".alert__weeks li")) == 12
    links = [str(link["href"]) for link in said.select(".alert__links a")]
    assert any("/dashboard?" in link and "entity=GAM" in link for link in links)
    assert any("/dashboard/cases/on_time?" in link for link in links)
    wrong = head.post("quiet", alert.pk, until="9999-99-99", reason="نقل الأرشيف")
    assert (wrong.status_code, Mute.objects.count()) == (422, 0)
    assert "نقل الأرشيف" in wrong.content.decode()
    assert head.post("quiet", alert.pk, until="2026-12-01", reason="نقل\0 الأرشيف").status_code == 302
    assert "نقل الأرشيف" in head.page("alerts").text
    assert head.post("quiet", alert.pk, again="1").status_code == 302
    assert not Mute.objects.exists()
    assert sits(jordan.manager).post("quiet", alert.pk, until="2026-12-01", reason="سبب").status_code == 404
    assert sits(jordan.manager).page("alerts").select(f"#alert-{alert.pk}")
    assert not sits(jordan.manager).page("alerts").select("form[action*=quiet]")


def test_who_heads_a_body_meets_it_among_what_needs_them(jordan: Jordan, sits: SignIn) -> None:
    insert_150_days(jordan)
    needs = sits(jordan.head).client.get("/desk/needs-you")
    assert "card-unusual" in needs.content.decode()


def test_priorities_are_ranked_by_the_weights_of_the_address_and_decided(
    jordan: Jordan, sits: SignIn
) -> None:
    insert_150_days(jordan)
    head = sits(jordan.head)
    page = head.page("priorities", w_age="100", w_harm="x", w_reach="-1", w_volume="99999")
    assert [field["value"] for field in page.select(".weights__fields input")] == [
        "25",
        "30",
        "20",
        "100",
        "10",
    ]
    (gap,) = page.select("li.gap")
    assert len(gap.select(".gap__parts dd")) == 5
    form = {"entity": "GAM", "topic": "GAM-002", "place": "GOV-AM"}
    wrong = head.post("decide", **form, day="2026-12-31", words="فرقة ثانية")
    assert (wrong.status_code, PlanningDecision.objects.count()) == (422, 0)
    assert "فرقة ثانية" in wrong.content.decode()
    assert head.post("decide", **form, day="2026-11-01", words="فرقة ثانية").status_code == 302
    assert "فرقة ثانية" in head.page("priorities").text
    for other in ({"topic": "X"}, {"place": ""}, {"entity": "MOH"}):
        given = {**form, **other, "day": "2026-11-01", "words": "فرقة ثانية"}
        assert head.post("decide", **given).status_code == 404
    assert sits(jordan.manager).post("decide", **form, day="2026-11-01", words="فرقة").status_code == 404


def test_interaction_says_where_numbers_of_stores_come_from(jordan: Jordan, sits: SignIn) -> None:
    AppDownloads.objects.create(
        month=TODAY.replace(day=1), store="google", count=1200, source="لوحة المتجر، 24 تشرين الثاني"
    )
    page = sits(jordan.pm).page("interaction")
    assert "لوحة المتجر" in page.text
    assert "1,200" in page.text
