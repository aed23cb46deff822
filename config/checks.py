"""What `manage.py check --deploy` finds before the users do."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register


@register(Tags.security, deploy=True)
def check_hosts(app_configs: Sequence | None, **kwargs: Any) -> list[CheckMessage]:
    """Warn when only this machine can open the pages, or anybody under any name."""
    if "*" in settings.ALLOWED_HOSTS:
        return [
            Warning(
                "BADU_HOSTS 为“*”，任何域名都会被接受。",
                hint="请写明访问本系统所用的域名或地址，例如 BADU_HOSTS=badu.example.gov.cn",
                id="badu.W001",
            )
        ]
    if set(settings.ALLOWED_HOSTS) <= {"localhost", "127.0.0.1", "[::1]"}:
        return [
            Warning(
                "BADU_HOSTS 未设置，只能在本机访问。",
                hint="请设为访问本系统所用的域名或地址，多个以英文逗号分隔。",
                id="badu.W002",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def check_https(app_configs: Sequence | None, **kwargs: Any) -> list[CheckMessage]:
    """Warn when passwords cross the network in the clear."""
    if settings.HTTPS:
        return []
    return [
        Warning(
            "BADU_HTTPS 未开启，密码和名册将以明文在网络上传输。",
            hint="在 nginx 上配置证书（见 deploy/README.md），再设 BADU_HTTPS=1 和 BADU_PROXY=1。",
            id="badu.W003",
        )
    ]


@register(Tags.database, deploy=True)
def check_database(app_configs: Sequence | None, **kwargs: Any) -> list[CheckMessage]:
    """Warn when web and worker share files where servers are meant."""
    found: list[CheckMessage] = []
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        found.append(
            Warning(
                "数据库为 SQLite，适合试用和一个乡镇，不适合全县。",
                hint="请安装 PostgreSQL，并设 DATABASE_URL=postgres://用户:密码@主机:端口/库名",
                id="badu.W004",
            )
        )
    if not settings.REDIS_URL:
        found.append(
            Warning(
                "任务队列为本机文件，网页和任务进程须在同一台机器上运行。",
                hint="请安装 Redis，并设 REDIS_URL=redis://主机:6379/0",
                id="badu.W005",
            )
        )
    return found
