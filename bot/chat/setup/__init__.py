"""The first hour in a server: the greeting, and the panel that sets everything up."""
