"""URLs of the portal: Arabic without a prefix, English under `/en`."""

from django.urls import path

from .information import entities, pages, problems, published_answers
from .my_cases import national_identity
from .my_cases import views as my_cases_views
from .new_case import offline_submission
from .new_case import views as new_case_views
from .pwa import metadata, offline
from .tracking import code_recovery, contact, notification_preferences
from .tracking import views as tracking_views

app_name = "portal"

urlpatterns = [
    path("", pages.show_home, name="home"),
    path("new", new_case_views.write_case, name="new"),
    path("embed/new", new_case_views.write_framed_case, name="embed"),
    path("kiosk", new_case_views.write_framed_case, name="kiosk"),
    path("new/received", new_case_views.show_received_case, name="received"),
    path("new/send", offline_submission.submit_offline_case, name="send"),
    path("new/shared", offline_submission.receive_shared_content, name="shared"),
    path("new/offline", offline.show_offline_form, name="write-offline"),
    path("new/waiting", offline.show_outbox, name="waiting"),
    path("offline", offline.show_offline_page, name="offline"),
    path("manifest.webmanifest", metadata.show_manifest, name="manifest"),
    path("track", tracking_views.track_case, name="track"),
    path("track/forgotten", code_recovery.recover_code, name="forgotten"),
    path("mine", my_cases_views.show_my_cases, name="mine"),
    path("mine/sign-in", national_identity.start_sign_in, name="sign-in"),
    path("mine/signed-in", national_identity.complete_sign_in, name="signed-in"),
    path("mine/leave", my_cases_views.leave_my_cases, name="leave"),
    path("c/<str:reference>", tracking_views.show_case, name="case"),
    path("c/<str:reference>/write", tracking_views.add_message, name="write"),
    path("c/<str:reference>/rate", tracking_views.rate_case, name="rate"),
    path("c/<str:reference>/appeal", tracking_views.appeal_case, name="appeal"),
    path("c/<str:reference>/withdraw", tracking_views.withdraw_case, name="withdraw"),
    path("c/<str:reference>/private", tracking_views.keep_case_private, name="private"),
    path("c/<str:reference>/erase", tracking_views.erase_case, name="erase"),
    path("c/<str:reference>/contact", contact.edit_contact, name="contact"),
    path("c/<str:reference>/notify", notification_preferences.edit_notifications, name="notify"),
    path("c/<str:reference>/push", notification_preferences.edit_push_subscription, name="push"),
    path("c/<str:reference>/close", tracking_views.close_in_browser, name="close"),
    path("entities", entities.show_entities, name="entities"),
    path("entities/<str:code>", entities.show_entity, name="entity"),
    path("answers/<str:reference>", published_answers.show_published_answer, name="published"),
    path("problems", problems.show_problems, name="problems"),
    path("problems/<int:number>", problems.show_problem, name="problem"),
    path("help", pages.show_help, name="help"),
    path("privacy", pages.show_privacy, name="privacy"),
    path("terms", pages.show_terms, name="terms"),
    path("accessibility", pages.show_accessibility, name="accessibility"),
    path("confidential", pages.show_confidential_reporting, name="confidential"),
]
