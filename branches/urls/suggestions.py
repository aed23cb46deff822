from django.urls import path

from branches.views import suggestions

urlpatterns = [
    path("suggestions/", suggestions.suggestion_list, name="suggestion_list"),
    path("suggestions/new/", suggestions.suggestion_create, name="suggestion_create"),
    path("suggestions/<int:pk>/answer/", suggestions.suggestion_answer, name="suggestion_answer"),
]
