"""The control calls: play the members, look at the world, break things."""
