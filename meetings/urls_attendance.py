"""Routes: attendance, make-ups, sign-in sheets, versions, joint meetings, fill-in sheet, dues."""

from django.urls import path

from meetings.views import attendance, dues, fill_in, joint, versions

urlpatterns = [
    path("make-ups/", attendance.make_up_list, name="make_up_list"),
    path("make-ups/note/", attendance.make_up_note, name="make_up_note"),
    path("make-ups/<int:pk>/undo/", attendance.make_up_undo, name="make_up_undo"),
    path("<int:pk>/make-ups/", attendance.meeting_make_ups, name="meeting_make_ups"),
    path("<int:pk>/make-ups/sheet/", attendance.make_up_sheet, name="make_up_sheet"),
    path("<int:pk>/sign-in/", attendance.sign_in_sheet, name="sign_in_sheet"),
    path("<int:pk>/versions/", versions.version_list, name="version_list"),
    path("versions/<int:pk>/", versions.version_detail, name="version_detail"),
    path("<int:pk>/joint/", joint.joint_detail, name="joint_detail"),
    path("<int:pk>/joint/new/", joint.joint_create, name="joint_create"),
    path("<int:pk>/joint/submit/", joint.joint_submit, name="joint_submit"),
    path("<int:pk>/fill-in/", fill_in.fill_in_sheet, name="fill_in_sheet"),
    path("fill-in/fields/", fill_in.fill_in_edit, name="fill_in_edit"),
    path("dues/", dues.dues_list, name="dues_list"),
    path("dues/<int:pk>/<str:month>/", dues.dues_month, name="dues_month"),
    path("dues/arrears/<int:pk>/settle/", dues.dues_settle, name="dues_settle"),
    path("dues/arrears/<int:pk>/reopen/", dues.dues_reopen, name="dues_reopen"),
]
