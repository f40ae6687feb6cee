"""What X charges, what may be spent, and who is told."""
