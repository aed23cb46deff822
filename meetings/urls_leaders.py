"""Routes: the leader's three duties. Part of meetings/urls.py."""

from django.urls import path

from meetings.views import leaders

urlpatterns = [
    path("<int:pk>/leader/", leaders.meeting_leader, name="meeting_leader"),
    path("<int:pk>/problems/", leaders.problem_list, name="problem_list"),
    path("<int:pk>/topic/send/", leaders.topic_send, name="topic_send"),
    path("topics/<int:pk>/decide/", leaders.topic_decide, name="topic_decide"),
    path("<int:pk>/visit/", leaders.visit_note, name="visit_note"),
    path("<int:pk>/visit/undo/", leaders.visit_undo, name="visit_undo"),
    path("<int:pk>/comments/", leaders.comment_add, name="comment_add"),
    path("comments/<int:pk>/answer/", leaders.comment_answer, name="comment_answer"),
    path("comments/<int:pk>/withdraw/", leaders.comment_withdraw, name="comment_withdraw"),
    path("leaders/", leaders.leader_list, name="leader_list"),
    path("leaders/export/", leaders.leader_export, name="leader_export"),
    path("leaders/mine/", leaders.leader_board, name="leader_board"),
]
