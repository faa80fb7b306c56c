"""The page stands under `/api/v1` in Arabic and under `/en/api/v1` in English, like every page."""

from django.urls import path, re_path

from ..problems import SORTS
from . import views

app_name = "api-docs"
urlpatterns = [
    path("docs", views.docs, name="docs"),
    re_path(rf"^problems/(?P<slug>{'|'.join(SORTS)})$", views.problem, name="problem"),
]
