"""The two languages of the public site. What branches wrote stays as it was written."""

from collections.abc import Mapping

LANGUAGES = {"zh": "zh-CN", "en": "en"}
DEFAULT = "zh"

TEXTS: Mapping[str, tuple[str, str]] = {
    "site": ("党务公开", "Openness of Party affairs"),
    "about": ("各党支部向社会公开的党务事项", "What Party branches disclose to society"),
    "skip": ("跳到正文", "Skip to the content"),
    "home": ("首页", "Start"),
    "other_language": ("English", "中文"),
    "search": ("检索", "Search"),
    "search_for": ("检索标题、正文、支部名称", "Search titles, texts and names of branches"),
    "find": ("检索词", "Words"),
    "results": ("检索结果", "What was found"),
    "topic": ("内容类别", "Topic"),
    "topics": ("按内容类别", "By topic"),
    "branch": ("党支部", "Branch"),
    "branches": ("按党支部", "By branch"),
    "newest": ("最近公开", "Newest"),
    "items": ("公开事项", "Items"),
    "all": ("全部", "All"),
    "nothing": ("没有可以显示的公开事项。", "There is nothing to show."),
    "next": ("下一页", "Next page"),
    "first": ("回到第一页", "First page"),
    "feed": ("订阅更新 (Atom)", "Subscribe (Atom)"),
    "print": ("打印版", "Print view"),
    "back": ("返回网页版", "Back to the page"),
    "published": ("公开日期", "Published on"),
    "until": ("公开至", "Shown until"),
    "for_good": ("长期公开", "No end date"),
    "corrected": ("更正日期", "Corrected on"),
    "corrected_mark": ("已更正", "Corrected"),
    "retention": ("时限类型", "How long"),
    "ways": ("公开方式", "Ways"),
    "place": ("公开位置", "Where"),
    "entry": ("公开目录项", "Entry of the catalogue"),
    "scope": ("公开范围", "Scope"),
    "versions": ("版本与更正", "Versions and corrections"),
    "version": ("版本", "Version"),
    "first_version": ("首次公开", "First published"),
    "reason": ("更正原因", "Why it was corrected"),
    "what_changed": ("划线为删去，下划线为增加。", "Struck out: taken away. Underlined: added."),
    "this_wording": ("查看该版本", "Read this version"),
    "older": ("较早版本", "Earlier version"),
    "held": ("{since} 起使用，至 {until} 被更正", "Shown from {since}; corrected on {until}"),
    "holds": ("{since} 起使用，现行版本", "Shown since {since}; this is how it stands now"),
    "corrected_later": ("被更正的原因", "Why it was corrected then"),
    "how_it_stands": ("查看现行版本", "Read how it stands now"),
    "as_of": ("按 {day} 当日显示", "As it was shown on {day}"),
    "as_of_why": (
        "仍在公开的事项显示当日的内容；此后撤下的只说明曾经公开。",
        "What is still open says what it said then; of what was taken down since, only that it was there.",
    ),
    "as_of_today": ("返回今天", "Back to today"),
    "pick_day": ("查看某日的公开情况", "See the site as it was on a day"),
    "day": ("日期", "Day"),
    "show": ("查看", "Show"),
    "since_ended": ("当日公开、此后已撤下", "Shown on that day, taken down since"),
    "ended_line": ("{since} 公开，{over} 起不再显示", "Published on {since}, not shown from {over} on"),
    "none_that_day": ("这一天没有可以显示的公开事项。", "Nothing that is still open was shown on that day."),
    "voices": ("意见与答复", "Opinions and answers"),
    "said": ("意见", "Said"),
    "answered": ("答复", "Answered"),
    "feedback": ("如何提出意见", "How to give feedback"),
    "feedback_how": (
        "对公开内容有意见，可在支部会议上提出、投意见箱或书面交给该党支部；想了解尚未公开的党务，可向该党支部提出公开申请。",
        "Tell the branch at a meeting, through its box for opinions or in writing. You may also ask it to disclose what is not open yet.",
    ),
    "feedback_when": (
        "意见登记后在{opinion}个工作日内答复，公开申请在{request}个工作日内答复。答复与事项一并公开，不显示姓名。",
        "Opinions are answered within {opinion} working days, requests within {request}. Answers stand with the item, without names.",
    ),
    "feedback_where": ("联系方式", "Where to turn"),
    "gone": ("该事项已不再公开", "This item is no longer shown"),
    "gone_why": ("公开期已满，或已由党支部撤下。", "Its period is over, or the branch has withdrawn it."),
    "absent": ("没有这个页面", "There is no such page"),
    "absent_why": ("地址可能有误，或该内容未向社会公开。", "The address may be wrong, or this is not open to society."),
    "unclear": ("看不懂这个地址", "This address cannot be read"),
    "unclear_why": ("日期应写作 2026-06-30，且不晚于今天。", "A day is written 2026-06-30 and does not lie ahead."),
    "reading_only": ("这里只能阅读", "This can only be read"),
    "reading_only_why": (
        "公开网站不接收任何内容。如何提出意见，见下方说明。",
        "Nothing can be sent to this site. How to give feedback is said below.",
    ),
    "unavailable": ("暂时不可用", "Unavailable for the moment"),
    "unavailable_why": ("请稍后再试。", "Please try again in a moment."),
    "failed": ("出错了", "Something went wrong"),
    "failed_why": ("错误已经记录。", "It was noted."),
}


def say(key: str, language: str) -> str:
    return TEXTS[key][0 if language == DEFAULT else 1]


def chosen(asked: str, accepted: str) -> str:
    """The language that the address asks for, else the one that the browser likes best, else Chinese."""
    if asked in LANGUAGES:
        return asked
    liked = {tag: weight for tag, weight in map(_weighed, accepted[:200].split(",")) if tag in LANGUAGES and weight > 0}
    return max(liked, key=lambda tag: liked[tag], default=DEFAULT)


def _weighed(part: str) -> tuple[str, float]:
    """`en-GB;q=0.8` -> ("en", 0.8)."""
    tag, _, weight = part.strip().partition(";q=")
    try:
        return tag.split("-")[0].lower(), float(weight) if weight else 1.0
    except ValueError:
        return "", 0.0
