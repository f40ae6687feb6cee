"""The calls by which tests and the demo page move this X."""
