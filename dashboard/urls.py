from django.urls import path

from dashboard.views import about, home, matrix

app_name = "dashboard"

urlpatterns = [
    path("", home.home, name="home"),
    path("matrix/", matrix.matrix, name="matrix"),
    path("matrix/export/", matrix.matrix_export, name="matrix_export"),
    path("matrix/trend/", matrix.trend, name="trend"),
    path("matrix/<int:pk>/<slug:code>/<str:span>/", matrix.cell, name="cell"),
    path("about/", about.about, name="about"),
]
