"""URL patterns of the desk. An action's form and its submission share one address."""

from django.urls import path

from . import conversations, problems
from .body import approval_rules, bodies, distribution_rules, quality_report, reply_templates, workload
from .case import case_page, drafts, related_cases, reply_quality, undo
from .counter import counter_intake, people_search
from .leadership import attention, instructions
from .lists import bulk_actions, export, list_page, queue_counts, saved_views
from .officer import leave, notifications

app_name = "desk"
urlpatterns = [
    path("desk", list_page.show_list, name="list"),
    path("desk/counts", queue_counts.show_counts, name="counts"),
    path("desk/views", saved_views.save_view, name="views"),
    path("desk/view", saved_views.change_view, name="view"),
    path("desk/look", saved_views.save_display_settings, name="look"),
    path("desk/export", export.export_list, name="export"),
    path("desk/bell", notifications.show_notifications, name="bell"),
    path("desk/approval", approval_rules.edit_approval_rules, name="approval"),
    path("desk/distribution", distribution_rules.edit_distribution_rules, name="distribution"),
    path("desk/distribution/trial", distribution_rules.show_distribution_trial, name="trial"),
    path("desk/leave", leave.show_leave, name="leave"),
    path("desk/leave/<int:leave>", leave.show_leave_summary, name="meanwhile"),
    path("desk/leave/<int:leave>/back", leave.finish_leave, name="back"),
    path("desk/templates", reply_templates.show_templates, name="templates"),
    path("desk/templates/<int:key>", reply_templates.edit_template, name="template"),
    path("desk/quality", quality_report.show_quality_report, name="passed"),
    path("desk/register", counter_intake.register_case, name="register"),
    path("desk/people", people_search.show_people_search, name="people"),
    path("desk/people/open", people_search.open_found_case, name="people-open"),
    path("desk/cases/<str:reference>/print", case_page.print_case, name="print"),
    path("desk/needs-you", attention.show_attention, name="needs"),
    path("desk/talks", conversations.show_conversations, name="talks"),
    path("desk/talks/<uuid:key>", conversations.show_conversation, name="talk"),
    path("desk/problems", problems.show_problems, name="problems"),
    path("desk/problems/<int:number>", problems.handle_problem, name="problem"),
    path("desk/workload", workload.show_workload, name="workload"),
    path("desk/bodies", bodies.show_bodies, name="bodies"),
    path("desk/bodies/<str:code>", bodies.show_body, name="body"),
    path("desk/instructions", instructions.show_instructions, name="instructions"),
    path(
        "desk/instructions/figures/<int:instruction>",
        instructions.close_figure_instruction,
        name="figure-end",
    ),
    path("desk/cases/<str:reference>/follow", attention.set_case_follow, name="follow"),
    path("desk/bulk/undo", bulk_actions.undo_bulk_action, name="bulk-undo"),
    path("desk/bulk/<slug:verb>", bulk_actions.handle_bulk_action, name="bulk"),
    path("desk/cases/<str:reference>", case_page.show_case, name="case"),
    path("desk/cases/<str:reference>/check", reply_quality.check_quality, name="check"),
    path("desk/cases/<str:reference>/undo", undo.undo_action, name="undo"),
    path("desk/cases/<str:reference>/here", case_page.show_presence, name="here"),
    path("desk/cases/<str:reference>/related", related_cases.show_related_cases, name="related"),
    path("desk/cases/<str:reference>/<slug:verb>", case_page.handle_action, name="act"),
    path("desk/cases/<str:reference>/<slug:verb>/keep", drafts.autosave_draft, name="keep"),
]
