"""Pictures that are drawn for a card."""
