from django.urls import path

from branches.views import audit

urlpatterns = [path("audit/", audit.audit_list, name="audit_list")]
