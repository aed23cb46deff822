from django.urls import path

from meetings.views import activity

urlpatterns = [
    path("activity/", activity.activity_month, name="activity_month"),
    path(
        "explain/<int:pk>/<slug:code>/<str:span>/",
        activity.explanation_create,
        name="explanation_create",
    ),
    path(
        "explanations/<int:pk>/withdraw/",
        activity.explanation_withdraw,
        name="explanation_withdraw",
    ),
    path("rules/", activity.rule_list, name="rule_list"),
    path("rules/policy/", activity.policy_edit, name="policy_edit"),
    path("rules/<slug:code>/", activity.obligation_tighten, name="obligation_tighten"),
]
