"""The loop that finds due rows and runs them. What is due is a row, never a timer in memory.

What belongs here: ticks and running due work. What never does: a rule of a feature; those are the due actions each
feature hands over. Test with both clocks still and the ticks called by hand.
"""
