"""What a process is made of: settings, the composition root, jobs, logs, metrics, stopping."""
