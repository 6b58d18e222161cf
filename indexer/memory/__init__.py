"""What people translated before: equal and similar sentences, out of whatever a target's readers may all read."""
