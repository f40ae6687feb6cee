"""Buttons, selects and the pages behind them; they work after a restart."""
