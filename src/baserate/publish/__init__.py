"""Say it: sentences, charts, the brief, exports. Takes Answers, makes no numbers."""
