from django.urls import path

from inspections import views

app_name = "inspections"

urlpatterns = [
    path("", views.issue_list, name="issue_list"),
    path("ledger/", views.issue_ledger, name="issue_ledger"),
    path("export/", views.issue_export, name="issue_export"),
    path("new/", views.issue_create, name="issue_create"),
    path("from-comment/<int:pk>/", views.issue_from_comment, name="issue_from_comment"),
    path("from-problem/<int:pk>/", views.issue_from_problem, name="issue_from_problem"),
    path("from-check/<int:pk>/", views.issue_from_check, name="issue_from_check"),
    path("<int:pk>/", views.issue_detail, name="issue_detail"),
    path("<int:pk>/answer/", views.issue_answer, name="issue_answer"),
    path("<int:pk>/return/", views.issue_return, name="issue_return"),
    path("<int:pk>/close/", views.issue_close, name="issue_close"),
    path("<int:pk>/extend/", views.issue_extend, name="issue_extend"),
    path("<int:pk>/photo/", views.issue_photo, name="issue_photo"),
    path("<int:pk>/answer-photo/", views.issue_answer_photo, name="issue_answer_photo"),
]
