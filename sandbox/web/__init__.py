"""The demo page: one small chat client over both sandboxes."""
