"""The box's pages."""

from django.urls import path

from . import pages, returning, sending, talking

app_name = "box"
urlpatterns = [
    path("", pages.home, name="home"),
    path("carried", pages.carried, name="carried"),
    path("protection", pages.protection, name="protection"),
    path("commission", pages.commission, name="commission"),
    path("left", pages.left, name="left"),
    path("send", sending.send, name="send"),
    path("check", returning.check, name="check"),
    path("words", returning.come_back, name="words"),
    path("words/again", returning.again, name="again"),
    path("talk", talking.talk, name="talk"),
    path("talk/<int:turn>/<int:place>/<uuid:identifier>", talking.file, name="file"),
]
