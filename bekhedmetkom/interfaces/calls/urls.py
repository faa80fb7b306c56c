"""The console of the national call centre. No address names a caller: calls and call-backs have their own numbers."""

from django.urls import path

from . import back, call, home

app_name = "calls"
urlpatterns = [
    path("calls", home.home, name="home"),
    path("calls/ringing", home.rings, name="ringing"),
    path("calls/line", home.line, name="line"),
    path("calls/back", back.following, name="next"),
    path("calls/back/<int:pk>", back.back, name="back"),
    path("calls/back/<int:pk>/tried", back.tried, name="tried"),
    path("calls/back/<int:pk>/spoke", back.spoke, name="spoke"),
    path("calls/back/<int:pk>/prove", back.prove, name="prove-back"),
    path("calls/<int:pk>", call.call, name="call"),
    path("calls/<int:pk>/take", home.taking, name="take"),
    path("calls/<int:pk>/draft", call.draft, name="draft"),
    path("calls/<int:pk>/register", call.register, name="register"),
    path("calls/<int:pk>/prove", call.prove, name="prove"),
    path("calls/<int:pk>/write", call.write, name="write"),
    path("calls/<int:pk>/hear", call.hear, name="hear"),
    path("calls/<int:pk>/appeal", call.appeal, name="appeal"),
    path("calls/<int:pk>/wrap", call.wrap, name="wrap"),
]
