"""The sample corpus: fictional meeting papers in English and Russian, with what a demonstration needs."""
