"""X accounts: linking them, their tokens, which of them reads or acts, what X lets each do."""
