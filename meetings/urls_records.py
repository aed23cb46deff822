"""Routes: the history of a record, and help while writing one. Part of meetings/urls.py."""

from django.urls import path

from meetings.views import meetings, prompts

urlpatterns = [
    path("<int:pk>/history/", meetings.meeting_history, name="meeting_history"),
    path("prompts/", prompts.prompt_list, name="prompt_list"),
    path("prompts/help/<int:pk>/", prompts.prompt_help, name="prompt_help"),
    path("prompts/<slug:kind>/<slug:field>/", prompts.prompt_edit, name="prompt_edit"),
    path("suggestions/<int:pk>/", prompts.item_suggestions, name="item_suggestions"),
]
