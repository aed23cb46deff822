"""Who gets what on the first pages and at the matrix."""

from tests.access.rows import Row, everyone, statuses

ACCESS = {
    "dashboard:home": Row("get", everyone()),
    "dashboard:matrix": Row("get", everyone()),
    "dashboard:matrix_export": Row("get", everyone()),
    "dashboard:trend": Row("get", everyone()),
    "dashboard:cell": Row(
        "get",
        statuses(
            404,
            secretary=200,
            committee=200,
            staff=200,
            leader=200,
            township_secretary=200,
            observer=200,
        ),
        args=lambda world: [world.branch.pk, "theme_day", "2026-11"],
    ),
    "dashboard:about": Row("get", everyone()),
}
