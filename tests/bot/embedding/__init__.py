"""Vectors from elsewhere: a local server that embeds by groups of words, and a small real model."""
