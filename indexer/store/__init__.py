"""Where originals and pictures of pages are kept: a folder, or a bucket that is told nothing."""
