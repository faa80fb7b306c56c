"""URLs of the box's pages."""

from django.urls import path

from .discloser import conversation, pages, receipt_login, report_form

app_name = "box"
urlpatterns = [
    path("", pages.home, name="home"),
    path("carried", pages.show_carried_text, name="carried_text"),
    path("protection", pages.protection, name="protection"),
    path("commission", pages.commission, name="commission"),
    path("left", pages.leave_site, name="exit"),
    path("send", report_form.submit_report, name="send"),
    path("check", receipt_login.check_receipt, name="receipt_check"),
    path("words", receipt_login.log_in, name="receipt_login"),
    path("words/again", receipt_login.retry_login, name="retry_login"),
    path("talk", conversation.show_conversation, name="conversation"),
    path("talk/<int:turn>/<int:place>/<uuid:identifier>", conversation.download_file, name="file"),
]
