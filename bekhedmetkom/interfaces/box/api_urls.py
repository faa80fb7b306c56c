"""URLs that the box's scripts call, without a language prefix."""

from django.urls import path

from .commission import api
from .discloser import encrypted_api, pages

REPORT_PATH = "commission/reports/<uuid:report>"
REQUEST_PATH = "commission/requests/<uuid:report>"

app_name = "box_api"
urlpatterns = [
    path("healthz", pages.healthz, name="healthz"),
    path("manifest", encrypted_api.show_manifest, name="manifest"),
    path("sealed", encrypted_api.submit_encrypted_report, name="sealed"),
    path("open", encrypted_api.open_conversation, name="open"),
    path("answer", encrypted_api.send_encrypted_message, name="answer"),
    path("file", encrypted_api.download_encrypted_file, name="file"),
    path("commission/challenge", api.create_challenge, name="challenge"),
    path("commission/session", api.handle_session, name="session"),
    path("commission/reports", api.list_reports, name="reports"),
    path("commission/journal", api.list_journal, name="journal"),
    path("commission/requests", api.list_identity_requests, name="requests"),
    path(f"{REPORT_PATH}/opened", api.open_report, name="opened"),
    path(f"{REPORT_PATH}/message", api.send_message, name="message"),
    path(f"{REPORT_PATH}/status", api.set_status, name="status"),
    path(f"{REPORT_PATH}/identity/ask", api.request_identity, name="ask"),
    path(f"{REPORT_PATH}/parts/<uuid:identifier>", api.download_part, name="part"),
    path(f"{REPORT_PATH}/ring", api.renew_key_ring, name="ring"),
    path(f"{REPORT_PATH}/rings", api.list_former_key_rings, name="rings"),
    path(f"{REQUEST_PATH}/opened", api.open_identity, name="identity"),
    path(f"{REQUEST_PATH}/release", api.release_identity, name="release"),
    path(f"{REQUEST_PATH}/refuse", api.refuse_identity, name="refuse"),
]
