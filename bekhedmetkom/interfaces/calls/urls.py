"""The console of the national call centre. No address names a caller: calls and call-backs have their own numbers."""

from django.urls import path

from . import back, call, home

app_name = "calls"
urlpatterns = [
    path("calls", home.home, name="home"),
    path("calls/ringing", home.rings, name="ringing"),
    path("calls/line", home.line, name="line"),
    path("calls/back", back.following, name="next"),
    path("calls/back/<int:back>", back.back, name="back"),
    path("calls/back/<int:back>/tried", back.tried, name="tried"),
    path("calls/back/<int:back>/spoke", back.spoke, name="spoke"),
    path("calls/back/<int:back>/prove", back.prove, name="prove-back"),
    path("calls/<int:call>", call.call, name="call"),
    path("calls/<int:call>/take", home.taking, name="take"),
    path("calls/<int:call>/draft", call.draft, name="draft"),
    path("calls/<int:call>/register", call.register, name="register"),
    path("calls/<int:call>/prove", call.prove, name="prove"),
    path("calls/<int:call>/write", call.write, name="write"),
    path("calls/<int:call>/hear", call.hear, name="hear"),
    path("calls/<int:call>/appeal", call.appeal, name="appeal"),
    path("calls/<int:call>/wrap", call.wrap, name="wrap"),
]
