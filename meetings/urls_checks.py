"""Routes: the automatic checks. Part of meetings/urls.py."""

from django.urls import path

from meetings.views.checks import record, results, settings

urlpatterns = [
    path("<int:pk>/checks/", record.meeting_checks, name="meeting_checks"),
    path("record/checks/", record.record_checks, name="record_checks"),
    path("checks/", results.check_list, name="check_list"),
    path("checks/<int:pk>/explain/", results.check_explain, name="check_explain"),
    path("checks/<int:pk>/withdraw/", results.check_withdraw, name="check_withdraw"),
    path("checks/settings/", settings.check_settings, name="check_settings"),
    path("checks/documents/", settings.check_documents, name="check_documents"),
    path("checks/documents/new/", settings.check_document_edit, name="check_document_create"),
    path("checks/documents/<int:pk>/", settings.check_document_edit, name="check_document_edit"),
    path(
        "checks/documents/<int:pk>/delete/",
        settings.check_document_delete,
        name="check_document_delete",
    ),
    path("checks/texts/", settings.check_texts, name="check_texts"),
    path("checks/texts/new/", settings.check_text_edit, name="check_text_create"),
    path("checks/texts/<int:pk>/", settings.check_text_edit, name="check_text_edit"),
    path("checks/texts/<int:pk>/delete/", settings.check_text_delete, name="check_text_delete"),
]
