"""URLs of the call console. None contains a phone number: calls and call-backs have numbers of their own."""

from django.urls import path

from . import call, call_backs, home

app_name = "calls"
urlpatterns = [
    path("calls", home.show_home, name="home"),
    path("calls/ringing", home.show_ringing_calls, name="ringing"),
    path("calls/line", home.save_line, name="line"),
    path("calls/back", call_backs.take_next_call_back, name="next"),
    path("calls/back/<int:pk>", call_backs.show_call_back, name="back"),
    path("calls/back/<int:pk>/tried", call_backs.record_attempt, name="tried"),
    path("calls/back/<int:pk>/spoke", call_backs.record_conversation, name="spoke"),
    path("calls/back/<int:pk>/prove", call_backs.verify_citizen, name="prove-back"),
    path("calls/<int:pk>", call.show_call, name="call"),
    path("calls/<int:pk>/take", home.accept_call, name="take"),
    path("calls/<int:pk>/draft", call.save_draft, name="draft"),
    path("calls/<int:pk>/register", call.register_case, name="register"),
    path("calls/<int:pk>/prove", call.verify_caller, name="prove"),
    path("calls/<int:pk>/write", call.add_message, name="write"),
    path("calls/<int:pk>/hear", call.record_resolution, name="hear"),
    path("calls/<int:pk>/appeal", call.submit_appeal, name="appeal"),
    path("calls/<int:pk>/wrap", call.wrap_up_call, name="wrap"),
]
