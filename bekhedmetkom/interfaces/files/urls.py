"""One address; what follows `/files/` says what for, and until when."""

from django.urls import path

from .views import file

urlpatterns = [path("files/<str:token>", file, name="file")]
