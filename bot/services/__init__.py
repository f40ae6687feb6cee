"""What commands ask for; one service a feature."""
