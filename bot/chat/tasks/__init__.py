"""What goes on after an answer: exports, links, commands that are still running."""
