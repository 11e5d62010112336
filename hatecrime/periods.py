"""Financial years and quarters, and the periods the dashboard offers."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from hatecrime.i18n import _, date_long, month_year

FIRST_MONTH = 4


@dataclass(frozen=True, order=True)
class Period:
    """Every day from start to finish, both included."""

    start: date
    finish: date

    def __post_init__(self) -> None:
        if self.finish < self.start:
            raise ValueError(f"A period cannot finish ({self.finish}) before it starts ({self.start}).")

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.finish - self.start).days + 1

    @property
    def whole_months(self) -> bool:
        """Whether it starts on the first and finishes on the last day of a month."""
        return self.start.day == 1 and self.finish == _month_end(self.finish)

    def previous_year(self) -> "Period":
        """The same days a year before; whole months stay whole months."""
        start, finish = _year_before(self.start), _year_before(self.finish)
        return Period(start, _month_end(finish) if self.whole_months else finish)

    def label(self) -> str:
        """
        The shortest name people use for it.

        >>> Period(date(2016, 4, 1), date(2017, 3, 31)).label()
        '2016/17'
        >>> Period(date(2016, 7, 1), date(2016, 9, 30)).label()
        'Q2 2016/17'
        >>> Period(date(2016, 1, 1), date(2016, 12, 31)).label()
        'January 2016 to December 2016'
        >>> Period(date(2016, 6, 24), date(2016, 7, 7)).label()
        '24 June 2016 to 7 July 2016'
        """
        if self == year_of(self.start):
            return year_label(self.start)
        if self == quarter_of(self.start):
            return quarter_label(self.start)
        return self.span()

    def span(self) -> str:
        """
        Its first and last month, or day where it is not made of whole months.

        >>> Period(date(2016, 4, 1), date(2017, 3, 31)).span()
        'April 2016 to March 2017'
        """
        name = month_year if self.whole_months else date_long
        first, last = name(self.start), name(self.finish)
        return first if first == last else _("{first} to {last}").format(first=first, last=last)


def year_of(day: date) -> Period:
    """
    The financial year of a day.

    >>> year_of(date(2016, 3, 31)).start
    datetime.date(2015, 4, 1)
    """
    first = day.year if day.month >= FIRST_MONTH else day.year - 1
    return Period(date(first, FIRST_MONTH, 1), date(first + 1, FIRST_MONTH, 1) - timedelta(days=1))


def quarter_of(day: date) -> Period:
    """The financial quarter of a day; financial quarters are also calendar quarters."""
    start = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return Period(start, _month_end(_add_months(start, 2)))


def quarter_number(day: date) -> int:
    """
    1 for April to June, 4 for January to March.

    >>> quarter_number(date(2016, 12, 31))
    3
    """
    return (day.month - FIRST_MONTH) % 12 // 3 + 1


def year_label(day: date) -> str:
    """
    >>> year_label(date(2000, 3, 31))
    '1999/00'
    """
    first = year_of(day).start.year
    return f"{first}/{(first + 1) % 100:02d}"


def quarter_label(day: date) -> str:
    """
    >>> quarter_label(date(2016, 3, 31))
    'Q4 2015/16'
    """
    return _("Q{quarter} {year}").format(quarter=quarter_number(day), year=year_label(day))


def months(period: Period) -> list[date]:
    """The first day of every month the period touches."""
    first = period.start.replace(day=1)
    count = 12 * (period.finish.year - first.year) + period.finish.month - first.month + 1
    return [_add_months(first, i) for i in range(count)]


def names() -> dict[str, str]:
    """The named periods in the order the sidebar offers them, with what people read."""
    return {
        "12m": _("Last 12 months"),
        "quarter": _("Latest quarter"),
        "year": _("Financial year to date"),
        "last_year": _("Previous financial year"),
        "36m": _("Last 36 months"),
        "all": _("All"),
    }


def latest(name: str, today: date, first: date | None = None) -> Period:
    """
    The named period as it stands today, of complete months only.

    today is the snapshot's complete_to, never the clock; "all" needs the first day of the data.

    >>> latest("quarter", date(2017, 2, 28)).label()
    'Q3 2016/17'
    """
    end = _last_complete_day(today)
    if name in ("12m", "36m"):
        return Period(_add_months(end.replace(day=1), 1 - int(name[:-1])), end)
    if name == "quarter":
        quarter = quarter_of(end)
        return quarter if quarter.finish == end else quarter_of(quarter.start - timedelta(days=1))
    if name == "year":
        return Period(year_of(end).start, end)
    if name == "last_year":
        return year_of(year_of(end).start - timedelta(days=1))
    if name == "all":
        if first is None:
            raise ValueError('The period "all" needs the first day of the data.')
        return Period(min(first, end), end)
    raise ValueError(f'There is no period "{name}"; there are {", ".join(names())}.')


def _last_complete_day(today: date) -> date:
    return today if today == _month_end(today) else today.replace(day=1) - timedelta(days=1)


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _add_months(first_of_month: date, n: int) -> date:
    years, month = divmod(first_of_month.month - 1 + n, 12)
    return date(first_of_month.year + years, month + 1, 1)


def _year_before(day: date) -> date:
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap_day else day.day)
