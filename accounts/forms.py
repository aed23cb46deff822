"""Forms of signing in and of a person's own settings."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.contrib.auth import authenticate, password_validation
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Script, TextSize, User
from accounts.services import mail_is_on


class FieldsHelper(FormHelper):
    """Fields in their order, inside the page's own form."""

    form_tag = False
    disable_csrf = True


class SignInForm(forms.Form):
    """Name and password. The refusal never says which of the two was wrong, or why."""

    username = forms.CharField(
        label=_("登录名"),
        max_length=50,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    helper = FieldsHelper()

    def __init__(self, *args, request: HttpRequest, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors:
            self.user = authenticate(self.request, **data)
            if self.user is None:
                self.add_error("password", _("登录名或密码不正确。"))
        return data


class PasswordChangeForm(forms.Form):
    """The old password and, twice, a new one that keeps the rules."""

    old_password = forms.CharField(
        label=_("现在的密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new_password = forms.CharField(
        label=_("新密码"),
        strip=False,
        help_text=_(
            "至少8位，含大写字母、小写字母、数字、符号中的3种，不要含姓名、登录名或手机号码。"
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    repeated = forms.CharField(
        label=_("再输一次新密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    helper = FieldsHelper()

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_old_password(self) -> str:
        password = self.cleaned_data["old_password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(_("现在的密码不正确。"))
        return password

    def clean_new_password(self) -> str:
        password = self.cleaned_data["new_password"]
        password_validation.validate_password(password, self.user)
        if self.user.check_password(password):
            raise forms.ValidationError(_("新密码不能与现在的密码相同。"))
        return password

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        new, repeated = data.get("new_password"), data.get("repeated")
        if new and repeated and new != repeated:
            self.add_error("repeated", _("两次输入的新密码不一致。"))
        return data

    def save(self) -> None:
        self.user.set_password(self.cleaned_data["new_password"])
        self.user.must_change_password = False
        self.user.save(update_fields=["password", "must_change_password"])


class PreferencesForm(forms.ModelForm):
    """How the pages look to this person, and where mail goes."""

    script = forms.ChoiceField(label=_("字体"), choices=Script.choices, widget=forms.RadioSelect)
    text_size = forms.ChoiceField(
        label=_("字号"), choices=TextSize.choices, widget=forms.RadioSelect
    )

    helper = FieldsHelper()
    helper.layout = Layout(
        Field("script", wrapper_class="chips"), Field("text_size", wrapper_class="chips"), "email"
    )

    class Meta:
        model = User
        fields = ["script", "text_size", "email"]
        widgets = {"email": forms.EmailInput(attrs={"autocomplete": "email"})}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = (
            _("可以不填。填写后，提醒每个工作日至多合并发一封邮件，当天到期的另发。")
            if mail_is_on()
            else _("可以不填。本系统尚未接通邮件，接通以前不会发信。")
        )
