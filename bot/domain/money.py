"""Money: stored and counted in millionths of a US dollar, shown in dollars."""

from decimal import Decimal

MICRO = 1_000_000
"""Micro-USD in a US dollar."""


def in_usd(micro_usd: int) -> Decimal:
    return Decimal(micro_usd) / MICRO


def in_micro_usd(usd: Decimal) -> int:
    return int(usd * MICRO)
