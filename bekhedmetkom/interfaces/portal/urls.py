"""The portal's addresses: Arabic as they stand, English under `/en`."""

from django.urls import path

from . import entities, pages, problems, published
from .app import manifest
from .app import pages as app
from .case import contact, forgotten, push
from .case import views as case
from .mine import sign_in
from .mine import views as mine
from .new import device
from .new import views as new

app_name = "portal"

urlpatterns = [
    path("", pages.home, name="home"),
    path("new", new.new, name="new"),
    path("embed/new", new.framed, name="embed"),
    path("kiosk", new.framed, name="kiosk"),
    path("new/received", new.received, name="received"),
    path("new/send", device.send, name="send"),
    path("new/shared", device.shared, name="shared"),
    path("new/offline", app.write_offline, name="write-offline"),
    path("new/waiting", app.waiting, name="waiting"),
    path("offline", app.offline, name="offline"),
    path("manifest.webmanifest", manifest.manifest, name="manifest"),
    path("track", case.track, name="track"),
    path("track/forgotten", forgotten.forgotten, name="forgotten"),
    path("mine", mine.mine, name="mine"),
    path("mine/sign-in", sign_in.sign_in, name="sign-in"),
    path("mine/signed-in", sign_in.signed_in, name="signed-in"),
    path("mine/leave", mine.leave, name="leave"),
    path("c/<str:reference>", case.case, name="case"),
    path("c/<str:reference>/write", case.write, name="write"),
    path("c/<str:reference>/rate", case.rate, name="rate"),
    path("c/<str:reference>/appeal", case.appeal, name="appeal"),
    path("c/<str:reference>/withdraw", case.withdraw, name="withdraw"),
    path("c/<str:reference>/private", case.private, name="private"),
    path("c/<str:reference>/erase", case.erase, name="erase"),
    path("c/<str:reference>/contact", contact.contact, name="contact"),
    path("c/<str:reference>/notify", contact.notify, name="notify"),
    path("c/<str:reference>/push", push.push, name="push"),
    path("c/<str:reference>/close", case.close, name="close"),
    path("entities", entities.entities, name="entities"),
    path("entities/<str:code>", entities.entity, name="entity"),
    path("answers/<str:reference>", published.published, name="published"),
    path("problems", problems.problems, name="problems"),
    path("problems/<int:number>", problems.problem, name="problem"),
    path("help", pages.help_page, name="help"),
    path("privacy", pages.privacy, name="privacy"),
    path("terms", pages.terms, name="terms"),
    path("accessibility", pages.accessibility, name="accessibility"),
    path("confidential", pages.confidential, name="confidential"),
]
