"""From the words somebody typed to the passages they may see."""
