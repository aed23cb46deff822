"""The form that names who stands in for a leader."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from branches import paths
from branches.forms import DayInput, laid_out
from branches.models import ContactPoint, Duty
from branches.services.stand_ins import DEPUTIES


class StandInForm(forms.Form):
    helper = laid_out()
    deputy = forms.ModelChoiceField(label=_("由谁代为联系"), queryset=None, empty_label=_("请选择"))
    from_on = forms.DateField(label=_("第一天"), widget=DayInput())
    last_on = forms.DateField(label=_("最后一天"), widget=DayInput())
    reason = forms.CharField(
        label=_("原因"),
        max_length=100,
        required=False,
        help_text=_("可不填；如外出学习、公差。不写病情。"),
    )

    def __init__(self, *args, leader: User, on: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        linked = ContactPoint.objects.in_force(on).filter(leader=leader)
        above = {
            place
            for path in linked.values_list("branch__path", flat=True)
            for place in paths.upwards(path)
        }
        acting = Duty.objects.in_force(on).filter(kind__in=DEPUTIES, organization__path__in=above)
        self.fields["deputy"].queryset = (
            User.objects.filter(is_active=True, pk__in=acting.values("user"))
            .exclude(pk=leader.pk)
            .order_by("full_name", "pk")
        )
