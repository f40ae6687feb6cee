"""What Discord refuses, and how it words it: error 50035 with one entry per field."""
