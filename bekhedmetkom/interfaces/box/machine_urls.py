"""What the box's scripts ask: in no language."""

from django.urls import path

from . import commission, pages, sealed

R = "commission/reports/<uuid:report>"
Q = "commission/requests/<uuid:report>"

app_name = "machine"
urlpatterns = [
    path("healthz", pages.healthz, name="healthz"),
    path("manifest", sealed.manifest, name="manifest"),
    path("sealed", sealed.send, name="sealed"),
    path("open", sealed.come_back, name="open"),
    path("answer", sealed.answer, name="answer"),
    path("file", sealed.file, name="file"),
    path("commission/challenge", commission.challenge, name="challenge"),
    path("commission/session", commission.session, name="session"),
    path("commission/reports", commission.reports, name="reports"),
    path("commission/journal", commission.lines, name="journal"),
    path("commission/requests", commission.requests, name="requests"),
    path(f"{R}/opened", commission.opened, name="opened"),
    path(f"{R}/message", commission.message, name="message"),
    path(f"{R}/status", commission.status, name="status"),
    path(f"{R}/identity/ask", commission.ask_for_identity, name="ask"),
    path(f"{R}/parts/<uuid:identifier>", commission.part, name="part"),
    path(f"{R}/ring", commission.ring, name="ring"),
    path(f"{R}/rings", commission.rings, name="rings"),
    path(f"{Q}/opened", commission.identity, name="identity"),
    path(f"{Q}/release", commission.release, name="release"),
    path(f"{Q}/refuse", commission.refuse, name="refuse"),
]
