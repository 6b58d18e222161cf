"""What readers do with what they read."""
