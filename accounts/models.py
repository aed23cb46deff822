"""Who signs in. What they may see and do follows from duties, which live in `branches`."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Script(models.TextChoices):
    """The two scripts the pages can be read in."""

    SIMPLIFIED = "zh-hans", _("简体")
    TRADITIONAL = "zh-hant", _("繁體")


class TextSize(models.TextChoices):
    NORMAL = "normal", _("标准字号")
    LARGE = "large", _("大字号")


class UserManager(BaseUserManager["User"]):
    """Creates users whose first password must be changed, unless the caller says otherwise."""

    def create_user(self, username: str, password: str | None = None, **fields) -> "User":
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """One person who signs in: staff, a secretary, a leader; never an ordinary member."""

    username = models.CharField(
        _("登录名"),
        max_length=50,
        unique=True,
        error_messages={"unique": _("这个登录名已被使用。")},
    )
    full_name = models.CharField(_("姓名"), max_length=50)
    phone = models.CharField(_("手机号码"), max_length=20, blank=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    must_change_password = models.BooleanField(_("须改密码"), default=True)
    script = models.CharField(
        _("字体"), max_length=10, choices=Script.choices, default=Script.SIMPLIFIED
    )
    text_size = models.CharField(
        _("字号"), max_length=10, choices=TextSize.choices, default=TextSize.NORMAL
    )
    created_at = models.DateTimeField(_("建立时间"), default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = _("用户")
        verbose_name_plural = _("用户")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.full_name or self.username
