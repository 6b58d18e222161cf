"""The kinds of proposals about documents: new labels, removals and ends of holds."""
