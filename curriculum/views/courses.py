"""The catalogue: everybody reads it, staff keep it."""

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from branches.models import Organization
from branches.permissions import scope_q
from config.http import paginate, require, wants_fragment
from curriculum import permissions
from curriculum.catalogue import install_catalogue
from curriculum.forms import CourseFilter, CourseForm, SeriesForm, SiteForm
from curriculum.models import Course, Series, Site

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
@vary_on_headers("HX-Request")
def course_list(request: HttpRequest) -> HttpResponse:
    search = CourseFilter(request.GET, user=request.user)
    courses = search.narrow(_courses(request)).order_by(
        "township", "series__position", "series", "pk"
    )
    kept = _kept_townships(request).first()
    context = {"filter": search, "page": paginate(request, courses), "township": kept}
    fragment = wants_fragment(request)
    template = "curriculum/_course_rows.html" if fragment else "curriculum/course_list.html"
    return render(request, template, context)


@require_GET
def course_detail(request: HttpRequest, pk: int) -> HttpResponse:
    course = get_object_or_404(_courses(request), pk=pk)
    can_keep = permissions.can_keep_courses(request.user, course.township)
    return render(
        request, "curriculum/course_detail.html", {"course": course, "can_keep": can_keep}
    )


@form_page
def course_create(request: HttpRequest, township_pk: int) -> HttpResponse:
    township = _township_to_keep(request, township_pk)
    form = CourseForm(request.POST or None, township=township)
    return _saved(request, form) or _form(request, form, _("新增课程"))


@form_page
def course_edit(request: HttpRequest, pk: int) -> HttpResponse:
    course = _to_keep(request, _courses(request), pk)
    form = CourseForm(request.POST or None, instance=course, township=course.township)
    return _saved(request, form) or _form(request, form, _("修改课程"))


@require_POST
def course_close(request: HttpRequest, pk: int) -> HttpResponse:
    return _set_open(request, pk, is_open=False)


@require_POST
def course_open(request: HttpRequest, pk: int) -> HttpResponse:
    return _set_open(request, pk, is_open=True)


@require_POST
def catalogue_install(request: HttpRequest, township_pk: int) -> HttpResponse:
    township = _township_to_keep(request, township_pk)
    added = install_catalogue(township)
    messages.success(request, _("已加入%(count)s门课程，可逐门修改或停用。") % {"count": added})
    return redirect("curriculum:course_list")


@form_page
def series_create(request: HttpRequest, township_pk: int) -> HttpResponse:
    form = SeriesForm(request.POST or None, township=_township_to_keep(request, township_pk))
    return _saved(request, form) or _form(request, form, _("新增系列"))


@form_page
def series_edit(request: HttpRequest, pk: int) -> HttpResponse:
    series = _to_keep(request, Series.objects.visible_to(request.user), pk)
    form = SeriesForm(request.POST or None, instance=series, township=series.township)
    return _saved(request, form) or _form(request, form, _("修改系列"))


@require_GET
def site_list(request: HttpRequest) -> HttpResponse:
    """Sites and series: what courses are arranged by."""
    context = {
        "sites": Site.objects.visible_to(request.user),
        "series": Series.objects.visible_to(request.user),
        "township": _kept_townships(request).first(),
    }
    return render(request, "curriculum/site_list.html", context)


@form_page
def site_create(request: HttpRequest, township_pk: int) -> HttpResponse:
    form = SiteForm(request.POST or None, township=_township_to_keep(request, township_pk))
    return _saved(request, form) or _form(request, form, _("新增教学点"))


@form_page
def site_edit(request: HttpRequest, pk: int) -> HttpResponse:
    site = _to_keep(request, Site.objects.visible_to(request.user), pk)
    form = SiteForm(request.POST or None, instance=site, township=site.township)
    return _saved(request, form) or _form(request, form, _("修改教学点"))


def _courses(request: HttpRequest) -> "QuerySet[Course]":
    return Course.objects.visible_to(request.user).select_related("township", "series", "site")


def _kept_townships(request: HttpRequest) -> "QuerySet[Organization]":
    """The townships whose catalogue the person keeps."""
    return Organization.objects.townships().filter(
        scope_q(request.user, prefix="", kinds=permissions.COURSE_KEEPING)
    )


def _township_to_keep(request: HttpRequest, pk: int) -> Organization:
    township = get_object_or_404(Organization.objects.townships().visible_to(request.user), pk=pk)
    require(permissions.can_keep_courses(request.user, township))
    return township


def _to_keep(request: HttpRequest, rows: QuerySet, pk: int):
    row = get_object_or_404(rows.select_related("township"), pk=pk)
    require(permissions.can_keep_courses(request.user, row.township))
    return row


def _set_open(request: HttpRequest, pk: int, *, is_open: bool) -> HttpResponse:
    course = _to_keep(request, _courses(request), pk)
    course.is_open = is_open
    course.save(update_fields=["is_open"])
    messages.success(request, _("课程已启用。") if is_open else _("课程已停用，不再出现在清单里。"))
    return redirect(course)


def _saved(request: HttpRequest, form: forms.ModelForm) -> HttpResponse | None:
    """Save a valid form and go where its row is shown; None if it has to be filled in again."""
    if not form.is_valid():
        return None
    row = form.save()
    messages.success(request, _("已保存。"))
    return redirect(row) if isinstance(row, Course) else redirect("curriculum:site_list")


def _form(request: HttpRequest, form: forms.ModelForm, title: str) -> HttpResponse:
    return render(request, "curriculum/catalogue_form.html", {"form": form, "title": title})
