"""Addresses of the desk. A verb's form and its sending have the same address."""

from django.urls import path

from . import (
    acts,
    approval,
    counts,
    distribution,
    drafts,
    exports,
    keeping,
    leave,
    lists,
    passed,
    people,
    presence,
    printing,
    quality,
    registering,
    related,
    templating,
    undoing,
)

app_name = "desk"
urlpatterns = [
    path("desk", lists.queue, name="list"),
    path("desk/counts", counts.counts, name="counts"),
    path("desk/views", keeping.save, name="views"),
    path("desk/view", keeping.change, name="view"),
    path("desk/look", keeping.look, name="look"),
    path("desk/export", exports.export, name="export"),
    path("desk/approval", approval.approval, name="approval"),
    path("desk/distribution", distribution.distribution, name="distribution"),
    path("desk/distribution/trial", distribution.dry_run, name="trial"),
    path("desk/leave", leave.leave, name="leave"),
    path("desk/leave/<int:leave>", leave.meanwhile, name="meanwhile"),
    path("desk/leave/<int:leave>/back", leave.back, name="back"),
    path("desk/templates", templating.templates, name="templates"),
    path("desk/templates/<int:key>", templating.template, name="template"),
    path("desk/quality", passed.passed, name="passed"),
    path("desk/register", registering.register, name="register"),
    path("desk/people", people.people, name="people"),
    path("desk/people/open", people.opened, name="people-open"),
    path("desk/cases/<str:reference>/print", printing.printed, name="print"),
    path("desk/cases/<str:reference>", acts.case, name="case"),
    path("desk/cases/<str:reference>/check", quality.check, name="check"),
    path("desk/cases/<str:reference>/undo", undoing.undo, name="undo"),
    path("desk/cases/<str:reference>/here", presence.here, name="here"),
    path("desk/cases/<str:reference>/related", related.related, name="related"),
    path("desk/cases/<str:reference>/<slug:verb>", acts.act, name="act"),
    path("desk/cases/<str:reference>/<slug:verb>/keep", drafts.keep, name="keep"),
]
