"""What an incomplete record lacks: the field it is said at, and the words."""

from django.utils.translation import gettext_lazy as _lazy

from meetings.record import Missing

MISSING = {
    Missing.FUTURE: ("day", _lazy("会议日期还没到，不能提交记录；可先保存草稿。")),
    Missing.BEFORE_BRANCH: ("day", _lazy("会议日期早于支部成立日期。")),
    Missing.START: ("starts_at", _lazy("请填写开始时间。")),
    Missing.PLACE: ("place", _lazy("请填写地点。")),
    Missing.CHAIR: ("chair", _lazy("请选择主持人。")),
    Missing.CHAIR_NOTE: (
        "chair_note",
        _lazy("主持人不是支部书记（或党小组组长），请注明受谁委托主持（条例第14条）。"),
    ),
    Missing.CHAIR_AWAY: ("chair", _lazy("主持人被记为未到会，请核对。")),
    Missing.RECORDER: ("recorder", _lazy("请选择记录人。")),
    Missing.RECORDER_AWAY: ("recorder", _lazy("记录人被记为未到会，请核对。")),
    Missing.FIRST_TOPIC: ("first_title", _lazy("请填写第一议题学习的文件或讲话。")),
    Missing.LECTURE_TITLE: ("lecture_title", _lazy("请填写党课题目，或选择课程。")),
    Missing.LECTURE_SPEAKER: ("lecture_speaker", _lazy("请填写授课人。")),
    Missing.AGENDA: ("first_title", _lazy("请至少填写一项议题。")),
    Missing.NOBODY: ("", _lazy("没有一名党员到会，不能提交；没有召开的，请说明原因或取消会议。")),
    Missing.NO_PAIR: ("", _lazy("谈心谈话至少有两人参加。")),
    Missing.BALLOTS: ("rule", _lazy("表决事项请填写表决类型和票数。")),
    Missing.BALLOT_RULE: (
        "rule",
        _lazy("表决类型与会议不符：支委会用“支委会决定”，党员大会用其他三种；党小组会不作表决。"),
    ),
    Missing.BALLOT_SUM: (
        "in_favour",
        _lazy("赞成、反对、弃权共 %(cast)s 票，应等于实到有表决权的 %(present)s 人。"),
    ),
    Missing.BALLOT_SECRET: ("is_secret", _lazy("接收预备党员、转正和选举须无记名投票。")),
}
