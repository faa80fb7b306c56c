"""Addresses of the dashboard."""

from django.urls import path

from . import (
    alerts,
    definitions,
    drill_down,
    forecast,
    instructions,
    priorities,
    table_pages,
    usage,
    wall_screens,
)
from .overview import views
from .reports import views as reports

app_name = "dashboard"
urlpatterns = [
    path("dashboard", views.show_overview, name="board"),
    path("dashboard/now", views.show_figures, name="now"),
    path("dashboard/cases/<slug:key>", drill_down.show_cases, name="cases"),
    path("dashboard/ask/<slug:key>", instructions.show_instruction_form, name="ask"),
    path("dashboard/screens", wall_screens.manage_wall_screens, name="screens"),
    path("wall", wall_screens.show_wall_screen, name="screen"),
    path("wall/now", wall_screens.show_wall_figures, name="screen-now"),
    path("wall/token", wall_screens.get_stream_token, name="screen-token"),
    path("wall/open/<str:token>", wall_screens.open_wall_screen, name="open-screen"),
    path("dashboard/forecast", forecast.show_forecast, name="forecast"),
    path("dashboard/alerts", alerts.show_alerts, name="alerts"),
    path("dashboard/alerts/<int:alert>/quiet", alerts.mute_or_unmute_alert, name="quiet"),
    path("dashboard/priorities", priorities.show_priorities, name="priorities"),
    path("dashboard/priorities/decide", priorities.record_decision_view, name="decide"),
    path("dashboard/interaction", usage.show_usage, name="interaction"),
    path("dashboard/reports", reports.show_reports, name="reports"),
    path("dashboard/reports/mail", reports.change_subscription, name="reports_by_mail"),
    path("dashboard/reports/<slug:month>/<slug:code>", reports.show_report, name="report"),
    path("dashboard/reports/<slug:month>/<slug:code>.pdf", reports.download_pdf, name="report_paper"),
    path(
        "dashboard/reports/<slug:month>/<slug:code>/<slug:name>.<slug:form>",
        reports.download_table,
        name="report_sheet",
    ),
    path("dashboard/definitions", definitions.show_definitions, name="definitions"),
    path("dashboard/tables/<slug:name>", table_pages.show_table, name="table"),
    path("dashboard/tables/<slug:name>.<slug:form>", table_pages.download_table, name="sheet"),
]
