"""What members wait for under load, beside the barest bot that discord.py makes."""
