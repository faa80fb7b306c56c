"""URLs of the chat: Arabic without a prefix, English under `/en`."""

from django.urls import path

from . import views

app_name = "chat"

urlpatterns = [
    path("chat", views.show_chat, name="chat"),
    path("chat/leave", views.delete_chat, name="leave"),
]
