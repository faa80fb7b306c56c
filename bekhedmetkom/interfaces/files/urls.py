"""One address; what follows `/files/` says what for, and until when."""

from django.urls import path

from .views import serve_file

urlpatterns = [path("files/<str:token>", serve_file, name="file")]
