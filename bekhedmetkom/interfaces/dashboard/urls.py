"""Addresses of the dashboard."""

from django.urls import path

from . import board, definitions, sheets

app_name = "dashboard"
urlpatterns = [
    path("dashboard", board.page, name="board"),
    path("dashboard/now", board.now, name="now"),
    path("dashboard/definitions", definitions.definitions, name="definitions"),
    path("dashboard/tables/<slug:name>", sheets.table, name="table"),
    path("dashboard/tables/<slug:name>.<slug:form>", sheets.sheet, name="sheet"),
]
