"""What was recommended, concluded or decided, followed through later papers."""
