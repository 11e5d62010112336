"""What a page shows, and what the snapshot holds, for tests that compare the two."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from hatecrime.database import newest, open_snapshot


def asked(store: Path, sql: str) -> tuple[int, ...]:
    cursor = open_snapshot(newest(store)).connection.cursor()
    return tuple(int(value) for value in cursor.execute(sql).fetchall()[0])


def figures(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}
