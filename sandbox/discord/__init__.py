"""Discord on this machine: REST and gateway v10, and the control calls that play its people."""
