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
        _lazy("赞成、反对、弃权、无效共 %(cast)s 票，应等于实到有表决权的 %(present)s 人。"),
    ),
    Missing.BALLOT_SECRET: ("is_secret", _lazy("接收预备党员、转正和选举须无记名投票。")),
    Missing.VOTES_OF_ONE: (
        "choices",
        _lazy("有人得 %(cast)s 票，多于有效票 %(present)s 张，请核对。"),
    ),
    Missing.STEP: ("step", _lazy("请选择表决的是接收、转正、延长还是取消。")),
    Missing.CANDIDATE: ("candidate", _lazy("请填写表决对象的姓名。")),
    Missing.ONE_BY_ONE: (
        "candidate",
        _lazy("两人以上须逐个讨论、逐个表决，请一人列一项（发展党员工作细则）。"),
    ),
    Missing.INTRODUCERS: ("introducers", _lazy("接收预备党员，请填写入党介绍人。")),
    Missing.SPEAKER_AWAY: ("", _lazy("%(name)s没有到会，不能列为批评与自我批评的发言人。")),
    Missing.TOO_MANY_EXCELLENT: (
        "",
        _lazy("评为优秀的有 %(cast)s 人，一般不超过评定等次人数的三分之一，即 %(present)s 人。"),
    ),
    Missing.PROBATIONARY_GRADED: (
        "",
        _lazy("%(name)s是预备党员，参加评议，不评定等次。"),
    ),
    Missing.APPRAISAL_SUM: (
        "",
        _lazy("%(name)s的测评票共 %(cast)s 张，多于到会的 %(present)s 人，请核对。"),
    ),
}
