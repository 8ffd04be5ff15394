"""The life of a question, a transaction a step: it opens, moves, is answered, handed over, narrowed, closed and taken
up again."""
