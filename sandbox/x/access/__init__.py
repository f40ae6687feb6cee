"""Who may ask, how often, and what it costs."""
