"""X's Activity API: subscriptions, the stream that events come by, and webhooks."""
