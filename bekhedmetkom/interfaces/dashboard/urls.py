"""Addresses of the dashboard."""

from django.urls import path

from . import alerts, behind, board, definitions, instructing, outlook, priorities, screens, sheets, use
from .reports import views as reports

app_name = "dashboard"
urlpatterns = [
    path("dashboard", board.page, name="board"),
    path("dashboard/now", board.now, name="now"),
    path("dashboard/cases/<slug:key>", behind.cases, name="cases"),
    path("dashboard/ask/<slug:key>", instructing.ask, name="ask"),
    path("dashboard/screens", screens.screens, name="screens"),
    path("wall", screens.screen, name="screen"),
    path("wall/now", screens.now, name="screen-now"),
    path("wall/token", screens.token, name="screen-token"),
    path("wall/open/<str:token>", screens.opened, name="open-screen"),
    path("dashboard/forecast", outlook.page, name="forecast"),
    path("dashboard/alerts", alerts.page, name="alerts"),
    path("dashboard/alerts/<int:alert>/quiet", alerts.quiet, name="quiet"),
    path("dashboard/priorities", priorities.page, name="priorities"),
    path("dashboard/priorities/decide", priorities.note, name="decide"),
    path("dashboard/interaction", use.page, name="interaction"),
    path("dashboard/reports", reports.page, name="reports"),
    path("dashboard/reports/mail", reports.by_mail, name="reports_by_mail"),
    path("dashboard/reports/<slug:month>/<slug:code>", reports.read, name="report"),
    path("dashboard/reports/<slug:month>/<slug:code>.pdf", reports.paper, name="report_paper"),
    path(
        "dashboard/reports/<slug:month>/<slug:code>/<slug:name>.<slug:form>",
        reports.sheet,
        name="report_sheet",
    ),
    path("dashboard/definitions", definitions.definitions, name="definitions"),
    path("dashboard/tables/<slug:name>", sheets.table, name="table"),
    path("dashboard/tables/<slug:name>.<slug:form>", sheets.sheet, name="sheet"),
]
