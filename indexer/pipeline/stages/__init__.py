"""The stages of the pipeline, one in a file: what each makes of a document. `registry` says which takes which state."""
