"""The frame the apps stand in: settings, routes, queue, process manager. Imports no app."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
