"""Routes: the year's plan. Part of meetings/urls.py."""

from django.urls import path

from meetings.views import plans, year_templates

urlpatterns = [
    path("plans/", plans.year_plan_list, name="year_plan_list"),
    path("plans/approve/", plans.year_plan_approve_many, name="year_plan_approve_many"),
    path("plans/export/", plans.year_plan_export, name="year_plan_export"),
    path("plans/new/<int:pk>/<int:year>/", plans.year_plan_start, name="year_plan_start"),
    path("plans/<int:pk>/", plans.year_plan_detail, name="year_plan_detail"),
    path("plans/<int:pk>/edit/", plans.year_plan_edit, name="year_plan_edit"),
    path("plans/<int:pk>/submit/", plans.year_plan_submit, name="year_plan_submit"),
    path("plans/<int:pk>/approve/", plans.year_plan_approve, name="year_plan_approve"),
    path("plans/<int:pk>/return/", plans.year_plan_return, name="year_plan_return"),
    path("plans/<int:pk>/history/", plans.year_plan_history, name="year_plan_history"),
    path(
        "plans/template/<int:year>/",
        year_templates.year_template_edit,
        name="year_template_edit",
    ),
]
