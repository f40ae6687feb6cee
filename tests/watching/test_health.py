"""What is wrong is told when it begins and ends, and not each time that it comes and goes."""

from datetime import UTC, datetime, timedelta

import pytest
import structlog

from bot.domain.errors import CredentialRefused, XUnavailable
from bot.watching.health import Health

NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)


@pytest.fixture
def seconds() -> list[float]:
    return [1_000.0]


@pytest.fixture
def health(seconds: list[float]) -> Health:
    return Health(lambda: seconds[0])


def test_an_x_that_names_another_time_each_time_is_one_trouble(
    health: Health, seconds: list[float]
) -> None:
    with structlog.testing.capture_logs() as lines:
        for second in range(0, 3_600, 5):
            seconds[0] += 5
            health.fails("collect", XUnavailable(NOW + timedelta(seconds=second)))
        health.works("collect")
        health.works("collect")
    assert [line["event"] for line in lines] == ["trouble", "works again"]


def test_what_comes_and_goes_is_two_lines_a_minute(health: Health, seconds: list[float]) -> None:
    with structlog.testing.capture_logs() as lines:
        for _ in range(120):
            seconds[0] += 5
            health.fails("collect", XUnavailable())
            health.works("collect")
    assert len(lines) <= 2 * 10
    assert lines[-2]["untold"] == 11


def test_what_is_another_trouble_is_told(health: Health, seconds: list[float]) -> None:
    with structlog.testing.capture_logs() as lines:
        for _ in range(20):
            seconds[0] += 5
            health.fails("collect", XUnavailable())
        for _ in range(20):
            seconds[0] += 5
            health.fails("collect", CredentialRefused())
    assert [line["problem"] for line in lines] == ["XUnavailable", "CredentialRefused"]
    assert health.problem == str(CredentialRefused())
