"""What people write becomes a question, a part of one, a reply, or is kept; and what happens by itself when time passes."""
