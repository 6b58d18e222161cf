"""Analysis of text: the tokens of both languages, made once in our own code for every engine."""
