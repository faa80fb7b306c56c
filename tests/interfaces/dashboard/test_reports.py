"""Reports of months: whose they are, that page, paper and sheets say one thing, and having them by mail."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from bekhedmetkom.analytics.commands.reports import make_reports
from bekhedmetkom.analytics.models import RollUp
from bekhedmetkom.analytics.rules.measures import MEASURES
from bekhedmetkom.analytics.storage import ReportSubscription
from tests.commands.analytics.rollup_rows import build_rollup_row
from tests.interfaces.dashboard.conftest import DashboardBrowser
from tests.pdf_text import extract_pdf_text
from tests.personas import NOON, Jordan

pytestmark = pytest.mark.django_db

SignIn = Callable[..., DashboardBrowser]
OCTOBER_FILTERS, CABINET_ADDRESS = {"from": "2026-10-01", "to": "2026-10-31"}, ("2026-10", "cabinet")
CASES_BY_MONTH = {date(2026, 9, 1): 400, date(2026, 10, 1): 500}
PERCENT_PATTERN = re.compile(r"\d+(?:\.\d)?%")


@pytest.fixture
def reported(jordan: Jordan) -> Jordan:
    """Two bodies with a September and an October, and the reports of both months."""
    rows = []
    for code, place, share in (("GAM", "GOV-AM", 0.7), ("MOH", "GOV-IR", 0.93)):
        for month, n in CASES_BY_MONTH.items():
            kept = round(n * share)
            counts = {
                "received": n, "answered": n, "entered": n, "gone": n - 40, "kept": kept, "missed": n - kept,
                "yes": n // 3, "no": n // 5, "late_in": 35, "upheld": 12, "rejected": 25, "adopted": 3, "committed": 2,
            }  # fmt: skip
            parts: list[dict[str, Any]] = [
                {"entity": jordan.entities[code]},
                {"governorate": jordan.governorates[place]},
            ]
            rows += [build_rollup_row(month, counts, span="month", **part) for part in parts]
    for month in CASES_BY_MONTH:
        both = [made for made in rows if made.span == "month" and made.day == month and made.entity]
        rows.append(
            build_rollup_row(
                month, {name: sum(getattr(one, name) for one in both) for name in counts}, span="month"
            )
        )
    rows += [
        build_rollup_row(min(CASES_BY_MONTH), {}),
        *_build_yearly_rows(rows),
    ]  # the first day of all; and what was open is read by years
    RollUp.objects.bulk_create(rows)
    make_reports(NOON)
    return jordan


def _build_yearly_rows(months: list[RollUp]) -> list[RollUp]:
    """The same cells by year."""
    sums: dict[tuple[tuple[str, int], ...], Counter[str]] = {}
    for one in months:
        cell = tuple((name, getattr(one, name)) for name in ("entity", "governorate") if getattr(one, name))
        sums.setdefault(cell, Counter()).update({name: getattr(one, name) or 0 for name in MEASURES})
    return [build_rollup_row(date(2026, 1, 1), of, span="year", **dict(cell)) for cell, of in sums.items()]


def read_csv_lines(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_its_numbers_are_those_of_the_page_to_the_last_digit(reported: Jordan, sits: SignIn) -> None:
    pm = sits(reported.pm)
    for of_report, of_page, columns in (
        ("totals", "figures", 99),
        ("ranking", "ranking", 17),
        ("places", "places", 11),
    ):
        page = read_csv_lines(pm.get("sheet", of_page, "csv", **OCTOBER_FILTERS))
        report = read_csv_lines(pm.get("report_sheet", *CABINET_ADDRESS, of_report, "csv"))
        assert [line[:columns] for line in report[1:]] == [line[:columns] for line in page[1:]]
        assert len(report) > 2
    own = read_csv_lines(pm.get("report_sheet", "2026-10", "GAM", "totals", "csv"))
    page = read_csv_lines(pm.get("sheet", "figures", "csv", entity="GAM", **OCTOBER_FILTERS))
    assert [line[:13] for line in own[1:]] == [line[:13] for line in page[1:]]


def test_the_paper_says_what_the_tables_say_and_nothing_else(reported: Jordan, sits: SignIn) -> None:
    pm = sits(reported.pm)
    answer = pm.get("report_paper", *CABINET_ADDRESS)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content == pm.get("report_paper", *CABINET_ADDRESS).content
    runs = [run for run in extract_pdf_text(answer.content) if run.strip()]
    on_paper = {share for run in runs for share in PERCENT_PATTERN.findall(run)}
    page = pm.page("report", *CABINET_ADDRESS).text
    in_tables = {
        f"{float(cell):.1f}%"
        for name in ("totals", "ranking", "places", "overdue", "appeals", "channels")
        for line in read_csv_lines(pm.get("report_sheet", *CABINET_ADDRESS, name, "csv"))[1:]
        for cell in line if re.fullmatch(r"\d+\.\d", cell)
    }  # fmt: skip
    assert {"81.5%", "70.0%", "93.0%"} <= in_tables & on_paper
    exact = {share for share in on_paper if "." in share}
    assert exact <= in_tables | set(PERCENT_PATTERN.findall(page))
    assert "1,000" in runs  # received by both together


def test_who_watches_a_body_has_its_reports_alone(reported: Jordan, sits: SignIn) -> None:
    manager, outsider = sits(reported.manager), sits(reported.roads_officer)
    page = manager.page("reports")
    assert page.select(".month h2 a")[0]["href"] == "/dashboard/reports/2026-10/GAM"
    assert not page.select("option[value=cabinet]")
    assert "بخدمتكم" in manager.page("report", "2026-10", "GAM").text
    assert manager.get("report_paper", "2026-10", "GAM").content.startswith(b"%PDF")
    for address in (
        CABINET_ADDRESS,
        ("2026-10", "MOH"),
        ("2026-11", "GAM"),
        ("2026-13", "GAM"),
        ("2026-W1", "GAM"),
    ):
        assert [manager.get(page, *address).status_code for page in ("report", "report_paper")] == [404, 404]
    assert outsider.get("reports").status_code == 403


def test_every_table_can_be_taken_along_in_both_languages(reported: Jordan, sits: SignIn) -> None:
    pm = sits(reported.pm)
    for code in ("cabinet", "GAM"):
        links = [str(link["href"]) for link in pm.page("report", "2026-10", code).select(".sheets a")]
        assert len(links) >= 8
        tried = [link for link in links if link.endswith("csv")] + links[:1]
        assert {pm.client.get(f"/en{link}").status_code for link in tried} == {200}
        english = pm.client.get(f"/en/dashboard/reports/2026-10/{code}")
        assert english.status_code == 200
        assert "Recommendations" in english.content.decode()
        paper = pm.client.get(f"/en/dashboard/reports/2026-10/{code}.pdf")
        assert any("Recommendations" in run for run in extract_pdf_text(paper.content))


def test_by_mail_and_no_more(reported: Jordan, sits: SignIn) -> None:
    head = sits(reported.head)
    assert head.post("reports_by_mail", of="GAM").status_code == 302
    assert ReportSubscription.objects.count() == 1
    assert head.page("reports", of="GAM").select("button[name=stop]")
    assert head.post("reports_by_mail", of="cabinet").status_code == 404
    assert head.post("reports_by_mail", of="GAM", stop="1").status_code == 302
    assert not ReportSubscription.objects.exists()
